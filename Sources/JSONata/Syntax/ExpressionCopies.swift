/// How often the value of a variable, or of a field of one, stands whole in the value of an expression: twice in `$append($x, $x)`.
///
/// Only what is certain is counted; where an expression does anything else with a value, it counts for nothing.
package struct ExpressionCopies: Sendable {
  /// `$states.input` is the variable `states` with the path `["input"]`.
  package struct Source: Hashable, Sendable {
    package var variable: String
    package var path: [String]
    package init(_ variable: String, _ path: [String] = []) { (self.variable, self.path) = (variable, path) }
  }

  package struct Use: Sendable, Equatable {
    package var count: Int
    /// Whether it stands in a member of an object that the expression makes.
    package var isNested: Bool
    package init(count: Int, isNested: Bool) { (self.count, self.isNested) = (count, isNested) }
  }

  private var uses: [Source: Use]
  package subscript(source: Source) -> Use? { uses[source] }

  /// How deep constructors are followed, and how many copies are told apart.
  private static let depth = 24
  private static let limit = 1_000

  /// Nothing is known of a text that is no expression.
  package init(in source: String) {
    uses = [:]
    guard let tree = try? PathResolver.resolve(try Parser.parse(source)) else { return }
    uses = Self.uses(in: tree, Self.depth)
  }

  private static func uses(in tree: Syntax, _ depth: Int) -> [Source: Use] {
    guard depth > 0, tree.predicates == nil, tree.grouping == nil else { return [:] }
    switch ExpressionOutline(of: tree) {
    case .reference(let variable, let path): return [Source(variable, path): Use(count: 1, isNested: false)]
    default: break
    }
    switch tree.kind {
    case .object: return sum(tree.pairs.map { uses(in: $0.value, depth - 1) }, isNested: true)
    // Elements that are arrays themselves are put in one by one.
    case .array: return sum(tree.children.map { uses(in: $0, depth - 1) })
    // A binding may give a name another meaning.
    case .block: return tree.children.contains { $0.kind == .bind } ? [:] : tree.children.last.map { uses(in: $0, depth - 1) } ?? [:]
    case .condition:
      guard let then = tree.right, let otherwise = tree.third else { return [:] }
      return both(uses(in: then, depth - 1), uses(in: otherwise, depth - 1))
    case .binary where tree.text == "&": return sum([tree.left, tree.right].compactMap { $0.map { uses(in: $0, depth - 1) } })
    case .function:
      guard let name = tree.left, name.kind == .variable else { return [:] }
      let arguments = tree.children.map { uses(in: $0, depth - 1) }
      switch name.text {
      case "append": return sum(arguments)
      case "string", "join", "reverse", "sort", "shuffle": return arguments.first ?? [:]
      case "merge": return tree.children.first.map { $0.kind == .array ? merged($0.children.map { uses(in: $0, depth - 1) }) : [:] } ?? [:]
      default: return [:]
      }
    default: return [:]
    }
  }

  private static func sum(_ parts: [[Source: Use]], isNested: Bool = false) -> [Source: Use] {
    var result: [Source: Use] = [:]
    for (source, use) in parts.joined() {
      let count = min((result[source]?.count ?? 0) + use.count, limit)
      result[source] = Use(count: count, isNested: isNested || use.isNested || result[source]?.isNested ?? false)
    }
    return result
  }

  /// Equal members of merged objects are one.
  private static func merged(_ parts: [[Source: Use]]) -> [Source: Use] {
    var result = sum(parts.map { $0.filter(\.value.isNested) })
    for (source, use) in parts.joined() where !use.isNested {
      let nested = parts.reduce(0) { $0 + ($1[source].map { $0.isNested ? $0.count : 0 } ?? 0) }
      result[source] = Use(count: nested + use.count, isNested: nested > 0)
    }
    return result
  }

  private static func both(_ first: [Source: Use], _ second: [Source: Use]) -> [Source: Use] {
    var result: [Source: Use] = [:]
    for (source, use) in first {
      guard let twin = second[source] else { continue }
      result[source] = Use(count: min(use.count, twin.count), isNested: use.isNested && twin.isNested)
    }
    return result
  }
}

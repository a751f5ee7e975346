package import JSONTypes

/// What the syntax of an expression tells about its value: enough to know the keys of constructed objects and where plain paths lead.
package indirect enum ExpressionOutline: Sendable {
  case literal(JSONValue)
  /// An object constructor. Members without a value are left out when it is evaluated.
  case object([(key: String, value: ExpressionOutline)])
  case array
  case string
  case number
  case boolean
  /// A variable, or fields of it by their names: `$states.input.order.id`.
  case reference(variable: String, path: [String])
  /// Either of two; nothing where the second is absent and the condition does not hold.
  case choice(ExpressionOutline, ExpressionOutline?)
  case unknown

  /// How deep constructors are followed.
  private static let depth = 24

  init(of tree: Syntax, depth: Int = ExpressionOutline.depth) {
    self = .unknown
    guard depth > 0, tree.predicates == nil, tree.grouping == nil, !tree.keepsArray else { return }
    switch tree.kind {
    case .string: self = .literal(.string(tree.text))
    case .number, .literal: self = .literal(tree.literal)
    case .variable: if !tree.text.isEmpty, tree.text != "$" { self = .reference(variable: tree.text, path: []) }
    case .array: self = .array
    case .object:
      var members: [(key: String, value: ExpressionOutline)] = []
      for pair in tree.pairs {
        guard case .literal(.string(let key)) = ExpressionOutline(of: pair.key, depth: depth - 1) else { return }
        members.append((key, ExpressionOutline(of: pair.value, depth: depth - 1)))
      }
      self = .object(members)
    case .condition:
      guard let then = tree.right else { return }
      self = .choice(ExpressionOutline(of: then, depth: depth - 1), tree.third.map { ExpressionOutline(of: $0, depth: depth - 1) })
    case .block: if tree.children.count == 1 { self = ExpressionOutline(of: tree.children[0], depth: depth - 1) }
    case .binary:
      switch tree.text {
      case "&": self = .string
      case "=", "!=", "<", ">", "<=", ">=", "and", "or", "in": self = .boolean
      default: break
      }
    case .path:
      guard let first = tree.steps.first, first.kind == .variable, !first.text.isEmpty, first.text != "$", !tree.bindsTuple, !tree.keepsSingletonArray,
        tree.steps.allSatisfy({ $0.stages == nil && $0.predicates == nil && $0.grouping == nil && !$0.keepsArray && $0.focusName == nil }),
        tree.steps.dropFirst().allSatisfy({ $0.kind == .name })
      else { return }
      self = .reference(variable: first.text, path: tree.steps.dropFirst().map(\.text))
    default: break
    }
  }
}

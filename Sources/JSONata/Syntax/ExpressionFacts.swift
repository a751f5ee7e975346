/// What can be said about an expression without evaluating it.
struct ExpressionFacts {
  private(set) var references: [VariableReference] = []
  private(set) var boundNames: Set<String> = []
  private(set) var calledFunctions: Set<String> = []
  /// The first `??` or `?:`, by the UTF-16 units before its end.
  private(set) var defaultOperator: Int?
  /// Fields read from the input of the whole expression by their bare names, in their order.
  private(set) var bareNames: [FieldReference] = []
  /// Calls of functions that the expression does not bind itself.
  private(set) var calls: [FunctionCall] = []

  init(of tree: Syntax) {
    // Trees are as deep as expressions may nest, so they are walked with a stack of our own.
    struct Visit {
      let tree: Syntax
      let scope: Scope
      /// Whether `$` stands for the input of the whole expression.
      let atTop: Bool
      /// `~>` puts an argument before those of this call.
      var isApplied = false
    }
    var pending = [Visit(tree: tree, scope: Scope(parent: nil), atTop: true)]
    while let visit = pending.popLast() {
      let tree = visit.tree
      var scope = visit.scope
      var children: [(Syntax, atTop: Bool)] = []
      var applied: Syntax?
      switch tree.kind {
      case .variable: note(tree, path: [], visit.scope, atTop: visit.atTop)
      case .parent: if let label = tree.slot?.label { boundNames.insert(label) }
      case .lambda:
        scope = Scope(parent: scope)
        for parameter in tree.children { bind(parameter.text, in: scope) }
        if let body = tree.left { children.append((body, false)) }
      case .block:
        scope = Scope(parent: scope)
        // A variable is known in the whole block: where it is read before it is bound it is nothing, or comes from outside.
        for child in tree.children { collectBindings(child, scope) }
        children += tree.children.map { ($0, visit.atTop) }
      case .bind:
        bind(tree.left?.text ?? "", in: scope)
        if let value = tree.right { children.append((value, visit.atTop)) }
      case .path:
        scope = Scope(parent: scope)
        let steps = tree.steps
        if visit.atTop, let first = steps.first, first.kind == .name { bareNames.append(FieldReference(name: first.text, position: first.position)) }
        if let first = steps.first, first.kind == .variable {
          note(first, path: Array(steps.dropFirst().prefix { $0.kind == .name }.map(\.text)), scope, atTop: visit.atTop)
        }
        for (index, step) in steps.enumerated() {
          for name in [step.focusName, step.indexName, step.ancestor?.label].compactMap({ $0 }) { bind(name, in: scope) }
          for case .index(let name) in step.stages ?? [] { bind(name, in: scope) }
          for case .filter(let condition, _) in step.stages ?? [] { children.append((condition, false)) }
          if index > 0 || step.kind != .variable { children.append((step, visit.atTop && index == 0)) }
        }
      case .function, .partial:
        if let procedure = tree.left {
          if procedure.kind == .variable {
            calledFunctions.insert(procedure.text)
            if tree.kind == .function, !scope.knows(procedure.text) {
              calls.append(FunctionCall(name: procedure.text, arguments: tree.children.count + (visit.isApplied ? 1 : 0), position: procedure.position))
            }
          }
          children.append((procedure, visit.atTop))
        }
        children += tree.children.map { ($0, visit.atTop) }
      case .apply:
        if let right = tree.right, right.kind == .variable { calledFunctions.insert(right.text) }
        applied = tree.right
        children += [tree.left, tree.right].compactMap { $0.map { ($0, visit.atTop) } }
      case .sort: children += tree.terms.map { ($0.expression, false) }
      case .transform: children += [tree.left, tree.right, tree.third].compactMap { $0.map { ($0, false) } }
      default:
        if tree.kind == .coalescing || tree.kind == .elvis { defaultOperator = defaultOperator ?? tree.position }
        children += [tree.left, tree.right, tree.third].compactMap { $0.map { ($0, visit.atTop) } }
        children += tree.children.map { ($0, visit.atTop) }
        for pair in tree.pairs { children += [(pair.key, visit.atTop), (pair.value, visit.atTop)] }
      }
      for case .filter(let condition, _) in tree.predicates ?? [] { children.append((condition, false)) }
      for pair in tree.grouping?.pairs ?? [] { children += [(pair.key, false), (pair.value, false)] }
      for child in children.reversed() {
        pending.append(Visit(tree: child.0, scope: scope, atTop: child.atTop, isApplied: child.0 === applied))
      }
    }
  }

  /// The names bound in one part of an expression.
  private final class Scope {
    let parent: Scope?
    var names: Set<String> = []
    init(parent: Scope?) { self.parent = parent }
    func knows(_ name: String) -> Bool {
      var scope: Scope? = self
      while let current = scope {
        if current.names.contains(name) { return true }
        scope = current.parent
      }
      return false
    }
  }

  private mutating func bind(_ name: String, in scope: Scope) {
    scope.names.insert(name)
    boundNames.insert(name)
  }

  private mutating func collectBindings(_ tree: Syntax, _ scope: Scope) {
    var tree: Syntax? = tree
    while let bind = tree, bind.kind == .bind {
      self.bind(bind.left?.text ?? "", in: scope)
      tree = bind.right
    }
  }

  private mutating func note(_ variable: Syntax, path: [String], _ scope: Scope, atTop: Bool) {
    if variable.text.isEmpty {
      guard atTop else { return }
    } else if scope.knows(variable.text) {
      return
    }
    references.append(VariableReference(name: variable.text, path: path, position: variable.position))
  }
}

/// A call of a function by its name.
public struct FunctionCall: Sendable, Hashable {
  /// Without the leading `$`.
  public let name: String
  /// How many arguments it is given, what `~>` hands over included.
  public let arguments: Int
  /// UTF-16 units of the expression before the end of the name.
  public let position: Int
}

/// A field that an expression reads from its input by nothing but its name.
public struct FieldReference: Sendable, Hashable {
  public let name: String
  /// UTF-16 units of the expression before the end of the name.
  public let position: Int
}

/// A variable that an expression reads and does not bind itself.
public struct VariableReference: Sendable, Hashable {
  /// Without the leading `$`; `$` for `$$`, and empty for a `$` that means the input of the whole expression.
  public let name: String
  /// The fields read from it right there: `["input", "id"]` for `$states.input.id`.
  public let path: [String]
  /// UTF-16 units of the expression before the end of the name.
  public let position: Int
}

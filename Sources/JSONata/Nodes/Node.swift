import JSONTypes
import RegularExpressions

/// A compiled expression. Nodes are immutable and may be evaluated from many threads.
protocol Node: AnyObject, Sendable {
  /// The value, possibly a raw sequence; `Run.evaluate` gives the finished one.
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value
  /// False for the leaves of the tree, which need little stack.
  var evaluatesOthers: Bool { get }
}

extension Node {
  var evaluatesOthers: Bool { true }
}

final class NumberNode: Node {
  let number: Double
  init(_ number: Double) { self.number = number }
  var evaluatesOthers: Bool { false }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value { .number(number) }
}

final class StringNode: Node {
  let text: String
  init(_ text: String) { self.text = text }
  var evaluatesOthers: Bool { false }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value { .string(text) }
}

/// `true`, `false` or `null`.
final class LiteralNode: Node {
  let literal: JSONValue
  init(_ literal: JSONValue) { self.literal = literal }
  var evaluatesOthers: Bool { false }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value { Value(literal) }
}

/// `$`
final class ContextNode: Node {
  var evaluatesOthers: Bool { false }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if case .list(let list) = input, list.flags.contains(.outerWrapper) { return list.items[0] }
    return input
  }
}

/// `$name`, and the labels that `%` looks up.
final class VariableNode: Node {
  let name: NameID
  /// Some `:=`, parameter, `@`, `#` or `%` of the expression binds the name; otherwise it can only come from outside.
  let mayBeBound: Bool
  init(_ name: NameID, mayBeBound: Bool) {
    self.name = name
    self.mayBeBound = mayBeBound
  }
  var evaluatesOthers: Bool { false }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if mayBeBound || run.evalBinds, let value = frame.lookup(name) { return value }
    return run.globals[Int(name)]
  }
}

/// `$name := value`
final class BindNode: Node {
  let name: NameID
  let value: any Node
  init(_ name: NameID, _ value: any Node) {
    self.name = name
    self.value = value
  }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let value = try run.evaluate(value, input, frame)
    frame.bind(name, value)
    if value.mayHoldFunctions { try run.keep(frame) }
    return value
  }
}

/// `(first; second; …)`
final class BlockNode: Node {
  let expressions: [any Node]
  /// Variables are bound directly within, so it needs a scope.
  let hasScope: Bool
  init(_ expressions: [any Node], hasScope: Bool) {
    self.expressions = expressions
    self.hasScope = hasScope
  }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let scope = hasScope ? Frame(parent: frame) : frame
    var result = Value.undefined
    for expression in expressions { result = try run.evaluate(expression, input, scope) }
    return result
  }
}

/// `condition ? then : else`
final class ConditionNode: Node {
  let condition: any Node
  let then: any Node
  let otherwise: (any Node)?
  init(_ condition: any Node, _ then: any Node, _ otherwise: (any Node)?) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
  }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if try run.isTrue(run.evaluate(condition, input, frame)) { return try run.evaluate(then, input, frame) }
    guard let otherwise else { return .undefined }
    return try run.evaluate(otherwise, input, frame)
  }
}

/// `left ?? right` and `left ?: right`
final class DefaultNode: Node {
  let left: any Node
  let right: any Node
  /// `??` takes the left side if there is one at all, `?:` if it is true.
  let needsTruth: Bool
  init(_ left: any Node, _ right: any Node, needsTruth: Bool) {
    self.left = left
    self.right = right
    self.needsTruth = needsTruth
  }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    let value = try run.evaluate(left, input, frame)
    if needsTruth ? try run.isTrue(value) : !value.isUndefined { return value }
    return try run.evaluate(right, input, frame)
  }
}

/// `/pattern/flags`
final class RegularExpressionNode: Node {
  let pattern: RegularExpression
  let position: Int
  init(_ pattern: RegularExpression, position: Int) {
    self.pattern = pattern
    self.position = position
  }
  var evaluatesOthers: Bool { false }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    try run.function(.regularExpression(pattern, position: position))
  }
}

/// `expression[predicate]{group}[]` where the expression is no path.
final class SelectionNode: Node {
  let base: any Node
  let predicates: [Predicate]
  let group: Grouping?
  let keepsArray: Bool
  init(_ base: any Node, predicates: [Predicate], group: Grouping?, keepsArray: Bool) {
    self.base = base
    self.predicates = predicates
    self.group = group
    self.keepsArray = keepsArray
  }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var value = try base.evaluate(input, frame, run)
    for predicate in predicates { value = try predicate.select(from: value, frame, run) }
    if let group { value = try group.evaluate(value, frame, run) }
    if keepsArray, case .list(var list) = value, list.flags.contains(.sequence) {
      list.flags.insert(.keepSingleton)
      return .list(list)
    }
    return value
  }
}

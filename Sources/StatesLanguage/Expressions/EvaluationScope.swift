public import JSONTypes

/// What an expression of either query language can see.
///
/// It is passed `inout`, since each random value drawn moves `random` on: two `States.UUID()` in one template differ.
public struct EvaluationScope: Sendable {
  /// What `$` stands for in JSONPath, `$states.input` in JSONata.
  public var input: JSONValue
  /// What `$$` stands for: the whole context object. Expressions say whether they read it (`usesContext`), so that it is built only then.
  ///
  /// Source: AWS Step Functions Developer Guide, "Accessing execution data from the Context object".
  public var context: JSONValue
  /// The variables in scope, inner ones over outer ones.
  public var variables: [String: JSONValue]
  /// All randomness (`States.UUID`, `States.MathRandom`, `$random`) comes from here, so that a replay repeats it.
  public var random: SeededRandom

  public init(
    input: JSONValue, context: JSONValue = .emptyObject, variables: [String: JSONValue] = [:], random: SeededRandom = SeededRandom(seed: 0)
  ) {
    self.input = input
    self.context = context
    self.variables = variables
    self.random = random
  }
}

/// Why an expression of the language gave no value.
public struct EvaluationError: Error, Hashable, Sendable {
  public enum Kind: Sendable, Hashable {
    /// The path leads to nothing: a missing member, an index beyond the end.
    case notFound
    /// An intrinsic function or an operator refused its arguments.
    case invalidArgument
    /// A JSONata expression failed; the message bears its code.
    case query
  }
  public var kind: Kind
  /// AWS's words where they are known, without the prefix that names the state.
  public var message: String
  /// The expression as written in the definition.
  public var expression: String
  /// In a payload template: the key of the failing field as written, with its `.$`; nil elsewhere.
  public var field: String?
  /// The outermost call of an intrinsic function around the failure, as written; nil outside of calls.
  public var call: String?
  /// What AWS does not tell: what was expected and what came. For traces and diagnostics, never part of a cause.
  public var detail: String?
  /// What the path leads to is an element beyond the end of an array.
  public var isIndexOutOfBounds = false
  public init(_ kind: Kind, _ message: String, expression: String, field: String? = nil, detail: String? = nil) {
    self.kind = kind
    self.message = message
    self.expression = expression
    self.field = field
    self.detail = detail
  }
}

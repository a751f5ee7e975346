public import JSONTypes

/// What an expression of either query language can see.
public struct EvaluationScope: Sendable {
  /// What `$` stands for in JSONPath, `$states.input` in JSONata.
  public var input: JSONValue
  /// What `$$` stands for; built only when an expression asks for it.
  public var context: ContextObject
  /// The variables in scope, inner ones over outer ones.
  public var variables: [String: JSONValue]
  /// All randomness (`States.UUID`, `States.MathRandom`, `$random`) is a function of this number, so that a replay repeats it.
  public var seed: UInt64

  public init(input: JSONValue, context: ContextObject = ContextObject(), variables: [String: JSONValue] = [:], seed: UInt64 = 0) {
    self.input = input
    self.context = context
    self.variables = variables
    self.seed = seed
  }
}

/// The pieces of the context object; `value` is the object that expressions see.
///
/// Source: AWS Step Functions Developer Guide, "Accessing execution data from the Context object".
public struct ContextObject: Sendable {
  /// `Id, Input, Name, RoleArn, StartTime` and, after a redrive, `RedriveCount, RedriveTime`.
  public var execution: JSONValue
  /// `Id, Name`.
  public var stateMachine: JSONValue
  /// `EnteredTime, Name, RetryCount`; nil outside of a state.
  public var state: JSONValue?
  /// `{"Item": {"Index", "Value"}}` within a Map iteration.
  public var map: JSONValue?
  /// The token of a callback task while its parameters are evaluated.
  public var taskToken: String?

  public init(
    execution: JSONValue = .emptyObject, stateMachine: JSONValue = .emptyObject, state: JSONValue? = nil, map: JSONValue? = nil,
    taskToken: String? = nil
  ) {
    self.execution = execution
    self.stateMachine = stateMachine
    self.state = state
    self.map = map
    self.taskToken = taskToken
  }

  /// A context object given as a whole, as `eval` and tests do.
  public init(whole value: JSONValue) {
    self.init()
    given = value
  }
  var given: JSONValue?

  public var value: JSONValue {
    if let given { return given }
    var object: JSONObject = ["Execution": execution, "StateMachine": stateMachine]
    if let state { object["State"] = state }
    if let map { object["Map"] = map }
    if let taskToken { object["Task"] = ["Token": .string(taskToken)] }
    return .object(object)
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
  public init(_ kind: Kind, _ message: String, expression: String) {
    self.kind = kind
    self.message = message
    self.expression = expression
  }
}

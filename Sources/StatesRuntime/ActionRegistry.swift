public import JSONTypes
public import StatesInterpreter
public import StatesLanguage

/// What the `Resource` of a Task state stands for: actions by integration ARN, and functions by name.
///
/// A function is reached by a Lambda ARN of its own and by `arn:aws:states:::lambda:invoke` alike; region, account, version and alias do not matter.
///
/// ```swift
/// var actions = ActionRegistry()
/// actions.register(function: "charge-card") { (order: Order) in Receipt(order) }
/// let result = await Engine(actions: actions).run(machine, input: input)
/// ```
public struct ActionRegistry: Sendable {
  private var integrations: [String: any TaskAction] = [:]
  private var functions: [String: any TaskAction] = [:]
  private var otherFunctions: (@Sendable (String) -> (any TaskAction)?)?
  /// Where distributed Maps read their items from and write their results to; without one, an ItemReader or ResultWriter fails.
  public var objectStore: (any ObjectStore)?

  /// State machines that others may start, by their names.
  private(set) var machines: [String: LocalMachine] = [:]
  private var interceptor: (@Sendable (TaskCall) -> (any TaskAction)?)?

  public init() {}

  /// Answers an integration, for example `arn:aws:states:::sqs:sendMessage`. A later registration replaces an earlier one.
  ///
  /// A task of the pattern `.waitForTaskToken` calls the action of the plain integration to submit its work, and goes on until its token is
  /// answered. An action for `….sync` is registered for itself: it calls `TaskReporter.submitted` with the service's first answer and returns
  /// when the work is over.
  public mutating func register(resource: String, _ action: any TaskAction) {
    integrations[resource] = action
  }

  /// Answers a Lambda function by its name, or by an ARN of it; the action gets the function's payload as its input.
  public mutating func register(function name: String, _ action: any TaskAction) {
    functions[Self.functionName(in: name)] = action
  }

  /// Answers a Lambda function by a closure over JSON.
  public mutating func register(function name: String, _ body: @escaping @Sendable (JSONValue) async throws -> JSONValue) {
    functions[Self.functionName(in: name)] = ClosureAction(body)
  }

  /// Answers a Lambda function by a closure over the user's own types.
  ///
  /// An input that does not fit `Input` fails the task with the error `DecodingError`. An error that the closure throws fails it with the
  /// name of the error's type, as a Lambda function's exception would; throw a `TaskFailure` to choose name and cause.
  public mutating func register<Input: Decodable & Sendable, Output: Encodable & Sendable>(
    function name: String, _ body: @escaping @Sendable (Input) async throws -> Output
  ) {
    functions[Self.functionName(in: name)] = ClosureAction { input in
      try JSONValueEncoder().encode(try await body(try JSONValueDecoder().decode(Input.self, from: input)))
    }
  }

  /// Answers Lambda functions that are registered by no name; nil leaves one unanswered.
  ///
  /// The action's `TaskCall.resource` is the function as the definition names it, with its qualifier.
  public mutating func register(otherFunctions: @escaping @Sendable (String) -> (any TaskAction)?) {
    self.otherFunctions = otherFunctions
  }

  /// Lets other executions start this machine, by `arn:aws:states:::states:startExecution` and its kin.
  public mutating func register(machine: StateMachine, name: String, type: WorkflowType = .standard) {
    machines[name] = LocalMachine(machine: machine, name: name, type: type)
  }

  /// Looks at each call first; nil leaves it to the registered actions. Mocks and debuggers stand here.
  public mutating func intercept(_ interceptor: @escaping @Sendable (TaskCall) -> (any TaskAction)?) {
    self.interceptor = interceptor
  }

  /// The names of all registered functions, sorted.
  public var functionNames: [String] { functions.keys.sorted() }
  /// All registered integrations, sorted.
  public var resources: [String] { (integrations.keys + [Self.lambdaInvoke]).sorted() }

  static let lambdaInvoke = "arn:aws:states:::lambda:invoke"

  /// What stands before the registered actions, for resources that the engine answers itself.
  func interception(of call: TaskCall) -> (any TaskAction)? { interceptor?(call) ?? integrations[call.resource] }

  func action(for call: TaskCall) -> any TaskAction {
    if let action = interceptor?(call) { return action }
    if let action = integrations[call.resource] { return action }
    guard let resource = TaskResource(call.resource) else { return MissingAction(known: resources) }
    if resource.kind == .lambdaFunction { return function(named: call.resource) }
    if resource.pattern == .waitForTaskToken, let action = integrations[resource.integration] { return action }
    if resource.integration == Self.lambdaInvoke, resource.pattern != .sync, resource.pattern != .sync2 {
      guard let name = call.input["FunctionName"]?.asString else { return MissingFunctionName() }
      return LambdaInvoke(name: name, function: function(named: name))
    }
    return MissingAction(known: resources)
  }

  /// A function by its name, ARN or partial ARN, with or without a qualifier.
  private func function(named text: String) -> any TaskAction {
    let name = Self.functionName(in: text)
    return functions[name] ?? otherFunctions?(name) ?? MissingFunction(name: name, arn: text, known: functionNames)
  }

  /// `NAME` of `NAME`, `function:NAME`, `NAME:ALIAS`, `ACCOUNT:function:NAME`, `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS`.
  package static func functionName(in text: String) -> String {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if let marker = parts.firstIndex(of: "function"), marker + 1 < parts.count { return String(parts[marker + 1]) }
    return parts.first.map(String.init) ?? text
  }
}

/// A closure as an action.
struct ClosureAction: TaskAction {
  let body: @Sendable (JSONValue) async throws -> JSONValue
  init(_ body: @escaping @Sendable (JSONValue) async throws -> JSONValue) { self.body = body }

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    do {
      return try await body(call.input)
    } catch let failure as TaskFailure {
      throw failure
    } catch {
      let type = "\(Swift.type(of: error))"
      throw TaskFailure(error: type, cause: JSONValue.object(["errorMessage": .string("\(error)"), "errorType": .string(type)]).jsonText)
    }
  }
}

/// `arn:aws:states:::lambda:invoke`: hands `Payload` to the function and wraps what it returns as the Lambda API does.
///
/// Source: AWS Step Functions Developer Guide, "Invoke Lambda with Step Functions".
struct LambdaInvoke: TaskAction {
  /// As the definition has it.
  let name: String
  let function: any TaskAction

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    var inner = call
    inner.input = call.input["Payload"] ?? .emptyObject
    inner.resource = name
    let payload = try await function.run(inner, reporter)
    let requestID = call.idempotencyToken
    let length = JSONValue.string(String(payload.jsonByteCount))
    let headers: [(String, JSONValue)] = [
      ("X-Amz-Executed-Version", "$LATEST"), ("Content-Length", length), ("Content-Type", "application/json"),
      ("x-amzn-RequestId", .string(requestID)),
    ]
    return [
      "ExecutedVersion": "$LATEST", "Payload": payload,
      "SdkHttpMetadata": [
        "AllHttpHeaders": .object(JSONObject(headers.map { ($0.0, .array([$0.1])) })), "HttpHeaders": .object(JSONObject(headers)),
        "HttpStatusCode": 200,
      ],
      "SdkResponseMetadata": ["RequestId": .string(requestID)], "StatusCode": 200,
    ]
  }
}

/// Stands for a function that nobody registered.
struct MissingFunction: TaskAction {
  let name: String
  let arn: String
  let known: [String]

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let have = known.isEmpty ? "No function is registered." : "Registered: \(known.joined(separator: ", "))."
    throw TaskFailure(
      error: "Lambda.ResourceNotFoundException",
      cause: "Function not found: \(arn). The state '\(call.stateName)' calls the function '\(name)', which is not registered here. \(have) "
        + "Register it with ActionRegistry.register(function: \"\(name)\"); at the command line, answer it with --task '\(name)=exec:PROGRAM' or the "
        + "state with --mock.")
  }
}

struct MissingFunctionName: TaskAction {
  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    throw TaskFailure(
      error: "States.Runtime",
      cause: "The Parameters '\(call.input.jsonText)' could not be used to start the Task: [The field 'FunctionName' is required but was missing]")
  }
}

/// Stands for an integration that nobody registered.
struct MissingAction: TaskAction {
  let known: [String]

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    throw TaskFailure(
      error: "States.TaskFailed",
      cause: "The state '\(call.stateName)' calls \(call.resource), for which no action is registered here. Registered: \(known.joined(separator: ", ")). "
        + "Register one with ActionRegistry.register(resource: \"\(call.resource)\"); at the command line, answer it with "
        + "--task '\(TaskResource(call.resource)?.integration ?? call.resource)=exec:PROGRAM' or the state with --mock.")
  }
}

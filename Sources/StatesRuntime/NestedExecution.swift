import JSONTypes
import StatesInterpreter
import StatesLanguage

/// A state machine that executions of the same engine may start.
struct LocalMachine: Sendable {
  var machine: StateMachine
  var name: String
  var type: WorkflowType
}

/// How a task that starts another execution is answered.
///
/// Source: AWS Step Functions Developer Guide, "Start workflow executions from a task state"; recorded histories.
enum NestedPattern: Sendable {
  /// The task ends as soon as the execution has started.
  case start
  /// The task ends with the execution; its output is a text, or with `.sync:2` the value.
  case sync(parsesOutput: Bool)
  /// `aws-sdk:sfn:startSyncExecution`, for Express machines.
  case express

  /// Whether the task ends with the execution.
  var isWaiting: Bool { if case .start = self { false } else { true } }

  init?(_ resource: String) {
    switch resource {
    case "arn:aws:states:::states:startExecution", "arn:aws:states:::aws-sdk:sfn:startExecution": self = .start
    case "arn:aws:states:::states:startExecution.sync": self = .sync(parsesOutput: false)
    case "arn:aws:states:::states:startExecution.sync:2": self = .sync(parsesOutput: true)
    case "arn:aws:states:::aws-sdk:sfn:startSyncExecution": self = .express
    default: return nil
    }
  }
}

/// A request to start an execution, understood.
struct NestedStart {
  var machine: LocalMachine
  var settings: ExecutionSettings
  var input: JSONValue

  /// - Throws: what the service answers to a request that it refuses.
  init(_ call: TaskCall, parent: ExecutionSettings, machines: [String: LocalMachine]) throws(TaskFailure) {
    guard case .string(let arn)? = call.input["StateMachineArn"] else {
      throw TaskFailure(
        error: "States.Runtime",
        cause: "The Parameters '\(call.input.jsonText)' could not be used to start the Task: [The field 'StateMachineArn' is required but was missing]")
    }
    guard let machine = Self.machine(for: call, in: machines) else {
      let known = machines.keys.sorted().joined(separator: ", ")
      throw TaskFailure(
        error: "StepFunctions.StateMachineDoesNotExistException",
        cause: "State Machine Does Not Exist: '\(arn)'. Here the state '\(call.stateName)' can start: \(known.isEmpty ? "none" : known). "
          + "Give others with --machine NAME=FILE, or register them with ActionRegistry.register(machine:name:).")
    }
    self.machine = machine
    var random = SeededRandom(seed: parent.seed, number: call.id)
    let account = parent.stateMachineArn.split(separator: ":", omittingEmptySubsequences: false)
    settings = ExecutionSettings(
      name: call.input["Name"]?.asString ?? random.uuid(), stateMachineName: machine.name, region: parent.region,
      account: account.count > 4 ? String(account[4]) : "123456789012", roleArn: parent.roleArn, type: machine.type, seed: random.next(),
      limits: parent.limits)
    if !parent.incarnation.isEmpty { settings.incarnation = "\(parent.incarnation).\(call.id)" }
    input = try Self.input(call)
  }

  /// The machine that a request names, where there is one.
  static func machine(for call: TaskCall, in machines: [String: LocalMachine]) -> LocalMachine? {
    guard case .string(let arn)? = call.input["StateMachineArn"] else { return nil }
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return machines[parts.count > 6 ? String(parts[6]) : arn]
  }

  /// `Input` of the optimized integration is a value; that of the SDK's is a JSON text.
  private static func input(_ call: TaskCall) throws(TaskFailure) -> JSONValue {
    guard let input = call.input["Input"] else { return .emptyObject }
    guard call.resource.contains(":aws-sdk:"), case .string(let text) = input else { return input }
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: text)
    } catch {
      throw TaskFailure(error: "Sfn.InvalidExecutionInputException", cause: "Invalid State Machine Execution Input: '\(error.message)'")
    }
  }
}

extension ExecutionResult {
  /// What DescribeExecution answers, in the casing of integrations.
  func description(parsesOutput: Bool) -> JSONValue {
    func payload(_ value: JSONValue) -> JSONValue { parsesOutput ? value : .string(value.jsonText) }
    func date(_ timestamp: Timestamp) -> JSONValue { .int(timestamp.microseconds / 1000) }
    var object: JSONObject = [
      "ExecutionArn": .string(execution.settings.executionArn), "Input": payload(execution.input), "InputDetails": ["Included": true],
      "Name": .string(execution.settings.name), "StartDate": date(execution.startedAt),
      "StateMachineArn": .string(execution.settings.stateMachineArn), "Status": .string(status.rawValue),
    ]
    if let output { object["Output"] = payload(output) }
    if output != nil { object["OutputDetails"] = ["Included": true] }
    if let stopped = execution.stoppedAt { object["StopDate"] = date(stopped) }
    if let name = error?.error { object["Error"] = .string(name) }
    if let cause = error?.cause { object["Cause"] = .string(cause) }
    return .object(object)
  }
}

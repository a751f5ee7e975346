public import DurableStore
import JSONTypes
public import StatesInterpreter
public import StatesLanguage
public import StatesRuntime
import Synchronization

/// Executions that are cut off and taken up again: together they have every type of state, retries, catchers, timeouts, children of Map Runs and
/// executions that others have started. All is decided by the definitions, so that an undisturbed run has one history.
public struct CrashCase: Sendable {
  public var name: String
  var definition: String
  var input: JSONValue = [:]

  /// - Parameter name: of one of `all`.
  public static func named(_ name: String) -> CrashCase? { all.first { $0.name == name } }

  public static let all = [
    CrashCase(
      name: "steps",
      definition: #"""
        {"StartAt": "Pass", "States": {
          "Pass": {"Type": "Pass", "Result": {"n": 3}, "Assign": {"kept": 7}, "Next": "Wait"},
          "Wait": {"Type": "Wait", "Seconds": 5, "Next": "Task"},
          "Task": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "HeartbeatSeconds": 4, "TimeoutSeconds": 60,
            "Parameters": {"FunctionName": "echo", "Payload": {"token.$": "$$.Task.Token"}},
            "Catch": [{"ErrorEquals": ["States.Timeout"], "ResultPath": "$.error", "Next": "Choose"}], "Next": "Lost"},
          "Choose": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 3, "Next": "Done"}], "Default": "Lost"},
          "Lost": {"Type": "Fail", "Error": "Lost"},
          "Done": {"Type": "Succeed"}}}
        """#),
    CrashCase(
      name: "retries",
      definition: #"""
        {"StartAt": "Flaky", "TimeoutSeconds": 100, "States": {
          "Flaky": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:flaky",
            "Retry": [{"ErrorEquals": ["Flaky"], "IntervalSeconds": 2, "MaxAttempts": 3, "JitterStrategy": "FULL"}], "Next": "Bad"},
          "Bad": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:bad",
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.caught", "Next": "Late"}], "Next": "Late"},
          "Late": {"Type": "Wait", "Seconds": 500, "End": true}}}
        """#),
    CrashCase(
      name: "branches",
      definition: #"""
        {"StartAt": "All", "States": {
          "All": {"Type": "Parallel", "Next": "Each", "ResultPath": "$.all", "Branches": [
            {"StartAt": "B1", "States": {"B1": {"Type": "Wait", "Seconds": 3, "Next": "B1b"}, "B1b": {"Type": "Pass", "End": true}}},
            {"StartAt": "B2", "States": {"B2": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:echo", "End": true}}},
            {"StartAt": "B3", "States": {"B3": {"Type": "Wait", "Seconds": 1, "End": true}}}]},
          "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ItemProcessor": {"StartAt": "M", "States": {
            "M": {"Type": "Wait", "SecondsPath": "$", "Next": "N"}, "N": {"Type": "Pass", "End": true}}}, "End": true}}}
        """#, input: ["items": [3, 1, 2, 1]]),
    CrashCase(
      name: "failure",
      definition: #"""
        {"QueryLanguage": "JSONata", "StartAt": "All", "States": {
          "All": {"Type": "Parallel", "Assign": {"all": "{% $states.result %}"}, "Next": "Never", "Branches": [
            {"StartAt": "Long", "States": {"Long": {"Type": "Wait", "Seconds": 100, "End": true}}},
            {"StartAt": "Short", "States": {"Short": {"Type": "Wait", "Seconds": 2, "Next": "Fail"},
              "Fail": {"Type": "Fail", "Error": "{% 'E' & $string(1) %}", "Cause": "wanted"}}}]},
          "Never": {"Type": "Succeed"}}}
        """#),
    CrashCase(
      name: "children",
      definition: #"""
        {"StartAt": "Run", "States": {
          "Run": {"Type": "Map", "MaxConcurrency": 1, "ItemsPath": "$.items", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Child", "States": {
              "Child": {"Type": "Wait", "SecondsPath": "$", "Next": "Double"},
              "Double": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:echo", "End": true}}},
            "ResultPath": "$.run", "Next": "Other"},
          "Other": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:steps", "Name": "nested", "Input": {"x": 1}},
            "ResultSelector": {"output.$": "$.Output", "status.$": "$.Status"}, "End": true}}}
        """#, input: ["items": [2, 1, 3]]),
  ]

  // MARK: Running

  /// What came of one go at an execution.
  public struct Outcome: Sendable {
    public var result: ExecutionResult
    /// How many facts were told to the observer: these must be kept.
    public var told: [HistoryEvent]
  }

  /// The machine of the case, and its definition as the store is told.
  public var machine: StateMachine { parsed(definition) }

  private func parsed(_ text: String) -> StateMachine {
    guard let machine = StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine else { preconditionFailure("\(name) is a valid definition") }
    return machine
  }

  public static let start = Timestamp(microseconds: 1_704_067_200_000_000)

  private var actions: ActionRegistry {
    var actions = ActionRegistry()
    actions.register(function: "echo") { (input: JSONValue) in input }
    actions.register(function: "flaky", FlakyAction())
    actions.register(function: "bad") { (_: JSONValue) -> JSONValue in throw TaskFailure(error: "Bad", cause: "wanted") }
    return actions
  }

  /// Runs the execution without a store.
  public func undisturbed() async -> ExecutionResult {
    var actions = actions
    for other in Self.all { actions.register(machine: other.machine, name: other.name) }
    return await Engine(actions: actions, clock: .virtual, startingAt: Self.start).run(machine, input: input, settings: settings)
  }

  private var settings: ExecutionSettings { ExecutionSettings(name: name, stateMachineName: name, seed: 42) }

  public static func open(_ folder: String, vfs: String? = nil) throws(HistoryStoreError) -> ExecutionStore {
    try ExecutionStore(folder: folder, command: ExecutionStore.Command(version: "test", arguments: ["run"], folder: ""), vfs: vfs)
  }

  /// Begins the execution in a store, or goes on with it when it is there.
  /// - Parameter rounds: how many rounds the store takes before it fails; nil for all.
  public func go(in store: ExecutionStore, rounds: Int? = nil) async throws(HistoryStoreError) -> Outcome {
    let kept: any HistoryStore = rounds.map { BriefStore(store: store, rounds: $0) } ?? store
    var actions = actions
    for other in Self.all {
      let machine = other.machine
      store.register(machine, definition: other.definition)
      actions.register(machine: machine, name: other.name)
    }
    let machine = machine
    store.register(machine, definition: definition)
    let told = Mutex<[HistoryEvent]>([])
    let observer: @Sendable (ExecutionUpdate) -> Void = { update in
      if case .facts(let facts) = update { told.withLock { $0 += facts } }
    }
    let result: ExecutionResult
    if let earlier = try store.find(name).first {
      let stored = try store.history(of: earlier, machine: machine)
      if stored.execution.isFinished { return Outcome(result: ExecutionResult(execution: stored.execution, history: stored.history), told: []) }
      try store.claim(earlier)
      let engine = Engine(actions: actions, store: kept, clock: .virtual, startingAt: try store.newestMoment(of: earlier))
      result = await engine.resume(stored, observer: observer).result()
    } else {
      let engine = Engine(actions: actions, store: kept, clock: .virtual, startingAt: Self.start)
      result = await engine.start(machine, input: input, settings: settings, observer: observer).result()
    }
    return Outcome(result: result, told: told.withLock(\.self))
  }
}

/// A store that takes some rounds and fails from then on.
private final class BriefStore: HistoryStore {
  private let store: ExecutionStore
  private let left: Mutex<Int>

  init(store: ExecutionStore, rounds: Int) {
    self.store = store
    left = Mutex(rounds)
  }

  func append(_ entries: [HistoryStoreEntry]) throws(HistoryStoreError) -> [Int64] {
    let isOpen = left.withLock { left in
      left -= 1
      return left >= 0
    }
    guard isOpen else { throw HistoryStoreError(.full, "no more rounds") }
    return try store.append(entries)
  }

  func child(of parent: Int64, effect: EventID, index: Int, machine: StateMachine?) throws(HistoryStoreError) -> StoredHistory? {
    try store.child(of: parent, effect: effect, index: index, machine: machine)
  }
}

/// Fails twice, whatever the program remembers.
private struct FlakyAction: TaskAction {
  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    if call.retryCount < 2 { throw TaskFailure(error: "Flaky", cause: "attempt \(call.retryCount)") }
    return call.input
  }
}

extension [HistoryEvent] {
  /// The facts without those that tell of a program's end.
  public var unmarked: [HistoryEvent] { filter { $0.kind != .executionResumed } }
}

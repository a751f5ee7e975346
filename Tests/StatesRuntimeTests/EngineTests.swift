import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization
import Testing

/// The engine in virtual time: it starts at 2024-01-01, and waits take none.
@Suite(.timeLimit(.minutes(15))) struct EngineTests {
  static let start = Timestamp(microseconds: 1_704_067_200_000_000)

  static func machine(_ text: String) throws -> StateMachine {
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: text).node)
    return try #require(parsed.machine, "\(parsed.diagnostics.map(\.message))")
  }

  /// A machine of one Task `T` that calls the function `f`.
  static func task(_ fields: String = "") throws -> StateMachine {
    try machine(#"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"\#(fields), "End": true}}}"#)
  }

  static func engine(_ actions: ActionRegistry = ActionRegistry()) -> Engine { Engine(actions: actions, clock: .virtual, startingAt: start) }

  /// `2.5 TaskScheduled` for each event whose type ends so.
  static func times(_ result: ExecutionResult, _ suffix: String) -> [Double] {
    result.history.filter { $0.type(in: result.execution.machine).hasSuffix(suffix) }.map { Double($0.timestamp.microseconds - start.microseconds) / 1e6 }
  }

  struct Action: TaskAction {
    let body: @Sendable (TaskCall, TaskReporter) async throws -> JSONValue
    init(_ body: @escaping @Sendable (TaskCall, TaskReporter) async throws -> JSONValue) { self.body = body }
    func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
      do { return try await body(call, reporter) } catch let failure as TaskFailure { throw failure } catch { throw TaskFailure(error: "\(error)", cause: nil) }
    }
  }

  static func actions(_ body: @escaping @Sendable (TaskCall, TaskReporter) async throws -> JSONValue) -> ActionRegistry {
    var actions = ActionRegistry()
    actions.register(function: "f", Action(body))
    return actions
  }

  // MARK: Time

  @Test func waitsForMonths() async throws {
    let machine = try Self.machine(#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 7776000, "Next": "X"}, "X": {"Type": "Wait", "Timestamp": "2024-12-31T00:00:00Z", "End": true}}}"#)
    let result = await Self.engine().run(machine, input: 1, settings: ExecutionSettings(name: "test"))
    #expect(result.status == .succeeded && result.output == 1)
    #expect(Self.times(result, "WaitStateExited") == [7_776_000, 365 * 86_400])
    #expect(result.execution.stoppedAt?.iso8601 == "2024-12-31T00:00:00.000Z")
  }

  @Test func retriesAfterItsDelays() async throws {
    let calls = Mutex(0)
    let actions = Self.actions { call, _ in
      calls.withLock { $0 += 1 }
      if call.retryCount < 2 { throw TaskFailure(error: "E", cause: "no") }
      return ["attempts": .int(Int64(call.retryCount + 1))]
    }
    let result = await Self.engine(actions).run(try Self.task(#", "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 10}]"#), input: [:], settings: ExecutionSettings(name: "test"))
    #expect(result.output == ["attempts": 3])
    #expect(calls.withLock { $0 } == 3)
    #expect(Self.times(result, "FunctionScheduled") == [0, 10, 30])
  }

  /// An attempt that takes too long is over for the execution, and its action is told.
  @Test func timesOutAndCancels() async throws {
    let outcome = Mutex("")
    let actions = Self.actions { _, reporter in
      do {
        try await reporter.sleep(.seconds(1000))
        outcome.withLock { $0 = "woke" }
      } catch is CancellationError {
        outcome.withLock { $0 = "cancelled" }
      }
      return 1
    }
    let result = await Self.engine(actions).run(try Self.task(#", "TimeoutSeconds": 7"#), input: [:], settings: ExecutionSettings(name: "test"))
    #expect(result.status == .failed && result.error == ErrorOutput(error: "States.Timeout", cause: nil))
    #expect(Self.times(result, "LambdaFunctionTimedOut") == [7])
    while outcome.withLock({ $0.isEmpty }) { await Task.yield() }
    #expect(outcome.withLock { $0 } == "cancelled")
  }

  @Test func sleepsInTheEnginesTime() async throws {
    let actions = Self.actions { _, reporter in
      for _ in 0..<3 { try await reporter.sleep(.milliseconds(2500)) }
      return "done"
    }
    let result = await Self.engine(actions).run(try Self.task(#", "TimeoutSeconds": 8"#), input: [:], settings: ExecutionSettings(name: "test"))
    #expect(result.output == "done")
    #expect(Self.times(result, "ExecutionSucceeded") == [7.5])
  }

  @Test(arguments: [(4, "done", 16.0), (6, nil, 5.0)] as [(Int64, JSONValue?, Double)])
  func heartbeatsKeepATaskAlive(_ pause: Int64, _ output: JSONValue?, _ end: Double) async throws {
    let actions = Self.actions { _, reporter in
      for _ in 0..<4 {
        try await reporter.sleep(.seconds(pause))
        reporter.heartbeat()
      }
      return "done"
    }
    let result = await Self.engine(actions).run(try Self.task(#", "HeartbeatSeconds": 5"#), input: [:], settings: ExecutionSettings(name: "test"))
    #expect(result.output == output)
    #expect(Self.times(result, output == nil ? "TimedOut" : "LambdaFunctionSucceeded") == [end])
  }

  @Test func countsTheSilenceSinceTheLastHeartbeat() async throws {
    let actions = Self.actions { _, reporter in
      try await reporter.sleep(.seconds(3))
      reporter.heartbeat()
      try await reporter.sleep(.seconds(100))
      return nil
    }
    let result = await Self.engine(actions).run(try Self.task(#", "HeartbeatSeconds": 5, "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "T"}]"#), input: [:], settings: ExecutionSettings(name: "test", limits: Limits(payloadBytes: 1000, historyEvents: 12, variableBytes: 1000)))
    #expect(Self.times(result, "TimedOut").prefix(2) == [8, 16])
  }

  /// A deadline that nothing waits for any more does not move the clock.
  @Test func forgetsDeadlines() async throws {
    let engine = Self.engine(Self.actions { _, _ in 1 })
    let first = await engine.run(try Self.task(#", "TimeoutSeconds": 90000000, "HeartbeatSeconds": 80000000"#), input: [:], settings: ExecutionSettings(name: "first"))
    #expect(Self.times(first, "ExecutionSucceeded") == [0])
    let second = await engine.run(try Self.task(), input: [:], settings: ExecutionSettings(name: "second"))
    #expect(second.execution.startedAt == Self.start)
  }

  @Test func timesOutAsAWhole() async throws {
    let machine = try Self.machine(#"{"StartAt": "W", "TimeoutSeconds": 30, "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}}"#)
    let result = await Self.engine().run(machine, input: [:], settings: ExecutionSettings(name: "test"))
    #expect(result.status == .timedOut && result.error == ErrorOutput(error: nil, cause: nil) && result.output == nil)
    #expect(Self.times(result, "ExecutionTimedOut") == [30])
  }

  // MARK: Many

  @Test func runsManyExecutions() async throws {
    let machine = try Self.machine(
      #"{"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$.n", "Next": "T"}, "T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "Payload.$": "$.n"}, "OutputPath": "$.Payload", "End": true}}}"#)
    var actions = ActionRegistry()
    actions.register(function: "f") { (number: Int) in number * 2 }
    let engine = Self.engine(actions)
    let running = (0..<500).map { engine.start(machine, input: ["n": .int(Int64($0))], settings: ExecutionSettings(name: "run-\($0)")) }
    for (number, execution) in running.enumerated() {
      let result = await execution.result()
      #expect(result.output == .int(Int64(number) * 2))
    }
  }

  /// An execution that never waits gives way to others.
  @Test func sharesItsLoop() async throws {
    let endless = try Self.machine(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "E"}], "Default": "A"}, "E": {"Type": "Succeed"}}}"#)
    let engine = Self.engine(Self.actions { _, _ in "answer" })
    let loop = engine.start(endless, input: [:], settings: ExecutionSettings(name: "loop", limits: .none))
    let other = await engine.run(try Self.task(), input: [:], settings: ExecutionSettings(name: "other"))
    #expect(other.output == "answer")
    loop.stop(error: "Enough", cause: "It goes on")
    let result = await loop.result()
    #expect(result.status == .aborted && result.error == ErrorOutput(error: "Enough", cause: "It goes on"))
  }

  @Test func givesItsResultToAllWhoWait() async throws {
    let execution = Self.engine(Self.actions { _, _ in "answer" }).start(try Self.task(), input: [:], settings: ExecutionSettings(name: "test"))
    let outputs = await withTaskGroup(of: JSONValue?.self) { group in
      for _ in 0..<5 { group.addTask { await execution.result().output } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outputs == Array(repeating: "answer", count: 5))
    #expect(await execution.result().output == "answer")
  }

  // MARK: Stop, updates, submission

  @Test func stopsAndCancels() async throws {
    let (started, wasStarted) = AsyncStream<Void>.makeStream()
    let (ended, wasEnded) = AsyncStream<Bool>.makeStream()
    let actions = Self.actions { _, _ in
      wasStarted.yield()
      await withTaskCancellationHandler {
        for await _ in AsyncStream<Void>.makeStream().stream {}
      } onCancel: {
      }
      wasEnded.yield(Task.isCancelled)
      return 1
    }
    let execution = Self.engine(actions).start(try Self.task(), input: [:], settings: ExecutionSettings(name: "test"))
    for await _ in started { break }
    execution.stop()
    execution.stop(error: "Twice", cause: nil)
    let result = await execution.result()
    #expect(result.status == .aborted && result.error == ErrorOutput(error: nil, cause: nil))
    #expect(result.history.last?.previousEventID == 0)
    for await isCancelled in ended {
      #expect(isCancelled)
      break
    }
  }

  @Test func tellsItsObserver() async throws {
    let seen = Mutex<[String]>([])
    let machine = try Self.machine(#"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::x:y.sync", "End": true}}}"#)
    var actions = ActionRegistry()
    actions.register(
      resource: "arn:aws:states:::x:y.sync",
      Action { call, reporter in
        reporter.progress("half of it")
        reporter.submitted(["id": 7])
        return call.input
      })
    let execution = Self.engine(actions).start(machine, input: 5, settings: ExecutionSettings(name: "test")) { update in
      seen.withLock {
        switch update {
        case .facts(let facts): $0 += facts.map { $0.type(in: machine) }
        case .progress(let id, let text): $0.append("\(id) \(text)")
        case .mapRun, .childEnded: break
        }
      }
    }
    let result = await execution.result()
    #expect(seen.withLock { $0 } == [
      "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "3 half of it", "TaskSubmitted", "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded",
    ])
    #expect(result.awsHistory["events"]?.asArray?.count == 8)
  }

  @Test func redrivesWhatFailed() async throws {
    let isMended = Mutex(false)
    let engine = Self.engine(
      Self.actions { call, _ in
        guard isMended.withLock({ $0 }) else { throw TaskFailure(error: "Down", cause: "for now") }
        return ["was": call.input]
      })
    let machine = try Self.task()
    let failed = await engine.run(machine, input: 7)
    #expect(failed.status == .failed)
    isMended.withLock { $0 = true }
    let again = try await engine.redrive(failed).result()
    #expect(again.status == .succeeded && again.output == ["was": 7])
    #expect(again.history.prefix(failed.history.count).elementsEqual(failed.history))
    #expect(again.eventTypes.dropFirst(failed.eventTypes.count).first == "ExecutionRedriven")
    let refusal = await #expect(throws: NotRedrivable.self) { _ = try await engine.redrive(again) }
    #expect(refusal?.message == "Execution is SUCCEEDED and cannot be redriven")
  }

  /// The same attempt has one token, another attempt another.
  @Test func namesItsAttempts() {
    let call = TaskCall(id: 3, executionArn: "arn:1", stateName: "S", resource: "r", input: 1)
    var later = call
    later.id = 6
    #expect(call.idempotencyToken == call.idempotencyToken && call.idempotencyToken != later.idempotencyToken)
    #expect(call.idempotencyToken.count <= 64 && call.idempotencyToken.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
  }

  /// Nobody holds the engine but its execution.
  @Test func livesAsLongAsItsExecutions() async throws {
    let execution = Engine(actions: ActionRegistry(), clock: .virtual).start(
      try Self.machine(#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "End": true}}}"#), input: [:], settings: ExecutionSettings(name: "test"))
    #expect(await execution.result().status == .succeeded)
  }
}

public import JSONTypes
public import StatesInterpreter
public import StatesLanguage
import Synchronization

/// Runs executions: gives them timers and actions, and keeps their histories.
///
/// One loop owns all executions; no execution ever waits for another's action. The loop ends with the engine, which lives as long as it or
/// one of its `RunningExecution`s is held.
public final class Engine: Sendable {
  let inbox = Inbox()

  /// - Parameters:
  ///   - actions: what the `Resource` of a Task state stands for.
  ///   - store: what keeps the executions beyond the end of the program; without one they live as long as the engine.
  ///   - clock: how time passes; real by default.
  ///   - startingAt: the moment that the clock starts from; the present by default.
  public init(actions: ActionRegistry, store: (any HistoryStore)? = nil, clock: EngineClock = .real, startingAt: Timestamp? = nil) {
    let inbox = inbox
    Task.detached {
      var loop = EngineLoop(inbox: inbox, actions: actions, store: store, clock: RunningClock(clock, origin: startingAt))
      await loop.run()
    }
  }

  deinit {
    inbox.send(.shutDown)
  }

  /// Starts an execution.
  /// - Parameters:
  ///   - settings: by default a random name and seed.
  ///   - observer: called on the engine's loop with each turn's facts and with what actions say of themselves; it must return soon.
  public func start(
    _ machine: StateMachine, input: JSONValue = .emptyObject, settings: ExecutionSettings = .random(),
    observer: (@Sendable (ExecutionUpdate) -> Void)? = nil
  ) -> RunningExecution {
    let number = inbox.nextNumber()
    let result = ResultBox()
    inbox.send(.start(number, Execution(of: machine, settings: settings), input, observer, result))
    return RunningExecution(number: number, engine: self, inbox: inbox, result: result)
  }

  /// Goes on with an execution that failed, timed out or was stopped, at the states that it did not leave; its history goes on too.
  /// - Throws: `NotRedrivable`, when `Execution.redriveProblem` finds a reason at this moment of the engine's clock.
  public func redrive(
    _ result: ExecutionResult, observer: (@Sendable (ExecutionUpdate) -> Void)? = nil
  ) async throws(NotRedrivable) -> RunningExecution {
    let number = inbox.nextNumber()
    let box = ResultBox()
    let problem = await withCheckedContinuation { continuation in
      inbox.send(.redrive(number, result, observer, box, reply: { continuation.resume(returning: $0) }))
    }
    if let problem { throw NotRedrivable(message: problem) }
    return RunningExecution(number: number, engine: self, inbox: inbox, result: box)
  }

  /// Goes on with an execution that another program has left unfinished: timers and open tasks are as they were.
  ///
  /// Deadlines that have passed meanwhile are due at once. Tasks that were open are asked for again, with the same
  /// `TaskCall.idempotencyToken`; those whose work was submitted find `TaskCall.submission`. Executions that it waits for go on as well.
  /// - Parameter isMarked: whether the history tells of it, by `ExecutionResumed`.
  public func resume(
    _ stored: StoredHistory, isMarked: Bool = true, observer: (@Sendable (ExecutionUpdate) -> Void)? = nil
  ) -> RunningExecution {
    let number = inbox.nextNumber()
    let result = ResultBox()
    inbox.send(.resume(number, stored, isMarked ? .resume : .proceed, observer, result))
    return RunningExecution(number: number, engine: self, inbox: inbox, result: result)
  }

  /// Returns when no execution runs any more, those that others have started included.
  public func idle() async {
    await withCheckedContinuation { continuation in inbox.send(.whenIdle { continuation.resume() }) }
  }

  /// Runs an execution to its end.
  /// - Parameter settings: by default a random name and seed.
  public func run(
    _ machine: StateMachine, input: JSONValue = .emptyObject, settings: ExecutionSettings = .random()
  ) async -> ExecutionResult {
    await start(machine, input: input, settings: settings).result()
  }
}

/// Why an execution cannot be redriven.
public struct NotRedrivable: Error, Sendable, Hashable, CustomStringConvertible {
  public var message: String
  public var description: String { message }
}

extension ExecutionSettings {
  /// An execution with a random UUID as its name, and a random seed.
  public static func random() -> ExecutionSettings {
    var generator = SystemRandomNumberGenerator()
    var random = SeededRandom(seed: generator.next())
    return ExecutionSettings(name: random.uuid(), seed: random.next())
  }
}

/// What an engine tells an observer of an execution.
public enum ExecutionUpdate: Sendable {
  /// New facts, of one turn or of several.
  case facts([HistoryEvent])
  /// How far an action is, in words; the id is that of its `…Scheduled` event.
  case progress(EventID, String)
  /// How far a Map Run is; the id is that of its `MapRunStarted` event.
  case mapRun(EventID, MapRunSummary)
  /// A child of a Map Run has ended, of this execution or of one below it.
  case childEnded(ExecutionResult)
}

/// An execution that an engine runs. It keeps the engine alive.
public struct RunningExecution: Sendable {
  let number: Int
  let engine: Engine
  let inbox: Inbox
  let result: ResultBox

  /// Waits for the end.
  public func result() async -> ExecutionResult { await result.value() }

  /// Ends the execution as StopExecution does: it becomes `ABORTED`, its actions are cancelled.
  public func stop(error: String? = nil, cause: String? = nil) {
    inbox.send(.signal(number, .stop(ErrorOutput(error: error, cause: cause))))
  }
}

/// How an execution ended, with its whole history.
public struct ExecutionResult: Sendable {
  public let execution: Execution
  public let history: [HistoryEvent]
  /// The Map Runs of the execution's own states, in the order of their ends. Their children are told to the observer, as they end.
  public let mapRuns: [MapRunSummary]
  /// The execution's key in the engine's store; nil without a store.
  public let key: Int64?
  /// Why the engine went no further, though the execution has not ended: its store could not be written. What the history has is kept;
  /// `Engine.resume` goes on from there.
  public let interruption: HistoryStoreError?

  public init(
    execution: Execution, history: [HistoryEvent], mapRuns: [MapRunSummary] = [], key: Int64? = nil, interruption: HistoryStoreError? = nil
  ) {
    self.execution = execution
    self.history = history
    self.mapRuns = mapRuns
    self.key = key
    self.interruption = interruption
  }

  public var status: ExecutionStatus { execution.status }
  public var output: JSONValue? { execution.output }
  public var error: ErrorOutput? { execution.error }

  /// The types of the events that the service's history has, in their order: `ExecutionStarted`, `TaskStateEntered`, ….
  public var eventTypes: [String] { history.filter { !$0.kind.isInternal }.map { $0.type(in: execution.machine) } }

  /// What `GetExecutionHistory` would answer, on one page.
  public var awsHistory: JSONValue {
    ["events": .array(history.compactMap { $0.awsJSON(machine: execution.machine, settings: execution.settings) })]
  }
}

/// Holds a result until it is there.
final class ResultBox: Sendable {
  private enum State {
    case waiting([CheckedContinuation<ExecutionResult, Never>])
    case done(ExecutionResult)
  }
  private let state = Mutex(State.waiting([]))

  func value() async -> ExecutionResult {
    await withCheckedContinuation { continuation in
      let result: ExecutionResult? = state.withLock { state in
        switch state {
        case .done(let result): return result
        case .waiting(let waiters):
          state = .waiting(waiters + [continuation])
          return nil
        }
      }
      if let result { continuation.resume(returning: result) }
    }
  }

  func fulfil(_ result: ExecutionResult) {
    let waiters: [CheckedContinuation<ExecutionResult, Never>] = state.withLock { state in
      guard case .waiting(let waiters) = state else { return [] }
      state = .done(result)
      return waiters
    }
    for waiter in waiters { waiter.resume(returning: result) }
  }
}

/// The mailbox of an engine's loop.
final class Inbox: Sendable {
  enum Message: Sendable {
    case start(Int, Execution, JSONValue, (@Sendable (ExecutionUpdate) -> Void)?, ResultBox)
    case redrive(Int, ExecutionResult, (@Sendable (ExecutionUpdate) -> Void)?, ResultBox, reply: @Sendable (String?) -> Void)
    case resume(Int, StoredHistory, Signal, (@Sendable (ExecutionUpdate) -> Void)?, ResultBox)
    case signal(Int, Signal)
    /// The answer of an action; it also ends the action's own task.
    case answer(Int, Signal)
    case progress(Int, EventID, String)
    case heartbeat(Int, EventID)
    case mapRun(EngineLoop.MapRunKey, EngineLoop.MapRunReport)
    /// A callback's work was submitted; the task goes on without its action.
    case submitted(Int, EventID, JSONValue)
    case token(String, TokenAnswer, reply: @Sendable (TaskTokenError?) -> Void)
    case poll(Int, String, String?, reply: @Sendable (ActivityTask?) -> Void)
    case endPoll(Int)
    case whenIdle(@Sendable () -> Void)
    /// An action waits in the engine's time.
    case sleep(Sleeper, Duration)
    case cancelSleep(Sleeper)
    case shutDown
  }

  private struct State {
    var messages: [Message] = []
    var waiter: CheckedContinuation<Void, Never>?
    var isWoken = false
    var lastNumber = 0
    var isClosed = false
  }
  private let state = Mutex(State())

  func nextNumber() -> Int {
    state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
  }

  /// - Returns: false when the loop has ended, and nobody will read the message.
  @discardableResult
  func send(_ message: Message) -> Bool {
    let (waiter, isOpen) = state.withLock { state in
      if state.isClosed { return (nil as CheckedContinuation<Void, Never>?, false) }
      state.messages.append(message)
      defer { state.waiter = nil }
      return (state.waiter, true)
    }
    waiter?.resume()
    return isOpen
  }

  /// Refuses further messages.
  /// - Returns: those that nobody has read.
  func close() -> [Message] {
    state.withLock { state in
      defer { state.messages = [] }
      state.isClosed = true
      return state.messages
    }
  }

  func takeAll() -> [Message] {
    state.withLock { state in
      let messages = state.messages
      state.messages = []
      state.isWoken = false
      return messages
    }
  }

  /// Ends a wait without a message.
  func wake() {
    let waiter = state.withLock { state in
      state.isWoken = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Returns when there is a message, or at `instant`.
  func wait(until instant: ContinuousClock.Instant?) async {
    let alarm = instant.map { instant in
      Task {
        do {
          try await Task.sleep(until: instant, clock: .continuous)
          wake()
        } catch {
          // Cancelled: a message came first.
        }
      }
    }
    await withCheckedContinuation { continuation in
      let isDue = state.withLock { state in
        if !state.messages.isEmpty || state.isWoken { return true }
        state.waiter = continuation
        return false
      }
      if isDue { continuation.resume() }
    }
    alarm?.cancel()
  }
}

public import JSONTypes
public import StatesLanguage

/// One execution driven to its end in virtual time, without a clock, a thread or an action: the test bench of the core.
///
/// Whatever is left open is a choice of the seed: how tasks end and when, and in which order things come that happen at the same moment.
/// The same seed gives the same history.
///
/// ```swift
/// var simulation = Simulation(of: machine, input: input, settings: ExecutionSettings(name: "test"), seed: 42)
/// while let turn = simulation.turn() { check(turn) }
/// ```
public struct Simulation: Sendable {
  /// How one attempt of a Task state ends.
  public enum TaskOutcome: Sendable, Hashable {
    case succeeds(JSONValue, after: Duration = .zero)
    case fails(ErrorOutput, after: Duration = .zero)
    /// Alive, but without an answer: its `TimeoutSeconds` pass, if it has any.
    case isSilent
    /// Not heard of again: its `HeartbeatSeconds` pass, if it has any, else its `TimeoutSeconds`.
    case losesHeartbeat
  }

  /// What an execution was told in one turn, and what followed.
  public struct Turn: Sendable, Hashable {
    public var signal: Signal
    public var time: Timestamp
    /// The new facts, already part of `history`.
    public var facts: [HistoryEvent]
  }

  /// Chooses the outcome of an attempt. `TaskCall.retryCount` says which attempt it is.
  public typealias Outcomes = @Sendable (TaskCall, inout SeededRandom) -> TaskOutcome

  public private(set) var execution: Execution
  public private(set) var history: [HistoryEvent]
  public private(set) var now: Timestamp

  private struct Coming: Sendable {
    var time: Timestamp
    /// Decides between what comes at the same moment.
    var lot: UInt64
    var effect: EventID
    var signal: Signal
  }
  private var coming: [Coming] = []
  private var random: SeededRandom
  private let fuel: Int
  private let outcomes: Outcomes

  /// - Parameters:
  ///   - fuel: states that run in one turn; small numbers cut turns short.
  ///   - outcomes: how tasks end; by default anything may happen.
  public init(
    of machine: StateMachine, input: JSONValue, settings: ExecutionSettings, seed: UInt64,
    startingAt: Timestamp = Timestamp(microseconds: 1_704_067_200_000_000), fuel: Int = .max, outcomes: @escaping Outcomes = anyOutcome
  ) {
    execution = Execution(of: machine, settings: settings)
    history = []
    now = startingAt
    random = SeededRandom(seed: seed)
    self.fuel = max(1, fuel)
    self.outcomes = outcomes
    coming = [Coming(time: now, lot: 0, effect: 0, signal: .start(input))]
  }

  /// Goes on from a history: what it left open is asked of the world again, as after a crash.
  public init(
    of machine: StateMachine, settings: ExecutionSettings, resuming history: [HistoryEvent], at now: Timestamp, seed: UInt64, fuel: Int = .max,
    outcomes: @escaping Outcomes = anyOutcome
  ) {
    execution = Execution(of: machine, settings: settings, replaying: history)
    self.history = history
    self.now = now
    random = SeededRandom(seed: seed)
    self.fuel = max(1, fuel)
    self.outcomes = outcomes
    _ = execution.takeEffectChanges()
    for id in execution.openEffects.keys.sorted() { plan(id) }
  }

  /// The next turn; nil when nothing can happen any more. An execution that only waits for answers that never come is stopped.
  public mutating func turn() -> Turn? {
    if execution.isFinished { return nil }
    return receive(nextSignal())
  }

  /// Tells the execution something that the simulation has not planned, for example a late answer or a stop.
  @discardableResult
  public mutating func receive(_ signal: Signal) -> Turn {
    let facts = execution.receive(signal, at: now, fuel: fuel)
    history.append(contentsOf: facts)
    let changes = execution.takeEffectChanges()
    coming.removeAll { $0.effect != 0 && changes.closed.contains($0.effect) }
    for id in changes.opened { plan(id) }
    return Turn(signal: signal, time: now, facts: facts)
  }

  /// Turns until the end, or until `turns` are over.
  @discardableResult
  public mutating func run(turns: Int = .max) -> Execution {
    var left = turns
    while left > 0, turn() != nil { left -= 1 }
    return execution
  }

  // MARK: What comes

  private mutating func nextSignal() -> Signal {
    let index = coming.indices.min { (coming[$0].time, coming[$0].lot) < (coming[$1].time, coming[$1].lot) }
    if execution.isRunnable {
      // Where fuel ran out, the world may come in between.
      guard let index, coming[index].time <= now, random.next() & 1 == 0 else { return .proceed }
      return coming.remove(at: index).signal
    }
    guard let index else {
      return .stop(ErrorOutput(error: "Simulation.Stopped", cause: "Nothing was to come any more: the tasks left open never end."))
    }
    let next = coming.remove(at: index)
    now = max(now, next.time)
    return next.signal
  }

  private mutating func plan(_ id: EventID) {
    switch execution.openEffects[id] {
    case nil: return
    case .timer(let until): add(.timerFired(id), at: until, for: id)
    case .mapRun(let call):
      let delay = Duration.milliseconds(Int64(random.next() % 4) * 500)
      if random.next() % 4 == 0 {
        let error = ErrorOutput(error: ErrorName.exceedToleratedFailureThreshold.rawValue, cause: "simulated")
        add(.mapRunFailed(id, error), at: now.advanced(by: delay), for: id)
      } else if case .given(let items) = call.start.items {
        add(.mapRunSucceeded(id, .array(items)), at: now.advanced(by: delay), for: id)
      } else {
        add(.mapRunSucceeded(id, []), at: now.advanced(by: delay), for: id)
      }
    case .task(let call):
      if let pattern = TaskResource(call.resource)?.pattern, pattern != .requestResponse { add(.taskSubmitted(id, .emptyObject), at: now, for: id) }
      if let seconds = call.timeoutSeconds { add(.taskTimedOut(id, isHeartbeat: false), at: now.advanced(bySeconds: Int64(seconds)), for: id) }
      switch outcomes(call, &random) {
      case .succeeds(let value, let delay): add(.taskSucceeded(id, value), at: now.advanced(by: delay), for: id)
      case .fails(let error, let delay): add(.taskFailed(id, error), at: now.advanced(by: delay), for: id)
      case .isSilent: break
      case .losesHeartbeat:
        if let seconds = call.heartbeatSeconds { add(.taskTimedOut(id, isHeartbeat: true), at: now.advanced(bySeconds: Int64(seconds)), for: id) }
      }
    }
  }

  private mutating func add(_ signal: Signal, at time: Timestamp, for effect: EventID) {
    coming.append(Coming(time: time, lot: random.next(), effect: effect, signal: signal))
  }

  // MARK: Outcomes

  /// Mostly success with some value, else a failure with a name that retriers and catchers look for, a timeout, or no answer at all.
  public static let anyOutcome: Outcomes = { call, random in
    let delay = Duration.milliseconds([0, 0, 1, 250, 1000, 1000, 2500, 7000][Int(random.next() % 8)])
    switch random.next() % 100 {
    case 0..<35: return .succeeds(call.input, after: delay)
    case 35..<60: return .succeeds(values[Int(random.next() % UInt64(values.count))], after: delay)
    case 60..<85:
      let error = errors[Int(random.next() % UInt64(errors.count))]
      return .fails(ErrorOutput(error: error, cause: random.next() & 1 == 0 ? nil : "simulated"), after: delay)
    case 85..<92: return .losesHeartbeat
    default: return .isSilent
    }
  }

  private static let values: [JSONValue] = [
    nil, true, 7, 1.5, "text", [], [:], [1, 2, 3], ["a": 1, "list": [["n": 1], ["n": 2]], "s": "x"], ["Payload": ["a": [nil, 2]]],
  ]
  private static let errors = [
    "Custom", "Lambda.Unknown", ErrorName.taskFailed.rawValue, ErrorName.timeout.rawValue, ErrorName.dataLimitExceeded.rawValue, "E", "",
    ErrorName.runtime.rawValue,
  ]
}

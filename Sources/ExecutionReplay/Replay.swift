import ExecutionTraces
package import JSONTypes
package import StatesInterpreter
package import StatesLanguage

/// Runs a definition against a recorded history: what the world said then, it says again, and each event is compared.
///
/// The recording leads: for each of its events the execution is told what made that event happen, at the time of the event. Branches and
/// iterations run in the order of the recording, one state at a time, so that what failed first fails first. Events are matched by what they
/// follow from; ids may differ.
///
/// Values that follow from random numbers, from the execution's name or from exact times cannot be repeated: `Execution.estranged` tells which
/// they are. There the recording's value is taken over.
package struct Replay {
  package struct Options: Sendable {
    /// Kinds of differences to go on after. Data goes on as this definition makes it.
    package var ignored: Set<ReplayDifference.Kind> = []
    /// What the execution starts with, in place of the recorded input.
    package var input: JSONValue?
    /// Says that two values agree though they are not equal, for recordings with placeholders.
    package var agrees: (@Sendable (_ recorded: JSONValue, _ actual: JSONValue) -> Bool)?
    package init() {}
  }

  /// An event of ours that no recorded event was met by yet.
  struct Pending {
    var event: HistoryEvent
    var turn: Int
  }
  /// A turn as it can be played again.
  struct Turn {
    var before: Execution
    var cause: Cause
    var now: Timestamp
  }
  /// What makes a turn.
  enum Cause {
    case signal(Signal)
    case run(frame: Int)
  }

  /// Progress for one recorded event: a timer fires, a state runs.
  static let attempts = 3

  let recording: Recording
  let options: Options
  var execution: Execution
  var history: [HistoryEvent] = []
  var now: Timestamp
  var pending: [Pending] = []
  var turns: [Int: Turn] = [:]
  var turnCount = 0
  /// Our ids of recorded ones, and the reverse.
  var ours: [Int: EventID] = [0: 0]
  var theirs: [EventID: Int] = [0: 0]
  /// The state that each recorded event is about, as far as known.
  var stateNames: [Int: String] = [:]
  var followers: [Int: [Int]] = [:]
  var ignored: [ReplayDifference] = []
  var adopted = 0
  var checkpoint: Checkpoint?
  private var isTrial = false

  /// - Parameter subMachine: 0 for a history of the machine itself; the number of an item processor for that of a child of its Map Run.
  package init(of machine: StateMachine, subMachine: Int = 0, settings: ExecutionSettings, recording: Recording, options: Options = Options()) {
    execution = Execution(of: machine, subMachine: subMachine, settings: settings)
    self.recording = recording
    self.options = options
    now = recording.events.first?.timestamp ?? Timestamp(microseconds: 0)
    for (index, event) in recording.events.enumerated() {
      followers[event.previousEventID ?? -1, default: []].append(index)
      stateNames[event.id] = event.stateName ?? event.previousEventID.flatMap { stateNames[$0] }
    }
  }

  /// Replays all of the recording, or until the first difference.
  package mutating func run() -> ReplayReport {
    var agreeing = 0
    var difference: ReplayDifference?
    for event in recording.events {
      if let time = event.timestamp, time > now { now = time }
      difference = meet(event)
      if difference != nil, meetByChance(event) { difference = nil }
      if difference != nil { break }
      checkpoint?.met.append(event)
      agreeing += 1
    }
    if difference == nil { difference = surplus() }
    return ReplayReport(
      agreeing: agreeing, recorded: recording.events.count, isComplete: recording.isComplete, difference: difference, ignored: ignored,
      adopted: adopted, execution: execution, history: history)
  }

  /// Brings about what a recorded event tells, and compares.
  private mutating func meet(_ event: Recording.Event) -> ReplayDifference? {
    var first: ReplayDifference?
    for attempt in 0..<Self.attempts {
      if let index = match(event) {
        let met = pending.remove(at: index)
        if let difference = first ?? compare(event, met) { return difference }
        beginWait(met.event, event)
        return nil
      }
      guard let cause = cause(of: event, isFirst: attempt == 0) else { break }
      if first == nil, let found = timing(event, cause) { first = judged(found) }
      if play(cause, for: event) == 0 { break }
    }
    return missing(event)
  }

  // MARK: Turns

  /// What stood before the newest turn, with the events that were met since: from here another throw of the dice can be tried.
  struct Checkpoint {
    var execution: Execution
    var now: Timestamp
    var historyCount: Int
    var pending: [Pending]
    var turns: [Int: Turn]
    var ignored: [ReplayDifference]
    var adopted: Int
    var met: [Recording.Event] = []
  }

  /// Seeds that are tried where chance may have chosen the way.
  static let throwsOfTheDice: Range<UInt64> = 1..<33

  /// Plays the newest turn with other random numbers, until it goes the recorded way.
  private mutating func meetByChance(_ event: Recording.Event) -> Bool {
    guard let checkpoint else { return false }
    let seed = execution.settings.seed
    for number in Self.throwsOfTheDice {
      var trial = self
      trial.checkpoint = nil
      trial.isTrial = true
      trial.execution = checkpoint.execution.reseeded(seed &+ number)
      trial.now = checkpoint.now
      trial.history.removeLast(trial.history.count - checkpoint.historyCount)
      (trial.pending, trial.turns) = (checkpoint.pending, checkpoint.turns)
      for event in checkpoint.met + [event] { if let own = trial.ours.removeValue(forKey: event.id) { trial.theirs[own] = nil } }
      (trial.ignored, trial.adopted) = (checkpoint.ignored, checkpoint.adopted)
      guard (checkpoint.met + [event]).allSatisfy({ again in
        if let time = again.timestamp, time > trial.now { trial.now = time }
        return trial.meet(again) == nil
      }) else { continue }
      trial.execution = trial.execution.reseeded(seed)
      trial.isTrial = false
      trial.checkpoint = checkpoint
      trial.adopted += 1
      self = trial
      return true
    }
    return false
  }

  /// A wait begins as its state is entered; no event tells of it.
  private mutating func beginWait(_ event: HistoryEvent, _ recorded: Recording.Event) {
    guard case .stateEntered(let state, _) = event.kind, machine.states[state].type == .wait, execution.frameView(event.frame)?.isReady == true else { return }
    // One that cannot wait fails when the recording comes to it.
    var probe = execution
    guard probe.runState(ofFrame: event.frame, at: now).allSatisfy(\.opensTimer) else { return }
    _ = play(.run(frame: event.frame), for: recorded)
  }

  /// Plays a turn; states whose output cannot be repeated are given that of the recording.
  /// - Returns: how many events came.
  private mutating func play(_ cause: Cause, for event: Recording.Event) -> Int {
    if case .signal(.timerFired(let id)) = cause, event.timestamp == nil, case .timer(let until)? = execution.openEffects[id], until > now { now = until }
    let before = execution
    if !isTrial {
      checkpoint = Checkpoint(
        execution: execution, now: now, historyCount: history.count, pending: pending, turns: turns, ignored: ignored, adopted: adopted)
    }
    var facts = Self.play(cause, on: &execution, at: now)
    for _ in 0..<8 {
      guard let change = unrepeatable(facts, Turn(before: before, cause: cause, now: now)) else { break }
      var changed = before
      var told = changed.receive(.change(frame: change.frame, .output(Payload(measuring: change.output))), at: now, fuel: 0)
      guard !told.isEmpty else { break }
      told += Self.play(cause, on: &changed, at: now)
      if told.contains(facts) { break }
      execution = changed
      facts = told
      adopted += 1
    }
    turnCount += 1
    turns[turnCount] = Turn(before: before, cause: cause, now: now)
    history += facts
    pending += facts.filter { !$0.kind.isInternal }.map { Pending(event: $0, turn: turnCount) }
    return facts.count
  }

  static func play(_ cause: Cause, on execution: inout Execution, at now: Timestamp) -> [HistoryEvent] {
    switch cause {
    case .signal(let signal): execution.receive(signal, at: now, fuel: 0)
    case .run(let frame): execution.runState(ofFrame: frame, at: now)
    }
  }

  /// The first state of a turn whose output differs from the recorded one for no other reason than what a recording does not tell.
  private func unrepeatable(_ facts: [HistoryEvent], _ turn: Turn) -> (frame: Int, output: JSONValue)? {
    for fact in facts {
      guard case .stateExited(let state, let output, _, _) = fact.kind else { continue }
      let name = execution.machine.states[state].name
      let previous = facts.contains { $0.id == fact.previousEventID } ? nil : theirs[fact.previousEventID]
      // A state that ends in the turn in which something of it has happened is found by its name.
      let candidates = previous.map { followers[$0] ?? [] } ?? Array(recording.events.indices)
      guard let recorded = candidates.lazy.map({ recording.events[$0] }).first(where: { event in
        ours[event.id] == nil && event.type.hasSuffix("StateExited") && event.stateName == name
      }), let value = recorded.details["output"].map(ComparableEvent.payload), recorded.details["outputDetails"]?["truncated"] != true else { continue }
      let differences = JSONChange.differences(value, output.value).filter { !agree($0) }
      if differences.isEmpty { continue }
      if case .signal(.mapRunSucceeded) = turn.cause { return (fact.frame, value) }
      if differences.allSatisfy({ isUnrepeatable($0.path, of: fact, in: turn, value: { if case .stateExited(_, let output, _, _) = $0.kind { output.value } else { nil } }) }) {
        return (fact.frame, value)
      }
    }
    return nil
  }

  // MARK: What cannot be repeated

  /// Whether a value is another one in an execution that differs in nothing but what a recording does not tell.
  func isUnrepeatable(_ path: [JSONChange.Step], of event: HistoryEvent, in turn: Turn, value: (HistoryEvent) -> JSONValue?) -> Bool {
    guard let own = value(event) else { return false }
    for number in 0..<4 as Range<UInt64> {
      var other = turn.before.estranged(by: number)
      let facts = Self.play(turn.cause, on: &other, at: turn.now.advanced(bySeconds: Int64(number)))
      guard let twin = facts.first(where: { $0.id == event.id && !$0.kind.isInternal && $0.state == event.state && $0.sort == event.sort }), let its = value(twin)
      else { continue }
      for difference in JSONChange.differences(own, its) where path.starts(with: difference.path) || difference.path.starts(with: path) { return true }
    }
    return false
  }

  func agree(_ difference: JSONChange) -> Bool {
    guard let recorded = difference.old, let actual = difference.new else { return false }
    return options.agrees?(recorded, actual) ?? false
  }
}

extension HistoryEvent {
  /// What happens, without its data.
  var sort: Int {
    switch kind {
    case .stateEntered: 1
    case .stateExited: 2
    case .taskScheduled: 3
    case .taskSucceeded: 4
    case .taskFailed: 5
    case .evaluationFailed: 6
    case .executionFailed: 7
    case .executionSucceeded: 8
    case .mapStateStarted: 9
    case .mapIterationStarted: 10
    default: 0
    }
  }
}

public import JSONTypes
public import StatesLanguage

/// Where an execution stands, in the service's words.
public enum ExecutionStatus: String, Sendable, Hashable, CaseIterable {
  /// Made, but not started. The service has no word for it.
  case notStarted = "NOT_STARTED"
  case running = "RUNNING"
  case succeeded = "SUCCEEDED"
  case failed = "FAILED"
  case timedOut = "TIMED_OUT"
  case aborted = "ABORTED"
}

/// An execution of a state machine, as a value.
///
/// It has no clock, no randomness and does no I/O: `receive` decides what a signal means and returns the new facts, already applied;
/// `openEffects` says what the world owes. The facts are the truth: replaying them gives the same value, without evaluating anything.
public struct Execution: Sendable {
  public let machine: StateMachine
  public let settings: ExecutionSettings
  /// What it runs: the machine itself, 0, or the item processor of a distributed Map.
  public let subMachine: Int

  public internal(set) var status = ExecutionStatus.notStarted
  public internal(set) var startedAt = Timestamp(microseconds: 0)
  public internal(set) var stoppedAt: Timestamp?
  public internal(set) var input = JSONValue.null
  /// How often the execution was redriven, and when it was last.
  public internal(set) var redriveCount = 0
  public internal(set) var redrivenAt: Timestamp?
  /// The output of a succeeded execution.
  public internal(set) var output: JSONValue?
  /// How a failed, aborted or timed out execution ended.
  public internal(set) var error: ErrorOutput?
  /// The id of the newest event.
  public internal(set) var lastEventID: EventID = 0
  /// What the world owes this execution, by the id of the event that opened it.
  public internal(set) var openEffects: [EventID: Effect] = [:]

  var frames: [Frame] = []
  /// The frames as they stood before a failure began to end them; a redrive goes on from there. nil while nothing fails.
  var framesBeforeFailure: FrameTable?
  var freeFrames: [Int] = []
  /// The states that are yet to run, in the order of their entry; from `readyHead` on. What is in it follows from `frames`: an entry whose frame
  /// has moved on counts no more.
  var ready: [ReadyState] = []
  var readyHead = 0
  var effectFrames: [EventID: Int] = [:]

  // What belongs to the turn, not to the execution.
  var now = Timestamp(microseconds: 0)
  var facts: [HistoryEvent] = []
  /// Effects opened since `takeEffectChanges`; those closed meanwhile are among `closedEffects`.
  var openedEffects: [EventID] = []
  var closedEffects: [EventID] = []

  /// - Parameter subMachine: 0 for the machine itself; the number of an item processor for a child of a Map Run, which sees nothing of what is around it.
  public init(of machine: StateMachine, subMachine: Int = 0, settings: ExecutionSettings) {
    precondition(machine.subMachines.indices.contains(subMachine), "the machine has no sub-machine \(subMachine)")
    self.machine = machine
    self.subMachine = subMachine
    self.settings = settings
  }

  /// The execution that these facts made.
  public init(of machine: StateMachine, subMachine: Int = 0, settings: ExecutionSettings, replaying history: some Sequence<HistoryEvent>) {
    self.init(of: machine, subMachine: subMachine, settings: settings)
    for event in history { apply(event) }
  }

  /// Nothing will happen any more.
  public var isFinished: Bool {
    switch status {
    case .notStarted, .running: false
    case .succeeded, .failed, .timedOut, .aborted: true
    }
  }

  /// Fuel ran out in the last turn: `Signal.proceed` goes on.
  public var isRunnable: Bool { ready[readyHead...].contains(where: isStillReady) }

  /// Whether every state that was entered waits for something or is yet to run: the execution can be taken up from here.
  public var isSettled: Bool { !frames.contains { $0.phase == .moving } }

  /// Decides what `signal` means at `now` and applies it.
  ///
  /// A turn is all that follows from one signal, until every frame waits or `fuel` states have run.
  /// - Returns: the new facts, in their order; none for a signal that means nothing any more.
  public mutating func receive(_ signal: Signal, at now: Timestamp, fuel: Int = .max) -> [HistoryEvent] {
    self.now = now
    facts = []
    do throws(ExecutionEnd) {
      do throws(ExecutionEnd) { try handle(signal) } catch { try meet(error) }
      try run(fuel: fuel)
    } catch {
      end(error)
    }
    let result = facts
    facts = []
    return result
  }

  /// The effects that were opened and closed since the last call, for a shell that keeps step with them.
  public mutating func takeEffectChanges() -> (opened: [EventID], closed: [EventID]) {
    defer {
      openedEffects.removeAll(keepingCapacity: true)
      closedEffects.removeAll(keepingCapacity: true)
    }
    return (openedEffects, closedEffects)
  }

  /// The execution as another program finds it: every effect that is open counts as newly opened, so that a shell takes all of them up.
  public mutating func reopenEffects() {
    openedEffects = openEffects.keys.sorted()
    closedEffects = []
  }

  // MARK: Signals

  private mutating func handle(_ signal: Signal) throws(ExecutionEnd) {
    switch signal {
    case .start(let input):
      guard status == .notStarted else { return }
      let payload = Payload(measuring: input)
      try emit(.executionStarted(input: payload), frame: 0, after: 0)
      guard payload.bytesAtMost <= settings.limits.payloadBytes else {
        throw ExecutionEnd(
          ErrorOutput(
            error: ErrorName.dataLimitExceeded.rawValue,
            cause: "The execution input has \(payload.bytesAtMost) bytes; at most \(settings.limits.payloadBytes) are allowed."), after: 1)
      }
      try enter(machine.subMachines[subMachine].startAt, with: payload, frame: 0, after: 0)
    case .resume:
      guard status == .running else { return }
      try emit(.executionResumed, frame: 0, after: lastEventID)
    case .taskStarted(let id, let worker):
      guard let (frame, state) = openTask(id) else { return }
      try emit(.taskStarted(state: state, worker: worker), frame: frame, after: frames[frame].lastEvent)
    case .taskSubmitted(let id, let output):
      guard let (frame, state) = openTask(id), case .task(let task) = machine.states[state], task.resource.pattern != .requestResponse,
        case .task(let call)? = openEffects[id], call.submission == nil
      else { return }
      try emit(.taskSubmitted(state: state, output: Payload(measuring: output)), frame: frame, after: frames[frame].lastEvent)
    case .taskSucceeded(let id, let result):
      guard let (frame, state) = openTask(id), case .task(let task) = machine.states[state] else { return }
      try taskSucceeded(task, result: result, frame: frame)
    case .taskFailed(let id, let error):
      guard let (frame, state) = openTask(id) else { return }
      let failed = try emit(.taskFailed(state: state, error), frame: frame, after: frames[frame].lastEvent)
      try fail(frame, with: error, after: failed)
    case .taskTimedOut(let id, let isHeartbeat):
      guard let (frame, state) = openTask(id) else { return }
      let error = ErrorOutput(error: ErrorName.timeout.rawValue, cause: nil)
      let failed = try emit(.taskTimedOut(state: state, error), frame: frame, after: frames[frame].lastEvent)
      try fail(frame, with: error, isHeartbeat: isHeartbeat, after: failed)
    case .timerFired(let id):
      guard case .timer? = openEffects[id], let frame = effectFrames[id] else { return }
      if frame < 0 {
        throw ExecutionEnd(kind: .timedOut, ErrorOutput(error: nil, cause: nil), after: 0)
      }
      try timerFired(frame)
    case .mapRunSucceeded(let id, let result):
      guard let (frame, state) = openMapRun(id) else { return }
      let last = try emit(.mapRunSucceeded(state: state.common.index), frame: frame, after: frames[frame].lastEvent)
      try emit(.mapStateSucceeded(state: state.common.index), frame: frame, after: last)
      try complete(frame, state.common, state.work, result: Payload(measuring: result), after: last)
    case .mapRunFailed(let id, let error):
      guard let (frame, state) = openMapRun(id) else { return }
      let failed = try emit(.mapRunFailed(state: state.common.index, error), frame: frame, after: frames[frame].lastEvent)
      try fail(frame, with: error, after: failed)
    case .stop(let error):
      guard status == .running else { return }
      throw ExecutionEnd(kind: .aborted, error, after: 0)
    case .redrive:
      guard redriveProblem(at: now) == nil else { return }
      try emit(.executionRedriven(count: redriveCount + 1), frame: 0, after: lastEventID)
    case .proceed: return
    }
  }

  private func openTask(_ id: EventID) -> (frame: Int, state: Int)? {
    guard case .task? = openEffects[id], let frame = effectFrames[id] else { return nil }
    return (frame, frames[frame].state)
  }

  private func openMapRun(_ id: EventID) -> (frame: Int, state: MapState)? {
    guard case .mapRun(let call)? = openEffects[id], let frame = effectFrames[id], case .map(let state) = machine.states[call.state] else { return nil }
    return (frame, state)
  }

  /// A Wait state is over, or a retry is due.
  private mutating func timerFired(_ frame: Int) throws(ExecutionEnd) {
    if case .wait(let state) = machine.states[frames[frame].state] { return try waited(state, frame: frame) }
    try runState(of: frame)
  }

  /// Why the execution cannot be redriven, in the service's words where they are known; nil when it can.
  ///
  /// Source: AWS Step Functions API Reference, RedriveExecution; Developer Guide, "Redriving executions".
  public func redriveProblem(at now: Timestamp) -> String? {
    if settings.type == .express { return "An EXPRESS workflow execution cannot be redriven" }
    switch status {
    case .notStarted, .running: return "Execution is \(status.rawValue) and cannot be redriven"
    case .succeeded: return "Execution is SUCCEEDED and cannot be redriven"
    case .failed, .timedOut, .aborted: break
    }
    if lastEventID >= settings.limits.historyEvents - 1 { return "Execution history event limit exceeded" }
    if let stoppedAt, now > stoppedAt.advanced(bySeconds: 14 * 86_400) { return "Execution redrivable period exceeded" }
    return nil
  }

  // MARK: Running

  private mutating func run(fuel: Int) throws(ExecutionEnd) {
    var fuel = fuel
    while fuel > 0, let frame = nextReady() {
      fuel -= 1
      do throws(ExecutionEnd) { try runState(of: frame) } catch { try meet(error) }
    }
  }

  private mutating func nextReady() -> Int? {
    while readyHead < ready.count {
      let entry = ready[readyHead]
      readyHead += 1
      if readyHead == ready.count {
        ready.removeAll(keepingCapacity: true)
        readyHead = 0
      }
      if isStillReady(entry) { return entry.frame }
    }
    return nil
  }

  private func isStillReady(_ entry: ReadyState) -> Bool {
    frames[entry.frame].phase == .ready && frames[entry.frame].enteredEvent == entry.enteredEvent
  }

  /// Remembers a state that was entered. Entries that count no more, of which a replay makes many, are dropped when they are the most.
  mutating func addReady(_ frame: Int, enteredEvent: EventID) {
    if ready.count > 2 * frames.count + 64 {
      ready = ready[readyHead...].filter(isStillReady)
      readyHead = 0
    }
    ready.append(ReadyState(frame: frame, enteredEvent: enteredEvent))
  }

  /// Gives the failure of a state to its `Retry` and `Catch`; any other end goes on up.
  private mutating func meet(_ end: ExecutionEnd) throws(ExecutionEnd) {
    switch end.kind {
    case .state(let frame): try fail(frame, with: end.error, after: end.previous)
    case .query(let frame, let location):
      let failed = try emitEvaluationFailed(end.error, location: location, frame: frame)
      try fail(frame, with: end.error, after: failed)
    case .succeeded, .failed, .aborted, .timedOut: throw end
    }
  }

  private mutating func runState(of frame: Int) throws(ExecutionEnd) {
    switch machine.states[frames[frame].state] {
    case .task(let state): try run(state, frame: frame)
    case .pass(let state): try run(state, frame: frame)
    case .wait(let state): try run(state, frame: frame)
    case .choice(let state): try run(state, frame: frame)
    case .succeed(let state): try run(state, frame: frame)
    case .fail(let state): try run(state, frame: frame)
    case .parallel(let state): try run(state, frame: frame)
    case .map(let state): try run(state, frame: frame)
    }
  }

  /// Writes a fact down and applies it.
  /// - Returns: its id.
  /// - Throws: the end of the execution when its history is full.
  @discardableResult
  mutating func emit(_ kind: HistoryEvent.Kind, frame: Int, after previous: EventID) throws(ExecutionEnd) -> EventID {
    if kind.isInternal {
      record(kind, id: previous, frame: frame, after: previous)
      return previous
    }
    let id = lastEventID + 1
    if id >= settings.limits.historyEvents {
      throw ExecutionEnd(
        ErrorOutput(
          error: ErrorName.runtime.rawValue,
          cause: "The execution reached the maximum number of history events (\(settings.limits.historyEvents))."), after: lastEventID)
    }
    record(kind, id: id, frame: frame, after: previous)
    return id
  }

  private mutating func record(_ kind: HistoryEvent.Kind, id: EventID, frame: Int, after previous: EventID) {
    let event = HistoryEvent(id: id, previousEventID: previous, timestamp: now, frame: frame, kind: kind)
    apply(event)
    facts.append(event)
  }

  /// Enters a state: its input is what the state before put out.
  mutating func enter(_ state: Int, with input: Payload, frame: Int, after previous: EventID) throws(ExecutionEnd) {
    try emit(.stateEntered(state: state, input: input), frame: frame, after: previous)
  }

  /// Ends the current state of a frame and goes where its transition leads.
  mutating func leave(
    _ frame: Int, with output: Payload, assigned: JSONObject? = nil, to transition: Transition, after previous: EventID
  ) throws(ExecutionEnd) {
    let state = frames[frame].state
    var output = output
    try limit(&output, state: state, after: previous)
    let parent = frames[frame].parent
    let exited = try emit(.stateExited(state: state, output: output, assigned: assigned, transition: transition), frame: frame, after: previous)
    switch transition {
    case .next(let next): try enter(next, with: output, frame: frame, after: exited)
    case .end:
      guard parent >= 0 else { throw ExecutionEnd(kind: .succeeded(output), ErrorOutput(error: nil, cause: nil), after: exited) }
      switch machine.states[frames[parent].state] {
      case .parallel(let state): try branchEnded(of: state, frame: parent)
      case .map(let state): try iterationEnded(of: state, frame: frame, parent: parent, after: exited)
      case .task, .pass, .wait, .choice, .succeed, .fail: preconditionFailure("only Parallel and Map states have frames below them")
      }
    }
  }

  /// Ends the execution with a fact that is always written, even when the history is full.
  private mutating func end(_ end: ExecutionEnd) {
    guard !isFinished else { return }
    let kind: HistoryEvent.Kind =
      switch end.kind {
      case .succeeded(let output): .executionSucceeded(output: output)
      case .failed, .state, .query: .executionFailed(end.error)
      case .aborted: .executionAborted(end.error)
      case .timedOut: .executionTimedOut(end.error)
      }
    record(kind, id: lastEventID + 1, frame: 0, after: end.previous)
  }
}

/// Thrown through a turn when it ends the execution, or the state that runs.
struct ExecutionEnd: Error {
  enum Kind {
    case succeeded(Payload), failed, aborted, timedOut
    /// The state of this frame failed in a way that its `Retry` and `Catch` may meet.
    case state(Int)
    /// The same by an expression of JSONata in this field.
    case query(Int, location: String?)
  }
  var kind: Kind
  var error: ErrorOutput
  /// The event that the end follows from.
  var previous: EventID

  init(kind: Kind = .failed, _ error: ErrorOutput, after previous: EventID) {
    self.kind = kind
    self.error = error
    self.previous = previous
  }
}

extension Execution: Hashable {
  /// Equality of what a replay restores; what belongs to a turn does not count.
  public static func == (left: Execution, right: Execution) -> Bool {
    left.machine === right.machine && left.subMachine == right.subMachine && left.settings == right.settings && left.status == right.status && left.startedAt == right.startedAt
      && left.stoppedAt == right.stoppedAt && left.input == right.input && left.output == right.output && left.error == right.error
      && left.lastEventID == right.lastEventID && left.openEffects == right.openEffects && left.frames == right.frames
      && left.freeFrames == right.freeFrames && left.effectFrames == right.effectFrames && left.redriveCount == right.redriveCount
      && left.redrivenAt == right.redrivenAt && left.framesBeforeFailure == right.framesBeforeFailure
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(settings.executionArn)
    hasher.combine(lastEventID)
    hasher.combine(status)
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// What a trace shows of an execution: one line a state, folded over loops, branches and iterations. Made from events alone.
struct TraceModel: Sendable {
  struct Line: Sendable {
    enum Mark: Sendable { case running, succeeded, caught, failed, aborted }
    var state: Int
    var mark = Mark.running
    /// How often the state was entered.
    var visits = 0
    /// Entries that have not ended.
    var open = 0
    var enteredAt = Timestamp(microseconds: 0)
    /// Time spent in ended visits, in microseconds.
    var spent: Int64 = 0
    var waitsUntil: Timestamp?
    /// What the action at work says.
    var progress: String?
    var retries = 0
    var error: ErrorOutput?
    /// Iterations of a Map: done and in all.
    var iterations: (done: Int, of: Int)?
    /// How deep the state stands below Parallel and Map states.
    var depth = 0
  }

  /// A visit that has ended, for a trace that prints lines as they end.
  struct Ended: Sendable {
    var line: Int
    var mark: Line.Mark
  }

  let machine: StateMachine
  private(set) var lines: [Line] = []
  private var lineOfState: [Int: Int] = [:]
  private var frames = TraceFrames()
  private var stateOfEffect: [EventID: Int] = [:]
  private(set) var startedAt: Timestamp?
  private(set) var end: HistoryEvent?
  /// The state whose failure ended the execution: the innermost, where it began.
  private(set) var failedState: Int?
  private var lastFailure: Int?
  /// What stood open before a failure began to end it: a redrive goes on there.
  private var beforeFailure: (lines: [Line], frames: TraceFrames)?
  private(set) var eventCount = 0

  init(machine: StateMachine) {
    self.machine = machine
  }

  mutating func progress(_ effect: EventID, _ text: String) {
    guard let state = stateOfEffect[effect], let line = lineOfState[state] else { return }
    lines[line].progress = text
  }

  /// A distributed Map counts items, which its children take alone or in batches.
  mutating func mapRun(_ summary: MapRunSummary) {
    edit(summary.state) { $0.iterations = (summary.items.ended, summary.items.total) }
  }

  /// Takes one event in.
  /// - Returns: the visits that have just ended, the deepest first.
  mutating func add(_ event: HistoryEvent) -> [Ended] {
    if !event.kind.isInternal { eventCount += 1 }
    keepWhatStandsOpen(before: event.kind)
    switch event.kind {
    case .executionStarted: startedAt = event.timestamp
    case .executionRedriven: reopen(event)
    case .executionResumed, .executionForked: break
    case .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut:
      end = event
      return finish(event)
    case .stateEntered(let state, _): enter(state, event)
    case .stateExited(let state, _, _, let transition):
      let ended = leave(event, mark: lastFailure == state ? .caught : .succeeded)
      // At the end of a branch what fails next is the state around it.
      if case .end = transition, let owner = owner(of: state) { frames.note(owner, event) } else { frames.note(state, event) }
      return ended
    case .stateAborted: return leave(event, mark: failing(by: event).contains(event.frame) ? .failed : .aborted)
    case .taskScheduled(let state, _):
      stateOfEffect[event.id] = state
      frames.note(state, event)
      edit(state) { line in
        line.waitsUntil = nil
        line.progress = nil
      }
    case .taskStarted(let state, _), .taskSubmitted(let state, _): frames.note(state, event)
    case .taskSucceeded(let state, _), .mapRunStarted(let state, _), .mapRunSucceeded(let state), .parallelStateSucceeded(let state),
      .mapStateSucceeded(let state):
      lastFailure = nil
      frames.note(state, event)
    case .evaluationFailed(let state, _, let error), .taskFailed(let state, let error), .taskTimedOut(let state, let error),
      .mapRunFailed(let state, let error):
      lastFailure = state
      frames.note(state, event)
      edit(state) { $0.error = error }
    case .parallelStateStarted(let state):
      lastFailure = nil
      frames.open(state, event)
    case .parallelStateFailed(let state), .mapStateFailed(let state):
      let ended = closeFailed(below: event.frame, by: event)
      lastFailure = state
      frames.note(failsByItself(state) ? state : frames.origin(of: event)?.state ?? state, event)
      return ended
    case .mapStateStarted(let state, let start):
      frames.note(state, event)
      edit(state) { $0.iterations = (0, start.length) }
    case .mapIterationStarted(let state, _): frames.open(state, event)
    case .mapIterationSucceeded(let state, _):
      frames.note(state, event)
      edit(state) { $0.iterations?.done += 1 }
    case .mapIterationFailed(let state, _), .mapIterationAborted(let state, _):
      edit(state) { $0.iterations?.done += 1 }
      let failing = failing(by: event)
      return end(frames.close(event.frame), at: event.timestamp) { failing.contains($0) ? .failed : .aborted }
    case .waitStarted(let until): editFrame(event.frame) { $0.waitsUntil = until }
    case .retryScheduled(_, let until, let error):
      let ended = closeFailed(below: event.frame, by: event)
      editFrame(event.frame) { line in
        line.retries += 1
        line.waitsUntil = until
        line.error = error
        line.progress = nil
      }
      return ended
    }
    return []
  }

  private mutating func keepWhatStandsOpen(before kind: HistoryEvent.Kind) {
    switch kind {
    case .stateAborted, .mapIterationFailed, .mapIterationAborted, .parallelStateFailed, .mapStateFailed, .executionFailed, .executionAborted,
      .executionTimedOut:
      if beforeFailure == nil { beforeFailure = (lines, frames) }
    case .executionRedriven, .executionResumed, .executionForked, .evaluationFailed: break
    default: beforeFailure = nil
    }
  }

  /// The visits that a failure has ended go on.
  private mutating func reopen(_ event: HistoryEvent) {
    end = nil
    failedState = nil
    lastFailure = nil
    guard let before = beforeFailure else { return }
    frames = before.frames
    for (index, line) in before.lines.enumerated() where line.open > 0 {
      let spent = lines[index].spent
      lines[index] = line
      lines[index].spent = spent
      lines[index].mark = .running
      lines[index].error = nil
      lines[index].enteredAt = event.timestamp
    }
    beforeFailure = nil
  }

  private mutating func enter(_ state: Int, _ event: HistoryEvent) {
    frames.enter(state, event)
    lastFailure = nil
    if lineOfState[state] == nil {
      lineOfState[state] = lines.count
      var line = Line(state: state)
      line.depth = owners(of: state).count
      lines.append(line)
    }
    edit(state) { line in
      line.visits += 1
      line.open += 1
      line.mark = .running
      line.enteredAt = event.timestamp
      line.waitsUntil = nil
      line.progress = nil
      line.error = nil
      line.iterations = nil
    }
    if case .fail = machine.states[state] { lastFailure = state }
  }

  /// The state of the event's frame ends, and whatever is still open below it.
  private mutating func leave(_ event: HistoryEvent, mark: Line.Mark) -> [Ended] {
    end(frames.close(event.frame), at: event.timestamp) { $0 == event.frame ? mark : .aborted }
  }

  /// A Parallel or Map state meets a failure: its branches or iterations are over.
  private mutating func closeFailed(below frame: Int, by event: HistoryEvent) -> [Ended] {
    let failing = failing(by: event)
    return end(frames.closeBelow(frame), at: event.timestamp) { failing.contains($0) ? .failed : .aborted }
  }

  /// The frames that a failure has gone through.
  private func failing(by event: HistoryEvent) -> Set<Int> { frames.origin(of: event).map { frames.path(from: $0.frame) } ?? [] }

  private mutating func end(_ closed: [(frame: Int, state: Int)], at time: Timestamp, mark: (Int) -> Line.Mark) -> [Ended] {
    closed.compactMap { frame, state in
      guard let index = lineOfState[state] else { return nil }
      let mark = mark(frame)
      lines[index].open -= 1
      lines[index].spent += time.microseconds - lines[index].enteredAt.microseconds
      // Of visits at the same time, the one that failed tells more than those that it cut short.
      let saysLess = mark == .aborted && lines[index].mark == .failed
      if lines[index].open == 0 && !saysLess || mark == .failed { lines[index].mark = mark }
      lines[index].waitsUntil = nil
      return Ended(line: index, mark: mark)
    }
  }

  private mutating func finish(_ event: HistoryEvent) -> [Ended] {
    var failing: Set<Int> = []
    if case .executionFailed = event.kind {
      failedState = frames.origin(of: event)?.state ?? lastFailure ?? lines.last { $0.open > 0 }?.state
      failing = self.failing(by: event)
      if failing.isEmpty { failing = [0] }
    }
    return end(frames.close(0), at: event.timestamp) { failing.contains($0) ? .failed : .aborted }
  }

  /// A Map that tolerates some failures fails for their number, not for any of them.
  private func failsByItself(_ state: Int) -> Bool {
    guard case .map(let map) = machine.states[state] else { return false }
    return map.toleratedFailureCount != nil || map.toleratedFailurePercentage != nil
  }

  private mutating func edit(_ state: Int, _ body: (inout Line) -> Void) {
    if let index = lineOfState[state] { body(&lines[index]) }
  }

  private mutating func editFrame(_ frame: Int, _ body: (inout Line) -> Void) {
    if let state = frames.state(of: frame) { edit(state, body) }
  }

  private func owner(of state: Int) -> Int? { machine.subMachines[machine.states[state].common.subMachine].owner }

  /// The Parallel and Map states around a state, the nearest first.
  func owners(of state: Int) -> [Int] {
    var owners: [Int] = []
    while let above = owner(of: owners.last ?? state) { owners.append(above) }
    return owners
  }
}

extension Int64 {
  /// A span in microseconds for people: `3 ms`, `1.25 s`, `2 min 5 s`, `3 h 20 min`.
  var spanText: String {
    let milliseconds = self / 1000
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    if milliseconds < 60_000 {
      let hundredths = milliseconds % 1000 / 10
      return "\(milliseconds / 1000).\(hundredths < 10 ? "0" : "")\(hundredths) s"
    }
    let seconds = milliseconds / 1000
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    if seconds < 86_400 { return "\(seconds / 3600) h \(seconds / 60 % 60) min" }
    return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
  }
}

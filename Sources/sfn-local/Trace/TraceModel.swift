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

  let machine: StateMachine
  private(set) var lines: [Line] = []
  private var lineOfState: [Int: Int] = [:]
  private var stateOfFrame: [Int: Int] = [:]
  private var stateOfEffect: [EventID: Int] = [:]
  private(set) var startedAt: Timestamp?
  private(set) var end: HistoryEvent?
  /// The state whose failure ended the execution.
  private(set) var failedState: Int?
  private var lastFailure: Int?
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
  /// - Returns: the line that has just ended a visit, for a trace that prints lines as they end.
  mutating func add(_ event: HistoryEvent) -> Int? {
    if !event.kind.isInternal { eventCount += 1 }
    switch event.kind {
    case .executionStarted: startedAt = event.timestamp
    case .executionRedriven: end = nil
    case .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut:
      end = event
      return finish(event)
    case .stateEntered(let state, _): enter(state, event)
    case .stateExited(let state, _, _, _):
      return leave(state, event, mark: lastFailure == state ? .caught : .succeeded)
    case .stateAborted(let state): return leave(state, event, mark: lastFailure == state ? .failed : .aborted)
    case .taskScheduled(let state, _):
      stateOfEffect[event.id] = state
      edit(state) { line in
        line.waitsUntil = nil
        line.progress = nil
      }
    case .taskStarted, .taskSubmitted: break
    case .taskSucceeded: lastFailure = nil
    case .evaluationFailed(let state, _, let error):
      lastFailure = state
      edit(state) { $0.error = error }
    case .taskFailed(let state, let error), .taskTimedOut(let state, let error):
      lastFailure = state
      edit(state) { $0.error = error }
    case .parallelStateStarted, .parallelStateSucceeded, .mapStateSucceeded: lastFailure = nil
    case .parallelStateFailed(let state), .mapStateFailed(let state): lastFailure = state
    case .mapStateStarted(let state, let start): edit(state) { $0.iterations = (0, start.length) }
    case .mapIterationStarted: break
    case .mapRunStarted, .mapRunSucceeded: lastFailure = nil
    case .mapRunFailed(let state, let error):
      lastFailure = state
      edit(state) { $0.error = error }
    case .mapIterationSucceeded(let state, _), .mapIterationFailed(let state, _), .mapIterationAborted(let state, _):
      edit(state) { $0.iterations?.done += 1 }
    case .waitStarted(let until): editFrame(event.frame) { $0.waitsUntil = until }
    case .retryScheduled(_, let until, let error):
      editFrame(event.frame) { line in
        line.retries += 1
        line.waitsUntil = until
        line.error = error
        line.progress = nil
      }
    }
    return nil
  }

  private mutating func enter(_ state: Int, _ event: HistoryEvent) {
    stateOfFrame[event.frame] = state
    lastFailure = nil
    if lineOfState[state] == nil {
      lineOfState[state] = lines.count
      var line = Line(state: state)
      line.depth = depth(of: state)
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

  private mutating func leave(_ state: Int, _ event: HistoryEvent, mark: Line.Mark) -> Int? {
    edit(state) { line in
      line.open -= 1
      line.spent += event.timestamp.microseconds - line.enteredAt.microseconds
      if line.open == 0 || mark == .failed { line.mark = mark }
      line.waitsUntil = nil
    }
    return lineOfState[state]
  }

  private mutating func finish(_ event: HistoryEvent) -> Int? {
    var ended: Int?
    var mark = Line.Mark.aborted
    if case .executionFailed = event.kind {
      mark = .failed
      failedState = lastFailure ?? lines.last(where: { $0.open > 0 })?.state
    }
    for index in lines.indices where lines[index].open > 0 {
      let isFailed = lines[index].state == failedState
      lines[index].mark = isFailed ? mark : (mark == .failed ? .aborted : mark)
      lines[index].spent += event.timestamp.microseconds - lines[index].enteredAt.microseconds
      lines[index].open = 0
      lines[index].waitsUntil = nil
      if isFailed || ended == nil { ended = index }
    }
    if let failedState, let index = lineOfState[failedState] {
      lines[index].mark = .failed
      ended = index
    }
    return ended
  }

  private mutating func edit(_ state: Int, _ body: (inout Line) -> Void) {
    if let index = lineOfState[state] { body(&lines[index]) }
  }

  private mutating func editFrame(_ frame: Int, _ body: (inout Line) -> Void) {
    if let state = stateOfFrame[frame] { edit(state, body) }
  }

  private func depth(of state: Int) -> Int {
    var depth = 0
    var owner = machine.subMachines[machine.states[state].common.subMachine].owner
    while let above = owner {
      depth += 1
      owner = machine.subMachines[machine.states[above].common.subMachine].owner
    }
    return depth
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

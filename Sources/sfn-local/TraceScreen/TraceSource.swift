import ExecutionTraces
import StatesLanguage

/// The trace of a history, and how to take in the events that were written since.
struct TraceSource {
  private var source: HistorySource
  private(set) var trace: ExecutionTrace

  /// - Parameter definition: the machine that ran, where it is given; one that is kept with the execution otherwise.
  init(_ source: HistorySource, definition: StateMachine?) {
    self.source = source
    trace = ExecutionTrace(source.history, definition: definition ?? source.machine)
  }

  var title: String { source.title }
  var notes: [String] { source.notes }

  /// Takes in the events that came since.
  /// - Returns: whether there are new ones.
  mutating func refresh() -> Bool {
    guard source.refresh() else { return false }
    let (events, known) = (source.history.events, trace.events.count)
    if events.count >= known, zip(events, trace.events).allSatisfy({ $0.id == $1.id && $0.type == $1.type }) {
      trace.append(events[known...])
      return events.count > known
    }
    trace = ExecutionTrace(source.history, definition: trace.machine)
    return true
  }
}

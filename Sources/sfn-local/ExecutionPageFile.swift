import ExecutionPages
import StateGraphs

/// Writes the page about one execution.
///
/// - Parameters:
///   - definition: nil for a history that comes without one.
///   - stateMachine: what the machine is called, where the history does not bring its name.
///   - path: `-` for standard output.
func writeExecutionPage(_ source: HistorySource, definition: StateGraph?, stateMachine: String?, to path: String?) throws {
  let execution = source.execution
  let heading = ExecutionPage.Heading(
    stateMachine: execution?.stateMachineName ?? stateMachine, execution: execution?.name ?? (source.isStandardInput ? nil : source.title),
    status: execution?.status.rawValue)
  try ResultFile.write(ExecutionPage(events: source.history.events.map(\.json), definition: definition, heading: heading).html, to: path)
}

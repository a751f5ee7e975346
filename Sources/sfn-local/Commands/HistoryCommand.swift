import ArgumentParser
import DurableStore
import JSONTypes
import StatesInterpreter
import StatesLanguage

struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Print the history of a kept execution.",
    discussion: "By default one event a line, as run --json prints them.")

  @OptionGroup var execution: ExecutionArgument

  @Flag(help: "Print what GetExecutionHistory would answer.")
  var aws = false

  @Flag(help: "The newest event comes first.")
  var reverseOrder = false

  @OptionGroup var store: StoreArguments

  func run() throws {
    let store = try store.open()
    let stored = try store.history(of: try store.execution(execution.id))
    let (machine, settings) = (stored.execution.machine, stored.execution.settings)
    let history = reverseOrder ? stored.history.reversed() : stored.history
    if aws {
      let events = history.compactMap { $0.awsJSON(machine: machine, settings: settings) }
      Terminal.writeOutput(JSONValue.object(["events": .array(events)]).prettyText + "\n")
    } else {
      var lines = ""
      for fact in history {
        lines += fact.traceJSON(machine: machine, settings: settings).jsonText + "\n"
        if lines.utf8.count > 1 << 16 {
          Terminal.writeOutput(lines)
          lines = ""
        }
      }
      Terminal.writeOutput(lines)
    }
  }
}

import ArgumentParser
import ExecutionTraces
import StatesLanguage

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Walk through the history of an execution, event by event.",
    discussion: """
      On a terminal a screen opens: ? shows its keys, q leaves. In a pipe, or with --plain, each event is a line.

      ID is what sfn-local list shows. FILE is what run --json has printed, or aws stepfunctions get-execution-history, in one or several \
      pages. An execution that still runs is followed.
      """)

  @Argument(
    help: ArgumentHelp("A kept execution, by its name, the beginning of it, or last; or a file with the events of one; - reads standard input.", valueName: "ID|FILE"))
  var history: String

  @OptionGroup var store: StoreArguments

  @Option(help: ArgumentHelp("The definition that ran: shows what lies between a state's input and its output.", valueName: "FILE"))
  var definition: String?

  @Option(help: ArgumentHelp("The state machine, where the definition is a template that holds several.", valueName: "LOGICAL_ID"))
  var stateMachine: String?

  @Flag(help: "Print a line for each event, on a terminal too.")
  var plain = false

  @Flag(help: "Print each event as a line of JSON, with its state and place.")
  var json = false

  @Option(name: .customLong("event"), help: ArgumentHelp("Print all that is known of one event.", valueName: "ID"))
  var event: Int?

  @Option(name: .customLong("state"), help: ArgumentHelp("Print the events of this state; repeatable.", valueName: "NAME"))
  var states: [String] = []

  @Flag(help: "Print failures only.")
  var failures = false

  @Option(help: ArgumentHelp("Print the events that have this text in their type, state or data.", valueName: "TEXT"))
  var search: String?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  func run() throws {
    ignoreBrokenPipes()
    let style = Style(color, for: .output)
    let machine = try definition.map { path in try readMachine(path) }
    let source = try TraceSource.load(history, definition: machine, store: store)
    let printsOnly = plain || json || event != nil || !states.isEmpty || failures || search != nil
    if !printsOnly, Terminal.outputIsTerminal, Terminal.environment("TERM") != "dumb", let screen = TerminalScreen(style: style) {
      let code = TraceSession(source: source, screen: screen).run()
      if code != 0 { throw ExitCode(code) }
      return
    }
    let errorStyle = Style(color)
    for note in source.notes { Terminal.writeError("\(errorStyle.yellow("note")): \(note.printable())\n") }
    if let event { return try printDetails(source.trace, event, style) }
    try printLines(source.trace, style)
    if !json { Terminal.writeError(TraceListing(source.trace).ending(errorStyle) + "\n") }
  }

  private func readMachine(_ path: String) throws -> StateMachine {
    let arguments = try DefinitionArguments.parse([path] + (stateMachine.map { ["--state-machine", $0] } ?? []))
    let (machine, errors, _) = try arguments.read(region: "us-east-1", style: Style(color), isLimited: false).check()
    guard let machine else {
      throw CommandProblem("the definition \(path) has \(errors) error\(errors == 1 ? "" : "s"); the history can be read without --definition")
    }
    return machine
  }

  private func printDetails(_ trace: ExecutionTrace, _ id: Int, _ style: Style) throws {
    guard let step = trace.step(withID: id) else {
      let ids = trace.events.map(\.id)
      throw CommandProblem("there is no event \(id): the history has the events \(ids.min() ?? 0) to \(ids.max() ?? 0)")
    }
    let details = StepDetails(trace, at: step)
    if json { return Terminal.writeOutput(details.json().prettyText + "\n") }
    Terminal.writeOutput(details.lines().map { $0.painted(by: style) + "\n" }.joined())
  }

  private func printLines(_ trace: ExecutionTrace, _ style: Style) throws {
    for name in states where !trace.states.contains(where: { $0.name == name }) {
      let names = trace.states.map(\.name).sorted()
      throw CommandProblem("the history has no state \"\(name)\"; it has \(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? ", …" : "")")
    }
    let search = search.map { TraceSearch($0) }
    let listing = TraceListing(trace)
    let columns = Terminal.outputIsTerminal ? Terminal.size.columns : Self.columnsOfPipes
    var output = ""
    for step in trace.events.indices {
      if failures, !trace.events[step].type.isFailure { continue }
      if !states.isEmpty, !states.contains(trace.state(at: step)?.name ?? "") { continue }
      if let search, !trace.matches(search, at: step) { continue }
      output += json ? listing.json(step).jsonText : listing.line(step).cut(to: columns).painted(by: style)
      output += "\n"
      if output.utf8.count > 1 << 16 {
        Terminal.writeOutput(output)
        output = ""
      }
    }
    Terminal.writeOutput(output)
  }

  /// Longer lines are cut where no terminal says how wide it is; `--event` shows a payload as a whole.
  private static let columnsOfPipes = 240
}

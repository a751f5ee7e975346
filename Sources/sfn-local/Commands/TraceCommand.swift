import ArgumentParser
import ExecutionTraces
import JSONTypes
import StateGraphs
import StatesLanguage

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Walk through the history of an execution, event by event.",
    discussion: """
      On a terminal a screen opens: ? shows its keys, q leaves. In a pipe, or with --plain, each event is a line.

      ID is what sfn-local list shows. FILE is what run --json has printed, or aws stepfunctions get-execution-history, in one or several \
      pages. An execution that still runs is followed. --html writes one page with the graph, the timeline and every payload, to read in a \
      browser or to send to somebody.
      """)

  @Argument(
    help: ArgumentHelp("A kept execution, by its name, the beginning of it, or last; or a file with the events of one; - reads standard input.", valueName: "ID|FILE"))
  var history: String

  @OptionGroup var store: StoreArguments

  @Option(help: ArgumentHelp("The definition that ran, where none is kept: shows what lies between a state's input and its output.", valueName: "FILE"))
  var definition: String?

  @Option(help: ArgumentHelp("The state machine, where the definition is a template that holds several.", valueName: "LOGICAL_ID"))
  var stateMachine: String?

  @Option(help: ArgumentHelp("Write a page about the execution, with its graph; - is standard output.", valueName: "FILE"))
  var html: String?

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

  private var printsOnly: Bool { plain || json || event != nil || !states.isEmpty || failures || search != nil }

  func validate() throws {
    if html != nil && printsOnly { throw ValidationError("--html writes a page of all events; it goes with none of --plain, --json, --event, --state, --failures and --search") }
    if definition == "-" && history == "-" { throw ValidationError("the definition and the history cannot both come from standard input") }
  }

  func run() throws {
    ignoreBrokenPipes()
    let style = Style(color, for: .output)
    let errorStyle = Style(color)
    let given = try definition.map { path in try readDefinition(path) }
    let source = try HistorySource.load(history, store: store)
    if let html {
      source.printNotes(errorStyle)
      return try writePage(source, given?.loaded.definition.definition, stateMachine: given?.loaded.definition.name, to: html)
    }
    let traced = TraceSource(source, definition: given?.machine)
    if !printsOnly, Terminal.outputIsTerminal, Terminal.environment("TERM") != "dumb", let screen = TerminalScreen(style: style) {
      let code = TraceSession(source: traced, screen: screen).run()
      if code != 0 { throw ExitCode(code) }
      return
    }
    source.printNotes(errorStyle)
    if let event { return try printDetails(traced.trace, event, style) }
    try printLines(traced.trace, style)
    if !json { Terminal.writeError(TraceListing(traced.trace).ending(errorStyle) + "\n") }
  }

  private func writePage(_ source: HistorySource, _ definition: SyntaxNode?, stateMachine: String?, to path: String) throws {
    let graph = try (definition ?? source.definition()).flatMap { StateGraph(definition: $0, title: source.execution?.stateMachineName ?? stateMachine ?? "") }
    try writeExecutionPage(source, definition: graph, stateMachine: stateMachine, to: path)
  }

  private func readDefinition(_ path: String) throws -> (loaded: DefinitionArguments.Loaded, machine: StateMachine) {
    let arguments = try DefinitionArguments.parse([path] + (stateMachine.map { ["--state-machine", $0] } ?? []))
    let loaded = try arguments.read(region: "us-east-1", style: Style(color), isLimited: false)
    let (machine, errors, _) = loaded.check()
    guard let machine else {
      throw CommandProblem("the definition \(path) has \(errors) error\(errors == 1 ? "" : "s"); the history can be read without --definition")
    }
    return (loaded, machine)
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

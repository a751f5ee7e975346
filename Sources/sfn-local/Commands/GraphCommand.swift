import ArgumentParser
import ExecutionPages
import ExecutionTraces
import JSONTypes
import StateGraphs

/// What a graph is written as.
enum GraphFormat: String, CaseIterable, ExpressibleByArgument { case svg, mermaid, dot, html }

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw a state machine, or a page about an execution of it.",
    discussion: """
      svg is a drawing, mermaid a diagram for Markdown, dot is for Graphviz. html is a page with the graph, the timeline and every payload of \
      the execution that --history names: one that is kept, by its ID, or a file with an answer of GetExecutionHistory or the lines of run --json. \
      Of a kept execution, trace ID --html writes the page with the definition that ran. A definition with errors is drawn as far as it can be read.
      """)

  @OptionGroup var definition: DefinitionArguments

  @Option(help: ArgumentHelp("svg, mermaid, dot, or html with --history; by default svg, or html with --history.", valueName: "FORMAT"))
  var format: GraphFormat?

  @Option(help: ArgumentHelp("A kept execution, or a file with the events of one; - reads standard input. With svg, states are marked by how they ended.", valueName: "ID|FILE"))
  var history: String?

  @OptionGroup var store: StoreArguments

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the result goes; by default to standard output.", valueName: "FILE"))
  var output: String?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  private var chosenFormat: GraphFormat { format ?? (history == nil ? .svg : .html) }

  func validate() throws {
    switch chosenFormat {
    case .html where history == nil:
      throw ValidationError("--format html is about an execution: name it by --history ID or --history FILE, or take svg, mermaid or dot")
    case .mermaid where history != nil, .dot where history != nil:
      throw ValidationError("--history goes with html and svg; \(chosenFormat.rawValue) shows no execution")
    default: break
    }
    if definition.definition == "-" && history == "-" { throw ValidationError("the definition and the history cannot both come from standard input") }
  }

  func run() throws {
    ignoreBrokenPipes()
    let style = Style(color)
    let loaded = try definition.read(region: "us-east-1", style: style)
    let (_, errors, _) = loaded.check()
    guard let syntax = loaded.definition.definition, let graph = StateGraph(definition: syntax, title: loaded.definition.name) else {
      if errors > 0 { throw ExitCode(2) }
      throw CommandProblem("\(loaded.definition.path): expected a definition with States, which are to be drawn")
    }
    if errors > 0 {
      Terminal.writeError("\(style.yellow("warning")): the definition has \(errors) error\(errors == 1 ? "" : "s"); it is drawn as far as it can be read\n")
    }
    let source = try history.map { try HistorySource.load($0, store: store) }
    source?.printNotes(style)
    if let source { noteOtherStates(of: source, graph, style) }
    switch (chosenFormat, source) {
    case (.svg, let source):
      let marks = source.map { ExecutionMarks(ExecutionOutline(events: $0.history.events.map(\.json))) }
      try ResultFile.write(graph.svg(marks: marks), to: output)
    case (.mermaid, _): try ResultFile.write(graph.mermaid(), to: output)
    case (.dot, _): try ResultFile.write(graph.dot(), to: output)
    case (.html, let source?): try writeExecutionPage(source, definition: graph, stateMachine: loaded.definition.name, to: output)
    // validate() asks for a history.
    case (.html, nil): throw CommandProblem("--format html is about an execution: name it by --history")
    }
  }

  /// Says when the history cannot be one of this definition.
  private func noteOtherStates(of source: HistorySource, _ graph: StateGraph, _ style: Style) {
    let known = Set(graph.nodes.compactMap { node in if case .state = node.kind { node.name } else { nil } })
    var others: [String] = []
    for event in source.history.events where event.type.role == .stateEntered {
      if let name = event.stateName, !known.contains(name), !others.contains(name), others.count < 6 { others.append(name) }
    }
    if others.isEmpty { return }
    let names = others.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ") + (others.count > 5 ? ", …" : "")
    Terminal.writeError("\(style.yellow("note")): the execution was in \(names.printable()), which the definition does not have; it may have run another one\n")
  }
}

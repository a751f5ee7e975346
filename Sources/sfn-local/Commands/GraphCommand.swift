import ArgumentParser
import ExecutionPages
import StateGraphs

/// What a graph is written as.
enum GraphFormat: String, CaseIterable, ExpressibleByArgument { case svg, mermaid, dot, html }

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw a state machine, or a page about an execution of it.",
    discussion: """
      svg is a drawing, mermaid a diagram for Markdown, dot is for Graphviz. html is a page with the graph, the timeline and every payload of \
      the execution whose events --history names: an answer of GetExecutionHistory, or the lines of run --json. A definition with errors is \
      drawn as far as it can be read.
      """)

  @OptionGroup var definition: DefinitionArguments

  @Option(help: ArgumentHelp("svg, mermaid, dot, or html with --history; by default svg, or html with --history.", valueName: "FORMAT"))
  var format: GraphFormat?

  @Option(help: ArgumentHelp("The events of an execution; - reads standard input. With svg, states are marked by how they ended.", valueName: "FILE"))
  var history: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the result goes; by default to standard output.", valueName: "FILE"))
  var output: String?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  private var chosenFormat: GraphFormat { format ?? (history == nil ? .svg : .html) }

  func validate() throws {
    switch chosenFormat {
    case .html where history == nil:
      throw ValidationError("--format html is about an execution: name its events by --history FILE, or take svg, mermaid or dot")
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
    switch chosenFormat {
    case .svg: try ResultFile.write(graph.svg(marks: try history.map { ExecutionMarks(ExecutionOutline(events: try HistoryFile.read($0))) }), to: output)
    case .mermaid: try ResultFile.write(graph.mermaid(), to: output)
    case .dot: try ResultFile.write(graph.dot(), to: output)
    case .html:
      try writeExecutionPage(
        events: try HistoryFile.read(history ?? "-"), definition: graph, heading: ExecutionPage.Heading(stateMachine: loaded.definition.name), to: output)
    }
  }
}

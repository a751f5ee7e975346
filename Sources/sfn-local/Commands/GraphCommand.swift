import ArgumentParser
import JSONTypes
import StateGraphs
import StatesLanguage

/// What a graph is written as.
enum GraphFormat: String, CaseIterable, ExpressibleByArgument { case svg, mermaid, dot, html }

struct GraphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graph",
    abstract: "Draw a state machine, or an execution of it.",
    discussion: """
      svg is a drawing, mermaid a diagram for Markdown, dot is for Graphviz. html is a page about the execution whose history --history names: \
      an answer of GetExecutionHistory, or the lines of run --json. A definition with errors is drawn as far as it can be read.
      """)

  @OptionGroup var definition: DefinitionArguments

  @Option(help: ArgumentHelp("svg, mermaid, dot, or html with --history.", valueName: "FORMAT"))
  var format: GraphFormat?

  @Option(help: ArgumentHelp("The events of an execution; - reads standard input.", valueName: "FILE"))
  var history: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the result goes; by default to standard output.", valueName: "FILE"))
  var output: String?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  func run() throws {
    ignoreBrokenPipes()
    let style = Style(color)
    let loaded = try definition.read(region: "us-east-1", style: style)
    let (_, errors, _) = loaded.check()
    guard let syntax = loaded.definition.definition, let graph = StateGraph(definition: syntax, title: loaded.definition.name) else {
      if errors > 0 { throw ExitCode(2) }
      throw CommandProblem("\(loaded.definition.path): expected a definition with States, which are to be drawn")
    }
    let text =
      switch format ?? .svg {
      case .svg: graph.svg()
      case .mermaid: graph.mermaid()
      case .dot: graph.dot()
      case .html: ""
      }
    try ResultFile.write(text, to: output)
  }
}

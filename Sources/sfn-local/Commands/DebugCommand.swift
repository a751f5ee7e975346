import ArgumentParser
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

struct DebugCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "debug",
    abstract: "Lead an execution by commands: breakpoints, steps, changes, answers by hand, steps back.",
    discussion: """
      Commands are read from standard input, or from --script FILE; help lists them. A task that is at hand and not called sends nothing out \
      of this machine. While the debugger waits for a command, the execution's clock stands still. The dialogue goes to standard error, the \
      output JSON to standard output.
      """)

  @OptionGroup var execution: ExecutionArguments

  @Option(help: ArgumentHelp("Take commands from a file first, one a line.", valueName: "FILE"))
  var script: String?

  @Flag(help: "No task is called unless you say call: each waits for an answer.")
  var manualTasks = false

  @Flag(help: "Print the history at the end, one event a line, instead of the output.")
  var json = false

  @Flag(help: "Print what GetExecutionHistory would answer, instead of the output.")
  var awsHistory = false

  func validate() throws {
    if json && awsHistory { throw ValidationError("--json and --aws-history exclude each other") }
    if script == nil, execution.definition.definition == "-" || execution.input == "-" {
      throw ValidationError("standard input gives the commands; give the definition and the input as files, or the commands by --script FILE")
    }
  }

  func run() async throws {
    ignoreBrokenPipes()
    guard let prepared = try execution.prepare() else { return }
    let commands = try DebuggerInput(scriptPath: script, style: prepared.style)
    let code = await DebugSession(
      prepared: prepared, isManual: manualTasks, output: json ? .events : awsHistory ? .awsHistory : .result
    ).run(commands)
    if code != 0 { throw ExitCode(code) }
  }
}

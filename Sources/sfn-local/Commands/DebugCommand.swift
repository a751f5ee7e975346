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

  @OptionGroup var options: RunOptions

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
    if script == nil, options.definition.definition == "-" || options.input == "-" {
      throw ValidationError("standard input gives the commands; give the definition and the input as files, or the commands by --script FILE")
    }
  }

  func run() async throws {
    ignoreBrokenPipes()
    let run = try options.prepare()
    if options.tasks.plan { return Terminal.writeOutput(run.plan.text) }
    let input = try readJSON(options.input, option: "--input")
    let commands = try DebuggerInput(scriptPath: script, style: run.style)
    let session = Session(
      run: run, begin: .new(options.settings(for: run), input: input), store: nil, clock: options.clock.clock,
      startTime: options.startTime?.timestamp ?? .now, output: json ? .events : awsHistory ? .awsHistory : .result)
    let code = await DebugSession(session: session, isManual: manualTasks).run(commands, input: input)
    if code != 0 { throw ExitCode(code) }
  }
}

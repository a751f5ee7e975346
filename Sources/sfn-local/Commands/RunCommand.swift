import ArgumentParser
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import TaskActions

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a state machine with real timers, and print its output.",
    discussion: """
      The trace goes to standard error, the output JSON to standard output and nothing else there. Redshift statements go to a local \
      endpoint that starts by itself, unless a region, a profile or an endpoint is named.
      """)

  @OptionGroup var options: RunOptions

  @Flag(help: "Print one event a line, as they come, instead of the output.")
  var json = false

  @Flag(help: "Print what GetExecutionHistory would answer, instead of the output.")
  var awsHistory = false

  @Flag(help: "Keep nothing of the execution when the program ends.")
  var noStore = false

  func validate() throws {
    if json && awsHistory { throw ValidationError("--json and --aws-history exclude each other") }
  }

  func run() async throws {
    ignoreBrokenPipes()
    let run = try options.prepare()
    if options.tasks.plan { return Terminal.writeOutput(run.plan.text) }
    let input = try readJSON(options.input, option: "--input")
    let store = noStore ? nil : try StateFolder(options.aws.stateDir).openStore()
    let code = try await Session(
      run: run, begin: .new(options.settings(for: run), input: input), store: store, clock: options.clock.clock,
      startTime: options.startTime?.timestamp ?? .now, output: json ? .events : awsHistory ? .awsHistory : .result
    ).run()
    if code != 0 { throw ExitCode(code) }
  }
}

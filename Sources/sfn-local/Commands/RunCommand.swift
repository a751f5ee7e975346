import ArgumentParser

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a state machine with real timers, and print its output.",
    discussion: """
      The trace goes to standard error, the output JSON to standard output and nothing else there. Redshift statements go to a local \
      endpoint that starts by itself, unless a region, a profile or an endpoint is named.
      """)

  @OptionGroup var execution: ExecutionArguments

  @Flag(help: "Print one event a line, as they come, instead of the output.")
  var json = false

  @Flag(help: "Print what GetExecutionHistory would answer, instead of the output.")
  var awsHistory = false

  @Flag(help: .hidden)
  var noStore = false

  func validate() throws {
    if json && awsHistory { throw ValidationError("--json and --aws-history exclude each other") }
  }

  func run() async throws {
    ignoreBrokenPipes()
    guard let prepared = try execution.prepare() else { return }
    let code = await prepared.session(output: json ? .events : awsHistory ? .awsHistory : .result).run()
    if code != 0 { throw ExitCode(code) }
  }
}

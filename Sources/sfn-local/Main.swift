import ArgumentParser

@main
struct SfnLocal: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sfn-local",
    abstract: "Run, trace and check workflows written in the Amazon States Language.",
    discussion: """
      Exit codes: 0 succeeded, 1 the execution failed (or validate found errors), 2 the definition or the command line is wrong, \
      3 timed out or aborted, 4 the store of executions failed: what it has is kept, 130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, DebugCommand.self, TraceCommand.self, EvalCommand.self, ValidateCommand.self, ExplainCommand.self, ReplayCommand.self,
      GraphCommand.self, ListCommand.self, ShowCommand.self, HistoryCommand.self, ResumeCommand.self, RedriveCommand.self, ForkCommand.self,
      PruneCommand.self, TaskCommand.self, RedshiftCommand.self, AWSCommand.self,
    ])

  /// The options of the command that began an execution.
  static func runOptions(of arguments: [String]) throws -> RunOptions {
    guard arguments.first == "run" else { throw ValidationError("it is not the command run") }
    return try RunCommand.parse(Array(arguments.dropFirst())).options
  }

  nonisolated static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let exit as ExitCode {
      leave(exit.rawValue)
    } catch let problem as CommandProblem {
      Terminal.writeError("\(Style().boldRed("error")): \(problem.message.printable(keepingLines: true))\n")
      leave(problem.exitCode)
    } catch {
      // Help and version end well; anything else is a wrong command line.
      let code = exitCode(for: error)
      let text = fullMessage(for: error) + "\n"
      if code == .success {
        Terminal.writeOutput(text)
        leave(0)
      }
      Terminal.writeError(text)
      leave(2)
    }
  }
}

/// What ends a command: a sentence that says what was expected, what came, and what to do.
struct CommandProblem: Error {
  var message: String
  var exitCode: Int32
  /// - Parameter exitCode: 2, the definition or the command line is wrong, by default.
  init(_ message: String, exitCode: Int32 = 2) {
    self.message = message
    self.exitCode = exitCode
  }
}

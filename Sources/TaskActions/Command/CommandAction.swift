import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Answers a task by a program: the input on its standard input, the result on its standard output.
struct CommandAction: TaskAction {
  let command: Command
  let runner: CommandRunner
  /// What the program gets besides the variables about the task.
  let environment: [String: String]
  var limits = CommandProcess.Limits()

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let process = CommandProcess(
      command, environment: variables(call), input: call.input.jsonBytes + [UInt8(ascii: "\n")], limits: limits,
      // A program that submits a callback's work may leave it behind: the token is answered later.
      sparesGroup: call.taskToken != nil,
      reportLine: { line in
        reporter.progress(line)
        reporter.heartbeat()
      })
    let outcome = await runner.run(process)
    if let problem = outcome.problem { throw failed(problem.message + ".") }
    switch outcome.stop {
    case .cancelled: throw failed("The task was cancelled.")
    case .tooMuchOutput:
      throw TaskFailure(
        error: "States.DataLimitExceeded",
        cause: "The program \(name) printed more than \(limits.outputBytes) bytes to its standard output.")
    case .timedOut:
      let seconds = command.timeout.map { "\(Double($0.inMilliseconds) / 1000)" } ?? "?"
      throw TaskFailure(
        error: "Sandbox.Timedout", cause: explained("Task timed out after \(seconds) seconds: the program \(name) was stopped.", outcome))
    case nil: return try result(outcome)
    }
  }

  private func result(_ outcome: CommandProcess.Outcome) throws(TaskFailure) -> JSONValue {
    let isClean = outcome.end == .exited(0)
    switch parsed(outcome.output) {
    case .success(let value):
      if let failure = functionFailure(value, hasFailed: !isClean) { throw failure }
      if isClean { return value }
    case .failure(let error):
      guard isClean else { break }
      throw failed(
        explained(
          "The program \(name) printed no JSON to its standard output (line \(error.line), column \(error.column): \(error.message)): "
            + excerpt(outcome.output), outcome))
    }
    switch outcome.end {
    case .exited(let code): throw failed(explained("The program \(name) ended with exit code \(code).", outcome))
    case .signalled(let signal): throw failed(explained("The program \(name) was ended by signal \(signal).", outcome))
    case nil: throw failed("The program \(name) did not run.")
    }
  }

  /// The program as messages name it. Its arguments may hold secrets.
  private var name: String { command.words[0] }

  private func failed(_ cause: String) -> TaskFailure { TaskFailure(error: "States.TaskFailed", cause: cause) }

  private func explained(_ sentence: String, _ outcome: CommandProcess.Outcome) -> String {
    ([sentence] + outcome.lastLines).joined(separator: "\n")
  }

  private func variables(_ call: TaskCall) -> [String: String] {
    var variables = environment.merging(command.environment) { $1 }
    variables["SFN_STATE_NAME"] = call.stateName
    variables["SFN_EXECUTION_ARN"] = call.executionArn
    variables["SFN_RESOURCE"] = call.resource
    variables["SFN_RETRY_COUNT"] = String(call.retryCount)
    variables["SFN_IDEMPOTENCY_TOKEN"] = call.idempotencyToken
    variables["SFN_TASK_TOKEN"] = call.taskToken
    return variables
  }
}

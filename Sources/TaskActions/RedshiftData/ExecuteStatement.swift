import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Submits one statement and returns at once with its id.
struct ExecuteStatement: TaskAction {
  static let resource = "arn:aws:states:::aws-sdk:redshiftdata:executeStatement"
  static let shape = IntegrationShape(fields: submissionFields + [.init("Sql", required: true)])
  let tasks: RedshiftDataTasks

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let request = try Self.shape.request(from: call.input)
    let answer = try await tasks.submit(.executeStatement, request, call, reporter)
    reporter.progress(submittedText(1, answer))
    return tasks.result(answer)
  }
}

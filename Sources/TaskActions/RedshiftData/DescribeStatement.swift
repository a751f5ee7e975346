import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Says how far a statement or a batch is.
struct DescribeStatement: TaskAction {
  static let resource = "arn:aws:states:::aws-sdk:redshiftdata:describeStatement"
  static let shape = IntegrationShape(.init("Id", required: true))
  let tasks: RedshiftDataTasks

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let description = try await tasks.describe(try Self.shape.request(from: call.input), reporter)
    reporter.progress(progressText(of: description))
    return tasks.result(description)
  }
}

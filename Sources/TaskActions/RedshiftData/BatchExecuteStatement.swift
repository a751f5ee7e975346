import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Submits statements that run in order in one transaction, and returns at once with the batch's id.
struct BatchExecuteStatement: TaskAction {
  static let resource = "arn:aws:states:::aws-sdk:redshiftdata:batchExecuteStatement"
  static let shape = IntegrationShape(fields: submissionFields + [.init("Sqls", .list(of: .string), required: true)])
  let tasks: RedshiftDataTasks

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let request = try Self.shape.request(from: call.input)
    let answer = try await tasks.submit(.batchExecuteStatement, request, call, reporter)
    reporter.progress(submittedText(request["Sqls"]?.asArray?.count ?? 0, answer))
    return tasks.result(answer)
  }
}

/// `submitted 38 statements as 1f0c…`.
func submittedText(_ count: Int, _ answer: JSONObject) -> String {
  "submitted \(count) \(count == 1 ? "statement" : "statements") as \(answer["Id"]?.asString ?? "?")"
}

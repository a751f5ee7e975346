import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Gives one page of a finished statement's rows.
struct GetStatementResult: TaskAction {
  static let resource = "arn:aws:states:::aws-sdk:redshiftdata:getStatementResult"
  static let shape = IntegrationShape(.init("Id", required: true), .init("NextToken"))
  let tasks: RedshiftDataTasks

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let answer = try await tasks.call(.getStatementResult, try Self.shape.request(from: call.input), reporter)
    let count = answer["Records"]?.asArray?.count ?? 0
    reporter.progress("\(count) of \(answer["TotalNumRows"]?.asInt ?? Int64(count)) rows")
    return tasks.result(answer)
  }
}

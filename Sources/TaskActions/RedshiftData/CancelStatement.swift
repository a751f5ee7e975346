import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Cancels a running statement or batch.
struct CancelStatement: TaskAction {
  static let resource = "arn:aws:states:::aws-sdk:redshiftdata:cancelStatement"
  static let shape = IntegrationShape(.init("Id", required: true))
  let tasks: RedshiftDataTasks

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let request = try Self.shape.request(from: call.input)
    let answer = try await tasks.call(.cancelStatement, request, reporter)
    if answer["Status"]?.asBool == true, let id = request["Id"]?.asString {
      tasks.running.ended(id)
      reporter.progress("cancelled \(id)")
    }
    return tasks.result(answer)
  }
}

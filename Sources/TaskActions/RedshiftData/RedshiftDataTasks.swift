import JSONTypes
import StatesInterpreter
import StatesRuntime

/// What the actions of the Redshift Data API share: parameters, results and failures in the form of Step Functions.
struct RedshiftDataTasks: Sendable {
  let client: RedshiftDataClient
  let running: RunningStatements
  var age: @Sendable (TaskCall) -> Duration = { _ in .zero }

  static let timestamps: Set<String> = ["CreatedAt", "UpdatedAt"]
  static let modelledErrors: Set<String> = [
    "ActiveSessionsExceededException", "ActiveStatementsExceededException", "ActiveWaitingRequestsExceededException",
    "BatchExecuteStatementException", "DatabaseConnectionException", "ExecuteStatementException", "InternalServerException",
    "QueryTimeoutException", "ResourceNotFoundException", "ValidationException",
  ]

  /// Submits statements exactly once, see `StatementSubmission`.
  func submit(
    _ operation: RedshiftDataOperation, _ request: JSONObject, _ call: TaskCall, _ reporter: TaskReporter
  ) async throws(TaskFailure) -> JSONObject {
    do throws(SubmissionError) {
      return try await StatementSubmission(tasks: self, operation: operation, request: request, call: call).answer(reporter)
    } catch {
      throw failure(error)
    }
  }

  func call(_ operation: RedshiftDataOperation, _ request: JSONObject, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONObject {
    do throws(AWSCallError) {
      return try await client.call(operation, request, pace: CallPace(reporter))
    } catch {
      throw failure(error)
    }
  }

  func describe(_ request: JSONObject, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONObject {
    let description = try await call(.describeStatement, request, reporter)
    running.note(description)
    return description
  }

  func result(_ object: JSONObject) -> JSONValue { integrationResult(.object(object), timestamps: Self.timestamps) }

  func failure(_ error: AWSCallError) -> TaskFailure { taskFailure(error, .redshiftData, modelled: Self.modelledErrors) }

  func failure(_ error: SubmissionError) -> TaskFailure {
    switch error {
    case .call(let error): failure(error)
    case .lost(let cause): TaskFailure(error: SubmissionError.lostName, cause: cause)
    }
  }
}

/// `STARTED, 12 of 38 finished` for a batch, `STARTED` for one statement.
func progressText(of description: JSONObject) -> String {
  let status = description["Status"]?.asString ?? "unknown status"
  guard let parts = description["SubStatements"]?.asArray, !parts.isEmpty else { return status }
  let finished = parts.count { $0["Status"]?.asString == "FINISHED" }
  return "\(status), \(finished) of \(parts.count) finished"
}

enum StatementStatus {
  /// Whether a description is that of a statement which does not change any more.
  static func hasEnded(_ description: JSONObject) -> Bool {
    ["FINISHED", "FAILED", "ABORTED"].contains(description["Status"]?.asString ?? "")
  }
}

/// The parameters that the two submitting operations share.
let submissionFields: [IntegrationShape.Field] = [
  .init("ClientToken"), .init("ClusterIdentifier"), .init("Database"), .init("DbUser"),
  .init("Parameters", .list(of: .structure([.init("Name", required: true, wire: "name"), .init("Value", required: true, wire: "value")]))),
  .init("ResultFormat"), .init("SecretArn"), .init("SessionId"), .init("SessionKeepAliveSeconds", .integer), .init("StatementName"),
  .init("WithEvent", .boolean), .init("WorkgroupName"),
]

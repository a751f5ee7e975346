import JSONTypes
import StatesInterpreter
import StatesRuntime

/// What the actions of the Redshift Data API share: parameters, results and failures in the form of Step Functions.
struct RedshiftDataTasks: Sendable {
  let client: RedshiftDataClient
  let running: RunningStatements

  static let timestamps: Set<String> = ["CreatedAt", "UpdatedAt"]
  static let modelledErrors: Set<String> = [
    "ActiveSessionsExceededException", "ActiveStatementsExceededException", "BatchExecuteStatementException", "DatabaseConnectionException",
    "ExecuteStatementException", "InternalServerException", "QueryTimeoutException", "ResourceNotFoundException", "ValidationException",
  ]

  /// Submits statements; the definition's `ClientToken`, else the call's own, makes repetitions harmless.
  /// Cancelled while the request is under way, the statement is cancelled as soon as its id is known.
  func submit(_ operation: RedshiftDataOperation, _ request: JSONObject, _ call: TaskCall) async throws(TaskFailure) -> JSONObject {
    var request = request
    if request["ClientToken"] == nil { request["ClientToken"] = .string(call.idempotencyToken) }
    do throws(AWSCallError) {
      return try await running.submit(operation, request, to: client, for: call.executionArn)
    } catch {
      throw failure(error)
    }
  }

  func call(_ operation: RedshiftDataOperation, _ request: JSONObject) async throws(TaskFailure) -> JSONObject {
    do throws(AWSCallError) {
      return try await client.call(operation, request)
    } catch {
      throw failure(error)
    }
  }

  func describe(_ request: JSONObject) async throws(TaskFailure) -> JSONObject {
    let description = try await call(.describeStatement, request)
    running.note(description)
    return description
  }

  func result(_ object: JSONObject) -> JSONValue { integrationResult(.object(object), timestamps: Self.timestamps) }

  private func failure(_ error: AWSCallError) -> TaskFailure {
    taskFailure(error, .redshiftData, modelled: Self.modelledErrors)
  }
}

/// `STARTED, 12 of 38 finished` for a batch, `STARTED` for one statement.
func progressText(of description: JSONObject) -> String {
  let status = description["Status"]?.asString ?? "unknown status"
  guard let parts = description["SubStatements"]?.asArray, !parts.isEmpty else { return status }
  let finished = parts.count { $0["Status"]?.asString == "FINISHED" }
  return "\(status), \(finished) of \(parts.count) finished"
}

/// The parameters that the two submitting operations share.
let submissionFields: [IntegrationShape.Field] = [
  .init("ClientToken"), .init("ClusterIdentifier"), .init("Database"), .init("DbUser"),
  .init("Parameters", .list(of: .structure([.init("Name", required: true, wire: "name"), .init("Value", required: true, wire: "value")]))),
  .init("ResultFormat"), .init("SecretArn"), .init("SessionId"), .init("SessionKeepAliveSeconds", .integer), .init("StatementName"),
  .init("WithEvent", .boolean), .init("WorkgroupName"),
]

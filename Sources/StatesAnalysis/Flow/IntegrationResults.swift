import StatesLanguage

/// What is known of the results of tasks: AWS's answers, member by member where they are closed.
///
/// Only tasks whose result AWS alone decides are here; what a Lambda function, a worker or a callback gives can be anything.
/// Source: AWS Step Functions Developer Guide, "Invoke an AWS Lambda function"; the API references of the services.
enum IntegrationResults {
  static func shape(of resource: TaskResource) -> Shape {
    guard resource.kind == .service, resource.pattern == .requestResponse else { return .any }
    return table["\(resource.resourceType):\(resource.resource)"] ?? .any
  }

  /// What a member of a result tells of a job's end: for advice about loops that poll.
  enum JobStatus {
    static let redshift: Set<String> = ["SUBMITTED", "PICKED", "STARTED", "FINISHED", "FAILED", "ABORTED"]
    static let athena: Set<String> = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]
    static let execution: Set<String> = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]
    static let glue: Set<String> = [
      "STARTING", "RUNNING", "STOPPING", "STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "WAITING", "EXPIRED",
    ]
    /// Those after which nothing changes any more.
    static let final: Set<String> = [
      "FINISHED", "FAILED", "ABORTED", "SUCCEEDED", "CANCELLED", "TIMED_OUT", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED",
    ]
  }

  private static func object(_ sure: [String: Shape], _ others: [String] = [], isOpen: Bool = false) -> Shape {
    var members = sure.mapValues { Shape.Member($0) }
    for name in others { members[name] = Shape.Member(.any, isSure: false) }
    return .object(members, isOpen: isOpen)
  }

  private static let redshiftTarget = ["ClusterIdentifier", "Database", "DbGroups", "DbUser", "SecretArn", "SessionId", "WorkgroupName"]

  private static let table: [String: Shape] = [
    "lambda:invoke": object(
      ["Payload": .any], ["ExecutedVersion", "FunctionError", "LogResult", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode", "DurableExecutionArn"]),
    "aws-sdk:redshiftdata:executeStatement": object(["Id": .string], ["CreatedAt", "HasResultSet"] + redshiftTarget),
    "aws-sdk:redshiftdata:batchExecuteStatement": object(["Id": .string], ["CreatedAt", "HasResultSet"] + redshiftTarget),
    "aws-sdk:redshiftdata:describeStatement": object(
      ["Id": .string, "Status": .text(JobStatus.redshift)],
      [
        "ClusterIdentifier", "CreatedAt", "Database", "DbUser", "Duration", "Error", "HasResultSet", "QueryParameters", "QueryString", "RedshiftPid",
        "RedshiftQueryId", "ResultFormat", "ResultRows", "ResultSize", "SecretArn", "SessionId", "SubStatements", "UpdatedAt", "WorkgroupName",
      ]),
    "aws-sdk:athena:getQueryExecution": object(
      ["QueryExecution": object(["Status": object(["State": .text(JobStatus.athena)], isOpen: true)], isOpen: true)], isOpen: true),
    "athena:getQueryExecution": object(
      ["QueryExecution": object(["Status": object(["State": .text(JobStatus.athena)], isOpen: true)], isOpen: true)], isOpen: true),
    "aws-sdk:glue:getJobRun": object(["JobRun": object(["JobRunState": .text(JobStatus.glue)], isOpen: true)], isOpen: true),
    "aws-sdk:sfn:describeExecution": object(["Status": .text(JobStatus.execution)], isOpen: true),
  ]
}

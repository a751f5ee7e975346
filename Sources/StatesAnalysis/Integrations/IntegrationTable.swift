import StatesLanguage

/// One action of an optimized integration.
struct IntegrationAction {
  var patterns: Set<TaskResource.Pattern>
  /// Parameters without which AWS refuses the definition. Of each inner list one is enough.
  var required: [[String]] = []
  /// Parameters without which the call fails when it is made.
  var needed: [String] = []
  /// All parameters, where they are few and known.
  var known: [String] = []
}

/// The optimized integrations: which actions they have, which patterns those offer, which parameters they need.
///
/// Source: AWS Step Functions Developer Guide, "Integrating services" and the page of each service; which parameters are required at creation was
/// measured with ValidateStateMachineDefinition.
enum IntegrationTable {
  static func actions(of service: String) -> [String: IntegrationAction]? { table[service] }
  static let services: [String] = table.keys.sorted()

  private static let plain: Set<TaskResource.Pattern> = [.requestResponse]
  private static let job: Set<TaskResource.Pattern> = [.requestResponse, .sync]
  private static let callback: Set<TaskResource.Pattern> = [.requestResponse, .waitForTaskToken]
  private static let jobAndCallback: Set<TaskResource.Pattern> = [.requestResponse, .sync, .waitForTaskToken]

  private static func actions(_ names: String, _ patterns: Set<TaskResource.Pattern>) -> [String: IntegrationAction] {
    Dictionary(uniqueKeysWithValues: names.split(separator: " ").map { (String($0), IntegrationAction(patterns: patterns)) })
  }

  private static let table: [String: [String: IntegrationAction]] = [
    "lambda": [
      "invoke": IntegrationAction(
        patterns: callback, required: [["FunctionName"]],
        known: [
          "FunctionName", "Payload", "Qualifier", "InvocationType", "LogType", "ClientContext", "TenantId", "DurableExecutionName",
        ])
    ],
    "sqs": ["sendMessage": IntegrationAction(patterns: callback, required: [["QueueUrl"], ["MessageBody"]])],
    "sns": ["publish": IntegrationAction(patterns: callback, required: [["Message"]])],
    "dynamodb": [
      "getItem": IntegrationAction(patterns: plain, required: [["TableName"], ["Key"]]),
      "putItem": IntegrationAction(patterns: plain, required: [["TableName"], ["Item"]]),
      "updateItem": IntegrationAction(patterns: plain, required: [["TableName"], ["Key"]]),
      "deleteItem": IntegrationAction(patterns: plain, required: [["TableName"], ["Key"]]),
    ],
    "states": [
      "startExecution": IntegrationAction(
        patterns: [.requestResponse, .sync, .sync2, .waitForTaskToken], required: [["StateMachineArn"]],
        known: ["StateMachineArn", "Input", "Name", "TraceHeader"])
    ],
    "events": ["putEvents": IntegrationAction(patterns: callback, required: [["Entries"]])],
    "ecs": ["runTask": IntegrationAction(patterns: jobAndCallback, required: [["TaskDefinition"]])],
    "glue": ["startJobRun": IntegrationAction(patterns: job, required: [["JobName"]])],
    "batch": ["submitJob": IntegrationAction(patterns: job, needed: ["JobName", "JobQueue", "JobDefinition"])],
    "apigateway": ["invoke": IntegrationAction(patterns: callback, needed: ["ApiEndpoint", "Method"])],
    "http": ["invoke": IntegrationAction(patterns: plain, needed: ["ApiEndpoint", "Method"])],
    "athena": actions("stopQueryExecution getQueryExecution getQueryResults", plain).merging(actions("startQueryExecution", job)) { $1 },
    "bedrock": [
      "invokeModel": IntegrationAction(patterns: callback), "createModelCustomizationJob": IntegrationAction(patterns: job),
    ],
    "codebuild": actions("stopBuild batchDeleteBuilds batchGetReports stopBuildBatch deleteBuildBatch", plain).merging(
      actions("startBuild startBuildBatch retryBuildBatch", job)) { $1 },
    "databrew": actions("startJobRun", job),
    "eks": actions("createCluster deleteCluster createFargateProfile deleteFargateProfile createNodegroup deleteNodegroup runJob", jobAndCallback)
      .merging(actions("call", callback)) { $1 },
    "elasticmapreduce": actions(
      "setClusterTerminationProtection cancelStep modifyInstanceFleetByName modifyInstanceGroupByName", plain
    ).merging(actions("createCluster terminateCluster addStep", job)) { $1 },
    "emr-containers": actions("createVirtualCluster", plain).merging(actions("deleteVirtualCluster startJobRun", job)) { $1 },
    "emr-serverless": actions("createApplication startApplication stopApplication deleteApplication startJobRun cancelJobRun", job),
    "mediaconvert": actions("createJob", job),
    "sagemaker": actions("createEndpoint createEndpointConfig createModel updateEndpoint", plain).merging(
      actions("createHyperParameterTuningJob createLabelingJob createProcessingJob createTrainingJob createTransformJob", job)) { $1 },
  ]
}

/// Parameters of the Redshift Data API, the SDK integration that is looked at member by member.
///
/// Source: Amazon Redshift Data API Reference.
enum RedshiftDataParameters {
  struct Action {
    var required: [String]
    var others: [String]
  }
  private static let target = ["ClusterIdentifier", "Database", "DbUser", "SecretArn", "WorkgroupName"]
  private static let statement =
    target + ["ClientToken", "ResultFormat", "SessionId", "SessionKeepAliveSeconds", "StatementName", "WithEvent", "Parameters"]
  private static let pages = ["MaxResults", "NextToken"]

  static let actions: [String: Action] = [
    "executeStatement": Action(required: ["Sql"], others: statement),
    "batchExecuteStatement": Action(required: ["Sqls"], others: statement),
    "describeStatement": Action(required: ["Id"], others: []),
    "cancelStatement": Action(required: ["Id"], others: []),
    "getStatementResult": Action(required: ["Id"], others: ["NextToken"]),
    "getStatementResultV2": Action(required: ["Id"], others: ["NextToken"]),
    "listStatements": Action(required: [], others: target + pages + ["RoleLevel", "StatementName", "Status"]),
    "listDatabases": Action(required: ["Database"], others: target + pages),
    "listSchemas": Action(required: ["Database"], others: target + pages + ["ConnectedDatabase", "SchemaPattern"]),
    "listTables": Action(required: ["Database"], others: target + pages + ["ConnectedDatabase", "SchemaPattern", "TablePattern"]),
    "describeTable": Action(required: ["Database"], others: target + pages + ["ConnectedDatabase", "Schema", "Table"]),
  ]

  /// Statements of one batch.
  static let statements = 40
  /// Bytes of UTF-8 of one statement.
  static let statementBytes = 100 * 1024
}

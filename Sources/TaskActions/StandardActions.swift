public import StatesInterpreter
public import StatesRuntime

/// What the standard actions work with.
public struct ActionServices: Sendable {
  public var redshiftData: RedshiftDataClient
  public var runningStatements: RunningStatements
  public var objects: S3Objects
  public var batchSettings: RedshiftBatchSettings
  /// How long ago a call was scheduled, in real time; 0 for one that is called right then. Whoever goes on with executions of an earlier
  /// process gives this, so that statements are found whose tokens the service has forgotten.
  public var age: @Sendable (TaskCall) -> Duration

  /// - Parameters:
  ///   - redshiftData: the client of the endpoint that statements go to.
  ///   - runningStatements: remembers what is submitted; whoever stops an execution calls its `cancelAll(of:)`, and `release(_:)` when one has ended.
  ///   - objects: where `s3://` is read from.
  ///   - batchSettings: settings of the function `redshift_batch_data_api`.
  public init(
    redshiftData: RedshiftDataClient, runningStatements: RunningStatements = RunningStatements(), objects: S3Objects,
    batchSettings: RedshiftBatchSettings = RedshiftBatchSettings(), age: @escaping @Sendable (TaskCall) -> Duration = { _ in .zero }
  ) {
    self.redshiftData = redshiftData
    self.runningStatements = runningStatements
    self.objects = objects
    self.batchSettings = batchSettings
    self.age = age
  }
}

/// The actions that come with the program: the list.
public struct StandardActions: Sendable {
  /// The resource ARNs of all actions, known before anything that they work with.
  public static let resourceNames = [
    ExecuteStatement.resource, BatchExecuteStatement.resource, DescribeStatement.resource, GetStatementResult.resource,
    CancelStatement.resource, StatementToEnd.executeResource, StatementToEnd.batchResource, GetObject.resource,
  ]
  /// The names of all functions.
  public static let functionNames = [RedshiftBatchDataAPI.functionName]
  /// The names of the parameters that each resource takes, for checks of definitions.
  public static let parameterNames: [String: [String]] = [
    ExecuteStatement.resource: ExecuteStatement.shape, BatchExecuteStatement.resource: BatchExecuteStatement.shape,
    DescribeStatement.resource: DescribeStatement.shape, GetStatementResult.resource: GetStatementResult.shape,
    CancelStatement.resource: CancelStatement.shape, StatementToEnd.executeResource: ExecuteStatement.shape,
    StatementToEnd.batchResource: BatchExecuteStatement.shape, GetObject.resource: GetObject.shape,
  ].mapValues { $0.fields.map(\.name) }

  /// By resource ARN.
  public let resources: [(resource: String, action: any TaskAction)]
  /// By Lambda function name. Such an action gets the payload as its input and returns the function's result.
  public let functions: [(name: String, action: any TaskAction)]

  public init(_ services: ActionServices) {
    let tasks = RedshiftDataTasks(client: services.redshiftData, running: services.runningStatements, age: services.age)
    resources = [
      (ExecuteStatement.resource, ExecuteStatement(tasks: tasks)),
      (BatchExecuteStatement.resource, BatchExecuteStatement(tasks: tasks)),
      (DescribeStatement.resource, DescribeStatement(tasks: tasks)),
      (GetStatementResult.resource, GetStatementResult(tasks: tasks)),
      (CancelStatement.resource, CancelStatement(tasks: tasks)),
      (StatementToEnd.executeResource, StatementToEnd(operation: .executeStatement, tasks: tasks)),
      (StatementToEnd.batchResource, StatementToEnd(operation: .batchExecuteStatement, tasks: tasks)),
      (GetObject.resource, GetObject(objects: services.objects)),
    ]
    functions = [
      (RedshiftBatchDataAPI.functionName, RedshiftBatchDataAPI(tasks: tasks, objects: services.objects, settings: services.batchSettings))
    ]
  }

  /// The action behind one of `resourceNames`.
  public func action(forResource resource: String) -> any TaskAction {
    guard let found = resources.first(where: { $0.resource == resource }) else { preconditionFailure("\(resource) is not in the list") }
    return found.action
  }

  /// The action behind one of `functionNames`.
  public func action(forFunction name: String) -> any TaskAction {
    guard let found = functions.first(where: { $0.name == name }) else { preconditionFailure("\(name) is not in the list") }
    return found.action
  }
}

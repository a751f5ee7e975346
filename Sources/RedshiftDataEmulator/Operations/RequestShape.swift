import AWSJSONServer

/// The types of a request's members.
///
/// The service reads a request into its shape before it looks at any value, so a wrong type is told before all else.
/// Source: the service model of `redshift-data`, version 2019-12-20.
enum RequestShape {
  private enum Kind {
    case text, number, flag, texts
    /// A list of structures with `name` and `value`.
    case parameters
  }

  private static let texts: [String: Kind] = Dictionary(
    uniqueKeysWithValues: [
      "ClientToken", "ClusterIdentifier", "ConnectedDatabase", "Database", "DbUser", "ExecutionMode", "Id", "NextToken", "ResultFormat", "Schema",
      "SchemaPattern", "SecretArn", "SessionId", "Sql", "StatementName", "Status", "Table", "TablePattern", "WorkgroupName",
    ].map { ($0, .text) })

  private static let others: [String: Kind] = [
    "MaxResults": .number, "Parameters": .parameters, "RoleLevel": .flag, "SessionKeepAliveSeconds": .number, "Sqls": .texts,
    "WaitTimeSeconds": .number, "WithEvent": .flag,
  ]

  private static let target: Set<String> = ["ClusterIdentifier", "Database", "DbUser", "SecretArn", "WorkgroupName"]
  private static let page: Set<String> = ["MaxResults", "NextToken"]
  private static let submission = target.union([
    "ClientToken", "Parameters", "ResultFormat", "SessionId", "SessionKeepAliveSeconds", "StatementName", "WaitTimeSeconds", "WithEvent",
  ])

  /// The members that each operation knows; others are ignored.
  private static let operations: [String: [String]] = ([
    "ExecuteStatement": submission.union(["Sql"]), "BatchExecuteStatement": submission.union(["ExecutionMode", "Sqls"]),
    "DescribeStatement": ["Id", "WaitTimeSeconds"], "GetStatementResult": ["Id", "NextToken", "WaitTimeSeconds"],
    "GetStatementResultV2": ["Id", "NextToken", "WaitTimeSeconds"], "CancelStatement": ["Id"],
    "ListStatements": page.union(["ClusterIdentifier", "Database", "RoleLevel", "StatementName", "Status", "WorkgroupName"]),
    "ListSessions": page.union(["ClusterIdentifier", "Database", "RoleLevel", "SessionId", "Status", "WorkgroupName"]),
    "ListDatabases": target.union(page), "ListSchemas": target.union(page).union(["ConnectedDatabase", "SchemaPattern"]),
    "ListTables": target.union(page).union(["ConnectedDatabase", "SchemaPattern", "TablePattern"]),
    "DescribeTable": target.union(page).union(["ConnectedDatabase", "Schema", "Table"]),
  ] as [String: Set<String>]).mapValues { $0.sorted() }

  /// - Throws: `SerializationException` for the first member, by name, that is of another type.
  static func check(_ members: RequestMembers, of operation: String) throws(AWSJSONError) {
    for name in operations[operation] ?? [] {
      switch texts[name] ?? others[name] {
      case .text: _ = try members.string(name)
      case .number: _ = try members.integer(name)
      case .flag: _ = try members.bool(name)
      case .texts: _ = try members.strings(name)
      case .parameters:
        for parameter in try members.structures(name) ?? [] {
          _ = try parameter.string("name")
          _ = try parameter.string("value")
        }
      case nil: preconditionFailure("\(name) has no type")
      }
    }
  }
}

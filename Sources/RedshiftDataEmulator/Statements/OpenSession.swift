import JSONTypes

/// A session that a request opened with `SessionKeepAliveSeconds`, and that outlives its statements.
struct OpenSession: Sendable {
  enum Status: String, Sendable, CaseIterable {
    case available = "AVAILABLE"
    case busy = "BUSY"
    case closed = "CLOSED"
  }

  let id: String
  let target: StatementTarget
  let createdAt: Double
  var updatedAt: Double
  var keepAliveInSeconds: Int
  /// Made by the first statement that needs it.
  var session: RedshiftSession?
  /// The statement that uses it.
  var statements: [String] = []
  /// When it ends unless it is used longer or again, or when it has ended.
  var endsAt: Double?
  var expiry: Task<Void, Never>?
  var isClosed = false

  var status: Status { isClosed ? .closed : statements.isEmpty ? .available : .busy }

  /// `SessionData` of the API.
  var data: JSONValue {
    var object: JSONObject = [
      "SessionId": .string(id), "Status": .string(status.rawValue), "CreatedAt": .double(createdAt), "UpdatedAt": .double(updatedAt),
      "Database": .string(target.database), "SessionAliveSeconds": .int(Int64(keepAliveInSeconds)),
    ]
    if let name = target.clusterIdentifier { object["ClusterIdentifier"] = .string(name) }
    if let name = target.workgroupName { object["WorkgroupName"] = .string(name) }
    if let user = target.dbUser { object["DbUser"] = .string(user) }
    if let endsAt { object["SessionTtl"] = .double(endsAt) }
    if let statement = statements.first, !isClosed { object["CurrentStatementId"] = .string(statement) }
    return .object(object)
  }

  /// For the log of statements.
  var logged: JSONValue {
    var object: JSONObject = [
      "id": .string(id), "createdAt": .double(createdAt), "keepAlive": .int(Int64(keepAliveInSeconds)), "database": .string(target.database),
    ]
    let optional = [
      ("cluster", target.clusterIdentifier), ("workgroup", target.workgroupName), ("user", target.dbUser), ("secret", target.secretArn),
    ]
    for (key, value) in optional { if let value { object[key] = .string(value) } }
    return .object(object)
  }

  /// One of an earlier program: it is closed.
  init?(logged value: JSONValue) {
    guard let id = value["id"]?.asString, let createdAt = value["createdAt"]?.asDouble, let database = value["database"]?.asString else {
      return nil
    }
    self.init(
      id: id,
      target: StatementTarget(
        clusterIdentifier: value["cluster"]?.asString, workgroupName: value["workgroup"]?.asString, database: database,
        dbUser: value["user"]?.asString, secretArn: value["secret"]?.asString), now: createdAt,
      keepAliveInSeconds: Int(value["keepAlive"]?.asInt ?? 0))
    isClosed = true
    endsAt = createdAt + Double(keepAliveInSeconds)
  }

  init(id: String, target: StatementTarget, now: Double, keepAliveInSeconds: Int) {
    self.id = id
    self.target = target
    createdAt = now
    updatedAt = now
    self.keepAliveInSeconds = keepAliveInSeconds
  }
}

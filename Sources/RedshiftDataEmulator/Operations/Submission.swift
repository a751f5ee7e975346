import AWSJSONServer
import JSONTypes

/// Limits of a request's members. Source: Amazon Redshift Data API Reference.
enum RequestLimits {
  static let statementSizeInBytes = 100_000
  static let statementsInBatch = 40
  static let statementName = 2048
  static let clientToken = 64
  static let keepAliveInSeconds = 86_400
  static let parameters = 1000

  static func check(_ holds: Bool, _ message: @autoclosure () -> String) throws(AWSJSONError) {
    if !holds { throw .validation(message()) }
  }
}

extension RedshiftDataService {
  func executeStatement(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    guard let sql = try members.string("Sql") else { throw .validation("Sql is required.") }
    return try await submit(members, sqls: [sql], isBatch: false)
  }

  func batchExecuteStatement(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    guard let sqls = try members.strings("Sqls") else { throw .validation("Sqls is required.") }
    try RequestLimits.check(
      (1...RequestLimits.statementsInBatch).contains(sqls.count),
      "1 validation error detected: Value at 'sqls' failed to satisfy constraint: Member must have length between 1 and "
        + "\(RequestLimits.statementsInBatch), not \(sqls.count)")
    return try await submit(members, sqls: sqls, isBatch: true)
  }

  private func submit(_ members: RequestMembers, sqls: [String], isBatch: Bool) async throws(AWSJSONError) -> JSONValue {
    let seconds = try Self.waitTime(members)
    let id = try submittedId(members, sqls: sqls, isBatch: isBatch)
    if let seconds { try await wait(for: id, part: nil, seconds: seconds) }
    guard let record = ledger[id] else { throw .internalFailure("The statement \(id) is gone.") }
    return reply(record)
  }

  /// Nothing here waits, so requests that race with one token find the first one's statement.
  private func submittedId(_ members: RequestMembers, sqls: [String], isBatch: Bool) throws(AWSJSONError) -> String {
    for sql in sqls {
      try RequestLimits.check(
        sql.utf8.count <= RequestLimits.statementSizeInBytes,
        "Cannot process query string larger than \(RequestLimits.statementSizeInBytes / 1000)kB")
      try RequestLimits.check(!sql.utf8.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }, "Sql must not be empty.")
      try RequestLimits.check(!sql.utf8.contains(0), "Sql must not contain the character U+0000.")
    }
    let name = try statementName(members)
    let token = try members.string("ClientToken")
    if let token {
      try RequestLimits.check(
        (1...RequestLimits.clientToken).contains(token.count), "ClientToken must have 1 to \(RequestLimits.clientToken) characters.")
    }
    let formatName = try members.string("ResultFormat") ?? "JSON"
    guard let format = ResultFormat(rawValue: formatName) else { throw .validation("ResultFormat must be JSON or CSV, not \(formatName).") }
    let modeName = isBatch ? try members.string("ExecutionMode") ?? "TRANSACTION" : "TRANSACTION"
    guard let mode = ExecutionMode(rawValue: modeName) else {
      throw .validation("ExecutionMode must be TRANSACTION or AUTO_COMMIT, not \(modeName).")
    }
    let keepAlive = try members.integer("SessionKeepAliveSeconds")
    if let keepAlive {
      try RequestLimits.check(
        (0...RequestLimits.keepAliveInSeconds).contains(keepAlive),
        "SessionKeepAliveSeconds must be 0 to \(RequestLimits.keepAliveInSeconds).")
    }
    let parameters = try parameters(members)
    let sessionId = try members.string("SessionId")
    let (target, joined) = try submissionTarget(members, sessionId: sessionId)

    let now = self.now()
    if let token, let known = ledger.record(withToken: token, now: now) {
      guard known.sqls == sqls, known.isBatch == isBatch, known.parameters == parameters else {
        throw .validation("The ClientToken \(token) was used for another statement (\(known.id)).")
      }
      resume(known.id)
      return known.id
    }
    try checkParameters(parameters, sqls)
    if let joined { try checkAvailable(joined) }
    guard ledger.activeCount < limits.activeStatements else {
      throw AWSJSONError("ActiveStatementsExceededException", "Active statements exceeded the allowed quota (\(limits.activeStatements)).")
    }
    if sessionId == nil, (keepAlive ?? 0) > 0, openSessions >= limits.sessions {
      throw AWSJSONError("ActiveSessionsExceededException", "Active sessions exceeded the allowed quota (\(limits.sessions)).")
    }
    var session = sessionId
    let id = RandomIdentifier.uuid()
    do throws(PostgresError) {
      if let sessionId {
        if let keepAlive { sessions[sessionId]?.keepAliveInSeconds = keepAlive }
      } else if let keepAlive, keepAlive > 0 {
        let opened = OpenSession(id: RandomIdentifier.uuid(), target: target, now: now, keepAliveInSeconds: keepAlive)
        try log?.opened(session: opened.logged)
        sessions[opened.id] = opened
        session = opened.id
      }
      var parts: [StatementRecord.Part] = []
      for sql in sqls {
        parts.append(
          StatementRecord.Part(
            sql: sql, createdAt: now, updatedAt: now, queryId: ledger.nextQueryId(), queryUuid: RandomIdentifier.uuid()))
      }
      try submit(
        StatementRecord(
          id: id, name: name, isBatch: isBatch, target: target, parameters: parameters, clientToken: token, resultFormat: format,
          sessionId: session, opensSession: sessionId == nil && session != nil, executionMode: mode, createdAt: now, updatedAt: now,
          parts: parts))
    } catch {
      throw AWSJSONError(
        isBatch ? "BatchExecuteStatementException" : "ExecuteStatementException", "The statement cannot be kept: \(error.message)", status: 500,
        members: ["StatementId": .string(id)])
    }
    return id
  }

  func statementName(_ members: RequestMembers) throws(AWSJSONError) -> String? {
    let name = try members.string("StatementName")
    try RequestLimits.check(
      (name ?? "").count <= RequestLimits.statementName, "StatementName is longer than \(RequestLimits.statementName) characters.")
    return name
  }

  private func reply(_ record: StatementRecord) -> JSONValue {
    var object: JSONObject = ["CreatedAt": .double(record.createdAt), "Id": .string(record.id)]
    for (key, value) in record.target.members { object[key] = value }
    if let session = record.sessionId { object["SessionId"] = .string(session) }
    object["Status"] = .string(record.status.rawValue)
    object["HasResultSet"] = .bool(record.status == .finished && record.hasResultSet)
    if record.backendPid > 0 { object["RedshiftPid"] = .int(Int64(record.backendPid)) }
    return .object(object)
  }

  private func submissionTarget(_ members: RequestMembers, sessionId: String?) throws(AWSJSONError) -> (StatementTarget, joined: OpenSession?) {
    guard let sessionId else { return (try target(members), nil) }
    for key in ["ClusterIdentifier", "WorkgroupName", "Database", "DbUser", "SecretArn"] where try members.string(key) != nil {
      throw .validation("\(key) must not be given together with SessionId.")
    }
    let session = try namedSession(sessionId)
    return (session.target, session)
  }

  /// Cluster and workgroup as a list filters by them: one of both at most.
  func targetFilter(_ members: RequestMembers) throws(AWSJSONError) -> (cluster: String?, workgroup: String?) {
    let cluster = try members.string("ClusterIdentifier")
    let workgroup = try members.string("WorkgroupName")
    try RequestLimits.check(cluster == nil || workgroup == nil, "ClusterIdentifier and WorkgroupName must not be given together.")
    if let cluster {
      try RequestLimits.check(
        TargetNames.isClusterIdentifier(cluster), "ClusterIdentifier \"\(cluster)\" does not match [a-z][a-z0-9]*(-[a-z0-9]+)*.")
    }
    if let workgroup {
      try RequestLimits.check(
        TargetNames.isWorkgroupName(workgroup), "WorkgroupName \"\(workgroup)\" is neither [a-z0-9-]{3,63} nor the ARN of a workgroup.")
    }
    return (cluster, workgroup)
  }

  /// Cluster or workgroup, database and user of a request.
  ///
  /// - Parameters:
  ///   - databaseKey: the member that names the database to connect to, before `Database`.
  ///   - fallback: the database when the request names none; without it one is required.
  func target(_ members: RequestMembers, databaseKey: String = "Database", fallback: String? = nil) throws(AWSJSONError) -> StatementTarget {
    let (cluster, workgroup) = try targetFilter(members)
    guard cluster != nil || workgroup != nil else { throw .validation("Exactly one of ClusterIdentifier and WorkgroupName is required.") }
    guard let database = try members.string("Database") ?? fallback, !database.isEmpty else { throw .validation("Database is required.") }
    let connected = databaseKey == "Database" ? nil : try members.string(databaseKey)
    let user = try members.string("DbUser")
    try RequestLimits.check(
      user.map { !$0.isEmpty && $0.utf8.count < 64 && !$0.utf8.contains(0) } ?? true, "DbUser must have 1 to 63 bytes.")
    return StatementTarget(
      clusterIdentifier: cluster, workgroupName: workgroup, database: connected ?? database, dbUser: user,
      secretArn: try members.string("SecretArn"))
  }

  private func parameters(_ members: RequestMembers) throws(AWSJSONError) -> [StatementParameter] {
    guard let given = try members.structures("Parameters") else { return [] }
    try RequestLimits.check(!given.isEmpty, "Parameters must not be empty.")
    try RequestLimits.check(given.count <= RequestLimits.parameters, "There are more than \(RequestLimits.parameters) parameters.")
    var parameters: [StatementParameter] = []
    for parameter in given {
      guard let name = try parameter.string("name"), let value = try parameter.string("value") else {
        throw .validation("A parameter must have a name and a value.")
      }
      try RequestLimits.check(
        !name.isEmpty && name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) },
        "The name of a parameter must match [0-9a-zA-Z_]+, not \"\(name)\".")
      try RequestLimits.check(!value.isEmpty, "The value of parameter \"\(name)\" must not be empty.")
      try RequestLimits.check(!value.utf8.contains(0), "The value of parameter \"\(name)\" must not contain the character U+0000.")
      try RequestLimits.check(!parameters.contains { $0.name == name }, "Parameter \"\(name)\" is given twice.")
      parameters.append(StatementParameter(name: name, value: value))
    }
    return parameters
  }

  /// Every parameter is used, and every name that is used was given.
  private func checkParameters(_ parameters: [StatementParameter], _ sqls: [String]) throws(AWSJSONError) {
    var used: Set<String> = []
    for sql in sqls {
      for token in Tokenizer.tokens(of: sql) where token.kind == .parameter { used.insert(String(token.text.dropFirst())) }
    }
    let given = Set(parameters.map(\.name))
    if let unused = parameters.first(where: { !used.contains($0.name) }) {
      throw .validation("Parameter \"\(unused.name)\" is not used in the SQL.")
    }
    if !used.isSubset(of: given), let unknown = used.subtracting(given).sorted().first {
      throw .validation("Parameter \"\(unknown)\" is used in the SQL but was not given.")
    }
  }
}

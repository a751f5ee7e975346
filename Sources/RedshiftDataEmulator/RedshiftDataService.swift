import AWSJSONServer
import JSONTypes

/// What stands behind the operations: the database, the sessions, and the ledger of statements.
actor RedshiftDataService {
  /// The user when a request names none.
  static let defaultUser = "awsuser"

  let server: PrivatePostgres
  let configuration: RedshiftDataEndpoint.Configuration
  let limits: StatementLimits
  let objects: ObjectFolder
  let spoolFolder: String
  var ledger: StatementLedger
  var sessions: [String: OpenSession] = [:]
  private var runs: [String: (task: Task<Void, Never>, control: RunControl)] = [:]
  private var knownUsers: Set<String> = []
  private var isStopped = false

  /// A session that outlives its statements.
  struct OpenSession {
    var target: StatementTarget
    var session: RedshiftSession?
    var keepAliveInSeconds: Int
    /// Statements that use it or wait for it.
    var users = 0
    var expiry: Task<Void, Never>?
  }

  static func start(
    _ configuration: RedshiftDataEndpoint.Configuration, stateFolder: String, limits: StatementLimits = StatementLimits()
  ) async throws(PostgresError) -> RedshiftDataService {
    let spool = stateFolder + "/results"
    let server = try await PrivatePostgres.start(stateFolder: stateFolder)
    do throws(PostgresError) {
      try Files.makeFolder(spool)
      try await DatabaseInstallation(server: server, database: configuration.database).run()
    } catch {
      await server.stop()
      throw error
    }
    return RedshiftDataService(server, configuration, limits, spool)
  }

  private init(_ server: PrivatePostgres, _ configuration: RedshiftDataEndpoint.Configuration, _ limits: StatementLimits, _ spool: String) {
    self.server = server
    self.configuration = configuration
    self.limits = limits
    spoolFolder = spool
    objects = ObjectFolder(root: configuration.s3Root)
    ledger = StatementLedger(limits: limits)
  }

  /// Answers one operation.
  func answer(_ operation: String, _ input: JSONValue) async throws(AWSJSONError) -> JSONValue {
    let members = try RequestMembers(input)
    switch operation {
    case "ExecuteStatement": return try await executeStatement(members)
    case "BatchExecuteStatement": return try await batchExecuteStatement(members)
    case "DescribeStatement": return try describeStatement(members)
    case "GetStatementResult": return try getStatementResult(members, format: .json)
    case "GetStatementResultV2": return try getStatementResult(members, format: .csv)
    case "CancelStatement": return try cancelStatement(members)
    case "ListStatements": return try listStatements(members)
    case "ListDatabases": return try await listDatabases(members)
    case "ListSchemas": return try await listSchemas(members)
    case "ListTables": return try await listTables(members)
    case "DescribeTable": return try await describeTable(members)
    default: throw .unknownOperation("RedshiftData.\(operation)")
    }
  }

  // MARK: statements

  /// Puts a statement into the ledger and has it run behind the reply.
  func begin(_ record: StatementRecord) {
    ledger.insert(record)
    let server = server
    let control = RunControl { pid in if pid != 0 { await server.cancel(backendPid: pid) } }
    if let id = record.sessionId { sessions[id]?.users += 1 }
    runs[record.id] = (Task { await self.run(record, control) }, control)
  }

  private func run(_ record: StatementRecord, _ control: RunControl) async {
    change(record.id) { record in
      record.status = .picked
      record.updatedAt = Moment.now()
    }
    do throws(PostgresError) {
      let session = try await session(of: record)
      await session.acquire()
      if !control.isCancelled {
        let pid = session.connection.backendPid
        control.began(backendPid: pid)
        change(record.id) { record in
          record.status = .started
          record.updatedAt = Moment.now()
          record.backendPid = pid
        }
      }
      let id = record.id
      let runner = StatementRunner(
        record: record, session: session, control: control, limits: limits, objects: objects, spoolFolder: spoolFolder,
        apart: apart(record.target)
      ) { [weak self] change in await self?.change(id, change) }
      await runner.run()
      await control.end()
      await session.release()
    } catch {
      await control.end()
      let text = StatementRunner.text(of: error)
      if let hint = error.hint { configuration.log(hint) }
      let now = Moment.now()
      change(record.id) { record in
        record.status = .failed
        record.updatedAt = now
        record.error = text
        for index in record.parts.indices {
          record.parts[index].status = index == 0 ? .failed : .aborted
          record.parts[index].error = index == 0 ? text : StatementRunner.abortedText
        }
      }
    }
    runs[record.id] = nil
    if let id = record.sessionId { leave(session: id) }
  }

  private func change(_ id: String, _ change: (inout StatementRecord) -> Void) { ledger.update(id, change) }

  /// Asks a running statement to stop; false when it has ended.
  func cancel(_ id: String) -> Bool {
    guard let control = runs[id]?.control else { return false }
    control.cancel()
    return true
  }

  func cancelAll() { for run in runs.values { run.control.cancel() } }

  func stop() async {
    guard !isStopped else { return }
    isStopped = true
    let running = Array(runs.values)
    for run in running { run.control.cancel() }
    for run in running { await run.task.value }
    for session in sessions.values { session.expiry?.cancel() }
    sessions = [:]
    await server.stop()
  }

  // MARK: sessions

  /// The session a statement runs in: the named one, or one of its own.
  private func session(of record: StatementRecord) async throws(PostgresError) -> RedshiftSession {
    guard let id = record.sessionId else { return try await open(record.target) }
    if let session = sessions[id]?.session { return session }
    let session = try await open(record.target)
    // Another statement may have opened it meanwhile.
    if let first = sessions[id]?.session { return first }
    sessions[id]?.session = session
    return session
  }

  /// A new database session for a target.
  func open(_ target: StatementTarget) async throws(PostgresError) -> RedshiftSession {
    let user = target.dbUser ?? Self.defaultUser
    try await ensure(user: user)
    do throws(PostgresError) {
      let connection = try await server.connect(database: target.database, user: user)
      let session = RedshiftSession(connection: connection, target: target)
      try await session.loadLateViews()
      return session
    } catch {
      var explained = error
      if error.message.contains("database"), error.message.hasSuffix("does not exist") {
        explained.hint = "database \"\(target.database)\" does not exist here; create it with: create database \(target.database)"
      }
      throw explained
    }
  }

  private func apart(_ target: StatementTarget) -> @Sendable (String) async -> Void {
    { [self] sql in
      guard let session = try? await open(target) else { return }
      _ = try? await session.connection.rows(sql)
    }
  }

  /// Database users are made as they are named; the default user has the rights of all.
  private func ensure(user: String) async throws(PostgresError) {
    guard !knownUsers.contains(user), user != Self.defaultUser else { return }
    let name = "\"" + user.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    if try await server.controlRows("select 1 from pg_roles where rolname = E\(Node.quoted(user))").isEmpty {
      _ = try? await server.controlRows("create role \(name) login")
      _ = try await server.controlRows("grant \(name) to \(Self.defaultUser)")
    }
    knownUsers.insert(user)
  }

  private func leave(session id: String) {
    guard var open = sessions[id] else { return }
    open.users -= 1
    open.expiry?.cancel()
    if open.users == 0 {
      let seconds = open.keepAliveInSeconds
      open.expiry = Task { [weak self] in
        guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
        await self?.expire(session: id)
      }
    }
    sessions[id] = open
  }

  private func expire(session id: String) {
    if sessions[id]?.users == 0 { sessions[id] = nil }
  }

  // MARK: scripts

  func query(_ sql: String, database: String?) async throws(PostgresError) -> RedshiftDataEndpoint.QueryResult {
    let target = StatementTarget(database: database ?? configuration.database)
    let session = try await open(target)
    var result = RedshiftDataEndpoint.QueryResult(columns: [], rows: [], rowCount: 0, messages: [])
    let now = Moment.now()
    let record = StatementRecord(
      id: RandomIdentifier.uuid(), name: nil, isBatch: false, target: target, parameters: [], clientToken: nil, resultFormat: .json,
      sessionId: nil,
      createdAt: now, updatedAt: now, parts: [StatementRecord.Part(sql: sql, createdAt: now, updatedAt: now, queryId: 0)])
    let box = RecordBox(record)
    let server = server
    let control = RunControl { pid in if pid != 0 { await server.cancel(backendPid: pid) } }
    control.began(backendPid: session.connection.backendPid)
    await StatementRunner(
      record: record, session: session, control: control, limits: limits, objects: objects, spoolFolder: spoolFolder, apart: apart(target)
    ) { await box.change($0) }.run()
    await control.end()
    let ended = await box.record
    result.messages = await session.connection.takeNotices()
    if let error = ended.error { throw PostgresError.described(error) }
    let part = ended.parts[0]
    result.rowCount = part.rows
    if let stored = part.result {
      result.columns = stored.columns.map(\.name)
      for index in stored.pages.indices { result.rows += try Self.texts(of: try stored.page(index)) }
    }
    return result
  }

  /// The fields of a page's rows as texts.
  private static func texts(of page: [UInt8]) throws(PostgresError) -> [[String?]] {
    guard let rows = (try? JSONValue(parsing: [UInt8(ascii: "[")] + page + [UInt8(ascii: "]")]))?.asArray else { return [] }
    return rows.map { row in
      (row.asArray ?? []).map { field in
        guard let object = field.asObject, let member = object.first, member.key != "isNull" else { return nil }
        return member.value.asString ?? member.value.jsonText
      }
    }
  }
}

/// Collects what becomes of a statement that is in no ledger.
private actor RecordBox {
  private(set) var record: StatementRecord
  init(_ record: StatementRecord) { self.record = record }
  func change(_ change: (inout StatementRecord) -> Void) { change(&record) }
}

extension PostgresError {
  /// From the text of a statement's error, `ERROR: …` with the line of the position.
  fileprivate static func described(_ text: String) -> PostgresError {
    let colon = text.firstIndex(of: ":") ?? text.startIndex
    let rest = text[colon...].dropFirst(2)
    return PostgresError(severity: String(text[..<colon]), sqlState: "XX000", message: String(rest))
  }
}

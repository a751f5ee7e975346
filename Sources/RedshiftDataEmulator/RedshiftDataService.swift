import AWSJSONServer
import JSONTypes

/// What stands behind the operations: the database, the sessions, and the ledger of statements.
actor RedshiftDataService {
  /// The user when a request names none.
  static let defaultUser = "awsuser"

  /// Nil while a script is played that needs no database.
  private let database: (server: PrivatePostgres, pool: SessionPool)?
  var script: StatementScript?
  /// What is still to happen, in virtual time.
  var scripted: [String: [ScriptedEvent]] = [:]
  var virtualNow = Moment.now()
  let configuration: RedshiftDataEndpoint.Configuration
  let limits: StatementLimits
  let objects: (any RedshiftObjects)?
  let spoolFolder: String
  var ledger: StatementLedger
  /// Those that are open, and those that were closed within the time of retention.
  var sessions: [String: OpenSession] = [:]
  /// Nil for a service that runs scripts only: it takes over nothing and keeps nothing.
  var log: StatementLog?
  var keepsStatements = false
  var runs: [String: (task: Task<Void, Never>, control: RunControl)] = [:]
  /// Statements of an earlier program that run once somebody asks for them.
  var parked: Set<String> = []
  var waiting: [String: [Waiter]] = [:]
  var lastWaiter: UInt64 = 0
  private var knownUsers: Set<String> = []
  private var isStopped = false

  /// Somebody who wants to know when a statement has come to an end.
  struct Waiter {
    var number: UInt64
    var hasEnded: @Sendable (StatementRecord) -> Bool
    var continuation: CheckedContinuation<Void, Never>
  }

  /// - Parameter keepsStatements: whether statements outlive this service, and those of earlier ones are taken over.
  static func start(
    _ configuration: RedshiftDataEndpoint.Configuration, stateFolder: String, limits: StatementLimits = StatementLimits(),
    keepsStatements: Bool = true
  ) async throws(PostgresError) -> RedshiftDataService {
    let spool = stateFolder + "/results"
    if let script = configuration.script, !script.usesDatabase { return RedshiftDataService(nil, configuration, limits, spool) }
    let server = try await PrivatePostgres.start(stateFolder: stateFolder)
    do throws(PostgresError) {
      try Files.makeFolder(spool)
      try await DatabaseInstallation(server: server, database: configuration.database).run()
      let service = RedshiftDataService(server, configuration, limits, spool)
      if keepsStatements, configuration.script == nil { try await service.takeOver(stateFolder + "/statements") }
      return service
    } catch {
      await server.stop()
      throw error
    }
  }

  private init(_ server: PrivatePostgres?, _ configuration: RedshiftDataEndpoint.Configuration, _ limits: StatementLimits, _ spool: String) {
    database = server.map { ($0, SessionPool(server: $0)) }
    script = configuration.script
    self.configuration = configuration
    self.limits = limits
    spoolFolder = spool
    objects = configuration.objects ?? configuration.s3Root.map { FolderObjects(root: $0) }
    ledger = StatementLedger(limits: limits)
  }

  /// - Throws: when a script is played that needs none.
  func server() throws(PostgresError) -> PrivatePostgres {
    guard let database else { throw .lost("this endpoint plays a script and has no database; \"otherwise\": \"database\" gives it one") }
    return database.server
  }

  /// Answers one operation.
  func answer(_ operation: String, _ input: JSONValue) async throws(AWSJSONError) -> JSONValue {
    let members = try RequestMembers(input)
    try RequestShape.check(members, of: operation)
    switch operation {
    case "ExecuteStatement": return try await executeStatement(members)
    case "BatchExecuteStatement": return try await batchExecuteStatement(members)
    case "DescribeStatement":
      let description = try await describeStatement(members)
      if let id = description["Id"]?.asString { passAfterQuestion(about: String(id.prefix(36))) }
      return description
    case "GetStatementResult": return try await getStatementResult(members, format: .json)
    case "GetStatementResultV2": return try await getStatementResult(members, format: .csv)
    case "CancelStatement": return try cancelStatement(members)
    case "ListStatements": return try listStatements(members)
    case "ListSessions": return try listSessions(members)
    case "ListDatabases": return try await listDatabases(members)
    case "ListSchemas": return try await listSchemas(members)
    case "ListTables": return try await listTables(members)
    case "DescribeTable": return try await describeTable(members)
    default: throw .unknownOperation("RedshiftData.\(operation)")
    }
  }

  // MARK: statements

  /// Puts a statement into the log and the ledger, and has it run behind the reply.
  func submit(_ record: StatementRecord) throws(PostgresError) {
    try log?.submitted(record)
    try forget(now: record.createdAt)
    ledger.insert(record)
    begin(record)
    if let log, log.needsRewriting { try log.rewrite(kept) }
  }

  /// Lets go of what is too old or too much.
  func forget(now: Double) throws(PostgresError) {
    for gone in ledger.prune(now: now) { for part in gone.parts { part.result?.discard() } }
    for (id, session) in sessions where session.isClosed && now - session.updatedAt > limits.retentionInSeconds { sessions[id] = nil }
  }

  var kept: StatementLog.Found {
    StatementLog.Found(entries: ledger.oldestFirst.map { StatementLog.Entry(record: $0) }, sessions: sessions.values.map(\.logged))
  }

  /// Has a statement of the ledger run.
  func begin(_ record: StatementRecord) {
    if play(record) { return }
    let server = database?.server
    let control = RunControl { pid in if pid != 0 { await server?.cancel(backendPid: pid) } }
    if let id = record.sessionId { join(session: id, statement: record.id) }
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
        journal: journal(of: id), apart: apart(record.target)
      ) { [weak self] change in await self?.change(id, change) }
      await runner.run()
      await control.end()
      await session.release()
      if record.sessionId == nil { await giveBack(session) }
    } catch {
      await control.end()
      fail(record.id, error)
    }
    runs[record.id] = nil
  }

  func fail(_ id: String, _ error: PostgresError, part: Int = 0) {
    let text = StatementRunner.text(of: error)
    if let hint = error.hint { configuration.log(hint) }
    let now = self.now()
    change(id) { record in
      record.status = .failed
      record.updatedAt = now
      record.error = record.isBatch ? "Query #\(part + 1) failed with \(text)" : text
      for index in record.parts.indices {
        record.parts[index].status = index == part ? .failed : .aborted
        record.parts[index].error = index == part ? text : StatementRunner.abortedText
      }
    }
  }

  func change(_ id: String, _ change: (inout StatementRecord) -> Void) {
    guard let changed = ledger.update(id, change) else { return }
    if changed.status.isFinal {
      // Who sees the end may use the session at once.
      if let session = changed.sessionId { leave(session: session, statement: id) }
      do throws(PostgresError) { try log?.ended(changed) } catch { configuration.log(error.message) }
    }
    wake(changed)
  }

  /// Asks a statement to stop; false when it has ended.
  func cancel(_ id: String) -> Bool {
    if parked.remove(id) != nil {
      abort(id)
      return true
    }
    if scripted.removeValue(forKey: id) != nil {
      abort(id)
      return true
    }
    guard let control = runs[id]?.control else { return false }
    control.cancel()
    // What waits for its turn has no effect to undo.
    if !control.hasBegun { abort(id) }
    return true
  }

  private func abort(_ id: String) {
    let now = self.now()
    change(id) { record in
      record.status = .aborted
      record.updatedAt = now
      record.error = StatementRunner.text(of: StatementRunner.cancelled)
      for index in record.parts.indices { record.parts[index].status = .aborted }
    }
  }

  func cancelAll() { for run in runs.values { run.control.cancel() } }

  func stop() async {
    guard !isStopped else { return }
    isStopped = true
    let running = Array(runs.values)
    for run in running { run.control.cancel() }
    if script != nil { for run in running { run.task.cancel() } }
    for run in running { await run.task.value }
    for session in sessions.values { session.expiry?.cancel() }
    sessions = [:]
    log = nil
    await database?.pool.close()
    await database?.server.stop()
  }

  /// Lets go of everything as kill -9 would: nothing is cancelled, finished or written. For tests.
  func abandon() async {
    isStopped = true
    log = nil
    await database?.pool.close()
    await database?.server.abandon()
  }

  // MARK: database sessions

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
    guard let pool = database?.pool else { throw .lost("this endpoint plays a script and has no database") }
    do throws(PostgresError) {
      let connection = try await pool.connection(.init(database: target.database, user: user))
      return RedshiftSession(connection: connection, target: target) { [weak self] in await self?.statementHistory() ?? [] }
    } catch {
      var explained = error
      if error.message.contains("database"), error.message.hasSuffix("does not exist") {
        explained.hint = "database \"\(target.database)\" does not exist here; create it with: create database \(target.database)"
      }
      throw explained
    }
  }

  /// Takes back what `open` gave.
  func giveBack(_ session: RedshiftSession) async {
    let key = SessionPool.Key(database: session.target.database, user: session.target.dbUser ?? Self.defaultUser)
    await database?.pool.takeBack(session.connection, key)
  }

  private func apart(_ target: StatementTarget) -> @Sendable (String) async -> Void {
    { [self] sql in
      guard let session = try? await open(target) else { return }
      _ = try? await session.connection.rows(sql)
      await giveBack(session)
    }
  }

  /// Database users are made as they are named; the default user has the rights of all.
  private func ensure(user: String) async throws(PostgresError) {
    guard !knownUsers.contains(user), user != Self.defaultUser else { return }
    let server = try server()
    let name = "\"" + user.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    if try await server.controlRows("select 1 from pg_roles where rolname = E\(Node.quoted(user))").isEmpty {
      _ = try? await server.controlRows("create role \(name) login")
      _ = try await server.controlRows("grant \(name) to \(Self.defaultUser)")
    }
    knownUsers.insert(user)
  }
}

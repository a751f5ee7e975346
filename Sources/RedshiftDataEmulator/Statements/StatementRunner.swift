import JSONTypes
import Synchronization

/// Runs one submitted statement or batch in its session and reports what becomes of it.
struct StatementRunner: Sendable {
  let record: StatementRecord
  let session: RedshiftSession
  let control: RunControl
  let limits: StatementLimits
  let objects: ObjectFolder
  let spoolFolder: String
  /// Runs a statement in a session of its own, so that it stays when this one is rolled back.
  let apart: @Sendable (String) async -> Void
  /// Applies a change to the record.
  let report: @Sendable (@escaping @Sendable (inout StatementRecord) -> Void) async -> Void

  /// Text of statements that come behind one that failed.
  static let abortedText = "Connection or an prior query failed."

  /// Returns the failure that ended it, with the number of the part.
  func run() async {
    let clock = ContinuousClock()
    let start = clock.now
    var failure: (part: Int, error: PostgresError)?
    let pieces = record.parts.map { StatementSplitter.statements(of: $0.sql) }
    // Several statements are one transaction, as with autocommit off; one alone is left to the database.
    let isTransactional = record.isBatch || pieces.reduce(0) { $0 + $1.count } > 1
    let openedBefore = await session.transaction != .idle
    for (number, statements) in pieces.enumerated() {
      if control.isCancelled {
        failure = (number, Self.cancelled)
        break
      }
      let partStart = clock.now
      let startedAt = Moment.now()
      await report {
        $0.parts[number].status = .started
        $0.parts[number].updatedAt = startedAt
      }
      do throws(PostgresError) {
        let result = try await run(statements, of: number, isTransactional: isTransactional)
        if control.isCancelled { throw Self.cancelled }
        let elapsed = Moment.nanoseconds(clock.now - partStart)
        let now = Moment.now()
        await report { record in
          record.parts[number].status = .finished
          record.parts[number].updatedAt = now
          record.parts[number].duration = elapsed
          record.parts[number].hasResultSet = result.stored != nil
          record.parts[number].rows = result.rows
          record.parts[number].size = result.stored?.size ?? 0
          record.parts[number].result = result.stored
        }
      } catch {
        failure = (number, control.isCancelled ? Self.cancelled : error)
        break
      }
    }
    if failure == nil, isTransactional, !openedBefore, await session.transaction != .idle {
      do throws(PostgresError) { try await session.connection.rows("commit") } catch { failure = (pieces.count - 1, error) }
    }
    if failure != nil, await session.transaction != .idle { _ = try? await session.connection.rows("rollback") }
    await finish(failure, elapsed: Moment.nanoseconds(clock.now - start))
  }

  static let cancelled = PostgresError(sqlState: "57014", message: "Query cancelled on user's request")

  private func finish(_ failure: (part: Int, error: PostgresError)?, elapsed: Int) async {
    let now = Moment.now()
    let isCancelled = control.isCancelled && failure != nil
    await report { record in
      record.updatedAt = now
      record.duration = elapsed
      guard let failure else {
        record.status = .finished
        return
      }
      record.status = isCancelled ? .aborted : .failed
      let text = Self.text(of: failure.error)
      for number in record.parts.indices where number >= failure.part {
        record.parts[number].updatedAt = now
        record.parts[number].rows = -1
        record.parts[number].status = number == failure.part && !isCancelled ? .failed : .aborted
        record.parts[number].error = number == failure.part ? text : Self.abortedText
        if number == failure.part { record.parts[number].duration = elapsed }
      }
      record.error = record.isBatch && !isCancelled ? "Query #\(failure.part + 1) failed with \(text)" : text
    }
  }

  /// `ERROR: …`, with a line for the position when it is known.
  static func text(of error: PostgresError) -> String {
    "\(error.severity): \(error.message)" + (error.position.map { "\n  Position: \($0)" } ?? "")
  }

  private typealias PartResult = (rows: Int, stored: StoredResult?)

  /// The statements of one part; the last one's result is the part's.
  private func run(_ statements: [[Token]], of number: Int, isTransactional: Bool) async throws(PostgresError) -> PartResult {
    var result: PartResult = (0, nil)
    let source = record.parts[number].sql
    for tokens in statements {
      if control.isCancelled { throw Self.cancelled }
      let translation = try await session.translate(tokens, parameters: record.parameters, source: source)
      do throws(PostgresError) {
        result = try await execute(translation, of: number, isTransactional: isTransactional)
      } catch {
        var located = error
        located.position = error.position.flatMap { translation.sourcePosition(of: $0, in: source) }
        throw located
      }
    }
    return result
  }

  private func execute(_ translation: Translation, of number: Int, isTransactional: Bool) async throws(PostgresError) -> PartResult {
    let connection = session.connection
    let transaction = await connection.transaction
    switch translation.action {
    case .nothing: return (0, nil)
    case .begin:
      if transaction == .idle { try await connection.rows("begin") }
      return (0, nil)
    case .commit:
      if transaction != .idle { try await connection.rows("commit") }
      return (0, nil)
    case .rollback:
      if transaction != .idle { try await connection.rows("rollback") }
      return (0, nil)
    case .run, .truncate, .copy, .unload: break
    }
    let needsTransaction = isTransactional || !translation.followUps.isEmpty || translation.isLoad
    let isOurs = transaction == .idle && needsTransaction
    if isOurs { try await connection.rows("begin") }
    do throws(PostgresError) {
      let result: PartResult
      switch translation.action {
      case .copy(let command):
        result = (try await CopyLoader(command: command, connection: connection, objects: objects, apart: apart).load(), nil)
      case .unload(let command): result = (try await Unloader(command: command, connection: connection, objects: objects).unload(), nil)
      default: result = try await query(translation, of: number)
      }
      for statement in translation.followUps { try await connection.rows(statement) }
      if case .truncate = translation.action, await connection.transaction != .idle { try await connection.rows("commit") }
      if isOurs, !isTransactional, await connection.transaction != .idle { try await connection.rows("commit") }
      if translation.sql.hasPrefix("call \(Translator.schema).create_late_view")
        || translation.sql.hasPrefix("call \(Translator.schema).drop_late_view")
      {
        try await session.loadLateViews()
      }
      return result
    } catch {
      if isOurs, !isTransactional { _ = try? await connection.rows("rollback") }
      throw error
    }
  }

  private func query(_ translation: Translation, of number: Int) async throws(PostgresError) -> PartResult {
    let values = record.parameters.reduce(into: [:]) { $0[$1.name] = $1.value }
    let parameters = translation.parameters.compactMap { values[$0] }
    let spool = ResultSpool(format: record.resultFormat, limits: limits, folder: spoolFolder, name: "\(record.id)-\(number)")
    var (outcome, sink) = try await session.connection.run(
      translation.sql, parameters.isEmpty ? nil : parameters, into: spool, interrupt: control.interrupt)
    guard let columns = outcome.columns else { return (outcome.rows, nil) }
    let origins = await origins(of: columns)
    var stored = try sink.finish()
    stored.metadata = columns.map { FieldCoding.metadata($0, origins["\($0.table).\($0.tableColumn)"]) }
    return (outcome.rows, stored)
  }

  /// The tables that columns come from.
  private func origins(of columns: [PostgresColumn]) async -> [String: FieldCoding.Origin] {
    let tables = Set(columns.map(\.table)).subtracting([0])
    guard !tables.isEmpty else { return [:] }
    let list = tables.map { String($0) }.joined(separator: ",")
    let rows = try? await session.connection.rows(
      "select a.attrelid, a.attnum, n.nspname, c.relname, a.attnotnull from pg_catalog.pg_attribute a "
        + "join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
        + "where a.attrelid in (\(list)) and a.attnum > 0")
    var origins: [String: FieldCoding.Origin] = [:]
    for row in rows ?? [] {
      guard row.count == 5, let table = row[0], let column = row[1], let schema = row[2], let name = row[3] else { continue }
      origins["\(table).\(column)"] = FieldCoding.Origin(schema: schema, table: name, isNotNull: row[4] == "t")
    }
    return origins
  }
}

extension Translation {
  var isLoad: Bool {
    switch action {
    case .copy, .unload: true
    default: false
    }
  }
}

/// How others reach a statement that runs: to cancel it.
final class RunControl: Sendable {
  private struct State {
    var isCancelled = false
    var isOver = false
    var backendPid: Int?
    var canceller: Task<Void, Never>?
  }
  private let state = Mutex(State())
  private let cancelBackend: @Sendable (Int) async -> Void

  init(cancelBackend: @escaping @Sendable (Int) async -> Void) { self.cancelBackend = cancelBackend }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }
  func began(backendPid: Int) { state.withLock { $0.backendPid = backendPid } }

  /// Has the server stop the statement, until it has: a request that comes between two queries of the statement has no effect.
  func cancel() {
    state.withLock { state in
      guard !state.isOver, !state.isCancelled else { return }
      state.isCancelled = true
      state.canceller = Task { [self] in
        while let pid = current() {
          await cancelBackend(pid)
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
    }
  }

  /// The process to stop; nil once the statement is over, 0 as long as it has none.
  private func current() -> Int? { state.withLock { $0.isOver ? nil : $0.backendPid ?? 0 } }

  /// Stops what runs now, without the statement counting as cancelled.
  var interrupt: @Sendable () async -> Void {
    { [self] in if let pid = current(), pid != 0 { await cancelBackend(pid) } }
  }

  /// Returns once no request to stop is on its way any more, so that the session's next statement is safe.
  func end() async {
    let canceller = state.withLock { state in
      state.isOver = true
      return state.canceller
    }
    await canceller?.value
  }
}

import JSONTypes

/// Runs one submitted statement or batch in its session and reports what becomes of it.
struct StatementRunner: Sendable {
  let record: StatementRecord
  let session: RedshiftSession
  let control: RunControl
  let limits: StatementLimits
  /// Nil when nothing says where `s3://` is.
  let objects: (any RedshiftObjects)?
  let spoolFolder: String
  /// Nil when nothing is to be known after the end of the program.
  let journal: StatementJournal?
  /// Runs a statement in a session of its own, so that it stays when this one is rolled back.
  let apart: @Sendable (String) async -> Void
  /// Applies a change to the record.
  let report: @Sendable (@escaping @Sendable (inout StatementRecord) -> Void) async -> Void

  /// Text of statements that come behind one that failed.
  static let abortedText = "Connection or an prior query failed."

  func run() async {
    let clock = ContinuousClock()
    let start = clock.now
    var failure: (part: Int, error: PostgresError)?
    let pieces = record.parts.map { StatementSplitter.statements(of: $0.sql) }
    let isEachItsOwn = record.isBatch && record.executionMode == .autoCommit
    // Several statements are one transaction, as with autocommit off; one alone is left to the database.
    let isOneTransaction = !isEachItsOwn && (record.isBatch || pieces.reduce(0) { $0 + $1.count } > 1)
    let openedBefore = await session.transaction != .idle
    // What the user's own BEGIN opened: where each statement is its own, it lasts until the user ends it.
    var isUsersTransaction = openedBefore
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
        let isTransactional = isOneTransaction || (isEachItsOwn && statements.count > 1)
        let result = try await run(statements, of: number, isTransactional: isTransactional, isUsersTransaction: &isUsersTransaction)
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
        if (isEachItsOwn && !isUsersTransaction) || (result.commits && !isOneTransaction) {
          try await commit(parts: number + 1, isLast: number == pieces.count - 1 && failure == nil)
        }
      } catch {
        let cause = control.isCancelled ? Self.cancelled : error
        guard isEachItsOwn, !control.isCancelled else {
          failure = (number, cause)
          break
        }
        if !isUsersTransaction, await session.transaction != .idle { _ = try? await session.connection.rows("rollback") }
        await fail(part: number, cause, elapsed: Moment.nanoseconds(clock.now - partStart))
        if failure == nil { failure = (number, cause) }
      }
    }
    if failure == nil, isOneTransaction, !openedBefore {
      do throws(PostgresError) { try await commit(parts: pieces.count, isLast: true) } catch { failure = (pieces.count - 1, error) }
    }
    // What a session's own BEGIN opened is the session's to end.
    let isLeftOpen = isEachItsOwn && !control.isCancelled ? isUsersTransaction : openedBefore && !record.isBatch
    if failure != nil, !isLeftOpen, await session.transaction != .idle {
      _ = try? await session.connection.rows("rollback")
    }
    await finish(failure, goesOn: isEachItsOwn && !control.isCancelled, elapsed: Moment.nanoseconds(clock.now - start))
  }

  /// Commits what is open, so that after the end of the program it can be told whether it was.
  private func commit(parts: Int, isLast: Bool) async throws(PostgresError) {
    let connection = session.connection
    let transaction = await connection.transaction
    guard transaction != .idle else { return }
    if let journal, transaction == .inTransaction,
      let number = try await connection.rows("select pg_catalog.pg_current_xact_id_if_assigned()").first?.first ?? nil
    {
      try await journal.committing(StatementLog.Commit(transaction: number, isLast: isLast, parts: parts))
    }
    try await connection.rows("commit")
  }

  static let cancelled = PostgresError(sqlState: "57014", message: "Query cancelled on user's request")

  private func fail(part number: Int, _ error: PostgresError, elapsed: Int) async {
    let now = Moment.now()
    let text = Self.text(of: error)
    await report { record in
      record.parts[number].status = .failed
      record.parts[number].updatedAt = now
      record.parts[number].duration = elapsed
      record.parts[number].error = text
    }
  }

  /// - Parameter goesOn: each part has its own end already.
  private func finish(_ failure: (part: Int, error: PostgresError)?, goesOn: Bool, elapsed: Int) async {
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
      for number in record.parts.indices where number >= failure.part && !goesOn {
        record.parts[number].updatedAt = now
        record.parts[number].rows = -1
        record.parts[number].size = -1
        record.parts[number].hasResultSet = false
        record.parts[number].result?.discard()
        record.parts[number].result = nil
        record.parts[number].status = number == failure.part && !isCancelled ? .failed : .aborted
        record.parts[number].error = number == failure.part ? text : Self.abortedText
        if number == failure.part { record.parts[number].duration = elapsed }
      }
      record.error = record.isBatch && !isCancelled ? "Query #\(failure.part + 1) failed with \(text)" : text
    }
  }

  /// `ERROR: …`, with Redshift's report and a line for the position when there are any.
  static func text(of error: PostgresError) -> String {
    "\(error.severity): \(RedshiftWords.message(of: error))" + (error.report.map { "\n  Detail: \n\($0)" } ?? "")
      + (error.position.map { "\n  Position: \($0)" } ?? "")
  }

  private struct PartResult {
    var rows = 0
    var stored: StoredResult?
    /// A transaction was opened for it that is to be committed.
    var commits = false
  }

  /// The statements of one part; the last one's result is the part's.
  private func run(
    _ statements: [[Token]], of number: Int, isTransactional: Bool, isUsersTransaction: inout Bool
  ) async throws(PostgresError) -> PartResult {
    var result = PartResult()
    let source = record.parts[number].sql
    for tokens in statements {
      if control.isCancelled { throw Self.cancelled }
      let translation = try await session.translate(tokens, parameters: record.parameters, source: source)
      let wasIdle = await session.transaction == .idle
      do throws(PostgresError) {
        if case .begin = translation.action {
          if wasIdle { try await session.connection.rows(Self.beginning(tokens)) }
          result = PartResult()
        } else {
          result = try await execute(translation, of: number, isTransactional: isTransactional)
        }
        switch translation.action {
        case .begin: isUsersTransaction = isUsersTransaction || wasIdle
        case .commit, .rollback, .truncate: isUsersTransaction = false
        default: break
        }
      } catch {
        var located = error
        located.position = error.position.flatMap { translation.sourcePosition(of: $0, in: source) }
        throw located
      }
    }
    return result
  }

  /// `BEGIN` with whether it may write. Redshift has one isolation level.
  private static func beginning(_ tokens: [Token]) -> String {
    let words = tokens.map(\.key)
    return zip(words, words.dropFirst()).contains { $0 == ("read", "only") } ? "begin read only" : "begin"
  }

  private func execute(_ translation: Translation, of number: Int, isTransactional: Bool) async throws(PostgresError) -> PartResult {
    let connection = session.connection
    let transaction = await connection.transaction
    switch translation.action {
    case .nothing, .begin: return PartResult()
    case .commit:
      try await commit(parts: number + 1, isLast: !record.isBatch)
      return PartResult()
    case .rollback:
      if transaction != .idle { try await connection.rows("rollback") }
      return PartResult()
    case .run, .truncate, .copy, .unload: break
    }
    let stands = translation.standsAlone && !isTransactional && transaction == .idle
    if stands { try await journal?.unguarded() }
    let needsTransaction =
      isTransactional || !translation.followUps.isEmpty || translation.isLoad || (journal != nil && translation.hasEffect && !stands)
    let isOurs = transaction == .idle && needsTransaction
    if isOurs { try await connection.rows("begin") }
    do throws(PostgresError) {
      var result = PartResult()
      switch translation.action {
      case .copy(let command):
        let query = try await queryNumber(of: number)
        let objects = StatementObjects(objects: objects, control: control, query: query)
        result.rows = try await CopyLoader(command: command, connection: connection, objects: objects, query: query, apart: apart).load()
      case .unload(let command):
        let query = try await queryNumber(of: number)
        let objects = StatementObjects(objects: objects, control: control, query: query)
        result.rows = try await Unloader(command: command, connection: connection, objects: objects, query: query).unload()
      default: result = try await query(translation, of: number)
      }
      for statement in translation.followUps { try await connection.rows(statement) }
      if case .truncate = translation.action { try await commit(parts: number + 1, isLast: !record.isBatch) }
      result.commits = isOurs && !isTransactional
      if translation.changesLateViews { await session.forgetLateViews() }
      return result
    } catch {
      if isOurs, !isTransactional { _ = try? await connection.rows("rollback") }
      throw error
    }
  }

  /// What the system tables call a COPY or UNLOAD; a script's statements, which the API does not know, get numbers of their own.
  private func queryNumber(of number: Int) async throws(PostgresError) -> Int {
    let known = record.parts[number].queryId
    guard known == 0 else { return known }
    return Int(try await session.connection.rows("select \(Translator.schema).next_script_query()").first?.first.flatMap { $0 } ?? "") ?? 0
  }

  private func query(_ translation: Translation, of number: Int) async throws(PostgresError) -> PartResult {
    let values = record.parameters.reduce(into: [:]) { $0[$1.name] = $1.value }
    let parameters = translation.parameters.compactMap { values[$0] }
    let spool = ResultSpool(format: record.resultFormat, limits: limits, folder: spoolFolder, name: "\(record.id)-\(number)")
    var (outcome, sink) = try await session.connection.run(
      translation.sql, parameters.isEmpty ? nil : parameters, into: spool, interrupt: control.interrupt)
    guard let columns = outcome.columns else { return PartResult(rows: outcome.rows) }
    if translation.givesNoRows { return PartResult() }
    let origins = await origins(of: columns)
    var stored = try sink.finish()
    stored.metadata = columns.map { FieldCoding.metadata($0, origins["\($0.table).\($0.tableColumn)"]) }
    return PartResult(rows: outcome.rows, stored: stored)
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

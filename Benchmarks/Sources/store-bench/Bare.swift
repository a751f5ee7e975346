import CBareSQLite

/// SQLite with nothing around it: prepared statements, and rows that were made before.
final class Bare {
  struct Row {
    var execution: Int64
    var first: Int64
    var count: Int64
    var checksum: Int64
    var facts: [UInt8]
  }

  private var database: OpaquePointer?
  private var insert: OpaquePointer?
  private var update: OpaquePointer?

  init(path: String, copying other: String? = nil) {
    precondition(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK)
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    guard let other else { return }
    // The tables of the store, with its executions, but without their turns.
    run("ATTACH '\(other)' AS other")
    var statements: [String] = []
    each("SELECT sql FROM other.sqlite_master WHERE sql IS NOT NULL") { statements.append(String(cString: sqlite3_column_text($0, 0))) }
    for sql in statements { run(sql) }
    run("INSERT INTO executions SELECT * FROM other.executions; DETACH other")
    sqlite3_prepare_v2(database, "INSERT INTO turns (execution, first, count, checksum, facts) VALUES (?, ?, ?, ?, ?)", -1, &insert, nil)
    sqlite3_prepare_v2(database, "UPDATE executions SET facts = ?, events = ? WHERE id = ?", -1, &update, nil)
  }

  deinit {
    sqlite3_finalize(insert)
    sqlite3_finalize(update)
    sqlite3_close_v2(database)
  }

  func run(_ sql: String) { precondition(sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK, "\(sql): \(String(cString: sqlite3_errmsg(database)))") }

  private func each(_ sql: String, _ row: (OpaquePointer?) -> Void) {
    var statement: OpaquePointer?
    precondition(sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK)
    while sqlite3_step(statement) == SQLITE_ROW { row(statement) }
    sqlite3_finalize(statement)
  }

  /// The rows of a store, in the order in which they were written.
  func rows() -> [Row] {
    var rows: [Row] = []
    each("SELECT execution, first, count, checksum, facts FROM turns ORDER BY first, execution") { row in
      let bytes = UnsafeRawBufferPointer(start: sqlite3_column_blob(row, 4), count: Int(sqlite3_column_bytes(row, 4)))
      rows.append(
        Row(
          execution: sqlite3_column_int64(row, 0), first: sqlite3_column_int64(row, 1), count: sqlite3_column_int64(row, 2),
          checksum: sqlite3_column_int64(row, 3), facts: Array(bytes)))
    }
    return rows
  }

  /// One commit: for each row the insertion, and the change to its execution, as the store does it.
  func commit(_ rows: ArraySlice<Row>) {
    run("BEGIN IMMEDIATE")
    for row in rows {
      sqlite3_bind_int64(insert, 1, row.execution)
      sqlite3_bind_int64(insert, 2, row.first)
      sqlite3_bind_int64(insert, 3, row.count)
      sqlite3_bind_int64(insert, 4, row.checksum)
      row.facts.withUnsafeBytes { bytes in
        // Static: the bytes stay until the statement is reset.
        _ = sqlite3_bind_text(insert, 5, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil)
        precondition(sqlite3_step(insert) == SQLITE_DONE)
        sqlite3_reset(insert)
      }
      sqlite3_bind_int64(update, 1, row.first + row.count)
      sqlite3_bind_int64(update, 2, row.first + row.count)
      sqlite3_bind_int64(update, 3, row.execution)
      precondition(sqlite3_step(update) == SQLITE_DONE)
      sqlite3_reset(update)
    }
    run("COMMIT")
  }
}

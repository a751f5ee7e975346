import CSQLite
import StatesRuntime

/// One connection to an SQLite database. The only file that knows its pointers.
///
/// Not for use by two threads at a time.
final class SQLite {
  private var database: OpaquePointer?
  private var statements: [String: OpaquePointer] = [:]
  private let path: String
  /// Milliseconds that a statement waits for another program.
  private static let busyTimeout: Int32 = 20_000

  /// - Parameters:
  ///   - vfs: the file layer; nil for the system's.
  ///   - isReadOnly: nothing is made when it is not there.
  init(path: String, vfs: String?, isReadOnly: Bool = false) throws(HistoryStoreError) {
    self.path = path
    let flags = (isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &database, flags, vfs)
    guard code == SQLITE_OK else {
      let failure = problem(code, "open")
      sqlite3_close_v2(database)
      throw failure
    }
    sqlite3_extended_result_codes(database, 1)
    sqlite3_busy_timeout(database, Self.busyTimeout)
    _ = sfn_sqlite_keep_log_on_close(database)
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(database)
  }

  /// A value of a column or a parameter.
  enum Value {
    case null
    case int(Int64)
    case text(String)
  }

  /// Runs statements that return nothing, separated by semicolons.
  func execute(_ sql: String) throws(HistoryStoreError) {
    let code = sqlite3_exec(database, sql, nil, nil, nil)
    if code != SQLITE_OK { throw problem(code, sql) }
  }

  /// Runs a statement once. The prepared statement is kept for the next time.
  /// - Parameter row: called for each row; false ends the reading.
  func run(_ sql: String, _ parameters: [Value] = [], row: ((Row) -> Bool)? = nil) throws(HistoryStoreError) {
    let statement = try prepared(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in parameters.enumerated() {
      let code =
        switch value {
        case .null: sqlite3_bind_null(statement, Int32(index + 1))
        case .int(let number): sqlite3_bind_int64(statement, Int32(index + 1), number)
        case .text(var text):
          text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { sfn_sqlite_bind_text(statement, Int32(index + 1), $0.baseAddress, UInt64($0.count)) }
          }
        }
      if code != SQLITE_OK { throw problem(code, sql) }
    }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw problem(code, sql) }
      if let row, !row(Row(statement: statement)) { return }
    }
  }

  /// The number that the newest row has.
  var lastRowNumber: Int64 { sqlite3_last_insert_rowid(database) }
  /// Rows that the newest statement has changed.
  var changedRows: Int { Int(sqlite3_changes(database)) }

  /// Whether the file that is open is no longer the one at its path: what is written to it is lost with the program.
  var hasMoved: Bool {
    var moved: Int32 = 0
    return sqlite3_file_control(database, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
  }

  /// Moves what is in the log into the database and empties the log, unless another program is reading or writing: then that one will do it.
  /// Nothing is lost when it fails: the log stays.
  func emptyLogIfIdle() {
    sqlite3_busy_timeout(database, 0)
    sqlite3_wal_checkpoint_v2(database, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    sqlite3_busy_timeout(database, Self.busyTimeout)
  }

  /// Does all of the work or nothing of it.
  func transaction<Result>(_ work: () throws(HistoryStoreError) -> Result) throws(HistoryStoreError) -> Result {
    try run("BEGIN IMMEDIATE")
    do throws(HistoryStoreError) {
      let result = try work()
      try run("COMMIT")
      return result
    } catch {
      // Some failures have ended the transaction already.
      if sqlite3_get_autocommit(database) == 0 { sqlite3_exec(database, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }

  /// One row, while it is being read.
  struct Row {
    fileprivate let statement: OpaquePointer

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
    func optionalInt(_ column: Int32) -> Int64? { isNull(column) ? nil : int(column) }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The bytes of a text as they are, until the next row.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
      // The pointer first: asking for it may change the form of the value, and with it the number of bytes.
      let start = sqlite3_column_blob(statement, column)
      return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
    }
  }

  private func prepared(_ sql: String) throws(HistoryStoreError) -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw problem(code, sql) }
    statements[sql] = statement
    return statement
  }

  private func problem(_ code: Int32, _ action: String) -> HistoryStoreError {
    let words = database.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
    switch code & 0xFF {
    case SQLITE_FULL: return HistoryStoreError(.full, "no space is left on the disk of \(path)")
    case SQLITE_CORRUPT, SQLITE_NOTADB: return HistoryStoreError(.damaged, "the store \(path) is damaged: \(words)")
    case SQLITE_BUSY, SQLITE_LOCKED: return HistoryStoreError(.busy, "another program holds the store \(path): \(words)")
    case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_IOERR, SQLITE_AUTH:
      return HistoryStoreError(.inaccessible, "the store \(path) cannot be \(isWriting(action) ? "written" : "read"): \(words)")
    default: return HistoryStoreError(.inaccessible, "the store \(path): \(words) (SQLite error \(code))")
    }
  }

  private func isWriting(_ action: String) -> Bool { !action.hasPrefix("SELECT") && action != "open" }
}

import StatesRuntime

/// The form of the database. `docs/store.md` describes it for readers.
enum Schema {
  /// "sfnl", in the header of the database, where `file` and others read what it is.
  static let applicationID: Int64 = 0x7366_6E6C
  static let version: Int64 = 1

  private static let tables = """
    CREATE TABLE definitions (
      id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, text TEXT NOT NULL, states TEXT NOT NULL);
    CREATE INDEX definitions_by_checksum ON definitions (checksum);
    CREATE TABLE programs (
      id INTEGER PRIMARY KEY, lock TEXT NOT NULL UNIQUE, version TEXT NOT NULL, arguments TEXT NOT NULL, folder TEXT NOT NULL,
      started INTEGER NOT NULL);
    CREATE TABLE executions (
      id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, arn TEXT NOT NULL, name TEXT NOT NULL, machine TEXT NOT NULL,
      definition INTEGER NOT NULL, sub_machine INTEGER NOT NULL, settings TEXT NOT NULL, parent INTEGER, effect INTEGER, child INTEGER,
      waiting INTEGER, command INTEGER NOT NULL, started INTEGER NOT NULL,
      owner INTEGER NOT NULL, status TEXT NOT NULL, stopped INTEGER, facts INTEGER NOT NULL, events INTEGER NOT NULL);
    CREATE INDEX executions_by_parent ON executions (parent, effect, child) WHERE parent IS NOT NULL;
    CREATE INDEX executions_by_name ON executions (name);
    CREATE INDEX executions_ended ON executions (stopped) WHERE parent IS NULL AND stopped IS NOT NULL;
    CREATE INDEX executions_running ON executions (status) WHERE status = 'RUNNING';
    CREATE TABLE turns (
      execution INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, checksum INTEGER NOT NULL, facts TEXT NOT NULL,
      PRIMARY KEY (execution, first)) WITHOUT ROWID;
    """

  /// Makes what is missing, or finds that the store is of a form that this version reads.
  static func prepare(_ database: SQLite, path: String) throws(HistoryStoreError) {
    if try number(database, "PRAGMA user_version") == version { return try check(database, path) }
    try database.transaction { () throws(HistoryStoreError) in
      // Another program may have been first.
      let found = try number(database, "PRAGMA user_version")
      guard found == 0, try number(database, "SELECT count(*) FROM sqlite_master") == 0 else { return try check(database, path) }
      try database.execute(tables)
      try database.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    }
  }

  private static func check(_ database: SQLite, _ path: String) throws(HistoryStoreError) {
    guard try number(database, "PRAGMA application_id") == applicationID else {
      throw HistoryStoreError(.invalid, "\(path) is a database of another program")
    }
    let found = try number(database, "PRAGMA user_version")
    if found > version {
      throw HistoryStoreError(
        .newer, "the store \(path) has the format \(found), written by a newer sfn-local; this one reads up to \(version). Update it")
    }
    guard found == version else { throw HistoryStoreError(.damaged, "the store \(path) has the format \(found), which was never written") }
  }

  static func number(_ database: SQLite, _ sql: String, _ parameters: [SQLite.Value] = []) throws(HistoryStoreError) -> Int64 {
    var result: Int64 = 0
    try database.run(sql, parameters) { row in
      result = row.int(0)
      return false
    }
    return result
  }
}

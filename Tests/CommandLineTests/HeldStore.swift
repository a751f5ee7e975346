import CSQLite

/// Holds the store of executions so that nothing is kept in it meanwhile: whoever wants to write, waits.
final class HeldStore {
  private let database: OpaquePointer?
  let isHeld: Bool

  /// - Parameter stateFolder: the folder of `--state-dir`.
  init(in stateFolder: String) {
    var opened: OpaquePointer?
    sqlite3_open_v2(stateFolder + "/executions/executions.sqlite", &opened, SQLITE_OPEN_READWRITE, nil)
    sqlite3_busy_timeout(opened, 20_000)
    isHeld = sqlite3_exec(opened, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK
    database = opened
  }

  func release() { sqlite3_close_v2(database) }
}

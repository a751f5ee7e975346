import StatesInterpreter
public import StatesLanguage
public import StatesRuntime

extension ExecutionStore {
  /// How much a store keeps before the oldest executions that have ended are removed.
  public struct Retention: Sendable, Hashable {
    /// Seconds since the end of an execution, and since the start of the program that ran it last.
    public var seconds: Int64
    /// Bytes of the database.
    public var bytes: Int64

    /// 90 days, as the service keeps histories, and 1 GiB.
    public static let standard = Retention(seconds: 90 * 86_400, bytes: 1 << 30)

    public init(seconds: Int64, bytes: Int64) {
      self.seconds = seconds
      self.bytes = bytes
    }
  }

  /// Removes executions with all that they have started.
  /// - Parameter keepsRunning: those of which a program that is alive runs a part stay.
  /// - Returns: how many of them were removed.
  /// - Throws: without a change when a program that is alive runs one of them, unless these stay.
  @discardableResult
  public func remove(_ executions: [StoredExecution], keepsRunning: Bool = false) throws(HistoryStoreError) -> Int {
    try state.withStoreLock { state throws(HistoryStoreError) in
      let count = try state.change { state throws(HistoryStoreError) in
        var count = 0
        for execution in executions where try state.remove(execution.key, folder: folder, keepsRunning: keepsRunning) { count += 1 }
        try state.sweep(folder: folder)
        return count
      }
      if count > 0 { try state.compact() }
      return count
    }
  }

  /// Moves what is in the log into the database, and empties the log.
  package func checkpoint() throws(HistoryStoreError) {
    try state.withStoreLock { state throws(HistoryStoreError) in try state.database.run("PRAGMA wal_checkpoint(TRUNCATE)") }
  }

  /// Removes what is older, or more, than shall be kept. Cheap when nothing is.
  /// - Returns: how many executions were removed, those that others had started not counted.
  @discardableResult
  public func prune(_ retention: Retention = .standard, now: Timestamp) throws(HistoryStoreError) -> Int {
    try state.withStoreLock { state throws(HistoryStoreError) in
      let oldest = now.microseconds - retention.seconds * 1_000_000
      var keys: [Int64] = []
      // The clock of an execution may be far from that of the wall; the program that ran it last has started by the latter.
      try state.database.run(
        """
        SELECT id FROM executions WHERE parent IS NULL AND stopped IS NOT NULL AND stopped < ?
        AND NOT EXISTS (SELECT 1 FROM programs WHERE programs.id = executions.owner AND programs.started >= ?)
        """, [.int(oldest), .int(oldest)]
      ) { row in
        keys.append(row.int(0))
        return true
      }
      let used = try state.usedBytes()
      if used > retention.bytes {
        // Down to nine tenths, so that not each run has to remove something.
        var left = used - retention.bytes / 10 * 9
        let known = Set(keys)
        try state.database.run(
          "SELECT id, (SELECT sum(length(facts)) FROM turns WHERE execution = executions.id) FROM executions WHERE parent IS NULL AND status <> 'RUNNING' ORDER BY id"
        ) { row in
          if !known.contains(row.int(0)) { keys.append(row.int(0)) }
          left -= row.int(1)
          return left > 0
        }
      }
      guard !keys.isEmpty else { return 0 }
      let count = try state.change { state throws(HistoryStoreError) in
        var count = 0
        for key in keys where try state.remove(key, folder: folder, keepsRunning: true) { count += 1 }
        try state.sweep(folder: folder)
        return count
      }
      if count > 0 { try state.compact() }
      return count
    }
  }
}

extension ExecutionStore.State {
  fileprivate func usedBytes() throws(HistoryStoreError) -> Int64 {
    let pages = try Schema.number(database, "SELECT page_count FROM pragma_page_count()")
    let free = try Schema.number(database, "SELECT freelist_count FROM pragma_freelist_count()")
    return (pages - free) * (try Schema.number(database, "SELECT page_size FROM pragma_page_size()"))
  }

  /// Removes an execution, and those that it has started first.
  /// - Returns: false when nothing was removed, since a program that is alive runs one of them.
  fileprivate func remove(_ key: Int64, folder: String, keepsRunning: Bool) throws(HistoryStoreError) -> Bool {
    var pending = [key]
    var all: [Int64] = []
    while let next = pending.popLast() {
      all.append(next)
      try database.run("SELECT id FROM executions WHERE parent = ?", [.int(next)]) { row in
        pending.append(row.int(0))
        return true
      }
    }
    for key in all {
      var owner: (status: String, program: Int64, name: String)?
      try database.run("SELECT status, owner, name FROM executions WHERE id = ?", [.int(key)]) { row in
        owner = (row.text(0), row.int(1), row.text(2))
        return false
      }
      if let owner, owner.status == ExecutionStatus.running.rawValue, owner.program != program?.row,
        let lock = try program(owner.program)?.lock, ProgramLock.isHeld(lock, in: folder)
      {
        if keepsRunning { return false }
        throw HistoryStoreError(.busy, "a program runs the execution \"\(owner.name)\"; stop it before it is removed")
      }
    }
    for key in all.reversed() {
      try database.run("DELETE FROM turns WHERE execution = ?", [.int(key)])
      try database.run("DELETE FROM executions WHERE id = ?", [.int(key)])
    }
    return true
  }

  /// Removes definitions and programs that no execution has any more.
  fileprivate func sweep(folder: String) throws(HistoryStoreError) {
    try database.run("DELETE FROM definitions WHERE id NOT IN (SELECT definition FROM executions)")
    var gone: [(id: Int64, lock: String)] = []
    try database.run(
      "SELECT id, lock FROM programs WHERE id NOT IN (SELECT command FROM executions) AND id NOT IN (SELECT owner FROM executions)"
    ) { row in
      gone.append((row.int(0), row.text(1)))
      return true
    }
    for program in gone where program.id != self.program?.row && !ProgramLock.isHeld(program.lock, in: folder) {
      try database.run("DELETE FROM programs WHERE id = ?", [.int(program.id)])
      ProgramLock.remove(program.lock, in: folder)
    }
  }

  /// Gives pages that are free back to the disk when they are the most, and empties the log.
  fileprivate func compact() throws(HistoryStoreError) {
    let free = try Schema.number(database, "SELECT freelist_count FROM pragma_freelist_count()")
    let pages = try Schema.number(database, "SELECT page_count FROM pragma_page_count()")
    do throws(HistoryStoreError) {
      if free > 256, free * 2 > pages { try database.execute("VACUUM") }
      try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    } catch {
      // While another program reads, or where nothing more fits on the disk, the pages stay; the next time will do.
      if error.code != .busy && error.code != .full { throw error }
    }
  }
}

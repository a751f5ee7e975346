import JSONTypes
public import StatesInterpreter
public import StatesLanguage
public import StatesRuntime

/// An execution in a store, without its facts.
public struct StoredExecution: Sendable, Hashable {
  public var key: Int64
  public var name: String
  public var arn: String
  public var stateMachineName: String
  public var status: ExecutionStatus
  public var startedAt: Timestamp
  public var stoppedAt: Timestamp?
  /// Events as the service counts them.
  public var eventCount: Int
  /// The key of the execution whose task or Map Run started this one.
  public var parent: Int64?
  /// Whether a task or Map Run of the parent ends with this execution.
  public var isWaitedFor: Bool
  public var settings: ExecutionSettings
  public var subMachine: Int
  /// Whether a program that is alive runs it.
  public var isAlive: Bool
  /// How the program was called that began it.
  public var command: ExecutionStore.Command

  var definition: Int64
}

/// Which executions a list has.
public struct ExecutionFilter: Sendable {
  public var status: ExecutionStatus?
  /// The name of the state machine.
  public var stateMachineName: String?
  /// Whether executions that others have started are listed too.
  public var includesChildren = false
  /// Children of this execution only.
  public var parent: Int64?
  /// The newest come first; nil for all of them.
  public var limit: Int?

  public init() {}
}

extension ExecutionStore {
  /// Executions, the newest first.
  public func list(_ filter: ExecutionFilter = ExecutionFilter()) throws(HistoryStoreError) -> [StoredExecution] {
    var conditions: [String] = []
    var values: [SQLite.Value] = []
    if let status = filter.status {
      conditions.append("status = ?")
      values.append(.text(status.rawValue))
    }
    if let name = filter.stateMachineName {
      conditions.append("machine = ?")
      values.append(.text(name))
    }
    if let parent = filter.parent {
      conditions.append("parent = ?")
      values.append(.int(parent))
    } else if !filter.includesChildren {
      conditions.append("parent IS NULL")
    }
    var sql = ExecutionRow.select
    if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
    sql += " ORDER BY id DESC"
    if let limit = filter.limit { sql += " LIMIT \(limit)" }
    return try executions(sql, values)
  }

  /// The executions that an ID means, the newest first: the ARN, the name, or at least four characters that the name begins with.
  /// `last` is the newest of all.
  public func find(_ id: String) throws(HistoryStoreError) -> [StoredExecution] {
    if id == "last" {
      var filter = ExecutionFilter()
      filter.limit = 1
      return try list(filter)
    }
    let exact = try executions(ExecutionRow.select + " WHERE name = ? ORDER BY id DESC", [.text(id)])
    if !exact.isEmpty { return exact }
    if id.hasPrefix("arn:") { return try executions(ExecutionRow.select + " WHERE arn = ? ORDER BY id DESC", [.text(id)]) }
    guard id.count >= 4 else { return [] }
    // Names are compared as bytes; all that begin with a text lie between it and its successor.
    return try executions(ExecutionRow.select + " WHERE name >= ? AND name < ? ORDER BY id DESC", [.text(id), .text(id + "\u{10FFFF}")])
  }

  /// The execution with this key; nil when it was removed.
  public func execution(ofKey key: Int64) throws(HistoryStoreError) -> StoredExecution? {
    try executions(ExecutionRow.select + " WHERE id = ?", [.int(key)]).first
  }

  /// Executions that no program runs, though they have not ended, the oldest first. Those that another one of them waits for go on with it, and
  /// are left out.
  public func unfinished() throws(HistoryStoreError) -> [StoredExecution] {
    let all = try executions(ExecutionRow.select + " WHERE status = 'RUNNING' ORDER BY id", [])
    let keys = Set(all.map(\.key))
    return all.filter { !$0.isAlive && !($0.isWaitedFor && $0.parent.map(keys.contains) == true) }
  }

  /// The text of an execution's definition.
  public func definition(of execution: StoredExecution) throws(HistoryStoreError) -> String {
    try state.withStoreLock { state throws(HistoryStoreError) in try DefinitionRow.read(execution.definition, from: state.database).text }
  }

  /// An execution with its facts.
  /// - Parameter machine: made of the same definition.
  public func history(of execution: StoredExecution, machine: StateMachine) throws(HistoryStoreError) -> StoredHistory {
    try state.withStoreLock { state throws(HistoryStoreError) in
      try state.history(of: try state.row(execution.key), machine: machine)
    }
  }

  /// The moment of the newest fact of an execution and of those that it has started: from there on a clock goes on that has stood still.
  public func newestMoment(of execution: StoredExecution) throws(HistoryStoreError) -> Timestamp {
    var newest = execution.stoppedAt ?? execution.startedAt
    try state.withStoreLock { state throws(HistoryStoreError) in
      var found: [String] = []
      try state.database.run(
        """
        WITH RECURSIVE below (id) AS (VALUES (?) UNION SELECT executions.id FROM executions JOIN below ON executions.parent = below.id)
        SELECT (SELECT facts FROM turns WHERE execution = below.id ORDER BY first DESC LIMIT 1) FROM below
        """, [.int(execution.key)]
      ) { row in
        if let line = row.text(0).split(separator: "\n").last { found.append(String(line)) }
        return true
      }
      return found
    }.forEach { line in
      if let time = (try? JSONValue(parsing: line))?["time"]?.asInt { newest = max(newest, Timestamp(microseconds: time)) }
    }
    return newest
  }

  /// Makes this program the one that runs an execution.
  /// - Throws: when another one does that is alive.
  public func claim(_ execution: StoredExecution) throws(HistoryStoreError) {
    try state.withStoreLock { state throws(HistoryStoreError) in
      try state.claim(try state.row(execution.key), by: command, folder: folder)
    }
  }

  private func executions(_ sql: String, _ values: [SQLite.Value]) throws(HistoryStoreError) -> [StoredExecution] {
    try state.withStoreLock { state throws(HistoryStoreError) in
      var rows: [ExecutionRow] = []
      try state.database.run(sql, values) { row in
        rows.append(ExecutionRow(row))
        return true
      }
      var programs: [Int64: (lock: String, command: Command)] = [:]
      var result: [StoredExecution] = []
      for row in rows {
        try row.check()
        for id in [row.command, row.owner] where programs[id] == nil { programs[id] = try state.program(id) }
        let isAlive = row.status == ExecutionStatus.running.rawValue && ProgramLock.isHeld(programs[row.owner]?.lock ?? "", in: folder)
        result.append(try StoredExecution(row, isAlive: isAlive, command: programs[row.command]?.command))
      }
      return result
    }
  }
}

extension StoredExecution {
  fileprivate init(_ row: ExecutionRow, isAlive: Bool, command: ExecutionStore.Command?) throws(HistoryStoreError) {
    guard let status = ExecutionStatus(rawValue: row.status) else {
      throw HistoryStoreError(.damaged, "the store is damaged: the status of the execution \"\(row.name)\" (row \(row.id)) is \"\(row.status)\"")
    }
    self.init(
      key: row.id, name: row.name, arn: row.arn, stateMachineName: row.machine, status: status,
      startedAt: Timestamp(microseconds: row.started), stoppedAt: row.stopped.map { Timestamp(microseconds: $0) }, eventCount: Int(row.events),
      parent: row.parent?.key, isWaitedFor: row.parent?.isWaiting ?? false, settings: try row.parsedSettings(), subMachine: Int(row.subMachine),
      isAlive: isAlive, command: command ?? ExecutionStore.Command(version: "", arguments: [], folder: ""), definition: row.definition)
  }
}

extension ExecutionRow {
  func parsedSettings() throws(HistoryStoreError) -> ExecutionSettings {
    do {
      return try ExecutionSettings(record: JSONValue(parsing: settings))
    } catch {
      throw HistoryStoreError(.damaged, "the store is damaged: the settings of the execution \"\(name)\" (row \(id)) cannot be read")
    }
  }
}

extension ExecutionStore.State {
  func row(_ key: Int64) throws(HistoryStoreError) -> ExecutionRow {
    var found: ExecutionRow?
    try database.run(ExecutionRow.select + " WHERE id = ?", [.int(key)]) { row in
      found = ExecutionRow(row)
      return false
    }
    guard let found else { throw HistoryStoreError(.invalid, "the execution is no longer in the store") }
    try found.check()
    return found
  }

  /// A row of `programs`; nil when it is gone.
  func program(_ id: Int64) throws(HistoryStoreError) -> (lock: String, command: ExecutionStore.Command)? {
    var found: (lock: String, command: ExecutionStore.Command)?
    try database.run("SELECT lock, version, arguments, folder FROM programs WHERE id = ?", [.int(id)]) { row in
      let arguments = (try? JSONValue(parsing: row.text(2)))?.asArray?.compactMap(\.asString) ?? []
      found = (row.text(0), ExecutionStore.Command(version: row.text(1), arguments: arguments, folder: row.text(3)))
      return false
    }
    return found
  }

  /// Makes this program the owner of an execution, unless one that is alive has it.
  mutating func claim(_ row: ExecutionRow, by command: ExecutionStore.Command, folder: String) throws(HistoryStoreError) {
    try change { state throws(HistoryStoreError) in
      let own = try state.owner(command, folder)
      // Under the lock on the database: of two programs that ask at a time one sees the other.
      let current = try state.row(row.id)
      if current.owner != own, let other = try state.program(current.owner), current.status == ExecutionStatus.running.rawValue,
        ProgramLock.isHeld(other.lock, in: folder)
      {
        let pid = other.lock.split(separator: "-").first ?? ""
        throw HistoryStoreError(.busy, "another program (process \(pid)) runs the execution \"\(current.name)\"; it goes on there")
      }
      try state.database.run("UPDATE executions SET owner = ? WHERE id = ?", [.int(own), .int(row.id)])
    }
  }

  /// Reads the facts of an execution, checks that none is missing, and replays them.
  func history(of row: ExecutionRow, machine: StateMachine) throws(HistoryStoreError) -> StoredHistory {
    try row.check()
    let pointers = try DefinitionRow.read(row.definition, from: database).statePointers()
    let numbers = StateNumbers(pointers: pointers, machine: machine)
    let history = try facts(of: row, numbers: numbers)
    let execution = Execution(of: machine, subMachine: Int(row.subMachine), settings: try row.parsedSettings(), replaying: history)
    return StoredHistory(key: row.id, execution: execution, history: history)
  }

  private func facts(of row: ExecutionRow, numbers: StateNumbers) throws(HistoryStoreError) -> [HistoryEvent] {
    var facts: [HistoryEvent] = []
    facts.reserveCapacity(Int(min(row.facts, 1 << 20)))
    var failure: HistoryStoreError?
    try database.run("SELECT first, count, checksum, facts FROM turns WHERE execution = ? ORDER BY first", [.int(row.id)]) { turn in
      do throws(HistoryStoreError) {
        try read(turn, of: row, numbers: numbers, into: &facts)
        return true
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
    guard facts.count == Int(row.facts) else {
      throw HistoryStoreError(
        .damaged, "the store is damaged: of the \(row.facts) facts of the execution \"\(row.name)\" (row \(row.id)) there are \(facts.count)")
    }
    var standing: (status: String, stopped: Int64?) = (ExecutionStatus.running.rawValue, nil)
    for fact in facts { if let change = fact.standing { standing = change } }
    guard standing.status == row.status, standing.stopped == row.stopped, Int64(facts.last?.id ?? 0) == row.events else {
      throw HistoryStoreError(.damaged, "the store is damaged: the status of the execution \"\(row.name)\" (row \(row.id)) is not what its facts say")
    }
    return facts
  }

  private func read(
    _ turn: SQLite.Row, of row: ExecutionRow, numbers: StateNumbers, into facts: inout [HistoryEvent]
  ) throws(HistoryStoreError) {
    let (first, count) = (turn.int(0), turn.int(1))
    func damaged(_ why: String) -> HistoryStoreError {
      HistoryStoreError(.damaged, "the store is damaged: the row (\(row.id), \(first)) of the table turns, of the execution \"\(row.name)\", \(why)")
    }
    let bytes = turn.bytes(3)
    guard TurnRow.checksum(row.id, first, count, bytes) == turn.int(2) else { throw damaged("does not fit its checksum") }
    guard first == facts.count else { throw damaged("does not follow the one before it: a row is missing") }
    let text = bytes.bindMemory(to: UInt8.self)
    var start = 0
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      do {
        let record = try JSONValue(parsing: UnsafeBufferPointer(rebasing: text[start..<end]), maximumDepth: JSONValue.maximumNesting)
        var fact = try HistoryEvent(record: record)
        try numbers.renumber(&fact)
        facts.append(fact)
      } catch let error as HistoryStoreError {
        throw error
      } catch let error as RecordProblem {
        throw damaged("has a fact that cannot be read: \(error.message)")
      } catch {
        throw damaged("has a fact that is not JSON")
      }
      start = end + 1
    }
    guard facts.count == Int(first + count) else { throw damaged("has \(facts.count - Int(first)) facts instead of \(count)") }
  }
}

import JSONTypes
public import StatesInterpreter
public import StatesLanguage
public import StatesRuntime
import Synchronization

/// Executions on disk, in one folder: an embedded SQLite database in WAL mode, no server.
///
/// What `append` has returned from survives the end of the program and, since each commit is synced, a loss of power. Each row has a checksum of
/// its own. Several programs may work on one store at a time; an execution has one owner, which holds a lock for as long as it lives.
///
/// `docs/store.md` describes the format.
public final class ExecutionStore: HistoryStore {
  /// The folder of the store.
  public let folder: String
  let state: Mutex<State>

  struct State {
    var database: SQLite
    /// Machines that executions may be born with, and their texts.
    var machines: [ObjectIdentifier: Registration] = [:]
    var program: Program?
  }

  struct Registration {
    // Held, so that its identifier stays its own.
    var machine: StateMachine
    var definition: String
    var row: Row?

    struct Row {
      var id: Int64
      var checksum: Int64
    }
  }

  /// This program, as the store knows it.
  struct Program {
    var row: Int64
    var lock: ProgramLock
  }

  /// How the program was called: what `sfn-local resume` needs to answer tasks in the same way.
  public struct Command: Sendable, Hashable {
    public var version: String
    public var arguments: [String]
    /// The working folder.
    public var folder: String

    public init(version: String, arguments: [String], folder: String) {
      self.version = version
      self.arguments = arguments
      self.folder = folder
    }
  }

  let command: Command

  /// Opens a store, or makes one.
  /// - Parameter command: how this program was called.
  public convenience init(folder: String, command: Command) throws(HistoryStoreError) {
    try self.init(folder: folder, command: command, vfs: nil)
  }

  /// - Parameter vfs: SQLite's file layer of this name, for tests that let files fail; nil for the system's.
  package init(folder: String, command: Command, vfs: String?) throws(HistoryStoreError) {
    self.folder = folder
    self.command = command
    try StoreFolder.make(folder)
    let path = Self.databasePath(in: folder)
    StoreFolder.makeFile(path)
    let database = try SQLite(path: path, vfs: vfs)
    // Each commit is synced once it is in the log. Cells are checked when they are read: a damaged page is found rather than followed.
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA cell_size_check = ON")
    try Schema.prepare(database, path: path)
    state = Mutex(State(database: database))
  }

  static func databasePath(in folder: String) -> String { folder + "/executions.sqlite" }

  /// Whether a folder has a store.
  public static func exists(in folder: String) -> Bool { StoreFolder.isFile(databasePath(in: folder)) }

  /// Tells which text a machine was made of, so that executions can be taken up again. Before its first execution starts.
  /// - Parameter definition: the definition as JSON.
  public func register(_ machine: StateMachine, definition: String) {
    state.withLock { $0.machines[ObjectIdentifier(machine)] = Registration(machine: machine, definition: definition) }
  }

  // MARK: Writing

  /// The log has to be read whole by the next program that opens the store, so a longer one is emptied by the program that ends.
  static let logLimit: Int64 = 512 * 1024

  /// Lets go of the store: the executions of this program may be taken up by others.
  public func close() {
    state.withLock { state in
      if state.program != nil, StoreFolder.size(ofFile: Self.databasePath(in: folder) + "-wal") > Self.logLimit { state.database.emptyLogIfIdle() }
      state.program?.lock.release()
      state.program = nil
    }
  }

  deinit { close() }

  public func append(_ entries: [HistoryStoreEntry]) throws(HistoryStoreError) -> [Int64] {
    try state.withStoreLock { state throws(HistoryStoreError) in
      try state.change { state throws(HistoryStoreError) in
        guard !state.database.hasMoved else {
          throw HistoryStoreError(
            .inaccessible, "the store \(Self.databasePath(in: folder)) was moved or removed while the program ran; what it writes would be lost")
        }
        let owner = try state.owner(command, folder)
        var keys: [Int64] = []
        keys.reserveCapacity(entries.count)
        for entry in entries { keys.append(try state.append(entry, owner: owner, command: nil)) }
        return keys
      }
    }
  }

  /// Keeps the beginning of an execution that was forked from another. It is taken up with the command that began the other.
  /// - Returns: its key.
  public func add(_ birth: ExecutionBirth, facts: [HistoryEvent], forkedFrom other: StoredExecution) throws(HistoryStoreError) -> Int64 {
    try state.withStoreLock { state throws(HistoryStoreError) in
      try state.change { state throws(HistoryStoreError) in
        let owner = try state.owner(command, folder)
        let command = try state.row(other.key).command
        return try state.append(HistoryStoreEntry(key: nil, birth: birth, firstFact: 0, facts: facts[...]), owner: owner, command: command)
      }
    }
  }

  public func child(
    of parent: Int64, effect: EventID, index: Int, machine: StateMachine?
  ) throws(HistoryStoreError) -> StoredHistory? {
    try state.withStoreLock { state throws(HistoryStoreError) in
      var found: ExecutionRow?
      try state.database.run(
        ExecutionRow.select + " WHERE parent = ? AND effect = ? AND child = ?",
        [.int(parent), .int(Int64(effect)), .int(Int64(index))]
      ) { row in
        found = ExecutionRow(row)
        return false
      }
      guard let found else { return nil }
      try state.claim(found, by: command, folder: folder)
      return try state.history(of: found, machine: try state.machine(of: found, ifSame: machine))
    }
  }
}

extension Mutex where Value == ExecutionStore.State {
  /// `withLock` with the error's type kept.
  borrowing func withStoreLock<Result: Sendable>(
    _ work: (inout Value) throws(HistoryStoreError) -> Result
  ) throws(HistoryStoreError) -> Result {
    let result: Swift.Result<Result, HistoryStoreError> = withLock { state in
      do throws(HistoryStoreError) { return .success(try work(&state)) } catch { return .failure(error) }
    }
    return try result.get()
  }
}

extension ExecutionStore.State {
  /// Changes the database: all of it or nothing.
  mutating func change<Result>(_ work: (inout Self) throws(HistoryStoreError) -> Result) throws(HistoryStoreError) -> Result {
    let before = self
    let database = database
    do throws(HistoryStoreError) {
      return try database.transaction { () throws(HistoryStoreError) in try work(&self) }
    } catch {
      // Rows that were made are gone with the transaction.
      if before.program == nil { program?.lock.release() }
      self = before
      throw error
    }
  }

  /// The row of this program; made at the first need, with the lock by which others see that it lives.
  mutating func owner(_ command: ExecutionStore.Command, _ folder: String) throws(HistoryStoreError) -> Int64 {
    if let program { return program.row }
    let lock = try ProgramLock.take(in: folder)
    let arguments = JSONValue.array(command.arguments.map { .string($0) }).jsonText
    try database.run(
      "INSERT INTO programs (lock, version, arguments, folder, started) VALUES (?, ?, ?, ?, ?)",
      [.text(lock.name), .text(command.version), .text(arguments), .text(command.folder), .int(Timestamp.now.microseconds)])
    let row = database.lastRowNumber
    program = ExecutionStore.Program(row: row, lock: lock)
    return row
  }

  /// - Parameter command: the program whose command began the execution; by default that of the parent, or this one.
  fileprivate mutating func append(_ entry: HistoryStoreEntry, owner: Int64, command: Int64?) throws(HistoryStoreError) -> Int64 {
    let text = entry.facts.recordLines
    var standing: (status: String, stopped: Int64?)?
    for fact in entry.facts { if let change = fact.standing { standing = change } }
    let count = entry.firstFact + entry.facts.count
    // Internal facts bear the id of the event before them, so the newest fact has the number of events.
    let events = entry.facts.last.map { Int64($0.id) } ?? 0
    let key: Int64
    if let known = entry.key {
      key = known
      // Of two programs that go on with an execution at a time, the first one to write has it: the other finds that facts have come.
      let known: [SQLite.Value] = [.int(key), .int(Int64(entry.firstFact))]
      if let standing {
        try database.run(
          "UPDATE executions SET facts = ?, events = ?, owner = ?, status = ?, stopped = ? WHERE id = ? AND facts = ?",
          [.int(Int64(count)), .int(events), .int(owner), .text(standing.status), standing.stopped.map { .int($0) } ?? .null] + known)
      } else {
        try database.run(
          "UPDATE executions SET facts = ?, events = ?, owner = ? WHERE id = ? AND facts = ?", [.int(Int64(count)), .int(events), .int(owner)] + known)
      }
      guard database.changedRows == 1 else {
        let isThere = try Schema.number(database, "SELECT count(*) FROM executions WHERE id = ?", [.int(key)]) == 1
        throw isThere
          ? HistoryStoreError(.busy, "another program has gone on with the execution meanwhile; it is at work there, or has ended")
          : HistoryStoreError(.invalid, "the execution was removed from the store while it ran")
      }
    } else {
      guard let birth = entry.birth else { preconditionFailure("a new execution comes with its birth") }
      var command = command ?? owner
      if let parent = birth.parent { command = try row(parent.key).command }
      key = try insert(
        birth, owner: owner, command: command, count: count, events: events, started: entry.facts.first?.timestamp ?? Timestamp(microseconds: 0),
        standing: standing ?? ("RUNNING", nil))
    }
    let first = Int64(entry.firstFact)
    try database.run(
      "INSERT INTO turns (execution, first, count, checksum, facts) VALUES (?, ?, ?, ?, ?)",
      [.int(key), .int(first), .int(Int64(entry.facts.count)), .int(TurnRow.checksum(key, first, entry.facts.count, text)), .text(text)])
    return key
  }

  private mutating func insert(
    _ birth: ExecutionBirth, owner: Int64, command: Int64, count: Int, events: Int64, started: Timestamp, standing: (status: String, stopped: Int64?)
  ) throws(HistoryStoreError) -> Int64 {
    let definition = try definitionRow(of: birth)
    let settings = birth.settings
    var row = ExecutionRow(
      id: 0, checksum: 0, arn: settings.executionArn, name: settings.name, machine: settings.stateMachineName, definition: definition,
      subMachine: Int64(birth.subMachine), settings: settings.record.jsonText, parent: birth.parent, command: command,
      started: started.microseconds, owner: owner, status: standing.status, stopped: standing.stopped, facts: Int64(count), events: events)
    row.checksum = row.ownChecksum
    try database.run(ExecutionRow.insert, row.values)
    return database.lastRowNumber
  }

  private mutating func definitionRow(of birth: ExecutionBirth) throws(HistoryStoreError) -> Int64 {
    let identifier = ObjectIdentifier(birth.machine)
    guard let registration = machines[identifier] else {
      throw HistoryStoreError(
        .invalid,
        "the store does not know the text of the machine \"\(birth.settings.stateMachineName)\": call ExecutionStore.register(_:definition:) before it starts")
    }
    if let row = registration.row, try has(row) { return row.id }
    let row = DefinitionRow(machine: birth.machine, text: registration.definition)
    let id = try row.insert(into: database)
    machines[identifier]?.row = ExecutionStore.Registration.Row(id: id, checksum: row.checksum)
    return id
  }

  /// Whether a row of `definitions` is still there: it goes with the last execution that has it, and another one may get its number.
  private func has(_ row: ExecutionStore.Registration.Row) throws(HistoryStoreError) -> Bool {
    try Schema.number(database, "SELECT count(*) FROM definitions WHERE id = ? AND checksum = ?", [.int(row.id), .int(row.checksum)]) == 1
  }

  /// The machine that an execution was started with.
  /// - Parameter machine: is taken when it was made of the same text; else one is made of the text that is kept.
  fileprivate mutating func machine(of row: ExecutionRow, ifSame machine: StateMachine?) throws(HistoryStoreError) -> StateMachine {
    let kept = try DefinitionRow.read(row.definition, from: database)
    if let machine, machines[ObjectIdentifier(machine)]?.definition ?? kept.text == kept.text { return machine }
    let type = try row.parsedSettings().type
    if let same = machines.values.first(where: { $0.row?.id == row.definition && $0.definition == kept.text }) { return same.machine }
    guard let made = StateMachineParser.parse(SyntaxNode.parse(json: kept.text).node, type: type).machine else {
      throw HistoryStoreError(.invalid, "the definition of the execution \"\(row.name)\" is not one that this version runs")
    }
    machines[ObjectIdentifier(made)] = ExecutionStore.Registration(
      machine: made, definition: kept.text, row: ExecutionStore.Registration.Row(id: row.definition, checksum: kept.checksum))
    return made
  }
}

import Gzip
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// A row of `executions`. The columns up to `started` never change, and are under the checksum; the others follow from the facts, but for the owner.
struct ExecutionRow {
  var id: Int64
  var checksum: Int64
  var arn: String
  var name: String
  var machine: String
  var definition: Int64
  var subMachine: Int64
  var settings: String
  var parent: ExecutionBirth.Parent?
  /// The program that began it.
  var command: Int64
  var started: Int64
  /// The program that runs it, or ran it last.
  var owner: Int64
  var status: String
  var stopped: Int64?
  var facts: Int64
  var events: Int64

  private static let columns =
    "checksum, arn, name, machine, definition, sub_machine, settings, parent, effect, child, waiting, command, started, owner, status, stopped, facts, events"
  static let select = "SELECT id, \(columns) FROM executions"
  static let insert = "INSERT INTO executions (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

  var values: [SQLite.Value] {
    func optional(_ number: Int64?) -> SQLite.Value { number.map { .int($0) } ?? .null }
    return [
      .int(checksum), .text(arn), .text(name), .text(machine), .int(definition), .int(subMachine), .text(settings), optional(parent?.key),
      optional(parent.map { Int64($0.effect) }), optional(parent.map { Int64($0.index) }), optional(parent.map { $0.isWaiting ? 1 : 0 }),
      .int(command), .int(started), .int(owner), .text(status), optional(stopped), .int(facts), .int(events),
    ]
  }

  /// What the checksum must be.
  var ownChecksum: Int64 {
    var sum = Checksum()
    for text in [arn, name, machine, settings] {
      sum.add(Int64(text.utf8.count))
      sum.add(text)
    }
    for number in [definition, subMachine, parent?.key ?? -1, Int64(parent?.effect ?? -1), Int64(parent?.index ?? -1), parent?.isWaiting == true ? 1 : 0, command, started] {
      sum.add(number)
    }
    return Int64(sum.value)
  }

  func check() throws(HistoryStoreError) {
    guard checksum == ownChecksum else {
      throw HistoryStoreError(.damaged, "the store is damaged: the row \(id) of the table executions (\"\(name)\") does not fit its checksum")
    }
  }
}

extension ExecutionRow {
  init(_ row: SQLite.Row) {
    self.init(
      id: row.int(0), checksum: row.int(1), arn: row.text(2), name: row.text(3), machine: row.text(4), definition: row.int(5),
      subMachine: row.int(6), settings: row.text(7),
      parent: row.isNull(8)
        ? nil : ExecutionBirth.Parent(key: row.int(8), effect: Int(row.int(9)), index: Int(row.int(10)), isWaiting: row.int(11) == 1),
      command: row.int(12), started: row.int(13), owner: row.int(14), status: row.text(15), stopped: row.optionalInt(16), facts: row.int(17),
      events: row.int(18))
  }
}

/// A row of `turns`: facts that were kept in one step, as lines of JSON.
enum TurnRow {
  static func checksum(_ execution: Int64, _ first: Int64, _ count: Int, _ facts: String) -> Int64 {
    var sum = head(execution, first, Int64(count))
    sum.add(facts)
    return Int64(sum.value)
  }

  static func checksum(_ execution: Int64, _ first: Int64, _ count: Int64, _ facts: UnsafeRawBufferPointer) -> Int64 {
    var sum = head(execution, first, count)
    sum.add(facts)
    return Int64(sum.value)
  }

  private static func head(_ execution: Int64, _ first: Int64, _ count: Int64) -> Checksum {
    var sum = Checksum()
    sum.add(execution)
    sum.add(first)
    sum.add(count)
    return sum
  }
}

/// A row of `definitions`: a text, and the pointers of its states in the order of their numbers, so that facts stay readable when a later version
/// counts states otherwise.
struct DefinitionRow {
  var text: String
  var states: String

  init(text: String, states: String) {
    self.text = text
    self.states = states
  }

  init(machine: StateMachine, text: String) {
    self.text = text
    states = JSONValue.array(machine.states.map { .string($0.common.pointer) }).jsonText
  }

  var checksum: Int64 {
    var sum = Checksum()
    sum.add(Int64(text.utf8.count))
    sum.add(text)
    sum.add(states)
    return Int64(sum.value)
  }

  /// Definitions that are the same share a row.
  func insert(into database: SQLite) throws(HistoryStoreError) -> Int64 {
    var found: Int64?
    try database.run("SELECT id, text, states FROM definitions WHERE checksum = ?", [.int(checksum)]) { row in
      if row.text(1) == text, row.text(2) == states { found = row.int(0) }
      return found == nil
    }
    if let found { return found }
    try database.run("INSERT INTO definitions (checksum, text, states) VALUES (?, ?, ?)", [.int(checksum), .text(text), .text(states)])
    return database.lastRowNumber
  }

  static func read(_ id: Int64, from database: SQLite) throws(HistoryStoreError) -> DefinitionRow {
    var found: (row: DefinitionRow, checksum: Int64)?
    try database.run("SELECT text, states, checksum FROM definitions WHERE id = ?", [.int(id)]) { row in
      found = (DefinitionRow(text: row.text(0), states: row.text(1)), row.int(2))
      return false
    }
    guard let found else { throw HistoryStoreError(.damaged, "the store is damaged: the row \(id) of the table definitions is missing") }
    guard found.row.checksum == found.checksum else {
      throw HistoryStoreError(.damaged, "the store is damaged: the row \(id) of the table definitions does not fit its checksum")
    }
    return found.row
  }

  /// Pointers of states in the order in which the facts count them.
  func statePointers() throws(HistoryStoreError) -> [String] {
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: states).asArray?.compactMap(\.asString) ?? []
    } catch {
      throw HistoryStoreError(.damaged, "the store is damaged: the states of a definition cannot be read: \(error.message)")
    }
  }
}

extension ArraySlice<HistoryEvent> {
  /// The records, one a line.
  var recordLines: String {
    var text = ""
    for (index, fact) in self.enumerated() {
      if index > 0 { text += "\n" }
      text += fact.record.jsonText
    }
    return text
  }
}

extension HistoryEvent {
  /// What the fact makes of the execution's status; nil for one that leaves it.
  var standing: (status: String, stopped: Int64?)? {
    switch kind {
    case .executionSucceeded: (ExecutionStatus.succeeded.rawValue, timestamp.microseconds)
    case .executionFailed: (ExecutionStatus.failed.rawValue, timestamp.microseconds)
    case .executionAborted: (ExecutionStatus.aborted.rawValue, timestamp.microseconds)
    case .executionTimedOut: (ExecutionStatus.timedOut.rawValue, timestamp.microseconds)
    case .executionRedriven: (ExecutionStatus.running.rawValue, nil)
    default: nil
    }
  }
}

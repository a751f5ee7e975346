import DefinitionFiles
import DurableStore
import ExecutionTraces
import JSONTypes
import StatesLanguage
import StatesRuntime

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The history of an execution that the command line names, and how to get what was written since.
struct HistorySource {
  private enum Origin {
    case standardInput
    case file(String, FileStamp?)
    case kept(ExecutionStore, StoredExecution, StateMachine)
  }

  /// How messages call it: the path, or the ID.
  let name: String
  private(set) var history: RecordedHistory
  private var origin: Origin

  /// Finds an execution: a file, `-` for standard input, or the ID of an execution that is kept. A file comes before an ID.
  ///
  /// - Parameter store: where executions are kept.
  /// - Throws: a `CommandProblem` that says what is wrong with it, and where.
  static func load(_ argument: String, store: StoreArguments) throws -> HistorySource {
    if argument == "-" { return HistorySource(name: "<stdin>", history: try parse(Terminal.readInput(), name: "<stdin>"), origin: .standardInput) }
    let stamp = FileStamp(argument)
    if stamp == nil, !argument.contains("/") {
      do {
        return try kept(argument, in: try store.open())
      } catch let problem as CommandProblem where problem.exitCode == 2 {
        // A name with a point in it is a file's more often than an execution's.
        if !argument.contains(".") { throw CommandProblem("there is no file \(argument), and \(problem.message)") }
      }
    }
    return HistorySource(name: argument, history: try read(argument), origin: .file(argument, stamp))
  }

  private static func kept(_ id: String, in store: ExecutionStore) throws -> HistorySource {
    let execution = try store.execution(id)
    let (history, machine) = try read(execution, in: store)
    return HistorySource(name: execution.shortID, history: history, origin: .kept(store, execution, machine))
  }

  /// What a screen or page calls it.
  var title: String {
    switch origin {
    case .standardInput: "standard input"
    case .file(let path, _): String(path.split(separator: "/").last ?? "")
    case .kept(_, let execution, _): execution.shortID
    }
  }

  var isStandardInput: Bool { if case .standardInput = origin { true } else { false } }

  /// Reads again what may have changed.
  /// - Returns: whether it has changed.
  mutating func refresh() -> Bool {
    switch origin {
    case .standardInput: return false
    case .file(let path, let stamp):
      guard let now = FileStamp(path), now != stamp else { return false }
      origin = .file(path, now)
      // While it is written anew it may be no history for a moment.
      guard let read = try? Self.read(path) else { return false }
      history = read
    case .kept(let store, let before, _):
      guard let now = try? store.execution(before.arn), now.eventCount != before.eventCount, let read = try? Self.read(now, in: store) else { return false }
      origin = .kept(store, now, read.machine)
      history = read.history
    }
    return true
  }

  // MARK: What is kept with it

  /// The execution, where it is one that is kept.
  var execution: StoredExecution? { if case .kept(_, let execution, _) = origin { execution } else { nil } }

  /// The machine that ran, where the execution is kept.
  var machine: StateMachine? { if case .kept(_, _, let machine) = origin { machine } else { nil } }

  /// The definition that ran, where the execution is kept.
  func definition() throws -> SyntaxNode? {
    guard case .kept(let store, let execution, _) = origin else { return nil }
    return SyntaxNode.parse(json: try withStore { () throws(HistoryStoreError) in try store.definition(of: execution) }).node
  }

  /// The distributed Map of whose Map Run the execution is a child.
  var mapRunState: String? {
    guard case .kept(_, let execution, let machine) = origin, execution.subMachine != 0 else { return nil }
    for case .map(let map) in machine.states where map.distributed != nil && map.itemProcessor == execution.subMachine { return map.common.name }
    return nil
  }

  // MARK: Reading

  private static func read(_ execution: StoredExecution, in store: ExecutionStore) throws -> (history: RecordedHistory, machine: StateMachine) {
    let stored = try store.history(of: execution)
    let machine = stored.execution.machine
    return (RecordedHistory(stored.history, machine: machine, settings: stored.execution.settings), machine)
  }

  private static func read(_ path: String) throws(CommandProblem) -> RecordedHistory {
    let bytes: [UInt8]
    do throws(FileReadError) {
      bytes = try FileReaders.disk(path, RecordedHistory.maximumByteCount)
    } catch {
      throw CommandProblem("cannot read the history \(path): \(error.message)")
    }
    return try parse(bytes, name: path)
  }

  private static func parse(_ bytes: [UInt8], name: String) throws(CommandProblem) -> RecordedHistory {
    do throws(RecordedHistoryError) {
      return try RecordedHistory(parsing: bytes)
    } catch {
      throw CommandProblem("\(name):\(error.line):\(error.column): \(error.message)")
    }
  }

  /// What is to be said about the history: events that are missing, a torn end.
  var notes: [String] {
    var notes: [String] = []
    if let gaps = history.gapText { notes.append(gaps) }
    if history.isPartial { notes.append("the history goes on: another page follows (nextToken)") }
    if let torn = history.tornEnd { notes.append("line \(torn.line) is not complete, and left out") }
    return notes
  }

  func printNotes(_ style: Style) {
    for note in notes { Terminal.writeError("\(style.yellow("note")): \(note.printable())\n") }
  }
}

/// What tells whether a file has changed.
private struct FileStamp: Equatable {
  var size: Int64
  var seconds: Int
  var nanoseconds: Int

  init?(_ path: String) {
    var entry = stat()
    guard stat(path, &entry) == 0 else { return nil }
    size = Int64(entry.st_size)
    #if canImport(Darwin)
    (seconds, nanoseconds) = (entry.st_mtimespec.tv_sec, entry.st_mtimespec.tv_nsec)
    #else
    (seconds, nanoseconds) = (entry.st_mtim.tv_sec, entry.st_mtim.tv_nsec)
    #endif
  }
}

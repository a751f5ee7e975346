import DefinitionFiles
import DurableStore
import ExecutionTraces
import JSONTypes
import StatesLanguage

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where the events of a trace come from, and how to get those that were written since.
struct TraceSource {
  private enum Origin {
    case standardInput
    case file(String, FileStamp?)
    case kept(ExecutionStore, StoredExecution)
  }

  /// What the screen calls it.
  let title: String
  private(set) var trace: ExecutionTrace
  /// What is to be said about the history: events that are missing, a torn end.
  private(set) var notes: [String] = []
  private var origin: Origin

  /// Finds an execution by what the command line names: a file, `-` for standard input, or the ID of an execution that is kept.
  ///
  /// - Parameters:
  ///   - definition: the machine that ran, where it is given; one that is kept with the execution otherwise.
  ///   - store: where executions are kept.
  /// - Throws: a `CommandProblem` that says what is wrong with it, and where.
  static func load(_ argument: String, definition: StateMachine?, store: StoreArguments) throws -> TraceSource {
    if argument == "-" {
      return TraceSource(title: "standard input", origin: .standardInput, history: try parse(Terminal.readInput(), name: "<stdin>"), definition: definition)
    }
    let stamp = FileStamp(argument)
    if stamp == nil, !argument.contains("/"), !argument.contains(".") {
      let kept: ExecutionStore
      do {
        kept = try store.open()
      } catch let problem as CommandProblem {
        throw CommandProblem("there is no file \(argument), and \(problem.message)", exitCode: problem.exitCode)
      }
      let execution = try kept.execution(argument)
      let (history, machine) = try read(execution, in: kept)
      return TraceSource(title: execution.shortID, origin: .kept(kept, execution), history: history, definition: definition ?? machine)
    }
    return TraceSource(
      title: String(argument.split(separator: "/").last ?? ""), origin: .file(argument, stamp), history: try read(argument), definition: definition)
  }

  private init(title: String, origin: Origin, history: RecordedHistory, definition: StateMachine?) {
    self.title = title
    self.origin = origin
    trace = ExecutionTrace(history, definition: definition)
    notes = Self.notes(about: history)
  }

  /// Reads again what may have changed, and takes in the events that came since.
  /// - Returns: whether there are new ones.
  mutating func refresh() -> Bool {
    let history: RecordedHistory
    switch origin {
    case .standardInput: return false
    case .file(let path, let stamp):
      guard let now = FileStamp(path), now != stamp else { return false }
      origin = .file(path, now)
      // While it is written anew it may be no history for a moment.
      guard let read = try? Self.read(path) else { return false }
      history = read
    case .kept(let store, let before):
      guard let now = try? store.execution(before.arn), now.eventCount != before.eventCount, let read = try? Self.read(now, in: store) else { return false }
      origin = .kept(store, now)
      history = read.history
    }
    notes = Self.notes(about: history)
    let known = trace.events.count
    if history.events.count >= known, zip(history.events, trace.events).allSatisfy({ $0.id == $1.id && $0.type == $1.type }) {
      trace.append(history.events[known...])
      return history.events.count > known
    }
    trace = ExecutionTrace(history, definition: trace.machine)
    return true
  }

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

  private static func notes(about history: RecordedHistory) -> [String] {
    var notes: [String] = []
    if let gap = history.gaps.first {
      let ids = gap.count == 1 ? "event \(gap.lowerBound) is" : "events \(gap.lowerBound) to \(gap.upperBound) are"
      notes.append(ids + " missing" + (history.gaps.count > 1 ? ", and \(history.gaps.count - 1) more stretches" : ""))
    }
    if history.isPartial { notes.append("the history goes on: another page follows (nextToken)") }
    if let torn = history.tornEnd { notes.append("line \(torn.line) is not complete, and left out") }
    return notes
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

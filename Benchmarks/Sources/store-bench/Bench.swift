import DurableStore
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `store-bench [FOLDER] [--runs N]`: how many turns a second the store keeps, beside bare SQLite with the same rows and commits in the same run.
///
/// A turn is two facts, some 300 bytes each. The rows that bare SQLite writes are those that the store has written, ready made.
@main
struct Bench {
  static let definition = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"C"}],"Default":"A"},"C":{"Type":"Succeed"}}}"#

  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    var folder = "/tmp/store-bench-\(getpid())"
    var runs = 3
    while let argument = arguments.popFirst() {
      if argument == "--runs" {
        guard let number = arguments.popFirst().flatMap({ Int($0) }), number > 0 else { return print("--runs needs a number above 0") }
        runs = number
      } else if argument.hasPrefix("-") {
        return print("store-bench [FOLDER] [--runs N]")
      } else {
        folder = argument
      }
    }
    print("turns per commit   store, turns/s   SQLite, turns/s   ratio (median of \(runs) pairs)")
    for size in [1, 10, 100, 1000] {
      let commits = max(20, min(2000, 100_000 / size / 4))
      var pairs: [(store: Double, bare: Double)] = []
      for run in 0..<runs { pairs.append(try pair(size: size, commits: commits, in: "\(folder)/\(size)-\(run)")) }
      let ratios = pairs.map { $0.store / $0.bare }.sorted()
      let (store, bare) = (pairs.map(\.store).sorted()[runs / 2], pairs.map(\.bare).sorted()[runs / 2])
      func column(_ number: Double, _ width: Int) -> String {
        let text = String(Int(number))
        return String(repeating: " ", count: max(0, width - text.count)) + text
      }
      print("\(column(Double(size), 16))\(column(store, 17))\(column(bare, 18))   \((ratios[runs / 2] * 100).rounded() / 100)")
    }
    rmdir(folder)
  }

  /// The store, then SQLite with what the store has written.
  private static func pair(size: Int, commits: Int, in folder: String) throws -> (store: Double, bare: Double) {
    let machine = StateMachineParser.parse(SyntaxNode.parse(json: definition).node).machine!
    let store = try ExecutionStore(folder: folder, command: ExecutionStore.Command(version: "", arguments: [], folder: ""))
    store.register(machine, definition: definition)
    let payload = Payload(
      measuring: ["order": 4711, "customer": ["name": "Ada Lovelace", "city": "London"], "items": [1, 2, 3, 4], "note": .string(String(repeating: "x", count: 120))])
    var histories: [[HistoryEvent]] = []
    for execution in 0..<size {
      var facts: [HistoryEvent] = []
      for commit in 0...commits {
        let (id, time) = (commit * 2 + 1, Timestamp(microseconds: Int64(commit) * 1000))
        let state = (commit + execution) % 2
        if commit == 0 {
          facts.append(HistoryEvent(id: id, previousEventID: 0, timestamp: time, frame: 0, kind: .executionStarted(input: payload)))
        } else {
          facts.append(
            HistoryEvent(id: id, previousEventID: id - 1, timestamp: time, frame: 0, kind: .stateExited(state: state, output: payload, assigned: nil, transition: .next(1 - state))))
        }
        facts.append(HistoryEvent(id: id + 1, previousEventID: id, timestamp: time, frame: 0, kind: .stateEntered(state: 1 - state, input: payload)))
      }
      histories.append(facts)
    }
    var keys = try store.append(
      (0..<size).map { execution in
        HistoryStoreEntry(
          key: nil, birth: ExecutionBirth(machine: machine, subMachine: 0, settings: ExecutionSettings(name: "bench-\(execution)"), parent: nil),
          firstFact: 0, facts: histories[execution][0..<2])
      })
    let time = try seconds {
      for commit in 1...commits {
        keys = try store.append(
          (0..<size).map { execution in
            HistoryStoreEntry(key: keys[execution], birth: nil, firstFact: commit * 2, facts: histories[execution][(commit * 2)..<(commit * 2 + 2)])
          })
      }
    }
    let path = folder + "/executions.sqlite"
    let rows = Bare(path: path).rows().dropFirst(size)
    precondition(rows.count == size * commits)
    let bare = Bare(path: folder + "/bare.sqlite", copying: path)
    let bareTime = seconds {
      var start = rows.startIndex
      while start < rows.endIndex {
        bare.commit(rows[start..<(start + size)])
        start += size
      }
    }
    store.close()
    remove(folder)
    return (Double(size * commits) / time, Double(size * commits) / bareTime)
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    let (seconds, attoseconds) = (ContinuousClock.now - start).components
    return Double(seconds) + Double(attoseconds) / 1e18
  }

  private static func remove(_ folder: String) {
    for name in ["executions.sqlite", "bare.sqlite"] {
      for suffix in ["", "-wal", "-shm"] { unlink("\(folder)/\(name)\(suffix)") }
    }
    rmdir(folder + "/programs")
    rmdir(folder)
  }
}

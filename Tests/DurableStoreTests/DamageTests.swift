import DurableStore
import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Testing

/// A store that is not what was written is found out, and never read as something else.
struct DamageTests {
  /// One of several turns.
  private static func longSample() throws -> StoreTests.Sample {
    let samples = try (0..<20 as Range<UInt64>).map { try StoreTests.Sample(seed: $0) }
    return try #require(samples.max { $0.history.count < $1.history.count })
  }

  private func fill(_ path: String, _ samples: [StoreTests.Sample]) throws {
    let store = try StoreTests.open(path)
    for sample in samples { try sample.keep(in: store) }
  }

  /// What a reader gets: the executions as they were, or an error.
  private func read(_ path: String, _ samples: [StoreTests.Sample]) throws -> [HistoryStoreError] {
    var problems: [HistoryStoreError] = []
    do throws(HistoryStoreError) {
      let store: ExecutionStore
      do { store = try StoreTests.open(path) } catch let error as HistoryStoreError { throw error } catch { return [] }
      for sample in samples {
        do throws(HistoryStoreError) {
          guard let found = try store.find(sample.settings.name).first else {
            problems.append(HistoryStoreError(.damaged, "\(sample.settings.name) is gone"))
            continue
          }
          let stored = try store.history(of: found, machine: sample.machine)
          if stored.history != sample.history || found.settings != sample.settings { Issue.record("\(sample.settings.name) is read as something else") }
        } catch {
          problems.append(error)
        }
      }
    } catch {
      problems.append(error)
    }
    return problems
  }

  /// Every few bytes of the database are changed in turn. `SFN_DAMAGE=1` changes each.
  @Test func namesAFlippedBit() throws {
    let folder = StoreFolder()
    let samples = try (0..<6).map { try StoreTests.Sample(seed: $0) }
    try fill(folder.path, samples)
    // All of it in the database itself.
    try StoreTests.open(folder.path).checkpoint()
    let bytes = try Data(contentsOf: URL(filePath: folder.database))
    let step = ProcessInfo.processInfo.environment["SFN_DAMAGE"] == nil ? 97 : 1
    var found = 0
    var named = 0
    var gone = 0
    for position in stride(from: 100, to: bytes.count, by: step) {
      var damaged = bytes
      damaged[position] ^= 1 << UInt8(position % 8)
      let copy = StoreFolder()
      try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
      try damaged.write(to: URL(filePath: copy.database))
      let problems = try read(copy.path, samples)
      if !problems.isEmpty { found += 1 }
      if problems.contains(where: { $0.message.contains("row") }) { named += 1 }
      if problems.contains(where: { $0.message.contains("is gone") }) { gone += 1 }
    }
    #expect(found > 0 && named * 2 > found, "most damage is in rows: \(named) of \(found) named")
    print("damaged bytes found: \(found), named by their row: \(named), rows that cannot be found any more: \(gone)")
  }

  /// A log whose end is missing has the turns before it, whole.
  @Test func recoversATornLog() throws {
    let folder = StoreFolder()
    let sample = try Self.longSample()
    try fill(folder.path, [sample])
    let log = try Data(contentsOf: URL(filePath: folder.database + "-wal"))
    let database = try Data(contentsOf: URL(filePath: folder.database))
    var lengths: Set<Int> = []
    for cut in stride(from: log.count, to: 0, by: -max(1, log.count / 60)) {
      let copy = StoreFolder()
      try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
      try database.write(to: URL(filePath: copy.database))
      try log.prefix(cut).write(to: URL(filePath: copy.database + "-wal"))
      let store = try StoreTests.open(copy.path)
      guard let found = try store.find(sample.settings.name).first else { continue }
      let stored = try store.history(of: found, machine: sample.machine)
      #expect(stored.history == Array(sample.history.prefix(stored.history.count)), "cut at \(cut)")
      #expect(stored.history.count % 7 == 0 || stored.history.count == sample.history.count, "turns are whole")
      lengths.insert(stored.history.count)
    }
    #expect(lengths.count > 2, "cuts must fall between turns: \(lengths.sorted())")
  }

  @Test(arguments: [
    ("PRAGMA user_version = 2", HistoryStoreError.Code.newer), ("PRAGMA application_id = 7", .invalid),
    ("DELETE FROM turns WHERE first = 7", .damaged), ("DELETE FROM turns WHERE first = 0", .damaged),
    ("DELETE FROM turns WHERE first = (SELECT max(first) FROM turns)", .damaged), ("UPDATE turns SET first = first + 1", .damaged),
    ("UPDATE turns SET facts = replace(facts, 'StateEntered', 'StateExited')", .damaged), ("UPDATE executions SET facts = facts + 1", .damaged),
    ("UPDATE executions SET status = 'RUNNING'", .damaged), ("UPDATE executions SET settings = '{}'", .damaged),
    ("UPDATE definitions SET text = '{}'", .damaged), ("DELETE FROM definitions", .damaged), ("DROP TABLE turns", .inaccessible),
  ])
  func refusesWhatWasChanged(sql: String, code: HistoryStoreError.Code) throws {
    let folder = StoreFolder()
    let sample = try Self.longSample()
    try fill(folder.path, [sample])
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()", folder.database, sql]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let problems = try read(folder.path, [sample])
    #expect(problems.map(\.code) == [code], "\(problems)")
  }
}

import CSQLite
import DurableStore
import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Testing

/// What programs do to each other's executions in one store, and what people do to its files.
struct SharedStoreTests {
  private typealias Sample = StoreTests.Sample

  private func birth(_ sample: Sample, parent: ExecutionBirth.Parent? = nil) -> ExecutionBirth {
    ExecutionBirth(machine: sample.machine, subMachine: 0, settings: sample.settings, parent: parent)
  }

  /// Both have claimed an execution that has ended, to redrive it: the first to write has it.
  @Test func onlyOneOfTwoGoesOn() throws {
    let folder = StoreFolder()
    let (first, second) = (try StoreTests.open(folder.path), try StoreTests.open(folder.path))
    let sample = try Sample(seed: 5)
    let key = try sample.keep(in: first, upTo: 3)
    first.close()
    try second.claim(try #require(try second.find("seed-5").first))
    second.close()
    _ = try first.append([HistoryStoreEntry(key: key, birth: nil, firstFact: 3, facts: sample.history[3..<5])])
    let problem = #expect(throws: HistoryStoreError.self) {
      try second.append([HistoryStoreEntry(key: key, birth: nil, firstFact: 3, facts: sample.history[3..<6])])
    }
    #expect(problem?.code == .busy)
    let found = try #require(try second.find("seed-5").first)
    #expect(found.isAlive, "it belongs to the one that goes on with it")
    #expect(throws: HistoryStoreError.self) { try second.claim(found) }
    #expect(try second.history(of: found, machine: sample.machine).history == Array(sample.history[..<5]))
  }

  /// Each program that opens the store reads the whole log, so it must not become longer with each program that has ended.
  @Test func theLogStaysShort() throws {
    let folder = StoreFolder()
    let sample = try Sample(seed: 5)
    var (longest, written) = (0, 0)
    for _ in 0..<120 {
      let store = try StoreTests.open(folder.path)
      try sample.keep(in: store, portion: sample.history.count)
      let before = try size(of: folder.database + "-wal")
      store.close()
      let after = try size(of: folder.database + "-wal")
      (longest, written) = (max(longest, after), written + before - after)
    }
    #expect(written > 1 << 20, "the log was emptied more than once")
    #expect(longest <= 512 << 10)
    #expect(try StoreTests.open(folder.path).list().count == 120)
  }

  /// What another program is reading stays in the log, and nobody waits for it.
  @Test func theLogIsNotEmptiedUnderAReader() throws {
    let folder = StoreFolder()
    let sample = try Sample(seed: 5)
    let store = try StoreTests.open(folder.path)
    for _ in 0..<120 { try sample.keep(in: store, portion: sample.history.count) }
    var reader: OpaquePointer?
    try #require(sqlite3_open_v2(folder.database, &reader, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
    defer { sqlite3_close_v2(reader) }
    try #require(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM turns", nil, nil, nil) == SQLITE_OK)
    store.close()
    #expect(try size(of: folder.database + "-wal") > 512 << 10)
    try #require(sqlite3_exec(reader, "COMMIT", nil, nil, nil) == SQLITE_OK)
    let next = try StoreTests.open(folder.path)
    try sample.keep(in: next, upTo: 3)
    next.close()
    #expect(try size(of: folder.database + "-wal") == 0)
  }

  private func size(of path: String) throws -> Int { try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0 }

  /// Programs that ask at the same time whether another one lives do not take each other for it.
  @Test func manyMayAskWhoLives() async throws {
    let folder = StoreFolder()
    let path = folder.path
    let gone = try StoreTests.open(path)
    try Sample(seed: 5).keep(in: gone, upTo: 3)
    let names = try FileManager.default.contentsOfDirectory(atPath: path + "/programs")
    #expect(names.count == 1)
    gone.close()
    // As a killed program leaves it: the lock's file is there, and nobody holds it.
    for name in names { _ = FileManager.default.createFile(atPath: path + "/programs/" + name, contents: nil) }
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let store = try StoreTests.open(path)
          return try (0..<400).count { _ in try store.list().contains(where: \.isAlive) }
        }
      }
      for try await wrong in group { #expect(wrong == 0) }
    }
  }

  /// Another program has removed the last execution of a definition, and another definition has its row by now.
  @Test func aDefinitionThatWasSweptOutIsWrittenAgain() throws {
    let folder = StoreFolder()
    let (first, second) = (try StoreTests.open(folder.path), try StoreTests.open(folder.path))
    let (sample, other) = (try Sample(seed: 1), try Sample(seed: 2))
    try sample.keep(in: first)
    try second.remove(try second.list())
    try other.keep(in: second)
    _ = try first.append([HistoryStoreEntry(key: nil, birth: birth(sample), firstFact: 0, facts: sample.history[...])])
    let found = try #require(try second.find("seed-1").first)
    #expect(try second.definition(of: found) == sample.text)
    #expect(try second.history(of: found, machine: sample.machine).history == sample.history)
  }

  /// What is written to a file that nobody finds any more is not kept.
  @Test func refusesToWriteWhereNobodyReads() throws {
    let folder = StoreFolder()
    let store = try StoreTests.open(folder.path)
    let sample = try Sample(seed: 5)
    let key = try sample.keep(in: store, upTo: 3)
    try FileManager.default.removeItem(atPath: folder.path)
    let problem = #expect(throws: HistoryStoreError.self) {
      try store.append([HistoryStoreEntry(key: key, birth: nil, firstFact: 3, facts: sample.history[3..<5])])
    }
    #expect(problem?.code == .inaccessible && problem?.message.contains("was moved or removed while the program ran") == true)
  }

  @Test func onlyItsOwnerReadsIt() throws {
    let folder = StoreFolder()
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    let store = try StoreTests.open(folder.path)
    try Sample(seed: 5).keep(in: store)
    for file in ["executions.sqlite", "executions.sqlite-wal", "executions.sqlite-shm"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + file)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
    }
  }

  /// A child goes on with the definition that it was started with, whatever its file says by now.
  @Test func aChildKeepsItsDefinition() throws {
    let folder = StoreFolder()
    let before = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Wait","Seconds":9,"End":true}}}"#
    let after = #"{"StartAt":"C","States":{"C":{"Type":"Succeed"}}}"#
    func machine(_ text: String) throws -> StateMachine { try #require(StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine) }
    let (old, new, parent) = (try machine(before), try machine(after), try Sample(seed: 1))
    let settings = ExecutionSettings(name: "child")
    var execution = Execution(of: old, settings: settings)
    let facts = execution.receive(.start([:]), at: Timestamp(microseconds: 5))
    let key: Int64
    do {
      let store = try StoreTests.open(folder.path)
      key = try parent.keep(in: store)
      store.register(old, definition: before)
      _ = try store.append([
        HistoryStoreEntry(
          key: nil,
          birth: ExecutionBirth(
            machine: old, subMachine: 0, settings: settings, parent: ExecutionBirth.Parent(key: key, effect: 4, index: 0, isWaiting: true)),
          firstFact: 0, facts: facts[...])
      ])
    }
    let store = try StoreTests.open(folder.path)
    store.register(new, definition: after)
    for known in [new, nil] {
      let child = try #require(try store.child(of: key, effect: 4, index: 0, machine: known))
      #expect(child.execution.machine.states.map(\.name) == ["A", "B"])
      #expect(child.history == facts)
    }
    store.register(old, definition: before)
    let same = try #require(try store.child(of: key, effect: 4, index: 0, machine: old))
    #expect(same.execution.machine === old)
  }

  /// An execution stays as long as a program runs what it has started; others are removed meanwhile.
  @Test func removesAroundWhatRuns() throws {
    let folder = StoreFolder()
    let (owner, other) = (try StoreTests.open(folder.path), try StoreTests.open(folder.path))
    let (parent, child, third) = (try Sample(seed: 1), try Sample(seed: 5), try Sample(seed: 3))
    let key = try parent.keep(in: owner)
    owner.register(child.machine, definition: child.text)
    _ = try owner.append([
      HistoryStoreEntry(
        key: nil, birth: birth(child, parent: ExecutionBirth.Parent(key: key, effect: 4, index: 0, isWaiting: false)), firstFact: 0,
        facts: child.history[..<3])
    ])
    try third.keep(in: owner)
    let listed = try other.list()
    #expect(throws: HistoryStoreError.self) { try other.remove(listed) }
    #expect(try other.list().count == 2, "all or nothing")
    let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
    let later = max(try #require(listed.compactMap(\.stoppedAt).max()), now).advanced(bySeconds: 100_000_000)
    #expect(try other.prune(ExecutionStore.Retention(seconds: 1, bytes: 1 << 30), now: later) == 1)
    #expect(try other.list().map(\.name) == ["seed-1"])
    #expect(try other.remove(try other.list(), keepsRunning: true) == 0)
    owner.close()
    #expect(try other.remove(try other.list(), keepsRunning: true) == 1)
  }
}

import DurableStore
import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import TestSupport
import Testing

/// A folder for one test, removed with it.
struct StoreFolder: ~Copyable {
  let path = "/tmp/sfn-store-" + UUID().uuidString.prefix(8).lowercased()
  var database: String { path + "/executions.sqlite" }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// What goes into a store comes out of it.
struct StoreTests {
  static func open(_ folder: String) throws -> ExecutionStore {
    try ExecutionStore(folder: folder, command: ExecutionStore.Command(version: "1", arguments: ["run", "a b.json"], folder: "/work"))
  }

  /// An execution of the simulation, with its machine's text.
  struct Sample {
    var text: String
    var machine: StateMachine
    var settings: ExecutionSettings
    var history: [HistoryEvent]
    var execution: Execution

    init(seed: UInt64, name: String? = nil) throws {
      text = RandomDefinition.make(seed: seed).jsonText
      machine = try #require(StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine)
      settings = ExecutionSettings(name: name ?? "seed-\(seed)", stateMachineName: "machine-\(seed % 3)", seed: seed, limits: Limits(payloadBytes: 4000, historyEvents: 160, variableBytes: 8000))
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: settings, seed: seed, fuel: 5)
      execution = simulation.run()
      history = simulation.history
    }

    /// Keeps the facts in portions.
    @discardableResult
    func keep(in store: ExecutionStore, upTo end: Int? = nil, portion: Int = 7) throws -> Int64 {
      store.register(machine, definition: text)
      var key: Int64?
      var first = 0
      let end = end ?? history.count
      repeat {
        let last = min(first + portion, end)
        let birth = key == nil ? ExecutionBirth(machine: machine, subMachine: 0, settings: settings, parent: nil) : nil
        key = try store.append([HistoryStoreEntry(key: key, birth: birth, firstFact: first, facts: history[first..<last])])[0]
        first = last
      } while first < end
      return try #require(key)
    }
  }

  @Test func readsWhatWasWritten() throws {
    let folder = StoreFolder()
    let samples = try (0..<60).map { try Sample(seed: $0) }
    do {
      let store = try Self.open(folder.path)
      for sample in samples { try sample.keep(in: store) }
    }
    let store = try Self.open(folder.path)
    let listed = try store.list()
    #expect(listed.map(\.name) == samples.reversed().map(\.settings.name))
    for sample in samples {
      let found = try #require(try store.find(sample.settings.name).first)
      let stored = try store.history(of: found, machine: sample.machine)
      #expect(stored.history == sample.history)
      #expect(stored.execution == sample.execution)
      #expect(found.status == sample.execution.status)
      #expect(found.stoppedAt == sample.execution.stoppedAt)
      #expect(found.startedAt == sample.execution.startedAt)
      #expect(found.eventCount == sample.execution.lastEventID)
      #expect(found.settings == sample.settings)
      #expect(found.command.arguments == ["run", "a b.json"])
      #expect(try store.definition(of: found) == sample.text)
    }
  }

  @Test func findsByWhatPeopleType() throws {
    let folder = StoreFolder()
    let store = try Self.open(folder.path)
    for (seed, name) in [(1, "daily"), (2, "9822b866-378e-456f-8b09-fabe5b7dfede"), (3, "9822b866-0000-456f-8b09-fabe5b7dfede"), (4, "daily")] {
      try Sample(seed: UInt64(seed), name: name).keep(in: store)
    }
    #expect(try store.find("daily").map(\.settings.seed) == [4, 1])
    #expect(try store.find("9822b866-37").map(\.settings.seed) == [2])
    #expect(try store.find("9822b866").map(\.settings.seed) == [3, 2])
    #expect(try store.find("dai").isEmpty, "fewer than four characters are no beginning")
    #expect(try store.find("last").map(\.settings.seed) == [4])
    #expect(try store.find("arn:aws:states:us-east-1:123456789012:execution:machine-1:daily").map(\.settings.seed) == [4, 1])
    #expect(try store.find("nothing").isEmpty)
    var filter = ExecutionFilter()
    filter.stateMachineName = "machine-2"
    #expect(try store.list(filter).map(\.settings.seed) == [2])
    filter = ExecutionFilter()
    filter.limit = 3
    #expect(try store.list(filter).map(\.settings.seed) == [4, 3, 2])
  }

  /// The numbers of states are the parser's; the store knows states by their places.
  @Test func followsStatesThatAreCountedOtherwise() throws {
    let before = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}"#
    let after = #"{"StartAt":"A","States":{"B":{"Type":"Succeed"},"A":{"Type":"Pass","Next":"B"}}}"#
    func machine(_ text: String) throws -> StateMachine { try #require(StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine) }
    let (old, new) = (try machine(before), try machine(after))
    let settings = ExecutionSettings(name: "order")
    var simulation = Simulation(of: old, input: [:], settings: settings, seed: 1)
    simulation.run()
    let folder = StoreFolder()
    let store = try Self.open(folder.path)
    store.register(old, definition: before)
    _ = try store.append([
      HistoryStoreEntry(
        key: nil, birth: ExecutionBirth(machine: old, subMachine: 0, settings: settings, parent: nil), firstFact: 0, facts: simulation.history[...])
    ])
    let stored = try store.history(of: try #require(try store.find("order").first), machine: new)
    #expect(stored.history.compactMap { $0.state.map { new.states[$0].name } } == ["A", "A", "B", "B"])
    #expect(stored.execution.status == .succeeded)
  }

  @Test func refusesAMachineThatItDoesNotKnow() throws {
    let folder = StoreFolder()
    let store = try Self.open(folder.path)
    let sample = try Sample(seed: 1)
    #expect(throws: HistoryStoreError.self) {
      try store.append([
        HistoryStoreEntry(
          key: nil, birth: ExecutionBirth(machine: sample.machine, subMachine: 0, settings: sample.settings, parent: nil), firstFact: 0,
          facts: sample.history[...])
      ])
    }
    #expect(try store.list().isEmpty)
    try sample.keep(in: store)
    #expect(try store.list().count == 1)
  }

  // MARK: Removing

  @Test func removesWithAllThatWasStarted() throws {
    let folder = StoreFolder()
    let store = try Self.open(folder.path)
    let (parent, child, other) = (try Sample(seed: 1), try Sample(seed: 2), try Sample(seed: 3))
    let key = try parent.keep(in: store)
    store.register(child.machine, definition: child.text)
    _ = try store.append([
      HistoryStoreEntry(
        key: nil,
        birth: ExecutionBirth(
          machine: child.machine, subMachine: 0, settings: child.settings,
          parent: ExecutionBirth.Parent(key: key, effect: 4, index: 0, isWaiting: true)), firstFact: 0, facts: child.history[...])
    ])
    try other.keep(in: store)
    var filter = ExecutionFilter()
    filter.includesChildren = true
    #expect(try store.list(filter).count == 3)
    #expect(try store.list().count == 2, "children are listed when they are asked for")
    try store.remove(try store.find("seed-1"))
    #expect(try store.list(filter).map(\.name) == ["seed-3"])
  }

  @Test func prunesByAgeAndBySize() throws {
    let folder = StoreFolder()
    let store = try Self.open(folder.path)
    for seed in 0..<20 as Range<UInt64> { try Sample(seed: seed).keep(in: store) }
    let now = Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6))
    let stopped = max(try #require(try store.list().compactMap(\.stoppedAt).max()), now)
    #expect(try store.prune(ExecutionStore.Retention(seconds: 1_000_000, bytes: 1 << 30), now: stopped) == 0)
    #expect(try store.prune(ExecutionStore.Retention(seconds: 1_000_000, bytes: 1), now: stopped) == 20, "nothing has room in one byte")
    for seed in 0..<3 as Range<UInt64> { try Sample(seed: seed).keep(in: store) }
    // Their clocks may have stood in the past; the program has started just now.
    let youth = ExecutionStore.Retention(seconds: 86_400, bytes: 1 << 30)
    #expect(try store.list().allSatisfy { $0.stoppedAt ?? now < now.advanced(bySeconds: -86_400) })
    #expect(try store.prune(youth, now: now) == 0)
    #expect(try store.prune(ExecutionStore.Retention(seconds: 1, bytes: 1 << 30), now: stopped.advanced(bySeconds: 100_000_000)) == 3)
    #expect(try store.list().isEmpty)
  }

  // MARK: Two at a time

  @Test func anExecutionHasOneOwner() throws {
    let folder = StoreFolder()
    let (first, second) = (try Self.open(folder.path), try Self.open(folder.path))
    let sample = try Sample(seed: 5)
    try sample.keep(in: first, upTo: 3)
    let found = try #require(try second.find("seed-5").first)
    #expect(found.isAlive)
    #expect(try second.unfinished().isEmpty, "what a program runs is not left")
    let problem = #expect(throws: HistoryStoreError.self) { try second.claim(found) }
    #expect(problem?.code == .busy)
    #expect(throws: HistoryStoreError.self) { try second.remove([found]) }
    first.close()
    #expect(try second.unfinished().map(\.name) == ["seed-5"])
    try second.claim(found)
    #expect(try first.find("seed-5").first?.isAlive == true)
    #expect(throws: HistoryStoreError.self) { try first.claim(found) }
  }

  @Test func twoProgramsWriteAtATime() async throws {
    let folder = StoreFolder()
    let path = folder.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for program in 0..<4 {
        group.addTask {
          let store = try Self.open(path)
          for seed in 0..<10 { try Sample(seed: UInt64(program * 10 + seed)).keep(in: store) }
        }
      }
      try await group.waitForAll()
    }
    let store = try Self.open(path)
    #expect(try store.list().count == 40)
    for execution in try store.list() {
      let sample = try Sample(seed: execution.settings.seed)
      #expect(try store.history(of: execution, machine: sample.machine).history == sample.history)
    }
  }
}

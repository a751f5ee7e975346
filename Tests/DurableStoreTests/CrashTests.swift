import CFaultVFS
import CrashSuite
import DurableStore
import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Testing

/// Whatever happens to the program or its files: what was told is kept, and the execution comes to the end that an undisturbed one comes to, by
/// the same history.
@Suite(.serialized) struct CrashTests {
  /// The histories of an execution and of all that it has started, in the order of their starts.
  private func histories(_ crashCase: CrashCase, in folder: String) throws -> [[HistoryEvent]] {
    let store = try CrashCase.open(folder)
    var filter = ExecutionFilter()
    filter.includesChildren = true
    return try store.list(filter).reversed().map { execution in
      let machine = execution.subMachine > 0 ? crashCase.machine : try #require(CrashCase.named(execution.stateMachineName)).machine
      return try store.history(of: execution, machine: machine).history.unmarked
    }
  }

  private func undisturbed(_ crashCase: CrashCase) async throws -> [[HistoryEvent]] {
    let folder = StoreFolder()
    let outcome = try await crashCase.go(in: try CrashCase.open(folder.path))
    #expect(outcome.result.execution.isFinished)
    let histories = try histories(crashCase, in: folder.path)
    #expect(outcome.result.history == histories[0])
    #expect(await crashCase.undisturbed().history == histories[0], "a store changes nothing")
    return histories
  }

  /// The store takes only so many rounds: the engine stops there, as a killed program would, and another one goes on.
  @Test(arguments: CrashCase.all.map(\.name)) func goesOnAfterEachRound(name: String) async throws {
    let crashCase = try #require(CrashCase.named(name))
    let expected = try await undisturbed(crashCase)
    var rounds = 0
    while true {
      let folder = StoreFolder()
      let store = try CrashCase.open(folder.path)
      let outcome = try await crashCase.go(in: store, rounds: rounds)
      if outcome.result.interruption == nil { break }
      store.close()
      let again = try await crashCase.go(in: try CrashCase.open(folder.path))
      #expect(again.result.execution.isFinished, "after \(rounds) rounds")
      #expect(try histories(crashCase, in: folder.path) == expected, "after \(rounds) rounds")
      rounds += 1
    }
    #expect(rounds >= 2, "\(rounds) rounds")
  }

  /// The n-th call of the file layer fails, for every n, and in four ways.
  @Test(arguments: [FAULT_FULL, FAULT_IO, FAULT_SHORT_WRITE], [0, 1] as [Int32])
  func survivesEveryFailingCall(kind: fault_kind, lasting: Int32) async throws {
    try #require(fault_register() == 0)
    let isThorough = ProcessInfo.processInfo.environment["SFN_FAULTS"] != nil
    for name in isThorough ? CrashCase.all.map(\.name) : ["steps", "children"] {
      let crashCase = try #require(CrashCase.named(name))
      let expected = try await undisturbed(crashCase)
      var call: Int32 = 1
      var failures = 0
      while true {
        let folder = StoreFolder()
        fault_plan(kind, call, lasting)
        var told: [HistoryEvent] = []
        var problem: HistoryStoreError?
        do throws(HistoryStoreError) {
          let store = try CrashCase.open(folder.path, vfs: "sfn-fault")
          defer { store.close() }
          let outcome = try await crashCase.go(in: store)
          told = outcome.told
          problem = outcome.result.interruption
        } catch {
          problem = error
        }
        let happened = fault_happened() != 0
        fault_plan(kind, 0, 0)
        if problem != nil { failures += 1 }
        if !happened { break }
        let kept = (try? histories(crashCase, in: folder.path))?.first ?? []
        #expect(kept.count >= told.count && Array(kept.prefix(told.count)) == told, "call \(call): what was told is kept")
        let again = try await crashCase.go(in: try CrashCase.open(folder.path))
        #expect(again.result.execution.isFinished, "call \(call)")
        #expect(try histories(crashCase, in: folder.path) == expected, "\(name), call \(call)")
        call += isThorough ? 1 : 3
      }
      #expect(failures > 5, "\(name): \(failures) failures in \(call) calls")
    }
  }

  /// The program is killed before, within and after each call of the file layer, by a signal that it cannot see.
  @Test func survivesBeingKilledAtEachCall() async throws {
    let isThorough = ProcessInfo.processInfo.environment["SFN_FAULTS"] != nil
    var kills = 0
    for name in isThorough ? CrashCase.all.map(\.name) : ["steps", "children"] {
      let crashCase = try #require(CrashCase.named(name))
      let expected = try await undisturbed(crashCase)
      for kind in [FAULT_KILL_BEFORE, FAULT_KILL_HALF, FAULT_KILL_AFTER] {
        var call = 1
        while true {
          let folder = StoreFolder()
          let code = try Crasher.run(folder.path, name, kind, call)
          if code == 0 { break }
          #expect(code == 128 + SIGKILL, "\(name), call \(call)")
          kills += 1
          #expect(try Crasher.run(folder.path, name, kind, 0) == 0, "\(name), call \(call)")
          #expect(try histories(crashCase, in: folder.path) == expected, "\(name), kind \(kind.rawValue), call \(call)")
          call += isThorough ? 1 : 7
        }
      }
    }
    print("killed \(kills) times without a loss")
    #expect(kills > 20)
  }

  /// One execution is killed again and again, each time a little later.
  @Test func survivesManyKillsInARow() async throws {
    let crashCase = try #require(CrashCase.named("children"))
    let expected = try await undisturbed(crashCase)
    let folder = StoreFolder()
    var kills = 0
    while kills < 200 {
      let code = try Crasher.run(folder.path, "children", FAULT_KILL_HALF, 12 + kills)
      if code == 0 { break }
      #expect(code == 128 + SIGKILL)
      kills += 1
    }
    #expect(kills > 5)
    let found = try histories(crashCase, in: folder.path)
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(found.map(\.record) == expected.map(\.record))
    }
  }
}

/// The program that is killed.
enum Crasher {
  static let path: String = {
    let bundle = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" } ?? URL(filePath: CommandLine.arguments[0])
    return bundle.deletingLastPathComponent().appending(path: "store-crasher").path
  }()

  static func run(_ folder: String, _ name: String, _ kind: fault_kind, _ call: Int) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = [folder, name, String(kind.rawValue), String(call)]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
  }
}

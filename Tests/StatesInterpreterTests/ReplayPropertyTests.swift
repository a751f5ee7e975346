import ExecutionReplay
import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// Every history that a definition can have is one that it agrees with.
@Suite struct ReplayPropertyTests {
  static func recording(of simulation: Simulation, machine: StateMachine) throws -> Recording {
    let events = simulation.history.compactMap { $0.awsJSON(machine: machine, settings: simulation.execution.settings) }
    return try Recording(RecordedHistory(parsing: JSONValue.object(["events": .array(events)]).jsonBytes))
  }

  /// - Parameter fuel: cuts turns short, so that branches interleave in other ways than the interpreter's own.
  @Test(arguments: [Int.max, 1]) func replaysWhatItDid(fuel: Int) throws {
    var failing: [String] = []
    var events = 0
    for seed in 0..<min(SimulationTests.seeds, 300) {
      let machine = try SimulationTests.machine(seed: seed)
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: SimulationTests.settings(seed), seed: seed, fuel: fuel)
      simulation.run()
      // A full history does not tell what it had no room for.
      if simulation.execution.lastEventID >= SimulationTests.limits.historyEvents { continue }
      // Neither the seed nor the name stands in a history.
      var settings = SimulationTests.settings(seed)
      settings.seed = seed &+ 1
      var replay = Replay(of: machine, settings: settings, recording: try Self.recording(of: simulation, machine: machine))
      let report = replay.run()
      events += report.agreeing
      if let difference = report.difference {
        failing.append("seed \(seed), event \(difference.recorded?.id ?? 0): recorded \(difference.recordedMeaning); here \(difference.actualMeaning) \(difference.values)")
      }
    }
    #expect(failing.isEmpty, "\(failing.count): \(failing.prefix(12).joined(separator: "\n"))")
    #expect(events > 1000)
  }
}

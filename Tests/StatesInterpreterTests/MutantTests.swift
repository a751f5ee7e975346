import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// Whatever definition the parser takes, an execution of it ends: in success, in an error of the language, or at a limit, never with the program.
@Suite struct MutantTests {
  /// Mutants per run; `SFN_FUZZ` sets more.
  static let count = ProcessInfo.processInfo.environment["SFN_FUZZ"].flatMap { Int($0) } ?? 1500
  static let first = ProcessInfo.processInfo.environment["SFN_FUZZ_SEED"].flatMap { Int($0) } ?? 0

  @Test func everyMutantThatIsTakenRuns() throws {
    var taken = 0
    var failing: [String] = []
    for seed in Self.first..<Self.first + Self.count {
      var random = SeededRandom(seed: UInt64(seed))
      // Each definition has many mutants, and lends its parts to the next one's.
      let root = RandomDefinition.make(seed: UInt64(seed / 8))
      let parts = TreeMutation.parts(of: root) + [.string("${open}"), .string("$.a[*].b"), .string("States.Format('{}', $.x)"), .string("{% $states.input.x %}")]
      var value = TreeMutation.mutateAnywhere(root, parts, &random)
      if seed % 4 == 0 { value = TreeMutation.mutate(value, parts, &random) }
      guard let machine = StateMachineParser.parse(SyntaxNode.parse(json: value.jsonText).node).machine else { continue }
      taken += 1
      var simulation = Simulation(
        of: machine, input: RandomDefinition.input, settings: SimulationTests.settings(UInt64(seed)), seed: UInt64(seed), fuel: 5)
      if simulation.run().status == .running { failing.append("seed \(seed)") }
    }
    #expect(failing.isEmpty, "\(failing.prefix(10).joined(separator: ", "))")
    #expect(taken > Self.count / 10, "\(taken) of \(Self.count)")
  }
}

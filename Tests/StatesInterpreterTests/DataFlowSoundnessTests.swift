import JSONTypes
import StatesAnalysis
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// What is said about a definition's data without running it, held against executions: nothing that happens may contradict it.
@Suite struct DataFlowSoundnessTests {
  static let input = RandomDefinition.input

  @Test(arguments: [nil, RandomDefinition.input])
  func everyInputIsAllowed(known: JSONValue?) throws {
    var informed = 0
    for seed in 0..<SimulationTests.seeds {
      let root = SyntaxNode.parse(json: RandomDefinition.make(seed: seed).jsonText).node
      let machine = try SimulationTests.machine(seed: seed)
      let flow = try #require(DefinitionCheck.follow(machine, root: root, input: known), "seed \(seed): nothing settled")
      var simulation = Simulation(of: machine, input: Self.input, settings: SimulationTests.settings(seed), seed: seed)
      while simulation.turn() != nil {}
      for event in simulation.history {
        guard case .stateEntered(let state, let input) = event.kind else { continue }
        if flow.knowledge.knowsSomething(at: state) { informed += 1 }
        if !flow.knowledge.allows(input.value, at: state) {
          Issue.record("seed \(seed): \(machine.states[state].name) is entered with \(input.value.jsonText), which was ruled out; \(RandomDefinition.make(seed: seed).jsonText)")
          return
        }
      }
      if let contradicted = Self.contradiction(flow.findings, machine, simulation.history) {
        Issue.record("seed \(seed): \(contradicted); \(RandomDefinition.make(seed: seed).jsonText)")
        return
      }
    }
    // The test is worth something only when something is known.
    #expect(informed > 100)
  }

  /// Fields that are evaluated whenever a state is left.
  private static let always: Set<String> = [
    "InputPath", "Parameters", "Arguments", "ItemsPath", "Items", "ResultSelector", "ResultPath", "OutputPath", "SecondsPath", "TimestampPath",
  ]

  /// A warning about a field without which no execution leaves the state, of which one has left it.
  private static func contradiction(_ findings: [Diagnostic], _ machine: StateMachine, _ history: [HistoryEvent]) -> String? {
    var succeeded: Set<String> = []
    var failed: Set<Int> = []
    for event in history {
      switch event.kind {
      case .taskFailed(let state, _), .taskTimedOut(let state, _), .mapStateFailed(let state), .parallelStateFailed(let state),
        .evaluationFailed(let state, _, _):
        failed.insert(state)
      case .stateExited(let state, _, _, _): if !failed.contains(state) { succeeded.insert(machine.states[state].common.pointer) }
      default: break
      }
    }
    for finding in findings where finding.severity == .warning && (finding.code == "impossible-path" || finding.code == "not-an-array") {
      let parts = finding.pointer.split(separator: "/")
      guard let field = parts.lastIndex(where: { always.contains(String($0)) }) else { continue }
      let state = "/" + parts[..<field].joined(separator: "/")
      // A catcher may have taken the failure that was foretold.
      guard succeeded.contains(state), machine.states.first(where: { $0.common.pointer == state })?.work?.catch.isEmpty ?? true else { continue }
      return "\(finding.pointer) \(finding.message), but the state was left"
    }
    return nil
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// A fork shares the past of another execution, and goes on by itself.
@Suite struct HistoryForkTests {
  static let now = Timestamp(microseconds: 1_800_000_000_000_000)
  static let settings = ExecutionSettings(name: "fork", stateMachineName: "Machine", seed: 9)

  static func fork(_ simulation: Simulation, at event: EventID, input: JSONValue? = nil) throws(ForkProblem) -> [HistoryEvent] {
    try HistoryFork.facts(
      of: simulation.history, from: "arn:other", at: event, input: input, machine: simulation.execution.machine, subMachine: 0, settings: settings,
      now: now)
  }

  /// From any event that a fork takes, the execution comes to an end; where it takes none, it says so.
  @Test func goesOnFromAnyMoment() throws {
    var forks = 0
    var refusals = 0
    for seed in 0..<30 as Range<UInt64> {
      let machine = try SimulationTests.machine(seed: seed)
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: SimulationTests.settings(seed), seed: seed, fuel: 3)
      simulation.run()
      for event in stride(from: 1 + Int(seed % 4), through: simulation.execution.lastEventID, by: 4) {
        do throws(ForkProblem) {
          let facts = try Self.fork(simulation, at: event)
          #expect(facts.last?.kind == .executionForked(from: "arn:other", event: event))
          #expect(facts.last?.timestamp == Self.now)
          var other = Simulation(of: machine, settings: Self.settings, resuming: facts, at: Self.now, seed: seed)
          #expect(other.run().isFinished, "seed \(seed), event \(event)")
          #expect(Array(other.history.prefix(facts.count)) == facts)
          forks += 1
        } catch {
          #expect(!error.message.isEmpty)
          refusals += 1
        }
      }
    }
    #expect(forks > 50 && refusals > 50, "\(forks) forks, \(refusals) refusals")
  }

  @Test func movesTimeAndTakesAnotherInput() throws {
    let machine = try #require(
      StateMachineParser.parse(
        SyntaxNode.parse(json: #"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 30, "Next": "T"}, "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"a.$": "$.a"}, "End": true}}}"#).node
      ).machine)
    var simulation = Simulation(of: machine, input: ["a": 1], settings: ExecutionSettings(name: "first"), seed: 1) { _, _ in .succeeds("done", after: .seconds(5)) }
    simulation.run()
    // ExecutionStarted, WaitStateEntered, WaitStateExited, TaskStateEntered, TaskScheduled, TaskStarted, TaskSubmitted, …
    let waiting = try Self.fork(simulation, at: 1, input: ["a": 2])
    var execution = Execution(of: machine, settings: Self.settings, replaying: waiting)
    #expect(execution.input == ["a": 2])
    #expect(execution.startedAt == Self.now)
    let facts = execution.receive(.proceed, at: Self.now)
    #expect(facts.map(\.kind) == [.waitStarted(until: Self.now.advanced(bySeconds: 30))])

    let open = Execution(of: machine, settings: Self.settings, replaying: try Self.fork(simulation, at: 7))
    guard case .task(let call)? = open.openEffects.first?.value else { return #expect(Bool(false), "the task is open") }
    #expect(call.submission == nil && !call.hasStarted, "what the other execution has submitted is not this one's")
    #expect(call.executionArn == Self.settings.executionArn)

    let entered = try Self.fork(simulation, at: 4, input: ["a": 3])
    execution = Execution(of: machine, settings: Self.settings, replaying: entered)
    _ = execution.receive(.proceed, at: Self.now)
    guard case .task(let changed)? = execution.openEffects.first?.value else { return #expect(Bool(false), "the task is open") }
    #expect(changed.input == ["a": 3])
  }
}

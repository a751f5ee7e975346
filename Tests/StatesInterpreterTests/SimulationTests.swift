import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// What holds for every execution, over many seeds. The environment variable `SFN_SEEDS` asks for more of them than the standing run takes.
@Suite struct SimulationTests {
  static let seeds = UInt64(ProcessInfo.processInfo.environment["SFN_SEEDS"] ?? "") ?? 700

  static let limits = Limits(payloadBytes: 4000, historyEvents: 160, variableBytes: 8000)

  static func machine(seed: UInt64) throws -> StateMachine {
    let text = RandomDefinition.make(seed: seed).jsonText
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: text).node)
    return try #require(parsed.machine, "seed \(seed): \(parsed.diagnostics.map { "\($0.pointer) \($0.message)" }) in \(text)")
  }

  static func settings(_ seed: UInt64) -> ExecutionSettings { ExecutionSettings(name: "seed-\(seed)", seed: seed, limits: limits) }

  /// A broken rule, to be shown with its seed.
  struct Breach: Error, CustomStringConvertible { var description: String }

  /// Holds an execution against the rules after each of its turns.
  struct Watch {
    var nextID = 1
    var open: Set<EventID> = []
    var closed: Set<EventID> = []
    var hasEnded = false

    mutating func check(_ turn: Simulation.Turn, _ simulation: Simulation) throws(Breach) {
      for fact in turn.facts {
        if hasEnded { throw Breach(description: "\(fact) follows the end") }
        hasEnded = fact.kind.endsExecution
        if !fact.kind.isInternal {
          if fact.id != nextID { throw Breach(description: "event \(nextID) has the id \(fact.id)") }
          nextID += 1
        }
        if fact.previousEventID >= fact.id, !fact.kind.isInternal { throw Breach(description: "event \(fact.id) follows from \(fact.previousEventID)") }
        if fact.kind.isInternal, fact.id >= nextID { throw Breach(description: "an internal fact bears the unused id \(fact.id)") }
        if fact.timestamp != turn.time { throw Breach(description: "event \(fact.id) has another time than its turn") }
      }
      let now = Set(simulation.execution.openEffects.keys)
      if let again = now.intersection(closed).first { throw Breach(description: "the effect \(again) has closed and is open again") }
      closed.formUnion(open.subtracting(now))
      open = now
      if hasEnded != simulation.execution.isFinished { throw Breach(description: "the status disagrees with the events") }
      if hasEnded {
        if !now.isEmpty || simulation.execution.isRunnable { throw Breach(description: "ended with something open") }
      } else if now.isEmpty, !simulation.execution.isRunnable {
        throw Breach(description: "not ended, but nothing is open")
      }
    }
  }

  static func run(seed: UInt64, fuel: Int, checkReplay: Bool = true) throws {
    let machine = try machine(seed: seed)
    var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: settings(seed), seed: seed, fuel: fuel)
    var watch = Watch()
    var turns = 0
    while let turn = simulation.turn() {
      turns += 1
      try watch.check(turn, simulation)
      if checkReplay {
        let replayed = Execution(of: machine, settings: settings(seed), replaying: simulation.history)
        if replayed != simulation.execution { throw Breach(description: "the replay differs after turn \(turns), \(turn.facts.map { "\($0.id) \($0.type(in: machine))" })") }
        if replayed.isRunnable != simulation.execution.isRunnable { throw Breach(description: "the replay is not as runnable after turn \(turns)") }
      }
      if turns > 2000 { throw Breach(description: "no end after \(turns) turns") }
    }
    if !simulation.execution.isFinished { throw Breach(description: "no end, and nothing to come") }
    if simulation.history.last?.kind.endsExecution != true { throw Breach(description: "the last event does not end the execution") }
  }

  @Test(arguments: [1, 3, 1000])
  func keepsItsPromises(fuel: Int) throws {
    for seed in 0..<Self.seeds {
      let seed = seed + UInt64(fuel) * 1_000_000
      do { try Self.run(seed: seed, fuel: fuel) } catch { Issue.record("seed \(seed), fuel \(fuel): \(error)") }
    }
  }

  /// Cuts a history after each of its turns and goes on from there, with another luck.
  @Test func goesOnFromAnyTurn() throws {
    for seed in 0..<120 as Range<UInt64> {
      let machine = try Self.machine(seed: seed)
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: Self.settings(seed), seed: seed, fuel: 2)
      var turns = 0
      while simulation.turn() != nil {
        turns += 1
        guard turns % 3 == 0 || simulation.execution.isFinished else { continue }
        var resumed = Simulation(
          of: machine, settings: Self.settings(seed), resuming: simulation.history, at: simulation.now, seed: seed &+ UInt64(turns))
        resumed.run(turns: 2000)
        #expect(resumed.execution.isFinished, "seed \(seed), cut after turn \(turns)")
        #expect(resumed.history.starts(with: simulation.history), "seed \(seed), cut after turn \(turns)")
      }
    }
  }

  /// Answers that come too late, and answers to questions that were never asked, change nothing.
  @Test func ignoresLateSignals() throws {
    for seed in 0..<200 as Range<UInt64> {
      let machine = try Self.machine(seed: seed)
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: Self.settings(seed), seed: seed)
      var open: Set<EventID> = []
      var closed: Set<EventID> = []
      while simulation.turn() != nil {
        let now = Set(simulation.execution.openEffects.keys)
        closed.formUnion(open.subtracting(now))
        open = now
        var copy = simulation
        for id in closed.union([0, -1, 1_000_000]) {
          for signal in [.taskSucceeded(id, 1), .taskFailed(id, ErrorOutput(error: "E", cause: nil)), .timerFired(id), .taskSubmitted(id, 1), .taskTimedOut(id, isHeartbeat: false)] as [Signal] {
            if open.contains(id) { continue }
            #expect(copy.receive(signal).facts.isEmpty, "seed \(seed): \(signal)")
          }
        }
        #expect(copy.receive(.start(1)).facts.isEmpty, "seed \(seed): a second start")
        #expect(copy.receive(.proceed).facts.isEmpty, "seed \(seed): proceed without need")
        #expect(copy.execution == simulation.execution, "seed \(seed): late signals changed something")
      }
      var copy = simulation
      #expect(copy.receive(.stop(ErrorOutput(error: nil, cause: nil))).facts.isEmpty, "seed \(seed): stopped after its end")
    }
  }

  /// The definitions reach what they are for: every kind of end and event happens for some seed.
  @Test func coversTheLanguage() throws {
    var types: Set<String> = []
    for seed in 0..<600 as Range<UInt64> {
      let machine = try Self.machine(seed: seed)
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: Self.settings(seed), seed: seed)
      simulation.run(turns: 2000)
      types.formUnion(simulation.history.map { $0.type(in: machine) })
    }
    let wanted: Set = [
      "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut", "TaskStateAborted", "WaitStateAborted", "TaskTimedOut",
      "LambdaFunctionFailed", "TaskSubmitted", "RetryScheduled", "WaitStarted", "MapIterationFailed", "MapIterationAborted", "MapStateFailed",
      "MapStateSucceeded", "ParallelStateFailed", "ParallelStateSucceeded", "ParallelStateExited", "ChoiceStateExited", "SucceedStateExited",
      "FailStateEntered", "EvaluationFailed",
    ]
    #expect(wanted.subtracting(types).isEmpty, "never happened")
  }

  @Test func isTheSameForTheSameSeed() throws {
    for seed in 0..<50 as Range<UInt64> {
      let machine = try Self.machine(seed: seed)
      var first = Simulation(of: machine, input: RandomDefinition.input, settings: Self.settings(seed), seed: seed)
      var second = first
      first.run(turns: 2000)
      second.run(turns: 2000)
      #expect(first.history == second.history, "seed \(seed)")
    }
  }
}

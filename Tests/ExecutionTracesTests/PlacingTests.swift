import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// Which event belongs to which visit, branch and iteration.
@Suite struct PlacingTests {
  /// `id type state path`, for each event that the service has.
  private func described(_ trace: ExecutionTrace) -> [String] {
    trace.events.indices.filter { !trace.events[$0].type.isInternal }.map { step in
      "\(trace.events[step].id) \(trace.events[step].type.name) \(trace.state(at: step)?.name ?? "-") \(trace.pathText(of: trace.places[step].frame))"
    }
  }

  /// Without frames in the history, the chain of causes says the same as our own lines with them.
  @Test func causesTellWhatFramesTell() throws {
    let machine = try Examples.machine(Examples.everything)
    var ends: Set<ExecutionStatus> = []
    for seed in 0..<200 as Range<UInt64> {
      let facts = Examples.facts(of: machine, seed: seed)
      let own = try Examples.trace(Examples.lines(facts, machine), definition: machine)
      let service = try Examples.trace(Examples.serviceText(facts, machine), definition: machine)
      ends.insert(own.status)
      let (left, right) = (described(own), described(service))
      for (one, other) in zip(left, right) where one != other {
        Issue.record("seed \(seed): with frames \(one), without \(other)")
        return
      }
      let outcomes = { (trace: ExecutionTrace) in trace.visits.map { "\(trace.states[$0.state].name) \($0.number) \($0.outcome)" } }
      #expect(outcomes(own) == outcomes(service), "seed \(seed)")
      #expect(own.visits.allSatisfy { $0.outcome != .running }, "seed \(seed)")
    }
    #expect(ends == [.succeeded, .failed, .aborted])
  }

  /// The states that the model takes a task or exit for are those that the execution names.
  @Test func everyEventBelongsToTheStateThatItNames() throws {
    let machine = try Examples.machine(Examples.everything)
    for seed in 0..<100 as Range<UInt64> {
      let facts = Examples.facts(of: machine, seed: seed)
      let trace = ExecutionTrace(RecordedHistory(facts, machine: machine, settings: Examples.settings))
      for (step, fact) in facts.enumerated() {
        guard let state = fact.state else { continue }
        #expect(trace.state(at: step)?.name == machine.states[state].name, "seed \(seed), event \(fact.id)")
      }
    }
  }

  /// Recordings of the service: each event that names a state belongs to it, and each of an execution that succeeded has ended.
  @Test func recordedHistoriesArePlaced() throws {
    var count = 0
    for file in ["base", "scenarios", "error_handling", "assign", "states_variables", "services", "callback"] {
      for testCase in try Conformance.cases("sfn/\(file).jsonl") {
        for execution in testCase["executions"]?.asArray ?? [] {
          guard let events = execution["expected"]?["events"]?.asArray, !events.isEmpty, events.allSatisfy({ $0["id"]?.asInt != nil && $0["previousEventId"]?.asInt != nil })
          else { continue }
          let name = testCase["id"]?.asString ?? ""
          let trace = ExecutionTrace(try RecordedHistory(parsing: JSONValue.array(events).jsonBytes))
          count += 1
          for step in trace.events.indices {
            if let state = trace.events[step].stateName { #expect(trace.state(at: step)?.name == state, "\(name), event \(trace.events[step].id)") }
            let role = trace.events[step].type.role
            if role != .executionStarted, !trace.events[step].type.endsExecution { #expect(trace.places[step].visit != nil, "\(name), event \(step + 1)") }
          }
          if trace.status == .succeeded { #expect(trace.visits.allSatisfy { $0.outcome != .running }, "\(name)") }
        }
      }
    }
    if Conformance.folder != nil { #expect(count > 100) }
  }

  @Test func aTraceGrowsEventByEvent() throws {
    let machine = try Examples.machine(Examples.everything)
    let history = RecordedHistory(Examples.facts(of: machine, seed: 7), machine: machine, settings: Examples.settings)
    var growing = ExecutionTrace()
    for event in history.events { growing.append([event]) }
    let whole = ExecutionTrace(history)
    #expect(growing.places == whole.places)
    #expect(described(growing) == described(whole))
  }

  /// A redriven execution goes on in the states that it did not leave.
  @Test func aRedriveGoesOn() throws {
    let machine = try Examples.machine(
      """
      {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Work", "States": {"Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true}}},
        {"StartAt": "Rest", "States": {"Rest": {"Type": "Pass", "End": true}}}]}}}
      """)
    var execution = Execution(of: machine, settings: Examples.settings)
    let now = Timestamp(microseconds: 1_772_442_000_000_000)
    var facts = execution.receive(.start([:]), at: now)
    let task = try #require(execution.openEffects.keys.first)
    facts += execution.receive(.taskFailed(task, ErrorOutput(error: "Bad", cause: nil)), at: now)
    facts += execution.receive(.redrive, at: now)
    let again = try #require(execution.openEffects.keys.first)
    facts += execution.receive(.taskSucceeded(again, ["ok": true]), at: now)
    for text in [Examples.lines(facts, machine), Examples.serviceText(facts, machine)] {
      let trace = try Examples.trace(text)
      #expect(trace.status == .succeeded)
      let work = try #require(trace.states.first { $0.name == "Work" })
      #expect(work.visits.count == 1 && work.retries == 1 && work.failed == 0 && work.succeeded == 1)
      #expect(trace.states.first { $0.name == "Both" }?.succeeded == 1)
    }
  }
}

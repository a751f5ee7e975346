import JSONTypes
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// RedriveExecution: a failed execution goes on at the states that it did not leave.
struct RedriveTests {
  /// Fails once in the task `failing`, is redriven, and goes on; then replays what was told.
  static func redriven(
    _ definition: String, _ input: JSONValue = [:], failing: Set<String>, status: ExecutionStatus = .failed, after seconds: Int64 = 60
  ) throws -> (first: [HistoryEvent], then: [String], execution: Execution) {
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: definition).node)
    let machine = try #require(parsed.machine, "\(parsed.diagnostics.map(\.message))")
    let settings = ExecutionSettings(name: "test", stateMachineName: "Machine", seed: 1)
    let fails: Simulation.Outcomes = { call, _ in
      failing.contains(call.stateName) ? .fails(ErrorOutput(error: "Down", cause: "for now"), after: .seconds(1)) : .succeeds(call.input, after: .seconds(2))
    }
    var first = Simulation(of: machine, input: input, settings: settings, seed: 1, startingAt: Played.start, outcomes: fails)
    first.run()
    #expect(first.execution.status == status)
    let before = first.history
    let now = first.now.advanced(bySeconds: seconds)
    #expect(first.execution.redriveProblem(at: now) == nil)
    // The world has been mended meanwhile.
    var second = Simulation(of: machine, settings: settings, resuming: before, at: now, seed: 1) { call, _ in .succeeds(call.input) }
    second.receive(.redrive)
    second.run()
    let new = second.history.dropFirst(before.count).filter { !$0.kind.isInternal }
    let lines = new.map { event in
      "\(event.id)<\(event.previousEventID) \(event.type(in: machine))" + (event.state.map { " \(machine.states[$0].name)" } ?? "")
    }
    #expect(Execution(of: machine, settings: settings, replaying: second.history) == second.execution)
    return (before, lines, second.execution)
  }

  @Test func goesOnAtTheFailedState() throws {
    let result = try Self.redriven(
      #"""
      {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::x:y", "Retry": [{"ErrorEquals": ["Down"], "MaxAttempts": 1}], "Next": "C"},
        "C": {"Type": "Pass", "Parameters": {"was.$": "$", "count.$": "$$.Execution.RedriveCount", "at.$": "$$.Execution.RedriveTime"}, "End": true}}}
      """#, failing: ["B"])
    #expect(result.first.last?.id == 11)
    #expect(
      result.then == [
        "12<11 ExecutionRedriven", "13<12 TaskScheduled B", "14<13 TaskStarted B", "15<14 TaskSucceeded B", "16<15 TaskStateExited B",
        "17<16 PassStateEntered C", "18<17 PassStateExited C", "19<18 ExecutionSucceeded",
      ])
    #expect(result.execution.output?.jsonText == #"{"was":1,"count":1,"at":"2024-01-01T00:01:03.000Z"}"#)
    #expect(result.execution.redriveCount == 1)
  }

  @Test func keepsBranchesThatHaveEnded() throws {
    let result = try Self.redriven(
      #"""
      {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "Result": "kept", "End": true}}},
        {"StartAt": "Bad", "States": {"Bad": {"Type": "Task", "Resource": "arn:aws:states:::x:y", "End": true}}},
        {"StartAt": "Slow", "States": {"Slow": {"Type": "Wait", "Seconds": 5, "Next": "After"}, "After": {"Type": "Pass", "Result": "after", "End": true}}}]}}}
      """#, 7, failing: ["Bad"])
    #expect(result.execution.output?.jsonText == #"["kept",7,"after"]"#)
    #expect(!result.then.contains { $0.contains("Done") || $0.contains("ParallelStateEntered") || $0.contains("ParallelStateStarted") })
    #expect(result.then.filter { $0.hasSuffix(" Bad") }.count == 4)
    #expect(result.then.last?.hasSuffix("ExecutionSucceeded") == true)
  }

  @Test func runsFailedIterationsAlone() throws {
    let result = try Self.redriven(
      #"""
      {"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "Odd", "States": {
        "Odd": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "Bad"}], "Default": "Good"},
        "Good": {"Type": "Pass", "End": true}, "Bad": {"Type": "Task", "Resource": "arn:aws:states:::x:y", "End": true}}}}}}
      """#, [1, 2, 3], failing: ["Bad"])
    #expect(result.execution.output?.jsonText == "[1,2,3]")
    #expect(result.then.filter { $0.hasSuffix("PassStateEntered Good") }.count == 1)
    #expect(result.then.filter { $0.contains("MapIterationStarted") }.count == 1)
  }

  @Test func failsAgainAtAFailState() throws {
    let result = try Self.redriven(
      #"""
      {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Always"}}}
      """#, failing: [])
    #expect(result.then == ["4<3 ExecutionRedriven", "5<4 ExecutionFailed"])
    #expect(result.execution.status == .failed && result.execution.redriveCount == 1)
  }

  @Test func opensItsTimeoutAnew() throws {
    let result = try Self.redriven(
      #"""
      {"StartAt": "T", "TimeoutSeconds": 1, "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::x:y", "End": true}}}
      """#, "in", failing: [], status: .timedOut)
    #expect(result.execution.status == .succeeded && result.execution.output == "in")
  }

  /// Some answers of the service to a second redrive, a late one and one of a success.
  @Test func refusesWhatCannotBeRedriven() throws {
    let failed = try Played.state("Fail", "").execution
    let end = try #require(failed.stoppedAt)
    #expect(failed.redriveProblem(at: end.advanced(bySeconds: 14 * 86_400)) == nil)
    #expect(failed.redriveProblem(at: end.advanced(bySeconds: 14 * 86_400 + 1)) == "Execution redrivable period exceeded")
    #expect(try Played.state("Succeed", "").execution.redriveProblem(at: end) == "Execution is SUCCEEDED and cannot be redriven")
    var ended = failed
    #expect(ended.receive(.redrive, at: end.advanced(bySeconds: 15 * 86_400), fuel: 1).isEmpty)
  }

  /// Any failure, redriven up to three times, is replayed to the same execution after each of its turns.
  @Test func replaysAsItWent() throws {
    var redrives = 0
    for seed in 0..<SimulationTests.seeds {
      let machine = try SimulationTests.machine(seed: seed)
      let settings = SimulationTests.settings(seed)
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: settings, seed: seed)
      for _ in 0..<3 {
        simulation.run()
        guard simulation.execution.redriveProblem(at: simulation.now) == nil else { break }
        simulation.receive(.redrive)
        redrives += 1
        while !simulation.execution.isFinished {
          let replayed = Execution(of: machine, settings: settings, replaying: simulation.history)
          guard replayed == simulation.execution, replayed.isRunnable == simulation.execution.isRunnable else {
            Issue.record("seed \(seed): the replay differs after \(simulation.history.last.map { "\($0.id) \($0.type(in: machine))" } ?? "")")
            return
          }
          if simulation.turn() == nil { break }
        }
        #expect(simulation.execution.isFinished, "seed \(seed)")
      }
    }
    #expect(redrives > 100)
  }
}

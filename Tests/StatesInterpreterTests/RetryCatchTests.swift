import JSONTypes
import StatesInterpreter
import Testing

@Suite struct RetryCatchTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var retry: String
    var outcomes: [Simulation.TaskOutcome]
    /// Seconds from the start at which each attempt begins.
    var attempts: [Double]
    var summary: String
    var testDescription: String { retry }
    init(_ retry: String, _ outcomes: [Simulation.TaskOutcome], _ attempts: [Double], _ summary: String) {
      (self.retry, self.outcomes, self.attempts, self.summary) = (retry, outcomes, attempts, summary)
    }
  }

  static let retryRows: [Row] = [
    // Defaults: three retries, after 1, 2 and 4 seconds.
    Row(#"{"ErrorEquals": ["E"]}"#, [.fails("E", "c")], [0, 1, 3, 7], "FAILED E: c"),
    Row(#"{"ErrorEquals": ["E"]}"#, [.fails("E"), .fails("E"), .succeeds(5)], [0, 1, 3], "SUCCEEDED 5"),
    Row(#"{"ErrorEquals": ["E"], "MaxAttempts": 0}"#, [.fails("E")], [0], "FAILED E: -"),
    Row(#"{"ErrorEquals": ["E"], "MaxAttempts": 2, "IntervalSeconds": 3, "BackoffRate": 1.5}"#, [.fails("E")], [0, 3, 7.5], "FAILED E: -"),
    Row(#"{"ErrorEquals": ["E"], "MaxAttempts": 4, "IntervalSeconds": 2, "BackoffRate": 1}"#, [.fails("E")], [0, 2, 4, 6, 8], "FAILED E: -"),
    Row(#"{"ErrorEquals": ["E"], "MaxAttempts": 4, "IntervalSeconds": 2, "BackoffRate": 3, "MaxDelaySeconds": 10}"#, [.fails("E")], [0, 2, 8, 18, 28], "FAILED E: -"),
    Row(#"{"ErrorEquals": ["E"], "IntervalSeconds": 0, "MaxAttempts": 2}"#, [.fails("E")], [0, 0, 0], "FAILED E: -"),
    Row(#"{"ErrorEquals": ["Other"]}"#, [.fails("E")], [0], "FAILED E: -"),
    // Each retrier counts for itself; a used up one ends the retrying, whatever stands behind it.
    Row(
      #"{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["B"], "MaxAttempts": 2, "IntervalSeconds": 5, "BackoffRate": 1}"#,
      [.fails("B"), .fails("A"), .fails("B"), .fails("A")], [0, 5, 6, 11], "FAILED A: -"),
    Row(#"{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 9}"#, [.fails("A")], [0, 1], "FAILED A: -"),
    Row(#"{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1}"#, [.fails("A")], [0, 1], "FAILED A: -"),
    Row(#"{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}"#, [.isSilent], [0, 10], "FAILED States.Timeout: -"),
    Row(#"{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1}"#, [.isSilent], [0], "FAILED States.Timeout: -"),
    Row(#"{"ErrorEquals": ["States.Timeout"], "MaxAttempts": 1}"#, [.losesHeartbeat], [0, 5], "FAILED States.Timeout: -"),
    Row(#"{"ErrorEquals": ["States.HeartbeatTimeout"], "MaxAttempts": 1}"#, [.losesHeartbeat], [0, 5], "FAILED States.Timeout: -"),
    Row(#"{"ErrorEquals": ["States.HeartbeatTimeout"], "MaxAttempts": 1}"#, [.isSilent], [0], "FAILED States.Timeout: -"),
    Row(#"{"ErrorEquals": ["States.Runtime", "States.TaskFailed"], "MaxAttempts": 1}"#, [.fails("States.Runtime")], [0], "FAILED States.Runtime: -"),
  ]

  @Test(arguments: retryRows)
  func retries(_ row: Row) throws {
    // Attempts time out after 9 seconds, or 4 without a heartbeat; a retry follows 1 second later.
    let played = try Played.state("Task", queue + #", "TimeoutSeconds": 9, "HeartbeatSeconds": 4, "Retry": [\#(row.retry)]"#, tasks: row.outcomes)
    #expect(played.milliseconds("TaskScheduled").map { Double($0) / 1000 } == row.attempts)
    #expect(played.summary == row.summary)
  }

  /// A retry leaves no event: the next attempt follows from the failure of the one before.
  @Test func retriesWithoutEvent() throws {
    let played = try Played.state("Task", lambda + #", "Retry": [{"ErrorEquals": ["E"]}]"#, 1, tasks: [.fails("E", "c"), .succeeds(2)])
    #expect(played.lines == [
      "1<0 ExecutionStarted 1", "2<0 TaskStateEntered S 1", "3<2 LambdaFunctionScheduled 1", "4<3 LambdaFunctionStarted", "5<4 LambdaFunctionFailed E: c",
      "6<5 LambdaFunctionScheduled 1", "7<6 LambdaFunctionStarted", "8<7 LambdaFunctionSucceeded 2", "9<8 TaskStateExited S 2", "10<9 ExecutionSucceeded 2",
    ])
  }

  @Test func countsAllRetriesInTheContextObject() throws {
    let played = try Played.state(
      "Task", lambda + #", "Parameters": {"n.$": "$$.State.RetryCount"}, "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["B"]}]"#,
      tasks: [.fails("A"), .fails("B"), .fails("B"), .succeeds(0)])
    #expect(played.lines("Scheduled").map { $0.suffix(7) } == [#"{"n":0}"#, #"{"n":1}"#, #"{"n":2}"#, #"{"n":3}"#])
  }

  /// The counters belong to one entry of the state.
  @Test func countsAnewWhenTheStateIsEnteredAgain() throws {
    let played = try Played(
      #"""
      {"StartAt": "T", "States": {
        "T": {"Type": "Task", \#(lambda), "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 2}], "Catch": [{"ErrorEquals": ["E"], "ResultPath": null, "Next": "Count"}], "End": true},
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Again"},
        "Again": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 2, "Next": "T"}], "Default": "Done"},
        "Done": {"Type": "Succeed"}}}
      """#, ["n": 0], tasks: ["T": [.fails("E")]])
    #expect(played.lines("Scheduled").count == 6)
    #expect(played.summary == #"SUCCEEDED {"n":2}"#)
  }

  /// Full jitter: between nothing and the delay, and the same for the same seed.
  @Test func jittersWithinBounds() throws {
    let definition = #"{"StartAt": "S", "States": {"S": {"Type": "Task", \#(queue), "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 10, "BackoffRate": 2, "JitterStrategy": "FULL"}], "End": true}}}"#
    var first: Set<Int64> = []
    for seed in 1...40 as ClosedRange<UInt64> {
      let times = try Played(definition, tasks: ["S": [.fails("E")]], seed: seed).milliseconds("TaskScheduled")
      #expect(times == (try Played(definition, tasks: ["S": [.fails("E")]], seed: seed).milliseconds("TaskScheduled")), "seed \(seed)")
      #expect(times.count == 4)
      for (attempt, (before, after)) in zip(times, times.dropFirst()).enumerated() {
        #expect((0...(10_000 << Int64(attempt))).contains(after - before), "seed \(seed), attempt \(attempt)")
      }
      first.insert(times[1])
    }
    #expect(first.count > 30 && first.contains { $0 < 3000 } && first.contains { $0 > 7000 })
  }

  // MARK: Catch

  struct CatchRow: Sendable, CustomTestStringConvertible {
    var handlers: String
    var outcome: Simulation.TaskOutcome
    var summary: String
    var testDescription: String { "\(handlers) after \(outcome)" }
    init(_ handlers: String, _ outcome: Simulation.TaskOutcome, _ summary: String) { (self.handlers, self.outcome, self.summary) = (handlers, outcome, summary) }
  }
  static let catchRows: [CatchRow] = [
    CatchRow(#"{"ErrorEquals": ["E"], "Next": "C"}"#, .fails("E", "c"), #"SUCCEEDED {"Error":"E","Cause":"c"}"#),
    CatchRow(#"{"ErrorEquals": ["E"], "Next": "C", "ResultPath": "$"}"#, .fails("E", "c"), #"SUCCEEDED {"Error":"E","Cause":"c"}"#),
    CatchRow(#"{"ErrorEquals": ["E"], "Next": "C", "ResultPath": "$.err"}"#, .fails("E", "c"), #"SUCCEEDED {"a":{"b":1},"err":{"Error":"E","Cause":"c"}}"#),
    CatchRow(#"{"ErrorEquals": ["E"], "Next": "C", "ResultPath": null}"#, .fails("E", "c"), #"SUCCEEDED {"a":{"b":1}}"#),
    CatchRow(#"{"ErrorEquals": ["States.ALL"], "Next": "C"}"#, .fails("E"), #"SUCCEEDED {"Error":"E","Cause":""}"#),
    CatchRow(#"{"ErrorEquals": ["States.ALL"], "Next": "C"}"#, .isSilent, #"SUCCEEDED {"Error":"States.Timeout","Cause":""}"#),
    CatchRow(#"{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "C"}"#, .losesHeartbeat, #"SUCCEEDED {"Error":"States.Timeout","Cause":""}"#),
    CatchRow(#"{"ErrorEquals": ["States.Timeout"], "Next": "C"}"#, .losesHeartbeat, #"SUCCEEDED {"Error":"States.Timeout","Cause":""}"#),
    CatchRow(#"{"ErrorEquals": ["States.TaskFailed"], "Next": "C"}"#, .isSilent, "FAILED States.Timeout: -"),
    CatchRow(#"{"ErrorEquals": ["States.TaskFailed"], "Next": "C"}"#, .fails("Any"), #"SUCCEEDED {"Error":"Any","Cause":""}"#),
    CatchRow(#"{"ErrorEquals": ["e"], "Next": "C"}"#, .fails("E"), "FAILED E: -"),
    CatchRow(#"{"ErrorEquals": ["X"], "Next": "D"}, {"ErrorEquals": ["Y", "E"], "Next": "C"}, {"ErrorEquals": ["States.ALL"], "Next": "D"}"#, .fails("E"), #"SUCCEEDED {"Error":"E","Cause":""}"#),
    CatchRow(#"{"ErrorEquals": ["States.ALL"], "Next": "C"}"#, .fails("States.Runtime", "c"), "FAILED States.Runtime: c"),
    CatchRow(#"{"ErrorEquals": ["States.Runtime"], "Next": "C"}"#, .fails("States.Runtime", "c"), "FAILED States.Runtime: c"),
    CatchRow(#"{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "C"}"#, .fails("States.DataLimitExceeded"), #"SUCCEEDED {"Error":"States.DataLimitExceeded","Cause":""}"#),
  ]

  /// `InputPath` does not touch what a catcher makes, nor does `OutputPath`.
  @Test(arguments: catchRows)
  func catches(_ row: CatchRow) throws {
    let played = try Played(
      #"""
      {"StartAt": "T", "States": {
        "T": {"Type": "Task", \#(lambda), "TimeoutSeconds": 9, "HeartbeatSeconds": 4, "InputPath": "$.a", "OutputPath": "$.never", "Catch": [\#(row.handlers)], "Next": "D"},
        "C": {"Type": "Succeed"}, "D": {"Type": "Pass", "Result": "wrong", "Next": "C"}}}
      """#, ["a": ["b": 1]], tasks: ["T": [row.outcome]])
    #expect(played.summary == row.summary)
  }

  @Test func catchesAfterTheRetriesAreUsed() throws {
    let played = try Played(
      #"""
      {"StartAt": "T", "States": {
        "T": {"Type": "Task", \#(queue), "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["E"], "Assign": {"why.$": "$.Error"}, "Next": "C"}], "End": true},
        "C": {"Type": "Pass", "Parameters": {"v.$": "$why"}, "End": true}}}
      """#, 1, tasks: ["T": [.fails("E", "c")]])
    #expect(played.lines == [
      "1<0 ExecutionStarted 1", "2<0 TaskStateEntered T 1", "3<2 TaskScheduled 1", "4<3 TaskStarted", "5<4 TaskFailed E: c", "6<5 TaskScheduled 1",
      "7<6 TaskStarted", "8<7 TaskFailed E: c", #"9<8 TaskStateExited T {"Error":"E","Cause":"c"} assigned={"why":"E"}"#,
      #"10<9 PassStateEntered C {"Error":"E","Cause":"c"}"#, #"11<10 PassStateExited C {"v":"E"}"#, #"12<11 ExecutionSucceeded {"v":"E"}"#,
    ])
  }

  /// What a state makes of its own data is beyond Catch: `States.Runtime`, straight after the task's success.
  @Test func doesNotCatchRuntimeErrors() throws {
    let played = try Played.state(
      "Task", lambda + #", "OutputPath": "$.x", "Catch": [{"ErrorEquals": ["States.Runtime"], "Next": "S"}]"#, ["a": 1])
    #expect(played.lines.suffix(2) == [
      #"5<4 LambdaFunctionSucceeded {"a":1}"#, "6<5 ExecutionFailed States.Runtime: " + cause("Invalid path '$.x' : No results for path: $['x']"),
    ])
  }

  /// A ResultPath that does not fit is a failure of the state, which it may catch.
  @Test func catchesReferencePathConflicts() throws {
    let definition = #"""
      {"StartAt": "T", "States": {
        "T": {"Type": "Task", \#(lambda), "ResultPath": "$.r", "Catch": [{"ErrorEquals": ["States.ReferencePathConflict"], "Next": "C"@}], "End": true},
        "C": {"Type": "Succeed"}}}
      """#
    #expect(
      try Played(definition.replacing("@", with: ""), "text").summary
        == #"SUCCEEDED {"Error":"States.ReferencePathConflict","Cause":"Unable to apply ReferencePath $.r to input \"text\""}"#)
    // The catcher's own cannot: then the state fails, and what holds it may catch that.
    let failing = definition.replacing("@", with: #", "ResultPath": "$.e""#)
    #expect(try Played(failing, "text").summary == #"FAILED States.ReferencePathConflict: Unable to apply ReferencePath $.e to input "text""#)
    let outer = try Played(
      #"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [\#(failing)], "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "Z"}], "End": true}, "Z": {"Type": "Succeed"}}}"#,
      "text")
    #expect(outer.summary == #"SUCCEEDED "text""#, "\(outer.lines)")
  }

  // MARK: Timeouts

  @Test func timesOut() throws {
    let played = try Played.state("Task", #""Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 600, "HeartbeatSecondsPath": "$.beat""#, ["beat": 5], tasks: [.losesHeartbeat])
    #expect(played.lines == [
      #"1<0 ExecutionStarted {"beat":5}"#, #"2<0 TaskStateEntered S {"beat":5}"#, #"3<2 TaskScheduled {"beat":5} timeout=600 heartbeat=5"#, "4<3 TaskStarted",
      "5<4 TaskSubmitted {}", "6<5 TaskTimedOut States.Timeout: -", "7<6 ExecutionFailed States.Timeout: -",
    ])
    #expect(played.milliseconds("TaskTimedOut") == [5000])
  }

  @Test(arguments: ["TimeoutSecondsPath", "HeartbeatSecondsPath"])
  func refusesBadSeconds(_ field: String) throws {
    #expect(
      try Played.state("Task", queue + #", "\#(field)": "$.n""#, ["a": 1]).summary
        == "FAILED States.Runtime: " + cause("Invalid path '$.n' : No results for path: $['n']"))
    for value in [0, -1, 1.5, "9", 100_000_000, nil] as [JSONValue] {
      let played = try Played.state("Task", queue + #", "\#(field)": "$.n""#, ["n": value])
      #expect(played.execution.error?.error == "States.Runtime", "\(value.jsonText)")
      #expect(played.lines.count == 3)
    }
  }

  /// The execution's own limit: no parent event, and no aborted states.
  @Test func timesOutAsAWhole() throws {
    let played = try Played(
      #"""
      {"StartAt": "P", "TimeoutSeconds": 3, "States": {"P": {"Type": "Parallel", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}], "End": true, "Branches": [
        {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "End": true}}}, {"StartAt": "T", "States": {"T": {"Type": "Task", \#(queue), "End": true}}}]},
       "Z": {"Type": "Succeed"}}}
      """#, tasks: ["T": [.isSilent]])
    #expect(played.lines.suffix(2) == ["7<6 TaskStarted", "8<0 ExecutionTimedOut -: -"])
    #expect(played.summary == "TIMED_OUT -: -")
    #expect(played.milliseconds("ExecutionTimedOut") == [3000])
    let details = played.simulation.history.last?.awsJSON(machine: played.machine, settings: played.execution.settings)
    #expect(details?["executionTimedOutEventDetails"] == ["error": "States.Timeout"])
  }

  @Test func stops() throws {
    let definition = #"{"StartAt": "S", "States": {"S": {"Type": "Wait", "Seconds": 50, "End": true}}}"#
    for (error, detail) in [(ErrorOutput(error: nil, cause: nil), "-: -"), (ErrorOutput(error: "E", cause: "c"), "E: c")] {
      let played = try Played(definition, turns: 1, then: [.stop(error), .stop(error), .timerFired(2)])
      #expect(played.lines.suffix(2) == ["2<0 WaitStateEntered S {}", "3<0 ExecutionAborted \(detail)"])
      #expect(played.summary == "ABORTED \(detail)")
      #expect(played.execution.openEffects.isEmpty)
    }
  }
}

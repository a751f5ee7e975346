import Foundation
import TestSupport
import Testing

/// Every fault of the scripted mode, alone, in the place of all of a request's repetitions, and with a `kill -9` in its midst.
@Suite(.serialized) struct SubmissionFaultTests {
  /// A fault, and words of the error of a task whose requests it has all spoilt.
  private static let faults: [(name: String, error: String)] = [
    ("throttling", "Rate exceeded"), ("internal-error", "RedshiftData.InternalServerException"),
    ("internal-error-after-taking", "RedshiftData.InternalServerException"), ("unavailable", "Service is unavailable"),
    ("reset", "RedshiftData.SdkClientException"), ("reset-after-taking", "RedshiftData.SdkClientException"),
    ("truncated", "RedshiftData.SdkClientException"), ("slow", "States.Timeout"),
    ("expired-token", "security token included in the request is expired"), ("clock-skew", "Signature expired"),
  ]
  private static let forms: [SubmissionForm] = [.execute, .executeToEnd]

  /// One fault that meets one form: a branch of its own, a table of its own.
  private struct Trial {
    var fault: (name: String, error: String)
    var form: SubmissionForm
    var isFinal = false
    var table: String { "\(form.rawValue)_\(fault.name)\(isFinal ? "_twice" : "")".replacing("-", with: "_").lowercased() }
    /// Requests that go wrong. The client makes two of one.
    var times: Int { !isFinal || fault.name == "slow" ? 1 : 2 }
    var script: String { #"{"on": "ExecuteStatement", "sql": "insert into \#(table) *", "times": \#(times), "fault": "\#(fault.name)", "seconds": 2}"# }
    var other: String { #"{"on": "ExecuteStatement", "sql": "insert into \#(table) *", "times": \#(times), "fault": "\#(fault.name)"}"# }

    func branch(interval: Int) -> String {
      let limit = fault.name == "slow" ? #""TimeoutSeconds": 1, "# : ""
      let retry = #""Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": \#(interval), "BackoffRate": 1, "MaxAttempts": 12}],"#
      let state = form.state("insert into \(table) values (1)", fields: limit + retry)
      return #"{"StartAt": "\#(table)", "States": {"\#(table)": \#(state)}}"#
    }
  }

  private func bench(_ trials: [Trial]) throws -> SubmissionBench {
    let faults = trials.map { $0.fault.name == "slow" ? $0.script : $0.other }.joined(separator: ",\n")
    return try SubmissionBench(tables: trials.map(\.table), script: #"{"otherwise": "database", "faults": [\#(faults)]}"#)
  }

  private func machine(_ trials: [Trial], interval: Int = 1) -> String {
    let branches = trials.map { $0.branch(interval: interval) }.joined(separator: ",\n")
    return #"{"StartAt": "All", "States": {"All": {"Type": "Parallel", "Branches": [\#(branches)], "ResultPath": null, "End": true}}}"#
  }

  private func check(_ bench: SubmissionBench, _ trials: [Trial], _ trace: String) throws {
    let rows = try bench.rows(trials.map(\.table))
    for trial in trials {
      #expect(rows[trial.table] == 1, "\(trial.table) has \(rows[trial.table] ?? -1) rows")
      #expect(trace.contains("TaskSucceeded  \(trial.table)"), "\(trial.table)")
    }
  }

  @Test func aFaultDoesNotRunTheStatementTwice() throws {
    let trials = Self.faults.flatMap { fault in Self.forms.flatMap { [Trial(fault: fault, form: $0), Trial(fault: fault, form: $0, isFinal: true)] } }
    let bench = try bench(trials)
    bench.proxy.reset()
    let outcome = try bench.start(machine(trials), name: "faults").finishInTime()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let trace = try bench.trace("faults")
    try check(bench, trials, trace)
    // One whose repetitions fail as well says why.
    for trial in trials where trial.isFinal {
      let lines = trace.split(separator: "\n").filter { $0.contains(trial.table + " ") && $0.contains("✗") }
      #expect(lines.contains { $0.contains(trial.fault.error) }, "\(trial.table): \(lines)")
    }
  }

  /// The program is killed when each statement's request has gone wrong and comes again.
  @Test func aKillInTheMidstOfAFault() throws {
    let trials = Self.faults.flatMap { fault in Self.forms.map { Trial(fault: fault, form: $0) } }
    let bench = try bench(trials)
    bench.proxy.holdRepetitions()
    let running = try bench.start(machine(trials), name: "midst")
    for _ in trials { #expect(bench.proxy.waitForStop()) }
    running.killNow()
    for _ in trials { #expect(bench.proxy.release()) }
    let outcome = try bench.resume("midst")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let trace = try bench.trace("midst")
    #expect(trace.contains("ExecutionResumed"))
    try check(bench, trials, trace)
  }

  /// The program is killed when an attempt of each state has failed, and before the next has begun: what is known of the first is in the history.
  @Test func aKillBetweenTwoAttempts() throws {
    let trials = Self.faults.flatMap { fault in Self.forms.map { Trial(fault: fault, form: $0, isFinal: true) } }
    let bench = try bench(trials)
    bench.proxy.reset()
    let running = try bench.start(machine(trials, interval: 600), name: "between")
    #expect(running.waitFor("RetryScheduled", count: trials.count))
    running.killNow()
    let outcome = try bench.resume("between", ["--clock", "virtual"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let trace = try bench.trace("between")
    #expect(trace.contains("ExecutionResumed"))
    try check(bench, trials, trace)
    #expect(bench.proxy.tokens.count == trials.count, "each attempt after the first asks with the token of the first")
  }

  /// Nothing retries: the execution fails, and a redrive asks for what had no answer.
  @Test func aRedriveFindsWhatHadNoAnswer() throws {
    let trials = [Trial(fault: Self.faults[2], form: .execute, isFinal: true), Trial(fault: Self.faults[2], form: .executeToEnd, isFinal: true)]
    let bench = try bench(trials)
    for trial in trials {
      bench.proxy.reset()
      let machine = trial.form.machine("insert into \(trial.table) values (1)")
      let failed = try bench.start(machine, name: trial.table).finishInTime()
      #expect(failed.exitCode == 1, "\(failed.errors)")
      #expect(failed.output.contains("RedshiftData.InternalServerException"))
      let redriven = try bench.redrive(trial.table)
      #expect(redriven.exitCode == 0, "\(redriven.errors)")
      #expect(bench.proxy.tokens.count == 1)
    }
    let rows = try bench.rows(trials.map(\.table))
    for trial in trials { #expect(rows[trial.table] == 1, "\(trial.table) has \(rows[trial.table] ?? -1) rows") }
  }
}

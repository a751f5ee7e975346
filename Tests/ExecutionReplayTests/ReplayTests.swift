import ExecutionReplay
import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// A definition against the history of another one.
@Suite struct ReplayTests {
  static func machine(_ definition: String) throws -> StateMachine {
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: definition).node)
    return try #require(parsed.machine, "\(parsed.diagnostics)")
  }

  static func settings(seed: UInt64) -> ExecutionSettings { ExecutionSettings(name: "run-\(seed)", seed: seed) }

  /// The history of a definition, as AWS would give it.
  static func history(
    _ definition: String, input: JSONValue, tasks: [String: [Simulation.TaskOutcome]] = [:], seed: UInt64 = 1, turns: Int = .max, then signals: [Signal] = []
  ) throws -> [JSONValue] {
    let machine = try machine(definition)
    var simulation = Simulation(of: machine, input: input, settings: settings(seed: seed), seed: seed) { call, _ in
      let outcomes = tasks[call.stateName] ?? [.succeeds(call.input, after: .seconds(1))]
      return outcomes[min(call.retryCount, outcomes.count - 1)]
    }
    simulation.run(turns: turns)
    for signal in signals { simulation.receive(signal) }
    if !signals.isEmpty { simulation.run() }
    return simulation.history.compactMap { $0.awsJSON(machine: machine, settings: simulation.execution.settings) }
  }

  static func replay(_ definition: String, _ events: [JSONValue], _ options: Replay.Options = .init()) throws -> ReplayReport {
    let recording = try Recording(RecordedHistory(parsing: JSONValue.array(events).jsonBytes))
    var replay = Replay(of: try machine(definition), settings: settings(seed: 99), recording: recording, options: options)
    return replay.run()
  }

  static let pipeline = """
    {"StartAt": "Load", "States": {
      "Load": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "load", "Payload": {"n.$": "$.n"}},
        "ResultPath": "$.rows", "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2}], "Catch": [{"ErrorEquals": ["Bad"], "Next": "Give up"}],
        "Next": "Many?"},
      "Many?": {"Type": "Choice", "Choices": [{"Variable": "$.rows", "NumericGreaterThan": 10, "Next": "Rest"}], "Default": "Done"},
      "Rest": {"Type": "Wait", "Seconds": 60, "Next": "Done"},
      "Done": {"Type": "Pass", "Parameters": {"loaded.$": "$.rows"}, "End": true},
      "Give up": {"Type": "Fail", "Error": "GaveUp"}
    }}
    """
  static let busyThenMany = ["Load": [Simulation.TaskOutcome.fails(ErrorOutput(error: "Busy", cause: nil), after: .seconds(3)), .succeeds(12)]]

  struct Change: CustomTestStringConvertible {
    var name: String
    var old: String
    var new: String
    var kind: ReplayDifference.Kind
    var recorded: String
    var actual: String
    var state: String?
    var paths: [String] = []
    var testDescription: String { name }
  }

  static let changes = [
    Change(
      name: "another way", old: #""NumericGreaterThan": 10"#, new: #""NumericGreaterThan": 20"#, kind: .event, recorded: #"goes on to the state "Rest""#,
      actual: #"goes on to the state "Done""#, state: "Many?"),
    Change(
      name: "another parameter", old: #""Payload": {"n.$": "$.n"}"#, new: #""Payload": {"n.$": "$.n", "all": true}"#, kind: .parameters,
      recorded: #"calls invoke in "Load""#, actual: "does so with other data", state: "Load", paths: ["$.parameters.Payload.all"]),
    Change(
      name: "no retry", old: #""ErrorEquals": ["Busy"]"#, new: #""ErrorEquals": ["Lazy"]"#, kind: .event, recorded: #"calls invoke in "Load""#,
      actual: "fails with Busy", state: "Load"),
    Change(
      name: "a longer wait", old: #""Seconds": 60"#, new: #""Seconds": 90"#, kind: .timing, recorded: #"waited 60 s in "Rest""#, actual: "waits 90 s",
      state: "Rest"),
    Change(
      name: "a longer interval", old: #""IntervalSeconds": 2"#, new: #""IntervalSeconds": 20"#, kind: .timing, recorded: #"tried again after 2 s in "Load""#,
      actual: "tries again after 20 s", state: "Load"),
    Change(
      name: "another output", old: #""loaded.$""#, new: #""count.$""#, kind: .data, recorded: #"leaves the state "Done""#,
      actual: "does so with other data", state: "Done", paths: ["$.output.count", "$.output.loaded"]),
    Change(
      name: "another resource", old: "arn:aws:states:::lambda:invoke", new: "arn:aws:states:::sqs:sendMessage", kind: .resource,
      recorded: #"calls invoke in "Load""#, actual: #"calls sendMessage in "Load""#, state: "Load", paths: ["$.resourceType", "$.resource"]),
    Change(
      name: "a state more", old: #""Next": "Done"}"#, new: #""Next": "More"}, "More": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "t", "Message": "m"}, "Next": "Done"}"#,
      kind: .event, recorded: #"goes on to the state "Done""#, actual: #"goes on to the state "More""#, state: "Rest"),
  ]

  @Test(arguments: changes) func findsAChange(_ change: Change) throws {
    let events = try Self.history(Self.pipeline, input: ["n": 3], tasks: Self.busyThenMany)
    #expect(try Self.replay(Self.pipeline, events).difference == nil)
    let changed = Self.pipeline.replacing(change.old, with: change.new)
    let report = try Self.replay(changed, events)
    let difference = try #require(report.difference)
    #expect(difference.kind == change.kind)
    #expect(difference.recordedMeaning == change.recorded)
    #expect(difference.actualMeaning == change.actual)
    #expect(difference.values.map(\.pathText) == change.paths)
    if let state = change.state { #expect(difference.state.map { report.execution.machine.states[$0].name } == state) }
  }

  @Test(arguments: [ReplayDifference.Kind.parameters, .timing, .data])
  func goesOnAfterWhatIsIgnored(_ kind: ReplayDifference.Kind) throws {
    let change = try #require(Self.changes.first { $0.kind == kind })
    let events = try Self.history(Self.pipeline, input: ["n": 3], tasks: Self.busyThenMany)
    var options = Replay.Options()
    options.ignored = [kind]
    let report = try Self.replay(Self.pipeline.replacing(change.old, with: change.new), events, options)
    #expect(report.ignored.count == (kind == .timing ? 1 : 2))
    #expect(report.ignored.allSatisfy { $0.kind == kind })
    #expect(report.difference == nil)
  }

  /// A value that follows from chance is taken over, and what follows from it is as it was.
  @Test func takesRandomValuesOver() throws {
    let definition = """
      {"QueryLanguage": "JSONata", "StartAt": "Name", "States": {
        "Name": {"Type": "Pass", "Output": {"id": "{% $uuid() %}", "fixed": 1}, "Assign": {"lot": "{% $random() %}"}, "Next": "High?"},
        "High?": {"Type": "Choice", "Choices": [{"Condition": "{% $lot > 0.5 %}", "Next": "High"}], "Default": "Low"},
        "High": {"Type": "Pass", "Next": "Send"}, "Low": {"Type": "Pass", "Next": "Send"},
        "Send": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
          "Arguments": {"FunctionName": "f", "Payload": {"id": "{% $states.input.id %}", "me": "{% $states.context.Execution.Name %}"}}, "End": true}}}
      """
    for seed in 1...10 as ClosedRange<UInt64> {
      let events = try Self.history(definition, input: [:], seed: seed)
      let report = try Self.replay(definition, events)
      #expect(report.difference == nil, "seed \(seed): \(report.difference?.recordedMeaning ?? "") \(report.difference?.values ?? [])")
      #expect(report.adopted >= 2)
      let changed = try Self.replay(definition.replacing(#""fixed": 1"#, with: #""fixed": 2"#), events)
      #expect(changed.difference?.values.map(\.pathText) == ["$.output.fixed"])
    }
  }

  /// Where chance alone chose the way, the recorded one is taken.
  @Test(arguments: 1...12 as ClosedRange<UInt64>) func followsAWayThatChanceChose(_ seed: UInt64) throws {
    let definition = """
      {"QueryLanguage": "JSONata", "StartAt": "Throw", "States": {
        "Throw": {"Type": "Choice", "Default": "End", "Choices": [
          {"Condition": "{% $random() < 0.3 %}", "Next": "Throw", "Assign": {"v": 7}},
          {"Condition": "{% $random() < 0.3 %}", "Next": "Throw", "Output": "{% $missing %}"}]},
        "End": {"Type": "Succeed"}}}
      """
    let events = try Self.history(definition, input: 7, seed: seed)
    let report = try Self.replay(definition, events)
    #expect(report.difference == nil, "event \(report.difference?.recorded?.id ?? 0): \(report.difference?.recordedMeaning ?? ""); \(report.difference?.actualMeaning ?? "")")
  }

  /// The branch that failed first in the recording fails first again, whatever the order of states here would be.
  @Test(arguments: 1...8 as ClosedRange<UInt64>) func followsTheOrderOfBranches(_ seed: UInt64) throws {
    let branch = { (name: String) in
      """
      {"StartAt": "\(name)1", "States": {
        "\(name)1": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "\(name)"}, "Next": "\(name)2"},
        "\(name)2": {"Type": "Pass", "Next": "\(name)3"}, "\(name)3": {"Type": "Fail", "Error": "\(name)"}}}
      """
    }
    let definition = """
      {"StartAt": "All", "States": {"All": {"Type": "Parallel", "Branches": [\(branch("A")), \(branch("B")), \(branch("C"))], "End": true}}}
      """
    let machine = try Self.machine(definition)
    var simulation = Simulation(of: machine, input: [:], settings: Self.settings(seed: seed), seed: seed, fuel: 1) { call, _ in .succeeds(call.input) }
    simulation.run()
    let events = simulation.history.compactMap { $0.awsJSON(machine: machine, settings: simulation.execution.settings) }
    let report = try Self.replay(definition, events)
    #expect(report.difference == nil)
    #expect(report.execution.error == simulation.execution.error)
  }

  @Test func followsStopsRedrivesAndTimeouts() throws {
    let stopped = try Self.history(Self.pipeline, input: ["n": 3], turns: 1, then: [.stop(ErrorOutput(error: "Enough", cause: nil))])
    let first = try Self.replay(Self.pipeline, stopped)
    #expect(first.difference == nil && first.execution.status == .aborted)

    let redriven = try Self.history(Self.pipeline, input: ["n": 3], turns: 1, then: [.stop(ErrorOutput(error: nil, cause: nil)), .redrive])
    let second = try Self.replay(Self.pipeline, redriven)
    #expect(second.difference == nil && second.execution.status == .succeeded && second.execution.redriveCount == 1)

    let limited = Self.pipeline.replacing(#"{"StartAt": "Load""#, with: #"{"TimeoutSeconds": 5, "StartAt": "Load""#)
    let late = try Self.history(limited, input: ["n": 3], tasks: ["Load": [.isSilent]])
    #expect(try Self.replay(limited, late).execution.status == .timedOut)
    let difference = try #require(try Self.replay(Self.pipeline, late).difference)
    #expect(difference.recordedMeaning == "takes longer than its TimeoutSeconds")
    #expect(difference.actualMeaning.contains(#"waits for the task of "Load""#))
  }

  @Test func anUnfinishedRecordingAgreesAsFarAsItGoes() throws {
    let events = try Self.history(Self.pipeline, input: ["n": 3], tasks: Self.busyThenMany)
    for count in 1..<events.count {
      let report = try Self.replay(Self.pipeline, Array(events.prefix(count)))
      // What follows in the same turn is no difference, since the recording was cut.
      #expect(report.difference == nil, "\(count): \(report.difference?.actualMeaning ?? "")")
      #expect(report.agreeing == count)
      #expect(!report.isComplete)
    }
  }

  @Test func startsWithAnotherInput() throws {
    let events = try Self.history(Self.pipeline, input: ["n": 3])
    var options = Replay.Options()
    options.input = ["n": 4]
    #expect(try Self.replay(Self.pipeline, events, options).difference?.values.first?.pathText == "$.input.n")
  }
}

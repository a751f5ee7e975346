import JSONTypes
import StatesLanguage
import TestSupport
import Testing

@testable import StatesInterpreter

/// A record is the fact, whole: what a store reads is what was written.
struct RecordTests {
  private static func reread(_ fact: HistoryEvent) throws -> HistoryEvent {
    try HistoryEvent(record: JSONValue(parsing: fact.record.jsonText))
  }

  @Test func everyFactOfRandomExecutionsSurvives() throws {
    var kinds: Set<String> = []
    for seed in 0..<SimulationTests.seeds {
      let machine = try SimulationTests.machine(seed: seed)
      let settings = SimulationTests.settings(seed)
      var simulation = Simulation(of: machine, input: RandomDefinition.input, settings: settings, seed: seed, fuel: 3)
      simulation.run()
      var read: [HistoryEvent] = []
      for fact in simulation.history {
        let copy = try Self.reread(fact)
        #expect(copy == fact, "seed \(seed): \(fact.record.jsonText)")
        #expect(copy.record.jsonText == fact.record.jsonText, "seed \(seed)")
        kinds.insert(fact.record["kind"]?.asString ?? "")
        read.append(copy)
      }
      #expect(Execution(of: machine, settings: settings, replaying: read) == simulation.execution, "seed \(seed)")
    }
    #expect(kinds.count > 24, "the random executions must have most kinds of facts, not only \(kinds.sorted())")
  }

  /// What random executions have not.
  static let others: [HistoryEvent.Kind] = [
    .dataChanged(.input(Payload(["a": 1], bytesAtMost: 9))), .dataChanged(.result(Payload(nil, bytesAtMost: 4))),
    .dataChanged(.output(Payload("x", bytesAtMost: 3))), .dataChanged(.variable("v", [1])),
    .executionRedriven(count: 3), .executionResumed, .executionForked(from: "arn", event: 4), .executionTimedOut(ErrorOutput(error: nil, cause: nil)),
    .executionAborted(ErrorOutput(error: "Stopped", cause: "by hand\u{0}\n\"")), .taskStarted(state: 1, worker: "w\u{1F600}"),
    .taskScheduled(
      state: 1,
      TaskSchedule(
        parameters: Payload(1e300, bytesAtMost: .max), timeoutSeconds: 99_999_999, heartbeatSeconds: 1, credentials: .null, taskToken: "t")),
    .mapRunStarted(
      state: 0,
      MapRunStart(
        mapRunArn: "arn", items: .read(arguments: ["Bucket": "b"], maxItems: -1), batching: ItemBatching(mostItems: .max, mostBytes: 7, batchInput: nil),
        resultWriter: ["Prefix": ""], maxConcurrency: 1, toleratedFailureCount: 0, toleratedFailurePercentage: 12.5)),
    .mapRunStarted(
      state: 0,
      MapRunStart(
        mapRunArn: "arn", items: .given([1, nil]), batching: ItemBatching(mostItems: 1, mostBytes: 7, batchInput: [:]), resultWriter: nil,
        maxConcurrency: 1, toleratedFailureCount: nil, toleratedFailurePercentage: 100)),
    .stateExited(state: 0, output: Payload(.bigInteger("123456789012345678901234567890"), bytesAtMost: 40), assigned: [:], transition: .end),
  ]

  @Test(arguments: others) func survives(kind: HistoryEvent.Kind) throws {
    let fact = HistoryEvent(id: 7, previousEventID: 3, timestamp: Timestamp(microseconds: -1), frame: 2, kind: kind)
    #expect(try Self.reread(fact) == fact)
  }

  @Test(arguments: [
    (#"{"kind":"StateEntered","id":1,"previous":0,"time":1,"frame":0,"state":1,"value":1}"#, #""bytes" is missing"#),
    (#"{"kind":"StateEntered","id":"1","previous":0,"time":1,"frame":0}"#, #""id" must be an integer"#),
    (#"{"kind":"Later","id":1,"previous":0,"time":1,"frame":0}"#, #""kind" is "Later", which this version does not know"#),
    ("[]", #""id" is missing"#),
  ]) func isRefused(text: String, message: String) throws {
    let record = try JSONValue(parsing: text)
    #expect(throws: RecordProblem(message: message)) { try HistoryEvent(record: record) }
  }

  @Test func settingsSurvive() throws {
    var named = ExecutionSettings(name: "named")
    named.incarnation = "1a"
    for settings in [
      named,
      ExecutionSettings(name: "n", stateMachineName: "m", region: "eu-west-1", roleArn: "r", type: .express, seed: .max, limits: .none),
      ExecutionSettings(name: "é", seed: 0),
    ] {
      #expect(try ExecutionSettings(record: JSONValue(parsing: settings.record.jsonText)) == settings)
    }
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// What an attempt is told of the one before it.
@Suite struct EarlierAttemptTests {
  private static func machine(_ resource: String) throws -> StateMachine {
    let text = #"""
      {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "\#(resource)", "Parameters": {"Sql": "a"},
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 9}], "Next": "More?"},
        "More?": {"Type": "Choice", "Choices": [{"Variable": "$.Sql", "IsPresent": true, "Next": "T"}], "Default": "End"}, "End": {"Type": "Succeed"}}}
      """#
    return try #require(StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine)
  }

  private struct Stage {
    var execution: Execution
    var history: [HistoryEvent] = []
    var seconds: Int64 = 0

    init(_ resource: String) throws {
      execution = Execution(of: try EarlierAttemptTests.machine(resource), settings: ExecutionSettings(name: "e"))
      send(.start([:]))
    }

    mutating func send(_ signal: Signal) {
      seconds += 1
      history += execution.receive(signal, at: Timestamp(microseconds: seconds * 1_000_000))
      #expect(Execution(of: execution.machine, settings: execution.settings, replaying: history).openEffects == execution.openEffects)
    }

    /// The task that is open, after any delay before it.
    mutating func call() throws -> TaskCall {
      if let (id, _) = execution.openEffects.first(where: { if case .timer = $0.value { true } else { false } }) { send(.timerFired(id)) }
      return try #require(execution.openEffects.values.compactMap { if case .task(let call) = $0 { call } else { nil } }.first)
    }
  }

  @Test func attemptsWithoutAnAnswerAreOne() throws {
    var stage = try Stage("arn:aws:states:::redshift-data:executeStatement.sync")
    let first = try stage.call()
    #expect(first.earlier == nil)
    stage.send(.taskFailed(first.id, ErrorOutput(error: "E", cause: nil)))
    let second = try stage.call()
    #expect(second.earlier == .init(id: first.id, scheduledAt: first.scheduledAt, input: ["Sql": "a"], error: "E"))
    stage.send(.taskTimedOut(second.id, isHeartbeat: false))
    let third = try stage.call()
    #expect(third.earlier?.id == first.id && third.earlier?.error == "States.Timeout")
    // An answer is that attempt's own.
    stage.send(.taskSubmitted(third.id, ["Id": "x"]))
    stage.send(.taskFailed(third.id, ErrorOutput(error: "F", cause: nil)))
    let fourth = try stage.call()
    #expect(fourth.earlier == .init(id: third.id, scheduledAt: third.scheduledAt, input: ["Sql": "a"], submission: ["Id": "x"], error: "F"))
    stage.send(.taskFailed(fourth.id, ErrorOutput(error: "G", cause: nil)))
    let fifth = try stage.call()
    #expect(fifth.earlier?.id == fourth.id && fifth.earlier?.submission == nil)
    // Another entry of the state begins anew.
    stage.send(.taskSucceeded(fifth.id, ["Sql": "b"]))
    #expect(try stage.call().earlier == nil)
  }

  @Test func aRedriveKnowsWhatWasOpen() throws {
    var stage = try Stage("arn:aws:states:::redshift-data:executeStatement.sync")
    let first = try stage.call()
    stage.send(.taskSubmitted(first.id, ["Id": "x"]))
    stage.send(.stop(ErrorOutput(error: nil, cause: nil)))
    #expect(stage.execution.status == .aborted)
    stage.send(.redrive)
    #expect(try stage.call().earlier == .init(id: first.id, scheduledAt: first.scheduledAt, input: ["Sql": "a"], submission: ["Id": "x"], error: nil))
  }
}

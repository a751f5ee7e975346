import JSONTypes
import StatesInterpreter
import StatesRuntime
import Testing

@Suite(.timeLimit(.minutes(15))) struct MockConfigurationTests {
  static func file(_ responses: String) throws -> JSONValue {
    try JSONValue(parsing: #"{"StateMachines": {"M": {"TestCases": {"C": {"T": "R"}}}}, "MockedResponses": {"R": \#(responses)}}"#)
  }

  static func run(_ responses: String, _ definition: String, _ input: JSONValue) async throws -> ExecutionResult {
    var actions = ActionRegistry()
    actions.intercept(try MockConfiguration(file(responses), machine: "M", testCase: "C").interceptor())
    return await EngineTests.engine(actions).run(try EngineTests.machine(definition), input: input, settings: ExecutionSettings(name: "test"))
  }

  static let queue = #""Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage""#

  @Test func answersByInvocation() async throws {
    let result = try await Self.run(
      #"{"0": {"Throw": {"Error": "A", "Cause": "a"}}, "1-2": {"Throw": {"Error": "B"}}, "3": {"Return": {"x": 1}}}"#,
      #"{"StartAt": "T", "States": {"T": {\#(Self.queue), "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 5}], "End": true}}}"#, [:])
    #expect(result.output == ["x": 1])
    #expect(result.history.compactMap { if case .taskFailed(_, let error) = $0.kind { error } else { nil } } == [
      ErrorOutput(error: "A", cause: "a"), ErrorOutput(error: "B", cause: nil), ErrorOutput(error: "B", cause: nil),
    ])
  }

  /// Invocations are counted over the whole execution, across the iterations of a Map.
  @Test func countsAcrossIterations() async throws {
    let result = try await Self.run(
      #"{"0": {"Return": "first"}, "1-2": {"Return": "later"}}"#,
      #"{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": {"StartAt": "T", "States": {"T": {\#(Self.queue), "End": true}}}, "End": true}}}"#, [1, 2, 3])
    #expect(result.output == ["first", "later", "later"])
  }

  @Test func failsWhereNoResponseIsLeft() async throws {
    let result = try await Self.run(#"{"1": {"Return": 1}}"#, #"{"StartAt": "T", "States": {"T": {\#(Self.queue), "End": true}}}"#, [:])
    #expect(result.error?.error == "States.Runtime" && result.error?.cause?.contains("invocation 0") == true)
  }

  @Test func submitsForThoseWhoWait() async throws {
    let result = try await Self.run(
      #"{"0": {"Return": {"x": 1}}}"#, #"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": true}}}"#, [:])
    #expect(result.history.contains { if case .taskSubmitted = $0.kind { true } else { false } })
    #expect(result.output == ["x": 1])
  }

  /// Answers for a function called by its ARN are written like those of the Lambda API.
  @Test func takesThePayloadForFunctions() async throws {
    let lambda = #"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}}"#
    #expect(try await Self.run(#"{"0": {"Return": {"StatusCode": 200, "Payload": {"a": 1}}}}"#, lambda, [:]).output == ["a": 1])
    #expect(try await Self.run(#"{"0": {"Return": {"Payload": 1}}}"#, lambda, [:]).output == ["Payload": 1])
  }

  @Test func leavesOtherStatesAlone() async throws {
    var actions = ActionRegistry()
    actions.register(function: "f") { _ in "real" }
    actions.intercept(try MockConfiguration(Self.file(#"{"0": {"Return": 1}}"#), machine: nil, testCase: "").interceptor())
    let result = await EngineTests.engine(actions).run(try EngineTests.task(), input: [:], settings: ExecutionSettings(name: "test"))
    #expect(result.output == "real")
  }

  @Test(arguments: [
    (#"{"-1": {"Return": 1}}"#, "-1"), (#"{"1-": {"Return": 1}}"#, "1-"), (#"{"2-1": {"Return": 1}}"#, "2-1"), (#"{"1-2-3": {"Return": 1}}"#, "1-2-3"), (#"{"x": {"Return": 1}}"#, "x"),
    (#"{"": {"Return": 1}}"#, "number or a range"), (#"{"0": {}}"#, "Return or Throw"), (#"{"0": {"Throw": "E"}}"#, "Return or Throw"), (#"{"0": 1}"#, "Return or Throw"), ("[]", "\"R\""),
  ])
  func refusesResponses(_ responses: String, _ words: String) throws {
    let file = try Self.file(responses)
    #expect(performing: { try MockConfiguration(file, machine: nil, testCase: "C") }, throws: { ($0 as? MockConfiguration.Problem)?.message.contains(words) == true })
  }

  @Test(arguments: [
    (#"{}"#, nil, "C", "StateMachines"), (#"{"StateMachines": {"M": {"TestCases": {}}}}"#, nil, "C", "no test case \"C\""),
    (#"{"StateMachines": {"M": {"TestCases": {"C": {}}}}}"#, "N", "C", "state machine N"),
    (#"{"StateMachines": {"M": {"TestCases": {"C": {}}}, "N": {"TestCases": {"C": {}}}}}"#, nil, "C", "name one of M, N"),
    (#"{"StateMachines": {"M": {"TestCases": {"C": {"T": 1}}}}}"#, "M", "C", "\"T\""), (#"{"StateMachines": {"M": {"TestCases": {"C": {"T": "R"}}}}}"#, "M", "C", "no \"R\""),
  ] as [(String, String?, String, String)])
  func refusesFiles(_ text: String, _ machine: String?, _ testCase: String, _ words: String) throws {
    let file = try JSONValue(parsing: text)
    #expect(performing: { try MockConfiguration(file, machine: machine, testCase: testCase) }, throws: { ($0 as? MockConfiguration.Problem)?.message.contains(words) == true })
  }
}

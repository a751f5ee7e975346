public import JSONTypes
public import StatesInterpreter
import StatesLanguage
import Synchronization

/// Answers of tasks written down in AWS's `MockConfigFile.json`: by test case and state, for each invocation or range of invocations.
///
/// Source: AWS Step Functions Developer Guide, "Testing state machines with Step Functions Local", mocked service integrations.
public struct MockConfiguration: Sendable {
  enum Answer: Sendable {
    case result(JSONValue)
    case failure(ErrorOutput)
  }
  struct Response: Sendable {
    var invocations: ClosedRange<Int>
    var answer: Answer
  }

  /// Why a configuration cannot be used, in a sentence.
  public struct Problem: Error, Hashable, Sendable {
    public let message: String
  }

  /// The responses of one test case by the name of their state.
  let states: [String: [Response]]

  /// Picks one test case.
  /// - Parameters:
  ///   - machine: the name of the state machine as the file has it; nil takes the only one, or the only one with this test case.
  ///   - testCase: the name of the test case; empty for none: then no task is mocked.
  public init(_ file: JSONValue, machine: String?, testCase: String) throws(Problem) {
    guard !testCase.isEmpty else {
      states = [:]
      return
    }
    guard let machines = file["StateMachines"]?.asObject else { throw Problem(message: "the mock file needs the member StateMachines, an object") }
    let candidates = machines.filter { machine == nil || $0.key == machine }.filter { $0.value["TestCases"]?[testCase] != nil }
    guard let found = candidates.first, candidates.count == 1 else {
      let where_ = machine.map { "the state machine \($0)" } ?? "any state machine"
      let names = machines.filter { machine == nil || $0.key == machine }.map { entry in
        "\(entry.key): \((entry.value["TestCases"]?.asObject ?? [:]).map(\.key).joined(separator: ", "))"
      }.joined(separator: "; ")
      throw Problem(
        message: candidates.isEmpty
          ? "the mock file has no test case \"\(testCase)\" for \(where_); it has \(names.isEmpty ? "none" : names)"
          : "the test case \"\(testCase)\" stands under several state machines: name one of \(candidates.map(\.key).joined(separator: ", "))")
    }
    var states: [String: [Response]] = [:]
    for (state, name) in found.value["TestCases"]?[testCase]?.asObject ?? [:] {
      guard let name = name.asString else { throw Problem(message: "the state \"\(state)\" of the test case \"\(testCase)\" must name a mocked response") }
      guard let responses = file["MockedResponses"]?[name]?.asObject else {
        throw Problem(message: "MockedResponses has no \"\(name)\", which the state \"\(state)\" of the test case \"\(testCase)\" names")
      }
      states[state] = try responses.map { key, value throws(Problem) in try Self.response(key, value, of: name) }
    }
    self.states = states
  }

  private static func response(_ key: String, _ value: JSONValue, of name: String) throws(Problem) -> Response {
    let bounds = key.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil, first >= 0, last >= first else {
      throw Problem(message: "\"\(key)\" of the mocked response \"\(name)\" must be a number or a range such as \"0\" or \"1-3\"")
    }
    if let result = value["Return"] { return Response(invocations: first...last, answer: .result(result)) }
    if let failure = value["Throw"]?.asObject {
      return Response(
        invocations: first...last, answer: .failure(ErrorOutput(error: failure["Error"]?.asString, cause: failure["Cause"]?.asString)))
    }
    throw Problem(message: "\"\(key)\" of the mocked response \"\(name)\" needs Return or Throw")
  }

  /// The states that are mocked.
  public var stateNames: Set<String> { Set(states.keys) }

  /// An interceptor for `ActionRegistry.intercept`: counts the invocations of each state over the whole execution, iterations of a Map included.
  public func interceptor() -> @Sendable (TaskCall) -> (any TaskAction)? {
    let counts = MockCounts()
    return { call in
      guard let responses = states[call.stateName] else { return nil }
      let invocation = counts.next(call.stateName)
      return MockedAction(answer: responses.first { $0.invocations.contains(invocation) }?.answer, invocation: invocation)
    }
  }
}

private final class MockCounts: Sendable {
  private let counts = Mutex<[String: Int]>([:])

  func next(_ state: String) -> Int {
    counts.withLock { counts in
      let number = counts[state, default: 0]
      counts[state] = number + 1
      return number
    }
  }
}

private struct MockedAction: TaskAction {
  var answersCallback: Bool { true }
  let answer: MockConfiguration.Answer?
  let invocation: Int

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    switch answer {
    case .result(let value):
      if TaskResource(call.resource)?.pattern != .requestResponse { reporter.submitted(value) }
      // The mock of a function that is called by its own ARN is written like an answer of the Lambda API all the same.
      if TaskResource(call.resource)?.kind == .lambdaFunction, value["StatusCode"] != nil, let payload = value["Payload"] { return payload }
      return value
    case .failure(let error): throw TaskFailure(error: error.error ?? "", cause: error.cause)
    case nil:
      throw TaskFailure(
        error: "States.Runtime", cause: "The mock of the state '\(call.stateName)' has no response for invocation \(invocation) (counted from 0).")
    }
  }
}

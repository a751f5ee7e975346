import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization
import Testing

/// Executions that are taken up after their deadlines.
struct RecoveryTests {
  /// Counts how often it is asked, and answers.
  private final class Counter: Sendable {
    let count = Mutex(0)
  }

  /// An execution that has waited for its first effects since the moment 0, and is resumed a thousand seconds later.
  private func resumed(_ definition: String) async throws -> (result: ExecutionResult, calls: Int) {
    let machine = try #require(StateMachineParser.parse(SyntaxNode.parse(json: definition).node).machine)
    var execution = Execution(of: machine, settings: ExecutionSettings(name: "late"))
    let start = Timestamp(microseconds: 1_704_067_200_000_000)
    let facts = execution.receive(.start([:]), at: start)
    let counter = Counter()
    var actions = ActionRegistry()
    actions.register(function: "work") { (input: JSONValue) in
      counter.count.withLock { $0 += 1 }
      return input
    }
    let engine = Engine(actions: actions, clock: .virtual, startingAt: start.advanced(bySeconds: 1000))
    let result = await engine.resume(StoredHistory(key: 1, execution: execution, history: facts)).result()
    return (result, counter.count.withLock(\.self))
  }

  private static let work =
    #""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "work", "Payload": {}}"#

  @Test func aTaskThatIsTooLateIsNotBegun() async throws {
    let (result, calls) = try await resumed(#"{"StartAt": "T", "States": {"T": {\#(Self.work), "TimeoutSeconds": 60, "End": true}}}"#)
    #expect(result.error?.error == "States.Timeout")
    #expect(calls == 0)
  }

  @Test func anExecutionThatIsTooLateAsksForNothing() async throws {
    let (result, calls) = try await resumed(#"{"StartAt": "T", "TimeoutSeconds": 60, "States": {"T": {\#(Self.work), "End": true}}}"#)
    #expect(result.status == .timedOut)
    #expect(calls == 0)
  }

  /// What is due is done in the order in which it was due: the end of the Wait comes first, and its task is too late at once.
  @Test func deadlinesComeInTheirOrder() async throws {
    let (result, calls) = try await resumed(
      #"{"StartAt": "W", "TimeoutSeconds": 60, "States": {"W": {"Type": "Wait", "Seconds": 30, "Next": "T"}, "T": {\#(Self.work), "End": true}}}"#)
    #expect(result.status == .timedOut)
    #expect(calls == 0)
    #expect(result.history.contains { $0.type(in: result.execution.machine) == "TaskStateEntered" })
  }

  @Test func aTaskInTimeIsAskedForAgain() async throws {
    let (result, calls) = try await resumed(#"{"StartAt": "T", "States": {"T": {\#(Self.work), "TimeoutSeconds": 6000, "End": true}}}"#)
    #expect(result.status == .succeeded)
    #expect(calls == 1)
  }
}

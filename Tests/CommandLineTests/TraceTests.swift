import Foundation
import JSONTypes
import Testing

/// What a run shows on standard error where there is no terminal.
@Suite struct TraceTests {
  static let caughtBranch = """
    {"StartAt": "Both", "States": {
      "Both": {"Type": "Parallel", "Next": "Done",
        "Branches": [
          {"StartAt": "Left", "States": {"Left": {"Type": "Wait", "Seconds": 60, "End": true}}},
          {"StartAt": "Check", "States": {
            "Check": {"Type": "Pass", "Next": "Right"},
            "Right": {"Type": "Fail", "Error": "Bad"}}}],
        "Catch": [{"ErrorEquals": ["Bad"], "Next": "Done"}]},
      "Done": {"Type": "Succeed"}}}
    """

  /// The first two words of each line: the mark and the state.
  private func marks(_ errors: String) -> [String] {
    errors.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.count > 2 && ["●", "✓", "!", "✗", "-"].contains(words[0]) ? "\(words[0]) \(words[1])" : nil
    }
  }

  private func run(_ definition: String, _ arguments: String...) throws -> Program.Outcome {
    let folder = try TemporaryFolder()
    let file = try folder.write(definition, to: "machine.asl.json")
    let process = try Program.start(["run", file, "--clock", "virtual"] + arguments)
    try process.input.fileHandleForWriting.close()
    return process.finish()
  }

  @Test func aStateThatFailsItsBranchEndsThere() throws {
    let outcome = try run(Self.caughtBranch)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(marks(outcome.errors) == ["✓ Check", "- Left", "✗ Right", "! Both", "✓ Done"], "\(outcome.errors)")
  }

  @Test func aBranchThatIsTriedAgainEndsBeforeThat() throws {
    let definition = Self.caughtBranch.replacingOccurrences(
      of: #""Catch":"#, with: #""Retry": [{"ErrorEquals": ["Bad"], "MaxAttempts": 1}], "Catch":"#)
    let outcome = try run(definition)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(marks(outcome.errors) == ["✓ Check", "- Left", "✗ Right", "! Both", "✓ Done"], "\(outcome.errors)")
  }

  static let nestedMaps = """
    {"StartAt": "Outer", "States": {"Outer": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Inner", "States": {
      "Inner": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Work", "States": {"Work": {"Type": "Wait", "SecondsPath": "$", "End": true}}}}}}}}}
    """

  /// A line is printed when a visit ends, so it says how that visit ended, whatever others do.
  @Test func aPrintedLineSaysHowItsVisitEnded() throws {
    let outcome = try run(Self.nestedMaps, "--input", "[[1, 2], [3, 4], [5]]")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(marks(outcome.errors) == ["✓ Work", "✓ Inner", "✓ Outer"], "\(outcome.errors)")
  }

  struct FailureCase: CustomTestStringConvertible {
    var name: String
    var definition: String
    var input = "{}"
    var error: String
    var testDescription: String { name }
  }

  static let failures = [
    FailureCase(
      name: "a Fail state in a branch in an iteration",
      definition: """
        {"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "Both", "States": {
          "Both": {"Type": "Parallel", "End": true, "Branches": [
            {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "End": true}}},
            {"StartAt": "Stop",
              "States": {"Stop": {"Type": "Fail", "Error": "Broken"}}}]}}}}}}
        """, input: "[1]",
      error: #"Broken in the state "Stop" (machine.asl.json:5:18), which failed "Both" (machine.asl.json:2:3) and "Each" (machine.asl.json:1:32)"#),
    FailureCase(
      name: "a path without a value in a branch, which writes no event of its own",
      definition: """
        {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
          {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "End": true}}},
          {"StartAt": "Look", "States": {"Look": {"Type": "Pass", "InputPath": "$.nowhere", "End": true}}}]}}}
        """,
      error: #"States.Runtime in the state "Look" (machine.asl.json:3:34), which failed "Both" (machine.asl.json:1:32)"#),
    FailureCase(
      name: "a Task in a branch",
      definition: """
        {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
          {"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:nobody", "End": true}}}]}}}
        """,
      error: #"Lambda.ResourceNotFoundException in the state "Call" (machine.asl.json:2:34), which failed "Both" (machine.asl.json:1:32)"#),
    FailureCase(
      name: "a Map that tolerates some failures fails by itself",
      definition: """
        {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ToleratedFailureCount": 1, "End": true, "ItemProcessor": {"StartAt": "Stop", "States": {
          "Stop": {"Type": "Fail", "Error": "Broken"}}}}}}
        """, input: "[1, 2, 3]",
      error: #"States.ExceedToleratedFailureThreshold in the state "Each" (machine.asl.json:1:32)"# + "\n"),
  ]

  @Test(arguments: failures) func namesTheStateThatFailed(_ row: FailureCase) throws {
    let outcome = try run(row.definition, "--input", row.input)
    #expect(outcome.exitCode == 1)
    // The folder of the test is no part of what is compared.
    let errors = outcome.errors.replacing(/\/tmp\/sfn-[0-9a-f]+\//, with: "")
    #expect(errors.contains("error: " + row.error), "\(errors)")
    #expect(!marks(errors).contains { $0.hasPrefix("●") }, "\(errors)")
  }

  @Test func theStatesThatFailedAreMarked() throws {
    #expect(marks(try run(Self.failures[0].definition, "--input", "[1]").errors) == ["- Rest", "✗ Stop", "✗ Both", "✗ Each"])
    #expect(marks(try run(Self.failures[1].definition).errors) == ["- Rest", "✗ Look", "✗ Both"])
  }

  /// Nobody outside can answer in virtual time.
  @Test func namesNoTokenThatNobodyCanAnswer() throws {
    let outcome = try run(
      """
      {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"Token.$": "$$.Task.Token"}, "TimeoutSeconds": 60, "End": true}}}
      """, "--task", "arn:aws:states:::sqs:sendMessage=return:{}")
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("States.Timeout"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("waits for the token"), "\(outcome.errors)")
  }

  @Test func allTimesOfAStreamHaveOneForm() throws {
    let output = try run(
      #"{"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "End": true}}}"#, "--json"
    ).output
    let events = try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    let until = events.first { $0["type"] == "WaitStarted" }?["waitStartedEventDetails"]?["until"]
    #expect(until != nil && until == events.first { $0["type"] == "WaitStateExited" }?["timestamp"])
    let retried = try run(
      """
      {"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:nobody",
        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}], "End": true}}}
      """, "--json"
    ).output
    let retry = try retried.split(separator: "\n").map { try JSONValue(parsing: String($0)) }.first { $0["type"] == "RetryScheduled" }
    #expect(retry?["retryScheduledEventDetails"]?["until"]?.asString?.hasSuffix("000+00:00") == true)
  }
}

import Foundation
import JSONTypes
import Testing

@Suite struct RunTests {
  static let loop = """
    {
      "StartAt": "Add",
      "States": {
        "Add": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "Enough"},
        "Enough": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThanEquals": 3, "Next": "Rest"}], "Default": "Add"},
        "Rest": {"Type": "Wait", "Seconds": 86400, "End": true}
      }
    }
    """

  @Test func printsTheOutputAndNothingElse() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.loop, to: "loop.asl.json")
    let outcome = try Program.run("run", file, "--input", #"{"n": 0}"#, "--clock", "virtual")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output == "{\n  \"n\": 3\n}\n")
    #expect(outcome.errors.contains("SUCCEEDED"))
    #expect(outcome.errors.contains("Add, Enough: 2 more times"))
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test func refusesADefinitionThatIsStillOpen() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "${Last}"}, "B": {"Type": "Pass", "Result": "${text}", "End": true}}}"#, to: "open.asl.json")
    let outcome = try Program.run("run", file, "--no-store")
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.components(separatedBy: "${Last} has no value").count == 2, "once: \(outcome.errors)")
    #expect(outcome.errors.contains("open.asl.json:1:59: error: ${Last} has no value; give it one with --substitution Last=VALUE"))
    #expect(outcome.errors.contains("1 error\n"))
    let given = try Program.run("run", file, "--no-store", "--substitution", "Last=B")
    #expect(given.exitCode == 0, "\(given.errors)")
    #expect(given.output == "\"${text}\"\n")
  }

  @Test func takesTheInputFromStandardInputAndFiles() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.loop, to: "loop.asl.json")
    let data = try folder.write(#"{"n": 1}"#, to: "input.json")
    #expect(try Program.run("run", file, "--input", "-", "--clock", "virtual", input: #"{"n": 2}"#).output == "{\n  \"n\": 3\n}\n")
    #expect(try Program.run("run", file, "--input", "@" + data, "--clock", "virtual").output == "{\n  \"n\": 3\n}\n")
    #expect(try Program.run("run", "-", "--input", #"{"n": 7}"#, "--clock", "virtual", input: Self.loop).output == "{\n  \"n\": 8\n}\n")
  }

  /// A negative number is a value, though it looks like an option.
  @Test func takesANegativeNumber() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#, to: "pass.asl.json")
    #expect(try Program.run("run", file, "--input", "-5").output == "-5\n")
    #expect(try Program.run("run", "--input", "-0", file).exitCode == 0)
    #expect(try Program.run("eval", "$", "--input", "-5").output == "-5\n")
    let answer = try Program.run("task", "succeed", "token", "--output", "-5", "--state-dir", folder.path)
    #expect(answer.exitCode == 1)
    #expect(answer.errors.contains("no running sfn-local"), "\(answer.errors)")
  }

  @Test func printsEventsAsTheyCome() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.loop, to: "loop.asl.json")
    let lines = try Program.run("run", file, "--input", #"{"n": 2}"#, "--clock", "virtual", "--json").output.split(separator: "\n")
    let types = try lines.map { try JSONValue(parsing: String($0))["type"]?.asString ?? "" }
    #expect(
      types == [
        "ExecutionStarted", "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited", "WaitStateEntered", "WaitStarted",
        "WaitStateExited", "ExecutionSucceeded",
      ])
    let history = try JSONValue(
      parsing: try Program.run("run", file, "--input", #"{"n": 2}"#, "--clock", "virtual", "--aws-history").output)
    #expect(history["events"]?.asArray?.count == 8)
    #expect(history["events"]?[7]?["timestamp"]?.asString?.hasSuffix("+00:00") == true)
  }

  struct ExitCase: CustomTestStringConvertible {
    var name: String
    var definition: String
    var arguments: [String] = []
    var exitCode: Int32
    var errors: [String]
    var testDescription: String { name }
  }

  static let exitCases = [
    ExitCase(
      name: "a failed execution names the state, its place and the cause",
      definition: #"{"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Broken", "Cause": "{\"why\": \"because\"}"}}}"#, exitCode: 1,
      errors: ["Broken", "\"Stop\"", ":1:32", "\"why\": \"because\""]),
    ExitCase(
      name: "an unknown Next is shown at its column",
      definition: #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Buidl"}, "Build": {"Type": "Succeed"}}}"#, exitCode: 2,
      errors: [":1:59: error", "unknown-next", "did you mean \"Build\"?"]),
    ExitCase(name: "text that is no JSON", definition: "{", exitCode: 2, errors: ["error"]),
    ExitCase(
      name: "input that is no JSON", definition: #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#, arguments: ["--input", "{n: 1}"],
      exitCode: 2, errors: ["--input:1:2: not JSON", "@FILE"]),
    ExitCase(
      name: "an unknown option", definition: #"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#, arguments: ["--inptu", "{}"],
      exitCode: 2, errors: ["--inptu"]),
    ExitCase(
      name: "an execution that takes too long",
      definition: #"{"StartAt": "A", "TimeoutSeconds": 5, "States": {"A": {"Type": "Wait", "Seconds": 60, "End": true}}}"#,
      arguments: ["--clock", "virtual"], exitCode: 3, errors: ["TIMED_OUT", "TimeoutSeconds"]),
    ExitCase(
      name: "a function that nobody registered",
      definition: #"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:nobody", "End": true}}}"#,
      exitCode: 1, errors: ["Lambda.ResourceNotFoundException", "\"A\"", "nobody", "--mock"]),
  ]

  @Test(arguments: exitCases) func endsWithAClearError(_ row: ExitCase) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(row.definition, to: "machine.asl.json")
    let process = try Program.start(["run", file] + row.arguments)
    try process.input.fileHandleForWriting.close()
    let outcome = process.finish()
    #expect(outcome.exitCode == row.exitCode)
    #expect(outcome.output.isEmpty)
    for text in row.errors { #expect(outcome.errors.contains(text), "\(text) in \(outcome.errors)") }
  }

  @Test func missingFileIsNamed() throws {
    let outcome = try Program.run("run", "nowhere.asl.json")
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors.contains("nowhere.asl.json"))
  }

  @Test func controlCharactersOfADefinitionDoNotReachTheTerminal() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      #"{"StartAt": "A\u001b[31m", "States": {"A\u001b[31m": {"Type": "Fail", "Error": "E\u0007", "Cause": "C\u001b]0;x"}}}"#, to: "evil.asl.json")
    let outcome = try Program.run("run", file)
    #expect(!outcome.errors.utf8.contains(0x1B) && !outcome.errors.utf8.contains(0x07))
    #expect(outcome.errors.contains("\\u{1b}"))
  }

  @Test func answersTasksFromAMockFile() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      {"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f"}, "OutputPath": "$.Payload",
        "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 2}], "End": true}}}
      """, to: "call.asl.json")
    let mocks = try folder.write(
      """
      {"StateMachines": {"call.asl": {"TestCases": {"Retried": {"Call": "Answers"}}}},
       "MockedResponses": {"Answers": {"0-1": {"Throw": {"Error": "Busy", "Cause": "later"}}, "2": {"Return": {"StatusCode": 200, "Payload": {"ok": true}}}}}}
      """, to: "mocks.json")
    let outcome = try Program.run("run", file, "--mock", mocks, "--case", "Retried", "--clock", "virtual")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output == "{\n  \"ok\": true\n}\n")
    #expect(outcome.errors.contains("2 retries"))
    #expect(try Program.run("run", file, "--mock", mocks, "--case", "Nope").errors.contains("no test case \"Nope\""))
  }

  @Test func evaluatesExpressionsAndValidates() throws {
    #expect(try Program.run("eval", "$.items[?(@.price > 10)].sku", "--input", #"{"items":[{"sku":"a","price":5},{"sku":"b","price":15}]}"#).output == "[\n  \"b\"\n]\n")
    #expect(try Program.run("eval", "States.Format('{}!', $.n)", "--input", #"{"n":1}"#).output == "\"1!\"\n")
    #expect(try Program.run("eval", "$.missing", "--input", "{}").exitCode == 1)
    let lines = try Program.run("eval", "--jsonl", input: "{\"id\":1,\"language\":\"jsonpath\",\"expr\":\"$.a\",\"data\":{\"a\":2}}\nnonsense\n").output
    #expect(lines.hasPrefix("{\"id\":1,\"result\":2}\n{\"id\":null,\"error\""))
    #expect(try Program.run("validate", "statemachines/etl.asl.json").exitCode == 0)
  }
}

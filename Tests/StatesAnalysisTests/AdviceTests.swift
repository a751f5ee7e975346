import JSONTypes
import StatesAnalysis
import StatesLanguage
import Testing

@Suite struct AdviceTests {
  static let function = #""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f""#
  static let retry = #""Retry": [{"ErrorEquals": ["Lambda.ServiceException"]}]"#

  static func codes(_ definition: String) -> [String] {
    Set(findings(definition, [.advice, .warning]).map { String($0.split(separator: " ")[2]) }).sorted()
  }

  struct Case: Sendable {
    var states: String
    var codes: [String]
    init(_ states: String, _ codes: String...) { (self.states, self.codes) = (states, codes.sorted()) }
  }

  static func poll(_ choices: String, wait: String = #""Seconds": 30"#) -> String {
    #""W": {"Type": "Wait", \#(wait), "Next": "A"}, "A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:describeStatement", "Parameters": {"Id": "i"}, "TimeoutSeconds": 5, "Next": "C"}, "C": {"Type": "Choice", "Choices": [\#(choices)], "Default": "W"}, "Z": {"Type": "Succeed"}"#
  }
  static func rule(_ status: String) -> String { #"{"Variable": "$.Status", "StringEquals": "\#(status)", "Next": "Z"}"# }

  static let cases: [Case] = [
    Case(#""A": {\#(function), "End": true}"#, "no-task-timeout", "lambda-by-arn", "lambda-without-retry"),
    Case(#""A": {\#(function), "TimeoutSeconds": 5, \#(retry), "End": true}"#, "lambda-by-arn"),
    Case(#""A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "TimeoutSeconds": 5, "End": true}"#),
    Case(
      #""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": "m"}, "HeartbeatSeconds": 5, "End": true}"#,
      "unused-task-token"),
    Case(
      #""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"QueueUrl": "q", "MessageBody": {"t.$": "$$.Task.Token"}}, "HeartbeatSeconds": 5, "End": true}"#
    ),
    Case(#""A": {"Type": "Pass", "Assign": {"v": 1}, "End": true}"#, "unused-variable"),
    Case(
      #""A": {\#(function), "TimeoutSeconds": 5, \#(retry), "ResultPath": null, "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.Payload.x", "End": true}"#,
      "lambda-by-arn", "discarded-result"),
    Case(
      #""A": {\#(function), "TimeoutSeconds": 5, \#(retry), "ResultPath": null, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"p.$": "$.Payloads"}, "End": true}"#,
      "lambda-by-arn"),
    // The Payload is that of the state before.
    Case(
      #""P": {"Type": "Pass", "Result": {}, "ResultPath": "$.Payload", "Next": "A"}, "A": {\#(function), "TimeoutSeconds": 5, \#(retry), "ResultPath": null, "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.Payload", "End": true}"#,
      "lambda-by-arn"),
    Case(#""A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$v", "End": true}"#),
    Case(#""A": {"Type": "Map", "Iterator": {"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}, "End": true}"#, "deprecated-field"),
    Case(
      #""A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "TimeoutSeconds": 5, "Retry": [{"ErrorEquals": ["X"], "MaxAttempts": 99999999}], "End": true}"#,
      "unbounded-retry"),
    Case(
      #""A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m"}, "TimeoutSeconds": 5, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}], "End": true}, "Z": {"Type": "Succeed"}"#,
      "states-all-hides"),
    Case(poll(rule("FINISHED") + ", " + rule("FAILED")), "poll-without-exit", "no-machine-timeout", "history-budget"),
    Case(poll([rule("FINISHED"), rule("FAILED"), rule("ABORTED")].joined(separator: ", "), wait: #""Seconds": 600"#), "no-machine-timeout"),
    Case(
      #""G": {\#(function), "TimeoutSeconds": 5, \#(retry), "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.s", "StringEquals": "DONE", "Next": "Z"}], "Default": "G"}, "Z": {"Type": "Succeed"}"#,
      "busy-loop", "lambda-by-arn", "no-machine-timeout"),
    Case(
      #""S": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "Parameters": {"JobName": "j"}, "TimeoutSeconds": 5, "Next": "W"}, "W": {"Type": "Wait", "Seconds": 600, "Next": "G"}, "G": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun", "Parameters": {"JobName": "j", "RunId": "r"}, "TimeoutSeconds": 5, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.JobRun.JobRunState", "StringEquals": "SUCCEEDED", "Next": "Z"}], "Default": "W"}, "Z": {"Type": "Succeed"}"#,
      "no-machine-timeout", "sync-instead-of-polling"),
  ]

  @Test(arguments: cases)
  func advises(_ example: Case) {
    #expect(Self.codes(Row.states(example.states).definition) == example.codes)
  }

  /// The machine that this project began with: the loop of its status check has no way out when the batch is aborted.
  @Test func seesThatTheFirstMachineLoopsOnAborted() {
    let states = Self.poll(Self.rule("FINISHED") + ", " + Self.rule("FAILED"))
    let all = DefinitionCheck.check(SyntaxNode.parse(json: Row.states(states).definition).node).diagnostics
    #expect(all.contains { $0.code == "poll-without-exit" && $0.message.contains("ABORTED") && $0.severity == .advice })
  }
}

import JSONTypes
import StatesAnalysis
import StatesLanguage
import Testing

/// What following the data finds, each beside a neighbour of which nothing is said.
@Suite struct FlowTests {
  static let lambda = #""Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}"#
  static let end = #""Z": {"Type": "Succeed"}"#

  static let paths: [Row] = [
    .states(#""A": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.b", "End": true}"#, "warning /States/B/InputPath impossible-path"),
    .states(#""A": {"Type": "Pass", "Result": {"a": 1}, "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.a", "End": true}"#),
    .states(#""A": {"Type": "Pass", "Result": {"a": 1}, "ResultPath": "$.r", "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.b", "End": true}"#),
    .states(
      #""A": {"Type": "Pass", "Result": {"a": 1}, "ResultPath": "$.r", "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.r.b", "End": true}"#,
      "warning /States/B/InputPath impossible-path"),
    .states(
      #""A": {"Type": "Pass", "Parameters": {"a.$": "$.x"}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"y": {"b.$": "$.x"}}, "End": true}"#,
      "warning /States/B/Parameters/y/b.$ impossible-path"),
    .states(#""A": {"Type": "Pass", "InputPath": null, "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.x", "End": true}"#, "warning /States/B/InputPath impossible-path"),
    .states(#""A": {\#(lambda), "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.status", "End": true}"#, "warning /States/B/InputPath impossible-path"),
    .states(#""A": {\#(lambda), "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.Payload.status", "End": true}"#),
    .states(#""A": {\#(lambda), "OutputPath": "$.Payload", "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.status", "End": true}"#),
    .states(#""A": {\#(lambda), "ResultSelector": {"s.$": "$.Payload"}, "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.Payload", "End": true}"#, "warning /States/B/InputPath impossible-path"),
    .states(#""A": {"Type": "Pass", "Result": 1, "Next": "B"}, "B": {"Type": "Pass", "Result": 2, "ResultPath": "$.x", "End": true}"#, "warning /States/B/ResultPath impossible-path"),
    .states(#""A": {"Type": "Pass", "Result": {}, "Next": "B"}, "B": {"Type": "Pass", "Result": 2, "ResultPath": "$.x.y", "End": true}"#),
    .states(#""A": {"Type": "Pass", "InputPath": "$$.Foo", "End": true}"#, "warning /States/A/InputPath impossible-path"),
    .states(#""A": {"Type": "Pass", "InputPath": "$$.Execution.Input.x", "End": true}"#),
    .states(#""A": {"Type": "Pass", "InputPath": "$$.Map.Item.Value", "End": true}"#, "warning /States/A/InputPath impossible-path"),
    // Two ways: only what neither has is impossible.
    .states(
      #""C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "A"}], "Default": "B"}, "A": {"Type": "Pass", "Result": {"a": 1}, "Next": "D"}, "B": {"Type": "Pass", "Result": {"b": 1}, "Next": "D"}, "D": {"Type": "Pass", "Parameters": {"a.$": "$.a", "c.$": "$.c"}, "End": true}"#,
      "warning /States/D/Parameters/c.$ impossible-path"),
    // Of a value that is still open nothing is known, of those beside it everything; where the way is open, the data are not followed.
    .states(#""A": {"Type": "Pass", "Parameters": {"a.$": "${P}", "b": 1}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$.a.x", "y.$": "$.b.y"}, "End": true}"#,
      "warning /States/B/Parameters/y.$ impossible-path"),
    .states(#""A": {"Type": "Task", "Resource": "${Fn}", "ResultPath": "$.r", "Next": "B"}, "B": {"Type": "Pass", "InputPath": null, "Next": "C"}, "C": {"Type": "Pass", "InputPath": "$.y", "End": true}"#,
      "warning /States/C/InputPath impossible-path"),
    .states(#""A": {"Type": "Pass", "Result": {"a": 1}, "Next": "${N}"}, "B": {"Type": "Pass", "InputPath": "$.b", "End": true}"#),
    .states(#""A": {"Type": "Pass", "Result": {"a": 1}, "OutputPath": "${O}", "Next": "B"}, "B": {"Type": "Pass", "InputPath": "$.b", "End": true}"#),
    // A catcher's way in.
    .states(
      #""A": {\#(lambda), "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "End": true}, "B": {"Type": "Pass", "Parameters": {"e.$": "$.Error", "o.$": "$.orderId"}, "End": true}"#,
      "warning /States/B/Parameters/o.$ impossible-path"),
    .states(
      #""A": {\#(lambda), "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "B"}], "End": true}, "B": {"Type": "Pass", "Parameters": {"e.$": "$.error.Error", "o.$": "$.orderId"}, "End": true}"#
    ),
    // Branches and iterations.
    .states(
      #""P": {"Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "Result": {"a": 1}, "End": true}}}, {"StartAt": "Y", "States": {"Y": {"Type": "Pass", "Result": {"b": 1}, "End": true}}}], "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"a.$": "$[0].a", "b.$": "$[0].b"}, "End": true}"#,
      "warning /States/B/Parameters/b.$ impossible-path"),
    .states(
      #""A": {"Type": "Pass", "Result": {"list": [{"id": 1}, {"id": 2}]}, "Next": "M"}, "M": {"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Pass", "Parameters": {"i.$": "$.id", "n.$": "$.name"}, "End": true}}}, "End": true}"#,
      "warning /States/X/Parameters/n.$ impossible-path".replacing("/States/X", with: "/States/M/ItemProcessor/States/X")),
    .states(
      #""A": {"Type": "Pass", "Result": {"list": {}}, "Next": "M"}, "M": {"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": {"StartAt": "X", "States": {"X": {"Type": "Pass", "End": true}}}, "End": true}"#,
      "warning /States/M/ItemsPath not-an-array"),
    // JSONata.
    .states(#""A": {"Type": "Pass", "Output": {"a": 1}, "Next": "B"}, "B": {"Type": "Pass", "Output": "{% $states.input.b %}", "End": true}"#, jsonata: true, "warning /States/B/Output impossible-path"),
    .states(#""A": {"Type": "Pass", "Output": "{% {'a': 1} %}", "Next": "B"}, "B": {"Type": "Pass", "Output": "{% $states.input.b %}", "End": true}"#, jsonata: true, "warning /States/B/Output impossible-path"),
    .states(#""A": {"Type": "Pass", "Output": "{% {'a': 1} %}", "Next": "B"}, "B": {"Type": "Pass", "Output": "{% $states.input.a %}", "End": true}"#, jsonata: true),
    .states(#""A": {"Type": "Pass", "Output": {"a": 1}, "Next": "B"}, "B": {"Type": "Pass", "Output": "{% $exists($states.input.b) %}", "End": true}"#, jsonata: true),
    // An example of the input.
    .states(#""A": {"Type": "Pass", "InputPath": "$.b", "End": true}"#), .states(#""A": {"Type": "Pass", "InputPath": "$.b", "End": true}"#, input: ["a": 1], "warning /States/A/InputPath impossible-path"),
  ]

  static let variables: [Row] = [
    .states(#""A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "End": true}"#),
    .states(#""A": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "Next": "B"}, "B": {"Type": "Pass", "Assign": {"v": 1}, "End": true}"#, "warning /States/A/Parameters/x.$ undefined-variable"),
    .states(#""A": {"Type": "Pass", "Assign": {"v": 1, "w.$": "$v"}, "End": true}"#, "warning /States/A/Assign/w.$ undefined-variable"),
    .states(#""A": {"Type": "Pass", "Assign": {"v": {"a": 1}}, "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$v.b"}, "End": true}"#, "warning /States/B/Parameters/x.$ impossible-path"),
    .states(
      #""P": {"Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "Assign": {"v": 1}, "End": true}}}], "Next": "B"}, "B": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "End": true}"#,
      "warning /States/B/Parameters/x.$ undefined-variable"),
    .states(
      #""A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "P"}, "P": {"Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "End": true}}}], "End": true}"#
    ),
    .states(
      #""A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "P"}, "P": {"Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"X": {"Type": "Pass", "Assign": {"v": 2}, "End": true}}}], "End": true}"#,
      "warning /States/P/Branches/0/States/X/Assign shadowed-variable"),
    .states(#""A": {"Type": "Pass", "Output": "{% $v %}", "End": true}"#, jsonata: true, "warning /States/A/Output undefined-variable"),
    .states(#""A": {"Type": "Pass", "Output": "{% ($v := 1; $v) %}", "End": true}"#, jsonata: true),
  ]

  static let choices: [Row] = [
    .states(
      #""A": {"Type": "Pass", "Result": {"s": "on"}, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.s", "StringEquals": "off", "Next": "Z"}, {"Variable": "$.s", "StringEquals": "on", "Next": "Z"}]}, \#(end)"#,
      "warning /States/C/Choices/0 choice-never-matches"),
    .states(
      #""A": {"Type": "Pass", "Result": {"s": 1}, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.s", "StringEquals": "off", "Next": "Z"}], "Default": "Z"}, \#(end)"#,
      "warning /States/C/Choices/0 choice-never-matches"),
    .states(
      #""A": {"Type": "Pass", "Result": {"s": 1}, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.t", "StringEquals": "off", "Next": "Z"}], "Default": "Z"}, \#(end)"#,
      "warning /States/C/Choices/0/Variable impossible-path"),
    .states(
      #""A": {"Type": "Pass", "Result": {"s": 1}, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.t", "IsPresent": true}, {"Variable": "$.t", "StringEquals": "off"}], "Next": "Z"}], "Default": "Z"}, \#(end)"#,
      "warning /States/C/Choices/0 choice-never-matches"),
    .states(
      #""A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:describeStatement", "Parameters": {"Id.$": "$.id"}, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.Status", "StringEquals": "SUCCEEDED", "Next": "Z"}, {"Variable": "$.Status", "StringEquals": "FINISHED", "Next": "Z"}], "Default": "Z"}, \#(end)"#,
      "warning /States/C/Choices/0 choice-never-matches"),
    .states(#""C": {"Type": "Choice", "Choices": [{"Variable": "$.s", "StringEquals": "off", "Next": "Z"}], "Default": "Z"}, \#(end)"#),
  ]

  @Test(arguments: [paths, variables, choices].joined())
  func finds(_ row: Row) {
    #expect(findings(row.definition, type: row.type, input: row.input) == row.findings)
  }

  /// A counter in a loop, nesting without end: the analysis ends, and says nothing that is not sure.
  @Test func settlesInLoops() {
    let row = Row.states(
      #""A": {"Type": "Pass", "Parameters": {"x.$": "States.Array($)", "n.$": "States.MathAdd($.n, 1)"}, "ResultPath": "$.deep", "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 5, "Next": "A"}], "Default": "Z"}, "Z": {"Type": "Succeed"}"#)
    #expect(findings(row.definition) == [])
  }
}

extension String {
  fileprivate func replacing(_ text: String, with other: String) -> String {
    guard let range = firstRange(of: text) else { return self }
    return self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}

import JSONTypes
import StatesInterpreter
import Testing

@Suite struct DataFlowTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var type: String
    var fields: String
    var input: JSONValue
    var expected: String
    var testDescription: String { "\(type) {\(fields)} on \(input.jsonText)" }
    init(_ type: String, _ fields: String, _ input: JSONValue, _ expected: String) {
      (self.type, self.fields, self.input, self.expected) = (type, fields, input, expected)
    }
    static func runtime(_ type: String, _ fields: String, _ input: JSONValue, _ text: String) -> Row {
      Row(type, fields, input, "FAILED States.Runtime: " + cause(text))
    }
  }

  static let paths: [Row] = [
    Row("Pass", "", ["a": 1], #"SUCCEEDED {"a":1}"#),
    Row("Pass", "", nil, "SUCCEEDED null"),
    Row("Pass", "", [1, "two"], #"SUCCEEDED [1,"two"]"#),
    Row("Pass", #""InputPath": "$.a""#, ["a": ["b": 2]], #"SUCCEEDED {"b":2}"#),
    Row("Pass", #""InputPath": null"#, ["a": 1], "SUCCEEDED {}"),
    Row("Pass", #""OutputPath": "$.a""#, ["a": [3]], "SUCCEEDED [3]"),
    Row("Pass", #""OutputPath": null"#, ["a": 1], "SUCCEEDED {}"),
    Row("Pass", #""InputPath": "$.a", "OutputPath": "$.b""#, ["a": ["b": nil]], "SUCCEEDED null"),
    Row("Pass", #""InputPath": "$$.Execution.Name""#, [:], #"SUCCEEDED "test""#),
    Row("Pass", #""OutputPath": "$$.StateMachine.Name""#, [:], #"SUCCEEDED "Machine""#),
    Row("Pass", #""InputPath": "$..n""#, ["a": ["n": 1], "b": [["n": 2]]], "SUCCEEDED [1,2]"),
    Row("Pass", #""InputPath": "$.list[*].none""#, ["list": [["n": 1]]], "SUCCEEDED []"),
    .runtime("Pass", #""InputPath": "$.x""#, ["a": 1], "Invalid path '$.x' : No results for path: $['x']"),
    .runtime("Pass", #""OutputPath": "$.x.y""#, ["a": 1], "Invalid path '$.x.y' : Missing property in path $['x']"),
    .runtime("Pass", #""InputPath": "$.x""#, nil, "Unable to apply Path transformation to null or empty input."),
    Row("Succeed", #""InputPath": "$.a", "OutputPath": "$.b""#, ["a": ["b": 2]], "SUCCEEDED 2"),
    Row("Wait", #""Seconds": 1, "InputPath": "$.a", "OutputPath": "$.b""#, ["a": ["b": 2]], "SUCCEEDED 2"),
    .runtime("Wait", #""Seconds": 1, "InputPath": "$.x""#, [:], "Invalid path '$.x' : No results for path: $['x']"),
    Row("Choice", #""InputPath": "$.a", "OutputPath": "$.c", "Choices": [{"Variable": "$.b", "NumericEquals": 2, "Next": "Yes"}], "Default": "No""#, ["a": ["b": 2, "c": 3]], "SUCCEEDED 3"),
    // The input of a Task after InputPath; the result meets the raw input.
    Row("Task", lambda + #", "InputPath": "$.a""#, ["a": [1]], "SUCCEEDED [1]"),
    Row("Task", lambda + #", "InputPath": "$.a", "ResultPath": "$.r""#, ["a": [1]], #"SUCCEEDED {"a":[1],"r":[1]}"#),
    Row("Task", lambda + #", "OutputPath": "$.a""#, ["a": [1]], "SUCCEEDED [1]"),
  ]

  static let results: [Row] = [
    Row("Pass", #""Result": 1"#, ["a": 1], "SUCCEEDED 1"),
    Row("Pass", #""Result": null"#, ["a": 1], "SUCCEEDED null"),
    Row("Pass", #""Result": {"x.$": "$.a"}"#, ["a": 1], #"SUCCEEDED {"x.$":"$.a"}"#),
    Row("Pass", #""Result": 1, "ResultPath": "$.r""#, ["a": 1], #"SUCCEEDED {"a":1,"r":1}"#),
    Row("Pass", #""Result": 2, "ResultPath": "$.a""#, ["a": 1, "b": 0], #"SUCCEEDED {"a":2,"b":0}"#),
    Row("Pass", #""Result": 1, "ResultPath": "$""#, ["a": 1], "SUCCEEDED 1"),
    Row("Pass", #""Result": 1, "ResultPath": null"#, ["a": 1], #"SUCCEEDED {"a":1}"#),
    Row("Pass", #""Result": 1, "ResultPath": "$.x.y.z""#, ["a": 1], #"SUCCEEDED {"a":1,"x":{"y":{"z":1}}}"#),
    Row("Pass", #""Result": 1, "ResultPath": "$.a.b""#, ["a": ["c": 2]], #"SUCCEEDED {"a":{"c":2,"b":1}}"#),
    Row("Pass", #""Result": 1, "ResultPath": "$['a b']['c']""#, [:], #"SUCCEEDED {"a b":{"c":1}}"#),
    Row("Pass", #""ResultPath": "$.copy""#, ["a": 1], #"SUCCEEDED {"a":1,"copy":{"a":1}}"#),
    Row("Pass", #""InputPath": "$.a", "ResultPath": "$.b""#, ["a": 1], #"SUCCEEDED {"a":1,"b":1}"#),
    Row("Pass", #""InputPath": null, "ResultPath": "$.b""#, ["a": 1], #"SUCCEEDED {"a":1,"b":{}}"#),
    Row("Pass", #""Result": 1, "ResultPath": "$.r", "OutputPath": "$.r""#, ["a": 1], "SUCCEEDED 1"),
    Row("Pass", #""Result": 1, "ResultPath": "$.r""#, "text", #"FAILED States.ReferencePathConflict: Unable to apply ReferencePath $.r to input "text""#),
    Row("Pass", #""Result": 1, "ResultPath": "$.r""#, [1, 2], #"FAILED States.ReferencePathConflict: Unable to apply step "r" to input [1,2]"#),
    Row("Task", lambda + #", "Parameters": {"x.$": "$.a", "y": 2}"#, ["a": [1]], #"SUCCEEDED {"x":[1],"y":2}"#),
    Row("Task", lambda + #", "ResultSelector": {"r.$": "$.a", "fixed": true}"#, ["a": 1, "b": 2], #"SUCCEEDED {"r":1,"fixed":true}"#),
    Row("Task", lambda + #", "ResultSelector": {"r.$": "$.a"}, "ResultPath": "$.out""#, ["a": 1], #"SUCCEEDED {"a":1,"out":{"r":1}}"#),
    Row("Task", lambda + #", "Parameters": {"p": 7}, "ResultSelector": {"r.$": "$.p"}, "ResultPath": "$.out", "OutputPath": "$.out""#, ["a": 1], #"SUCCEEDED {"r":7}"#),
    Row("Task", lambda + #", "ResultPath": null"#, ["a": 1], #"SUCCEEDED {"a":1}"#),
  ]

  /// Causes are those that the service gave.
  static let templates: [Row] = [
    Row("Pass", #""Parameters": {"v.$": "$.items[5]"}"#, ["items": [1]], #"SUCCEEDED {"v":null}"#),
    Row("Pass", #""Parameters": {"v.$": "$.items[*].nope"}"#, ["items": [[:]]], #"SUCCEEDED {"v":[]}"#),
    Row("Pass", #""Parameters": {"v.$": "States.Format('{}-{}', $.a, $.b)"}"#, ["a": nil, "b": 1], #"SUCCEEDED {"v":"null-1"}"#),
    .runtime("Pass", #""Parameters": {"v.$": "$.nope"}"#, ["other": 1], #"The JSONPath '$.nope' specified for the field 'v.$' could not be found in the input '{"other":1}'"#),
    .runtime("Pass", #""Parameters": {"deep": [{"v.$": "$.nope"}]}"#, ["other": 1], #"The JSONPath '$.nope' specified for the field 'v.$' could not be found in the input '{"other":1}'"#),
    .runtime(
      "Pass", #""Parameters": {"v.$": "States.Format('{}', $.nope)"}"#, ["other": 1],
      #"The function 'States.Format('{}', $.nope)' had the following error: The JsonPath argument for the field '$.nope' could not be found in the input '{"other":1}'"#),
    .runtime(
      "Pass", #""Parameters": {"v.$": "States.ArrayGetItem($.a, 0)"}"#, ["a": 1],
      "There was an error while evaluating the intrinsic function: States.ArrayGetItem($.a, 0). Invalid arguments in States.ArrayGetItem"),
    .runtime(
      "Task", #""Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"Payload": 1}"#, [:],
      "The Parameters '{\"Payload\":1}' could not be used to start the Task: [The field 'FunctionName' is required but was missing]"),
  ]

  @Test(arguments: paths + results + templates)
  func flows(_ row: Row) throws {
    #expect(try Played.state(row.type, row.fields, row.input).summary == row.expected)
  }

  @Test func putsTheWholeContextObjectInOrder() throws {
    let played = try Played.state("Pass", #""InputPath": "$$""#, ["a": 1])
    #expect(
      played.execution.output?.jsonText
        == #"{"Execution":{"Id":"arn:aws:states:us-east-1:123456789012:execution:Machine:test","Input":{"a":1},"StartTime":"2024-01-01T00:00:00.000Z","#
        + #""Name":"test","RoleArn":"arn:aws:iam::123456789012:role/sfn-local","RedriveCount":0},"#
        + #""StateMachine":{"Id":"arn:aws:states:us-east-1:123456789012:stateMachine:Machine","Name":"Machine"},"#
        + #""State":{"Name":"S","EnteredTime":"2024-01-01T00:00:00.000Z"}}"#)
  }

  /// Where a path may read the context object.
  @Test func readsTheContextObjectEverywhere() throws {
    let played = try Played(
      #"""
      {"StartAt": "T", "States": {
        "T": {"Type": "Task", \#(lambda), "InputPath": "$$.Execution.Input", "Parameters": {"p.$": "$$.State.Name", "retries.$": "$$.State.RetryCount"},
          "ResultSelector": {"s.$": "$$.State.Name", "was.$": "$"}, "Assign": {"v.$": "$$.Execution.Name"}, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$$.State.Name", "StringEquals": "C", "Assign": {"w.$": "$$.State.Name"}, "Next": "M"}]},
        "M": {"Type": "Map", "ItemsPath": "$$.Execution.Input.list", "ItemSelector": {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "s.$": "$.s"},
          "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"in.$": "$", "item.$": "$$.Map.Item"}, "End": true}}},
          "ResultPath": "$.m", "Next": "W"},
        "W": {"Type": "Wait", "TimestampPath": "$$.Execution.StartTime", "Next": "F"},
        "F": {"Type": "Fail", "ErrorPath": "$$.Execution.Name", "CausePath": "States.JsonToString($)"}}}
      """#, ["list": ["x"]])
    #expect(
      played.summary
        == #"FAILED test: {"s":"T","was":{"p":"T","retries":0},"m":[{"in":{"v":"x","i":0,"s":"T"},"item":{"Index":0,"Value":"x"}}]}"#)
    #expect(played.lines("StateExited").contains { $0.contains(#"assigned={"v":"test"}"#) })
    #expect(played.lines("ChoiceStateExited") == [#"8<7 ChoiceStateExited C {"s":"T","was":{"p":"T","retries":0}} assigned={"w":"C"}"#])
  }

  static let failTexts: [Row] = [
    Row("Fail", #""Error": "E", "Cause": "c""#, [:], "FAILED E: c"),
    Row("Fail", "", [:], "FAILED -: -"),
    Row("Fail", #""Error": "E""#, [:], "FAILED E: -"),
    Row("Fail", #""CausePath": "$.c""#, ["c": "why"], "FAILED -: why"),
    Row("Fail", #""ErrorPath": "$.e", "CausePath": "States.Format('{}!', $.c)""#, ["e": "E", "c": "why"], "FAILED E: why!"),
    .runtime("Fail", #""ErrorPath": "$.x""#, ["a": 1], #"The JSONPath '$.x' specified for the field 'ErrorPath' could not be found in the input '{"a":1}'"#),
    .runtime("Fail", #""CausePath": "$.x""#, ["a": 1], #"The JSONPath '$.x' specified for the field 'CausePath' could not be found in the input '{"a":1}'"#),
  ]
  @Test(arguments: failTexts)
  func failsWithWords(_ row: Row) throws {
    #expect(try Played.state(row.type, row.fields, row.input).summary == row.expected)
  }
}

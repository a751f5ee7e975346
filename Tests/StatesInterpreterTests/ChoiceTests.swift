import JSONTypes
import StatesInterpreter
import Testing

@Suite struct ChoiceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var rule: String
    var input: JSONValue
    var holds: Bool
    var testDescription: String { "\(rule) on \(input.jsonText) is \(holds)" }
    init(_ rule: String, _ input: JSONValue, _ holds: Bool) { (self.rule, self.input, self.holds) = (rule, input, holds) }
  }

  static let rows: [Row] = [
    Row(#""StringEquals": "a""#, "a", true), Row(#""StringEquals": "a""#, "A", false), Row(#""StringEquals": "1""#, 1, false),
    Row(#""StringEquals": "é""#, "e\u{301}", false), Row(#""StringEquals": "null""#, nil, false),
    Row(#""StringLessThan": "A ""#, "A", true), Row(#""StringLessThan": "a""#, "Z", true), Row(#""StringLessThan": "\uE000""#, "\u{10000}", true),
    Row(#""StringGreaterThan": "a""#, "b", true), Row(#""StringGreaterThanEquals": "a""#, "a", true), Row(#""StringLessThanEquals": "a""#, "b", false),
    Row(#""StringLessThan": "z""#, 1, false), Row(#""StringGreaterThanEquals": "a""#, ["a"], false),
    Row(#""StringMatches": "log-*.txt""#, "log-2024.txt", true), Row(#""StringMatches": "log-*.txt""#, "log-2024.csv", false),
    Row(#""StringMatches": "a\\*b""#, "a*b", true), Row(#""StringMatches": "a\\*b""#, "axb", false), Row(#""StringMatches": "*""#, "", true),
    Row(#""StringMatches": "*""#, 5, false),
    Row(#""NumericEquals": 0"#, 0.0, true), Row(#""NumericEquals": 1"#, "1", false), Row(#""NumericEquals": 10"#, 1e1, true),
    Row(#""NumericLessThan": 9007199254740993"#, 9_007_199_254_740_992, true), Row(#""NumericGreaterThan": -1.5"#, -1, true),
    Row(#""NumericGreaterThanEquals": 2"#, 2, true), Row(#""NumericLessThanEquals": 2"#, 3, false), Row(#""NumericEquals": 1"#, true, false),
    Row(#""BooleanEquals": true"#, true, true), Row(#""BooleanEquals": false"#, true, false), Row(#""BooleanEquals": true"#, "true", false),
    Row(#""TimestampEquals": "2016-03-14T01:59:00Z""#, "2016-03-14T02:59:00+01:00", true),
    Row(#""TimestampEquals": "2016-03-14T01:59:00Z""#, "2016-03-14 01:59:00", false),
    Row(#""TimestampLessThan": "2016-03-14T01:59:00Z""#, "2016-03-14T01:58:59.999Z", true), Row(#""TimestampGreaterThan": "2016-03-14T01:59:00Z""#, 1, false),
    Row(#""IsNull": true"#, nil, true), Row(#""IsNull": false"#, nil, false), Row(#""IsNull": false"#, 0, true),
    Row(#""IsString": true"#, "", true), Row(#""IsString": false"#, "", false), Row(#""IsString": false"#, [:], true),
    Row(#""IsNumeric": true"#, 1.5, true), Row(#""IsNumeric": true"#, "1", false), Row(#""IsBoolean": true"#, false, true),
    Row(#""IsTimestamp": true"#, "2016-03-14T01:59:00Z", true), Row(#""IsTimestamp": true"#, "2016-03-14 01:59:00Z", false),
    Row(#""IsTimestamp": false"#, "2016-02-30T00:00:00Z", true), Row(#""IsPresent": true"#, nil, true),
  ]

  @Test(arguments: rows)
  func compares(_ row: Row) throws {
    let played = try Played.state("Choice", #""Choices": [{"Variable": "$.v", \#(row.rule), "Next": "Yes"}], "Default": "No""#, ["v": row.input])
    #expect(played.lines("StateEntered").last?.contains("StateEntered \(row.holds ? "Yes" : "No") ") == true, "\(played.lines)")
  }

  static let combinations: [Row] = [
    Row(#""And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a", "NumericEquals": 1}]"#, ["a": 1], true),
    // The second condition would fail the execution if it were asked.
    Row(#""And": [{"Variable": "$.x", "IsPresent": true}, {"Variable": "$.x", "NumericEquals": 1}]"#, ["a": 1], false),
    Row(#""Or": [{"Variable": "$.a", "IsNumeric": true}, {"Variable": "$.x", "NumericEquals": 1}]"#, ["a": 1], true),
    Row(#""Or": [{"Variable": "$.a", "IsString": true}, {"Not": {"Variable": "$.a", "NumericEquals": 2}}]"#, ["a": 1], true),
    Row(#""Not": {"Variable": "$.a", "NumericEquals": 1}"#, ["a": 1], false),
    Row(#""Variable": "$.x", "IsPresent": true"#, ["a": 1], false), Row(#""Variable": "$.x", "IsPresent": false"#, ["a": 1], true),
    Row(#""Variable": "$.a.b.c", "IsPresent": false"#, ["a": 1], true), Row(#""Variable": "$.list[?(@.n == 2)]", "IsPresent": true"#, ["list": [["n": 1]]], false),
    Row(#""Variable": "$.list[?(@.n == 1)]", "IsPresent": true"#, ["list": [["n": 1]]], true),
    Row(#""Variable": "$.a", "NumericEqualsPath": "$.b""#, ["a": 1, "b": 1.0], true), Row(#""Variable": "$.a", "NumericEqualsPath": "$.b""#, ["a": 1, "b": "1"], false),
    Row(#""Variable": "$.a", "StringEqualsPath": "$$.Execution.Name""#, ["a": "test"], true), Row(#""Variable": "$$.State.Name", "StringEquals": "S""#, [:], true),
    Row(#""Variable": "$.a", "StringGreaterThanPath": "$.b""#, ["a": "b", "b": "a"], true), Row(#""Variable": "$.a", "BooleanEqualsPath": "$.a""#, ["a": true], true),
    Row(#""Variable": "$.a", "TimestampLessThanEqualsPath": "$.b""#, ["a": "2024-01-01T00:00:00Z", "b": "2024-01-01T01:00:00+01:00"], true),
  ]

  @Test(arguments: combinations)
  func combines(_ row: Row) throws {
    let played = try Played.state("Choice", #""Choices": [{\#(row.rule), "Next": "Yes"}], "Default": "No""#, row.input)
    #expect(played.lines("StateEntered").last?.contains("StateEntered \(row.holds ? "Yes" : "No") ") == true, "\(played.lines)")
  }

  /// Both sides are worded alike by the service.
  @Test(arguments: [#""Variable": "$.right", "NumericEquals": 1"#, #""Variable": "$.a", "NumericEqualsPath": "$.right""#, #""Variable": "$.right", "IsNull": true"#])
  func failsOnWhatIsMissing(_ rule: String) throws {
    let played = try Played.state("Choice", #""Choices": [{\#(rule), "Next": "Yes"}], "Default": "No""#, ["a": 1])
    #expect(played.summary == "FAILED States.Runtime: " + cause("Invalid path '$.right': The choice state's condition path references an invalid value."))
    #expect(played.lines.last?.hasPrefix("3<2 ExecutionFailed") == true)
  }

  @Test func failsWithoutMatch() throws {
    let played = try Played.state("Choice", #""Choices": [{"Variable": "$.a", "IsNull": true, "Next": "Yes"}, {"Variable": "$.a", "IsString": true, "Next": "No"}]"#, ["a": 1])
    #expect(played.summary == "FAILED States.Runtime: " + cause("Failed to transition out of the state. The state does not point to a next state."))
  }

  @Test func takesTheFirstRuleThatHolds() throws {
    let played = try Played.state(
      "Choice", #""Choices": [{"Variable": "$.a", "NumericGreaterThan": 0, "Next": "Yes"}, {"Variable": "$.a", "NumericGreaterThan": -1, "Next": "No"}]"#, ["a": 1])
    #expect(played.lines == [
      #"1<0 ExecutionStarted {"a":1}"#, #"2<0 ChoiceStateEntered S {"a":1}"#, #"3<2 ChoiceStateExited S {"a":1}"#, #"4<3 PassStateEntered Yes {"a":1}"#,
      #"5<4 PassStateExited Yes {"a":1}"#, #"6<5 ExecutionSucceeded {"a":1}"#,
    ])
  }
}

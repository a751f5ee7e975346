import JSONTypes
import StatesLanguage
import TestSupport
import Testing

/// Definitions with what is wrong about them, as `line:column pointer code`, and `-> suggestion` where there is one.
@Suite struct DiagnosticTests {
  static func findings(_ text: String) -> [String] {
    StateMachineParser.parse(SyntaxNode.parse(json: text).node).diagnostics.map { finding in
      "\(finding.range.lowerBound.line):\(finding.range.lowerBound.column) \(finding.pointer.isEmpty ? "#" : finding.pointer) \(finding.code)"
        + (finding.suggestion.map { " -> \($0)" } ?? "")
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var definition: String
    var findings: [String]
    var testDescription: String { definition.count > 140 ? definition.prefix(140) + "…" : definition }
    init(_ definition: String, _ findings: String...) { (self.definition, self.findings) = (definition, findings) }

    /// A machine of one state `S`, whose fields begin at line 2, column 1. Its type, and `End` where it takes one, stand on line 3.
    static func state(_ type: String, _ fields: String, _ findings: String...) -> Row {
      let end = ["Succeed", "Fail", "Choice"].contains(type) ? "" : #""End": true, "#
      let more = type == "Choice" || fields.contains(#""Z""#) ? #", "Z": {"Type": "Succeed"}"# : ""
      var row = Row("{\"StartAt\": \"S\", \"States\": {\"S\": {\n\(fields)\(fields.isEmpty ? "" : ",")\n\(end)\"Type\": \"\(type)\"}\(more)}}")
      row.findings = findings
      return row
    }
  }

  // MARK: Open values

  /// A `${…}` where the language reads a value: nothing is found, and no machine comes of it. One in a text is a text.
  static let open: [Row] = [
    Row(#"{"StartAt": "${S}", "States": {"S": {"Type": "Succeed"}}}"#, "/StartAt"),
    Row(#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "${S}", "States": {"S": {"Type": "Succeed"}}}]}}}"#,
      "/States/P/Branches/0/StartAt"),
    .state("Task", #""Resource": "${Fn}", "TimeoutSeconds": "${T}""#, "/States/S/Resource", "/States/S/TimeoutSeconds"),
    .state("Task", #""Resource": "arn:${P}:states:::lambda:invoke""#, "/States/S/Resource"),
    .state("Pass", #""InputPath": "${P}", "ResultPath": "$.${R}""#, "/States/S/InputPath", "/States/S/ResultPath"),
    .state("Pass", #""Parameters": {"a.$": "${P}", "b": "${text}"}"#, "/States/S/Parameters/a.$"),
    .state("Pass", #""QueryLanguage": "JSONata", "Output": {"a": ["{% ${X} %}"]}"#, "/States/S/Output/a/0"),
    .state("Wait", #""Timestamp": "${T}""#, "/States/S/Timestamp"),
    .state("Choice", #""Choices": [{"Variable": "$.a", "IsNull": true, "Next": "${N}"}, {"Variable": "${V}", "IsNull": true, "Next": "Z"}], "Default": "Z""#,
      "/States/S/Choices/0/Next", "/States/S/Choices/1/Variable"),
    .state("Task", #""Resource": "arn:aws:states:::lambda:invoke", "Catch": [{"ErrorEquals": ["${E}"], "Next": "${N}"}]"#, "/States/S/Catch/0/Next"),
    .state("Pass", #""Comment": "${C}", "Result": {"${K}": "${V}"}"#),
  ]

  @Test(arguments: open) func leavesOpen(_ row: Row) {
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: row.definition).node)
    #expect(parsed.diagnostics.isEmpty)
    #expect(parsed.openPlaces.map(\.pointer) == row.findings)
    #expect(parsed.openPlaces.allSatisfy { $0.message.contains("--substitution") })
    #expect((parsed.machine == nil) == !row.findings.isEmpty)
  }

  // MARK: The document

  static let documents: [Row] = [
    Row("[]", "1:1 # wrong-type"), Row("null", "1:1 # wrong-type"), Row("{}", "1:1 # missing-field", "1:1 # missing-field"),
    Row(#"{"States": {"A": {"Type": "Succeed"}}}"#, "1:1 # missing-field"),
    Row(#"{"StartAt": "A"}"#, "1:1 # missing-field"),
    Row(#"{"StartAt": "A", "States": {}}"#, "1:28 /States empty-value"),
    Row(#"{"StartAt": "A", "States": []}"#, "1:28 /States wrong-type"),
    Row(#"{"StartAt": 1, "States": {"A": {"Type": "Succeed"}}}"#, "1:13 /StartAt wrong-type"),
    Row(#"{"StartAt": "A", "States": {"A": 1}}"#, "1:34 /States/A wrong-type"),
    Row(#"{"StartAt": "A", "States": {"A": {}}}"#, "1:29 /States/A missing-field"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "succeed"}}}"#, "1:43 /States/A/Type unknown-state-type -> Succeed"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": 5}}}"#, "1:43 /States/A/Type wrong-type"),
    Row(#"{"StartAt": "A", "Startat": "A", "States": {"A": {"Type": "Succeed"}}}"#, "1:18 /Startat unknown-field -> StartAt"),
    Row(#"{"StartAt": "A", "Version": "2", "States": {"A": {"Type": "Succeed"}}}"#, "1:29 /Version unknown-value"),
    Row(#"{"StartAt": "A", "TimeoutSeconds": 100000000, "States": {"A": {"Type": "Succeed"}}}"#, "1:36 /TimeoutSeconds out-of-range"),
    Row(#"{"StartAt": "A", "TimeoutSeconds": 1.5, "States": {"A": {"Type": "Succeed"}}}"#, "1:36 /TimeoutSeconds wrong-type"),
    Row(#"{"StartAt": "A", "Comment": null, "States": {"A": {"Type": "Succeed"}}}"#, "1:29 /Comment wrong-type"),
    Row(#"{"StartAt": "A", "QueryLanguage": "jsonata", "States": {"A": {"Type": "Succeed"}}}"#, "1:35 /QueryLanguage unknown-value -> JSONata"),
    Row("{\"StartAt\": \"A\",\n \"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}", "2:2 /StartAt duplicate-key"),
  ]

  // MARK: Transitions

  static let graphs: [Row] = [
    Row(#"{"StartAt": "B", "States": {"Bb": {"Type": "Succeed"}}}"#, "1:13 /StartAt unknown-next -> Bb"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Chekc"}, "Check": {"Type": "Succeed"}}}"#, "1:59 /States/A/Next unknown-next -> Check"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}"#, "1:29 /States/A missing-transition"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": false}}}"#, "1:58 /States/A/End missing-transition"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": "true"}}}"#, "1:58 /States/A/End wrong-type"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": 1}}}"#, "1:59 /States/A/Next wrong-type"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B", "End": true}, "B": {"Type": "Succeed"}}}"#, "1:64 /States/A next-and-end"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Succeed", "Next": "A"}}}"#, "1:54 /States/A/Next unknown-field"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Fail", "End": true}}}"#, "1:51 /States/A/End unknown-field"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}}}"#,
      "1:55 /States/B unreachable-state", "1:91 /States/C unreachable-state"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "B"}}}"#, "1:55 /States/B unreachable-state"),
    // Without an end, what cannot be reached is not told as well.
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}, "B": {"Type": "Pass", "Next": "A"}}}"#, "1:1 /States no-terminal-state"),
    // Where a transition is wrong, reachability is not known.
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "X"}, "B": {"Type": "Succeed"}}}"#, "1:59 /States/A/Next unknown-next"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Choice"}, "B": {"Type": "Succeed"}}}"#, "1:29 /States/A missing-field"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": []}, "B": {"Type": "Succeed"}}}"#, "1:64 /States/A/Choices empty-value"),
    Row(
      #"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "B"}], "Default": 1}, "B": {"Type": "Succeed"}, "C": {"Type": "Succeed"}}}"#,
      "1:125 /States/A/Default wrong-type"),
    Row(
      #"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Catch": [{"ErrorEquals": ["E"]}], "End": true}, "C": {"Type": "Succeed"}}}"#,
      "1:109 /States/A/Catch/0 missing-field"),
    Row(#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "A": {"Type": "Succeed"}}}"#, "1:65 /States/A duplicate-state-name"),
    Row(#"{"StartAt": "", "States": {"": {"Type": "Succeed"}}}"#, "1:28 /States/ invalid-state-name"),
    Row(#"{"StartAt": "a/b~c", "States": {"a/b~c": {"Type": "Pass"}}}"#, "1:33 /States/a~1b~0c missing-transition"),
    Row(#"{"StartAt": "\#(String(repeating: "n", count: 81))", "States": {"\#(String(repeating: "n", count: 81))": {"Type": "Succeed"}}}"#,
      "1:109 /States/\(String(repeating: "n", count: 81)) invalid-state-name"),
  ]

  // MARK: Scopes

  static let scopes: [Row] = [
    // Neither a branch nor an item processor leads out, and nothing leads in.
    Row(
      "{\"StartAt\": \"P\", \"States\": {\"P\": {\"Type\": \"Parallel\", \"Next\": \"B\", \"Branches\": [\n{\"StartAt\": \"B\", \"States\": {\"B\": {\"Type\": \"Pass\", \"Next\": \"Out\"}}}]},\n\"Out\": {\"Type\": \"Succeed\"}}}",
      "1:63 /States/P/Next unknown-next", "2:59 /States/P/Branches/0/States/B/Next unknown-next"),
    Row(
      "{\"StartAt\": \"M\", \"States\": {\"M\": {\"Type\": \"Map\", \"End\": true, \"ItemProcessor\":\n{\"StartAt\": \"M\", \"States\": {\"I\": {\"Type\": \"Pass\", \"End\": true}}}}}}",
      "2:13 /States/M/ItemProcessor/StartAt unknown-next"),
    Row(
      "{\"StartAt\": \"P\", \"States\": {\"P\": {\"Type\": \"Parallel\", \"End\": true, \"Branches\": [\n{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}},\n{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}]}}}",
      "3:29 /States/P/Branches/1/States/A duplicate-state-name"),
    Row(
      "{\"StartAt\": \"P\", \"States\": {\"P\": {\"Type\": \"Parallel\", \"End\": true, \"Branches\": [\n{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"A\"}}}, 5, {},\n{\"StartAt\": \"B\", \"States\": {\"B\": {\"Type\": \"Succeed\"}, \"C\": {\"Type\": \"Succeed\"}}, \"End\": true}]}}}",
      "2:1 /States/P/Branches/0/States no-terminal-state", "2:67 /States/P/Branches/1 wrong-type", "2:70 /States/P/Branches/2 missing-field", "2:70 /States/P/Branches/2 missing-field",
      "3:55 /States/P/Branches/3/States/C unreachable-state", "3:82 /States/P/Branches/3/End unknown-field"),
    .state("Parallel", "", "1:29 /States/S missing-field"), .state("Parallel", #""Branches": []"#, "2:13 /States/S/Branches empty-value"),
    .state("Parallel", #""Branches": {}"#, "2:13 /States/S/Branches wrong-type"), .state("Map", "", "1:29 /States/S missing-field"),
    .state("Map", #""ItemProcessor": []"#, "2:18 /States/S/ItemProcessor wrong-type"),
    .state(
      "Map", #""ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "Iterator": {"StartAt": "J", "States": {"J": {"Type": "Succeed"}}}"#,
      "2:74 /States/S exclusive-fields"),
    .state(
      "Map", #""ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}, "ProcessorConfig": {"Mode": "Inline"}}"#,
      "2:101 /States/S/ItemProcessor/ProcessorConfig/Mode unknown-value -> INLINE"),
    .state(
      "Map", #""ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "ItemsPath": "$.a[*]", "MaxConcurrency": -1, "ToleratedFailurePercentage": 101"#,
      "2:87 /States/S/ItemsPath not-a-reference-path", "2:115 /States/S/MaxConcurrency out-of-range", "2:149 /States/S/ToleratedFailurePercentage out-of-range"),
    .state(
      "Map", #""ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "MaxConcurrency": 1, "MaxConcurrencyPath": "$.n""#,
      "2:95 /States/S exclusive-fields"),
    .state(
      "Map", #""ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "ItemBatcher": {}"#, "2:89 /States/S/ItemBatcher missing-field"),
    .state(
      "Map", #""ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "ItemBatcher": {"MaxInputBytesPerBatch": 262145}"#,
      "2:115 /States/S/ItemBatcher/MaxInputBytesPerBatch out-of-range"),
    .state(
      "Map", #""ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}, "ItemSelector": {}, "Parameters": {}"#,
      "2:94 /States/S exclusive-fields"),
  ]

  // MARK: Fields

  static let fields: [Row] = [
    .state("Pass", #""Resource": "x""#, "2:1 /States/S/Resource unknown-field"), .state("Pass", #""Coment": "x""#, "2:1 /States/S/Coment unknown-field -> Comment"),
    .state("Pass", #""InputPath": 1"#, "2:14 /States/S/InputPath wrong-type"), .state("Pass", #""InputPath": "a""#, "2:15 /States/S/InputPath invalid-path"),
    .state("Pass", #""InputPath": "$.a[""#, "2:18 /States/S/InputPath invalid-path"), .state("Pass", #""OutputPath": "States.UUID()""#, "2:16 /States/S/OutputPath invalid-intrinsic"),
    .state("Pass", #""ResultPath": "$.a[*]""#, "2:20 /States/S/ResultPath not-a-reference-path"), .state("Pass", #""ResultPath": "$$.a""#, "2:17 /States/S/ResultPath not-a-reference-path"),
    .state("Pass", #""ResultPath": false"#, "2:15 /States/S/ResultPath wrong-type"), .state("Pass", #""Arguments": {}"#, "2:1 /States/S/Arguments unknown-field"),
    .state("Pass", #""Output": 1"#, "2:1 /States/S/Output wrong-query-language"), .state("Pass", #""Assign": []"#, "2:11 /States/S/Assign wrong-type"),
    .state("Pass", #""Parameters": {"a.$": 1}"#, "2:23 /States/S/Parameters/a.$ invalid-template-value"),
    .state("Pass", #""Parameters": {"a": [{"b.$": "x"}]}"#, "2:31 /States/S/Parameters/a/0/b.$ invalid-intrinsic"),
    .state("Pass", #""Parameters": {"a.$": "$.[", "b.$": "States.Nope()"}"#, "2:26 /States/S/Parameters/a.$ invalid-path", "2:38 /States/S/Parameters/b.$ invalid-intrinsic"),
    .state("Pass", #""Parameters": {"a": 1, "a.$": "$"}"#, "2:24 /States/S/Parameters/a.$ duplicate-template-field"),
    .state("Task", "", "1:29 /States/S missing-field"), .state("Task", #""Resource": 1"#, "2:13 /States/S/Resource wrong-type"),
    .state("Task", #""Resource": "lambda""#, "2:13 /States/S/Resource invalid-resource"),
    .state("Task", queue + #", "TimeoutSeconds": 0"#, "2:67 /States/S/TimeoutSeconds out-of-range"),
    .state("Task", queue + #", "TimeoutSeconds": 5, "HeartbeatSeconds": 5"#, "2:90 /States/S/HeartbeatSeconds heartbeat-not-below-timeout"),
    .state("Task", queue + #", "TimeoutSeconds": 5, "TimeoutSecondsPath": "$.n""#, "2:70 /States/S exclusive-fields"),
    .state("Task", queue + #", "HeartbeatSecondsPath": "$..n""#, "2:73 /States/S/HeartbeatSecondsPath not-a-reference-path"),
    .state("Task", queue + #", "Credentials": "x""#, "2:64 /States/S/Credentials wrong-type"),
    .state("Wait", "", "1:29 /States/S missing-field"), .state("Wait", #""Seconds": -1"#, "2:12 /States/S/Seconds out-of-range"),
    .state("Wait", #""Seconds": "5""#, "2:12 /States/S/Seconds wrong-type"), .state("Wait", #""Seconds": 1, "SecondsPath": "$.n""#, "2:15 /States/S exclusive-fields"),
    .state("Wait", #""Timestamp": "2016-03-14 01:59:00Z""#, "2:14 /States/S/Timestamp invalid-timestamp"),
    .state("Wait", #""Timestamp": "2023-02-29T00:00:00Z""#, "2:14 /States/S/Timestamp invalid-timestamp"),
    .state("Wait", #""TimestampPath": "$.a[0:1]""#, "2:18 /States/S/TimestampPath not-a-reference-path"),
    .state("Fail", #""Error": "E", "ErrorPath": "$.e""#, "2:15 /States/S exclusive-fields"), .state("Fail", #""Cause": 1"#, "2:10 /States/S/Cause wrong-type"),
    .state("Fail", #""InputPath": "$""#, "2:1 /States/S/InputPath unknown-field"), .state("Succeed", #""Result": 1"#, "2:1 /States/S/Result unknown-field"),
    .state("Succeed", #""QueryLanguage": "XPath""#, "2:18 /States/S/QueryLanguage unknown-value"),
    Row(
      #"{"QueryLanguage": "JSONata", "StartAt": "S", "States": {"S": {"QueryLanguage": "JSONPath", "Type": "Succeed"}}}"#,
      "1:80 /States/S/QueryLanguage mixed-query-language"),
  ]

  // MARK: Retry and Catch

  static let handlers: [Row] = [
    .state("Task", queue + #", "Retry": {}"#, "2:58 /States/S/Retry wrong-type"), .state("Task", queue + #", "Retry": [1]"#, "2:59 /States/S/Retry/0 wrong-type"),
    .state("Task", queue + #", "Retry": [{}]"#, "2:59 /States/S/Retry/0 missing-field"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": []}]"#, "2:75 /States/S/Retry/0/ErrorEquals empty-value"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": "E"}]"#, "2:75 /States/S/Retry/0/ErrorEquals wrong-type"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": [1]}]"#, "2:76 /States/S/Retry/0/ErrorEquals/0 wrong-type"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": ["States.ALL", "E"]}]"#, "2:76 /States/S/Retry/0/ErrorEquals states-all-position"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]"#, "2:76 /States/S/Retry/0/ErrorEquals states-all-position"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": ["E"], "MaxAttempts": -1}]"#, "2:97 /States/S/Retry/0/MaxAttempts out-of-range"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": ["E"], "BackoffRate": 0.5}]"#, "2:97 /States/S/Retry/0/BackoffRate out-of-range"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": ["E"], "MaxDelaySeconds": 0}]"#, "2:101 /States/S/Retry/0/MaxDelaySeconds out-of-range"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "full"}]"#, "2:100 /States/S/Retry/0/JitterStrategy unknown-value -> FULL"),
    .state("Task", queue + #", "Retry": [{"ErrorEquals": ["E"], "Next": "S"}]"#, "2:82 /States/S/Retry/0/Next unknown-field"),
    .state("Task", queue + #", "Catch": [{"ErrorEquals": ["E"], "Next": "T"}]"#, "2:90 /States/S/Catch/0/Next unknown-next"),
    .state("Task", queue + #", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "S"}, {"ErrorEquals": ["E"], "Next": "S", "ResultPath": "$.a..b"}]"#,
      "2:76 /States/S/Catch/0/ErrorEquals states-all-position", "2:160 /States/S/Catch/1/ResultPath not-a-reference-path"),
    .state("Pass", #""Retry": []"#, "2:1 /States/S/Retry unknown-field"), .state("Wait", #""Seconds": 1, "Catch": []"#, "2:15 /States/S/Catch unknown-field"),
  ]

  // MARK: Choice

  static func choice(_ rule: String, _ findings: String...) -> Row {
    var row = Row("{\"StartAt\": \"S\", \"States\": {\"S\": {\"Type\": \"Choice\", \"Choices\": [\n\(rule)]}, \"Z\": {\"Type\": \"Succeed\"}}}")
    row.findings = findings.map { $0.replacing("@", with: "/States/S/Choices/0") }
    return row
  }
  static let choices: [Row] = [
    choice("5", "2:1 @ wrong-type"), choice(#"{"Next": "Z"}"#, "2:1 @ choice-shape"), choice(#"{"Variable": "$.a", "Next": "Z"}"#, "2:2 @ choice-shape"),
    choice(#"{"Variable": "$.a", "IsNull": true}"#, "2:1 @ missing-field"), choice(#"{"Variable": "$.a", "IsNull": true, "Next": "Y"}"#, "2:45 @/Next unknown-next"),
    choice(#"{"Variable": "$.a", "IsNull": true, "IsString": true, "Next": "Z"}"#, "2:37 @/IsString choice-shape"),
    choice(#"{"Variable": "$.a", "And": [{"Variable": "$", "IsNull": true}], "Next": "Z"}"#, "2:21 @/And choice-shape"),
    choice(#"{"Not": {"Variable": "$", "IsNull": true}, "IsNull": true, "Next": "Z"}"#, "2:44 @/IsNull choice-shape"),
    choice(#"{"Variable": "$.a", "StringEqual": "x", "Next": "Z"}"#, "2:2 @ choice-shape", "2:21 @/StringEqual unknown-field -> StringEquals"),
    choice(#"{"Variable": "a", "IsNull": true, "Next": "Z"}"#, "2:15 @/Variable invalid-path"), choice(#"{"Variable": "$.a", "IsNull": 1, "Next": "Z"}"#, "2:31 @/IsNull wrong-type"),
    choice(#"{"Variable": "$.a", "NumericEquals": "1", "Next": "Z"}"#, "2:38 @/NumericEquals wrong-type"),
    choice(#"{"Variable": "$.a", "StringEquals": 1, "Next": "Z"}"#, "2:37 @/StringEquals wrong-type"),
    choice(#"{"Variable": "$.a", "StringMatches": "a\\b", "Next": "Z"}"#, "2:38 @/StringMatches invalid-pattern"),
    choice(#"{"Variable": "$.a", "TimestampEquals": "yesterday", "Next": "Z"}"#, "2:40 @/TimestampEquals invalid-timestamp"),
    choice(#"{"Variable": "$.a", "NumericEqualsPath": "b", "Next": "Z"}"#, "2:43 @/NumericEqualsPath invalid-path"),
    choice(#"{"And": [], "Next": "Z"}"#, "2:9 @/And empty-value"), choice(#"{"Not": [], "Next": "Z"}"#, "2:9 @/Not wrong-type"),
    choice(#"{"Or": [{"Variable": "$", "IsNull": true, "Next": "Z"}, 1], "Next": "Z"}"#, "2:43 @/Or/0/Next unknown-field", "2:57 @/Or/1 wrong-type"),
    choice(#"{"Not": {"Not": {"Variable": "$"}}, "Next": "Z"}"#, "2:18 @/Not/Not choice-shape"),
    choice(#"{"Condition": true, "Next": "Z"}"#, "2:1 @ choice-shape", "2:2 @/Condition wrong-query-language"),
  ]

  // MARK: Distributed Map

  /// A Map whose own fields begin at line 2, column 1, and whose ProcessorConfig stands on line 3.
  static func map(_ fields: String, _ config: String = #"{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}"#, _ findings: String...) -> Row {
    var row = Row(
      "{\"StartAt\": \"S\", \"States\": {\"S\": {\"Type\": \"Map\", \"End\": true,\n\(fields)\(fields.isEmpty ? "" : ",")\n\"ItemProcessor\": {\"ProcessorConfig\": \(config), \"StartAt\": \"P\", \"States\": {\"P\": {\"Type\": \"Pass\", \"End\": true}}}}}}")
    row.findings = findings.map { $0.replacing("@", with: "/States/S") }
    return row
  }
  static let distributed = #"{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}"#
  static func read(_ config: String, _ findings: String...) -> Row {
    var row = map(#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}, "ReaderConfig": {\#(config)}}"#)
    row.findings = findings.map { $0.replacing("@", with: "/States/S/ItemReader/ReaderConfig") }
    return row
  }

  static let distributedMaps: [Row] = [
    map("", #"{"Mode": "DISTRIBUTED"}"#, "3:47 @/ItemProcessor/ProcessorConfig missing-field"),
    map("", #"{"Mode": "INLINE", "ExecutionType": "STANDARD"}"#, "3:57 @/ItemProcessor/ProcessorConfig/ExecutionType distributed-only"),
    map("", #"{"ExecutionType": "STANDARD"}"#, "3:39 @/ItemProcessor/ProcessorConfig/ExecutionType distributed-only"),
    map("", #"{"Mode": "DISTRIBUTED", "ExecutionType": "FAST"}"#, "3:79 @/ItemProcessor/ProcessorConfig/ExecutionType unknown-value"),
    map(#""ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}}"#, "{}", "2:1 @/ItemReader distributed-only"),
    map(#""ResultWriter": {"WriterConfig": {"Transformation": "NONE", "OutputType": "JSON"}}"#, "{}", "2:1 @/ResultWriter distributed-only"),
    map(#""Label": """#, distributed, "2:10 @/Label invalid-label"), map(#""Label": "\#(String(repeating: "x", count: 41))""#, distributed, "2:10 @/Label invalid-label"),
    map(#""Label": "a b""#, distributed, "2:10 @/Label invalid-label"), map(#""Label": "a/b:c""#, distributed, "2:10 @/Label invalid-label"),
    map(#""ItemReader": {"Resource": "arn:aws:states:::s3:getObjects", "Parameters": {"Bucket": "b"}, "ReaderConfig": {"InputType": "JSON"}}"#, distributed,
      "2:28 @/ItemReader/Resource invalid-resource -> arn:aws:states:::s3:getObject"),
    map(#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}}"#, distributed, "2:15 @/ItemReader missing-field"),
    map(#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket.$": "b"}}"#, distributed,
      "2:15 @/ItemReader missing-field", "2:89 @/ItemReader/Parameters/Bucket.$ invalid-intrinsic"),
    read("", "2:120 @ missing-field"), read(#""InputType": "XML""#, "2:134 @/InputType unknown-value"),
    read(#""InputType": "CSV""#, "2:120 @ missing-field"), read(#""InputType": "CSV", "CSVHeaderLocation": "GIVEN""#, "2:120 @ missing-field"),
    read(#""InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": []"#, "2:185 @/CSVHeaders empty-value"),
    read(#""InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", 1]"#, "2:191 @/CSVHeaders/1 wrong-type"),
    read(#""InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVHeaders": ["a"]"#, "2:175 @/CSVHeaders misplaced-field"),
    read(#""InputType": "JSON", "CSVHeaderLocation": "FIRST_ROW""#, "2:142 @/CSVHeaderLocation misplaced-field"),
    read(#""InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": ",""#, "2:191 @/CSVDelimiter unknown-value"),
    read(#""InputType": "JSON", "ItemsPointer": "a""#, "2:158 @/ItemsPointer invalid-path"),
    read(#""InputType": "JSONL", "ItemsPointer": "/a""#, "2:143 @/ItemsPointer misplaced-field"),
    read(#""InputType": "JSON", "MaxItems": -1"#, "2:154 @/MaxItems out-of-range"), read(#""InputType": "JSON", "MaxItems": 100000001"#, "2:154 @/MaxItems out-of-range"),
    read(#""InputType": "JSON", "MaxItems": 1, "MaxItemsPath": "$.n""#, "2:157 @ exclusive-fields"),
    map(#""ResultWriter": {}"#, distributed, "2:17 @/ResultWriter empty-value"),
    map(#""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject"}"#, distributed, "2:17 @/ResultWriter missing-field"),
    map(#""ResultWriter": {"Parameters": {"Bucket": "b"}}"#, distributed, "2:18 @/ResultWriter missing-field"),
    map(#""ResultWriter": {"WriterConfig": {"OutputType": "CSV"}}"#, distributed, "2:49 @/ResultWriter/WriterConfig/OutputType unknown-value"),
    Row(#"{"StartAt": "S", "States": {"S": {"Type": "Map", "Label": "L", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "I", "States": {"I": {"Type": "Map", "Label": "L", "End": true, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}}}}"#,
      "1:225 /States/S/ItemProcessor/States/I/Label duplicate-label"),
    Row(#"{"StartAt": "S", "States": {"S": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true}}}}}}"#,
      "1:214 /States/S/ItemProcessor/States/T/Resource express-pattern"),
    Row(#"{"StartAt": "S", "States": {"S": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "T", "States": {"T": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}}}}"#,
      "1:260 /States/S/ItemProcessor/States/T/ItemProcessor/ProcessorConfig/Mode express-pattern"),
  ]

  /// What the service takes and this program cannot do is a warning.
  @Test func warnsOfParquet() {
    let row = Self.read(#""InputType": "PARQUET""#)
    #expect(Self.findings(row.definition) == ["2:134 /States/S/ItemReader/ReaderConfig/InputType not-supported"])
    #expect(StateMachineParser.parse(SyntaxNode.parse(json: row.definition).node).machine != nil)
  }

  static let assignments: [Row] = [
    .state("Pass", #""Assign": {"states": 1}"#, "2:12 /States/S/Assign/states reserved-variable-name"),
    .state("Pass", #""Assign": {"states.$": "$"}"#, "2:12 /States/S/Assign/states.$ reserved-variable-name"),
    .state("Pass", #""Assign": {"1a": 1, "a-b": 2, "": 3, "a.b.$": "$", "größe_2": 4, "_a": 5}"#,
      "2:12 /States/S/Assign/1a invalid-variable-name", "2:21 /States/S/Assign/a-b invalid-variable-name",
      "2:31 /States/S/Assign/ invalid-variable-name", "2:38 /States/S/Assign/a.b.$ invalid-variable-name",
      "2:66 /States/S/Assign/_a invalid-variable-name"),
    .state("Pass", #""Assign": {"\#(String(repeating: "v", count: 81))": 1}"#,
      "2:12 /States/S/Assign/\(String(repeating: "v", count: 81)) invalid-variable-name"),
    .state("Pass", #""QueryLanguage": "JSONata", "Assign": {"a.$": 1}"#, "2:40 /States/S/Assign/a.$ invalid-variable-name"),
    .state("Choice", #""Choices": [{"Variable": "$", "IsNull": true, "Next": "Z", "Assign": {"states": 1}}], "Default": "Z""#,
      "2:71 /States/S/Choices/0/Assign/states reserved-variable-name"),
    .state("Task", queue + #", "Catch": [{"ErrorEquals": ["A"], "Next": "Z", "Assign": {"a b": 1}}]"#,
      "2:106 /States/S/Catch/0/Assign/a b invalid-variable-name"),
  ]

  static let everyRow = assignments + documents + graphs + scopes + fields + handlers + choices + distributedMaps

  @Test(arguments: everyRow)
  func finds(_ row: Row) {
    let found = Self.findings(row.definition)
    #expect(found == row.findings, "\(found)")
    #expect(StateMachineParser.parse(SyntaxNode.parse(json: row.definition).node).machine == nil)
  }

  /// Whatever is wrong is told in one reading, in the order of the text, and once.
  @Test func findsEverythingAtOnce() {
    let definition = #"""
      {"StartAt": "Begin", "Comment": 5, "States": {
        "Begin": {"Type": "Pass", "Next": "Wiat", "Parameters": {"x.$": "nope"}},
        "Wait": {"Type": "Wait", "Timestamp": "tomorrow", "End": true},
        "Map": {"Type": "Map", "ItemProcessor": {"StartAt": "In", "States": {"In": {"Type": "Choice", "Choices": [{"Variable": "$.a", "Next": "Wait"}]}}}}}}
      """#
    #expect(Self.findings(definition) == [
      "1:33 /Comment wrong-type", "2:37 /States/Begin/Next unknown-next -> Wait", "2:68 /States/Begin/Parameters/x.$ invalid-intrinsic",
      "3:41 /States/Wait/Timestamp invalid-timestamp", "4:3 /States/Map missing-transition",
      "4:110 /States/Map/ItemProcessor/States/In/Choices/0 choice-shape", "4:137 /States/Map/ItemProcessor/States/In/Choices/0/Next unknown-next",
    ])
  }

  @Test(arguments: everyRow)
  func repeatsNothing(_ row: Row) {
    var seen: Set<String> = []
    for finding in StateMachineParser.parse(SyntaxNode.parse(json: row.definition).node).diagnostics {
      #expect(seen.insert("\(finding.code) \(finding.pointer) \(finding.range) \(finding.message)").inserted, "\(finding.message)")
      #expect(!finding.message.isEmpty && !finding.message.hasSuffix("."))
      #expect(finding.range.lowerBound <= finding.range.upperBound)
    }
  }

  // MARK: Nothing is found on what is right

  static let valid: [String] = [
    #"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#,
    #"""
    {"Comment": "all there is", "Version": "1.0", "TimeoutSeconds": 0, "QueryLanguage": "JSONPath", "StartAt": "Task", "States": {
      "Task": {"Type": "Task", "Comment": "c", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "InputPath": "$.a", "OutputPath": null, "ResultPath": "$['x y'].z[0]",
        "Parameters": {"FunctionName": "f", "Payload": {"token.$": "$$.Task.Token", "v.$": "$v.x"}}, "ResultSelector": {"r.$": "$..book[?(@.price < 10)]"},
        "Credentials": {"RoleArn.$": "$.role"}, "TimeoutSecondsPath": "$.timeout", "HeartbeatSeconds": 99999999, "Assign": {"v.$": "States.Array(1, $)"},
        "Retry": [{"ErrorEquals": ["States.Timeout", "E"], "IntervalSeconds": 0, "MaxAttempts": 0, "BackoffRate": 1, "MaxDelaySeconds": 31622400, "JitterStrategy": "FULL", "Comment": "c"},
          {"ErrorEquals": ["States.ALL"], "BackoffRate": 2.5}],
        "Catch": [{"ErrorEquals": ["E"], "Next": "Pass", "ResultPath": "$.e", "Assign": {"w": 1}, "Comment": "c"}, {"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "Fail"}],
        "Next": "Pass"},
      "Pass": {"Type": "Pass", "Result": {"a.$": "no path here"}, "ResultPath": null, "Parameters": [1, {"x.$": "$"}], "Next": "Wait"},
      "Wait": {"Type": "Wait", "SecondsPath": "$.n", "Next": "Until"}, "Until": {"Type": "Wait", "Timestamp": "2016-03-14T01:59:00.123+05:30", "Next": "Choice"},
      "Choice": {"Type": "Choice", "InputPath": "$", "Assign": {}, "Choices": [
        {"Not": {"And": [{"Variable": "$.a", "IsPresent": false}, {"Or": [{"Variable": "$v", "StringMatches": "a*\\*"}]}]}, "Next": "Parallel", "Comment": "c", "Assign": {"z": 1}},
        {"Variable": "$$.State.Name", "StringEqualsPath": "$.b", "Next": "Choice"}, {"Variable": "$.t", "TimestampLessThan": "2016-03-14T01:59:00Z", "Next": "Map"}], "Default": "Succeed"},
      "Parallel": {"Type": "Parallel", "Branches": [{"Comment": "c", "StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}}, {"StartAt": "C", "States": {"C": {"Type": "Fail"}}}], "End": true},
      "Map": {"Type": "Map", "ItemsPath": "$$.Execution.Input.list", "ItemSelector": {"v.$": "$$.Map.Item.Value"}, "MaxConcurrencyPath": "$.n", "ToleratedFailurePercentage": 12.5,
        "ToleratedFailureCountPath": "$.c", "Label": "L", "ItemBatcher": {"MaxItemsPerBatch": 3, "BatchInput": {"x": 1}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "D", "States": {"D": {"Type": "Pass", "Next": "E"}, "E": {"Type": "Pass", "Next": "D2"}, "D2": {"Type": "Succeed"}}}, "Next": "Old"},
      "Old": {"Type": "Map", "Iterator": {"StartAt": "F", "States": {"F": {"Type": "Pass", "End": true}}}, "Parameters": {"a": 1}, "MaxConcurrency": 0, "End": true},
      "Succeed": {"Type": "Succeed", "InputPath": "$.a", "OutputPath": "$.b"}, "Fail": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('{}', $.c)"}}}
    """#,
    #"""
    {"StartAt": "A", "States": {
      "A": {"Type": "Map", "Label": "all-of_it.1", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket.$": "$.b", "Key": "k", "VersionId": "v"},
          "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", ""], "CSVDelimiter": "PIPE", "MaxItemsPath": "$.n"}},
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket.$": "$.b", "Prefix": "p"}, "WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSONL"}},
        "ToleratedFailureCount": 0, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "Next": "B"},
      "B": {"Type": "Map", "QueryLanguage": "JSONata", "ItemReader": {"Resource": "arn:aws-cn:states:::s3:listObjectsV2", "Arguments": "{% $states.input %}", "ReaderConfig": {"MaxItems": "{% 1 %}",
          "InputType": "JSON", "ItemsPointer": "/a", "Transformation": "LOAD_AND_FLATTEN"}}, "ResultWriter": {"WriterConfig": {"Transformation": "NONE", "OutputType": "JSON"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Q", "States": {"Q": {"Type": "Pass", "End": true}}}, "Next": "C"},
      "C": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}},
        "Iterator": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "R", "States": {"R": {"Type": "Pass", "End": true}}}, "Next": "D"},
      "D": {"Type": "Map", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}, "ReaderConfig": {"ManifestType": "S3_INVENTORY"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "T", "States": {"T": {"Type": "Pass", "End": true}}}, "End": true}}}
    """#,
  ]

  @Test(arguments: valid)
  func findsNothingOnWhatIsRight(_ definition: String) {
    #expect(Self.findings(definition) == [])
    #expect(StateMachineParser.parse(SyntaxNode.parse(json: definition).node).machine != nil)
  }

  /// Definitions that the service has run.
  @Test func findsNothingOnRecordedDefinitions() throws {
    var count = 0
    for file in ["base", "scenarios", "choice_operators", "error_handling", "context_object", "intrinsic_functions", "timeouts", "services", "comments", "callback"] {
      for testCase in try Conformance.cases("sfn/\(file).jsonl") where testCase["kind"] == "execution" {
        let needs = testCase["requires"]?.asArray ?? []
        guard !needs.contains(where: { ["jsonata", "activity"].contains($0.asString) }), let text = testCase["definition"]?.asString else { continue }
        count += 1
        #expect(Self.findings(text) == [], "\(testCase["id"]?.asString ?? "")")
      }
    }
    print("sfn: nothing found on \(count) recorded definitions")
  }

  // MARK: Texts that are no definitions

  /// Cutting a definition anywhere, or changing any byte of it, gives findings or a machine, never a crash.
  @Test func survivesDamage() {
    let bytes = Array(Self.valid[1].utf8)
    var random = SeededRandom(seed: 7)
    for round in 0..<400 {
      var damaged = bytes
      if round % 2 == 0 {
        damaged.removeLast(Int(random.next() % UInt64(bytes.count)))
      } else {
        for _ in 0..<3 { damaged[Int(random.next() % UInt64(bytes.count))] = Array(#"{}[]":,$.*@?0aA "#.utf8)[Int(random.next() % 16)] }
      }
      let parsed = SyntaxNode.parse(json: String(decoding: damaged, as: UTF8.self))
      let result = StateMachineParser.parse(parsed.node)
      #expect(result.machine != nil || !result.diagnostics.isEmpty || !parsed.problems.isEmpty, "round \(round)")
    }
  }

  @Test func survivesDeepNesting() {
    var rule = #"{"Variable": "$", "IsNull": true}"#
    for _ in 0..<190 { rule = #"{"Not": \#(rule)}"# }
    let text = #"{"StartAt": "S", "States": {"S": {"Type": "Choice", "Choices": [{"And": [\#(rule)], "Next": "Z"}]}, "Z": {"Type": "Succeed"}}}"#
    #expect(StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine != nil)
    var machine = #"{"StartAt": "S0", "States": {"S0": {"Type": "Succeed"}}}"#
    for depth in 1...45 { machine = #"{"StartAt": "S\#(depth)", "States": {"S\#(depth)": {"Type": "Parallel", "Branches": [\#(machine)], "End": true}}}"# }
    #expect(StateMachineParser.parse(SyntaxNode.parse(json: machine).node).machine?.states.count == 46)
  }
}

private let queue = #""Resource": "arn:aws:states:::sqs:sendMessage""#

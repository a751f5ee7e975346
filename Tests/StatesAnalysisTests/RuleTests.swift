import JSONTypes
import StatesAnalysis
import StatesLanguage
import TestSupport
import Testing

@Suite struct RuleTests {
  // MARK: Integrations

  static let states = "arn:aws:states:::"
  static let integrations: [Row] = [
    .task(states + "lambda:invoke", #""Parameters": {"FunctionName": "f"}"#),
    .task(states + "lambda:invoke", #""Parameters": {"FunctionName.$": "$.f"}"#),
    .task(states + "lambda:invoke", "", "error /States/S missing-parameter"),
    .task(states + "lambda:invoke", #""Parameters": {"Payload": {}}"#, "error /States/S/Parameters missing-parameter"),
    .task(
      states + "lambda:invoke", #""Parameters": {"FunctionName": "f", "Paylod": {}}"#, "error /States/S/Parameters/Paylod unknown-parameter -> Payload"),
    .task(states + "lambda:invoke", #""Parameters": {"FunctionName": "f", "SomethingNew": 1}"#, "warning /States/S/Parameters/SomethingNew unknown-parameter"),
    .task(states + "lambda:invok", #""Parameters": {}"#, "error /States/S/Resource unknown-integration -> invoke"),
    .task(states + "lambada:invoke", #""Parameters": {}"#, "error /States/S/Resource unknown-integration -> lambda"),
    .task(states + "lambda:invoke.sync", #""Parameters": {"FunctionName": "f"}"#, "error /States/S/Resource unsupported-pattern"),
    .task(states + "ecs:runTask.sync:2", #""Parameters": {"TaskDefinition": "t"}"#, "error /States/S/Resource unsupported-pattern"),
    .task(states + "ecs:runTask.sync", #""Parameters": {"TaskDefinition": "t"}"#),
    .task(states + "states:startExecution.sync:2", #""Parameters": {"StateMachineArn": "a"}"#),
    .task(states + "glue:startJobRun.waitForTaskToken", #""Parameters": {"JobName": "$$.Task.Token"}"#, "error /States/S/Resource unsupported-pattern", "warning /States/S/Parameters/JobName no-dollar -> JobName.$"),
    .task(states + "dynamodb:query", #""Parameters": {"TableName": "t"}"#, "error /States/S/Resource unknown-integration"),
    .task(states + "dynamodb:putItem", #""Parameters": {"TableName": "t"}"#, "error /States/S/Parameters missing-parameter"),
    .task(states + "dynamodb:putItem", #""Parameters": {"TableName": "t", "Item.$": "$.item"}"#),
    .task(states + "batch:submitJob", #""Parameters": {"JobName": "n", "JobQueue": "q"}"#, "warning /States/S/Parameters missing-parameter"),
    .task(states + "aws-sdk:s3:getObject", #""Parameters": {"Bucket": "b", "Key": "k"}"#),
    .task(states + "aws-sdk:s3:getObjct", #""Parameters": {}"#, "error /States/S/Resource unknown-integration -> arn:aws:states:::aws-sdk:s3:getObject"),
    .task(states + "aws-sdk:S3:getObject", #""Parameters": {}"#, "error /States/S/Resource unknown-integration -> arn:aws:states:::aws-sdk:s3:getObject"),
    .task(states + "aws-sdk:s3:getObject.sync", #""Parameters": {}"#, "error /States/S/Resource unsupported-pattern"),
    .task(states + "aws-sdk:qldb:listLedgers", #""Parameters": {}"#),
    .task("arn:${Partition}:states:::lambda:invoke", #""Parameters": {"Payload": 1}"#, "error /States/S/Parameters missing-parameter"),
    .task("${Function}", ""), .task("arn:aws:states:::${Service}:invoke", ""),
    .task("arn:aws:lambda:us-east-1:123456789012:function:f", #""Credentials": {}"#, "error /States/S/Credentials missing-parameter"),
    .task("arn:aws:lambda:us-east-1:123456789012:function:f", #""Credentials": {"RoleArn.$": "$.role"}"#),
    .task("${Function}", #""Credentials": {}"#, "error /States/S/Credentials missing-parameter"),
    .task(
      "arn:${Partition}:states:::sqs:sendMessage.waitForTaskToken", #""Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}"#, type: .express,
      "error /States/S/Resource express-pattern"),
    .task(states + "lambda:invoke.sync", #""Parameters": {"FunctionName": "f"}"#, type: .express, "error /States/S/Resource express-pattern"),
    .task("arn:aws:states:us-east-1:123456789012:activity:a", #""Credentials": {"RoleArn": "r"}"#, "error /States/S/Credentials misplaced-field"),
  ]

  static let redshift: [Row] = [
    .task(states + "aws-sdk:redshiftdata:executeStatement", #""Parameters": {"Sql": "select 1", "Database": "d", "WorkgroupName": "w"}"#),
    .task(states + "aws-sdk:redshiftdata:executeStatement", #""Parameters": {"Database": "d"}"#, "warning /States/S/Parameters missing-parameter"),
    .task(
      states + "aws-sdk:redshiftdata:executeStatement", #""Parameters": {"Sql": "select 1", "Databse": "d"}"#,
      "error /States/S/Parameters/Databse unknown-parameter -> Database"),
    .task(
      states + "aws-sdk:redshiftdata:batchExecuteStatement",
      "\"Parameters\": {\"Sqls\": [\((0...40).map { "\"select \($0)\"" }.joined(separator: ","))]}", "warning /States/S/Parameters/Sqls parameter-limit"),
    .task(
      states + "aws-sdk:redshiftdata:batchExecuteStatement",
      "\"Parameters\": {\"Sqls\": [\((1...40).map { "\"select \($0)\"" }.joined(separator: ","))]}"),
    .task(
      states + "aws-sdk:redshiftdata:executeStatement", "\"Parameters\": {\"Sql\": \"\(String(repeating: "x", count: 102_401))\"}",
      "warning /States/S/Parameters/Sql parameter-limit"),
  ]

  // MARK: Texts and expressions

  static let pass = #""Type": "Pass", "End": true"#
  static let texts: [Row] = [
    .states(#""A": {\#(pass), "Parameters": {"x": "$.a"}}"#, "warning /States/A/Parameters/x no-dollar -> x.$"),
    .states(#""A": {\#(pass), "Parameters": {"x": ["$.a"], "y": "$5", "z": "$", "w": "States.ALL", "v": "$.5 off"}}"#),
    .states(#""A": {\#(pass), "Parameters": {"x": "States.UUID()"}}"#, "warning /States/A/Parameters/x no-dollar -> x.$"),
    .states(#""A": {\#(pass), "Result": {"x.$": "$.a"}}"#, "warning /States/A/Result pass-result-static -> Parameters"),
    .states(#""A": {\#(pass), "Result": "$.a"}"#, "warning /States/A/Result pass-result-static -> Parameters"),
    .states(#""A": {\#(pass), "Result": {"price": "$5"}}"#),
    .states(#""A": {\#(pass), "Parameters": {"x": "{% 1 %}"}}"#, "warning /States/A/Parameters/x jsonata-in-jsonpath"),
    .states(#""A": {\#(pass), "Output": " {% 1 %}"}"#, jsonata: true, "warning /States/A/Output jsonata-as-text -> {% 1 %}"),
    .states(#""A": {\#(pass), "Output": "{% 1"}"#, jsonata: true, "error /States/A/Output invalid-jsonata"),
    .states(#""A": {\#(pass), "Output": " 1 %}"}"#, jsonata: true, "error /States/A/Output invalid-jsonata"),
    .states(#""A": {"Type": "Pass", "End": "{% true %}"}"#, jsonata: true, "error /States/A/End wrong-type"),
    .states(#""A": {\#(pass), "Assign": "{% {} %}"}"#, jsonata: true, "error /States/A/Assign wrong-type"),
    .states(#""A": {\#(pass), "InputPath": "$.a."}"#, "error /States/A/InputPath invalid-path"),
    .states(#""A": {\#(pass), "InputPath": "$.a['b]"}"#, "error /States/A/InputPath invalid-path"),
    .states(#""A": {"Type": "Wait", "Timestamp": "2024-01-01T00:00Z", "End": true}"#, "error /States/A/Timestamp invalid-timestamp"),
    .states(#""A": {"Type": "Wait", "Timestamp": "2024-01-01T00:00:00+01:00", "End": true}"#),
    .states(#""A": {"Type": "Wait", "Timestamp": "2024-01-01T00:00+01:00", "End": true}"#, "error /States/A/Timestamp invalid-timestamp"),
    .states(#""A": {\#(pass), "Parameters": {"x.$": "States.Format(1, $.a)"}}"#, "error /States/A/Parameters/x.$ invalid-intrinsic"),
    .states(#""A": {\#(pass), "Parameters": {"x.$": "States.Hash($.a, 'sha1')"}}"#, "warning /States/A/Parameters/x.$ impossible-call"),
    .states(#""A": {\#(pass), "Parameters": {"x.$": "States.Hash($.a, 'SHA-1')"}}"#),
    // What is followed of the data does not depend on what a template is still to fill in.
    .states(
      #""A": {"Type": "Task", "Resource": "${Function}", "Next": "B"}, "B": {\#(pass), "Parameters": {"x.$": "$nope"}}"#,
      "warning /States/B/Parameters/x.$ undefined-variable"),
    .states(#""A": {\#(pass), "Output": {"x.$": "$.a"}}"#, jsonata: true, "warning /States/A/Output/x.$ path-in-jsonata"),
    .states(
      #""C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "StringEquals": "$.y", "Next": "Z"}], "Default": "Z"}, "Z": {"Type": "Succeed"}"#,
      "warning /States/C/Choices/0/StringEquals no-path -> StringEqualsPath"),
    .states(
      #""C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "StringEqualsPath": "$.y", "Next": "Z"}], "Default": "Z"}, "Z": {"Type": "Succeed"}"#),
  ]

  static let expressions: [Row] = [
    .states(#""A": {\#(pass), "Output": "{% phone %}"}"#, jsonata: true, "error /States/A/Output unsupported-jsonata"),
    .states(#""A": {\#(pass), "Output": "{% $sum(items.price) %}"}"#, jsonata: true, "error /States/A/Output unsupported-jsonata"),
    .states(#""A": {\#(pass), "Output": "{% $states.input.items[price > 1].name %}"}"#, jsonata: true),
    .states(#""A": {\#(pass), "Output": "{% $map($states.input.items, function($v) { $v.name }) %}"}"#, jsonata: true),
    .states(#""A": {\#(pass), "Output": "{% {'a': 1}.a %}"}"#, jsonata: true),
    .states(#""A": {\#(pass), "Output": "{% $states.errorOutput %}"}"#, jsonata: true, "error /States/A/Output unsupported-jsonata"),
    .states(#""A": {\#(pass), "Output": "{% $frobnicate(1) %}"}"#, jsonata: true, "warning /States/A/Output unknown-function"),
    .states(#""A": {\#(pass), "Output": "{% $lenght('a') %}"}"#, jsonata: true, "warning /States/A/Output unknown-function -> $length"),
    .states(#""A": {\#(pass), "Output": "{% ($f := function($x) { $x }; $f(1)) %}"}"#, jsonata: true),
    .states(#""A": {\#(pass), "Output": "{% $eval('1') %}"}"#, jsonata: true, "warning /States/A/Output unsupported-function"),
    .states(#""A": {\#(pass), "Output": "{% $uppercase('a', 'b') %}"}"#, jsonata: true, "warning /States/A/Output wrong-argument-count"),
    .states(#""A": {\#(pass), "Output": "{% 'a' ~> $substring(0, 1) %}"}"#, jsonata: true),
    .states(#""A": {\#(pass), "Output": "{% 'a' ~> $substring(0, 1, 2) %}"}"#, jsonata: true, "warning /States/A/Output wrong-argument-count"),
    .states(#""A": {\#(pass), "Output": "{% $states.inptu %}"}"#, jsonata: true, "warning /States/A/Output unknown-states-field -> $states.input"),
    .states(#""A": {\#(pass), "Parameters": {"x.$": "States.MathAdd(1, '-1')"}}"#, "error /States/A/Parameters/x.$ invalid-intrinsic"),
    .states(#""A": {\#(pass), "Parameters": {"x.$": "States.MathAdd(1, $.n)"}}"#),
    .states(#""A": {\#(pass), "Parameters": {"x.$": "States.Format('{} {}', $.n)"}}"#, "warning /States/A/Parameters/x.$ impossible-call"),
    .states(#""F": {"Type": "Fail", "ErrorPath": "States.Array($.x)"}"#, "error /States/F/ErrorPath invalid-intrinsic"),
    .states(#""F": {"Type": "Fail", "ErrorPath": "States.Format('{}', $.x)"}"#),
  ]

  // MARK: Order, loops, objects

  static let task = #""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f""#
  static func retry(_ lists: String...) -> String {
    "\"A\": {\(task), \"End\": true, \"Retry\": [\(lists.map { "{\"ErrorEquals\": [\($0)]}" }.joined(separator: ", "))]}"
  }
  static let entries: [Row] = [
    .states(retry(#""X""#, #""Y""#)), .states(retry(#""X""#, #""X""#), "warning /States/A/Retry/1 shadowed-entry"),
    .states(retry(#""X""#, #""X", "Y""#)), .states(retry(#""States.TaskFailed""#, #""X""#), "warning /States/A/Retry/1 shadowed-entry"),
    .states(retry(#""States.TaskFailed""#, #""States.Timeout""#)), .states(retry(#""X""#, #""States.ALL""#)),
    .states(retry(#""States.Runtime""#), "warning /States/A/Retry/0/ErrorEquals uncatchable-error"),
    .states(retry(#""States.TaskFail""#), "warning /States/A/Retry/0/ErrorEquals/0 unknown-error-name -> States.TaskFailed"),
    // A Fail state within bears the name.
    .states(
      #""P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "States.Met"}}}], "Catch": [{"ErrorEquals": ["States.Met"], "Next": "Z"}]}, "Z": {"Type": "Succeed"}"#
    ),
    .states(
      #""C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "NumericEquals": 1, "Next": "Z"}, {"NumericEquals": 1, "Variable": "$.x", "Next": "Z"}]}, "Z": {"Type": "Succeed"}"#,
      "warning /States/C/Choices/1 choice-never-matches"),
    .states(#""A": {\#(pass), "Parameters": {"x": 1, "y": {"z": 1, "z": 2}}}"#, "error /States/A/Parameters/y/z duplicate-key"),
    .states(#""A": {\#(pass), "Parameters": {"x": {"z": 1}, "y": {"z": 2}}}"#),
    .states(#""F": {"Type": "Fail", "Error": "\#(String(repeating: "e", count: 257))"}"#, "warning /States/F/Error text-too-long"),
    .states(
      #""C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "Z"}], "Default": "P"}, "P": {"Type": "Pass", "Parameters": {"all.$": "$"}, "Next": "C"}, "Z": {"Type": "Succeed"}"#,
      "warning /States/P/Parameters growing-payload"),
    .states(
      #""C": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "Z"}], "Default": "P"}, "P": {"Type": "Pass", "Parameters": {"all.$": "$.n"}, "Next": "C"}, "Z": {"Type": "Succeed"}"#
    ),
  ]

  // MARK: Loops that make data grow

  static func loop(_ state: String, jsonata: Bool = true, _ found: String...) -> Row {
    let rule = jsonata ? #""Condition": "{% $states.input.done %}""# : #""Variable": "$.done", "IsPresent": true"#
    var row = Row.states(
      #""C": {"Type": "Choice", "Choices": [{\#(rule), "Next": "Z"}], "Default": "P"}, "P": {\#(state), "Next": "C"}, "Z": {"Type": "Succeed"}"#,
      jsonata: jsonata)
    row.findings = found.map { "warning /States/P/\($0) growing-payload" }
    return row
  }
  static let loops: [Row] = [
    loop(#""Type": "Pass", "Output": {"all": "{% $states.input %}"}"#, "Output"),
    loop(#""Type": "Pass", "Output": "{% {'all': $states.input, 'n': 1} %}""#, "Output"),
    loop(#""Type": "Pass", "Output": "{% $merge([$states.input, {'last': $states.input}]) %}""#, "Output"),
    loop(#""Type": "Pass", "Output": "{% $append($states.input, $states.input) %}""#, "Output"),
    loop(#""Type": "Pass", "Output": {"list": "{% $append($states.input.list, $states.input.list) %}"}"#, "Output"),
    loop(#""Type": "Pass", "Output": "{% $merge([$states.input, {'n': 1}]) %}""#), loop(#""Type": "Pass", "Output": {"last": "{% $states.input.id %}"}"#),
    loop(#""Type": "Pass", "Output": {"list": "{% $append($states.input.list, $states.input.item) %}"}"#),
    loop(#""Type": "Pass", "Output": "{% $states.input.x ? {'a': $states.input} : {'a': 1} %}""#),
    loop(#""Type": "Pass", "Assign": {"v": "{% $append($v, $v) %}"}"#, "Assign/v"),
    loop(#""Type": "Pass", "Assign": {"v": "{% $v & ',' & $v %}"}"#, "Assign/v"),
    loop(#""Type": "Pass", "Assign": {"v": {"a": "{% $v %}", "b": "{% $v %}"}}"#, "Assign/v"),
    loop(#""Type": "Pass", "Assign": {"v": "{% $merge([$v, {'before': $v}]) %}"}"#, "Assign/v"),
    loop(#""Type": "Pass", "Assign": {"v": "{% $append($v, $states.input) %}"}"#), loop(#""Type": "Pass", "Assign": {"v": "{% $merge([$v, $v]) %}"}"#),
    loop(#""Type": "Pass", "Assign": {"v": "{% $v + $v %}"}"#), loop(#""Type": "Pass", "Assign": {"v": "{% ($v := 1; $append($v, $v)) %}"}"#),
    loop(#""Type": "Pass", "Assign": {"v": {"next": "{% $v %}"}}"#), loop(#""Type": "Pass", "Assign": {"w": "{% $append($v, $v) %}"}"#),
    loop(#""Type": "Pass", "Assign": {"v.$": "States.Array($v, $v)"}"#, jsonata: false, "Assign/v.$"),
    loop(#""Type": "Pass", "Assign": {"v.$": "States.Format('{}{}', $v, $v)"}"#, jsonata: false, "Assign/v.$"),
    loop(#""Type": "Pass", "Assign": {"v.$": "States.Array($v, $.x)"}"#, jsonata: false),
    loop(#""Type": "Pass", "Assign": {"v.$": "States.MathAdd($v, $v)"}"#, jsonata: false),
    loop(#""Type": "Pass", "Assign": {"v": "$v"}"#, jsonata: false),
  ].map { row in
    var row = row
    // The variable is there from the beginning, and what is said of it otherwise is no matter here.
    row.definition = row.definition.replacing("\"StartAt\": \"C\"", with: "\"StartAt\": \"S\"").replacing(
      "\"States\": {", with: "\"States\": {\"S\": {\"Type\": \"Pass\", \"Assign\": {\"v\": 1, \"w\": 1}, \"Next\": \"C\"}, ")
    return row
  }

  @Test(arguments: loops)
  func tellsWhatGrows(_ row: Row) {
    #expect(findings(row.definition).filter { $0.hasSuffix("growing-payload") } == row.findings)
  }

  @Test(arguments: [integrations, redshift, texts, expressions, entries].joined())
  func finds(_ row: Row) {
    #expect(findings(row.definition, type: row.type, input: row.input) == row.findings)
  }

  // MARK: Placeholders

  @Test(arguments: [
    #""W": {"Type": "Wait", "Seconds": "${Delay}", "End": true}"#, #""W": {"Type": "Wait", "Timestamp": "${When}", "End": true}"#,
    #""P": {"Type": "Pass", "Next": "${Next}"}, "Z": {"Type": "Succeed"}"#, #""P": {"Type": "Pass", "InputPath": "${Path}", "End": true}"#,
    #""P": {"Type": "Pass", "Parameters": {"x.$": "${Path}"}, "End": true}"#,
  ])
  func leavesPlaceholdersOpen(states: String) {
    let row = Row.states(states)
    #expect(findings(row.definition, [.error]).filter { !$0.contains("unreachable") } == [])
  }

  // MARK: The corpus

  /// What AWS has taken gets no error, what it refuses gets one.
  @Test func agreesWithTheCorpus() throws {
    var missed: [String] = []
    var refused: [String] = []
    var counts = (valid: 0, invalid: 0)
    for entry in try Conformance.cases("validate/manifest.jsonl") where entry["format"] == "json" && entry["disputed"] == nil {
      guard let file = entry["file"]?.asString, let text = try Conformance.text("validate/" + file) else { continue }
      let parsed = SyntaxNode.parse(json: text)
      let type = entry["type"]?.asString.flatMap { WorkflowType(rawValue: $0) } ?? .standard
      let hasErrors = !parsed.problems.isEmpty || DefinitionCheck.check(parsed.node, type: type).diagnostics.contains { $0.severity == .error }
      if entry["verdict"] == "invalid" {
        counts.invalid += 1
        if !hasErrors { missed.append(file) }
      } else {
        counts.valid += 1
        if hasErrors { refused.append(file) }
      }
    }
    #expect(Double(missed.count) <= 0.02 * Double(counts.invalid), "missed: \(missed)")
    #expect(refused == [])
  }
}

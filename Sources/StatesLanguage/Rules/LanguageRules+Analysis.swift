/// The rules of what follows from a definition: integrations, texts, data and advice.
extension LanguageRules {
  private static let function = "arn:aws:lambda:us-east-1:123456789012:function:load"

  static func task(_ fields: String, resource: String = "arn:aws:states:::lambda:invoke", parameters: String = "{ \"FunctionName\": \"load\" }") -> Rule.Example {
    .states(
      """
      "Load": {
        "Type": "Task",
        "Resource": "\(resource)",
        "Parameters": \(parameters),\(fields.isEmpty ? "" : "\n  " + fields.split(separator: "\n").joined(separator: "\n  "))
        "End": true
      }
      """)
  }

  static func pass(_ field: String) -> Rule.Example { .states("\"Load\": { \"Type\": \"Pass\", \(field), \"End\": true }") }
  static func jsonata(_ output: String) -> Rule.Example {
    .states("\"Load\": { \"Type\": \"Pass\", \"Output\": \"\(output)\", \"End\": true }", language: .jsonata)
  }

  static let integrations: [Rule] = [
    Rule(
      "unknown-integration", .error, "Step Functions has no integration of this name",
      "The service or its action is mistyped. Actions of aws-sdk integrations begin with a small letter.",
      bad: task("", resource: "arn:aws:states:::lambda:invok"), good: task(""),
      source: "AWS Step Functions Developer Guide, \"Integrating services\""),
    Rule(
      "unsupported-pattern", .error, "the integration does not offer this pattern",
      "Not every service can be waited for by .sync or .waitForTaskToken; .sync:2 is states:startExecution's alone.",
      bad: task("", resource: "arn:aws:states:::lambda:invoke.sync"), good: task(""),
      source: "AWS Step Functions Developer Guide, \"Integrating services\""),
    Rule(
      "missing-parameter", .error, "an integration lacks a parameter that it needs", "A name with .$ counts as the parameter.",
      bad: task("", parameters: "{ \"Payload.$\": \"$\" }"), good: task("", parameters: "{ \"FunctionName\": \"load\", \"Payload.$\": \"$\" }"),
      source: "AWS's ValidateStateMachineDefinition: \"The field 'X' is required but was missing\""),
    Rule(
      "unknown-parameter", .error, "an integration has no such parameter",
      "A name near a known one is an error; any other is a warning, since services grow.",
      bad: task("", parameters: "{ \"FunctionName\": \"load\", \"Paylod.$\": \"$\" }"),
      good: task("", parameters: "{ \"FunctionName\": \"load\", \"Payload.$\": \"$\" }"), source: "the API reference of each service"),
    Rule(
      "parameter-limit", .warning, "a parameter is larger than its service takes", "The Redshift Data API takes 40 statements of 100 KB at a time.",
      bad: task("", resource: "arn:aws:states:::aws-sdk:redshiftdata:batchExecuteStatement", parameters: "{ \"Database\": \"dev\", \"WorkgroupName\": \"w\", \"Sqls\": [] }"),
      good: task("", resource: "arn:aws:states:::aws-sdk:redshiftdata:batchExecuteStatement", parameters: "{ \"Database\": \"dev\", \"WorkgroupName\": \"w\", \"Sqls\": [\"select 1\"] }"),
      source: "Amazon Redshift Management Guide, \"Using the Amazon Redshift Data API\""),
    Rule(
      "unused-task-token", .warning, "a task waits for its token and gives it to nobody", "Nobody can answer, so the task ends by its timeout. Pass $$.Task.Token on.",
      bad: task("\"HeartbeatSeconds\": 60,", resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", parameters: "{ \"QueueUrl\": \"jobs\", \"MessageBody\": \"go\" }"),
      good: task("\"HeartbeatSeconds\": 60,", resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", parameters: "{ \"QueueUrl\": \"jobs\", \"MessageBody.$\": \"$$.Task.Token\" }"),
      source: "AWS Step Functions Developer Guide, \"Wait for a Callback with Task Token\""),
  ]

  static let texts: [Rule] = [
    Rule(
      "no-dollar", .warning, "a text looks like a path, and its key has no .$", "Without .$ the text itself is handed on.",
      bad: pass("\"Parameters\": { \"id\": \"$.order.id\" }"), good: pass("\"Parameters\": { \"id.$\": \"$.order.id\" }"),
      source: "AWS's ValidateStateMachineDefinition: NO_DOLLAR"),
    Rule(
      "no-path", .warning, "a comparison with a text that looks like a path", "StringEquals compares with the text itself; StringEqualsPath with what stands there.",
      bad: .states("\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [{ \"Variable\": \"$.a\", \"StringEquals\": \"$.b\", \"Next\": \"Done\" }],\n  \"Default\": \"Done\"\n},\n\"Done\": { \"Type\": \"Succeed\" }"),
      good: .states("\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [{ \"Variable\": \"$.a\", \"StringEqualsPath\": \"$.b\", \"Next\": \"Done\" }],\n  \"Default\": \"Done\"\n},\n\"Done\": { \"Type\": \"Succeed\" }"),
      source: "AWS's ValidateStateMachineDefinition: NO_PATH"),
    Rule(
      "pass-result-static", .warning, "Result holds paths, and nothing in it is read as one", "Parameters computes; Result is handed on as it is written.",
      bad: pass("\"Result\": { \"id.$\": \"$.order.id\" }"), good: pass("\"Parameters\": { \"id.$\": \"$.order.id\" }"),
      source: "AWS's ValidateStateMachineDefinition: PASS_RESULT_IS_STATIC"),
    Rule(
      "jsonata-in-jsonpath", .warning, "a JSONata expression stands in a JSONPath state", "It is handed on as a text. Set \"QueryLanguage\": \"JSONata\", or use a path.",
      bad: pass("\"Parameters\": { \"id\": \"{% $states.input.id %}\" }"), good: pass("\"Parameters\": { \"id.$\": \"$.id\" }"),
      source: "AWS Step Functions Developer Guide, \"Transforming data with JSONata\""),
    Rule(
      "jsonata-as-text", .warning, "blanks around an expression make it a text", "An expression begins with {% and ends with %}, with nothing before and behind.",
      bad: jsonata(" {% $states.input.id %}"), good: jsonata("{% $states.input.id %}"),
      source: "AWS Step Functions Developer Guide, \"Transforming data with JSONata\""),
    Rule(
      "path-in-jsonata", .warning, "a key ends in .$ in a JSONata state", "JSONata has no such keys: the ending becomes a part of the name.",
      bad: .states("\"Load\": { \"Type\": \"Pass\", \"Output\": { \"id.$\": \"$.id\" }, \"End\": true }", language: .jsonata),
      good: .states("\"Load\": { \"Type\": \"Pass\", \"Output\": { \"id\": \"{% $states.input.id %}\" }, \"End\": true }", language: .jsonata),
      source: "AWS Step Functions Developer Guide, \"Transforming data with JSONata\""),
    Rule(
      "unknown-function", .warning, "JSONata has no such function", "Those of Step Functions are $partition, $range, $hash, $random, $uuid and $parse.",
      bad: jsonata("{% $lenght('abc') %}"), good: jsonata("{% $length('abc') %}"), source: "JSONata, \"Function Library\""),
    Rule(
      "unsupported-function", .warning, "Step Functions leaves this function out", "$eval does not exist there; $parse reads JSON.",
      bad: jsonata("{% $eval('1') %}"), good: jsonata("{% $parse('1') %}"), source: "AWS Step Functions Developer Guide, \"Transforming data with JSONata\""),
    Rule(
      "wrong-argument-count", .warning, "a function has too many or too few arguments", "The call fails when the state runs.",
      bad: jsonata("{% $uppercase('a', 'b') %}"), good: jsonata("{% $uppercase('a') %}"), source: "JSONata, \"Function Library\""),
    Rule(
      "unknown-states-field", .warning, "$states has no such field", "It has input, result, errorOutput and context.",
      bad: jsonata("{% $states.inptu %}"), good: jsonata("{% $states.input %}"), source: "AWS Step Functions Developer Guide, \"Transforming data with JSONata\""),
    Rule(
      "misplaced-result", .warning, "$states.result is read before the work is done", "It is there in Output and Assign alone.",
      bad: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:states:::lambda:invoke",
          "Arguments": { "FunctionName": "load", "Payload": "{% $states.result %}" },
          "End": true
        }
        """, language: .jsonata),
      good: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:states:::lambda:invoke",
          "Arguments": { "FunctionName": "load" },
          "Output": "{% $states.result.Payload %}",
          "End": true
        }
        """, language: .jsonata),
      source: "AWS Step Functions Developer Guide, \"Transforming data with JSONata\""),
    Rule(
      "impossible-call", .warning, "a call of an intrinsic function cannot succeed", "States.Format needs an argument for each pair of braces.",
      bad: pass("\"Parameters\": { \"line.$\": \"States.Format('{} of {}', $.a)\" }"), good: pass("\"Parameters\": { \"line.$\": \"States.Format('{}', $.a)\" }"),
      source: "Amazon States Language, \"Intrinsic Functions\""),
    Rule(
      "text-too-long", .warning, "Error or Cause is longer than the service keeps", "Error has 256 characters, Cause 32,768.",
      bad: .states("\"Sorry\": { \"Type\": \"Fail\", \"Error\": \"\(String(repeating: "VeryLong", count: 33))\" }"), good: .states("\"Sorry\": { \"Type\": \"Fail\", \"Error\": \"Short\" }"),
      source: "AWS Step Functions API Reference, \"HistoryEvent\""),
  ]

  private static let sorry = ",\n\"Sorry\": { \"Type\": \"Fail\", \"Error\": \"Sorry\" }"
  private static func retried(_ entries: String) -> Rule.Example { task("\"Retry\": [\(entries)],") }

  static let data: [Rule] = [
    Rule(
      "shadowed-entry", .warning, "a retrier or catcher never acts", "An entry before it takes all its errors.",
      bad: retried("{ \"ErrorEquals\": [\"States.TaskFailed\"] }, { \"ErrorEquals\": [\"Busy\"] }"),
      good: retried("{ \"ErrorEquals\": [\"Busy\"] }, { \"ErrorEquals\": [\"States.TaskFailed\"] }"), source: "Amazon States Language, \"Errors\""),
    Rule(
      "uncatchable-error", .warning, "a retrier or catcher names an error that cannot be caught", "States.Runtime ends the execution, whatever names it.",
      bad: retried("{ \"ErrorEquals\": [\"States.Runtime\"] }"), good: retried("{ \"ErrorEquals\": [\"States.TaskFailed\"] }"),
      source: "Amazon States Language, \"Appendix A: Predefined Error Codes\""),
    Rule(
      "unknown-error-name", .warning, "no error bears this name", "Names that begin with States. are those of the language.",
      bad: retried("{ \"ErrorEquals\": [\"States.TaskFail\"] }"), good: retried("{ \"ErrorEquals\": [\"States.TaskFailed\"] }"),
      source: "Amazon States Language, \"Appendix A: Predefined Error Codes\""),
    Rule(
      "choice-never-matches", .warning, "a choice rule can never match", "An earlier rule asks the same, or nothing that comes to the state can fit.",
      bad: .states("\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [\n    { \"Variable\": \"$.a\", \"NumericEquals\": 1, \"Next\": \"Done\" },\n    { \"Variable\": \"$.a\", \"NumericEquals\": 1, \"Next\": \"Done\" }\n  ],\n  \"Default\": \"Done\"\n},\n\"Done\": { \"Type\": \"Succeed\" }"),
      good: .states("\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [\n    { \"Variable\": \"$.a\", \"NumericEquals\": 1, \"Next\": \"Done\" },\n    { \"Variable\": \"$.a\", \"NumericEquals\": 2, \"Next\": \"Done\" }\n  ],\n  \"Default\": \"Done\"\n},\n\"Done\": { \"Type\": \"Succeed\" }"),
      source: "sfn-local: the data followed through the states"),
    Rule(
      "impossible-path", .warning, "a path leads to nothing, whatever the input", "The state before it makes data without that field, so an execution fails here.",
      bad: .states("\"Make\": { \"Type\": \"Pass\", \"Result\": { \"id\": 1 }, \"Next\": \"Use\" },\n\"Use\": { \"Type\": \"Pass\", \"Parameters\": { \"n.$\": \"$.number\" }, \"End\": true }"),
      good: .states("\"Make\": { \"Type\": \"Pass\", \"Result\": { \"id\": 1 }, \"Next\": \"Use\" },\n\"Use\": { \"Type\": \"Pass\", \"Parameters\": { \"n.$\": \"$.id\" }, \"End\": true }"),
      source: "sfn-local: the data followed through the states"),
    Rule(
      "not-an-array", .warning, "the items of a Map are never an array", "The Map fails when it runs.",
      bad: .states("\"Make\": { \"Type\": \"Pass\", \"Result\": { \"items\": 3 }, \"Next\": \"Each\" },\n\"Each\": {\n  \"Type\": \"Map\",\n  \"ItemsPath\": \"$.items\",\n  \"ItemProcessor\": { \"StartAt\": \"One\", \"States\": { \"One\": { \"Type\": \"Pass\", \"End\": true } } },\n  \"End\": true\n}"),
      good: .states("\"Make\": { \"Type\": \"Pass\", \"Result\": { \"items\": [3] }, \"Next\": \"Each\" },\n\"Each\": {\n  \"Type\": \"Map\",\n  \"ItemsPath\": \"$.items\",\n  \"ItemProcessor\": { \"StartAt\": \"One\", \"States\": { \"One\": { \"Type\": \"Pass\", \"End\": true } } },\n  \"End\": true\n}"),
      source: "sfn-local: the data followed through the states"),
    Rule(
      "growing-payload", .warning, "each round of a loop puts data into itself",
      "After some rounds it is larger than a payload or a variable may be. Keep what is needed. It is told of a Pass state's Parameters and ResultPath that hold the whole input, of a JSONata Output that has $states.input in a member or twice, and of a variable that is put into itself twice, as $append($list, $list) does.",
      bad: .states("\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [{ \"Variable\": \"$.done\", \"IsPresent\": true, \"Next\": \"Done\" }],\n  \"Default\": \"Again\"\n},\n\"Again\": { \"Type\": \"Pass\", \"Parameters\": { \"all.$\": \"$\" }, \"Next\": \"Decide\" },\n\"Done\": { \"Type\": \"Succeed\" }"),
      good: .states("\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [{ \"Variable\": \"$.done\", \"IsPresent\": true, \"Next\": \"Done\" }],\n  \"Default\": \"Again\"\n},\n\"Again\": { \"Type\": \"Pass\", \"Parameters\": { \"last.$\": \"$.id\" }, \"Next\": \"Decide\" },\n\"Done\": { \"Type\": \"Succeed\" }"),
      source: "AWS Step Functions Developer Guide, \"Quotas\""),
    Rule(
      "undefined-variable", .warning, "a variable is read that no state before has assigned", "Variables of an inner scope end with it.",
      bad: .states("\"Use\": { \"Type\": \"Pass\", \"Parameters\": { \"id.$\": \"$orderId\" }, \"End\": true }"),
      good: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"orderId\": 7 }, \"Next\": \"Use\" },\n\"Use\": { \"Type\": \"Pass\", \"Parameters\": { \"id.$\": \"$orderId\" }, \"End\": true }"),
      source: "AWS Step Functions Developer Guide, \"Passing data between states with variables\""),
    Rule(
      "perhaps-undefined-variable", .advice, "there is a way to a state on which a variable is not assigned", "Assign it before the ways part.",
      bad: .states("\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [{ \"Variable\": \"$.a\", \"IsPresent\": true, \"Next\": \"Keep\" }],\n  \"Default\": \"Use\"\n},\n\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"id\": 7 }, \"Next\": \"Use\" },\n\"Use\": { \"Type\": \"Pass\", \"Parameters\": { \"id.$\": \"$id\" }, \"End\": true }"),
      good: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"id\": 7 }, \"Next\": \"Use\" },\n\"Use\": { \"Type\": \"Pass\", \"Parameters\": { \"id.$\": \"$id\" }, \"End\": true }"),
      source: "sfn-local: the data followed through the states"),
    Rule(
      "shadowed-variable", .warning, "an inner scope assigns a variable of the states around it", "It can be read there, but not assigned. Take another name.",
      bad: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"id\": 7 }, \"Next\": \"Both\" },\n\"Both\": {\n  \"Type\": \"Parallel\",\n  \"Branches\": [{ \"StartAt\": \"In\", \"States\": { \"In\": { \"Type\": \"Pass\", \"Assign\": { \"id\": 8 }, \"End\": true } } }],\n  \"End\": true\n}"),
      good: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"id\": 7 }, \"Next\": \"Both\" },\n\"Both\": {\n  \"Type\": \"Parallel\",\n  \"Branches\": [{ \"StartAt\": \"In\", \"States\": { \"In\": { \"Type\": \"Pass\", \"Assign\": { \"inner\": 8 }, \"End\": true } } }],\n  \"End\": true\n}"),
      source: "AWS Step Functions Developer Guide, \"Passing data between states with variables\""),
  ]

  static let advice: [Rule] = [
    Rule(
      "local-only-resource", .advice, "a resource exists in sfn-local alone", "The service refuses it. Deployed, submit with aws-sdk:redshiftdata and ask in a loop.",
      bad: task("\"TimeoutSeconds\": 60,", resource: "arn:aws:states:::redshift-data:executeStatement.sync", parameters: "{ \"Database\": \"dev\", \"WorkgroupName\": \"w\", \"Sql\": \"select 1\" }"),
      good: task("\"TimeoutSeconds\": 60,", resource: "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", parameters: "{ \"Database\": \"dev\", \"WorkgroupName\": \"w\", \"Sql\": \"select 1\" }"),
      source: "Differences from AWS"),
    Rule(
      "no-task-timeout", .advice, "a task has no timeout", "Where nothing answers, it waits for a year.", bad: task(""), good: task("\"TimeoutSeconds\": 60,"),
      source: "AWS Step Functions Developer Guide, \"Best practices\""),
    Rule(
      "lambda-without-retry", .advice, "a Lambda call is not repeated", "The service now and then fails for no fault of yours: retry Lambda.ServiceException and Lambda.TooManyRequestsException.",
      bad: task("\"TimeoutSeconds\": 60,"), good: task("\"TimeoutSeconds\": 60,\n\"Retry\": [{ \"ErrorEquals\": [\"Lambda.ServiceException\"] }],"),
      source: "AWS Step Functions Developer Guide, \"Best practices\""),
    Rule(
      "lambda-by-arn", .advice, "a function's ARN is the Resource", "lambda:invoke knows versions, payloads and metadata.",
      bad: .states("\"Load\": { \"Type\": \"Task\", \"Resource\": \"\(function)\", \"TimeoutSeconds\": 60, \"End\": true }"), good: task("\"TimeoutSeconds\": 60,"),
      source: "AWS Step Functions Developer Guide, \"Invoke an AWS Lambda function\""),
    Rule(
      "unlinked-execution", .advice, "a nested execution does not know who started it", "The console links both when Input carries the id.",
      bad: task("\"TimeoutSeconds\": 60,", resource: "arn:aws:states:::states:startExecution", parameters: "{ \"StateMachineArn\": \"arn\", \"Input\": { \"a\": 1 } }"),
      good: task("\"TimeoutSeconds\": 60,", resource: "arn:aws:states:::states:startExecution", parameters: "{ \"StateMachineArn\": \"arn\", \"Input\": { \"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$\": \"$$.Execution.Id\" } }"),
      source: "AWS Step Functions Developer Guide, \"Start workflow executions from a task state\""),
    Rule(
      "deprecated-field", .advice, "a field has a newer name", "Iterator became ItemProcessor, and a Map's Parameters became ItemSelector. The old names still work.",
      bad: .states("\"Each\": {\n  \"Type\": \"Map\",\n  \"Iterator\": { \"StartAt\": \"One\", \"States\": { \"One\": { \"Type\": \"Pass\", \"End\": true } } },\n  \"End\": true\n}"),
      good: .states("\"Each\": {\n  \"Type\": \"Map\",\n  \"ItemProcessor\": { \"StartAt\": \"One\", \"States\": { \"One\": { \"Type\": \"Pass\", \"End\": true } } },\n  \"End\": true\n}"),
      source: "Amazon States Language, \"Map State\""),
    Rule(
      "unused-variable", .advice, "no state reads a variable", "Take it out, or read it.",
      bad: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"id\": 7 }, \"End\": true }"),
      good: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"id\": 7 }, \"Next\": \"Use\" },\n\"Use\": { \"Type\": \"Pass\", \"Parameters\": { \"id.$\": \"$id\" }, \"End\": true }"),
      source: "sfn-local"),
    Rule(
      "unbounded-map", .advice, "a distributed Map has no MaxConcurrency", "It starts up to 10,000 children at once, whatever they call.",
      bad: each(""), good: each("\n  \"MaxConcurrency\": 40,"), source: "AWS Step Functions Developer Guide, \"Map state in Distributed mode\""),
    Rule(
      "unbounded-retry", .advice, "a retrier goes on for longer than an execution may", "Give it fewer attempts, or MaxDelaySeconds.",
      bad: task("\"Retry\": [{ \"ErrorEquals\": [\"Busy\"], \"MaxAttempts\": 99999999 }],"), good: task("\"Retry\": [{ \"ErrorEquals\": [\"Busy\"], \"MaxAttempts\": 5 }],"),
      source: "Amazon States Language, \"Retrying after error\""),
    Rule(
      "states-all-hides", .advice, "States.ALL takes errors that nobody thought of", "A wrong path or a missing permission is not healed by repetition. Name the errors that pass.",
      bad: task("\"Retry\": [{ \"ErrorEquals\": [\"States.ALL\"] }],"), good: task("\"Retry\": [{ \"ErrorEquals\": [\"States.TaskFailed\"] }],"),
      source: "AWS Step Functions Developer Guide, \"Handling errors\""),
    Rule(
      "no-machine-timeout", .advice, "a machine with a loop has no TimeoutSeconds", "An execution may go round for a year.",
      bad: .states("\"Rest\": { \"Type\": \"Wait\", \"Seconds\": 600, \"Next\": \"Ask\" },\n\"Ask\": {\n  \"Type\": \"Task\",\n  \"Resource\": \"arn:aws:states:::aws-sdk:redshiftdata:describeStatement\",\n  \"Parameters\": { \"Id.$\": \"$.Id\" },\n  \"TimeoutSeconds\": 5,\n  \"Next\": \"Decide\"\n},\n\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FINISHED\", \"Next\": \"Done\" },\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FAILED\", \"Next\": \"Done\" },\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"ABORTED\", \"Next\": \"Done\" }\n  ],\n  \"Default\": \"Rest\"\n},\n\"Done\": { \"Type\": \"Succeed\" }"), good: .file("machine.asl.json", "{\n\"StartAt\": \"Rest\",\n\"TimeoutSeconds\": 86400,\n\"States\": {\n\"Rest\": { \"Type\": \"Wait\", \"Seconds\": 600, \"Next\": \"Ask\" },\n\"Ask\": {\n  \"Type\": \"Task\",\n  \"Resource\": \"arn:aws:states:::aws-sdk:redshiftdata:describeStatement\",\n  \"Parameters\": { \"Id.$\": \"$.Id\" },\n  \"TimeoutSeconds\": 5,\n  \"Next\": \"Decide\"\n},\n\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FINISHED\", \"Next\": \"Done\" },\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FAILED\", \"Next\": \"Done\" },\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"ABORTED\", \"Next\": \"Done\" }\n  ],\n  \"Default\": \"Rest\"\n},\n\"Done\": { \"Type\": \"Succeed\" }\n}\n}"),
      source: "AWS Step Functions Developer Guide, \"Best practices\""),
    Rule(
      "poll-without-exit", .advice, "a polling loop has no exit for a status at which the work has ended", "The loop then goes on for ever. A rule for each final status ends it.",
      bad: .states("\"Rest\": { \"Type\": \"Wait\", \"Seconds\": 600, \"Next\": \"Ask\" },\n\"Ask\": {\n  \"Type\": \"Task\",\n  \"Resource\": \"arn:aws:states:::aws-sdk:redshiftdata:describeStatement\",\n  \"Parameters\": { \"Id.$\": \"$.Id\" },\n  \"TimeoutSeconds\": 5,\n  \"Next\": \"Decide\"\n},\n\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FINISHED\", \"Next\": \"Done\" },\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FAILED\", \"Next\": \"Done\" }\n  ],\n  \"Default\": \"Rest\"\n},\n\"Done\": { \"Type\": \"Succeed\" }"), good: .states("\"Rest\": { \"Type\": \"Wait\", \"Seconds\": 600, \"Next\": \"Ask\" },\n\"Ask\": {\n  \"Type\": \"Task\",\n  \"Resource\": \"arn:aws:states:::aws-sdk:redshiftdata:describeStatement\",\n  \"Parameters\": { \"Id.$\": \"$.Id\" },\n  \"TimeoutSeconds\": 5,\n  \"Next\": \"Decide\"\n},\n\"Decide\": {\n  \"Type\": \"Choice\",\n  \"Choices\": [\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FINISHED\", \"Next\": \"Done\" },\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"FAILED\", \"Next\": \"Done\" },\n    { \"Variable\": \"$.Status\", \"StringEquals\": \"ABORTED\", \"Next\": \"Done\" }\n  ],\n  \"Default\": \"Rest\"\n},\n\"Done\": { \"Type\": \"Succeed\" }"), source: "the API reference of the service that is asked"),
    Rule(
      "sync-instead-of-polling", .advice, "a loop asks for a job that Step Functions can wait for", "With .sync the task ends with the job; no Wait, no Choice, and no state in between.",
      bad: .states(
        """
        "Start": { "Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "Parameters": { "JobName": "load" }, "TimeoutSeconds": 5, "Next": "Rest" },
        "Rest": { "Type": "Wait", "Seconds": 600, "Next": "Ask" },
        "Ask": {
          "Type": "Task",
          "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun",
          "Parameters": { "JobName": "load", "RunId": "run" },
          "TimeoutSeconds": 5,
          "Next": "Decide"
        },
        "Decide": {
          "Type": "Choice",
          "Choices": [{ "Variable": "$.JobRun.JobRunState", "StringEquals": "SUCCEEDED", "Next": "Done" }],
          "Default": "Rest"
        },
        "Done": { "Type": "Succeed" }
        """),
      good: task("\"TimeoutSeconds\": 3600,", resource: "arn:aws:states:::glue:startJobRun.sync", parameters: "{ \"JobName\": \"load\" }"),
      source: "AWS Step Functions Developer Guide, \"Run a Job (.sync)\""),
    Rule(
      "busy-loop", .advice, "a loop asks again without a pause", "Put a Wait between, or retry with an interval: each round costs transitions and may be throttled.",
      bad: loop(wait: nil, seconds: 0), good: loop(wait: "Rest", seconds: 60), source: "AWS Step Functions Developer Guide, \"Best practices\""),
    Rule(
      "history-budget", .advice, "a loop that goes on for a day or more may fill the history", "An execution has 25,000 events. Wait longer, or start a new execution now and then.",
      bad: loop(wait: "Rest", seconds: 1), good: loop(wait: "Rest", seconds: 600), source: "AWS Step Functions Developer Guide, \"Quotas\""),
  ]

  /// A task that is asked until it says DONE.
  private static func loop(wait: String?, seconds: Int) -> Rule.Example {
    let pause = wait.map { ",\n\"\($0)\": { \"Type\": \"Wait\", \"Seconds\": \(seconds), \"Next\": \"Ask\" }" } ?? ""
    return .states(
      """
      "Ask": {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": { "FunctionName": "is-it-done" },
        "TimeoutSeconds": 60,
        "Next": "Decide"
      },
      "Decide": {
        "Type": "Choice",
        "Choices": [{ "Variable": "$.Payload.status", "StringEquals": "DONE", "Next": "Done" }],
        "Default": "\(wait ?? "Ask")"
      },
      "Done": { "Type": "Succeed" }\(pause)
      """)
  }

  private static func each(_ field: String) -> Rule.Example {
    .states(
      "\"Each\": {\n  \"Type\": \"Map\",\(field)\n  \"ItemProcessor\": {\n    \"ProcessorConfig\": { \"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"EXPRESS\" },\n    \"StartAt\": \"One\",\n    \"States\": { \"One\": { \"Type\": \"Pass\", \"End\": true } }\n  },\n  \"End\": true\n}")
  }
}

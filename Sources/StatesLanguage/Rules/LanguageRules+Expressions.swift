extension LanguageRules {
  static let expressions: [Rule] = [
    Rule(
      "invalid-path", .error, "a text is no path",
      "Paths begin with $, with $$ for the context, or with $name for a variable.",
      bad: .states("\"Load\": { \"Type\": \"Pass\", \"InputPath\": \"order.items\", \"End\": true }"),
      good: .states("\"Load\": { \"Type\": \"Pass\", \"InputPath\": \"$.order.items\", \"End\": true }"),
      source: "Amazon States Language, \"Paths\""),
    Rule(
      "not-a-reference-path", .error, "a path that must lead to one place may lead to several or none",
      "ResultPath, ItemsPath and the other fields ending in Path take no wildcards, filters, slices and no ..",
      bad: .states("\"Load\": { \"Type\": \"Pass\", \"ResultPath\": \"$.items[*].price\", \"End\": true }"),
      good: .states("\"Load\": { \"Type\": \"Pass\", \"ResultPath\": \"$.items[0].price\", \"End\": true }"),
      source: "Amazon States Language, \"Reference Paths\""),
    Rule(
      "invalid-intrinsic", .error, "a call of an intrinsic function cannot be read",
      "There are 18 functions in States., with single quotes around texts and the escapes \\', \\{, \\} and \\\\ only.",
      bad: .states(
        """
        "Load": {
          "Type": "Pass",
          "Parameters": { "line.$": "States.Formt('{} of {}', $.a, $.b)" },
          "End": true
        }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Pass",
          "Parameters": { "line.$": "States.Format('{} of {}', $.a, $.b)" },
          "End": true
        }
        """),
      source: "Amazon States Language, \"Intrinsic Functions\""),
    Rule(
      "invalid-template-value", .error, "a key ends in .$ and its value is neither a path nor an intrinsic function",
      "The ending .$ says that the value is to be computed. Take it away for a text as it stands.",
      bad: .states("\"Load\": { \"Type\": \"Pass\", \"Parameters\": { \"table.$\": 7 }, \"End\": true }"),
      good: .states("\"Load\": { \"Type\": \"Pass\", \"Parameters\": { \"table\": 7 }, \"End\": true }"),
      source: "Amazon States Language, \"Payload Template\""),
    Rule(
      "duplicate-template-field", .error, "a template gives a field twice, once with .$ and once without",
      "Both would become the same field of the payload.",
      bad: .states("\"Load\": { \"Type\": \"Pass\", \"Parameters\": { \"id\": 1, \"id.$\": \"$.id\" }, \"End\": true }"),
      good: .states("\"Load\": { \"Type\": \"Pass\", \"Parameters\": { \"id.$\": \"$.id\" }, \"End\": true }"),
      source: "Amazon States Language, \"Payload Template\""),
    Rule(
      "invalid-jsonata", .error, "a JSONata expression cannot be read",
      "An expression stands between {% and %}, with nothing before and behind.",
      bad: .states("\"Load\": { \"Type\": \"Pass\", \"Output\": \"{% $sum($states.input.prices %}\", \"End\": true }", language: .jsonata),
      good: .states("\"Load\": { \"Type\": \"Pass\", \"Output\": \"{% $sum($states.input.prices) %}\", \"End\": true }", language: .jsonata),
      source: "AWS's ValidateStateMachineDefinition: INVALID_JSONATA_EXPRESSION"),
    Rule(
      "unsupported-jsonata", .error, "a JSONata expression uses what Step Functions does not offer",
      "There is no input at the top level of an expression: write $states.input in place of a bare name, $ or $$.",
      bad: .states("\"Load\": { \"Type\": \"Pass\", \"Output\": \"{% $$.order.id %}\", \"End\": true }", language: .jsonata),
      good: .states("\"Load\": { \"Type\": \"Pass\", \"Output\": \"{% $states.input.order.id %}\", \"End\": true }", language: .jsonata),
      source: "AWS's ValidateStateMachineDefinition: UNSUPPORTED_JSONATA_EXPRESSION"),
  ]

  static let work: [Rule] = [
    Rule(
      "invalid-resource", .error, "a Resource is no ARN that Step Functions knows",
      "It is the ARN of a Lambda function or an activity, or names an integration such as arn:aws:states:::sqs:sendMessage.",
      bad: .states("\"Load\": { \"Type\": \"Task\", \"Resource\": \"load\", \"End\": true }"),
      good: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:load",
          "End": true
        }
        """),
      source: "AWS's ValidateStateMachineDefinition: \"Value is not a valid resource ARN\""),
    Rule(
      "express-pattern", .error, "an EXPRESS workflow has no such pattern",
      "Express workflows end within five minutes and cannot wait for a job or a token, nor have activities or distributed Maps.",
      bad: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:load",
          "End": true
        }
        """, type: .express),
      good: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:load",
          "End": true
        }
        """, type: .express),
      source: "AWS Step Functions Developer Guide, \"Choosing workflow type\""),
    Rule(
      "distributed-only", .error, "a field belongs to a Map in the mode DISTRIBUTED",
      "Iterations in the mode INLINE are no executions of their own, so they have no type, reader, batches or result writer.",
      bad: .states(
        """
        "Each": {
          "Type": "Map",
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "INLINE", "ExecutionType": "EXPRESS" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      good: .states(
        """
        "Each": {
          "Type": "Map",
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      source: "AWS Step Functions Developer Guide, \"Map state in Distributed mode\""),
    Rule(
      "not-supported", .warning, "AWS takes this, but sfn-local cannot run it",
      "The definition is right; a run here fails at this state. Give the state a mock.",
      bad: .states(
        """
        "Each": {
          "Type": "Map",
          "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": { "InputType": "PARQUET" },
            "Parameters": { "Bucket": "orders", "Key": "today.parquet" }
          },
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      good: .states(
        """
        "Each": {
          "Type": "Map",
          "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": { "InputType": "JSONL" },
            "Parameters": { "Bucket": "orders", "Key": "today.jsonl" }
          },
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      source: "Differences from AWS, \"Distributed Map\""),
  ]
}

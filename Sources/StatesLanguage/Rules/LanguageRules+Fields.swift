extension LanguageRules {
  static let fields: [Rule] = [
    Rule(
      "unknown-field", .error, "an object has a field that it cannot have",
      "Field names are case-sensitive, and each object has its own set. Mistyped names are the usual cause; comments belong into \"Comment\".",
      bad: .states(
        """
        "Load": {
          "Type": "Pass",
          "Resutl": 1,
          "End": true
        }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Pass",
          "Result": 1,
          "End": true
        }
        """),
      source: "Amazon States Language, \"States\": the table of fields"),
    Rule(
      "missing-field", .error, "a required field is missing",
      "A state needs Type, a Task Resource, a Choice Choices, a Parallel Branches, a Map ItemProcessor, a Wait one of its four fields; a machine, a branch and a processor need StartAt and States.",
      bad: .states(
        """
        "Load": {
          "Type": "Task",
          "End": true
        }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:load",
          "End": true
        }
        """),
      source: "Amazon States Language, \"States\""),
    Rule(
      "wrong-type", .error, "a value has the wrong type",
      "Each field takes one type: numbers are not quoted, End is true and not \"true\".",
      bad: .states(
        """
        "Rest": {
          "Type": "Wait",
          "Seconds": "10",
          "End": true
        }
        """),
      good: .states(
        """
        "Rest": {
          "Type": "Wait",
          "Seconds": 10,
          "End": true
        }
        """),
      source: "Amazon States Language, \"States\""),
    Rule(
      "out-of-range", .error, "a number is outside of what the field takes",
      "Timeouts take 1 to 99999999 seconds, Seconds 0 to 99999999, percentages 0 to 100.",
      bad: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:load",
          "TimeoutSeconds": 0,
          "End": true
        }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:load",
          "TimeoutSeconds": 60,
          "End": true
        }
        """),
      source: "AWS's ValidateStateMachineDefinition"),
    Rule(
      "empty-value", .error, "a list or an object is empty that needs a member",
      "States, Choices, Branches and ErrorEquals must not be empty.",
      bad: .states(
        """
        "Decide": {
          "Type": "Choice",
          "Choices": [],
          "Default": "Done"
        },
        "Done": { "Type": "Succeed" }
        """),
      good: .states(
        """
        "Decide": {
          "Type": "Choice",
          "Choices": [{ "Variable": "$.paid", "BooleanEquals": true, "Next": "Done" }],
          "Default": "Done"
        },
        "Done": { "Type": "Succeed" }
        """),
      source: "AWS's ValidateStateMachineDefinition: \"Value cannot be empty\""),
    Rule(
      "unknown-value", .error, "a field takes one of a few words, and this is none of them",
      "The words are case-sensitive: QueryLanguage is JSONPath or JSONata, Mode INLINE or DISTRIBUTED, JitterStrategy NONE or FULL.",
      bad: .machine(
        """
        {
          "QueryLanguage": "JSONAta",
          "StartAt": "Done",
          "States": { "Done": { "Type": "Succeed" } }
        }
        """),
      good: .machine(
        """
        {
          "QueryLanguage": "JSONata",
          "StartAt": "Done",
          "States": { "Done": { "Type": "Succeed" } }
        }
        """),
      source: "Amazon States Language, \"Structure of a State Machine\""),
    Rule(
      "unknown-state-type", .error, "there is no such type of state",
      "The types are Task, Pass, Choice, Wait, Succeed, Fail, Parallel and Map, spelled exactly so.",
      bad: .states("\"Done\": { \"Type\": \"Success\" }"), good: .states("\"Done\": { \"Type\": \"Succeed\" }"),
      source: "Amazon States Language, \"State Types\""),
    Rule(
      "exclusive-fields", .error, "two fields exclude each other",
      "A field and its form with Path, the four fields of Wait, and ItemProcessor and its old name Iterator cannot stand together.",
      bad: .states(
        """
        "Rest": {
          "Type": "Wait",
          "Seconds": 10,
          "SecondsPath": "$.pause",
          "End": true
        }
        """),
      good: .states(
        """
        "Rest": {
          "Type": "Wait",
          "SecondsPath": "$.pause",
          "End": true
        }
        """),
      source: "Amazon States Language, \"Wait State\" and \"Timeouts\""),
    Rule(
      "misplaced-field", .error, "a field belongs to another setting than the one that is chosen",
      "Some fields of a reader belong to one InputType: a header location to CSV, a list of headers to the location GIVEN.",
      bad: .states(
        """
        "Each": {
          "Type": "Map",
          "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": { "InputType": "JSON", "CSVHeaderLocation": "FIRST_ROW" },
            "Parameters": { "Bucket": "orders", "Key": "today.json" }
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
            "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
            "Parameters": { "Bucket": "orders", "Key": "today.csv" }
          },
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      source: "AWS Step Functions Developer Guide, \"ItemReader (Map)\""),
    Rule(
      "wrong-query-language", .error, "a field belongs to the other query language",
      "InputPath, Parameters, ResultSelector, ResultPath and OutputPath are JSONPath's; Arguments, Output, Items and Condition are JSONata's.",
      bad: .states(
        """
        "Load": {
          "Type": "Pass",
          "Output": { "total": 1 },
          "End": true
        }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Pass",
          "QueryLanguage": "JSONata",
          "Output": { "total": 1 },
          "End": true
        }
        """),
      source: "Amazon States Language, \"Query Languages\""),
    Rule(
      "mixed-query-language", .error, "a state of a JSONata machine cannot go back to JSONPath",
      "A machine in JSONPath may have states in JSONata, not the other way round.",
      bad: .machine(
        """
        {
          "QueryLanguage": "JSONata",
          "StartAt": "Load",
          "States": { "Load": { "Type": "Pass", "QueryLanguage": "JSONPath", "End": true } }
        }
        """),
      good: .machine(
        """
        {
          "StartAt": "Load",
          "States": { "Load": { "Type": "Pass", "QueryLanguage": "JSONata", "End": true } }
        }
        """),
      source: "AWS Step Functions Developer Guide, \"Transforming data with JSONata\""),
    Rule(
      "duplicate-key", .error, "an object has the same key twice",
      "JSON readers take the last one and say nothing, so one of the two is lost.",
      bad: .states(
        """
        "Load": {
          "Type": "Pass",
          "Result": 1,
          "Result": 2,
          "End": true
        }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Pass",
          "Result": 2,
          "End": true
        }
        """),
      source: "RFC 8259, section 4"),
    Rule(
      "invalid-timestamp", .error, "a time is not in the form of RFC 3339",
      "It needs the T, capital, and an offset such as Z or +02:00, and must exist in the calendar.",
      bad: .states(
        """
        "Rest": {
          "Type": "Wait",
          "Timestamp": "2026-02-30T08:00:00Z",
          "End": true
        }
        """),
      good: .states(
        """
        "Rest": {
          "Type": "Wait",
          "Timestamp": "2026-02-28T08:00:00Z",
          "End": true
        }
        """),
      source: "Amazon States Language, \"Timestamps\"; RFC 3339"),
    Rule(
      "heartbeat-not-below-timeout", .error, "the time between heartbeats is not below the timeout",
      "A heartbeat that may come as late as the timeout protects from nothing.",
      bad: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:load",
          "TimeoutSeconds": 60,
          "HeartbeatSeconds": 60,
          "End": true
        }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:states:us-east-1:123456789012:activity:load",
          "TimeoutSeconds": 60,
          "HeartbeatSeconds": 10,
          "End": true
        }
        """),
      source: "Amazon States Language, \"Timeouts\""),
  ]
}

extension LanguageRules {
  static let transitions: [Rule] = [
    Rule(
      "unknown-next", .error, "a transition names a state that does not exist here",
      "StartAt, Next and Default name a state of the same States object. Nothing leads into a branch or out of it.",
      bad: .states(
        """
        "Load": { "Type": "Pass", "Next": "Stroe" },
        "Store": { "Type": "Pass", "End": true }
        """),
      good: .states(
        """
        "Load": { "Type": "Pass", "Next": "Store" },
        "Store": { "Type": "Pass", "End": true }
        """),
      source: "Amazon States Language, \"Transitions\"; AWS: MISSING_TRANSITION_TARGET"),
    Rule(
      "missing-transition", .error, "a state says neither what comes next nor that it is the end",
      "Task, Pass, Wait, Parallel and Map have exactly one of Next and \"End\": true.",
      bad: .states("\"Load\": { \"Type\": \"Pass\" }"), good: .states("\"Load\": { \"Type\": \"Pass\", \"End\": true }"),
      source: "Amazon States Language, \"Transitions\""),
    Rule(
      "next-and-end", .error, "a state has both Next and End", "Take one of them out.",
      bad: .states(
        """
        "Load": { "Type": "Pass", "Next": "Store", "End": true },
        "Store": { "Type": "Pass", "End": true }
        """),
      good: .states(
        """
        "Load": { "Type": "Pass", "Next": "Store" },
        "Store": { "Type": "Pass", "End": true }
        """),
      source: "Amazon States Language, \"Transitions\""),
    Rule(
      "unreachable-state", .error, "no transition leads to a state",
      "AWS refuses machines with such states. States that only lead to each other count as well.",
      bad: .states(
        """
        "Load": { "Type": "Pass", "End": true },
        "Store": { "Type": "Pass", "End": true }
        """),
      good: .states(
        """
        "Load": { "Type": "Pass", "Next": "Store" },
        "Store": { "Type": "Pass", "End": true }
        """),
      source: "AWS's ValidateStateMachineDefinition: MISSING_TRANSITION_TARGET"),
    Rule(
      "no-terminal-state", .error, "no state ends the machine or the branch",
      "Without a state that has \"End\": true, or is Succeed or Fail, an execution goes on for ever.",
      bad: .states(
        """
        "Load": { "Type": "Pass", "Next": "Rest" },
        "Rest": { "Type": "Wait", "Seconds": 60, "Next": "Load" }
        """),
      good: .states(
        """
        "Load": { "Type": "Pass", "Next": "Rest" },
        "Rest": { "Type": "Wait", "Seconds": 60, "End": true }
        """),
      source: "AWS's ValidateStateMachineDefinition: MISSING_END_STATE"),
  ]

  static let names: [Rule] = [
    Rule(
      "duplicate-state-name", .error, "two states have the same name",
      "Names are unique in the whole machine, branches and processors included.",
      bad: .states(
        """
        "Both": {
          "Type": "Parallel",
          "Branches": [
            { "StartAt": "Load", "States": { "Load": { "Type": "Pass", "End": true } } },
            { "StartAt": "Load", "States": { "Load": { "Type": "Pass", "End": true } } }
          ],
          "End": true
        }
        """),
      good: .states(
        """
        "Both": {
          "Type": "Parallel",
          "Branches": [
            { "StartAt": "LoadItems", "States": { "LoadItems": { "Type": "Pass", "End": true } } },
            { "StartAt": "LoadSales", "States": { "LoadSales": { "Type": "Pass", "End": true } } }
          ],
          "End": true
        }
        """),
      source: "Amazon States Language, \"States\"; AWS: DUPLICATE_STATE_NAME"),
    Rule(
      "invalid-state-name", .error, "a state's name is empty or longer than 80 characters", "Put what the state does into its Comment.",
      bad: .states("\"\": { \"Type\": \"Succeed\" }"), good: .states("\"Done\": { \"Type\": \"Succeed\" }"),
      source: "Amazon States Language, \"States\"; AWS: INVALID_STATE_NAME"),
    Rule(
      "invalid-label", .error, "the label of a Map state has a length or a character that AWS refuses",
      "A label has 1 to 40 characters, and none that is blank or special in an ARN.",
      bad: .states(
        """
        "Each": {
          "Type": "Map",
          "Label": "each item",
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
          "Label": "EachItem",
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      source: "AWS Step Functions Developer Guide, \"Map state in Distributed mode\"; AWS: INVALID_LABEL_NAME"),
    Rule(
      "duplicate-label", .error, "two Map states have the same label", "The label is a part of the ARN of the Map Run.",
      bad: .states(
        """
        "First": {
          "Type": "Map",
          "Label": "Each",
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "Next": "Second"
        },
        "Second": {
          "Type": "Map",
          "Label": "Each",
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Two",
            "States": { "Two": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      good: .states(
        """
        "First": {
          "Type": "Map",
          "Label": "Each",
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "One",
            "States": { "One": { "Type": "Pass", "End": true } }
          },
          "Next": "Second"
        },
        "Second": {
          "Type": "Map",
          "Label": "Again",
          "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Two",
            "States": { "Two": { "Type": "Pass", "End": true } }
          },
          "End": true
        }
        """),
      source: "AWS's ValidateStateMachineDefinition: DUPLICATE_LABEL_NAME"),
    Rule(
      "invalid-variable-name", .error, "a variable has a name that cannot be one",
      "Names begin with a letter and go on with letters, digits and _, up to 80 characters.",
      bad: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"order-id\": 7 }, \"End\": true }"),
      good: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"orderId\": 7 }, \"End\": true }"),
      source: "AWS's ValidateStateMachineDefinition: INVALID_VARIABLE_NAME"),
    Rule(
      "reserved-variable-name", .error, "a variable takes a name that belongs to Step Functions",
      "$states holds the input, the result and the context of a state in JSONata.",
      bad: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"states\": 50 }, \"End\": true }"),
      good: .states("\"Keep\": { \"Type\": \"Pass\", \"Assign\": { \"stateCount\": 50 }, \"End\": true }"),
      source: "AWS's ValidateStateMachineDefinition: RESERVED_VARIABLE_NAME"),
  ]

  static let decisions: [Rule] = [
    Rule(
      "choice-shape", .error, "a choice rule has not exactly one test",
      "A rule has a Variable with one operator, or one of And, Or and Not. Only rules directly in Choices have Next.",
      bad: .states(
        """
        "Decide": {
          "Type": "Choice",
          "Choices": [
            { "Variable": "$.total", "NumericGreaterThan": 5, "NumericLessThan": 10, "Next": "Done" }
          ],
          "Default": "Done"
        },
        "Done": { "Type": "Succeed" }
        """),
      good: .states(
        """
        "Decide": {
          "Type": "Choice",
          "Choices": [
            {
              "And": [
                { "Variable": "$.total", "NumericGreaterThan": 5 },
                { "Variable": "$.total", "NumericLessThan": 10 }
              ],
              "Next": "Done"
            }
          ],
          "Default": "Done"
        },
        "Done": { "Type": "Succeed" }
        """),
      source: "Amazon States Language, \"Choice State\""),
    Rule(
      "states-all-position", .error, "States.ALL stands beside other errors or before the last entry",
      "It catches all, so entries behind it would never be asked, and names beside it mean nothing.",
      bad: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:load",
          "Catch": [
            { "ErrorEquals": ["States.ALL"], "Next": "Sorry" },
            { "ErrorEquals": ["States.Timeout"], "Next": "Sorry" }
          ],
          "End": true
        },
        "Sorry": { "Type": "Fail", "Error": "Sorry" }
        """),
      good: .states(
        """
        "Load": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123456789012:function:load",
          "Catch": [
            { "ErrorEquals": ["States.Timeout"], "Next": "Sorry" },
            { "ErrorEquals": ["States.ALL"], "Next": "Sorry" }
          ],
          "End": true
        },
        "Sorry": { "Type": "Fail", "Error": "Sorry" }
        """),
      source: "Amazon States Language, \"Errors\""),
    Rule(
      "invalid-pattern", .error, "the pattern of StringMatches is none",
      "A star stands for any text. A backslash comes before a star or another backslash, which then stand for themselves.",
      bad: .states(
        """
        "Decide": {
          "Type": "Choice",
          "Choices": [{ "Variable": "$.file", "StringMatches": "log-\\\\d*", "Next": "Done" }],
          "Default": "Done"
        },
        "Done": { "Type": "Succeed" }
        """),
      good: .states(
        """
        "Decide": {
          "Type": "Choice",
          "Choices": [{ "Variable": "$.file", "StringMatches": "log-*", "Next": "Done" }],
          "Default": "Done"
        },
        "Done": { "Type": "Succeed" }
        """),
      source: "Amazon States Language, \"Choice State\""),
  ]
}

import StatesLanguage

extension FileRules {
  static let templates: [Rule] = [
    Rule(
      "template-definition", .error, "a state machine of a template has no definition, or one of the wrong kind",
      "DefinitionString takes a text, Definition an object, DefinitionUri a file; one of them.",
      bad: template(
        """
        DefinitionString:
          StartAt: Done
          States:
            Done: { Type: Succeed }
        """),
      good: good, source: "AWS CloudFormation Template Reference, \"AWS::StepFunctions::StateMachine\""),
    Rule(
      "template-reference", .warning, "a template refers to a parameter or resource that it does not have",
      "A macro may provide it, so this is no error. Most often the name is mistyped.",
      bad: template(
        """
        DefinitionString: !Sub |
          { "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Comment": "${Stge}" } } }
        """),
      good: template(
        """
        DefinitionString: !Sub |
          { "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Comment": "${AWS::Region}" } } }
        """),
      source: "AWS CloudFormation User Guide, \"Ref\" and \"Fn::Sub\""),
    Rule(
      "template-function", .error, "a function of CloudFormation does not exist, or has the wrong arguments",
      "The message says what the function takes.",
      bad: template("DefinitionString: !Join [\"\"]"), good: good, source: "AWS CloudFormation User Guide, \"Intrinsic function reference\""),
    Rule(
      "template-value", .error, "a value of a template has the wrong type",
      "StateMachineType is STANDARD or EXPRESS; substitutions are texts.",
      bad: template(
        """
        StateMachineType: FAST
        DefinitionString: |
          { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
        """),
      good: good, source: "AWS CloudFormation Template Reference, \"AWS::StepFunctions::StateMachine\""),
    Rule(
      "template-state-machine", .error, "the template has no state machine of the name that was asked for",
      "--state-machine takes a logical id.", bad: .note("sfn-local validate --state-machine Ordres template.yaml"), good: good, source: "sfn-local"),
    Rule(
      "template-parameter", .error, "a parameter has a value that it does not take",
      "AllowedValues, AllowedPattern, and the limits of lengths and numbers hold here, too.",
      bad: .file(
        "template.yaml",
        """
        Parameters:
          Stage: { Type: String, Default: dve, AllowedValues: [dev, prod] }
        Resources:
          Orders:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              DefinitionString: !Sub |
                { "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Comment": "${Stage}" } } }
        """),
      good: .file(
        "template.yaml",
        """
        Parameters:
          Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
        Resources:
          Orders:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              DefinitionString: !Sub |
                { "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Comment": "${Stage}" } } }
        """),
      source: "AWS CloudFormation User Guide, \"Parameters\""),
    Rule(
      "template-condition", .error, "a condition does not exist, or cannot be evaluated",
      "Conditions are made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and each other's names.",
      bad: .file(
        "template.yaml",
        """
        Conditions:
          IsProd: !Equals [a, b, c]
        Resources:
          Orders:
            Type: AWS::StepFunctions::StateMachine
            Condition: IsProd
            Properties:
              DefinitionString: |
                { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
        """),
      good: good, source: "AWS CloudFormation User Guide, \"Condition functions\""),
    Rule(
      "template-mapping", .error, "a mapping has no such entry", "Fn::FindInMap takes the names of a map, of a key and of a key within.",
      bad: template("DefinitionString: !FindInMap [Definitions, dev, text]"), good: good, source: "AWS CloudFormation User Guide, \"Fn::FindInMap\""),
    Rule(
      "template-import", .error, "a run needs the export of another stack", "It is not known here. Put a parameter in its place.",
      bad: .note("sfn-local run template.yaml, where a value is !ImportValue orders-table"), good: good, source: "AWS CloudFormation User Guide, \"Fn::ImportValue\""),
    Rule(
      "template-circle", .error, "names or conditions of a template depend on themselves", "Break the circle.",
      bad: .file(
        "template.yaml",
        """
        Conditions:
          A: !Not [Condition: B]
          B: !Not [Condition: A]
        Resources:
          Orders:
            Type: AWS::StepFunctions::StateMachine
            Condition: A
            Properties:
              DefinitionString: |
                { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
        """),
      good: good, source: "AWS CloudFormation User Guide"),
    Rule(
      "template-limit", .error, "evaluating the template takes too much", "AWS takes 500 resources and templates of 1 MB; these limits are higher.",
      bad: .note("a template with more than 2,000 resources"), good: good, source: "limits of sfn-local"),
    Rule(
      "substitution-open", .warning, "a placeholder has no value",
      "DefinitionSubstitutions is given, but not for this one. CloudFormation would leave the placeholder as it stands.",
      bad: template(
        """
        DefinitionSubstitutions: { FunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:load" }
        DefinitionString: |
          { "StartAt": "Load", "States": {
            "Load": { "Type": "Task", "Resource": "${FunctionArn}", "TimeoutSeconds": 9, "Next": "Done" },
            "Done": { "Type": "Pass", "Result": "${Name}", "End": true } } }
        """),
      good: template(
        """
        DefinitionSubstitutions: { FunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:load" }
        DefinitionString: |
          { "StartAt": "Load", "States": { "Load": { "Type": "Task", "Resource": "${FunctionArn}", "TimeoutSeconds": 9, "End": true } } }
        """),
      source: "AWS CloudFormation Template Reference, \"DefinitionSubstitutions\""),
    Rule(
      "substitution-unused", .warning, "a substitution is given that the definition does not have", "The placeholder is mistyped, or gone.",
      bad: template(
        """
        DefinitionSubstitutions: { FunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:load" }
        DefinitionString: |
          { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
        """),
      good: good, source: "AWS CloudFormation Template Reference, \"DefinitionSubstitutions\""),
    Rule(
      "substitution-unknown", .error, "a substitution of the command line is not in the definition", "--substitution KEY=VALUE needs a ${KEY}.",
      bad: .note("sfn-local validate --substitution Dely=5 machine.asl.json"), good: good, source: "sfn-local"),
  ]

  static let others: [Rule] = [
    Rule(
      "terraform-syntax", .error, "a Terraform file cannot be read",
      "In texts and heredocs ${ begins an expression and %{ a directive: write $${ and %%{ for the characters themselves.",
      bad: .file(
        "main.tf",
        """
        resource "aws_sfn_state_machine" "orders" {
          definition = <<EOF
          { "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Comment": "%{x}" } } }
        EOF
        }
        """),
      good: .file(
        "main.tf",
        """
        resource "aws_sfn_state_machine" "orders" {
          definition = <<EOF
          { "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Comment": "%%{x}" } } }
        EOF
        }
        """),
      source: "HCL Native Syntax Specification"),
    Rule(
      "terraform-definition", .error, "a state machine in Terraform has no definition", "aws_sfn_state_machine needs the argument definition.",
      bad: .file("main.tf", "resource \"aws_sfn_state_machine\" \"orders\" {\n  name = \"orders\"\n}"),
      good: .file(
        "main.tf",
        """
        resource "aws_sfn_state_machine" "orders" {
          name       = "orders"
          definition = jsonencode({
            StartAt = "Done"
            States  = { Done = { Type = "Succeed" } }
          })
        }
        """),
      source: "Terraform Registry, AWS provider, \"aws_sfn_state_machine\""),
    Rule(
      "serverless-definition", .error, "a state machine of the Serverless Framework has no definition", "It stands under stepFunctions.stateMachines.NAME.definition, or in a file that ${file(…)} names.",
      bad: .file("serverless.yml", "service: orders\nprovider: { name: aws }\nstepFunctions:\n  stateMachines:\n    orders: { name: orders }"),
      good: .file(
        "serverless.yml",
        """
        service: orders
        provider: { name: aws }
        stepFunctions:
          stateMachines:
            orders:
              definition:
                StartAt: Done
                States:
                  Done: { Type: Succeed }
        """),
      source: "serverless-step-functions, README"),
  ]

  /// A template with one state machine.
  private static func template(_ properties: String) -> Rule.Example {
    let indented = properties.split(separator: "\n", omittingEmptySubsequences: false).map { "      " + $0 }.joined(separator: "\n")
    return .file(
      "template.yaml", "Resources:\n  Orders:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n" + indented)
  }

  private static let good = template(
    """
    DefinitionString: |
      { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
    """)
}

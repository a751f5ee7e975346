import StatesLanguage

/// The rules about files, whatever they hold.
enum FileRules {
  static let done = "{ \"StartAt\": \"Done\", \"States\": { \"Done\": { \"Type\": \"Succeed\" } } }"

  static let files: [Rule] = [
    Rule(
      "json-syntax", .error, "the text is no JSON",
      "JSON has no comments, no trailing commas and no single quotes. Reading goes on behind the mistake, so one check finds all of them.",
      bad: .machine(
        """
        {
          "StartAt": "Done",
          "States": { "Done": { "Type": "Succeed" } },
        }
        """),
      good: .machine(
        """
        {
          "StartAt": "Done",
          "States": { "Done": { "Type": "Succeed" } }
        }
        """),
      source: "RFC 8259; AWS: INVALID_JSON_DESCRIPTION"),
    Rule(
      "empty-file", .error, "the file holds nothing", "A definition needs StartAt and States.", bad: .file("machine.asl.json", ""),
      good: .machine(done), source: "Amazon States Language, \"Structure of a State Machine\""),
    Rule(
      "nesting-limit", .error, "values are nested too deeply", "No definition needs more than 200 levels; a program that writes one has run away.",
      bad: .file("machine.asl.yaml", String(repeating: "[", count: 201) + String(repeating: "]", count: 201)), good: .machine(done),
      source: "limit of sfn-local; AWS: TOO_DEEPLY_NESTED"),
    Rule(
      "definition-too-large", .error, "the definition is larger than AWS takes",
      "The limit is 1,048,576 bytes. Move branches into machines of their own, and start those.",
      bad: .note("a definition of 1,048,577 bytes"), good: .machine(done),
      source: "AWS Step Functions API Reference, CreateStateMachine"),
    Rule(
      "file-size", .error, "the file is too large to be read", "Files of more than 5 MiB are not read; AWS takes definitions of up to 1 MiB.",
      bad: .note("a file of 6 MiB"), good: .machine(done), source: "limit of sfn-local"),
    Rule(
      "file-unreadable", .error, "a file cannot be read", "The message has the system's reason. Paths in a template begin at the template's folder.",
      bad: .file(
        "template.yaml",
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::StateMachine
            Properties:
              DefinitionUri: missing.asl.json
        """),
      good: .file(
        "template.yaml",
        """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::Serverless::StateMachine
            Properties:
              Definition:
                StartAt: Done
                States:
                  Done: { Type: Succeed }
        """),
      source: "sfn-local"),
    Rule(
      "not-utf8", .error, "the file is not UTF-8", "JSON and YAML are UTF-8. An editor's \"save with encoding\" mends it.",
      bad: .note("a file that was saved as UTF-16 or Latin-1"), good: .machine(done), source: "RFC 8259, section 8.1"),
    Rule(
      "folder-limit", .error, "a folder holds too much to be searched", "Name the folders with definitions.",
      bad: .note("a folder with more than 200,000 files and folders below it"), good: .machine(done), source: "limit of sfn-local"),
    Rule(
      "no-state-machine", .advice, "the file declares no state machine", "It was named or looked like one that does, and there was nothing to check.",
      bad: .file("main.tf", "variable \"region\" {}"),
      good: .file(
        "main.tf",
        """
        resource "aws_sfn_state_machine" "orders" {
          definition = jsonencode({
            StartAt = "Done"
            States  = { Done = { Type = "Succeed" } }
          })
        }
        """),
      source: "sfn-local"),
    Rule(
      "definition-unknown", .warning, "a definition is not in the file, so it is not checked",
      "What is computed by a deployment is not known before it. Check what the deployment writes: the synthesized template, or terraform show -json.",
      bad: .file(
        "main.tf",
        """
        resource "aws_sfn_state_machine" "orders" {
          definition = var.definition
        }
        """),
      good: .file(
        "main.tf",
        """
        resource "aws_sfn_state_machine" "orders" {
          definition = jsonencode({
            StartAt = "Done"
            States  = { Done = { Type = "Succeed" } }
          })
        }
        """),
      source: "sfn-local"),
    Rule(
      "value-unknown", .error, "a run needs a value that only a deployment knows",
      "A check takes such values for anything. A run cannot: write the value out, or give --parameter NAME=VALUE for a variable of Terraform.",
      bad: .note("sfn-local run main.tf, where a Resource is aws_lambda_function.load.arn"), good: .machine(done), source: "sfn-local"),
    Rule(
      "no-single-state-machine", .error, "a run needs one state machine, and the file has none or several",
      "Choose one by its logical id: --state-machine on the command line, LoadOptions.stateMachine in Swift.",
      bad: .note("sfn-local run template.yaml, where the template has two state machines"), good: .machine(done), source: "sfn-local"),
    Rule(
      "unknown-rule", .warning, "a comment or the configuration names a rule that does not exist",
      "The codes stand in brackets behind the findings; sfn-local explain lists all.",
      bad: .states("\"Done\": { \"Type\": \"Succeed\", \"Comment\": \"sfn-local:allow unreachable-stat\" }"),
      good: .states("\"Done\": { \"Type\": \"Succeed\", \"Comment\": \"All is well\" }"), source: "sfn-local"),
    Rule(
      "unused-suppression", .advice, "a comment allows what does not occur", "Take it out, so that it does not hide the next mistake.",
      bad: .states("\"Done\": { \"Type\": \"Succeed\", \"Comment\": \"sfn-local:allow unreachable-state\" }"),
      good: .states("\"Done\": { \"Type\": \"Succeed\", \"Comment\": \"All is well\" }"), source: "sfn-local"),
    Rule(
      "configuration", .error, "the configuration file has a setting that does not exist, or a value that does not fit",
      "It has rules, with error, warning, advice or off for each code, and exclude, a list of paths.",
      bad: .file(".sfn-local.yaml", "rule:\n  unreachable-state: warning"), good: .file(".sfn-local.yaml", "rules:\n  unreachable-state: warning"),
      source: "sfn-local"),
  ]

  static let yaml: [Rule] = [
    Rule(
      "yaml-syntax", .error, "the text is no YAML", "Indentation decides what belongs together, and it is made of blanks, never of tabs.",
      bad: .file("machine.asl.yaml", "StartAt: Done\nStates:\n\tDone: { Type: Succeed }"),
      good: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done: { Type: Succeed }"), source: "YAML 1.2.2"),
    Rule(
      "yaml-documents", .error, "the file has a second YAML document", "Put each definition into a file of its own.",
      bad: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done: { Type: Succeed }\n---\nStartAt: Done"),
      good: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done: { Type: Succeed }"), source: "sfn-local"),
    Rule(
      "yaml-key", .error, "a key is not a text", "JSON objects have texts as keys. Quote what is a number or a list for YAML.",
      bad: .file("machine.asl.yaml", "StartAt: Keep\nStates:\n  Keep:\n    Type: Pass\n    Result: { [a, b]: 1 }\n    End: true"),
      good: .file("machine.asl.yaml", "StartAt: Keep\nStates:\n  Keep:\n    Type: Pass\n    Result: { \"[a, b]\": 1 }\n    End: true"), source: "RFC 8259, section 4"),
    Rule(
      "yaml-number", .error, "JSON has no such number", "NaN and infinity exist in YAML only. Quote the word if it is a text.",
      bad: .file("machine.asl.yaml", "StartAt: Rest\nStates:\n  Rest: { Type: Wait, Seconds: .inf, End: true }"),
      good: .file("machine.asl.yaml", "StartAt: Rest\nStates:\n  Rest: { Type: Wait, Seconds: 60, End: true }"), source: "RFC 8259, section 6"),
    Rule(
      "yaml-boolean-word", .warning, "some YAML readers take this word for a boolean", "yes, no, on and off were booleans in YAML 1.1. Quote the word, or write true or false.",
      bad: .file("machine.asl.yaml", "StartAt: Keep\nStates:\n  Keep: { Type: Pass, Result: yes, End: true }"),
      good: .file("machine.asl.yaml", "StartAt: Keep\nStates:\n  Keep: { Type: Pass, Result: \"yes\", End: true }"),
      source: "YAML 1.1, \"Boolean Language-Independent Type\""),
    Rule(
      "yaml-tag", .error, "a tag is not known", "Known are CloudFormation's short forms: !Ref, !Sub, !GetAtt and so on.",
      bad: .file("machine.asl.yaml", "StartAt: !Name Done\nStates:\n  Done: { Type: Succeed }"),
      good: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done: { Type: Succeed }"),
      source: "AWS CloudFormation User Guide, \"Intrinsic function reference\""),
    Rule(
      "yaml-unknown-anchor", .error, "an alias has no anchor before it", "&name marks a value, *name repeats it further down.",
      bad: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done: *done"),
      good: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done: { Type: Succeed }"), source: "YAML 1.2.2, section 7.1"),
    Rule(
      "yaml-merge", .error, "<< is given something that cannot be merged", "It takes a mapping, or a list of mappings.",
      bad: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done:\n    <<: 7\n    Type: Succeed"),
      good: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done:\n    <<: { Comment: merged }\n    Type: Succeed"),
      source: "YAML, \"Merge Key Language-Independent Type\""),
    Rule(
      "yaml-alias-limit", .error, "aliases stand for too many values", "Ten aliases of ten aliases and so on fill the memory of whoever reads them. The limit is 100,000 values.",
      bad: .file("machine.asl.yaml", aliasBomb), good: .file("machine.asl.yaml", "StartAt: Done\nStates:\n  Done: { Type: Succeed }"),
      source: "limit of sfn-local"),
  ]

  private static let aliasBomb =
    "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + zip("bcdefg", "abcdef").map { "\($0): &\($0) [\(Array(repeating: "*\($1)", count: 10).joined(separator: ", "))]" }.joined(separator: "\n")
}

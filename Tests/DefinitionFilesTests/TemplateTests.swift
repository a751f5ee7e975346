import Foundation
import JSONTypes
import StatesLanguage
import TestSupport
import Testing

@testable import DefinitionFiles

@Suite struct TemplateTests {
  /// The shapes of a template as people write them by hand: a definition in a block, through Fn::Sub with a map.
  static let byHand = """
    AWSTemplateFormatVersion: 2010-09-09
    Parameters:
      Path: {Type: String, Default: "s3://scripts/"}
      Cluster: {Type: String, Default: "house.example.com:5439/dev"}
    Mappings:
      Script:
        Config: {Setup: setup.sql, Date: '2021-06-26'}
    Resources:
      Loader:
        Type: 'AWS::Lambda::Function'
        Properties:
          FunctionName: load_house
          Handler: index.handler
          Runtime: python3.12
          Environment:
            Variables:
              cluster: !Sub
                - ${Id}
                - {Id: !Select [0, !Split [".", !Ref Cluster]]}
              job_date: !FindInMap [Script, Config, Date]
              foreign: !ImportValue elsewhere
          Code: {ZipFile: "x"}
      MachineRole: {Type: 'AWS::IAM::Role'}
      Flow:
        Type: 'AWS::StepFunctions::StateMachine'
        Properties:
          DefinitionString: !Sub
            - |-
              {
                "StartAt": "load",
                "States": {
                  "load": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": {"FunctionName": "${Arn}:$LATEST", "Payload": {"script": "${Path}${Setup}", "é": "${!Kept} tail"}},
                    "End": true
                  }
                }
              }
            - Arn: !GetAtt Loader.Arn
              Setup: !FindInMap [Script, Config, Setup]
          RoleArn: !GetAtt MachineRole.Arn

    """

  @Test func handWrittenTemplate() throws {
    let file = load(Self.byHand) { $0.parameters["Path"] = "s3://x\\\"y/" }
    #expect(file.kind == .cloudFormation)
    #expect(file.diagnostics.map(\.line) == ["21:20-21:42 warning template-import: the export elsewhere of another stack is not known here; put a parameter in its place"])
    let flow = try file.definition(withID: nil)
    #expect(flow.logicalID == "Flow")
    #expect(flow.name == "local-Flow")
    #expect(flow.arn == "arn:aws:states:us-east-1:123456789012:stateMachine:local-Flow")
    #expect(flow.type == .standard)
    #expect(flow.roleARN == "arn:aws:iam::123456789012:role/local-MachineRole")
    #expect(
      flow.functions == [
        DeclaredFunction(
          logicalID: "Loader", name: "load_house", arn: "arn:aws:lambda:us-east-1:123456789012:function:load_house", handler: "index.handler",
          runtime: "python3.12", environment: ["cluster": "house", "job_date": "2021-06-26"])
      ])
    let parameters = try #require(flow.definition?.node(at: "/States/load/Parameters"))
    #expect(parameters["FunctionName"]?.text == "arn:aws:lambda:us-east-1:123456789012:function:load_house:$LATEST")
    #expect(parameters["Payload"]?["script"]?.text == "s3://x\"y/setup.sql")
    #expect(parameters["Payload"]?["é"]?.text == "${Kept} tail")

    // Behind values of another length and behind ${!…}, each part still stands where it was written.
    let name = flow.places.text(of: try #require(parameters["FunctionName"]))
    #expect(name.position(at: 0).lineAndColumn == "35:49")
    #expect(name.position(at: name.utf8Count - 1).lineAndColumn == "35:62")
    let kept = flow.places.text(of: try #require(parameters["Payload"]?["é"]))
    #expect(kept.position(at: 0).lineAndColumn == "35:113")
    #expect(kept.position(at: 2).lineAndColumn == "35:116")
    #expect(kept.position(at: 8).lineAndColumn == "35:122")
    #expect(Self.byHand[try #require(flow.definition?.node(at: "/States/load/End")).range] == "true")
  }

  /// A finding in the middle of a DefinitionString stands at its column.
  @Test func findingsWithinADefinitionString() {
    let broken = Self.byHand.replacingOccurrences(of: "\"End\": true", with: "\"End\": ture")
    #expect(load(broken).diagnostics.filter { $0.severity == .error }.map(\.line) == ["36:24-36:28 error json-syntax: expected a value, found ture"])
  }

  @Test func theSeedsTemplateLoadsUntouched() throws {
    let path = Conformance.packageRoot + "/../shared/samples/etl-orchestration-with-lambda-and-step-functions/cloud_formation_template/"
      + "etl-orchestration-with-stepfunctions-and-redshift-data-api.yaml"
    guard FileManager.default.fileExists(atPath: path) else {
      print("the seed's template is not here; this test has nothing to load")
      return
    }
    var options = LoadOptions()
    options.parameters = ["RedshiftClusterEndpoint": "local.local:5439/dev", "ETLScriptS3Path": "s3://scripts/"]
    let file = DefinitionFile.load(path: path, options: options)
    #expect(file.diagnostics.map(\.line) == [])
    let machine = try file.definition(withID: "RedshiftETLStepFunction")
    #expect(
      machine.definition?["States"]?.members?.map(\.key) == [
        "setup_sales_data_pipeline", "wait_on_setup_sales_data_pipeline", "setup_sales_data_pipeline_status_check",
        "is_setup_sales_data_pipeline_complete", "run_sales_data_pipeline", "wait_on_run_sales_data_pipeline",
        "run_sales_data_pipeline_status_check", "is_run_sales_data_pipeline_complete", "sales_data_pipeline_failure", "sales_data_pipeline_success",
      ])
    let parameters = try #require(machine.definition?.node(at: "/States/run_sales_data_pipeline/Parameters"))
    #expect(parameters["FunctionName"]?.text == "arn:aws:lambda:us-east-1:123456789012:function:redshift_batch_data_api:$LATEST")
    #expect(parameters.node(at: "/Payload/Input/etl_script_s3_path")?.text == "s3://scripts/run_sales_data_pipeline.sql")
    #expect(
      machine.functions.first?.environment == [
        "redshift_cluster_identifier": "local", "redshift_database_name": "dev", "redshift_database_user": "awsuser", "job_run_date": "2021-06-26",
      ])
    #expect(machine.roleARN == "arn:aws:iam::123456789012:role/local-StateMachineExecutionRole")
    let bytes = try Array(Data(contentsOf: URL(filePath: path)))
    machine.definition?.forEachPlace { node, _ in
      #expect(machine.places.text(of: node).problem(in: bytes, isComputed: node.text == nil) == nil)
    }
  }

  static let serverless = """
    Transform: [AWS::Serverless-2016-10-31]
    Globals: {Function: {Runtime: nodejs22.x, Handler: index.handler, Environment: {Variables: {stage: test, own: no}}}}
    Resources:
      Fn: {Type: "AWS::Serverless::Function", Properties: {Handler: own.handler, Environment: {Variables: {own: "yes"}}}}
      FromFile:
        Type: AWS::Serverless::StateMachine
        Properties:
          Type: EXPRESS
          Name: !Sub "${AWS::StackName}-files"
          DefinitionUri: machines/flow.asl.json
          DefinitionSubstitutions: {FnArn: !GetAtt Fn.Arn, Seconds: 5, Spare: x}
          Policies: [{LambdaInvokePolicy: {FunctionName: !Ref Fn}}]
      Inline:
        Type: AWS::Serverless::StateMachine
        Properties:
          Role: !GetAtt Missing.Arn
          DefinitionSubstitutions: {Who: world}
          Definition:
            StartAt: A
            States:
              A:
                Type: Pass
                Result: "hello ${Who}, ${Unknown}"
                Next: ${Nxet}
              B: {Type: Task, Resource: !GetAtt Fn.Arn, End: yes}

    """

  static let flow = """
    {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${FnArn}", "TimeoutSeconds": ${Seconds},
      "Parameters": {"x.$": "States.Format('${}', $.y)", "é": "${FnArn}!"}, "Next": "${Nxt}"}}}
    """

  @Test func serverlessTemplate() throws {
    let file = load(Self.serverless, as: "app/template.yaml", files: ["app/machines/flow.asl.json": Self.flow])
    #expect(file.kind == .serverlessApplication)
    #expect(
      file.diagnostics.map(\.line) == [
        "11:68-11:73 warning substitution-unused: the substitution Spare is given, but the definition has no ${Spare}",
        "16:13-16:32 warning template-reference: the template has no resource Missing",
        "24:19-24:26 warning substitution-open: ${Nxet} has no value; give it one with --substitution Nxet=VALUE, or in DefinitionSubstitutions",
        "25:58-25:61 warning yaml-boolean-word: yes is read as the text \"yes\", but some YAML readers take it for a boolean; quote it, or write true or false",
      ])
    let fromFile = try file.definition(withID: "FromFile")
    #expect(fromFile.path == "app/machines/flow.asl.json")
    #expect(fromFile.type == .express)
    #expect(fromFile.name == "local-files")
    #expect(fromFile.diagnostics.map(\.line) == ["2:81-2:89 warning substitution-open: ${Nxt} has no value; give it one with --substitution Nxt=VALUE, or in DefinitionSubstitutions"])
    let state = try #require(fromFile.definition?.node(at: "/States/A"))
    #expect(state["Resource"]?.text == "arn:aws:lambda:us-east-1:123456789012:function:local-Fn")
    #expect(state["TimeoutSeconds"]?.value == 5)
    #expect(state.node(at: "/Parameters/x.$")?.text == "States.Format('${}', $.y)")
    let computed = fromFile.places.text(of: try #require(state.node(at: "/Parameters/é")))
    #expect(computed.position(at: computed.utf8Count - 1).lineAndColumn == "2:68")
    #expect(fromFile.functions.first?.environment == ["stage": "test", "own": "yes"])
    #expect(fromFile.functions.first?.handler == "own.handler")
    #expect(fromFile.functions.first?.runtime == "nodejs22.x")

    let inline = try file.definition(withID: "Inline")
    let result = try #require(inline.definition?.node(at: "/States/A/Result"))
    #expect(result.text == "hello world, ${Unknown}")
    #expect(inline.places.text(of: result).position(at: 11).lineAndColumn == "23:34")
    #expect(inline.definition?.node(at: "/States/B/Resource")?.text == "arn:aws:lambda:us-east-1:123456789012:function:local-Fn")
    #expect(inline.roleARN == nil)
    #expect(throws: DefinitionChoiceError(message: "app/template.yaml has 2 state machines; choose one with --state-machine: FromFile, Inline")) {
      try file.definition(withID: nil)
    }
    #expect(throws: DefinitionChoiceError(message: "app/template.yaml has no state machine Inlin; it has FromFile, Inline; did you mean Inline?")) {
      try file.definition(withID: "Inlin")
    }
  }

  /// What the CDK writes: pieces of JSON text, joined.
  @Test func synthesizedTemplate() throws {
    let text = #"""
      {"Resources": {"M1": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", [
        "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":\"arn:",
        {"Ref": "AWS::Partition"},
        ":states:::sqs:sendMessage\",\"Parameters\":{\"QueueUrl\":\"",
        {"Ref": "Q"}, "\"},\"End\":true}}}"]]}}},
        "Q": {"Type": "AWS::SQS::Queue"}}}
      """#
    let file = load(text, as: "Stack.template.json")
    #expect(file.diagnostics.map(\.line) == [])
    let machine = try file.definition(withID: nil)
    let state = try #require(machine.definition?.node(at: "/States/A"))
    #expect(state.node(at: "/Parameters/QueueUrl")?.text == "https://sqs.us-east-1.amazonaws.com/123456789012/local-Q")
    let resource = machine.places.text(of: try #require(state["Resource"]))
    #expect(resource.text == "arn:aws:states:::sqs:sendMessage")
    #expect([0, 4, 7, 8].map { resource.position(at: $0).lineAndColumn } == ["2:75", "3:3", "4:4", "4:5"])
    #expect(state.lastMember(at: "/End").map { text[$0.keyRange] } == #"\"End\""#)
  }

  static let refusals: [(properties: String, finding: String)] = [
    ("{}", "4:3-4:4 error template-definition: the state machine M has no definition; give it DefinitionString or Definition"),
    ("{DefinitionString: {a: 1}}", "6:36-6:42 error template-definition: expected a text as DefinitionString, found an object; an object belongs into Definition"),
    ("{Definition: 'x'}", "6:30-6:33 error template-definition: expected an object as Definition, found a text; a text belongs into DefinitionString"),
    ("{DefinitionUri: {Bucket: b, Key: k}}", "6:33-6:52 error template-definition: the definition of DefinitionUri lies in S3 and is not fetched; name a file beside the template instead"),
    ("{DefinitionS3Location: 's3://a/b'}", "6:40-6:50 error template-definition: the definition of DefinitionS3Location lies in S3 and is not fetched; name a file beside the template instead"),
    ("{DefinitionUri: no.json}", "6:33-6:40 error file-unreadable: cannot read no.json: No such file"),
    ("{Definition: {}, DefinitionString: '{}'}", "6:34-6:50 error template-definition: the state machine M has both Definition and DefinitionString; give it one of them"),
    ("{Definition: {}, StateMachineType: FAST}", "6:52-6:56 error template-value: expected STANDARD or EXPRESS as the type of the state machine, found FAST"),
  ]

  @Test(arguments: refusals) func refuses(_ row: (properties: String, finding: String)) {
    let file = load("\n\nResources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: \(row.properties)\n")
    #expect(file.diagnostics.map(\.line) == [row.finding])
  }
}

import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

/// The intrinsic functions, each as the Comment of a definition.
@Suite struct TemplateFunctionTests {
  static let head = """
    Parameters:
      Text: {Type: String, Default: cluster.example.com:5439/dev}
      Count: {Type: Number, Default: 3}
      Names: {Type: CommaDelimitedList, Default: "a, b,c"}
      Open: {Type: String}
      Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path/name, AllowedValues: [x]}
    Mappings:
      Script: {Config: {Setup: setup.sql, Rows: 7}}
    Conditions:
      Yes: !Equals [!Ref Text, cluster.example.com:5439/dev]
      No: !Not [!Condition "Yes"]
      Both: !And [!Condition "Yes", !Condition "No"]
      Either: !Or [!Condition "Yes", !Condition "No"]
      Lists: !Equals [!Ref Names, [a, b, c]]
      Ring: !Not [!Condition "Ring"]
    Resources:
      Load: {Type: "AWS::Lambda::Function", Properties: {FunctionName: !Sub "${AWS::StackName}_load"}}
      Unnamed: {Type: "AWS::Serverless::Function"}
      Role: {Type: "AWS::IAM::Role"}
      Bucket: {Type: "AWS::S3::Bucket"}
      Topic: {Type: "AWS::SNS::Topic", Properties: {TopicName: news}}
      Queue: {Type: "AWS::SQS::Queue", Properties: {QueueName: jobs}}
      Table: {Type: "AWS::DynamoDB::Table", Properties: {TableName: !Ref Text}}
      Other: {Type: "AWS::Redshift::Cluster"}
      Self: {Type: "AWS::SQS::Queue", Properties: {QueueName: !GetAtt Self.QueueName}}
      Hidden: {Type: "AWS::StepFunctions::StateMachine", Condition: "No"}
      M:
        Type: AWS::StepFunctions::StateMachine
        Properties:
          StateMachineName: flow
          Definition:
            StartAt: A
            Comment: 
    """

  static let values: [(String, JSONValue)] = [
    ("!Ref Text", "cluster.example.com:5439/dev"), ("!Ref Count", "3"), ("!Ref Names", ["a", "b", "c"]), ("!Ref Stored", "/path/name"),
    ("{Ref: Text}", "cluster.example.com:5439/dev"),
    ("!Ref AWS::Region", "us-east-1"), ("!Ref AWS::AccountId", "123456789012"), ("!Ref AWS::Partition", "aws"),
    ("!Ref AWS::URLSuffix", "amazonaws.com"), ("!Ref AWS::StackName", "local"),
    ("[1, !Ref AWS::NoValue, {a: !Ref \"AWS::NoValue\", b: 2}]", [1, ["b": 2]]),
    ("!Ref Load", "local_load"), ("!GetAtt Load.Arn", "arn:aws:lambda:us-east-1:123456789012:function:local_load"), ("!Ref Unnamed", "local-Unnamed"),
    ("!GetAtt Role.Arn", "arn:aws:iam::123456789012:role/local-Role"), ("!Ref Bucket", "local-bucket"), ("!GetAtt Bucket.Arn", "arn:aws:s3:::local-bucket"),
    ("!Ref Topic", "arn:aws:sns:us-east-1:123456789012:news"), ("!GetAtt Topic.TopicName", "news"),
    ("!Ref Queue", "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"), ("!GetAtt Queue.Arn", "arn:aws:sqs:us-east-1:123456789012:jobs"),
    ("!Ref M", "arn:aws:states:us-east-1:123456789012:stateMachine:flow"), ("!GetAtt M.Name", "flow"),
    ("Fn::GetAtt: [Table, Arn]", "arn:aws:dynamodb:us-east-1:123456789012:table/cluster.example.com:5439/dev"),
    ("!Ref Other", "local-Other"), ("!GetAtt Other.Endpoint.Address", "local-stand-in-Other-Endpoint.Address"),
    ("!GetAtt Other.NamespaceArn", "arn:aws:redshift:us-east-1:123456789012:local-stand-in/Other"), ("!GetAtt UnnamedRole.Arn", "arn:aws:iam::123456789012:role/local-UnnamedRole"),
    ("!Sub 'x-${Count}-${!Literal}-${AWS::Region}-${Load.Arn}'", "x-3-${Literal}-us-east-1-arn:aws:lambda:us-east-1:123456789012:function:local_load"),
    ("!Sub ['${a}/${b}${a}', {a: !Select [1, !Split ['/', !Ref Text]], b: 1}]", "dev/1dev"), ("!Sub '{% $x{a: $$} %} $ { }'", "{% $x{a: $$} %} $ { }"),
    ("!Join ['-', [a, !Ref Count, b]]", "a-3-b"), ("!Join [',', !Ref Names]", "a,b,c"), ("!Join ['', []]", ""),
    ("!Select [0, !Split ['.', !Ref Text]]", "cluster"), ("!Select ['2', !Ref Names]", "c"), ("!Split ['--', 'a--b--']", ["a", "b", ""]),
    ("!FindInMap [Script, Config, Setup]", "setup.sql"), ("!FindInMap [Script, Config, Rows]", 7),
    ("!FindInMap [Script, !Ref AWS::Region, Rows, {DefaultValue: !Ref Count}]", "3"),
    ("!If [\"Yes\", 1, !ImportValue x]", 1), ("!If [\"No\", 1, 2]", 2), ("!If [Both, 1, 2]", 2), ("!If [Either, 1, 2]", 1), ("!If [Lists, 1, 2]", 1),
    ("!Base64 Swift", "U3dpZnQ="), ("!Base64 Swifty", "U3dpZnR5"), ("!Base64 Swift!!", "U3dpZnQhIQ=="), ("!Base64 ''", ""),
    ("!GetAZs ''", ["us-east-1a", "us-east-1b", "us-east-1c"]), ("Fn::Length: !Ref Names", 3), ("Fn::ToJsonString: {a: [1, !Ref Count]}", #"{"a":[1,"3"]}"#),
    ("{Ref: Text, more: 1}", ["Ref": "Text", "more": 1]),
  ]

  private func comment(_ expression: String, _ change: (inout LoadOptions) -> Void = { _ in }) -> (DefinitionFile, JSONValue?) {
    let isInline = expression.first == "!" || expression.first == "{" || expression.first == "["
    let file = load("Transform: AWS::Serverless-2016-10-31\n" + Self.head + (isInline ? expression : "\n            " + "  " + expression) + "\n", change: change)
    return (file, file.definitions.first?.definition?["Comment"]?.value)
  }

  private func load(_ text: String, change: (inout LoadOptions) -> Void) -> DefinitionFile {
    DefinitionFilesTests.load(text, as: "template.yaml", change)
  }

  @Test(arguments: values) func evaluates(_ expression: String, _ expected: JSONValue) throws {
    let (file, value) = comment(expression)
    #expect(value == expected)
    #expect(file.diagnostics.map(\.line) == [])
    #expect(file.definitions.map(\.logicalID) == ["M"])
  }

  static let findings: [(String, [String])] = [
    ("!Ref Tex", ["34:18-34:26 error template-reference: the template has no parameter or resource Tex; did you mean Text"]),
    ("!Ref Open", ["6:3-6:7 error template-parameter: the parameter Open has no default; give it a value with --parameter Open=VALUE"]),
    ("!Sub 'é ${Open} ${Cuont}'",
      [
        "6:3-6:7 error template-parameter: the parameter Open has no default; give it a value with --parameter Open=VALUE",
        "34:34-34:42 error template-reference: the template has no parameter or resource Cuont; did you mean Count",
      ]),
    ("!Sub '${a b}'", ["34:24-34:30 error template-reference: expected a name of letters, digits, '_', '.' and ':' in ${}, found \"a b\"; write ${!…} for a text that CloudFormation must leave alone"]),
    ("!Sub '${Names}'", ["34:24-34:32 error template-value: the value of ${Names} must be a text, but is a list"]),
    ("!GetAtt Laod.Arn", ["34:18-34:34 error template-reference: the template has no resource Laod; did you mean Load"]),
    ("!ImportValue shared-arn", ["34:18-34:41 error template-import: the export shared-arn of another stack is not known here; put a parameter in its place"]),
    ("!FindInMap [Script, Cofnig, Setup]", ["34:38-34:44 error template-mapping: there is no top-level key Cofnig; did you mean Config"]),
    ("!Select [3, !Ref Names]", ["34:27-34:28 error template-function: the index 3 is beyond the list, which has 3 elements"]),
    ("!Select [x]", ["34:26-34:29 error template-function: Fn::Select takes an index and a list, found a list"]),
    ("!Join [',', a]", ["34:30-34:31 error template-function: expected a list to join, found a text"]),
    ("!If [Nope, 1, 2]", ["34:23-34:27 error template-condition: the template has no condition Nope"]),
    ("!If [Ring, 1, 2]", ["16:3-16:7 error template-circle: the condition Ring depends on itself"]),
    ("!Cidr [a, 1, 2]", ["34:18-34:33 error template-function: Fn::Cidr is not evaluated locally; put its value or a parameter in its place"]),
    ("{Fn::Jion: [a]}", ["34:19-34:27 error template-function: CloudFormation has no function Fn::Jion; did you mean Fn::Join"]),
    ("!Ref Self", ["26:59-26:81 warning template-circle: the name of Self depends on itself"]),
  ]

  @Test(arguments: findings) func finds(_ expression: String, _ expected: [String]) { #expect(comment(expression).0.diagnostics.map(\.line) == expected) }

  /// For checking a definition, what only a deployment knows stays open.
  @Test(arguments: [
    ("!Ref Open", "${Open}"), ("!Sub 'a-${Open}'", "a-${Open}"), ("!ImportValue shared", "${shared}"), ("!Select [4, !Split ['/', !Ref Open]]", "${Open}"),
    ("!Select [9, !Split ['-', !Ref AWS::StackId]]", "${Fn::Select}"),
  ])
  func leavesOpen(_ expression: String, _ expected: String) {
    let (file, value) = comment(expression) { $0.unresolvedValues = .leftOpen }
    #expect(value == .string(expected))
    #expect(!file.hasErrors)
  }

  /// Openings without an end are looked at once each.
  @Test func openingsWithoutAnEnd() {
    let text = String(repeating: "${", count: 100_000)
    #expect(comment("!Sub '\(text)'").1 == .string(text))
  }

  /// Doubling a text with each nesting ends at a limit.
  @Test func textsHaveALimit() {
    let nested = (0..<40).reduce("xxxxxxxxxx") { text, _ in "!Sub ['${a}${a}', {a: \(text.first == "!" ? text : "'\(text)'")}]" }
    let (file, _) = comment(nested)
    #expect(file.diagnostics.contains { $0.code == "template-limit" })
    var steps = LoadOptions()
    steps.limits.evaluationSteps = 10
    #expect(comment("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]") { $0 = steps }.0.diagnostics.contains { $0.code == "template-limit" })
  }
}

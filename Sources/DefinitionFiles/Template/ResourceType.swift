/// What `Ref` and `Fn::GetAtt` give for a type of resource.
///
/// In patterns `{name}` is the physical name, `{id}` the logical id; `{region}`, `{account}`, `{partition}` and `{suffix}` are the stack's.
/// Source: AWS CloudFormation Template Reference, "Return values" of each type.
struct ResourceType {
  /// The property that gives the physical name.
  var nameProperty: String?
  /// What `Ref` gives.
  var reference: String
  var attributes: [String: String]
  var isLowercase = false
  /// The service in an ARN that must be made up.
  var service = ""

  static func of(_ type: String) -> ResourceType {
    if let known = all[type] { return known }
    let parts = type.split(separator: ":", omittingEmptySubsequences: true)
    return ResourceType(nameProperty: nil, reference: "{name}", attributes: [:], service: parts.count > 1 ? parts[1].lowercased() : "local")
  }

  /// A value for an attribute that is not known here; it can be told by its words.
  func standIn(for attribute: String) -> String {
    if let arn = attributes["Arn"], attribute.hasSuffix("Arn") { return arn }
    return attribute.hasSuffix("Arn")
      ? "arn:{partition}:\(service.isEmpty ? "local" : service):{region}:{account}:local-stand-in/{id}" : "local-stand-in-{id}-\(attribute)"
  }

  private static func regional(_ service: String, _ resource: String) -> String { "arn:{partition}:\(service):{region}:{account}:\(resource)" }

  private static let function = ResourceType(
    nameProperty: "FunctionName", reference: "{name}",
    attributes: [
      "Arn": regional("lambda", "function:{name}"),
      "FunctionName": "{name}",
    ])

  private static func stateMachine(_ nameProperty: String) -> ResourceType {
    let arn = regional("states", "stateMachine:{name}")
    return ResourceType(nameProperty: nameProperty, reference: arn, attributes: ["Arn": arn, "Name": "{name}"])
  }

  private static let table = ResourceType(
    nameProperty: "TableName", reference: "{name}",
    attributes: [
      "Arn": regional("dynamodb", "table/{name}"),
      "StreamArn": regional("dynamodb", "table/{name}/stream/1970-01-01T00:00:00.000"),
    ])

  static let all: [String: ResourceType] = [
    "AWS::Lambda::Function": function,
    "AWS::Serverless::Function": function,
    "AWS::StepFunctions::StateMachine": stateMachine("StateMachineName"),
    "AWS::Serverless::StateMachine": stateMachine("Name"),
    "AWS::StepFunctions::Activity": ResourceType(
      nameProperty: "Name", reference: regional("states", "activity:{name}"),
      attributes: ["Arn": regional("states", "activity:{name}"), "Name": "{name}"]),
    "AWS::IAM::Role": ResourceType(
      nameProperty: "RoleName", reference: "{name}",
      attributes: ["Arn": "arn:{partition}:iam::{account}:role/{name}", "RoleId": "AROALOCAL{id}"]),
    "AWS::S3::Bucket": ResourceType(
      nameProperty: "BucketName", reference: "{name}",
      attributes: [
        "Arn": "arn:{partition}:s3:::{name}",
        "DomainName": "{name}.s3.{suffix}",
        "RegionalDomainName": "{name}.s3.{region}.{suffix}",
      ], isLowercase: true),
    "AWS::SNS::Topic": ResourceType(
      nameProperty: "TopicName", reference: regional("sns", "{name}"),
      attributes: ["TopicArn": regional("sns", "{name}"), "TopicName": "{name}"]),
    "AWS::SQS::Queue": ResourceType(
      nameProperty: "QueueName", reference: "https://sqs.{region}.{suffix}/{account}/{name}",
      attributes: [
        "Arn": regional("sqs", "{name}"), "QueueName": "{name}", "QueueUrl": "https://sqs.{region}.{suffix}/{account}/{name}",
      ]),
    "AWS::DynamoDB::Table": table,
    "AWS::DynamoDB::GlobalTable": table,
    "AWS::Serverless::SimpleTable": table,
    "AWS::Events::EventBus": ResourceType(
      nameProperty: "Name", reference: "{name}", attributes: ["Arn": regional("events", "event-bus/{name}"), "Name": "{name}"]),
    "AWS::Logs::LogGroup": ResourceType(
      nameProperty: "LogGroupName", reference: "{name}", attributes: ["Arn": regional("logs", "log-group:{name}:*")]),
    "AWS::ECS::Cluster": ResourceType(
      nameProperty: "ClusterName", reference: "{name}", attributes: ["Arn": regional("ecs", "cluster/{name}")]),
    "AWS::ECS::TaskDefinition": ResourceType(
      nameProperty: "Family", reference: regional("ecs", "task-definition/{name}:1"),
      attributes: ["TaskDefinitionArn": regional("ecs", "task-definition/{name}:1")]),
    "AWS::Batch::JobQueue": ResourceType(
      nameProperty: "JobQueueName", reference: regional("batch", "job-queue/{name}"),
      attributes: ["JobQueueArn": regional("batch", "job-queue/{name}")]),
    "AWS::Batch::JobDefinition": ResourceType(
      nameProperty: "JobDefinitionName", reference: regional("batch", "job-definition/{name}:1"), attributes: [:], service: "batch"),
    "AWS::Glue::Job": ResourceType(nameProperty: "Name", reference: "{name}", attributes: [:], service: "glue"),
    "AWS::Glue::Crawler": ResourceType(nameProperty: "Name", reference: "{name}", attributes: [:], service: "glue"),
    "AWS::CodeBuild::Project": ResourceType(
      nameProperty: "Name", reference: "{name}", attributes: ["Arn": regional("codebuild", "project/{name}")]),
    "AWS::KMS::Key": ResourceType(
      nameProperty: nil, reference: "{name}", attributes: ["Arn": regional("kms", "key/{name}"), "KeyId": "{name}"]),
    "AWS::SecretsManager::Secret": ResourceType(
      nameProperty: "Name", reference: regional("secretsmanager", "secret:{name}"), attributes: ["Id": regional("secretsmanager", "secret:{name}")]),
  ]
}

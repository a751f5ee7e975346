import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// What a resource ARN calls: an operation of a service, as an SDK integration or as an optimized one.
struct ServiceIntegration: Sendable {
  /// How an optimized integration names errors and services: as version 1 of the SDK for Java.
  struct Optimized: Sendable {
    /// The head of error names: `DynamoDB`.
    var prefix: String
    /// In causes: `AmazonDynamoDBv2`.
    var serviceName: String
    /// Errors that the service's model does not know: `AmazonDynamoDBException`.
    var generalError: String
  }

  var facts: ServiceFacts
  var operation: String
  /// Nil for an SDK integration.
  var optimized: Optimized?

  struct Problem: Error {
    var message: String
  }

  private static let dynamoDB = Optimized(prefix: "DynamoDB", serviceName: "AmazonDynamoDBv2", generalError: "AmazonDynamoDBException")
  /// By the service and the action of the ARN.
  private static let optimizedIntegrations: [String: (service: String, optimized: Optimized)] = [
    "sqs:sendMessage": ("sqs", Optimized(prefix: "SQS", serviceName: "AmazonSQS", generalError: "AmazonSQSException")),
    "events:putEvents": (
      "eventbridge", Optimized(prefix: "EventBridge", serviceName: "AmazonEventBridge", generalError: "AmazonEventBridgeException")
    ),
    "dynamodb:getItem": ("dynamodb", dynamoDB), "dynamodb:putItem": ("dynamodb", dynamoDB), "dynamodb:updateItem": ("dynamodb", dynamoDB),
    "dynamodb:deleteItem": ("dynamodb", dynamoDB),
  ]

  /// What `arn:aws:states:::aws-sdk:dynamodb:putItem` or `arn:aws:states:::dynamodb:putItem` calls, or why it cannot be called.
  static func named(_ arn: String) -> Result<ServiceIntegration, Problem> {
    guard let resource = TaskResource(arn), resource.kind == .service else { return refused("\(arn) is no integration") }
    guard resource.pattern == .requestResponse else {
      return refused("\(resource.pattern.rawValue) is not offered for AWS: only the service's own answer comes back")
    }
    guard resource.resourceType.hasPrefix("aws-sdk:") else {
      let name = "\(resource.resourceType):\(resource.resource)"
      guard let known = optimizedIntegrations[name], let facts = ServiceFacts.named(known.service) else {
        let others = optimizedIntegrations.keys.sorted().joined(separator: ", ")
        return refused(
          ServiceFacts.xmlServices.contains(resource.resourceType)
            ? xml(resource.resourceType)
            : "the integration \(name) is none of those that can be sent to AWS: \(others), lambda:invoke and aws-sdk:SERVICE:ACTION")
      }
      return .success(ServiceIntegration(facts: facts, operation: pascalCase(resource.resource), optimized: known.optimized))
    }
    let service = String(resource.resourceType.dropFirst("aws-sdk:".count))
    guard let facts = ServiceFacts.named(service) else {
      if ServiceFacts.xmlServices.contains(service) { return refused(xml(service)) }
      return refused("the service \(service) is not in the table of services that can be called; answer it by exec: or http:")
    }
    let operation = pascalCase(resource.resource)
    if facts.json == nil, facts.operations[operation] == nil {
      return refused("the service \(service) has no operation \(resource.resource) that can be called")
    }
    return .success(ServiceIntegration(facts: facts, operation: operation, optimized: nil))
  }

  private static func refused(_ message: String) -> Result<ServiceIntegration, Problem> { .failure(Problem(message: message)) }

  private static func xml(_ service: String) -> String {
    "\(service) speaks a protocol with XML, which calls to AWS do not offer here (they speak AWS JSON and REST-JSON); "
      + "answer it by exec: or http:"
  }
}

/// Sends a task to the service that its resource names.
struct ServiceCall: TaskAction {
  let integration: ServiceIntegration
  let calls: AWSCalls

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let facts = integration.facts
    let request = try facts.request(integration.operation, call.input, token: call.idempotencyToken)
    let response: HTTPResponse
    do throws(AWSCallError) {
      response = try await calls.call(integration.operation, of: facts, request, pace: CallPace(reporter))
    } catch {
      throw failure(error)
    }
    guard var result = facts.result(integration.operation, response) else {
      throw failure(.unusable("the answer to \(integration.operation) is no JSON object: \(excerpt(response.body))"))
    }
    guard integration.optimized != nil else { return .object(result) }
    // PutEvents answers with success when single entries have failed; the integration does not.
    if integration.operation == "PutEvents", result["FailedEntryCount"]?.asInt ?? 0 > 0 {
      throw TaskFailure(error: "EventBridge.FailedEntry", cause: JSONValue.object(result).jsonText)
    }
    for (name, value) in sdkMetadata(response) { result[name] = value }
    return .object(result)
  }

  private func failure(_ error: AWSCallError) -> TaskFailure {
    let service = integration.facts.service
    guard let optimized = integration.optimized else { return taskFailure(error, service, modelled: integration.facts.errors) }
    guard case .service(let answer) = error else {
      let failure = taskFailure(error, service, modelled: [])
      return TaskFailure(error: failure.error.replacing(service.integrationName + ".", with: optimized.prefix + "."), cause: failure.cause)
    }
    let name = exceptionName(answer.code)
    let isModelled = integration.facts.errors.contains(name)
    return TaskFailure(
      error: "\(optimized.prefix).\(isModelled ? name : optimized.generalError)",
      cause:
        "\(answer.message) (Service: \(optimized.serviceName); Status Code: \(answer.status); "
        + "Error Code: \(answer.queryCode ?? answer.code); Request ID: \(answer.requestID ?? "null"); Proxy: null)")
  }
}

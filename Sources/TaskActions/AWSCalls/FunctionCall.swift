import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Answers a function by the Lambda function of the same name at AWS.
///
/// `TaskCall.resource` is the function as the definition names it: name, ARN or partial ARN, with its qualifier.
/// Source: AWS Lambda API Reference, "Invoke"; histories recorded of failed functions.
struct FunctionCall: TaskAction {
  let calls: AWSCalls

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    guard let facts = ServiceFacts.named("lambda") else { preconditionFailure("the table of services has no lambda") }
    let request = try facts.request(
      "Invoke", ["FunctionName": .string(call.resource), "Payload": .string(call.input.jsonText)], token: call.idempotencyToken)
    let response: HTTPResponse
    do throws(AWSCallError) {
      response = try await calls.call("Invoke", of: facts, request, pace: CallPace(reporter))
    } catch {
      throw taskFailure(error, facts.service, modelled: facts.errors)
    }
    guard case .success(let payload) = parsed(response.body) else {
      throw TaskFailure(
        error: "Lambda.SdkClientException", cause: "the answer of the function \(call.resource) is no JSON: \(excerpt(response.body))")
    }
    guard response.headers["X-Amz-Function-Error"] != nil else { return payload }
    throw functionFailure(payload, hasFailed: true) ?? TaskFailure(error: "States.TaskFailed", cause: payload.jsonText)
  }
}

import AWSJSONServer
import JSONTypes
package import StatesRuntime

/// The operations of the Step Functions API by which workers answer tasks, for any AWS SDK:
/// `SendTaskSuccess`, `SendTaskFailure`, `SendTaskHeartbeat` and `GetActivityTask`.
///
/// Source: AWS Step Functions API Reference.
package final class TaskEndpoint: Sendable {
  /// Where workers reach it, for example `http://127.0.0.1:8083`.
  package let url: String
  private let listener: AWSJSONListener

  /// Why the endpoint could not be started, in a sentence.
  package struct StartError: Error, Sendable {
    package let message: String
  }

  /// - Parameter port: 0 takes any free port of 127.0.0.1.
  package static func start(for engine: Engine, port: Int = 0) async throws(StartError) -> TaskEndpoint {
    let service = AWSJSONService(targetPrefix: "AWSStepFunctions", signingName: "states", version: .json10) {
      (operation, input) async throws(AWSJSONError) in
      try await answer(operation, try RequestMembers(input), engine)
    }
    do throws(AWSJSONListener.StartError) {
      return TaskEndpoint(try await AWSJSONListener.start(services: [service], port: port))
    } catch {
      throw StartError(message: error.description)
    }
  }

  private init(_ listener: AWSJSONListener) {
    self.listener = listener
    url = listener.url
  }

  package func stop() async { await listener.stop() }

  private static func answer(_ operation: String, _ members: RequestMembers, _ engine: Engine) async throws(AWSJSONError) -> JSONValue {
    switch operation {
    case "SendTaskSuccess":
      let token = try required("taskToken", members)
      let text = try required("output", members)
      let output: JSONValue
      do throws(JSONSyntaxError) {
        output = try JSONValue(parsing: text)
      } catch {
        throw AWSJSONError("InvalidOutput", "Invalid Output: '\(error.message)'")
      }
      try await passing { () throws(TaskTokenError) in try await engine.sendTaskSuccess(token: token, output: output) }
    case "SendTaskFailure":
      let token = try required("taskToken", members)
      let (error, cause) = (try members.string("error"), try members.string("cause"))
      try await passing { () throws(TaskTokenError) in try await engine.sendTaskFailure(token: token, error: error, cause: cause) }
    case "SendTaskHeartbeat":
      let token = try required("taskToken", members)
      try await passing { () throws(TaskTokenError) in try await engine.sendTaskHeartbeat(token: token) }
    case "GetActivityTask":
      let arn = try required("activityArn", members)
      let task = await engine.activityTask(of: arn, workerName: try members.string("workerName"))
      guard let task else { return .emptyObject }
      return ["taskToken": .string(task.taskToken), "input": .string(task.input.jsonText)]
    default: throw .unknownOperation("AWSStepFunctions.\(operation)")
    }
    return .emptyObject
  }

  private static func required(_ name: String, _ members: RequestMembers) throws(AWSJSONError) -> String {
    guard let value = try members.string(name) else {
      throw .validation("1 validation error detected: Value null at '\(name)' failed to satisfy constraint: Member must not be null")
    }
    return value
  }

  private static func passing(_ body: () async throws(TaskTokenError) -> Void) async throws(AWSJSONError) {
    do throws(TaskTokenError) { try await body() } catch { throw AWSJSONError(error.code.rawValue, error.message) }
  }
}

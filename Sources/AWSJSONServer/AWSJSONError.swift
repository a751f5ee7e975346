package import JSONTypes

/// A refusal in AWS's JSON protocol: HTTP status, `__type`, `Message`, and what else the error's shape has.
package struct AWSJSONError: Error, Hashable, Sendable {
  /// The shape's name, for example `ValidationException`.
  package var code: String
  package var message: String
  /// The HTTP status: 400 where the client is at fault, 500 where the service is.
  package var status: Int
  /// Further members of the error's shape, such as `ResourceId`.
  package var members: JSONObject

  package init(_ code: String, _ message: String, status: Int = 400, members: JSONObject = [:]) {
    self.code = code
    self.message = message
    self.status = status
    self.members = members
  }

  /// The body as clients read it. SDKs take the code from `__type` and the text from `Message`; older ones read `message`.
  package var body: JSONValue {
    var object: JSONObject = ["__type": .string(code), "Message": .string(message)]
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  package static func validation(_ message: String) -> Self { Self("ValidationException", message) }
  package static func serialization(_ message: String) -> Self { Self("SerializationException", message) }
  package static func unknownOperation(_ target: String?) -> Self {
    Self(
      "UnknownOperationException",
      target.map { "The operation \"\($0)\" is not known here." } ?? "The request has no X-Amz-Target header that names an operation.")
  }
  package static func internalFailure(_ message: String) -> Self { Self("InternalServerException", message, status: 500) }
}

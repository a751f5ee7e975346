package import JSONTypes

/// One service behind the wire: how its requests are recognised, and what answers them.
package struct AWSJSONService: Sendable {
  /// Which of the two JSON protocols the service speaks; they differ in the content type alone.
  package enum Version: String, Sendable {
    case json10 = "application/x-amz-json-1.0"
    case json11 = "application/x-amz-json-1.1"
  }

  /// The word before the dot in `X-Amz-Target`, for example `RedshiftData`.
  package let targetPrefix: String
  /// The service's name in a signature's credential scope, for example `redshift-data`.
  package let signingName: String
  package let version: Version
  /// Answers one operation. The value is the request's body, always an object; so must be the answer.
  ///
  /// The surrounding task is cancelled when the client goes away.
  package let handle: @Sendable (_ operation: String, _ input: JSONValue) async throws(AWSJSONError) -> JSONValue
  /// What goes wrong with a request; asked before it is handled.
  package let fault: @Sendable (_ operation: String, _ input: JSONValue) async -> WireFault?

  package init(
    targetPrefix: String, signingName: String, version: Version,
    fault: @escaping @Sendable (_ operation: String, _ input: JSONValue) async -> WireFault? = { _, _ in nil },
    handle: @escaping @Sendable (_ operation: String, _ input: JSONValue) async throws(AWSJSONError) -> JSONValue
  ) {
    self.targetPrefix = targetPrefix
    self.signingName = signingName
    self.version = version
    self.fault = fault
    self.handle = handle
  }
}

/// What one listener grants its clients.
package struct ServerLimits: Sendable {
  /// Bytes of a request's body. 40 statements of 100 KB, each byte escaped, fit.
  package var bodySizeInBytes = 32 << 20
  /// Bytes of all header fields of a request.
  package var headersSizeInBytes = 32 << 10
  package var headerFieldCount = 100
  /// Connections open at once; one more is told to come back later.
  package var connections = 1024
  /// From the first quiet moment of a connection until its next request is complete up to its header.
  package var idleTimeInSeconds: Int64 = 75
  /// From a request's header until the end of its body.
  package var bodyTimeInSeconds: Int64 = 30
  /// How long `stop()` waits for requests that are being answered.
  package var graceInSeconds: Int64 = 2

  package init() {}
}

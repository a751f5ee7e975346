import NIOHTTP1

/// Decides, from the header alone, whether a request may speak to a service, and to which operation.
///
/// A page in a browser can send requests to loopback. Three fences keep it out: only loopback names are accepted as `Host` (a foreign name
/// that was made to resolve to 127.0.0.1 stays foreign), no request that a browser marks as coming from another site is accepted, and the
/// content type and target header that are required cannot be sent across sites without a preflight, which is never granted.
struct RequestGate: Sendable {
  let services: [AWSJSONService]
  let secret: SigningSecret?

  struct Route: Sendable {
    let service: AWSJSONService
    let operation: String
    let signature: RequestSignature
  }

  func route(_ head: HTTPRequestHead) throws(AWSJSONError) -> Route {
    guard let host = head.headers.first(name: "host"), head.headers["host"].count == 1, Self.isLoopback(host) else {
      throw AWSJSONError(
        "AccessDeniedException",
        "The Host header must be a loopback name (localhost, 127.0.0.1 or [::1]), not \(head.headers.first(name: "host") ?? "absent").",
        status: 403)
    }
    if let origin = head.headers.first(name: "origin"), origin != "http://\(host)" {
      throw AWSJSONError("AccessDeniedException", "Requests from web pages of another origin are refused.", status: 403)
    }
    if let site = head.headers.first(name: "sec-fetch-site"), site != "same-origin", site != "none" {
      throw AWSJSONError("AccessDeniedException", "Requests from web pages of another site are refused.", status: 403)
    }
    guard head.method == .POST, head.uri == "/" || head.uri == "" else {
      throw AWSJSONError(
        "UnknownOperationException", "Expected POST /, found \(head.method.rawValue) \(head.uri.prefix(200)).", status: 404)
    }
    let target = head.headers.first(name: "x-amz-target")
    guard let target, let dot = target.lastIndex(of: "."),
      let service = services.first(where: { $0.targetPrefix == target[..<dot] }), target.index(after: dot) < target.endIndex
    else { throw .unknownOperation(target.map { String($0.prefix(200)) }) }
    let type = head.headers.first(name: "content-type") ?? ""
    let mediaType = type.prefix { $0 != ";" && $0 != " " }.lowercased()
    guard mediaType == service.version.rawValue else {
      throw .serialization("The Content-Type must be \(service.version.rawValue), not \"\(type.prefix(200))\".")
    }
    guard let authorization = head.headers.first(name: "authorization") else {
      throw AWSJSONError("MissingAuthenticationTokenException", "Missing Authentication Token", status: 403)
    }
    let signature = try RequestSignature(parsing: authorization)
    guard signature.service == service.signingName else {
      throw AWSJSONError(
        "InvalidSignatureException",
        "Credential should be scoped to correct service: '\(service.signingName)', not '\(signature.service)'.", status: 403)
    }
    guard head.headers.contains(name: "x-amz-date") || head.headers.contains(name: "date") else {
      throw AWSJSONError(
        "IncompleteSignatureException", "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    }
    return Route(service: service, operation: String(target[target.index(after: dot)...]), signature: signature)
  }

  func checkSignature(_ route: Route, _ head: HTTPRequestHead, body: [UInt8]) throws(AWSJSONError) {
    guard let secret else { return }
    guard route.signature.isValid(for: head.headers.map { ($0.name, $0.value) }, body: body, secret: secret) else {
      throw AWSJSONError(
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
        status: 403)
    }
  }

  /// `localhost`, `127.0.0.1` or `[::1]`, with or without a port.
  static func isLoopback(_ host: String) -> Bool {
    for name in ["localhost", "127.0.0.1", "[::1]"] {
      guard host.lowercased().hasPrefix(name) else { continue }
      let rest = host.dropFirst(name.count)
      if rest.isEmpty { return true }
      if rest.first == ":", rest.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) { return true }
    }
    return false
  }
}

/// Signature Version 4 of AWS, in headers and in the query ("presigned").
///
/// Source: AWS, "Create a signed AWS API request"; the path rules of S3 differ from all others.
public struct RequestSigner: Sendable {
  /// How the path goes into the canonical request.
  public struct PathRules: Sendable, Hashable {
    /// Remove `.`, `..` and empty segments.
    public var normalizes: Bool
    /// Encode the path, as it stands in the URL, once more.
    public var encodesAgain: Bool
    public init(normalizes: Bool, encodesAgain: Bool) {
      self.normalizes = normalizes
      self.encodesAgain = encodesAgain
    }
    public static let s3 = PathRules(normalizes: false, encodesAgain: false)
    public static let standard = PathRules(normalizes: true, encodesAgain: true)
  }

  public var region: String
  /// The signing name: `redshift-data`, `s3`, …
  public var service: String
  public var pathRules: PathRules
  /// Adds the header `x-amz-content-sha256`, which S3 demands.
  public var addsPayloadHeader: Bool
  /// Presigned requests leave the body out of the signature, as S3's do.
  public var presignsWithoutPayload: Bool
  /// The session token joins the request after signing; some older services want it so.
  public var addsTokenUnsigned = false

  public init(region: String, service: String) {
    self.region = region
    self.service = service
    let isS3 = service == "s3"
    pathRules = isS3 ? .s3 : .standard
    addsPayloadHeader = isS3
    presignsWithoutPayload = isS3
  }

  /// The signed request and what it was made of, for tests and for finding out why a service refuses it.
  public struct Signed: Sendable {
    public var request: HTTPRequest
    public var canonicalRequest: String
    public var stringToSign: String
    public var signature: String
  }

  /// Headers that proxies, libcurl or retries change and that are therefore left out of the signature.
  static func isUnsigned(_ name: String) -> Bool {
    switch name {
    case "authorization", "user-agent", "expect", "connection", "transfer-encoding", "x-amzn-trace-id": true
    default: name.hasPrefix("amz-sdk-")
    }
  }

  /// Adds `X-Amz-Date`, the session token and `Authorization`. The header `Host` is signed but not added: the URL gives it.
  public func sign(_ request: HTTPRequest, with credentials: AWSCredentials, at time: WallTime) -> Signed {
    var request = request
    let bodyHash = hexadecimal(sha256(request.body))
    request.headers["X-Amz-Date"] = time.basicText
    if addsPayloadHeader { request.headers["X-Amz-Content-SHA256"] = bodyHash }
    if let token = credentials.sessionToken, !addsTokenUnsigned { request.headers["X-Amz-Security-Token"] = token.reveal() }
    let parts = URLParts(request.url)
    let headers = canonicalHeaders(request.headers, host: parts.host)
    let canonical = canonicalRequest(request.method, parts.path, query: parts.queryItems, headers: headers, payload: bodyHash)
    let (toSign, signature) = signature(of: canonical, credentials, time)
    request.headers["Authorization"] =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(time)), SignedHeaders=\(headers.names), Signature=\(signature)"
    if let token = credentials.sessionToken, addsTokenUnsigned { request.headers["X-Amz-Security-Token"] = token.reveal() }
    return Signed(request: request, canonicalRequest: canonical, stringToSign: toSign, signature: signature)
  }

  /// Puts the signature into the URL, which then works for `seconds` (at most a week, says AWS).
  public func presign(_ request: HTTPRequest, with credentials: AWSCredentials, at time: WallTime, expiresInSeconds seconds: Int) -> Signed
  {
    var request = request
    let parts = URLParts(request.url)
    let headers = canonicalHeaders(request.headers, host: parts.host)
    var added = [
      ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(time))"),
      ("X-Amz-Date", time.basicText), ("X-Amz-Expires", String(seconds)), ("X-Amz-SignedHeaders", headers.names),
    ]
    if let token = credentials.sessionToken, !addsTokenUnsigned { added.append(("X-Amz-Security-Token", token.reveal())) }
    let payload = presignsWithoutPayload ? "UNSIGNED-PAYLOAD" : hexadecimal(sha256(request.body))
    let items = parts.queryItems + added.map { URLParts.QueryItem(name: percentEncoded($0.0), value: percentEncoded($0.1)) }
    let canonical = canonicalRequest(request.method, parts.path, query: items, headers: headers, payload: payload)
    let (toSign, signature) = signature(of: canonical, credentials, time)
    if let token = credentials.sessionToken, addsTokenUnsigned { added.append(("X-Amz-Security-Token", token.reveal())) }
    added.append(("X-Amz-Signature", signature))
    let query = added.map { percentEncoded($0.0) + "=" + percentEncoded($0.1) }.joined(separator: "&")
    request.url = parts.base + parts.path + "?" + (parts.query.isEmpty ? query : parts.query + "&" + query)
    return Signed(request: request, canonicalRequest: canonical, stringToSign: toSign, signature: signature)
  }

  private func scope(_ time: WallTime) -> String { "\(time.basicText.prefix(8))/\(region)/\(service)/aws4_request" }

  private func signature(of canonical: String, _ credentials: AWSCredentials, _ time: WallTime) -> (toSign: String, signature: String) {
    let toSign = "AWS4-HMAC-SHA256\n\(time.basicText)\n\(scope(time))\n\(hexadecimal(sha256(canonical.utf8)))"
    var key = hmacSHA256(key: Array("AWS4\(credentials.secretAccessKey.reveal())".utf8), time.basicText.prefix(8).utf8)
    for part in [region, service, "aws4_request"] { key = hmacSHA256(key: key, part.utf8) }
    return (toSign, hexadecimal(hmacSHA256(key: key, toSign.utf8)))
  }

  private func canonicalRequest(
    _ method: String, _ path: String, query: [URLParts.QueryItem], headers: (lines: String, names: String), payload: String
  ) -> String {
    var canonicalPath = pathRules.normalizes ? normalized(path) : path
    if canonicalPath.isEmpty { canonicalPath = "/" }
    if pathRules.encodesAgain { canonicalPath = percentEncoded(canonicalPath, keeping: "/") }
    let canonicalQuery = query.sorted { ($0.name, $0.value) < ($1.name, $1.value) }.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    return "\(method)\n\(canonicalPath)\n\(canonicalQuery)\n\(headers.lines)\n\(headers.names)\n\(payload)"
  }

  /// Lower-case names in order, values trimmed with inner blanks collapsed, values of one name joined by commas.
  private func canonicalHeaders(_ headers: HTTPHeaders, host: String) -> (lines: String, names: String) {
    var values: [String: [String]] = ["host": [host]]
    for field in headers.fields {
      let name = field.name.lowercased()
      if Self.isUnsigned(name) || name == "host" { continue }
      values[name, default: []].append(field.value.split { $0 == " " || $0 == "\t" || $0.isNewline }.joined(separator: " "))
    }
    if let given = headers["Host"] { values["host"] = [given] }
    let names = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let lines = names.map { "\($0):\(values[$0, default: []].joined(separator: ","))\n" }.joined()
    return (lines, names.joined(separator: ";"))
  }

  private func normalized(_ path: String) -> String {
    var kept: [Substring] = []
    let segments = path.split(separator: "/", omittingEmptySubsequences: true)
    for segment in segments {
      switch segment {
      case ".": break
      case "..": _ = kept.popLast()
      default: kept.append(segment)
      }
    }
    let endsInSlash = path.hasSuffix("/") || segments.last == "." || segments.last == ".."
    return "/" + kept.joined(separator: "/") + (endsInSlash && !kept.isEmpty ? "/" : "")
  }
}

/// The parts of a URL that signing needs, as they are written.
struct URLParts {
  struct QueryItem {
    /// Encoded anew, so that differently written escapes sign alike.
    var name: String
    var value: String
  }
  var scheme: String
  /// With the port, when it is not the scheme's own.
  var host: String
  /// Scheme and authority.
  var base: String
  /// Percent-encoded, from the first slash; empty when the URL has none.
  var path: String
  /// Percent-encoded, without the question mark.
  var query: String

  init(_ url: String) {
    let schemeEnd = url.firstRange(ofText: "://")
    scheme = schemeEnd.map { url[..<$0.lowerBound].lowercased() } ?? "https"
    let rest = schemeEnd.map { url[$0.upperBound...] } ?? url[...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    var target = rest[authority.endIndex...]
    if let fragment = target.firstIndex(of: "#") { target = target[..<fragment] }
    base = String(url[..<authority.endIndex])
    var host = String(authority.split(separator: "@", omittingEmptySubsequences: false).last ?? "").lowercased()
    let ownPort = scheme == "http" ? ":80" : ":443"
    if host.hasSuffix(ownPort) { host.removeLast(ownPort.count) }
    self.host = host
    if let mark = target.firstIndex(of: "?") {
      path = String(target[..<mark])
      query = String(target[target.index(after: mark)...])
    } else {
      path = String(target)
      query = ""
    }
  }

  var queryItems: [QueryItem] {
    query.split(separator: "&").map { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return QueryItem(
        name: percentEncoded(percentDecoded(parts[0])), value: parts.count > 1 ? percentEncoded(percentDecoded(parts[1])) : "")
    }
  }
}

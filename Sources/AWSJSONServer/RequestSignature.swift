/// The `Authorization` header of Signature Version 4.
///
/// Source: AWS, "Create a signed AWS API request".
struct RequestSignature: Hashable, Sendable {
  var accessKey: String
  var date: String
  var region: String
  var service: String
  /// Lower case, in the order the client gave.
  var signedHeaders: [String]
  /// 64 hexadecimal digits.
  var signature: String

  static let algorithm = "AWS4-HMAC-SHA256"

  /// - Throws: `IncompleteSignatureException` that names the part that is missing or malformed.
  init(parsing header: String) throws(AWSJSONError) {
    guard header.hasPrefix(Self.algorithm), header.dropFirst(Self.algorithm.count).first?.isWhitespace == true else {
      throw Self.incomplete("Unsupported AWS 'algorithm': expected \(Self.algorithm).")
    }
    var parts: [Substring: Substring] = [:]
    for part in header.dropFirst(Self.algorithm.count).split(separator: ",") {
      let trimmed = part.drop { $0 == " " }
      guard let equals = trimmed.firstIndex(of: "=") else {
        throw Self.incomplete("'\(trimmed)' not a valid key=value pair (missing equal-sign) in Authorization header.")
      }
      var value = trimmed[trimmed.index(after: equals)...]
      while value.last == " " { value.removeLast() }
      parts[trimmed[..<equals]] = value
    }
    guard let credential = parts["Credential"] else { throw Self.missing("Credential") }
    guard let signed = parts["SignedHeaders"] else { throw Self.missing("SignedHeaders") }
    guard let signature = parts["Signature"] else { throw Self.missing("Signature") }
    let scope = credential.split(separator: "/", omittingEmptySubsequences: false)
    guard scope.count >= 5, !scope.contains(where: \.isEmpty), scope[scope.count - 1] == "aws4_request" else {
      throw Self.incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '\(credential)'")
    }
    date = String(scope[scope.count - 4])
    guard date.utf8.count == 8, date.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw Self.incomplete("Date in Credential scope does not match YYYYMMDD: '\(date)'")
    }
    accessKey = scope[..<(scope.count - 4)].joined(separator: "/")
    region = String(scope[scope.count - 3])
    service = String(scope[scope.count - 2])
    signedHeaders = signed.split(separator: ";").map { $0.lowercased() }
    guard signedHeaders.contains("host") else { throw Self.incomplete("'Host' must be a 'SignedHeader' in the AWS Authorization.") }
    self.signature = String(signature)
    guard signature.utf8.count == 64, signature.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
      throw Self.incomplete("Signature must be 64 lower-case hexadecimal digits.")
    }
  }

  private static func missing(_ part: String) -> AWSJSONError { incomplete("Authorization header requires '\(part)' parameter.") }
  private static func incomplete(_ message: String) -> AWSJSONError { AWSJSONError("IncompleteSignatureException", message) }
}

/// The secret key of an access key, for a listener that checks signatures.
package struct SigningSecret: Sendable {
  package var accessKey: String
  package var secretKey: String
  package init(accessKey: String, secretKey: String) {
    self.accessKey = accessKey
    self.secretKey = secretKey
  }
}

extension RequestSignature {
  /// Whether the signature is the one that `secret` gives for `POST /`.
  ///
  /// - Parameter headers: all header fields in the order they came.
  func isValid(for headers: [(name: String, value: String)], body: [UInt8], secret: SigningSecret) -> Bool {
    guard secret.accessKey == accessKey else { return false }
    var values: [String: [String]] = [:]
    for (name, value) in headers { values[name.lowercased(), default: []].append(Self.collapsed(value)) }
    guard let stamp = values["x-amz-date"]?.first, stamp.hasPrefix(date) else { return false }
    var canonical = "POST\n/\n\n"
    for name in signedHeaders.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      canonical += "\(name):\((values[name] ?? []).joined(separator: ","))\n"
    }
    let payload = Digest.hexadecimal(Digest.sha256(body))
    canonical += "\n\(signedHeaders.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }).joined(separator: ";"))\n\(payload)"
    let scope = "\(date)/\(region)/\(service)/aws4_request"
    let hash = Digest.hexadecimal(Digest.sha256(Array(canonical.utf8)))
    var key = Array("AWS4\(secret.secretKey)".utf8)
    for part in [date, region, service, "aws4_request"] { key = Digest.hmac(key: key, Array(part.utf8)) }
    let expected = Digest.hexadecimal(Digest.hmac(key: key, Array("\(Self.algorithm)\n\(stamp)\n\(scope)\n\(hash)".utf8)))
    // Every byte is looked at, so the time taken does not tell how many were right.
    return zip(expected.utf8, signature.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0 && expected.utf8.count == signature.utf8.count
  }

  /// Outer blanks removed, inner runs of blanks as one.
  private static func collapsed(_ value: String) -> String { value.split(separator: " ").joined(separator: " ") }
}

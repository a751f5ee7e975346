/// A client for S3's objects. A given endpoint gets the bucket in the path, AWS in the host name.
public final class S3Client: Sendable {
  private let caller: AWSCaller

  public init(settings: AWSClientSettings, transport: any HTTPTransport, clock: ClientClock = .system) {
    caller = AWSCaller(.s3, settings: settings, transport: transport, clock: clock)
  }

  public var target: AWSClientSettings.Target { caller.target }

  /// Reads one object.
  /// - Parameters:
  ///   - headers: the operation's parameters that travel as headers, such as `Range`.
  ///   - query: those that travel in the query, such as `versionId`.
  ///   - maximumBytes: largest object accepted.
  /// - Throws: `AWSCallError`; the service's codes are `NoSuchKey`, `NoSuchBucket`, `AccessDenied`, …
  public func getObject(
    bucket: String, key: String, headers: HTTPHeaders = [:], query: [(name: String, value: String)] = [], maximumBytes: Int
  ) async throws(AWSCallError) -> HTTPResponse {
    try await getObject(bucket: bucket, key: key, headers: headers, query: query, maximumBytes: maximumBytes, pace: nil)
  }

  func getObject(
    bucket: String, key: String, headers: HTTPHeaders, query: [(name: String, value: String)], maximumBytes: Int, pace: CallPace?
  ) async throws(AWSCallError) -> HTTPResponse {
    guard isBucketName(bucket), !key.isEmpty else {
      throw .unusable("expected a bucket's name and a key, got \"\(bucket)\" and \"\(key)\"")
    }
    return try await send(
      "GET", bucket: bucket, path: "/" + percentEncoded(key, keeping: "/"), query: query, headers: headers, maximumBytes: maximumBytes,
      pace: pace)
  }

  /// Sends a request about a bucket or an object of it.
  /// - Parameters:
  ///   - path: encoded; the bucket is put before it, into the host or the path.
  ///   - region: where the bucket is said to be; nil for the settings' region. Only without it a bucket of another region is looked for there.
  func send(
    _ method: String, bucket: String, path: String, query: [(name: String, value: String)] = [], headers: HTTPHeaders = [:], body: [UInt8] = [],
    maximumBytes: Int, region: BucketRegion = .anywhere, pace: CallPace? = nil
  ) async throws(AWSCallError) -> HTTPResponse {
    var path = path
    if !query.isEmpty { path += "?" + query.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }.joined(separator: "&") }
    let target = path
    func send(_ base: String, _ region: String) async throws(AWSCallError) -> HTTPResponse {
      let request = HTTPRequest(method: method, url: base + target, headers: headers, body: body)
      return try await caller.call(request, region: region, maximumBodyBytes: maximumBytes, pace: pace) { s3Error($0, bucket: bucket, region: region) }
    }
    switch caller.target {
    case .nothing: throw .noTarget(.s3)
    case .incomplete(let why, _): throw .unusable(why)
    case .endpoint(let base, let known, _): return try await send("\(base)/\(bucket)", region.name ?? known)
    case .aws(let base, let known, _):
      if let name = region.name {
        guard isRegionName(name) else { throw .unusable("expected a region such as eu-west-1, got \"\(name)\"") }
        return try await send(bucketAddress(base.replacing(".\(known).", with: ".\(name)."), bucket), name)
      }
      do throws(AWSCallError) {
        return try await send(bucketAddress(base, bucket), known)
      } catch {
        guard region == .anywhere else { throw error }
        // A bucket of another region answers with where it is; ask there, once.
        guard case .service(let refusal) = error, let home = refusal.bucketRegion, home != known, isRegionName(home) else { throw error }
        return try await send(bucketAddress(base.replacing(".\(known).", with: ".\(home)."), bucket), home)
      }
    }
  }
}

/// Where a bucket is looked for.
package enum BucketRegion: Sendable, Hashable {
  /// In the settings' region, and where S3 says that it is.
  case anywhere
  /// In the settings' region only.
  case own
  /// In this one only.
  case named(String)

  var name: String? { if case .named(let name) = self { name } else { nil } }
}

/// The bucket's own host, but for a name with dots, which would not match the wildcard of the host's certificate.
private func bucketAddress(_ base: String, _ bucket: String) -> String {
  bucket.contains(".") ? base + "/" + bucket : "https://\(bucket)." + base.dropFirst("https://".count)
}

/// Whether this can be the name of a bucket: letters, digits, dots, hyphens and underscores, 3 to 255 (old buckets have more freedom than new ones).
func isBucketName(_ name: String) -> Bool {
  (3...255).contains(name.utf8.count) && name.first != "." && !name.contains("..")
    && name.utf8.allSatisfy {
      ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
    }
}

/// Decodes S3's error document, of which four flat elements matter.
func s3Error(_ response: HTTPResponse, bucket: String, region: String) -> AWSServiceError {
  let text = String(decoding: response.body, as: UTF8.self)
  let code = xmlElement("Code", in: text) ?? codeWithoutDocument(response.status)
  let home = response.headers["x-amz-bucket-region"] ?? xmlElement("Region", in: text)
  var message = xmlElement("Message", in: text) ?? (text.isEmpty ? "S3 answered without a text" : excerpt(response.body))
  if let home, home != region {
    message += " The bucket \(bucket) is in \(home), the request was for \(region)."
  }
  return AWSServiceError(
    service: .s3, code: code, message: message, status: response.status,
    requestID: response.headers["x-amz-request-id"] ?? xmlElement("RequestId", in: text),
    extendedRequestID: response.headers["x-amz-id-2"] ?? xmlElement("HostId", in: text), bucketRegion: home)
}

private func codeWithoutDocument(_ status: Int) -> String {
  switch status {
  case 301, 307: "PermanentRedirect"
  case 304: "NotModified"
  case 403: "AccessDenied"
  case 404: "NoSuchKey"
  case 503: "SlowDown"
  default: "UnknownError"
  }
}

/// The text of the first element of this name, with its five entities and character references replaced.
func xmlElement(_ name: String, in text: String) -> String? {
  guard let start = text.firstRange(ofText: "<\(name)>"), let end = text[start.upperBound...].firstRange(ofText: "</\(name)>") else {
    return nil
  }
  var result = ""
  var rest = text[start.upperBound..<end.lowerBound]
  while let ampersand = rest.firstIndex(of: "&") {
    result += rest[..<ampersand]
    rest = rest[rest.index(after: ampersand)...]
    guard let semicolon = rest.prefix(12).firstIndex(of: ";"), let character = xmlCharacter(rest[..<semicolon]) else {
      result += "&"
      continue
    }
    result.append(character)
    rest = rest[rest.index(after: semicolon)...]
  }
  return result + rest
}

private func xmlCharacter(_ entity: Substring) -> Character? {
  switch entity {
  case "amp": return "&"
  case "lt": return "<"
  case "gt": return ">"
  case "quot": return "\""
  case "apos": return "'"
  default:
    guard entity.hasPrefix("#") else { return nil }
    let digits = entity.dropFirst()
    let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return number.flatMap { Unicode.Scalar($0) }.map { Character($0) }
  }
}

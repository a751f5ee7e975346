/// The two operations of the Security Token Service that give credentials.
///
/// Source: AWS Security Token Service API Reference, "AssumeRole", "AssumeRoleWithWebIdentity"; the AWS Query protocol.
struct TokenService: Sendable {
  /// Where a request goes, by region; each service that credentials come from has one.
  let target: AWSClientSettings.Target
  let world: CredentialWorld
  let options: HTTPOptions

  /// What stands in `RoleSessionName` when nobody chose one.
  static let defaultSessionName = "sfn-local"

  /// - Parameter who: for messages, such as `the profile "etl"`.
  func credentials(
    _ action: String, _ parameters: [(name: String, value: String)], signedWith source: any CredentialsSource, for who: String
  ) async throws(CredentialsError) -> AWSCredentials {
    let (base, region) = try place(who)
    let form = ([("Action", action), ("Version", "2011-06-15")] + parameters.map { ($0.name, $0.value) })
      .map { percentEncoded($0.0) + "=" + percentEncoded($0.1) }.joined(separator: "&")
    let request = HTTPRequest(
      method: "POST", url: base + "/", headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"], body: Array(form.utf8))
    let caller = AWSCaller(
      .sts, settings: AWSClientSettings(targets: [.sts: target], credentials: source, options: options), transport: world.transport,
      clock: world.clock)
    let response: HTTPResponse
    do throws(AWSCallError) {
      response = try await caller.call(request, region: region, maximumBodyBytes: CredentialWorld.maximumAnswerBytes) {
        xmlServiceError($0, of: .sts)
      }
    } catch {
      throw CredentialsError("\(action) for \(who) at \(hostAndPort(of: base)) failed: \(error)")
    }
    let text = String(decoding: response.body, as: UTF8.self)
    guard let id = xmlElement("AccessKeyId", in: text), let secret = xmlElement("SecretAccessKey", in: text),
      let token = xmlElement("SessionToken", in: text),
      let expiration = xmlElement("Expiration", in: text).flatMap({ WallTime(timeOfCredentials: $0) })
    else {
      throw CredentialsError("\(action) for \(who) at \(hostAndPort(of: base)) was answered without whole credentials")
    }
    return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: expiration)
  }

  private func place(_ who: String) throws(CredentialsError) -> (base: String, region: String) {
    switch target {
    case .aws(let base, let region, _), .endpoint(let base, let region, _): return (base, region)
    case .nothing:
      throw CredentialsError(
        "\(who) gets its credentials from STS, which this run may not ask: name AWS by --region or --profile, or an endpoint by AWS_ENDPOINT_URL_STS")
    case .incomplete(let why, _): throw CredentialsError("\(who) gets its credentials from STS: \(why)")
    }
  }
}

/// Decodes the error document of the Query protocol.
func xmlServiceError(_ response: HTTPResponse, of service: AWSService) -> AWSServiceError {
  let text = String(decoding: response.body, as: UTF8.self)
  return AWSServiceError(
    service: service, code: xmlElement("Code", in: text) ?? "UnknownError",
    message: xmlElement("Message", in: text) ?? (text.isEmpty ? "the service answered without a text" : excerpt(response.body)),
    status: response.status, requestID: xmlElement("RequestId", in: text) ?? response.headers["x-amzn-RequestId"])
}

extension WallTime {
  /// A time as sources of credentials write it: `2026-11-22T12:00:00Z`, with `UTC` instead of `Z`, or with an offset such as `+01:00`.
  init?(timeOfCredentials text: String) {
    if text.hasSuffix("UTC") {
      self.init(iso8601: text.dropLast(3) + "Z")
      return
    }
    let offset = text.suffix(6)
    if let sign = offset.first, sign == "+" || sign == "-", offset.dropFirst(3).first == ":", let hours = Int64(offset.dropFirst().prefix(2)),
      let minutes = Int64(offset.suffix(2)), text.utf8.count > 6
    {
      guard let local = WallTime(iso8601: text.dropLast(6) + "Z") else { return nil }
      self = local.advanced(bySeconds: (sign == "+" ? -1 : 1) * (hours * 3600 + minutes * 60))
      return
    }
    self.init(iso8601: text)
  }
}

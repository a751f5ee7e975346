import JSONTypes

/// The role of an EC2 instance, by its metadata service in version 2: a token first, then the role's name, then its credentials.
///
/// Credentials that the service gives although they have expired, or are about to, are used on: the service says so when it cannot renew
/// them in time. They are asked for again some minutes later.
/// Source: Amazon EC2 User Guide, "Use the Instance Metadata Service"; AWS SDKs and Tools Reference Guide, "IMDS credential provider".
struct InstanceCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings

  let name = "the instance's metadata"

  /// Longest life of a token for the metadata service, in seconds.
  static let tokenSeconds = 21_600

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    let configuration = surroundings.configuration
    if configuration.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return .absent(why: "AWS_EC2_METADATA_DISABLED is set") }
    guard let base = try address() else {
      return .absent(why: "not asked, because neither --region nor --profile names AWS for this run")
    }
    let timeout = Duration.seconds(try number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout"))
    let attempts = try number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts")
    let who = "the instance's metadata service at \(hostAndPort(of: base))"
    func ask(_ request: HTTPRequest) async throws(CredentialsError) -> HTTPResponse {
      try await surroundings.metadata(request, attempts: attempts, timeout: timeout, who: who)
    }
    let token: String
    do throws(CredentialsError) {
      let response = try await ask(
        HTTPRequest(method: "PUT", url: base + "/latest/api/token", headers: ["x-aws-ec2-metadata-token-ttl-seconds": String(Self.tokenSeconds)]))
      guard response.status == 200 else { return .absent(why: "\(who) gave no token: status \(response.status)") }
      token = String(decoding: response.body, as: UTF8.self)
    } catch {
      // Nobody there: this is no instance.
      return .absent(why: error.message)
    }
    let path = base + "/latest/meta-data/iam/security-credentials/"
    let headers: HTTPHeaders = ["x-aws-ec2-metadata-token": token]
    let roles = try await ask(HTTPRequest(method: "GET", url: path, headers: headers))
    if roles.status == 404 { return .absent(why: "the instance has no role") }
    let role = String(decoding: roles.body, as: UTF8.self).split(separator: "\n").first.map { String($0) } ?? ""
    guard roles.status == 200, !role.isEmpty else { throw CredentialsError("\(who) named no role: status \(roles.status)") }
    let response = try await ask(HTTPRequest(method: "GET", url: path + percentEncoded(role), headers: headers))
    guard response.status == 200, let answer = try? JSONValue(parsing: response.body) else {
      throw CredentialsError("\(who) gave no credentials of the role \(role): status \(response.status)")
    }
    if let code = answer["Code"]?.asString, code != "Success" {
      throw CredentialsError("\(who) gave no credentials of the role \(role): \(code)\(answer["Message"]?.asString.map { ", \($0)" } ?? "")")
    }
    var credentials = try AWSCredentials(answer, token: "Token", from: who)
    credentials.expiration = credentials.expiration.map { extended($0) }
    return .found(credentials)
  }

  private func extended(_ expiration: WallTime) -> WallTime {
    let clock = surroundings.world.clock
    guard expiration < clock.now().advanced(bySeconds: CredentialChain.advisorySeconds) else { return expiration }
    return clock.now().advanced(bySeconds: CredentialChain.advisorySeconds + 300 + Int64(clock.randomUnit() * 300))
  }

  /// An address that a variable names is asked in any case, the instance's own only when the run names AWS.
  private func address() throws(CredentialsError) -> String? {
    let configuration = surroundings.configuration
    if let url = configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? configuration.property("ec2_metadata_service_endpoint") {
      guard url.lowercased().hasPrefix("http://") || url.lowercased().hasPrefix("https://") else {
        throw CredentialsError("expected a URL such as http://169.254.169.254 in AWS_EC2_METADATA_SERVICE_ENDPOINT, got \"\(url)\"")
      }
      let isNamedHere = configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") != nil
      guard isNamedHere || surroundings.mayAskAWS else { return nil }
      return url.hasSuffix("/") ? String(url.dropLast()) : url
    }
    guard surroundings.mayAskAWS else { return nil }
    let mode = configuration.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") ?? configuration.property("ec2_metadata_service_endpoint_mode")
    switch mode?.lowercased() {
    case nil, "ipv4": return "http://169.254.169.254"
    case "ipv6": return "http://[fd00:ec2::254]"
    case let other?: throw CredentialsError("expected IPv4 or IPv6 in AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, got \"\(other)\"")
    }
  }

  private func number(_ variable: String, _ key: String) throws(CredentialsError) -> Int {
    guard let text = surroundings.configuration.variable(variable) ?? surroundings.configuration.property(key) else { return 1 }
    guard let number = Int(text), (1...100).contains(number) else {
      throw CredentialsError("expected a number from 1 to 100 for \(variable) (or \(key) in the profile), got \"\(text)\"")
    }
    return number
  }
}

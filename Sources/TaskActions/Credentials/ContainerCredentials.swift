import JSONTypes

/// The agent of a container: `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` at 169.254.170.2, or `AWS_CONTAINER_CREDENTIALS_FULL_URI` with a token
/// from `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` or `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
///
/// The variables name the place, so an address that is not loopback, an agent's or secured by TLS is refused.
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
struct ContainerCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings

  let name = "the container's agent"

  /// Agents of ECS and EKS.
  private static let hosts: Set = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]
  static let attempts = 3
  static let timeout = Duration.seconds(2)

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    guard let url = try address() else {
      return .absent(why: "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
    }
    var headers: HTTPHeaders = ["Accept": "application/json"]
    if let token = try token() { headers["Authorization"] = token }
    let who = "the container's agent at \(hostAndPort(of: url))"
    let response = try await surroundings.metadata(
      HTTPRequest(method: "GET", url: url, headers: headers), attempts: Self.attempts, timeout: Self.timeout, who: who)
    let answer = (try? JSONValue(parsing: response.body)) ?? .null
    guard response.status == 200 else {
      let message = answer["message"]?.asString ?? answer["Message"]?.asString
      throw CredentialsError("\(who) answered with status \(response.status)\(message.map { ": \($0)" } ?? "")")
    }
    return .found(try AWSCredentials(answer, token: "Token", from: who))
  }

  private func address() throws(CredentialsError) -> String? {
    let configuration = surroundings.configuration
    if let path = configuration.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      guard path.hasPrefix("/") else {
        throw CredentialsError("expected a path such as /v2/credentials/1 in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, got \"\(path)\"")
      }
      return "http://169.254.170.2" + path
    }
    guard let url = configuration.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
    let place = hostAndPort(of: url)
    let host = place.hasPrefix("[") ? String(place.prefix { $0 != "]" }) + "]" : String(place.prefix { $0 != ":" })
    let lowered = url.lowercased()
    guard lowered.hasPrefix("https://") || (lowered.hasPrefix("http://") && (isLoopback(place) || Self.hosts.contains(host.lowercased()))) else {
      throw CredentialsError(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI names \(place); without TLS only this machine and the agents of ECS and EKS (\(Self.hosts.sorted().joined(separator: ", "))) are asked"
      )
    }
    return url
  }

  private func token() throws(CredentialsError) -> String? {
    let configuration = surroundings.configuration
    var token = configuration.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")
    if let file = configuration.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
      token = try surroundings.world.text(of: file, namedBy: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    }
    guard let token else { return nil }
    guard !token.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
      throw CredentialsError("the container's authorization token has a line break in it")
    }
    return token
  }
}

import JSONTypes

/// A session of `aws login`: its credentials, which last a quarter of an hour, are in a cache, and are renewed there for as long as the session lasts.
///
/// Source: AWS SDKs and Tools Reference Guide, "Login credentials provider"; AWS Sign-In API Reference, "CreateOAuth2Token".
struct LoginCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings
  let profile: String

  let name = "a login session"

  /// Credentials that end sooner are renewed.
  static let renewalSeconds: Int64 = 300

  private var who: String { "the login session of the profile \"\(profile)\"" }
  private var again: String { "run `aws login --profile \(profile)`" }

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    let configuration = surroundings.configuration
    guard let session = configuration.property("login_session", of: profile) else {
      return .absent(why: "the profile \"\(profile)\" has no login_session")
    }
    let folder = configuration.variable("AWS_LOGIN_CACHE_DIRECTORY") ?? "~/.aws/login/cache"
    let path = configuration.expanded(folder) + "/" + hexadecimal(sha256(session.utf8)) + ".json"
    let text: String?
    do throws(AWSConfigurationError) {
      text = try surroundings.world.readFile(path)
    } catch {
      throw CredentialsError("\(who): \(error.message)")
    }
    guard let text else { throw CredentialsError("the profile \"\(profile)\" has no login session at \(path): \(again)") }
    guard case .object(let cached)? = try? JSONValue(parsing: text), let known = Self.credentials(in: cached), let end = known.expiration else {
      throw CredentialsError("\(who) in \(path) is not whole: \(again)")
    }
    let now = surroundings.world.clock.now()
    if end > now.advanced(bySeconds: Self.renewalSeconds) { return .found(known) }
    do throws(CredentialsError) {
      return .found(try await renewed(cached, path))
    } catch {
      if end > now { return .found(known) }
      throw CredentialsError("\(who) expired at \(end.iso8601Text), and cannot be renewed: \(error.message). Else \(again)")
    }
  }

  private static func credentials(in cached: JSONObject) -> AWSCredentials? {
    guard let token = cached["accessToken"], let id = token["accessKeyId"]?.asString, let secret = token["secretAccessKey"]?.asString,
      let expiration = token["expiresAt"]?.asString.flatMap({ WallTime(timeOfCredentials: $0) })
    else { return nil }
    return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token["sessionToken"]?.asString, expiration: expiration)
  }

  /// New credentials for the cached refresh token; they are put into the cache, as the command-line tools do.
  private func renewed(_ cached: JSONObject, _ path: String) async throws(CredentialsError) -> AWSCredentials {
    let world = surroundings.world
    guard let refresh = cached["refreshToken"]?.asString, let client = cached["clientId"]?.asString, let key = cached["dpopKey"]?.asString else {
      throw CredentialsError("the cache lacks clientId, refreshToken or dpopKey")
    }
    guard let region = surroundings.tokenTarget.region else { throw CredentialsError("no region is named, which the sign-in service is asked in") }
    let url = try surroundings.base(of: .signIn, region: region, for: profile) + "/v1/token"
    let id = hexadecimal((0..<16).map { _ in UInt8(truncatingIfNeeded: Int(world.clock.randomUnit() * 256)) })
    guard let proof = ProofOfPossession(key: Secret(key), method: "POST", url: url, time: world.clock.now(), id: id) else {
      throw CredentialsError("the cache's dpopKey is no key on P-256")
    }
    let body: JSONValue = ["clientId": .string(client), "grantType": "refresh_token", "refreshToken": .string(refresh)]
    let answer = try await surroundings.json(
      HTTPRequest(method: "POST", url: url, headers: ["Content-Type": "application/json", "DPoP": proof.text], body: body.jsonBytes), service: .signIn, who: who)
    guard case .object(var token)? = answer["accessToken"], let seconds = answer["expiresIn"]?.asInt else {
      throw CredentialsError("\(hostAndPort(of: url)) answered without whole credentials")
    }
    token["expiresAt"] = .string(world.clock.now().advanced(bySeconds: seconds).wholeSeconds.iso8601Text)
    if let account = cached["accessToken"]?["accountId"] { token["accountId"] = account }
    var cached = cached
    cached["accessToken"] = .object(token)
    if let next = answer["refreshToken"] { cached["refreshToken"] = next }
    guard let credentials = Self.credentials(in: cached) else { throw CredentialsError("\(hostAndPort(of: url)) answered without whole credentials") }
    // Without the cache the credentials still serve this run.
    try? world.writeFile(path, JSONValue.object(cached).jsonText)
    return credentials
  }
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_CREDENTIAL_EXPIRATION`.
struct EnvironmentCredentials: CredentialsSource {
  let name = "the environment"
  let configuration: SharedConfiguration

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    if configuration.profileChoice == .flag {
      return .absent(why: "skipped, because the profile \"\(configuration.profileName)\" was asked for")
    }
    return try ownKeys()
  }

  /// The keys whatever profile is chosen, as `credential_source = Environment` means them.
  func ownKeys() throws(CredentialsError) -> CredentialsAnswer {
    guard let id = configuration.variable("AWS_ACCESS_KEY_ID") else { return .absent(why: "AWS_ACCESS_KEY_ID is not set") }
    guard let secret = configuration.variable("AWS_SECRET_ACCESS_KEY") else {
      throw CredentialsError("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not: set both or neither")
    }
    var expiration: WallTime?
    if let text = configuration.variable("AWS_CREDENTIAL_EXPIRATION") {
      guard let time = WallTime(timeOfCredentials: text) else {
        throw CredentialsError("expected a time such as 2026-11-22T12:00:00Z in AWS_CREDENTIAL_EXPIRATION, got \"\(text)\"")
      }
      expiration = time
    }
    let token = configuration.variable("AWS_SESSION_TOKEN") ?? configuration.variable("AWS_SECURITY_TOKEN")
    return .found(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: expiration))
  }
}

/// A role assumed with a token in a file, as pods of EKS have it: `AWS_WEB_IDENTITY_TOKEN_FILE` with `AWS_ROLE_ARN`, or a profile's
/// `web_identity_token_file` with `role_arn`. The file is read anew each time.
///
/// Source: AWS SDKs and Tools Reference Guide, "Assume role credential provider".
struct WebIdentityCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings
  let profile: String
  /// The variables count unless a flag chose the profile, or the profile is another's source.
  let usesEnvironment: Bool

  let name = "a web identity"

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    guard let file = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else {
      return .absent(
        why: (usesEnvironment ? "AWS_WEB_IDENTITY_TOKEN_FILE is not set and " : "") + "the profile \"\(profile)\" has no web_identity_token_file")
    }
    guard let role = setting("AWS_ROLE_ARN", "role_arn") else {
      throw CredentialsError("a web identity is given (\(file)), but no role: set AWS_ROLE_ARN, or role_arn in the profile \"\(profile)\"")
    }
    let path = surroundings.configuration.expanded(file)
    let token = try surroundings.world.text(of: path, namedBy: "the token of the web identity")
    let session = setting("AWS_ROLE_SESSION_NAME", "role_session_name") ?? TokenService.defaultSessionName
    return .found(
      try await surroundings.tokenService.credentials(
        "AssumeRoleWithWebIdentity", [("RoleArn", role), ("RoleSessionName", session), ("WebIdentityToken", token)], signedWith: NoSignature(),
        for: "the role \(role)"))
  }

  private func setting(_ variable: String, _ key: String) -> String? {
    (usesEnvironment ? surroundings.configuration.variable(variable) : nil) ?? surroundings.configuration.property(key, of: profile)
  }
}

/// A profile that assumes a role: `role_arn` with `source_profile` or `credential_source`, and `external_id`, `duration_seconds`,
/// `role_session_name`.
///
/// The source profile's own keys come before its own role; without keys its sources are asked as for any profile, so roles may be chained.
/// Source: AWS SDKs and Tools Reference Guide, "Assume role credential provider"; the order within chains as botocore has it.
struct RoleCredentials: CredentialsSource {
  let surroundings: CredentialSurroundings
  let profile: String
  /// The profiles that led here, to find loops.
  var visited: [String] = []

  let name = "a role of the profile"

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    let configuration = surroundings.configuration
    guard let role = configuration.property("role_arn", of: profile) else { return .absent(why: "the profile \"\(profile)\" has no role_arn") }
    guard configuration.property("web_identity_token_file", of: profile) == nil else {
      return .absent(why: "the profile \"\(profile)\" assumes its role with a web identity")
    }
    if let device = configuration.property("mfa_serial", of: profile) {
      throw CredentialsError(
        "the profile \"\(profile)\" wants a code of the device \(device) (mfa_serial), which this program does not ask for; give it keys by "
          + "eval \"$(aws configure export-credentials --profile \(profile) --format env)\", and --region in the place of --profile")
    }
    let source = try await sourceKeys()
    var parameters = [
      (name: "RoleArn", value: role),
      (name: "RoleSessionName", value: configuration.property("role_session_name", of: profile) ?? TokenService.defaultSessionName),
    ]
    if let id = configuration.property("external_id", of: profile) { parameters.append(("ExternalId", id)) }
    if let text = configuration.property("duration_seconds", of: profile) {
      guard let seconds = Int(text), (900...43_200).contains(seconds) else {
        throw CredentialsError("expected duration_seconds from 900 to 43200 in the profile \"\(profile)\", got \"\(text)\"")
      }
      parameters.append(("DurationSeconds", text))
    }
    return .found(
      try await surroundings.tokenService.credentials("AssumeRole", parameters, signedWith: FixedCredentials(source), for: "the profile \"\(profile)\""))
  }

  private func sourceKeys() async throws(CredentialsError) -> AWSCredentials {
    let configuration = surroundings.configuration
    let sourceProfile = configuration.property("source_profile", of: profile)
    switch (sourceProfile, configuration.property("credential_source", of: profile)) {
    case (nil, nil):
      throw CredentialsError("the profile \"\(profile)\" has role_arn but neither source_profile nor credential_source: whose keys assume the role?")
    case (_?, _?): throw CredentialsError("the profile \"\(profile)\" has both source_profile and credential_source: remove one of them")
    case (nil, let source?): return try await keys(from: source)
    case (let source?, nil): return try await keys(of: source)
    }
  }

  private func keys(from source: String) async throws(CredentialsError) -> AWSCredentials {
    let answer: CredentialsAnswer
    switch source.lowercased() {
    case "environment": answer = try EnvironmentCredentials(configuration: surroundings.configuration).ownKeys()
    case "ecscontainer": answer = try await ContainerCredentials(surroundings: surroundings).credentials()
    case "ec2instancemetadata": answer = try await InstanceCredentials(surroundings: surroundings).credentials()
    default:
      throw CredentialsError(
        "the profile \"\(profile)\" has credential_source = \(source); expected Environment, EcsContainer or Ec2InstanceMetadata")
    }
    switch answer {
    case .found(let keys): return keys
    case .absent(let why): throw CredentialsError("the profile \"\(profile)\" takes its keys from credential_source = \(source): \(why)")
    case .unsigned: throw CredentialsError("credential_source = \(source) gave no keys")
    }
  }

  private func keys(of source: String) async throws(CredentialsError) -> AWSCredentials {
    let configuration = surroundings.configuration
    guard configuration.hasProfile(source) else {
      throw CredentialsError("the profile \"\(profile)\" has source_profile = \(source), but there is no such profile")
    }
    let hasKeys = ["aws_access_key_id", "aws_secret_access_key"].contains { configuration.property($0, of: source) != nil }
    let path = visited + [profile]
    // A profile may name itself for its own keys; any other way back would never end.
    guard !path.contains(source) || (source == profile && hasKeys) else {
      throw CredentialsError("source_profile leads in a circle: \((path + [source]).joined(separator: " → "))")
    }
    let sources: [any CredentialsSource]
    if !hasKeys, configuration.property("role_arn", of: source) != nil, configuration.property("web_identity_token_file", of: source) == nil {
      sources = [RoleCredentials(surroundings: surroundings, profile: source, visited: path)]
    } else {
      sources = surroundings.sources(ofProfile: source, usesEnvironment: false)
    }
    var reasons: [String] = []
    for candidate in sources {
      switch try await candidate.credentials() {
      case .found(let keys): return keys
      case .absent(let why): reasons.append("\(candidate.name): \(why)")
      case .unsigned: continue
      }
    }
    throw CredentialsError(
      "the profile \"\(profile)\" assumes its role with the keys of \"\(source)\", which has none. Tried \(reasons.joined(separator: "; "))")
  }
}

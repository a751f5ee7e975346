/// The keys that a profile holds in one of the two shared files.
struct ProfileCredentials: CredentialsSource {
  enum File: Sendable { case credentials, config }
  let configuration: SharedConfiguration
  let profile: String
  let file: File

  var name: String { file == .credentials ? "the shared credentials file" : "the config file" }

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    let (path, section) =
      file == .credentials
      ? (configuration.credentialsFile.path, configuration.credentialsFile.sections[profile])
      : (configuration.configFile.path, configuration.configSection(of: profile))
    guard let section else { return .absent(why: "\(path) has no profile \"\(profile)\"") }
    func value(_ key: String) -> String? { section.properties[key].flatMap { $0.value.isEmpty ? nil : $0.value } }
    guard let id = value("aws_access_key_id") else {
      return .absent(why: "the profile \"\(profile)\" of \(path) has no aws_access_key_id")
    }
    guard let secret = value("aws_secret_access_key") else {
      let line = section.properties["aws_access_key_id"]?.line ?? 0
      throw CredentialsError("\(path):\(line): the profile \"\(profile)\" has aws_access_key_id but no aws_secret_access_key")
    }
    return .found(
      AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: value("aws_session_token") ?? value("aws_security_token")))
  }
}

import Synchronization

/// A place that may know credentials.
public protocol CredentialsSource: Sendable {
  /// For messages: `the environment`, `the shared credentials file`, …
  var name: String { get }
  /// Looks once, without caching.
  /// - Throws: `CredentialsError` when what is there cannot be used; the search then ends.
  func credentials() async throws(CredentialsError) -> CredentialsAnswer
}

public enum CredentialsAnswer: Sendable {
  case found(AWSCredentials)
  /// Nothing here; `why` completes the sentence "the environment: …".
  case absent(why: String)
}

/// No credentials: what was tried and why it gave none, or what is wrong with those that were found.
public struct CredentialsError: Error, Sendable, Hashable, CustomStringConvertible {
  public var message: String
  public init(_ message: String) { self.message = message }
  public var description: String { message }
}

/// Credentials known from the start.
public struct FixedCredentials: CredentialsSource {
  public let name = "the given keys"
  private let value: AWSCredentials
  public init(_ value: AWSCredentials) { self.value = value }
  public func credentials() async throws(CredentialsError) -> CredentialsAnswer { .found(value) }
}

/// Asks its sources in order and keeps what it found until shortly before it expires.
public final class CredentialChain: CredentialsSource {
  public let name = "the chain of credentials"
  /// Credentials that expire sooner than this are fetched anew.
  static let refreshSecondsBeforeExpiry: Int64 = 900

  private let sources: [any CredentialsSource]
  private let now: @Sendable () -> WallTime
  private let known = Mutex<AWSCredentials?>(nil)

  public init(_ sources: [any CredentialsSource], now: @escaping @Sendable () -> WallTime = { WallTime.now }) {
    self.sources = sources
    self.now = now
  }

  /// The sources in the order of AWS's tools. The environment is left out when a flag chose the profile.
  public convenience init(_ configuration: SharedConfiguration) {
    self.init([
      EnvironmentCredentials(configuration), ProfileCredentials(configuration, file: .credentials),
      ProfileCredentials(configuration, file: .config),
    ])
  }

  public func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    if let credentials = known.withLock({ $0 }), isFresh(credentials) { return .found(credentials) }
    var reasons: [String] = []
    for source in sources {
      switch try await source.credentials() {
      case .found(let credentials):
        known.withLock { $0 = credentials }
        return .found(credentials)
      case .absent(let why):
        reasons.append("\(source.name): \(why)")
      }
    }
    throw CredentialsError("no AWS credentials found. Tried " + reasons.joined(separator: "; "))
  }

  /// Forgets what was found, after a service has called it expired.
  func forget() { known.withLock { $0 = nil } }

  private func isFresh(_ credentials: AWSCredentials) -> Bool {
    guard let expiration = credentials.expiration else { return true }
    return now().advanced(bySeconds: Self.refreshSecondsBeforeExpiry) < expiration
  }
}

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_CREDENTIAL_EXPIRATION`.
struct EnvironmentCredentials: CredentialsSource {
  let name = "the environment"
  private let configuration: SharedConfiguration
  init(_ configuration: SharedConfiguration) { self.configuration = configuration }

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    if configuration.profileChoice == .flag {
      return .absent(why: "skipped, because the profile \"\(configuration.profileName)\" was asked for")
    }
    guard let id = configuration.variable("AWS_ACCESS_KEY_ID") else { return .absent(why: "AWS_ACCESS_KEY_ID is not set") }
    guard let secret = configuration.variable("AWS_SECRET_ACCESS_KEY") else {
      throw CredentialsError("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not: set both or neither")
    }
    var expiration: WallTime?
    if let text = configuration.variable("AWS_CREDENTIAL_EXPIRATION") {
      guard let time = WallTime(iso8601: text) else {
        throw CredentialsError("expected a time such as 2026-11-22T12:00:00Z in AWS_CREDENTIAL_EXPIRATION, got \"\(text)\"")
      }
      expiration = time
    }
    let token = configuration.variable("AWS_SESSION_TOKEN") ?? configuration.variable("AWS_SECURITY_TOKEN")
    return .found(AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: expiration))
  }
}

/// The keys that a profile holds in one of the two shared files.
struct ProfileCredentials: CredentialsSource {
  enum File: Sendable { case credentials, config }
  private let configuration: SharedConfiguration
  private let file: File

  init(_ configuration: SharedConfiguration, file: File) {
    self.configuration = configuration
    self.file = file
  }

  var name: String { file == .credentials ? "the shared credentials file" : "the config file" }

  func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    let profile = configuration.profileName
    // Keys beside a role belong to the role's source, not to requests: to use them would act as another identity.
    for (key, what) in [("role_arn", "assuming a role"), ("sso_session", "single sign-on"), ("sso_account_id", "single sign-on")] {
      if configuration.property(key) != nil { return .absent(why: notYet(what, key)) }
    }
    let (path, section) =
      file == .credentials
      ? (configuration.credentialsFile.path, configuration.credentialsSection)
      : (configuration.configFile.path, configuration.configSection)
    guard let section else { return .absent(why: "\(path) has no profile \"\(profile)\"") }
    func value(_ key: String) -> String? { section.properties[key].flatMap { $0.value.isEmpty ? nil : $0.value } }
    guard let id = value("aws_access_key_id") else {
      if value("credential_process") != nil { return .absent(why: notYet("a program", "credential_process")) }
      return .absent(why: "the profile \"\(profile)\" of \(path) has no aws_access_key_id")
    }
    guard let secret = value("aws_secret_access_key") else {
      let line = section.properties["aws_access_key_id"]?.line ?? 0
      throw CredentialsError("\(path):\(line): the profile \"\(profile)\" has aws_access_key_id but no aws_secret_access_key")
    }
    return .found(
      AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: value("aws_session_token") ?? value("aws_security_token")))
  }

  private func notYet(_ what: String, _ key: String) -> String {
    "the profile \"\(configuration.profileName)\" gets its credentials by \(what) (\(key)), which this program does not do yet; "
      + "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for example from `aws configure export-credentials --format env`"
  }
}

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
  /// The request goes without a signature.
  case unsigned
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

/// For the few operations that prove who asks by a token in the request itself.
struct NoSignature: CredentialsSource {
  let name = "no signature"
  func credentials() async throws(CredentialsError) -> CredentialsAnswer { .unsigned }
}

/// A text that must not be seen: printing, interpolating, dumping or reflecting it shows only that it is there.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  private let text: String
  public init(_ text: String) { self.text = text }

  /// The text itself, for the signer and for headers.
  func reveal() -> String { text }

  public var isEmpty: Bool { text.isEmpty }
  public var description: String { "<secret>" }
  public var debugDescription: String { "<secret>" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What signs requests. Neither secret appears in descriptions.
public struct AWSCredentials: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible {
  public var accessKeyID: String
  public var secretAccessKey: Secret
  public var sessionToken: Secret?
  /// When the service stops accepting them; nil for keys that last.
  public var expiration: WallTime?

  public init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: WallTime? = nil) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = Secret(secretAccessKey)
    self.sessionToken = sessionToken.map { Secret($0) }
    self.expiration = expiration
  }

  public var description: String {
    "AWSCredentials(\(accessKeyID), secret hidden\(sessionToken == nil ? "" : ", with session token"))"
  }
  public var debugDescription: String { description }
}

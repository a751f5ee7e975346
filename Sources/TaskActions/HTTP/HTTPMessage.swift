/// Header fields in the order given; names compare without regard to case.
public struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// Printing or reflecting a field hides the value where that is a secret.
  public struct Field: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    public var name: String
    public var value: String

    private static let secretNames: Set = [
      "authorization", "x-amz-security-token", "x-amz-server-side-encryption-customer-key", "proxy-authorization",
    ]
    public var description: String { "\(name): \(Self.secretNames.contains(name.lowercased()) ? "<secret>" : value)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
  }
  public private(set) var fields: [Field]

  public init() { fields = [] }
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0.0, value: $0.1) }
  }

  /// Reading gives the first value; writing replaces all, nil removes.
  public subscript(name: String) -> String? {
    get {
      let key = name.lowercased()
      return fields.first { $0.name.lowercased() == key }?.value
    }
    set {
      let key = name.lowercased()
      fields.removeAll { $0.name.lowercased() == key }
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }

  /// Adds a field beside others of the same name.
  public mutating func append(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }
}

/// One HTTP request. The URL is sent as it is: its path and query must be percent-encoded already, dots in the path stay.
public struct HTTPRequest: Sendable, Hashable {
  public var method: String
  public var url: String
  public var headers: HTTPHeaders
  public var body: [UInt8]

  public init(method: String, url: String, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}

public struct HTTPResponse: Sendable, Hashable {
  public var status: Int
  public var headers: HTTPHeaders
  public var body: [UInt8]

  public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why no whole answer came. `detail` says it in words, with the host and never with a secret.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Kind: String, Sendable, Hashable {
    /// The request itself cannot be sent: a malformed URL or header.
    case invalidRequest
    /// libcurl is not there.
    case unavailable
    case dns
    case connect
    case tls
    case timeout
    /// The connection ended before a whole answer head came.
    case reset
    /// The body ended before its announced end.
    case truncated
    /// The answer is larger than the limit.
    case tooLarge
    /// What came is no HTTP.
    case badResponse
    case cancelled
  }
  public var kind: Kind
  public var detail: String
  public init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }
  public var description: String { detail }
}

/// What sends requests: libcurl, or a script in tests.
public protocol HTTPTransport: Sendable {
  /// Sends one request and waits for the whole answer, of whatever status.
  /// Cancelling the surrounding task abandons the request and throws `cancelled`.
  func send(_ request: HTTPRequest, _ options: HTTPOptions) async throws(HTTPError) -> HTTPResponse
}

/// Limits of one request.
public struct HTTPOptions: Sendable, Hashable {
  /// Longest time until the connection stands, TLS included.
  public var connectTimeout: Duration
  /// Longest time for everything.
  public var totalTimeout: Duration
  /// Largest body accepted, in bytes.
  public var maximumBodyBytes: Int
  /// Largest head accepted, in bytes.
  public var maximumHeadBytes: Int
  /// File with the certificates to trust, in PEM; nil for the system's.
  public var certificateFile: String?

  public static let defaultMaximumBodyBytes = 64 << 20
  public static let defaultMaximumHeadBytes = 256 << 10

  public init(
    connectTimeout: Duration = .seconds(10), totalTimeout: Duration = .seconds(60),
    maximumBodyBytes: Int = defaultMaximumBodyBytes, maximumHeadBytes: Int = defaultMaximumHeadBytes, certificateFile: String? = nil
  ) {
    self.connectTimeout = connectTimeout
    self.totalTimeout = totalTimeout
    self.maximumBodyBytes = maximumBodyBytes
    self.maximumHeadBytes = maximumHeadBytes
    self.certificateFile = certificateFile
  }
}

extension Duration {
  /// Whole milliseconds, at least 0, rounded up.
  var inMilliseconds: Int {
    guard self > .zero else { return 0 }
    let (seconds, attoseconds) = components
    // A century is as good as for ever.
    return Int(min(seconds, 3_155_760_000)) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}

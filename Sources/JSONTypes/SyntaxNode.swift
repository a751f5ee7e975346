/// A place in a text: what an editor shows, and the offset to slice with.
public struct SourcePosition: Hashable, Sendable, Comparable {
  /// Bytes of UTF-8 before this place.
  public var offset: Int
  /// 1-based.
  public var line: Int
  /// 1-based, in Unicode scalars.
  public var column: Int
  public init(offset: Int, line: Int, column: Int) {
    self.offset = offset
    self.line = line
    self.column = column
  }
  public static let start = SourcePosition(offset: 0, line: 1, column: 1)
  public static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
}

/// A stretch of a text, end exclusive.
public struct SourceRange: Hashable, Sendable {
  public var lowerBound: SourcePosition
  public var upperBound: SourcePosition
  public init(_ lowerBound: SourcePosition, _ upperBound: SourcePosition) {
    self.lowerBound = lowerBound
    self.upperBound = upperBound
  }
  public static let start = SourceRange(.start, .start)
}

/// A JSON or YAML value that knows where it stood. Duplicate members are kept, for the validator to report.
public struct SyntaxNode: Sendable {
  public enum Kind: Sendable {
    case null
    case bool(Bool)
    /// Any number; the value is `.int`, `.double` or `.bigInteger`.
    case number(JSONValue)
    case string(String)
    case array([SyntaxNode])
    case object([Member])
    /// What could not be read; a diagnostic was made for it where it was met.
    case invalid
  }

  public struct Member: Sendable {
    public var key: String
    public var keyRange: SourceRange
    public var value: SyntaxNode
    public init(key: String, keyRange: SourceRange, value: SyntaxNode) {
      self.key = key
      self.keyRange = keyRange
      self.value = value
    }
  }

  public var kind: Kind
  public var range: SourceRange
  /// For a string, where each part of its text stood; nil where that is not known.
  public var textMap: TextMap?

  public init(_ kind: Kind, _ range: SourceRange, textMap: TextMap? = nil) {
    self.kind = kind
    self.range = range
    self.textMap = textMap
  }

  /// A value that came without a text: every node stands at `range`.
  public init(_ value: JSONValue, at range: SourceRange = .start) {
    let kind: Kind =
      switch value {
      case .null: .null
      case .bool(let value): .bool(value)
      case .int, .double, .bigInteger: .number(value)
      case .string(let text): .string(text)
      case .array(let elements): .array(elements.map { SyntaxNode($0, at: range) })
      case .object(let object):
        .object(object.map { Member(key: $0.key, keyRange: range, value: SyntaxNode($0.value, at: range)) })
      }
    self.init(kind, range)
  }

  /// The first member with this key, or nil.
  public subscript(key: String) -> SyntaxNode? { member(key)?.value }
  public func member(_ key: String) -> Member? {
    guard case .object(let members) = kind else { return nil }
    return members.first { $0.key == key }
  }
  public var members: [Member]? { if case .object(let members) = kind { members } else { nil } }
  public var elements: [SyntaxNode]? { if case .array(let elements) = kind { elements } else { nil } }
  public var text: String? { if case .string(let text) = kind { text } else { nil } }

  /// The plain value. Of duplicate keys the last wins; `invalid` becomes null.
  public var value: JSONValue {
    switch kind {
    case .null, .invalid: .null
    case .bool(let value): .bool(value)
    case .number(let value): value
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members): .object(JSONObject(members.lazy.map { ($0.key, $0.value.value) }))
    }
  }
}

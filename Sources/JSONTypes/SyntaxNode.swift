/// A place in a text: what an editor shows, and the offset to slice with.
///
/// Every node, key and string of a tree has several, so they are kept in 32 bits; beyond 4 GiB a place stays at the last one.
public struct SourcePosition: Hashable, Sendable, Comparable {
  @usableFromInline var storedOffset: UInt32
  @usableFromInline var storedLine: UInt32
  @usableFromInline var storedColumn: UInt32

  /// Bytes of UTF-8 before this place.
  @inlinable public var offset: Int {
    get { Int(storedOffset) }
    set { storedOffset = UInt32(clamping: newValue) }
  }
  /// 1-based.
  @inlinable public var line: Int {
    get { Int(storedLine) }
    set { storedLine = UInt32(clamping: newValue) }
  }
  /// 1-based, in Unicode scalars.
  @inlinable public var column: Int {
    get { Int(storedColumn) }
    set { storedColumn = UInt32(clamping: newValue) }
  }
  @inlinable public init(offset: Int, line: Int, column: Int) {
    storedOffset = UInt32(clamping: offset)
    storedLine = UInt32(clamping: line)
    storedColumn = UInt32(clamping: column)
  }
  public static let start = SourcePosition(offset: 0, line: 1, column: 1)
  @inlinable public static func < (left: Self, right: Self) -> Bool {
    left.storedLine < right.storedLine || (left.storedLine == right.storedLine && left.storedColumn < right.storedColumn)
  }
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

/// The text that strings were read from, for those that do not stand in it byte for byte.
package final class SourceTexts: Sendable {
  /// Where the parts of a string stood, by its text and its range; nil where the spelling cannot be followed.
  let map: @Sendable (String, SourceRange) -> TextMap?
  package init(_ map: @escaping @Sendable (String, SourceRange) -> TextMap?) { self.map = map }
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
  private let textSource: TextSource

  /// Where a string's text stood. Most stand in the source byte for byte: then the first place says everything.
  private enum TextSource: Sendable {
    case unknown
    case verbatim(SourcePosition)
    case mapped(MapBox)
    case kept(SourceTexts)
  }
  private final class MapBox: Sendable {
    let map: TextMap
    init(_ map: TextMap) { self.map = map }
  }

  public init(_ kind: Kind, _ range: SourceRange, textMap: TextMap? = nil) {
    self.kind = kind
    self.range = range
    textSource = textMap.map { .mapped(MapBox($0)) } ?? .unknown
  }

  /// A string that stands in the source as it is, from `start` on.
  init(verbatim text: String, _ range: SourceRange, start: SourcePosition) {
    kind = .string(text)
    self.range = range
    textSource = .verbatim(start)
  }

  /// A string whose spelling is looked at only when somebody asks where its parts stand.
  package init(_ text: String, _ range: SourceRange, in texts: SourceTexts) {
    kind = .string(text)
    self.range = range
    textSource = .kept(texts)
  }

  /// For a string, where each part of its text stood; nil where that is not known.
  public var textMap: TextMap? {
    switch textSource {
    case .unknown: nil
    case .verbatim(let start): text.map { TextMap(text: $0, start: start) }
    case .mapped(let box): box.map
    case .kept(let texts): text.flatMap { texts.map($0, range) }
    }
  }

  /// The place of a part of a string's text, by offsets in UTF-8; the whole node where that is not known. An empty part is where it would begin.
  package func range(ofText offsets: Range<Int>) -> SourceRange { textMap?.range(of: offsets) ?? range }

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
  public subscript(key: String) -> SyntaxNode? {
    guard case .object(let members) = kind, let index = Self.index(of: key, in: members) else { return nil }
    return members[index].value
  }
  public func member(_ key: String) -> Member? {
    guard case .object(let members) = kind, let index = Self.index(of: key, in: members) else { return nil }
    return members[index]
  }
  /// Whether there is a member with this key.
  package func has(_ key: String) -> Bool {
    guard case .object(let members) = kind else { return false }
    return Self.index(of: key, in: members) != nil
  }
  private static func index(of key: String, in members: [Member]) -> Int? {
    // Keys are the same when their bytes are; most differ in their number.
    let count = key.utf8.count
    return members.withUnsafeBufferPointer { members in
      for index in members.indices where members[index].key.utf8.count == count && members[index].key == key { return index }
      return nil
    }
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

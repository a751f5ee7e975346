extension JSONValue {
  /// The JSON text: compact, keys in their order, non-ASCII characters as they are, numbers as Jackson writes them.
  public var jsonText: String {
    var buffer = TextBuffer(capacity: expectedByteCount)
    buffer.appendJSON(self)
    return buffer.text
  }

  /// The same as UTF-8 bytes.
  public var jsonBytes: [UInt8] {
    var buffer = TextBuffer(capacity: expectedByteCount)
    buffer.appendJSON(self)
    return Array(buffer.bytes)
  }

  /// The JSON text over several lines, two spaces a level.
  public var prettyText: String {
    var buffer = TextBuffer(capacity: 256)
    buffer.appendIndentedJSON(self)
    return buffer.text
  }

  /// The length of the text where it is known, with the slack that strings are written with.
  private var expectedByteCount: Int {
    if case .object(let object) = self, let size = object.knownSize { return Int(size.byteCount) + 64 }
    return 256
  }
}

/// Appends JSON text to a buffer.
public struct JSONWriter {
  public var bytes: [UInt8] = []
  let indented: Bool

  public init(indented: Bool = false) {
    self.indented = indented
  }

  public mutating func write(_ value: JSONValue) {
    var buffer = TextBuffer(capacity: 256)
    if indented { buffer.appendIndentedJSON(value) } else { buffer.appendJSON(value) }
    bytes.append(contentsOf: buffer.bytes)
  }

  /// A string with its quotes and escapes.
  public mutating func writeString(_ text: String) {
    var buffer = TextBuffer(capacity: text.utf8.count + 64)
    buffer.appendJSON(text)
    bytes.append(contentsOf: buffer.bytes)
  }
}

import JSONTypes
import StatesLanguage

/// Reads a JSON text into a tree whose ranges are places of the file, also where the text is a piece of it.
///
/// The only place where this room parses JSON.
struct JSONReader {
  private struct Failure: Error {
    var message: String
    var offset: Int
  }

  private let text: PlacedText
  private let bytes: [UInt8]
  private let nesting: Int
  private var index = 0

  /// The tree, or nil with a diagnostic `json-syntax`.
  static func read(_ text: PlacedText, limits: DefinitionFileLimits) -> (node: SyntaxNode?, diagnostics: [Diagnostic]) {
    var reader = JSONReader(text: text, nesting: limits.nesting)
    do throws(Failure) {
      if reader.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
      let node = try reader.value(depth: 0)
      reader.skipBlanks()
      if reader.index < reader.bytes.count { throw reader.unexpected("the end of the text after the value") }
      return (node, [])
    } catch {
      var end = min(error.offset + 1, reader.bytes.count)
      while end < reader.bytes.count, reader.bytes[end] & 0xC0 == 0x80 { end += 1 }
      return (nil, [Diagnostic("json-syntax", error.message, at: text.range(error.offset..<max(end, error.offset)))])
    }
  }

  private init(text: PlacedText, nesting: Int) {
    self.text = text
    self.nesting = nesting
    bytes = Array(text.text.utf8)
  }

  private mutating func skipBlanks() {
    while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0A).contains(bytes[index]) || bytes[index] == 0x0D { index += 1 }
  }

  private func unexpected(_ expectation: String) -> Failure {
    guard index < bytes.count else { return Failure(message: "expected \(expectation), found the end of the text", offset: index) }
    let found = String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).unicodeScalars.first.map { String($0) } ?? "?"
    return Failure(message: "expected \(expectation), found '\(found)'", offset: index)
  }

  private mutating func value(depth: Int) throws(Failure) -> SyntaxNode {
    skipBlanks()
    guard index < bytes.count else { throw unexpected("a value") }
    guard depth < nesting else { throw Failure(message: "nested deeper than \(nesting) levels", offset: index) }
    let start = index
    switch bytes[index] {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""):
      let string = try string()
      return SyntaxNode(.string(string), text.range(start..<index))
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
      let word = String(decoding: bytes[start..<index], as: UTF8.self)
      guard let value = try? JSONValue(parsing: word) else {
        index = start
        throw Failure(message: "expected a value, found \(word.prefix(40))", offset: start)
      }
      return SyntaxNode(Self.kind(value), text.range(start..<index))
    default: throw unexpected("a value")
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static func kind(_ value: JSONValue) -> SyntaxNode.Kind {
    switch value {
    case .null: .null
    case .bool(let value): .bool(value)
    default: .number(value)
    }
  }

  private mutating func array(depth: Int) throws(Failure) -> SyntaxNode {
    let start = index
    var elements: [SyntaxNode] = []
    index += 1
    skipBlanks()
    if index < bytes.count, bytes[index] == UInt8(ascii: "]") {
      index += 1
      return SyntaxNode(.array([]), text.range(start..<index))
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      guard index < bytes.count, bytes[index] == UInt8(ascii: ",") || bytes[index] == UInt8(ascii: "]") else {
        throw unexpected("',' or ']' in an array")
      }
      index += 1
      if bytes[index - 1] == UInt8(ascii: "]") { return SyntaxNode(.array(elements), text.range(start..<index)) }
    }
  }

  private mutating func object(depth: Int) throws(Failure) -> SyntaxNode {
    let start = index
    var members: [SyntaxNode.Member] = []
    index += 1
    skipBlanks()
    if index < bytes.count, bytes[index] == UInt8(ascii: "}") {
      index += 1
      return SyntaxNode(.object([]), text.range(start..<index))
    }
    while true {
      skipBlanks()
      let keyStart = index
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
      let key = try string()
      let keyRange = text.range(keyStart..<index)
      skipBlanks()
      guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else { throw unexpected("':' after the key") }
      index += 1
      members.append(SyntaxNode.Member(key: key, keyRange: keyRange, value: try value(depth: depth + 1)))
      skipBlanks()
      guard index < bytes.count, bytes[index] == UInt8(ascii: ",") || bytes[index] == UInt8(ascii: "}") else {
        throw unexpected("',' or '}' in an object")
      }
      index += 1
      if bytes[index - 1] == UInt8(ascii: "}") { return SyntaxNode(.object(members), text.range(start..<index)) }
    }
  }

  private mutating func string() throws(Failure) -> String {
    let start = index
    index += 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] < 0x20 { throw Failure(message: "a control character in a string must be written as an escape", offset: index) }
      if bytes[index] == UInt8(ascii: "\\") {
        if index + 1 < bytes.count, !"\"\\/bfnrtu".utf8.contains(bytes[index + 1]) {
          throw Failure(message: "unknown escape in a string; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX", offset: index)
        }
        index += 1
      }
      index += 1
    }
    guard index < bytes.count else {
      index = bytes.count
      throw unexpected("'\"' at the end of a string")
    }
    index += 1
    guard let scalar = DecodedScalar.jsonString(bytes, start..<index) else {
      throw Failure(message: "expected four hexadecimal digits after \\u", offset: start)
    }
    return scalar.text
  }
}

extension SyntaxNode {
  /// What the value is, for messages: `an object`.
  var typeName: String {
    switch kind {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    case .invalid: "an unreadable value"
    }
  }
}

/// Why a text is not JSON, and where.
public struct JSONSyntaxError: Error, Hashable, Sendable {
  /// What was expected and what came, as a sentence without a full stop.
  public let message: String
  /// Bytes before the place of the error.
  public let offset: Int
  /// 1-based.
  public let line: Int
  /// 1-based, in Unicode scalars.
  public let column: Int
}

extension JSONValue {
  /// Parses a JSON text (RFC 8259). A byte order mark is skipped; of duplicate keys the last value wins at the first place;
  /// an unpaired surrogate becomes U+FFFD.
  ///
  /// - Parameter maximumDepth: nested arrays and objects allowed; deeper text is an error, so no text can exhaust the stack.
  /// - Throws: `JSONSyntaxError` with the place.
  public init(parsing text: String, maximumDepth: Int = 512) throws(JSONSyntaxError) {
    var text = text
    let parsed: Result<JSONValue, JSONSyntaxError> = text.withUTF8 { bytes in
      do throws(JSONSyntaxError) { return .success(try JSONValue(parsing: bytes, maximumDepth: maximumDepth)) } catch { return .failure(error) }
    }
    self = try parsed.get()
  }

  /// The same for bytes; they need not be valid UTF-8: invalid sequences in strings become U+FFFD.
  public init(parsing bytes: [UInt8], maximumDepth: Int = 512) throws(JSONSyntaxError) {
    let parsed: Result<JSONValue, JSONSyntaxError> = bytes.withUnsafeBufferPointer { bytes in
      do throws(JSONSyntaxError) { return .success(try JSONValue(parsing: bytes, maximumDepth: maximumDepth)) } catch { return .failure(error) }
    }
    self = try parsed.get()
  }

  public init(parsing bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = 512) throws(JSONSyntaxError) {
    var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
    self = try parser.parseDocument()
  }
}

/// Recursive descent over UTF-8 bytes.
struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  var depth = 0
  let maximumDepth: Int
  var scratch: [UInt8] = []

  init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func parseDocument() throws(JSONSyntaxError) -> JSONValue {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    skipBlanks()
    let value = try parseValue()
    skipBlanks()
    if position < bytes.count { throw failure("expected the end of the text after the value, found \(describeNext())") }
    return value
  }

  @inline(__always)
  mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
      default: return
      }
    }
  }

  mutating func parseValue() throws(JSONSyntaxError) -> JSONValue {
    guard position < bytes.count else { throw failure("expected a value, found the end of the text") }
    switch bytes[position] {
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "{"): return try parseObject()
    case UInt8(ascii: "["): return try parseArray()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    case UInt8(ascii: "t"): return try parseLiteral("true", .bool(true))
    case UInt8(ascii: "f"): return try parseLiteral("false", .bool(false))
    case UInt8(ascii: "n"): return try parseLiteral("null", .null)
    default: throw failure("expected a value, found \(describeNext())")
    }
  }

  mutating func parseLiteral(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    let count = word.utf8CodeUnitCount
    guard position + count <= bytes.count else { throw failure("expected \(word), found the end of the text") }
    for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
      throw failure("expected \(word), found \(describeNext())")
    }
    position += count
    return value
  }

  mutating func enter() throws(JSONSyntaxError) {
    depth += 1
    if depth > maximumDepth { throw failure("nested deeper than \(maximumDepth) levels") }
    position += 1
    skipBlanks()
  }

  mutating func parseArray() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    var elements: [JSONValue] = []
    if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array(elements)
    }
    while true {
      elements.append(try parseValue())
      skipBlanks()
      guard position < bytes.count else { throw failure("expected ',' or ']' in an array, found the end of the text") }
      if bytes[position] == UInt8(ascii: ",") {
        position += 1
        skipBlanks()
      } else if bytes[position] == UInt8(ascii: "]") {
        position += 1
        depth -= 1
        return .array(elements)
      } else {
        throw failure("expected ',' or ']' in an array, found \(describeNext())")
      }
    }
  }

  mutating func parseObject() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    var object = JSONObject()
    if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object(object)
    }
    while true {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("expected a key in double quotes, found \(describeNext())")
      }
      let key = try parseString()
      skipBlanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
        throw failure("expected ':' after the key, found \(describeNext())")
      }
      position += 1
      skipBlanks()
      object[key] = try parseValue()
      skipBlanks()
      guard position < bytes.count else { throw failure("expected ',' or '}' in an object, found the end of the text") }
      if bytes[position] == UInt8(ascii: ",") {
        position += 1
        skipBlanks()
      } else if bytes[position] == UInt8(ascii: "}") {
        position += 1
        depth -= 1
        return .object(object)
      } else {
        throw failure("expected ',' or '}' in an object, found \(describeNext())")
      }
    }
  }

  mutating func parseString() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        position += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
      if byte < 0x20 { throw failure("a control character in a string must be written as an escape") }
      position &+= 1
    }
    throw failure("expected '\"' at the end of a string, found the end of the text")
  }

  mutating func parseEscapedString(from start: Int) throws(JSONSyntaxError) -> String {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: scratch, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        guard position < bytes.count else { throw failure("expected an escape, found the end of the text") }
        let escape = bytes[position]
        position += 1
        switch escape {
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(escape)
        case UInt8(ascii: "u"): try appendUnicodeEscape()
        default:
          position -= 1
          throw failure("unknown escape \\\(describeByte(escape)) in a string; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
        }
      case 0..<0x20: throw failure("a control character in a string must be written as an escape")
      default:
        scratch.append(byte)
        position += 1
      }
    }
    throw failure("expected '\"' at the end of a string, found the end of the text")
  }

  mutating func appendUnicodeEscape() throws(JSONSyntaxError) {
    let first = try parseHex4()
    var scalar = UInt32(first)
    if 0xD800..<0xDC00 ~= first, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") {
      let mark = position
      position += 2
      let second = try parseHex4()
      if 0xDC00..<0xE000 ~= second {
        scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
      } else {
        position = mark
      }
    }
    let unicode = Unicode.Scalar(scalar) ?? "\u{FFFD}"
    scratch.append(contentsOf: UTF8.encode(unicode)!)
  }

  mutating func parseHex4() throws(JSONSyntaxError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = hexDigit(bytes[position]) else {
        throw failure("expected four hexadecimal digits after \\u, found \(describeNext())")
      }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  @inline(__always)
  func isDigit(at index: Int) -> Bool { index < bytes.count && bytes[index] &- 0x30 < 10 }

  mutating func parseNumber() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    let negative = bytes[position] == UInt8(ascii: "-")
    if negative { position += 1 }
    guard isDigit(at: position) else { throw failure("expected a digit, found \(describeNext())") }
    let digits = position
    var magnitude: UInt64 = 0
    var fits = true
    while isDigit(at: position) {
      let (product, overflow1) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(UInt64(bytes[position] & 0x0F))
      if overflow1 || overflow2 { fits = false }
      magnitude = sum
      position &+= 1
    }
    if bytes[digits] == UInt8(ascii: "0"), position - digits > 1 {
      position = digits
      throw failure("a number must not begin with a zero")
    }
    var isInteger = true
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      guard isDigit(at: position) else { throw failure("expected a digit after the decimal point, found \(describeNext())") }
      while isDigit(at: position) { position &+= 1 }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
      guard isDigit(at: position) else { throw failure("expected a digit in the exponent, found \(describeNext())") }
      while isDigit(at: position) { position &+= 1 }
    }
    if isInteger, fits {
      if negative {
        if magnitude <= UInt64(Int64.max) + 1 { return .int(Int64(truncatingIfNeeded: 0 &- magnitude)) }
      } else if magnitude <= UInt64(Int64.max) {
        return .int(Int64(magnitude))
      }
    }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    if isInteger { return .bigInteger(text) }
    guard let value = Double(text), value.isFinite else {
      position = start
      throw failure("the number \(text) is beyond the range of a double")
    }
    return .double(value)
  }

  // MARK: Errors

  func failure(_ message: String) -> JSONSyntaxError {
    var line = 1
    var column = 1
    for byte in bytes.prefix(position) {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return JSONSyntaxError(message: message, offset: position, line: line, column: column)
  }

  func describeNext() -> String {
    guard position < bytes.count else { return "the end of the text" }
    return "'\(describeByte(bytes[position]))'"
  }

  func describeByte(_ byte: UInt8) -> String {
    if byte < 0x80 { return byte < 0x20 || byte == 0x7F ? "\\u00" + String(byte, radix: 16) : String(UnicodeScalar(byte)) }
    let tail = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
    return tail.unicodeScalars.first.map { String($0) } ?? "?"
  }
}

extension JSONValue {
  /// The JSON text: compact, keys in their order, non-ASCII characters as they are, numbers as Jackson writes them.
  public var jsonText: String { String(decoding: jsonBytes, as: UTF8.self) }

  /// The same as UTF-8 bytes.
  public var jsonBytes: [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    return writer.bytes
  }

  /// The JSON text over several lines, two spaces a level.
  public var prettyText: String {
    var writer = JSONWriter(indented: true)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Appends JSON text to a buffer.
public struct JSONWriter {
  public var bytes: [UInt8] = []
  let indented: Bool
  var depth = 0

  public init(indented: Bool = false) {
    self.indented = indented
  }

  public mutating func write(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(true): append("true")
    case .bool(false): append("false")
    case .int(let value): writeInteger(value)
    case .double(let value): bytes.append(contentsOf: JSONValue.text(of: value).utf8)
    case .bigInteger(let digits): bytes.append(contentsOf: digits.utf8)
    case .string(let text): writeString(text)
    case .array(let elements):
      guard !elements.isEmpty else { return append("[]") }
      bytes.append(UInt8(ascii: "["))
      depth += 1
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        newLine()
        write(element)
      }
      depth -= 1
      newLine()
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      guard !object.isEmpty else { return append("{}") }
      bytes.append(UInt8(ascii: "{"))
      depth += 1
      var first = true
      for (key, member) in object {
        if !first { bytes.append(UInt8(ascii: ",")) }
        first = false
        newLine()
        writeString(key)
        bytes.append(UInt8(ascii: ":"))
        if indented { bytes.append(0x20) }
        write(member)
      }
      depth -= 1
      newLine()
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// A string with its quotes and escapes.
  public mutating func writeString(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x08: append("\\b")
      case 0x0C: append("\\f")
      case 0..<0x20:
        append("\\u00")
        bytes.append(Self.hexDigits[Int(byte >> 4)])
        bytes.append(Self.hexDigits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  static let hexDigits = Array("0123456789ABCDEF".utf8)

  mutating func writeInteger(_ value: Int64) {
    if value >= 0, value < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(value))
    } else {
      bytes.append(contentsOf: String(value).utf8)
    }
  }

  mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func newLine() {
    guard indented else { return }
    bytes.append(0x0A)
    for _ in 0..<depth { bytes.append(contentsOf: [0x20, 0x20]) }
  }
}

extension JSONValue {
  /// A double as Java's `Double.toString` writes it, which is what Step Functions prints: `1.0`, `0.1`, `1.0E10`, `1.0E-5`.
  public static func text(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    // Swift prints the shortest digits that read back to the same double; only their layout differs from Java's.
    let plain = "\(value)"
    let magnitude = value.magnitude
    var negative = false
    var digits: [UInt8] = []
    var exponent = 0
    var seenPoint = false
    var pointAt: Int?
    var rest = Substring(plain)
    if rest.first == "-" {
      negative = true
      rest = rest.dropFirst()
    }
    let parts = rest.split(separator: "e", maxSplits: 1)
    if parts.count == 2 { exponent = Int(parts[1]) ?? 0 }
    for byte in parts[0].utf8 {
      if byte == UInt8(ascii: ".") {
        seenPoint = true
        pointAt = digits.count
      } else {
        digits.append(byte)
      }
    }
    if magnitude == 0 { return negative ? "-0.0" : "0.0" }
    if magnitude >= 1e-3, magnitude < 1e7 {
      if exponent == 0, seenPoint { return plain }
    }
    // Scientific: one digit before the point. value = 0.d1d2… × 10^pointPosition
    var pointPosition = (pointAt ?? digits.count) + exponent
    while digits.first == UInt8(ascii: "0"), digits.count > 1 {
      digits.removeFirst()
      pointPosition -= 1
    }
    while digits.last == UInt8(ascii: "0"), digits.count > 1 { digits.removeLast() }
    let sign = negative ? "-" : ""
    let head = String(decoding: digits.prefix(1), as: UTF8.self)
    let tail = digits.count > 1 ? String(decoding: digits.dropFirst(), as: UTF8.self) : "0"
    if magnitude >= 1e-3, magnitude < 1e7 {
      // Swift switched to an exponent where Java does not.
      var text = sign
      let all = String(decoding: digits, as: UTF8.self)
      if pointPosition <= 0 {
        text += "0." + String(repeating: "0", count: -pointPosition) + all
      } else if digits.count <= pointPosition {
        text += all + String(repeating: "0", count: pointPosition - digits.count) + ".0"
      } else {
        text += all.prefix(pointPosition) + "." + all.dropFirst(pointPosition)
      }
      return text
    }
    return "\(sign)\(head).\(tail)E\(pointPosition - 1)"
  }
}

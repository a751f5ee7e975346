import JSONTypes

/// How a filter orders an expected and an actual value.
///
/// Source: the behaviour of Jayway JsonPath 2.0.0: a literal takes the type of the other side; numbers are compared exactly.
enum FilterOrder {
  /// Below 0, 0 or above 0 as `expected` is smaller, equal or greater; nil when the two cannot be compared.
  ///
  /// - Throws: `JSONPathError` of kind `invalidValue` when a number meets a text that is none.
  static func compare(_ expected: JSONValue, _ actual: JSONValue) throws(JSONPathError) -> Int? {
    switch (isNull(expected), isNull(actual)) {
    case (true, true): return 0
    case (true, false): return -1
    case (false, true): return 1
    case (false, false): break
    }
    switch (expected, actual) {
    case (.int(let a), .int(let b)): return a < b ? -1 : a == b ? 0 : 1
    case (.string(let a), .string(let b)): return compare(unescaped(a), b)
    case (.int, _), (.double, _), (.bigInteger, _):
      guard actual.isNumber else { return nil }
      return try compare(decimal(expected.jsonText), decimal(actual.jsonText))
    case (.string(let text), .int(let b)):
      if let a = Int64(text) { return a < b ? -1 : a == b ? 0 : 1 }
      return try compare(decimal(text), decimal(actual.jsonText))
    case (.string(let text), .double), (.string(let text), .bigInteger): return try compare(decimal(text), decimal(actual.jsonText))
    case (.string(let text), .bool(let b)): return compare(text.lowercased() == "true", b)
    case (.bool(let a), .bool(let b)): return compare(a, b)
    default: return nil
    }
  }

  private static func isNull(_ value: JSONValue) -> Bool {
    switch value {
    case .null: true
    case .string(let text): text == "null"
    default: false
    }
  }

  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var result = ""
    var isEscape = false
    for scalar in text.unicodeScalars {
      if isEscape, scalar != "'" { result.unicodeScalars.append("\\") }
      isEscape = scalar == "\\"
      if !isEscape { result.unicodeScalars.append(scalar) }
    }
    return isEscape ? result + "\\" : result
  }

  /// By UTF-16 code units, as Java's strings are.
  private static func compare(_ left: String, _ right: String) -> Int {
    left.utf16.lexicographicallyPrecedes(right.utf16) ? -1 : left.utf16.elementsEqual(right.utf16) ? 0 : 1
  }

  private static func compare(_ left: Bool, _ right: Bool) -> Int { left == right ? 0 : left ? 1 : -1 }

  private static func compare(_ left: DecimalNumber, _ right: DecimalNumber) -> Int { left < right ? -1 : left == right ? 0 : 1 }

  private static func decimal(_ text: String) throws(JSONPathError) -> DecimalNumber {
    guard let number = DecimalNumber(text) else { throw JSONPathError(.invalidValue, "a filter compares a number with '\(text)', which is none") }
    return number
  }
}

/// A decimal number of any length and scale, for exact comparison.
struct DecimalNumber: Comparable {
  private var isNegative = false
  /// Significant digits without zeros at either end; empty for zero.
  private var digits: [UInt8] = []
  /// The number is 0.d₁d₂… × 10^scale.
  private var scale = 0

  /// Reads what `java.math.BigDecimal` reads: sign, digits with a point, exponent of up to nine digits.
  init?(_ text: String) {
    var bytes = text.utf8[...]
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      bytes = bytes.dropFirst()
    }
    let whole = bytes.prefix(while: isDigit)
    bytes = bytes.dropFirst(whole.count)
    var fraction = bytes.prefix(0)
    if bytes.first == UInt8(ascii: ".") {
      bytes = bytes.dropFirst()
      fraction = bytes.prefix(while: isDigit)
      bytes = bytes.dropFirst(fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var exponent = 0
    if let mark = bytes.first {
      guard mark | 0x20 == UInt8(ascii: "e") else { return nil }
      guard let value = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)), abs(value) < 1_000_000_000 else { return nil }
      exponent = value
    }
    digits = Array(whole) + Array(fraction)
    scale = whole.count + exponent
    let zeros = digits.prefix { $0 == 0x30 }.count
    digits.removeFirst(zeros)
    scale -= zeros
    while digits.last == 0x30 { digits.removeLast() }
    if digits.isEmpty {
      isNegative = false
      scale = 0
    }
  }

  static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    return left.isNegative ? right.isSmallerInMagnitude(than: left) : left.isSmallerInMagnitude(than: right)
  }

  private func isSmallerInMagnitude(than other: DecimalNumber) -> Bool {
    if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
    return scale != other.scale ? scale < other.scale : digits.lexicographicallyPrecedes(other.digits)
  }
}

/// A number as JavaScript's `String(n)` writes it.
func numberText(_ value: Double) -> String {
  if let integer = Int64(exactly: value), integer.magnitude < 1 << 53 { return String(integer) }
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
  let decimal = ShortestDecimal(value)
  return decimal.javaScriptText
}

/// The shortest digits that read back to a double: ±0.d1d2… × 10^point.
struct ShortestDecimal {
  let negative: Bool
  private(set) var digits: [UInt8]
  private(set) var point: Int

  init(_ value: Double) {
    negative = value < 0
    digits = []
    var exponent = 0
    var fraction: Int?
    var text = "\(value.magnitude)"[...]
    if let mark = text.utf8.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(text[text.index(after: mark)...]) ?? 0
      text = text[..<mark]
    }
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") { fraction = digits.count } else { digits.append(byte) }
    }
    point = (fraction ?? digits.count) + exponent
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    point -= zeros
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty {
      digits = [UInt8(ascii: "0")]
      point = 1
    }
  }

  /// The digits of a finite number rounded to `significantDigits`, from its exact value.
  init(_ value: Double, significantDigits: Int) {
    let text = CMath.scientificText(value.magnitude, fractionDigits: significantDigits - 1)
    negative = value < 0
    digits = []
    var exponent = 0
    for (index, byte) in text.enumerated() {
      if 0x30...0x39 ~= byte {
        digits.append(byte)
      } else if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: text[(index + 1)...], as: UTF8.self)) ?? 0
        break
      }
    }
    point = exponent + 1
    while digits.last == UInt8(ascii: "0"), digits.count > 1 { digits.removeLast() }
  }

  private func string(_ part: some Sequence<UInt8>) -> String { String(decoding: Array(part), as: UTF8.self) }

  var javaScriptText: String {
    let sign = negative ? "-" : ""
    if point > 21 || point < -5 {
      let tail = digits.count > 1 ? "." + string(digits.dropFirst()) : ""
      return sign + string(digits.prefix(1)) + tail + "e" + (point > 0 ? "+" : "-") + String((point - 1).magnitude)
    }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + string(digits) }
    if digits.count <= point { return sign + string(digits) + String(repeating: "0", count: point - digits.count) }
    return sign + string(digits.prefix(point)) + "." + string(digits.dropFirst(point))
  }
}

/// A number as `$string` writes it: fractions with 15 significant digits, integers with all of theirs
/// (JSONata 2.2; up to 2.0.6, which Step Functions documents, integers were cut to 15 digits as well).
func jsonataText(_ value: Double, roundsIntegers: Bool) -> String {
  if let integer = Int64(exactly: value), integer.magnitude < 1_000_000_000_000_000 { return String(integer) }
  guard value.isFinite, roundsIntegers || value.rounded(.towardZero) != value else { return numberText(value) }
  let decimal = ShortestDecimal(value)
  return decimal.digits.count > 15 ? ShortestDecimal(value, significantDigits: 15).javaScriptText : decimal.javaScriptText
}

extension JSONParser {
  /// Integers of 64 bits, longer ones as their digits, anything with a point or an exponent as the nearest double.
  @inline(__always)
  mutating func parseNumber() throws(JSONSyntaxError) -> JSONValue {
    let first = next
    let isNegative = next.pointee == UInt8(ascii: "-")
    if isNegative { next += 1 }
    let digits = next
    var significand: UInt64 = 0
    takeDigits(into: &significand)
    let integerDigits = next - digits
    if integerDigits == 0 { throw failure("expected a digit, found \(nextCharacter)") }
    if integerDigits > 1, digits.pointee == UInt8(ascii: "0") {
      next = digits
      throw failure("a number must not begin with a zero")
    }
    if next == end || next.pointee != UInt8(ascii: ".") && next.pointee | 0x20 != UInt8(ascii: "e") {
      if integerDigits <= 18 {
        let value = Int64(truncatingIfNeeded: significand)
        compactByteCount &+= isNegative && value != 0 ? integerDigits &+ 1 : integerDigits
        return .int(isNegative ? 0 &- value : value)
      }
      return parseLongInteger(from: first)
    }
    return try parseDouble(from: first, isNegative: isNegative, integerDigits: integerDigits, significand)
  }

  /// Moves over digits; beyond 19 the value overflows silently.
  @inline(__always)
  private mutating func takeDigits(into value: inout UInt64) {
    while next < end {
      let digit = next.pointee &- UInt8(ascii: "0")
      if digit > 9 { return }
      value = value &* 10 &+ UInt64(digit)
      next += 1
    }
  }

  @inline(never)
  private mutating func parseLongInteger(from first: UnsafePointer<UInt8>) -> JSONValue {
    let text = sourceText(from: first)
    compactByteCount &+= text.utf8.count
    return Int64(text).map(JSONValue.int) ?? .bigInteger(text)
  }

  /// From the point or the exponent.
  @inline(never)
  private mutating func parseDouble(
    from first: UnsafePointer<UInt8>, isNegative: Bool, integerDigits: Int, _ integerPart: UInt64
  ) throws(JSONSyntaxError) -> JSONValue {
    var significand = integerPart
    var fractionDigits = 0
    if next.pointee == UInt8(ascii: ".") {
      next += 1
      let fraction = next
      takeDigits(into: &significand)
      fractionDigits = next - fraction
      if fractionDigits == 0 { throw failure("expected a digit after the decimal point, found \(nextCharacter)") }
    }
    var exponent = 0
    var hasExponent = false
    if next < end, next.pointee | 0x20 == UInt8(ascii: "e") {
      hasExponent = true
      exponent = try parseExponent()
    }
    let digitCount = integerDigits + fractionDigits
    let magnitude: Double
    if digitCount <= 19, let exact = DecimalConversion.double(significand, exponent: exponent - fractionDigits) {
      magnitude = exact
    } else {
      let text = sourceText(from: first)
      guard let value = Double(text), value.isFinite else {
        next = first
        throw failure("the number \(text) is beyond the range of a double")
      }
      magnitude = value.magnitude
    }
    let hasPlainLayout = !hasExponent && magnitude < 1e7 && (magnitude >= 1e-3 || magnitude == 0)
    if hasPlainLayout, fractionDigits == 1 || next[-1] != UInt8(ascii: "0"), digitCount <= 19,
      DecimalConversion.isShortest(significand, exponent: -fractionDigits, magnitude)
    {
      compactByteCount &+= next - first
    } else {
      compactByteCount &+= DoubleText.byteCount(of: magnitude) + (isNegative ? 1 : 0)
    }
    return .double(isNegative ? -magnitude : magnitude)
  }

  private mutating func parseExponent() throws(JSONSyntaxError) -> Int {
    next += 1
    var isNegative = false
    if next < end, next.pointee == UInt8(ascii: "+") || next.pointee == UInt8(ascii: "-") {
      isNegative = next.pointee == UInt8(ascii: "-")
      next += 1
    }
    let digits = next
    var exponent = 0
    while next < end {
      let digit = next.pointee &- UInt8(ascii: "0")
      if digit > 9 { break }
      // No double needs more digits; the text is read again where this matters.
      if exponent < 100_000 { exponent = exponent * 10 + Int(digit) }
      next += 1
    }
    if next == digits { throw failure("expected a digit in the exponent, found \(nextCharacter)") }
    return isNegative ? -exponent : exponent
  }

  private func sourceText(from first: UnsafePointer<UInt8>) -> String {
    String(decoding: UnsafeBufferPointer(start: first, count: next - first), as: UTF8.self)
  }
}

/// Decimal to binary for the numbers that documents hold: up to 19 digits and small exponents, correctly rounded.
///
/// Source: Clinger, "How to read floating point numbers accurately", PLDI 1990, for the case where both factors are exact;
/// else one division of integers whose remainder decides the rounding.
enum DecimalConversion {
  /// 5²⁷ is the largest power of five in 64 bits.
  private static let maximumExponent = 27

  /// The double nearest to `significand × 10^exponent`, ties to even; nil when the exponent is too large for this way.
  @inline(__always)
  static func double(_ significand: UInt64, exponent: Int) -> Double? {
    if significand <= 1 << 53, exponent >= -22, exponent <= 22 {
      let value = Double(significand)
      return exponent < 0 ? value / exactPowersOfTen[-exponent] : value * exactPowersOfTen[exponent]
    }
    guard significand != 0 else { return 0 }
    guard exponent >= -maximumExponent, exponent <= maximumExponent else { return nil }
    return exponent < 0 ? quotient(significand, -exponent) : product(significand, exponent)
  }

  /// significand / 10^power
  private static func quotient(_ significand: UInt64, _ power: Int) -> Double {
    let divisor = powersOfFive[power]
    let divisorShift = divisor.leadingZeroBitCount
    let shift = significand.leadingZeroBitCount
    // Both normalised; halving the dividend keeps the quotient within 64 bits: it has 63 or 64 of them.
    let dividend = significand << UInt64(shift)
    let (quotient, remainder) = (divisor << UInt64(divisorShift)).dividingFullWidth((dividend >> 1, dividend << 63))
    return rounded(quotient, hasRest: remainder != 0, exponent: divisorShift - shift - 63 - power)
  }

  /// significand × 10^power
  private static func product(_ significand: UInt64, _ power: Int) -> Double {
    let (high, low) = significand.multipliedFullWidth(by: powersOfFive[power])
    guard high != 0 else { return rounded(low, hasRest: false, exponent: power) }
    let shift = high.leadingZeroBitCount
    let top = shift == 0 ? high : high << UInt64(shift) | low >> UInt64(64 - shift)
    return rounded(top, hasRest: low << UInt64(shift) != 0, exponent: 64 - shift + power)
  }

  /// `significand × 2^exponent` plus something below the last bit when there is a rest.
  private static func rounded(_ significand: UInt64, hasRest: Bool, exponent: Int) -> Double {
    let shift = significand.leadingZeroBitCount
    let normalised = significand << UInt64(shift)
    var bits = normalised >> 11
    let below = normalised & 0x7FF
    if below > 0x400 || below == 0x400 && (hasRest || bits & 1 == 1) { bits += 1 }
    // Within the exponents allowed here the result is never subnormal and never too large.
    let scale = Double(bitPattern: UInt64(1023 + exponent - shift + 11) << 52)
    return Double(bits) * scale
  }

  static let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Whether no decimal with fewer digits reads back to `value`, which is `significand × 10^exponent`.
  @inline(__always)
  static func isShortest(_ significand: UInt64, exponent: Int, _ value: Double) -> Bool {
    // Decimals of up to 15 digits name different doubles; the shortest for a double has at most 17.
    if significand < 1_000_000_000_000_000 { return true }
    if significand >= 100_000_000_000_000_000 { return false }
    // The decimals with one digit less on both sides.
    let shorter = significand / 10
    return double(shorter, exponent: exponent + 1) != value && double(shorter + 1, exponent: exponent + 1) != value
  }

  private static let powersOfFive: [UInt64] = (0..<maximumExponent).reduce(into: [1]) { powers, _ in powers.append(powers.last! * 5) }
}

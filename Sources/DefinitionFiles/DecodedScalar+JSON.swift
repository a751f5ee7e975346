extension DecodedScalar {
  /// The reading of a JSON string literal, quotes included in `offsets`; nil when it is none.
  static func jsonString(_ source: [UInt8], _ offsets: Range<Int>) -> DecodedScalar? {
    var result = DecodedScalar()
    var index = offsets.lowerBound + 1
    let end = offsets.upperBound - 1
    guard index <= end, source[end] == UInt8(ascii: "\"") else { return nil }
    var start = index
    while index < end {
      guard source[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      result.appendVerbatim(source, start..<index)
      guard let (scalar, next) = jsonEscape(source, index, end) else { return nil }
      result.append(scalar, spelledBy: index..<next)
      index = next
      start = next
    }
    result.appendVerbatim(source, start..<index)
    return result
  }

  /// The scalar of the escape at `index` and where it ends. Surrogates in pairs are one; one alone is U+FFFD.
  private static func jsonEscape(_ source: [UInt8], _ index: Int, _ end: Int) -> (Unicode.Scalar, Int)? {
    guard index + 1 < end else { return nil }
    switch source[index + 1] {
    case UInt8(ascii: "n"): return ("\n", index + 2)
    case UInt8(ascii: "t"): return ("\t", index + 2)
    case UInt8(ascii: "r"): return ("\r", index + 2)
    case UInt8(ascii: "b"): return ("\u{8}", index + 2)
    case UInt8(ascii: "f"): return ("\u{C}", index + 2)
    case UInt8(ascii: "u"):
      guard let first = hexadecimal(source, index + 2, digits: 4, end) else { return nil }
      if 0xD800..<0xDC00 ~= first, index + 7 < end, source[index + 6] == UInt8(ascii: "\\"), source[index + 7] == UInt8(ascii: "u"),
        let second = hexadecimal(source, index + 8, digits: 4, end), 0xDC00..<0xE000 ~= second
      {
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)).map { ($0, index + 12) }
      }
      return (Unicode.Scalar(first) ?? "\u{FFFD}", index + 6)
    case let other where other < 0x80: return (Unicode.Scalar(other), index + 2)
    default: return nil
    }
  }

  static func hexadecimal(_ source: [UInt8], _ index: Int, digits: Int, _ end: Int) -> UInt32? {
    guard index + digits <= end else { return nil }
    var value: UInt32 = 0
    for byte in source[index..<index + digits] {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

/// Follows YAML's flow scalars, as libyaml reads them. Source: YAML 1.2.2, sections 7.3 "Flow Scalar Styles" and 6.5 "Line Folding".
extension DecodedScalar {
  /// The reading of a quoted scalar, quotes included in `offsets`; nil when it is none.
  static func yamlQuoted(_ source: [UInt8], _ offsets: Range<Int>, escapes: Bool) -> DecodedScalar? {
    let quote = source[offsets.lowerBound]
    let end = offsets.upperBound - 1
    guard end > offsets.lowerBound, source[end] == quote else { return nil }
    var result = DecodedScalar()
    var index = offsets.lowerBound + 1
    while index < end {
      let byte = source[index]
      if isBlank(byte) || isBreak(byte) {
        index = result.foldBlanks(source, index, end, keepsTrailingBlanks: true)
      } else if escapes, byte == UInt8(ascii: "\\") {
        guard index + 1 < end else { return nil }
        if isBreak(source[index + 1]) {
          index = result.foldBlanks(source, afterBreak(source, index + 1, end), end, keepsTrailingBlanks: true, afterEscapedBreak: true)
        } else {
          guard let (scalar, next) = yamlEscape(source, index, end) else { return nil }
          result.append(scalar, spelledBy: index..<next)
          index = next
        }
      } else if !escapes, byte == quote {
        guard index + 1 < end, source[index + 1] == quote else { return nil }
        result.append(CollectionOfOne(quote), spelledBy: index..<index + 2)
        index += 2
      } else {
        let start = index
        while index < end, !isBlank(source[index]), !isBreak(source[index]), source[index] != quote,
          !(escapes && source[index] == UInt8(ascii: "\\"))
        { index += 1 }
        if index == start { return nil }
        result.appendVerbatim(source, start..<index)
      }
    }
    return result
  }

  /// The reading of a plain scalar.
  static func yamlPlain(_ source: [UInt8], _ offsets: Range<Int>) -> DecodedScalar {
    var result = DecodedScalar()
    var index = offsets.lowerBound
    while index < offsets.upperBound {
      let start = index
      while index < offsets.upperBound, !isBlank(source[index]), !isBreak(source[index]) { index += 1 }
      result.appendVerbatim(source, start..<index)
      if index < offsets.upperBound { index = result.foldBlanks(source, index, offsets.upperBound, keepsTrailingBlanks: false) }
    }
    return result
  }

  /// Blanks and line ends from `index` on: blanks within a line stay, one line end becomes a space, further ones stay.
  private mutating func foldBlanks(
    _ source: [UInt8], _ start: Int, _ end: Int, keepsTrailingBlanks: Bool, afterEscapedBreak: Bool = false
  ) -> Int {
    var index = start
    var breaks = 0
    while index < end, Self.isBlank(source[index]) || Self.isBreak(source[index]) {
      if Self.isBreak(source[index]) {
        breaks += 1
        index = Self.afterBreak(source, index, end)
      } else {
        index += 1
      }
    }
    if afterEscapedBreak {
      append(repeatElement(0x0A, count: breaks), spelledBy: start..<max(index, start + 1))
    } else if breaks == 0 {
      if index < end || keepsTrailingBlanks { appendVerbatim(source, start..<index) }
    } else if breaks == 1 {
      append(CollectionOfOne(0x20), spelledBy: start..<index)
    } else {
      append(repeatElement(0x0A, count: breaks - 1), spelledBy: start..<index)
    }
    return index
  }

  private static func yamlEscape(_ source: [UInt8], _ index: Int, _ end: Int) -> (Unicode.Scalar, Int)? {
    let digits: Int
    switch source[index + 1] {
    case UInt8(ascii: "0"): return ("\0", index + 2)
    case UInt8(ascii: "a"): return ("\u{7}", index + 2)
    case UInt8(ascii: "b"): return ("\u{8}", index + 2)
    case UInt8(ascii: "t"), 0x09: return ("\t", index + 2)
    case UInt8(ascii: "n"): return ("\n", index + 2)
    case UInt8(ascii: "v"): return ("\u{B}", index + 2)
    case UInt8(ascii: "f"): return ("\u{C}", index + 2)
    case UInt8(ascii: "r"): return ("\r", index + 2)
    case UInt8(ascii: "e"): return ("\u{1B}", index + 2)
    case UInt8(ascii: "N"): return ("\u{85}", index + 2)
    case UInt8(ascii: "_"): return ("\u{A0}", index + 2)
    case UInt8(ascii: "L"): return ("\u{2028}", index + 2)
    case UInt8(ascii: "P"): return ("\u{2029}", index + 2)
    case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
      return (Unicode.Scalar(source[index + 1]), index + 2)
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    default: return nil
    }
    guard let value = hexadecimal(source, index + 2, digits: digits, end) else { return nil }
    return Unicode.Scalar(value).map { ($0, index + 2 + digits) }
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
  static func afterBreak(_ source: [UInt8], _ index: Int, _ end: Int) -> Int {
    source[index] == 0x0D && index + 1 < end && source[index + 1] == 0x0A ? index + 2 : index + 1
  }
}

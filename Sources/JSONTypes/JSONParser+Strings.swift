extension JSONParser {
  /// A string from its opening to beyond its closing quote.
  @inline(__always)
  mutating func parseText() throws(JSONSyntaxError) -> String {
    let first = next + 1
    next = first
    let bits = skipPlainText()
    guard next < end, next.pointee == UInt8(ascii: "\"") else { return try parseEscapedText(from: first) }
    let count = next - first
    next += 1
    let text = String(decoding: UnsafeBufferPointer(start: first, count: count), as: UTF8.self)
    // Repairing invalid UTF-8 may change the length.
    compactByteCount &+= 2 &+ (bits & ByteWord.highBits == 0 ? count : text.utf8.count)
    return text
  }

  /// Moves to the next quote, backslash or control character, or to the end. Returns all bytes of the way or-ed together, eight by eight.
  @inline(__always)
  private mutating func skipPlainText() -> UInt64 {
    var bits: UInt64 = 0
    while end - next >= ByteWord.width {
      let word = ByteWord.load(next)
      let mask = ByteWord.specialBytes(of: word)
      if mask != 0 {
        next += ByteWord.bytesBeforeHit(mask)
        // The bytes before the hit.
        return bits | word & ((mask & (0 &- mask)) >> 7 &- 1)
      }
      bits |= word
      next += ByteWord.width
    }
    while next < end, !next.pointee.needsEscape {
      bits |= UInt64(next.pointee)
      next += 1
    }
    return bits
  }

  /// The rest of a string at its first escape, or an error.
  @inline(never)
  private mutating func parseEscapedText(from first: UnsafePointer<UInt8>) throws(JSONSyntaxError) -> String {
    scratch.removeAll()
    var spanStart = first
    var growth = 0
    while true {
      scratch.append(spanStart, count: next - spanStart)
      guard next < end else { throw failure("expected '\"' at the end of a string, found the end of the text") }
      switch next.pointee {
      case UInt8(ascii: "\""):
        next += 1
        let text = scratch.text
        compactByteCount &+= text.utf8.count + growth + 2
        return text
      case UInt8(ascii: "\\"):
        let scalar = try parseEscape()
        if scalar.value < 0x80 { growth += UInt8(scalar.value).escapeGrowth }
        scratch.append(scalar)
        spanStart = next
        _ = skipPlainText()
      default: throw failure("a control character in a string must be written as an escape, found \(nextCharacter)")
      }
    }
  }

  private mutating func parseEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    next += 1
    guard next < end else { throw failure("expected an escape, found the end of the text") }
    let escape = next.pointee
    let scalar: Unicode.Scalar
    switch escape {
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(escape)
    case UInt8(ascii: "u"):
      next += 1
      return try parseUnicodeEscape()
    default:
      throw failure("unknown escape \\\(nextCharacter.dropFirst().dropLast()) in a string; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
    }
    next += 1
    return scalar
  }

  /// From the digits of `\u`, with the second escape of a surrogate pair.
  private mutating func parseUnicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try parseHexadecimalDigits()
    if 0xD800..<0xDC00 ~= first, end - next >= 2, next[0] == UInt8(ascii: "\\"), next[1] == UInt8(ascii: "u") {
      let mark = next
      next += 2
      let second = try parseHexadecimalDigits()
      if 0xDC00..<0xE000 ~= second { return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}" }
      next = mark
    }
    return Unicode.Scalar(first) ?? "\u{FFFD}"
  }

  private mutating func parseHexadecimalDigits() throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard next < end, let digit = next.pointee.hexadecimalDigit else {
        throw failure("expected four hexadecimal digits after \\u, found \(nextCharacter)")
      }
      value = value << 4 | UInt32(digit)
      next += 1
    }
    return value
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexadecimalDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension SyntaxParser {
  /// Letters, digits and what stands in names.
  mutating func takeWord() -> (String, SourceRange) {
    let start = here()
    while !isAtEnd, byte.beginsWord || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") { next += 1 }
    return (source(from: start), SourceRange(start, here()))
  }

  mutating func parseWord() -> SyntaxNode {
    let (word, range) = takeWord()
    switch word {
    case "true": return SyntaxNode(.bool(true), range)
    case "false": return SyntaxNode(.bool(false), range)
    case "null": return SyntaxNode(.null, range)
    default:
      let lowercased = word.lowercased()
      let hint: String
      let kind: SyntaxNode.Kind
      switch lowercased {
      case "true", "false":
        hint = "write \(lowercased)"
        kind = .bool(lowercased == "true")
      case "null", "none", "nil", "undefined":
        hint = "write null"
        kind = .null
      case "nan", "infinity":
        hint = "JSON has no such number; write null or a string"
        kind = .invalid
      default:
        hint = "write \"\(word)\" if this is a string"
        kind = .string(word)
      }
      report("expected a value, found \(word)", range, hint: hint)
      return SyntaxNode(kind, range)
    }
  }

  mutating func parseNumber() -> SyntaxNode {
    let start = here()
    while !isAtEnd, byte.isDigit || byte.beginsWord || [".", "+", "-"].contains(UnicodeScalar(byte)) { next += 1 }
    let range = SourceRange(start, here())
    if let value = smallInteger(from: start.offset) { return SyntaxNode(.number(.int(value)), range) }
    let word = source(from: start)
    do throws(JSONSyntaxError) {
      return SyntaxNode(.number(try JSONValue(parsing: word)), range)
    } catch {
      // What Swift reads as a number was probably meant as one.
      let meant = Double(word).flatMap { $0.isFinite ? $0 : nil }
      let hint = meant.map { "write \(JSONValue.text(of: $0))" } ?? "write a number as in 1, -2.5 or 6.0e7, or put it in quotes"
      report("\(word) is no JSON number: \(error.message)", range, hint: hint)
      return SyntaxNode(meant.map { .number(.double($0)) } ?? .invalid, range)
    }
  }

  /// The number up to here when it is nothing but digits, too few for any doubt.
  private func smallInteger(from start: Int) -> Int64? {
    guard next - start <= 18, text[start] != UInt8(ascii: "0") || next == start + 1 else { return nil }
    var value: Int64 = 0
    for index in start..<next {
      guard text[index].isDigit else { return nil }
      value = value * 10 + Int64(text[index] & 15)
    }
    return value
  }

  private func source(from start: SourcePosition) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: text[start.offset..<next]), as: UTF8.self)
  }

  // MARK: Strings

  /// A string in double or, with a problem, in single quotes.
  mutating func parseString() -> SyntaxNode {
    let start = here()
    let quote = byte
    next += 1
    let textStart = here()
    var index = next
    var bits: UInt8 = 0
    while index < text.count, text[index] != quote, !text[index].needsEscape || text[index] == UInt8(ascii: "\"") {
      bits |= text[index]
      index &+= 1
    }
    if index < text.count, text[index] == UInt8(ascii: "\"") {
      if bits < 0x80 { skipPlain(to: index) } else { next = index }
      // Most strings have no escapes.
      let content = source(from: textStart)
      next += 1
      return SyntaxNode(verbatim: content, SourceRange(start, here()), start: textStart)
    }
    next = index
    var decoder = StringDecoder(start: textStart)
    var isClosed = false
    scan: while !isAtEnd {
      switch byte {
      case quote:
        decoder.appendVerbatim(text, to: next)
        isClosed = true
        break scan
      case UInt8(ascii: "\\"):
        decoder.appendVerbatim(text, to: next)
        decoder.beginEscape(at: here())
        let scalar = parseEscape()
        decoder.append(scalar, end: here())
      case 0x0A, 0x0D:
        next = endOfUnclosedString(after: decoder.taken)
        break scan
      case 0..<0x20:
        let escape = byte == 0x09 ? "\\t" : "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        report("a control character in a string must be written as an escape", nextCharacter(), hint: "write \(escape)")
        if !isAtEnd { next += 1 }
      default: next += 1
      }
    }
    // Reporting as many problems as are wanted moves to the end.
    decoder.appendVerbatim(text, to: next)
    let end = here()
    if isClosed { next += 1 }
    let range = SourceRange(start, here())
    if !isClosed {
      report(
        "expected \(quote == UInt8(ascii: "'") ? "'" : "'\"'") at the end of a string, found the end of the \(isAtEnd ? "text" : "line")", range,
        hint: "close the string; write \\n for a line break in it")
    } else if quote == UInt8(ascii: "'") {
      report("a string in single quotes", range, hint: "JSON strings stand in double quotes")
    }
    let (decoded, map) = decoder.finish(at: end)
    return SyntaxNode(.string(decoded), range, textMap: map)
  }

  /// Where a string that runs into the end of its line probably should have been closed: before a comma that ends the line.
  private func endOfUnclosedString(after start: Int) -> Int {
    var end = next
    while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x09 { end -= 1 }
    return end > start && text[end - 1] == UInt8(ascii: ",") ? end - 1 : next
  }

  /// “ ” „ ‘ ’, which word processors put in the place of quotes: three bytes, E2 80 98 to 9F.
  var standsAtTypographicQuote: Bool { byte == 0xE2 && byte(after: 1) == 0x80 && 0x98...0x9F ~= byte(after: 2) }

  /// A string in typographic quotes, up to the next such quote or the end of the line.
  mutating func parseTypographicString() -> SyntaxNode {
    let start = here()
    next += 3
    let textStart = here()
    while !isAtEnd, !standsAtTypographicQuote, byte != 0x0A, byte != 0x0D { next += 1 }
    let content = source(from: textStart)
    if standsAtTypographicQuote { next += 3 }
    let range = SourceRange(start, here())
    report("a string in typographic quotes", range, hint: "write plain double quotes: \"")
    return SyntaxNode(verbatim: content, range, start: textStart)
  }

  /// From the backslash; an unknown escape stands for its character.
  private mutating func parseEscape() -> Unicode.Scalar {
    let start = here()
    next += 1
    let escape = byte
    let character: Unicode.Scalar? =
      switch escape {
      case UInt8(ascii: "n"): "\n"
      case UInt8(ascii: "t"): "\t"
      case UInt8(ascii: "r"): "\r"
      case UInt8(ascii: "b"): "\u{8}"
      case UInt8(ascii: "f"): "\u{C}"
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): Unicode.Scalar(escape)
      default: nil
      }
    if let character {
      next += 1
      return character
    }
    switch escape {
    case UInt8(ascii: "u"):
      next += 1
      return parseUnicodeEscape(from: start)
    default:
      let found = describedNext
      // A line break or the end is left for the string.
      if escape >= 0x20 { skipCharacter() }
      report(
        "unknown escape \\ before \(found)", SourceRange(start, here()),
        hint: "JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX; write \\\\ for a backslash")
      return "\\"
    }
  }

  private mutating func parseUnicodeEscape(from start: SourcePosition) -> Unicode.Scalar {
    guard let first = takeHexadecimalDigits() else {
      report("expected four hexadecimal digits after \\u, found \(describedNext)", SourceRange(start, here()), hint: "write \\u00e9, for example")
      return "\u{FFFD}"
    }
    if 0xD800..<0xDC00 ~= first, byte == UInt8(ascii: "\\"), byte(after: 1) == UInt8(ascii: "u") {
      let mark = next
      next += 2
      if let second = takeHexadecimalDigits(), 0xDC00..<0xE000 ~= second {
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
      }
      next = mark
    }
    return Unicode.Scalar(first) ?? "\u{FFFD}"
  }

  private mutating func takeHexadecimalDigits() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = byte.hexadecimalDigit else { return nil }
      value = value << 4 | UInt32(digit)
      next += 1
    }
    return value
  }
}

/// Gathers the text of a string and the map back to its source.
private struct StringDecoder {
  private var bytes: [UInt8] = []
  private var runs: [TextMap.Run]
  private let start: SourcePosition
  /// The offset in the source up to which everything was taken.
  private(set) var taken: Int

  init(start: SourcePosition) {
    self.start = start
    taken = start.offset
    runs = []
  }

  mutating func appendVerbatim(_ text: UnsafeBufferPointer<UInt8>, to end: Int) {
    guard end > taken else { return }
    if runs.isEmpty { runs.append(TextMap.Run(offset: 0, position: start, isVerbatim: true)) }
    bytes.append(contentsOf: text[taken..<end])
    taken = end
  }

  mutating func beginEscape(at position: SourcePosition) {
    runs.append(TextMap.Run(offset: bytes.count, position: position, isVerbatim: false))
  }

  mutating func append(_ scalar: Unicode.Scalar, end: SourcePosition) {
    bytes.append(contentsOf: String(scalar).utf8)
    taken = end.offset
    runs.append(TextMap.Run(offset: bytes.count, position: end, isVerbatim: true))
  }

  func finish(at end: SourcePosition) -> (String, TextMap) {
    let text = String(decoding: bytes, as: UTF8.self)
    if runs.count <= 1 { return (text, TextMap(text: text, start: start)) }
    return (text, TextMap(text: text, runs: runs, end: end))
  }
}

/// A SQL script and its statements.
///
/// Statements end at `;` outside of `'…'` (where a backslash escapes, as in Redshift), `"…"`, `$tag$…$tag$`, `--` comments and nested
/// `/* … */` comments. What is left open reaches to the end of the script; the database says what is wrong with it.
public struct SQLScript: Sendable {
  private let bytes: [UInt8]

  public init(_ text: String) { bytes = Array(text.utf8) }

  /// The statements in order, without blanks around them and without the semicolon; comments within stay.
  /// Pieces that hold only blanks and comments are dropped.
  public var statements: [String] {
    pieces.compactMap { piece in
      guard piece.hasContent else { return nil }
      var range = piece.range
      while range.count > 0, isBlank(bytes[range.lowerBound]) { range = range.lowerBound + 1..<range.upperBound }
      while range.count > 0, isBlank(bytes[range.upperBound - 1]) { range = range.lowerBound..<range.upperBound - 1 }
      return String(decoding: bytes[range], as: UTF8.self)
    }
  }

  struct Piece {
    /// Without the semicolon that ends it.
    var range: Range<Int>
    /// Whether there is anything but blanks and comments.
    var hasContent: Bool
  }

  var pieces: [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var hasContent = false
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: ";"):
        pieces.append(Piece(range: start..<index, hasContent: hasContent))
        index += 1
        (start, hasContent) = (index, false)
      case UInt8(ascii: "-") where byte(index + 1) == UInt8(ascii: "-"):
        index = endOfLine(from: index)
      case UInt8(ascii: "/") where byte(index + 1) == UInt8(ascii: "*"):
        index = endOfComment(from: index)
      case UInt8(ascii: "'"):
        index = endOfQuoted(from: index, by: UInt8(ascii: "'"), escapes: true)
        hasContent = true
      case UInt8(ascii: "\""):
        index = endOfQuoted(from: index, by: UInt8(ascii: "\""), escapes: false)
        hasContent = true
      case UInt8(ascii: "$"):
        index = endOfDollarQuoted(from: index) ?? index + 1
        hasContent = true
      case let byte:
        if isNameByte(byte) {
          // Whole words, because a dollar sign within one starts no quote.
          while index < bytes.count, isNameByte(bytes[index]) || bytes[index] == UInt8(ascii: "$") { index += 1 }
          hasContent = true
        } else {
          if !isBlank(byte) { hasContent = true }
          index += 1
        }
      }
    }
    pieces.append(Piece(range: start..<bytes.count, hasContent: hasContent))
    return pieces
  }

  private func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  private func endOfLine(from start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    return index
  }

  private func endOfComment(from start: Int) -> Int {
    var depth = 1
    var index = start + 2
    while index < bytes.count, depth > 0 {
      if bytes[index] == UInt8(ascii: "/"), byte(index + 1) == UInt8(ascii: "*") {
        depth += 1
        index += 2
      } else if bytes[index] == UInt8(ascii: "*"), byte(index + 1) == UInt8(ascii: "/") {
        depth -= 1
        index += 2
      } else {
        index += 1
      }
    }
    return min(index, bytes.count)
  }

  /// A doubled quote reads as two quoted texts side by side, which comes to the same.
  private func endOfQuoted(from start: Int, by quote: UInt8, escapes: Bool) -> Int {
    var index = start + 1
    while index < bytes.count, bytes[index] != quote { index += escapes && bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
    return min(index + 1, bytes.count)
  }

  /// nil when the dollar sign starts no quote: `$1`, a lone `$`.
  private func endOfDollarQuoted(from start: Int) -> Int? {
    var index = start + 1
    if let first = byte(index), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) { return nil }
    while let next = byte(index), isNameByte(next) { index += 1 }
    guard byte(index) == UInt8(ascii: "$") else { return nil }
    let tag = bytes[start...index]
    index += 1
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "$"), bytes[index...].starts(with: tag) { return index + tag.count }
      index += 1
    }
    return bytes.count
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
    UInt8(ascii: "_"), 0x80...0xFF:
    true
  default: false
  }
}

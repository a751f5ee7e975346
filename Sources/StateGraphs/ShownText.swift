/// Texts as a drawing shows them: measured, wrapped, and without what would act on the reader's screen.
///
/// Widths are those of Helvetica, which Arial and Liberation Sans share; the drawings name these fonts. What is not in the table is taken as
/// wide as it can be, so a text is never wider than its measure.
package enum ShownText {
  /// Widths of U+0020 to U+007E in thousandths of the font's size. Source: Adobe Font Metrics of Helvetica.
  private static let widths: [UInt16] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584,
    584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667,
    611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500,
    722, 500, 500, 500, 334, 260, 334, 584,
  ]
  /// Bold letters are wider by up to this.
  static let boldFactor = 1.1

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: Int(widths[Int(scalar.value) - 0x20])
    case 0xB7: 333
    case 0xA0..<0x250: 780
    case 0x300..<0x370, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x370..<0x530: 800
    case 0x2264, 0x2265: 584
    case 0xFDFA, 0xFDFB, 0xFDFD, 0x12000..<0x12550: 8000
    default: 1100
    }
  }

  /// The width of one line in pixels.
  static func width(_ text: String, size: Double, isBold: Bool = false) -> Double {
    let sum = text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    return Double(sum) * size / 1000 * (isBold ? boldFactor : 1)
  }

  /// The text as it may be shown: control characters, marks that reorder text, and what XML cannot hold become escapes such as `\u{202e}`.
  package static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        result += "\\n"
      } else if isHidden(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }

  /// The text in lines of at most `width` pixels, broken where a word or a part of a name ends; cut with an ellipsis after `lines`.
  static func wrapped(_ text: String, size: Double, isBold: Bool = false, width limit: Double, lines: Int) -> [String] {
    var result: [String] = []
    var line = ""
    var lineWidth = 0.0
    // No line holds more than this many letters, so what lies behind is cut in any case.
    var pieces = pieces(of: visible(String(text.prefix((lines + 1) * 150))))[...]
    while let piece = pieces.popFirst() {
      let own = width(piece, size: size, isBold: isBold)
      if lineWidth + own <= limit {
        line += piece
        lineWidth += own
      } else if line.isEmpty {
        // A piece longer than a line is broken anywhere.
        var head = ""
        var headWidth = 0.0
        for character in piece {
          let more = width(String(character), size: size, isBold: isBold)
          if headWidth + more > limit, !head.isEmpty { break }
          head.append(character)
          headWidth += more
        }
        result.append(head)
        let rest = piece.dropFirst(head.count)
        if !rest.isEmpty { pieces = ([String(rest)] + pieces)[...] }
      } else {
        result.append(line)
        line = ""
        lineWidth = 0
        pieces = ([piece] + pieces)[...]
      }
      if result.count > lines { break }
    }
    if !line.isEmpty { result.append(line) }
    if result.count > lines { result = result.prefix(lines - 1) + [cut(result[lines - 1], size: size, isBold: isBold, width: limit, always: true)] }
    return result.map(trimmed).filter { !$0.isEmpty }
  }

  /// One line of at most `width` pixels, with an ellipsis where something is gone.
  static func cut(_ text: String, size: Double, isBold: Bool = false, width limit: Double, always: Bool = false) -> String {
    if !always, width(text, size: size, isBold: isBold) <= limit { return text }
    let room = limit - width("…", size: size, isBold: isBold)
    var result = ""
    var used = 0.0
    for character in text {
      let more = width(String(character), size: size, isBold: isBold)
      if used + more > room { break }
      result.append(character)
      used += more
    }
    return trimmed(result) + "…"
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Words and parts of names; a line may end behind each.
  private static func pieces(of text: String) -> [String] {
    var result: [String] = []
    var piece = ""
    var last: Character?
    for character in text {
      if let last, last.isLowercase, character.isUppercase, !piece.isEmpty {
        result.append(piece)
        piece = ""
      }
      // A character may carry any number of marks; a few are enough to see.
      piece.append(character.unicodeScalars.count > 12 ? Character(character.unicodeScalars.first ?? " ") : character)
      if " _-./:,".contains(character) {
        result.append(piece)
        piece = ""
      }
      last = character
    }
    if !piece.isEmpty { result.append(piece) }
    return result
  }
}

import JSONTypes
import StatesLanguage

/// Diagnostics with the line they are about, as compilers print them.
struct DiagnosticText {
  let path: String
  let style: Style
  private let source: [UInt8]
  private let isKnown: Bool
  /// Where each line begins.
  private let lineStarts: [Int]

  /// - Parameter source: nil for a file that could not be read; like an empty one it has no line to show.
  init(path: String, source: String?, style: Style) {
    self.path = path
    self.style = style
    isKnown = source?.isEmpty == false
    self.source = Array((source ?? "").utf8)
    // Lines end with LF, CR or CRLF, as places count them.
    var starts = [0]
    for (index, byte) in self.source.enumerated() where byte == 0x0A || byte == 0x0D {
      if byte == 0x0D, index + 1 < self.source.count, self.source[index + 1] == 0x0A { continue }
      starts.append(index + 1)
    }
    lineStarts = starts
  }

  var lineCount: Int { isKnown ? lineStarts.count : 0 }

  /// A line's text, by its number from 1, without its end and a byte order mark.
  func line(_ number: Int) -> String? {
    guard isKnown, lineStarts.indices.contains(number - 1) else { return nil }
    var bytes = source[lineStarts[number - 1]..<(number < lineStarts.count ? lineStarts[number] : source.count)]
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    return String(decoding: bytes, as: UTF8.self)
  }

  func text(_ diagnostic: Diagnostic) -> String {
    let severity =
      switch diagnostic.severity {
      case .error: style.boldRed("error")
      case .warning: style.yellow("warning")
      case .advice: style.blue("advice")
      }
    var text = style.bold("\(place(diagnostic.range)): ") + severity + ": " + style.bold(diagnostic.message.printable()) + " [\(diagnostic.code)]\n"
    text += excerpt(diagnostic.range, label: diagnostic.suggestion.map { "did you mean \"\($0.printable())\"?" })
    for note in diagnostic.notes {
      if let range = note.range {
        text += "\(place(range)): note: \(note.message.printable())\n" + excerpt(range, label: nil)
      } else {
        text += "  note: \(note.message.printable())\n"
      }
    }
    return text
  }

  /// `FILE:LINE:COLUMN`.
  func place(_ range: SourceRange) -> String {
    if !isKnown, range == .start { return path.printable() }
    return "\(path.printable()):\(range.lowerBound.line):\(range.lowerBound.column)"
  }

  /// The source line with carets below the place; long lines are cut around it.
  private func excerpt(_ range: SourceRange, label: String?) -> String {
    let number = range.lowerBound.line
    guard let line = line(number) else { return label.map { "  \($0)\n" } ?? "" }
    let scalars = Array(line.unicodeScalars)
    let start = min(max(0, range.lowerBound.column - 1), scalars.count)
    let end = range.upperBound.line == number ? min(max(start + 1, range.upperBound.column - 1), max(scalars.count, start + 1)) : max(scalars.count, start + 1)
    let first = max(0, start - 60)
    let last = min(scalars.count, first + 160)
    func shown(_ range: Range<Int>) -> String {
      String(String.UnicodeScalarView(scalars[range])).replacingTabs.printable()
    }
    let before = (first > 0 ? "…" : "") + shown(first..<start)
    let marked = shown(start..<min(end, last))
    let after = min(end, last) < last ? shown(min(end, last)..<last) : ""
    let gutter = "\(number)"
    let blank = String(repeating: " ", count: before.columns)
    let carets = style.boldRed(String(repeating: "~", count: max(1, marked.columns)).replacingFirst(with: "^"))
    let margin = String(repeating: " ", count: max(0, 5 - gutter.count)) + gutter
    return "\(style.faint(margin + " |")) \(before)\(marked)\(after)\(last < scalars.count ? "…" : "")\n"
      + "\(style.faint("      |")) \(blank)\(carets)\(label.map { " " + style.cyan($0) } ?? "")\n"
  }
}

extension String {
  fileprivate var replacingTabs: String { contains("\t") ? String(flatMap { $0 == "\t" ? "  " : String($0) }) : self }
  fileprivate func replacingFirst(with character: Character) -> String { String(character) + dropFirst() }
}

import JSONTypes
import StatesLanguage

/// Diagnostics with the line they are about, as compilers print them.
struct DiagnosticText {
  let path: String
  let lines: [Substring]
  let style: Style

  init(path: String, source: String, style: Style) {
    self.path = path
    lines = source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    self.style = style
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
  func place(_ range: SourceRange) -> String { "\(path.printable()):\(range.lowerBound.line):\(range.lowerBound.column)" }

  /// The source line with carets below the place; long lines are cut around it.
  private func excerpt(_ range: SourceRange, label: String?) -> String {
    let number = range.lowerBound.line
    guard lines.indices.contains(number - 1) else { return label.map { "  \($0)\n" } ?? "" }
    let scalars = Array(lines[number - 1].unicodeScalars)
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

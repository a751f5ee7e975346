/// How a stretch of text is painted.
enum Ink: Sendable, Hashable {
  case plain, faint, bold, red, boldRed, green, yellow, cyan, blue
  /// Dark on light, as title bars and selections are.
  case bar
}

/// A line of a screen: stretches of text, each with its ink. The text holds nothing that a terminal acts on.
struct ScreenLine: Sendable, Hashable {
  struct Span: Sendable, Hashable {
    var text: String
    var ink: Ink
  }
  private(set) var spans: [Span] = []

  init() {}
  init(_ text: String, _ ink: Ink = .plain) { append(text, ink) }

  /// Control characters in the text are shown as escapes.
  mutating func append(_ text: String, _ ink: Ink = .plain) {
    if !text.isEmpty { spans.append(Span(text: text.printable(), ink: ink)) }
  }

  mutating func append(_ other: ScreenLine) { spans += other.spans }

  var text: String { spans.map(\.text).joined() }
  var columns: Int { spans.reduce(0) { $0 + $1.text.columns } }
  var isEmpty: Bool { spans.isEmpty }

  /// Cut to a number of columns, with an ellipsis where something is gone.
  func cut(to width: Int) -> ScreenLine {
    guard columns > width else { return self }
    var result = ScreenLine()
    var room = width
    for span in spans {
      let own = span.text.columns
      // The last column of the room is the ellipsis's.
      if own < room {
        result.spans.append(span)
        room -= own
        continue
      }
      result.spans.append(Span(text: (span.text + " ").cut(to: room), ink: span.ink))
      break
    }
    return result
  }

  /// Cut or filled with blanks to a number of columns.
  func fitted(to width: Int) -> ScreenLine {
    var line = cut(to: width)
    let rest = width - line.columns
    if rest > 0 { line.spans.append(Span(text: String(repeating: " ", count: rest), ink: line.spans.last?.ink == .bar ? .bar : .plain)) }
    return line
  }

  /// The same text in one ink.
  func painted(_ ink: Ink) -> ScreenLine {
    var line = self
    for index in line.spans.indices { line.spans[index].ink = ink }
    return line
  }

  /// Over several lines of at most so many columns.
  func wrapped(to width: Int, indent: Int = 2) -> [ScreenLine] {
    guard columns > width, width > indent + 4 else { return [self] }
    var lines: [ScreenLine] = []
    var line = ScreenLine()
    var used = 0
    for span in spans {
      var piece = ""
      for character in span.text {
        let wide = String(character).columns
        if used + wide > width {
          line.append(piece, span.ink)
          piece = ""
          lines.append(line)
          line = ScreenLine(String(repeating: " ", count: indent))
          used = indent
        }
        piece.append(character)
        used += wide
      }
      line.append(piece, span.ink)
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  /// The line as a terminal takes it.
  func painted(by style: Style) -> String {
    spans.map { span in
      switch span.ink {
      case .plain: span.text
      case .faint: style.faint(span.text)
      case .bold: style.bold(span.text)
      case .red: style.red(span.text)
      case .boldRed: style.boldRed(span.text)
      case .green: style.green(span.text)
      case .yellow: style.yellow(span.text)
      case .cyan: style.cyan(span.text)
      case .blue: style.blue(span.text)
      // Without colours, bars and selections are still to be seen.
      case .bar: "\u{1B}[7m\(span.text)\u{1B}[0m"
      }
    }.joined()
  }
}

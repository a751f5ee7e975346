import ExecutionTraces
import StatesInterpreter

extension TraceScreen {
  /// How the screen is divided: a title, states above events on the left, the event's data on the right, the keys below.
  struct Layout: Sendable, Equatable {
    let columns: Int
    let rows: Int

    /// Rows between the title and the last line.
    var body: Int { max(1, rows - 2) }
    /// Columns of the left side; 0 on a screen too narrow for two sides.
    var left: Int { columns < 56 ? 0 : min(max(26, columns * 2 / 5), 64) }
    var right: Int { left == 0 ? columns : columns - left - 2 }

    /// Rows of the states, at most half of the body.
    func outline(_ states: Int) -> Int { body < 6 ? 0 : min(states, max(3, body / 2 - 1)) }
  }

  struct Drawing {
    var lines: [ScreenLine]
    var cursor: (column: Int, row: Int)?
  }

  mutating func drawing(columns: Int, rows: Int) -> Drawing {
    let layout = Layout(columns: columns, rows: rows)
    if mode == .help { return Drawing(lines: helpLines(layout)) }
    let right = detailLines(layout)
    revealSearch(in: right, layout)
    let left = leftLines(layout)
    var lines = [titleLine.fitted(to: columns).painted(.bar)]
    for row in 0..<layout.body {
      let detail = right.indices.contains(scroll + row) ? right[scroll + row] : ScreenLine()
      guard layout.left > 0 else {
        lines.append(detail)
        continue
      }
      var line = (left.indices.contains(row) ? left[row] : ScreenLine()).fitted(to: layout.left)
      line.append("│ ", .faint)
      line.append(detail.cut(to: layout.right))
      lines.append(line)
    }
    let last = lastLine(rest: right.count - scroll - layout.body, layout)
    lines.append(last.cut(to: columns))
    var cursor: (column: Int, row: Int)?
    switch mode {
    case .search, .jump: cursor = (min(last.columns, columns - 1), rows - 1)
    case .walking, .help: break
    }
    return Drawing(lines: lines, cursor: cursor)
  }

  // MARK: Above and below

  private var titleLine: ScreenLine {
    let events = trace.events.last?.id ?? 0
    var words = ["event \(trace.events[step].id) of \(events)"]
    let path = trace.pathText(of: trace.places[step].frame)
    if !path.isEmpty { words.append(path) }
    words += [trace.status.rawValue + (trace.hasTimes ? " in \(trace.duration.spanText)" : ""), title]
    return ScreenLine(" " + words.joined(separator: "  ·  "))
  }

  private static let keys = [
    "j k step  f failure  v visit  > < in out  ] [ next one  / search  : event  ? help  q quit",
    "j k step  f failure  > < in out  / search  ? help  q quit", "? help  q quit",
  ]

  private func lastLine(rest: Int, _ layout: Layout) -> ScreenLine {
    switch mode {
    case .search(let text, let direction): return ScreenLine((direction == .forward ? "/" : "\\") + text)
    case .jump(let text): return ScreenLine(":" + text)
    case .walking, .help: break
    }
    if let message { return ScreenLine(message, .yellow) }
    var line = ScreenLine()
    if rest > 0 { line.append("\(rest) more ↓ space  ", .cyan) }
    let room = layout.columns - line.columns
    line.append(Self.keys.first { $0.columns <= room } ?? "", .faint)
    return line
  }

  private func helpLines(_ layout: Layout) -> [ScreenLine] {
    let keys: [(String, String)] = [
      ("j ↓ Enter, k ↑", "next event, event before"),
      ("s, S", "next, previous event of the same branch or iteration"),
      ("f, F", "next, previous failure"),
      ("v, V", "next, previous visit of this state"),
      ("> → l, < ← h", "into the branches or iterations of this state; out of them"),
      ("o", "out to where the Parallel or Map state ended"),
      ("] Tab, [", "next, previous branch or iteration"),
      ("/text, \\text", "search forward, back: types, states, data; n, N again"),
      (":12 or 12", "to the event with this id"),
      ("g Home, G End", "first, last event"),
      ("Ctrl-O", "back to where the last jump began"),
      ("Space b, J K", "scroll the event's data by pages, by lines"),
      ("r", "read the file again; while the execution runs this goes by itself"),
      ("Ctrl-L, Ctrl-Z", "draw anew; stop until fg"),
      ("q", "quit"),
    ]
    var lines = [ScreenLine(" Keys").fitted(to: layout.columns).painted(.bar)]
    for (key, meaning) in keys {
      var line = ScreenLine("  " + key.fitted(to: 18), .bold)
      line.append(meaning)
      lines.append(line)
    }
    lines += [ScreenLine()]
    lines.append(ScreenLine("  ✓ succeeded  ✗ failed  ! failed and caught  - cut short  ● runs  ×2 visits  ↻2 retries", .faint))
    let shown = Array(lines.prefix(layout.rows - 1))
    return shown + Array(repeating: ScreenLine(), count: max(0, layout.rows - 1 - shown.count)) + [ScreenLine("any key goes back", .faint)]
  }

  // MARK: The left side

  private func leftLines(_ layout: Layout) -> [ScreenLine] {
    guard layout.left > 0 else { return [] }
    let outline = trace.outline
    let rows = layout.outline(outline.count)
    var lines = outlineLines(outline, rows: rows)
    if rows > 0 { lines.append(ScreenLine(String(repeating: "─", count: layout.left), .faint)) }
    return lines + eventLines(rows: layout.body - lines.count, width: layout.left)
  }

  private func outlineLines(_ outline: [(state: Int, depth: Int)], rows: Int) -> [ScreenLine] {
    let current = trace.visit(at: step)?.state
    let position = outline.firstIndex { $0.state == current } ?? 0
    let first = Self.firstRow(of: outline.count, rows: rows, around: position)
    return outline[first..<min(first + rows, outline.count)].map { entry in
      let state = trace.states[entry.state]
      let isCurrent = entry.state == current
      var line = ScreenLine(isCurrent ? "▶" : " ", .cyan)
      line.append(String(repeating: "  ", count: min(entry.depth, 6)))
      let mark = Self.mark(of: state)
      line.append(mark.text + " ", mark.ink)
      line.append(state.name, isCurrent ? .bold : state.visits.isEmpty ? .faint : .plain)
      line.append(Self.counts(of: state), .faint)
      return line
    }
  }

  private static func mark(of state: ExecutionTrace.TracedState) -> (text: String, ink: Ink) {
    if state.visits.isEmpty { return ("·", .faint) }
    if state.open > 0 { return ("●", .cyan) }
    if state.failed > 0 { return ("✗", .red) }
    if state.caught > 0 { return ("!", .yellow) }
    if state.succeeded > 0 { return ("✓", .green) }
    return ("-", .faint)
  }

  private static func counts(of state: ExecutionTrace.TracedState) -> String {
    var words = ""
    if state.visits.count > 1 { words += "  ×\(state.visits.count)" }
    if state.failed > 0, state.visits.count > 1 { words += "  \(state.failed) ✗" }
    if state.retries > 0 { words += "  ↻\(state.retries)" }
    return words
  }

  private func eventLines(rows: Int, width: Int) -> [ScreenLine] {
    guard rows > 0 else { return [] }
    let text = EventText(trace)
    let first = Self.firstRow(of: trace.events.count, rows: rows, around: step)
    return (first..<min(first + rows, trace.events.count)).map { number in
      let event = trace.events[number]
      var line = ScreenLine((event.type.isInternal ? "" : String(event.id)).leftFilled(to: text.idWidth) + " ", .faint)
      let position = text.position(number)
      if !position.isEmpty { line.append(position + " ", .faint) }
      let mark = text.mark(number)
      line.append(mark.text + " ", mark.ink)
      switch event.type.role {
      case .stateEntered, .stateExited: line.append(trace.state(at: number)?.name ?? "", event.type.isFailure ? .red : .plain)
      default: line.append(event.type.name, event.type.isFailure ? .red : .faint)
      }
      return number == step ? line.fitted(to: width).painted(.bar) : line
    }
  }

  /// The first of so many entries to show, so that one of them stands in the middle.
  private static func firstRow(of count: Int, rows: Int, around position: Int) -> Int { max(0, min(position - rows / 2, count - rows)) }
}

/// A trace at a terminal: keys change the screen's value, and the screen's value is drawn.
struct TraceSession {
  private let source: TraceSource
  private let screen: TerminalScreen

  /// How often the file of an execution that runs is looked at, in milliseconds.
  private static let refreshTime: Int32 = 500

  init(source: TraceSource, screen: TerminalScreen) {
    self.source = source
    self.screen = screen
  }

  /// - Returns: the exit code.
  func run() -> Int32 {
    var source = source
    var view = TraceScreen(source.trace, title: source.title)
    view.message = source.notes.first
    defer { screen.finish() }
    while true {
      let (columns, rows) = screen.size
      let drawing = view.drawing(columns: columns, rows: rows)
      screen.draw(drawing.lines, cursor: drawing.cursor)
      switch screen.next(within: source.trace.status == .running ? Self.refreshTime : nil) {
      case .redraw: continue
      case .timeout: if source.refresh() { view.update(source.trace) }
      case .end(let signal): return 128 + signal
      case .key(let key):
        switch view.handle(key, columns: columns, rows: rows) {
        case .goOn: continue
        case .quit: return 0
        case .interrupt: return 130
        case .redraw: screen.forget()
        case .refresh: if source.refresh() { view.update(source.trace) } else { view.message = "nothing new" }
        }
      }
    }
  }
}

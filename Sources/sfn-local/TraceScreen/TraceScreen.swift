import ExecutionTraces

/// What the screen of a trace shows, and what each key makes of it. A value: nothing here knows a terminal.
struct TraceScreen {
  enum Action: Sendable, Equatable { case goOn, quit, interrupt, redraw, refresh }

  enum Mode: Sendable, Equatable {
    case walking
    /// A line that is being typed: what is looked for, or the id of an event.
    case search(String, ExecutionTrace.Direction), jump(String)
    case help
  }

  private(set) var trace: ExecutionTrace
  let title: String
  private(set) var step = 0
  /// Lines of the details above the first that is shown.
  private(set) var scroll = 0
  private(set) var mode = Mode.walking
  /// Said once, in place of the keys.
  var message: String?
  private var lastSearch: (search: TraceSearch, direction: ExecutionTrace.Direction)?
  /// A text was found at this step: the first line that has it is to be seen.
  private var isRevealing = false
  /// Where jumps began, to come back to.
  private var origins: [Int] = []
  /// The details of the step, as they were last drawn.
  private var details: (step: Int, width: Int, count: Int, lines: [ScreenLine])?

  static let maximumOrigins = 200

  init(_ trace: ExecutionTrace, title: String) {
    self.trace = trace
    self.title = title
  }

  /// Takes a trace that has grown. At the last event it goes on to the new last one.
  mutating func update(_ trace: ExecutionTrace) {
    let wasLast = step == self.trace.events.count - 1
    self.trace = trace
    details = nil
    step = wasLast ? trace.events.count - 1 : min(step, trace.events.count - 1)
    if wasLast { scroll = 0 }
  }

  mutating func handle(_ key: Key, columns: Int, rows: Int) -> Action {
    message = nil
    switch mode {
    case .help:
      mode = .walking
      return key == .control("c") ? .interrupt : .goOn
    case .search(let text, let direction): return type(key, text) { .search($0, direction) } end: { $0.find(TraceSearch($1), direction) }
    case .jump(let text): return type(key, text) { .jump($0) } end: { $0.jump(toID: $1) }
    case .walking: return walk(key, layout: Layout(columns: columns, rows: rows))
    }
  }

  // MARK: Walking

  private mutating func walk(_ key: Key, layout: Layout) -> Action {
    switch key {
    case .character("q"), .character("Q"): return .quit
    case .control("c"): return .interrupt
    case .control("l"): return .redraw
    case .character("r"): return .refresh
    case .character("?"): mode = .help
    case .character("/"): mode = .search("", .forward)
    case .character("\\"): mode = .search("", .back)
    case .character(":"): mode = .jump("")
    case .character(let digit) where digit.isASCII && digit.isNumber: mode = .jump(String(digit))

    case .down, .character("j"), .enter: move(to: trace.next(after: step), else: "this is the last event")
    case .up, .character("k"): move(to: trace.previous(before: step), else: "this is the first event")
    case .home, .character("g"): jump(to: 0, else: "")
    case .end, .character("G"): jump(to: trace.events.count - 1, else: "")
    case .character("s"): move(to: trace.sameFrame(from: step, .forward), else: "nothing follows here; < leads out")
    case .character("S"): move(to: trace.sameFrame(from: step, .back), else: "nothing comes before here; < leads out")
    case .character("f"): jump(to: trace.failure(from: step, .forward), else: "no failure follows")
    case .character("F"): jump(to: trace.failure(from: step, .back), else: "no failure comes before")
    case .character("v"): jump(to: trace.sameState(from: step, .forward), else: "no further visit of this state")
    case .character("V"): jump(to: trace.sameState(from: step, .back), else: "no earlier visit of this state")
    case .right, .character(">"), .character("l"): jump(to: trace.into(step), else: "there is no branch or iteration to go into")
    case .left, .character("<"), .character("h"): jump(to: trace.out(of: step), else: "this is in no branch or iteration")
    case .character("o"): jump(to: trace.outEnd(of: step), else: "this is in no branch or iteration that has ended")
    case .character("]"), .tab: jump(to: trace.sibling(of: step, .forward), else: "no further branch or iteration")
    case .character("["), .backTab: jump(to: trace.sibling(of: step, .back), else: "no earlier branch or iteration")
    case .character("n"): repeatSearch(isReversed: false)
    case .character("N"): repeatSearch(isReversed: true)
    case .control("o"), .backspace: goBack()

    case .character("J"): scroll(by: 1, layout)
    case .character("K"): scroll(by: -1, layout)
    case .pageDown, .character(" "), .control("f"): scroll(by: max(1, layout.body - 2), layout)
    case .pageUp, .character("b"), .control("b"): scroll(by: -max(1, layout.body - 2), layout)
    case .control("d"): scroll(by: max(1, layout.body / 2), layout)
    case .control("u"): scroll(by: -max(1, layout.body / 2), layout)
    case .escape: break
    default: message = "this key means nothing here; ? shows the keys"
    }
    return .goOn
  }

  private mutating func move(to target: Int?, else text: String) {
    guard let target, target != step else {
      message = text
      return
    }
    step = target
    scroll = 0
  }

  /// A move that may be a long one: Ctrl-O comes back.
  private mutating func jump(to target: Int?, else text: String) {
    if let target, target != step {
      origins.append(step)
      if origins.count > Self.maximumOrigins { origins.removeFirst() }
    }
    move(to: target, else: text)
  }

  private mutating func goBack() {
    guard let origin = origins.popLast() else { return message = "nothing to come back to" }
    move(to: min(origin, trace.events.count - 1), else: "")
  }

  private mutating func scroll(by lines: Int, _ layout: Layout) {
    let count = detailLines(layout).count
    let last = max(0, count - layout.body)
    let wanted = min(max(0, scroll + lines), last)
    if wanted == scroll { message = lines > 0 ? "this is the end of the event's data" : "this is the beginning of the event's data" }
    scroll = wanted
  }

  // MARK: Typed lines

  private mutating func type(_ key: Key, _ text: String, _ mode: (String) -> Mode, end: (inout TraceScreen, String) -> Void) -> Action {
    switch key {
    case .character(let character): self.mode = mode(text + String(character))
    case .backspace: self.mode = text.isEmpty ? .walking : mode(String(text.dropLast()))
    case .control("u"): self.mode = mode("")
    case .control("c"), .escape: self.mode = .walking
    case .enter:
      self.mode = .walking
      end(&self, text)
    default: break
    }
    return .goOn
  }

  private mutating func find(_ search: TraceSearch, _ direction: ExecutionTrace.Direction) {
    // As in less, an empty text repeats the last search.
    if search.text.isEmpty { return repeatSearch(isReversed: false) }
    lastSearch = (search, direction)
    show(search, direction)
  }

  private mutating func repeatSearch(isReversed: Bool) {
    guard let (search, direction) = lastSearch else { return message = "nothing to look for yet; / takes a text" }
    show(search, isReversed ? (direction == .forward ? .back : .forward) : direction)
  }

  private mutating func show(_ search: TraceSearch, _ direction: ExecutionTrace.Direction) {
    guard let found = trace.search(search, from: step, direction) else { return message = "\"\(search.text)\" is nowhere" }
    let isAround = direction == .forward ? found <= step : found >= step
    if found == step { return message = "\"\(search.text)\" is in this event only" }
    jump(to: found, else: "")
    isRevealing = true
    if isAround { message = direction == .forward ? "went on from the first event" : "went on from the last event" }
  }

  private mutating func jump(toID text: String) {
    guard let id = Int(text), let target = trace.step(nearestToID: id) else { return message = "\"\(text)\" is no id of an event" }
    let found = trace.events[target].id
    jump(to: target, else: "")
    if found != id { message = "there is no event \(id); \(found) is the nearest" }
  }

  // MARK: Details

  /// Scrolls to the line that has the text which was looked for, if it is out of sight.
  mutating func revealSearch(in lines: [ScreenLine], _ layout: Layout) {
    guard isRevealing else { return }
    isRevealing = false
    guard let search = lastSearch?.search, let row = lines.firstIndex(where: { search.isFound(in: $0.text) }), row >= layout.body else { return }
    scroll = min(row - layout.body / 3, max(0, lines.count - layout.body))
  }

  /// The details of the step, wrapped to the width of their pane.
  mutating func detailLines(_ layout: Layout) -> [ScreenLine] {
    if let details, details.step == step, details.width == layout.right, details.count == trace.events.count { return details.lines }
    let lines = StepDetails(trace, at: step).lines().flatMap { $0.wrapped(to: layout.right) }
    details = (step, layout.right, trace.events.count, lines)
    return lines
  }
}

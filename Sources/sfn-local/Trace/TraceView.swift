import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization

/// Shows an execution while it runs: on a terminal the lines change in place, elsewhere each is printed as its state ends.
final class TraceView: Sendable {
  enum Mode: Sendable { case live, plain, silent }

  private struct Printed: Hashable {
    var line: Int
    var mark: TraceModel.Line.Mark
  }

  private struct State {
    var model: TraceModel
    /// Lines that stand on the screen and are drawn anew.
    var drawn = 0
    /// Lines that have gone out of the screen's reach.
    var settled = 0
    /// The ends of visits that a plain trace has printed.
    var printed: Set<Printed> = []
    /// Visits that a plain trace has not printed, by line.
    var folded: [Int: Int] = [:]
    var lastEventTime = Timestamp(microseconds: 0)
  }

  private let text: TraceText
  private let mode: Mode
  private let clock: @Sendable () -> Timestamp?
  private let state: Mutex<State>

  /// - Parameter clock: the present of the execution's clock; nil where only events tell the time.
  init(machine: StateMachine, style: Style, mode: Mode, clock: @escaping @Sendable () -> Timestamp?) {
    text = TraceText(style: style, machine: machine)
    self.mode = mode
    self.clock = clock
    state = Mutex(State(model: TraceModel(machine: machine)))
  }

  /// The state whose failure ended the execution, and the Parallel and Map states around it that failed with it, the nearest first.
  var failure: (state: Int, around: [Int])? {
    state.withLock { state in state.model.failedState.map { ($0, state.model.owners(of: $0)) } }
  }

  func update(_ update: ExecutionUpdate) {
    guard mode != .silent else { return state.withLock { Self.fold(update, into: &$0) } }
    let output = state.withLock { state in
      mode == .live ? live(update, &state) : plain(update, &state)
    }
    if !output.isEmpty { Terminal.writeError(output) }
  }

  /// Takes in what happened before, without a word of it but for the lines that are still open.
  func recall(_ history: [HistoryEvent]) {
    state.withLock { state in
      Self.fold(.facts(history), into: &state)
      state.lastEventTime = history.last?.timestamp ?? state.lastEventTime
    }
  }

  /// Writes a line of its own, above the lines that change in place.
  func note(_ line: String) {
    let output = state.withLock { state in
      guard mode == .live, state.drawn > 0, state.model.end == nil else { return line + "\n" }
      let erased = "\u{1B}[\(state.drawn)A\r\u{1B}[J"
      state.drawn = 0
      return erased + line + "\n" + draw(&state)
    }
    Terminal.writeError(output)
  }

  /// Draws again, for countdowns.
  func tick() {
    guard mode == .live else { return }
    let output = state.withLock { $0.model.end == nil && !$0.model.lines.isEmpty ? draw(&$0) : "" }
    if !output.isEmpty { Terminal.writeError(output) }
  }

  private static func fold(_ update: ExecutionUpdate, into state: inout State) {
    switch update {
    case .facts(let facts): for fact in facts { _ = state.model.add(fact) }
    case .progress(let effect, let text): state.model.progress(effect, text)
    case .mapRun(_, let summary): state.model.mapRun(summary)
    case .childEnded: break
    }
  }

  // MARK: On a terminal

  private func live(_ update: ExecutionUpdate, _ state: inout State) -> String {
    Self.fold(update, into: &state)
    // Thousands of children a second are drawn by the next tick.
    switch update {
    case .mapRun, .childEnded: return ""
    case .facts, .progress: break
    }
    if case .facts(let facts) = update, let last = facts.last { state.lastEventTime = last.timestamp }
    var output = draw(&state)
    if state.model.end != nil { output += text.summary(state.model) + "\n" }
    return output
  }

  /// Moves up over what was drawn and writes all lines that fit the screen; older ones stay above as they were.
  private func draw(_ state: inout State) -> String {
    let (columns, rows) = Terminal.size
    let now = clock() ?? state.lastEventTime
    var output = "\u{1B}[?2026h"
    if state.drawn > 0 { output += "\u{1B}[\(state.drawn)A" }
    output += "\r\u{1B}[J"
    let lines = state.model.lines
    let room = max(1, rows - 2)
    let first = state.model.end == nil ? max(state.settled, lines.count - room) : state.settled
    for line in lines[state.settled..<first] { output += text.line(line, now: now, columns: columns) + "\n" }
    state.settled = first
    for line in lines[first...] { output += text.line(line, now: now, columns: columns) + "\n" }
    state.drawn = lines.count - first
    return output + "\u{1B}[?2026l"
  }

  // MARK: Elsewhere

  /// Each line once for each way in which a visit ends; further visits are folded until something new happens.
  private func plain(_ update: ExecutionUpdate, _ state: inout State) -> String {
    guard case .facts(let facts) = update else {
      Self.fold(update, into: &state)
      return ""
    }
    var output = ""
    for fact in facts {
      for ended in state.model.add(fact) {
        if !state.printed.insert(Printed(line: ended.line, mark: ended.mark)).inserted, state.model.end == nil {
          state.folded[ended.line, default: 0] += 1
          continue
        }
        output += flush(&state, now: fact.timestamp)
        // Other visits may go on; the line is about those that have ended.
        var line = state.model.lines[ended.line]
        line.mark = ended.mark
        line.visits -= line.open
        line.open = 0
        output += text.line(line, now: fact.timestamp, columns: 200) + "\n"
      }
    }
    if state.model.end != nil { output += flush(&state, now: state.lastEventTime) + text.summary(state.model) + "\n" }
    return output
  }

  private func flush(_ state: inout State, now: Timestamp) -> String {
    guard !state.folded.isEmpty else { return "" }
    let visits = state.folded.values.max() ?? 0
    let names = state.folded.keys.sorted().map { text.machine.states[state.model.lines[$0].state].name.printable() }
    state.folded = [:]
    return text.style.faint("  … \(names.joined(separator: ", ")): \(visits) more time\(visits == 1 ? "" : "s")") + "\n"
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage

/// A trace's lines as text.
struct TraceText: Sendable {
  let style: Style
  let machine: StateMachine
  /// Columns of the names, so that what follows is aligned.
  let nameWidth: Int

  init(style: Style, machine: StateMachine) {
    self.style = style
    self.machine = machine
    nameWidth = min(max(12, machine.states.map { $0.name.printable().columns }.max() ?? 0), 48)
  }

  /// `✓ Load dimensions      Task      1.25 s  ×3, 1 retry`
  func line(_ line: TraceModel.Line, now: Timestamp, columns: Int) -> String {
    let state = machine.states[line.state]
    let indent = String(repeating: "  ", count: min(line.depth, 8))
    let name = (indent + state.name.printable()).fitted(to: nameWidth)
    var spent = line.spent
    if line.open > 0 { spent += max(0, now.microseconds - line.enteredAt.microseconds) }
    let duration = spent.spanText
    let head = name + "  " + state.type.rawValue.fitted(to: 8) + "  " + String(repeating: " ", count: max(0, 9 - duration.count)) + duration
    let notes = notes(line, now: now)
    let room = columns - 2 - head.columns - 2
    let tail = notes.isEmpty || room < 4 ? "" : "  " + notes.cut(to: room)
    switch line.mark {
    case .running: return style.cyan("●") + " " + head + style.faint(tail)
    case .succeeded: return style.green("✓") + " " + head + style.faint(tail)
    case .caught: return style.yellow("!") + " " + head + style.yellow(tail)
    case .failed: return style.red("✗") + " " + style.red(head) + style.red(tail)
    case .aborted: return style.faint("-") + " " + style.faint(head) + style.faint(tail)
    }
  }

  private func notes(_ line: TraceModel.Line, now: Timestamp) -> String {
    var notes: [String] = []
    if line.visits > 1 { notes.append("×\(line.visits)") }
    if let iterations = line.iterations { notes.append("\(iterations.done) of \(iterations.of) iterations") }
    if line.retries > 0 { notes.append(line.retries == 1 ? "1 retry" : "\(line.retries) retries") }
    if line.open > 0, let until = line.waitsUntil {
      let left = max(0, until.microseconds - now.microseconds)
      let isRetry = machine.states[line.state].type != .wait
      notes.append((isRetry ? "again in " : "") + ((left + 999_999) / 1_000_000 * 1_000_000).secondsText + (isRetry ? "" : " left"))
    }
    if let progress = line.progress { notes.append(progress.printable()) }
    if line.mark == .caught || line.mark == .failed || (line.open > 0 && line.retries > 0), let error = line.error?.error {
      notes.append(error.printable())
    }
    return notes.joined(separator: ", ")
  }

  /// How the execution ended, for the last line of a trace.
  func summary(_ model: TraceModel) -> String {
    guard let end = model.end, let start = model.startedAt else { return "" }
    let span = (end.timestamp.microseconds - start.microseconds).spanText
    let rest = " in \(span), \(model.eventCount) events"
    switch end.kind {
    case .executionSucceeded: return style.green("SUCCEEDED") + rest
    case .executionFailed: return style.boldRed("FAILED") + rest
    case .executionTimedOut: return style.boldRed("TIMED_OUT") + rest
    default: return style.yellow("ABORTED") + rest
    }
  }
}

extension Int64 {
  /// Whole seconds of a span in microseconds, for countdowns.
  var secondsText: String {
    let seconds = self / 1_000_000
    return seconds < 60 ? "\(seconds) s" : spanText
  }
}

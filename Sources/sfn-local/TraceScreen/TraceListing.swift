import ExecutionTraces
import JSONTypes
import StatesInterpreter

/// A trace for pipes: a line for each event.
struct TraceListing {
  let trace: ExecutionTrace
  private let text: EventText
  private let nameWidth: Int

  init(_ trace: ExecutionTrace) {
    self.trace = trace
    text = EventText(trace)
    nameWidth = min(max(8, trace.states.map { $0.name.printable().columns }.max() ?? 0), 40)
  }

  /// `  12    +4.012 s  [1][0] ✗ TaskFailed  ChargeCard  GatewayBusy: try again`
  func line(_ step: Int) -> ScreenLine {
    let event = trace.events[step]
    var line = ScreenLine()
    let id = event.type.isInternal ? "" : String(event.id)
    line.append(id.leftFilled(to: text.idWidth) + " ", .faint)
    line.append(text.offset(step).leftFilled(to: EventText.timeWidth) + "  ", .faint)
    let depth = trace.depth(of: trace.places[step].frame)
    line.append(String(repeating: "  ", count: min(depth, 8)))
    let position = text.position(step)
    if !position.isEmpty { line.append(position + " ", .faint) }
    let mark = text.mark(step)
    line.append(mark.text + " ", mark.ink)
    line.append(event.type.name, event.type.isFailure ? .red : .plain)
    if let state = trace.state(at: step) { line.append("  " + state.name, .bold) }
    let summary = text.summary(step)
    if !summary.text.isEmpty { line.append("  " + summary.text, summary.isError ? .red : .faint) }
    return line
  }

  /// The event as the service has it, with what the trace knows of its place.
  func json(_ step: Int) -> JSONValue {
    guard case .object(var object) = trace.events[step].json else { return .null }
    object["frame"] = .int(Int64(trace.places[step].frame))
    if let visit = trace.visit(at: step) {
      object["state"] = .string(trace.states[visit.state].name)
      object["visit"] = .int(Int64(visit.number))
    }
    let path = trace.pathText(of: trace.places[step].frame)
    if !path.isEmpty { object["path"] = .string(path) }
    return .object(object)
  }

  /// `FAILED in 4.06 s, 27 events`
  func ending(_ style: Style) -> String {
    let events = trace.events.count { !$0.type.isInternal }
    let rest = (trace.hasTimes ? " in \(trace.duration.spanText)" : "") + ", \(events) event\(events == 1 ? "" : "s")"
    switch trace.status {
    case .succeeded: return style.green("SUCCEEDED") + rest
    case .failed: return style.boldRed("FAILED") + rest
    case .timedOut: return style.boldRed("TIMED_OUT") + rest
    case .aborted: return style.yellow("ABORTED") + rest
    case .running, .notStarted: return style.cyan("RUNNING") + rest + " so far"
    }
  }
}

extension String {
  /// Filled with blanks on the left to a number of columns.
  func leftFilled(to width: Int) -> String { String(repeating: " ", count: max(0, width - columns)) + self }
}

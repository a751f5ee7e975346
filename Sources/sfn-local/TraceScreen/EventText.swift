import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage

/// One event in few words, for lists of events.
struct EventText {
  let trace: ExecutionTrace
  /// Columns of the ids and of the times, so that what follows is aligned.
  let idWidth: Int
  private let start: Timestamp

  init(_ trace: ExecutionTrace) {
    self.trace = trace
    idWidth = max(3, String(trace.events.last?.id ?? 0).count)
    start = trace.events.first?.timestamp ?? Timestamp(microseconds: 0)
  }

  static let timeWidth = 11

  /// The time since the first event: `+1.250 s`.
  func offset(_ step: Int) -> String {
    guard trace.events[step].hasTime else { return "" }
    return Self.offset(trace.events[step].timestamp.microseconds - start.microseconds)
  }

  static func offset(_ microseconds: Int64) -> String {
    let sign = microseconds < 0 ? "-" : "+"
    let milliseconds = microseconds.magnitude / 1000
    func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if milliseconds < 60_000 {
      let rest = String(milliseconds % 1000)
      return "\(sign)\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest) s"
    }
    let seconds = milliseconds / 1000
    if seconds < 86_400 { return "\(sign)\(seconds / 3600):\(two(seconds / 60 % 60)):\(two(seconds % 60))" }
    return "\(sign)\(seconds / 86_400) d \(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60))"
  }

  /// `✗`, `✓`, … for events that end something; a blank for the others.
  func mark(_ step: Int) -> (text: String, ink: Ink) {
    let type = trace.events[step].type
    if type.isFailure { return ("✗", .red) }
    switch type.role {
    case .stateExited:
      return trace.visit(at: step)?.outcome == .caught ? ("!", .yellow) : ("✓", .green)
    case .executionSucceeded, .iterationSucceeded, .succeeded, .parallelSucceeded, .mapSucceeded, .mapRunSucceeded: return ("✓", .green)
    case .stateAborted, .iterationAborted: return ("-", .faint)
    case .retryScheduled: return ("↻", .yellow)
    case .stateEntered: return ("→", .cyan)
    default: return (" ", .plain)
    }
  }

  /// The branches and iterations around an event, by their numbers: `[3][0]`.
  func position(_ step: Int) -> String {
    trace.path(to: trace.places[step].frame).map { frame in
      switch trace.frames[frame].role {
      case .machine: ""
      case .branch(let index), .iteration(let index): "[\(index)]"
      }
    }.joined()
  }

  /// What the event tells besides its type and state.
  func summary(_ step: Int) -> (text: String, isError: Bool) {
    let event = trace.events[step]
    if let error = event.error, event.type.isFailure || event.type.role == .retryScheduled {
      let until = event.until.map { ", again at \(Self.offset($0.microseconds - start.microseconds))" } ?? ""
      let words = [error.error, error.cause.map { Self.oneLine($0) }].compactMap { $0 }.filter { !$0.isEmpty }
      return (words.joined(separator: ": ") + until, event.type.isFailure)
    }
    let payload: RecordedPayload? = event.input ?? event.parameters ?? event.result ?? event.output
    var words: [String] = []
    if event.type.role == .scheduled, let resource = event.resource { words.append(resource) }
    if let payload { words.append(Self.short(payload)) }
    if let until = event.until { words.append("until \(Self.offset(until.microseconds - start.microseconds))") }
    let assigned = event.assigned
    if !assigned.isEmpty { words.append(assigned.map { "$\($0.name) = \(Self.short($0.payload, limit: 60))" }.joined(separator: ", ")) }
    if event.type.role == .mapStarted, let length = event.details["length"]?.asInt { words.append(length == 1 ? "1 item" : "\(length) items") }
    if let origin = event.details["from"]?.asString { words.append("from event \(event.details["event"]?.jsonText ?? "?") of \(origin)") }
    if let worker = event.details["workerName"]?.asString { words.append("worker \(worker)") }
    return (words.joined(separator: "  "), false)
  }

  /// The beginning of a value's text.
  static func short(_ payload: RecordedPayload, limit: Int = 400) -> String {
    if payload.isPlainText, let text = payload.value.asString { return oneLine(text.count > limit ? text.prefix(limit) + "…" : text) }
    let text = payload.value.jsonText
    return text.utf8.count > limit ? text.prefix(limit) + "…" : text
  }

  static func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}

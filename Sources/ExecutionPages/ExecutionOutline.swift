public import JSONTypes
public import StateGraphs
import StatesLanguage

/// What an execution did, read from its events: each visit of a state with its begin and end, those of branches and iterations within them.
///
/// The events are those of `GetExecutionHistory`, ours or the service's. They say less than one wants: an aborted state has no name, an end no
/// begin. What belongs together is found along `previousEventId`, and by `frame` where the events have it. A history may be cut off anywhere.
public struct ExecutionOutline: Sendable {
  public struct Span: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
      case visit(state: String, type: String)
      /// A branch of a Parallel state, counted from 0 in the order in which the branches began.
      case branch(Int)
      case iteration(Int)
    }
    public var kind: Kind
    /// The span around it, as its number; nil at the top.
    public var parent: Int?
    /// Positions in `events`.
    public var first: Int
    public var last: Int?
    public var status = StateOutcome.Status.running
    /// How often its work was begun.
    public var attempts = 0
    /// Whether the newest thing that happened to its work is a failure.
    var hasFailed = false
    /// Where the last visit within it ended.
    var lastInner: Int?
    /// Ended by what happened around it, not by an event of its own; it may yet go on when the execution is redriven.
    var isCutOff = false
  }

  /// In the order of their ids; facts without an id of their own stand behind the event whose id they bear.
  public private(set) var events: [JSONValue] = []
  /// For each event the innermost span it is about, or nil.
  public private(set) var spanOfEvent: [Int?] = []
  /// An outer span stands before those within it.
  public private(set) var spans: [Span] = []
  /// Pairs of states that followed one another, as numbers of spans.
  public private(set) var successions: [(from: Int, to: Int)] = []

  private var positions: [Int64: Int] = [:]
  private var spanOfFrame: [Int64: Int] = [:]
  private var iterations: [Iteration: Int] = [:]
  private var branchCounts: [Int: Int] = [:]
  private var open: [Int] = []

  private struct Iteration: Hashable {
    var map: Int
    var index: Int64
  }

  public init(events: [JSONValue]) {
    let sorted = events.enumerated().sorted { ($0.element["id"]?.asInt ?? 0, $0.offset) < ($1.element["id"]?.asInt ?? 0, $1.offset) }
    self.events = sorted.map(\.element)
    spanOfEvent.reserveCapacity(events.count)
    for position in self.events.indices {
      spanOfEvent.append(nil)
      let event = Event(self.events[position])
      read(event, at: position)
      if let id = event.id, !event.isInternal { positions[id] = position }
      if let frame = event.frame, let span = spanOfEvent[position] { spanOfFrame[frame] = span }
    }
  }

  private mutating func read(_ event: Event, at position: Int) {
    let cause = event.isInternal ? event.id.flatMap { positions[$0] } : event.previous.flatMap { positions[$0] }
    let near = cause.flatMap { spanOfEvent[$0] }
    switch event.type {
    case _ where event.type.hasSuffix("StateEntered"): enter(event, near, cause, position)
    case _ where event.type.hasSuffix("StateExited"):
      guard let span = around(near, where: { $0.isVisit(of: event.name) }) ?? open.last(where: { spans[$0].isVisit(of: event.name) }) else { return }
      close(span, spans[span].hasFailed ? .caught : .succeeded, position)
      spanOfEvent[position] = span
    case _ where event.type.hasSuffix("StateAborted"):
      guard let span = aborted(String(event.type.dropLast("StateAborted".count)), event.frame, near) else { return }
      close(span, .aborted, position)
      spanOfEvent[position] = span
    case "MapIterationStarted":
      guard let map = around(near, where: { $0.isVisit(of: event.name) }) else { return }
      iterations[Iteration(map: map, index: event.index)] = spans.count
      begin(.iteration(Int(clamping: event.index)), parent: map, position)
    case "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted":
      guard let map = around(near, where: { $0.isVisit(of: event.name) }), let span = iterations[Iteration(map: map, index: event.index)] else { return }
      if event.type.hasSuffix("Failed") { fail(from: near, to: span, position) }
      close(span, event.type.hasSuffix("Succeeded") ? .succeeded : event.type.hasSuffix("Failed") ? .failed : .aborted, position)
      spanOfEvent[position] = span
    case "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut":
      if event.type == "ExecutionFailed" { fail(from: near, to: nil, position) }
      for span in open { cutOff(span, .aborted, position) }
      open = []
    case "ExecutionStarted", "ExecutionRedriven": break
    default: work(event, near, cause, position)
    }
  }

  // MARK: Kinds of events

  private mutating func enter(_ event: Event, _ near: Int?, _ cause: Int?, _ position: Int) {
    var parent: Int?
    if let near, let cause {
      let type = Event(events[cause]).type
      if type.hasSuffix("StateExited") {
        parent = spans[near].parent
        successions.append((near, spans.count))
      } else if type == "ParallelStateStarted" {
        let number = branchCounts[near, default: 0]
        branchCounts[near] = number + 1
        parent = spans.count
        if let last = successions.last, last.to == spans.count { successions.removeLast() }
        begin(.branch(number), parent: near, position)
      } else {
        parent = spans[near].isVisit ? spans[near].parent : near
      }
    }
    begin(.visit(state: event.name ?? "", type: String(event.type.dropLast("StateEntered".count))), parent: parent, position)
  }

  /// An event about the work of a state: a task scheduled, the branches started, a Map Run failed.
  private mutating func work(_ event: Event, _ near: Int?, _ cause: Int?, _ position: Int) {
    var start = near
    let container = event.type.hasPrefix("ParallelState") ? "Parallel" : event.type.hasPrefix("MapState") || event.type.hasPrefix("MapRun") ? "Map" : nil
    let span: Int?
    if let container {
      // A state that failed together with one within it has its event right behind that one's.
      if let near, let cause, event.isFailure, spans[near].isVisit, Event(events[cause]).type == event.type { start = spans[near].parent }
      span = around(start, where: { $0.type == container && ($0.last == nil || $0.isCutOff) }) ?? open.last { spans[$0].type == container }
    } else if let state = event.details?["state"]?.asString {
      // A failed evaluation names its state, and follows from the event before the state was entered.
      span = around(near, where: { $0.isVisit(of: state) && $0.last == nil }) ?? open.last { spans[$0].isVisit(of: state) }
    } else {
      span = around(start, where: \.isVisit)
    }
    guard let span else { return }
    spanOfEvent[position] = span
    if spans[span].isCutOff { reopen(span) }
    if event.isFailure {
      spans[span].hasFailed = true
      if container != nil { fail(from: near, to: span, position) }
    } else if event.type.hasSuffix("Scheduled") || container != nil && event.type.hasSuffix("StateStarted") {
      if event.isInternal { return }
      spans[span].attempts += 1
      spans[span].hasFailed = false
      branchCounts[span] = 0
    }
  }

  // MARK: Spans

  /// The nearest span, this one or one around it, of which something holds.
  private func around(_ start: Int?, where holds: (Span) -> Bool) -> Int? {
    var span = start
    while let number = span {
      if holds(spans[number]) { return number }
      span = spans[number].parent
    }
    return nil
  }

  private func isWithin(_ inner: Int, _ outer: Int) -> Bool {
    var span = spans[inner].parent
    while let number = span {
      if number == outer { return true }
      // An outer span has the smaller number.
      span = number < outer ? nil : spans[number].parent
    }
    return false
  }

  /// The state that an event without a name has aborted.
  private func aborted(_ type: String, _ frame: Int64?, _ failing: Int?) -> Int? {
    if let frame, let span = spanOfFrame[frame], let visit = around(span, where: \.isVisit), spans[visit].last == nil { return visit }
    var failed: Set<Int> = []
    var span = failing
    while let number = span {
      failed.insert(number)
      span = spans[number].parent
    }
    return open.first { spans[$0].type == type && !failed.contains($0) } ?? open.first { spans[$0].type == type }
  }

  private mutating func begin(_ kind: Span.Kind, parent: Int?, _ position: Int) {
    spans.append(Span(kind: kind, parent: parent, first: position))
    open.append(spans.count - 1)
    spanOfEvent[position] = spans.count - 1
  }

  /// Ends a span, and what is still open within it.
  private mutating func close(_ span: Int, _ status: StateOutcome.Status, _ position: Int) {
    for inner in open where isWithin(inner, span) {
      // A branch has no event of its own; it ended with its last state.
      let isDone = !spans[inner].isVisit && status == .succeeded
      cutOff(inner, isDone ? .succeeded : .aborted, isDone ? spans[inner].lastInner ?? position : position)
    }
    if spans[span].last == nil || spans[span].isCutOff {
      spans[span].last = position
      spans[span].status = status
    }
    spans[span].isCutOff = false
    if let parent = spans[span].parent { spans[parent].lastInner = position }
    open.removeAll { spans[$0].last != nil }
  }

  private mutating func cutOff(_ span: Int, _ status: StateOutcome.Status, _ position: Int) {
    guard spans[span].last == nil else { return }
    spans[span].last = position
    spans[span].status = status
    spans[span].isCutOff = true
  }

  private mutating func reopen(_ span: Int) {
    var span: Int? = span
    while let number = span {
      if spans[number].isCutOff {
        spans[number].isCutOff = false
        spans[number].last = nil
        spans[number].status = .running
        open.append(number)
      }
      span = spans[number].parent
    }
  }

  /// Everything from one span up to another that it has failed.
  private mutating func fail(from start: Int?, to end: Int?, _ position: Int) {
    var span = start
    while let number = span, number != end {
      cutOff(number, .failed, position)
      span = spans[number].parent
    }
    open.removeAll { spans[$0].last != nil }
  }
}

extension ExecutionOutline.Span {
  var isVisit: Bool { if case .visit = kind { true } else { false } }
  /// The type of the state; nil for branches and iterations.
  var type: String? { if case .visit(_, let type) = kind { type } else { nil } }
  var state: String? { if case .visit(let state, _) = kind { state } else { nil } }
  func isVisit(of name: String?) -> Bool { isVisit && state == name }
}

/// The members of an event that the outline reads.
struct Event {
  let json: JSONValue
  let type: String

  init(_ json: JSONValue) {
    self.json = json
    type = json["type"]?.asString ?? ""
  }

  var id: Int64? { json["id"]?.asInt }
  var previous: Int64? { json["previousEventId"]?.asInt }
  var frame: Int64? { json["frame"]?.asInt }
  /// Facts of ours that take no id.
  var isInternal: Bool { Self.internalTypes.contains(type) }
  private static let internalTypes: Set<String> = ["WaitStarted", "RetryScheduled", "DataChanged", "ExecutionResumed", "ExecutionForked"]
  var isFailure: Bool { type.hasSuffix("Failed") || type.hasSuffix("TimedOut") }

  /// The member `…EventDetails`.
  var details: JSONObject? {
    guard let object = json.asObject else { return nil }
    return object.first { $0.key.hasSuffix("EventDetails") }?.value.asObject
  }
  var name: String? { details?["name"]?.asString }
  var index: Int64 { details?["index"]?.asInt ?? 0 }

  /// In microseconds since 1970: RFC 3339, or seconds as some clients print them.
  var time: Int64? {
    switch json["timestamp"] {
    case .string(let text)?: return Timestamp(iso8601: text)?.microseconds
    case let number?:
      guard let seconds = number.asDouble, abs(seconds) < 1e12 else { return nil }
      return Int64((seconds * 1e6).rounded())
    case nil: return nil
    }
  }
}

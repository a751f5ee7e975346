import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage

/// How a recorded event finds its match among ours, and what counts as a difference.
extension Replay {
  var machine: StateMachine { execution.machine }

  /// Which branch or iteration ends last is chance, and with it what these events follow from.
  private static let chance: Set<String> = [
    "ParallelStateSucceeded", "ParallelStateExited", "ParallelStateFailed", "MapStateSucceeded", "MapStateExited", "MapStateFailed",
    "MapIterationStarted",
  ]

  /// The pending event that a recorded one tells of.
  func match(_ event: Recording.Event) -> Int? {
    let type = event.type.asWrittenHere
    func isSame(_ pending: Pending) -> Bool {
      guard pending.event.type(in: machine) == type else { return false }
      if let name = event.stateName, let state = pending.event.state, machine.states[state].name != name { return false }
      if let index = event.details["index"]?.asInt { return pending.event.iteration == Int(index) }
      return true
    }
    let candidates = pending.indices.filter { isSame(pending[$0]) }
    guard let previous = event.previousEventID, let own = ours[previous] else { return candidates.first }
    if let exact = candidates.first(where: { pending[$0].event.previousEventID == own }) { return exact }
    if Self.chance.contains(type) { return candidates.first }
    return nil
  }

  /// Compares a recorded event with its match.
  mutating func compare(_ event: Recording.Event, _ met: Pending) -> ReplayDifference? {
    ours[event.id] = met.event.id
    theirs[met.event.id] = event.id
    let json = met.event.awsJSON(machine: machine, settings: execution.settings)
    let details = Self.details(json)
    var recorded = ComparableEvent(type: event.type, details: event.details)
    var actual = ComparableEvent(type: event.type, details: details)
    // The name in these events is that of the state, which has been compared; the type of an activity's failure was, too.
    if options.input != nil, event.type == "ExecutionStarted" { recorded.members["input"] = nil }
    if case .string(let cause)? = actual.members["cause"] { actual.members["cause"] = .string(withRecordedIDs(cause)) }
    var differences = ComparableEvent.differences(recorded, actual).filter { !agree($0) }
    if differences.isEmpty { return finish(met) }
    let turn = turns[met.turn]
    var isAdopting = false
    differences.removeAll { difference in
      guard let turn, isUnrepeatable(difference.path, of: met.event, in: turn, value: { [machine, execution] in
        .object(ComparableEvent(type: event.type, details: Self.details($0.awsJSON(machine: machine, settings: execution.settings))).members)
      }) else { return false }
      isAdopting = true
      return true
    }
    if isAdopting { adopt(recorded, met.event) }
    guard let first = differences.first else { return finish(met) }
    var found = ReplayDifference(
      kind: Self.kind(first, type: event.type), recorded: event, actual: met.event, actualJSON: json,
      recordedMeaning: meaning(of: event), actualMeaning: meaning(of: met.event), values: differences, state: met.event.state ?? state(named: stateNames[event.id]))
    if found.recordedMeaning == found.actualMeaning {
      found.actualMeaning = "does so with other data"
    }
    return judged(found) ?? finish(met)
  }

  private mutating func finish(_ met: Pending) -> ReplayDifference? {
    if !pending.contains(where: { $0.turn == met.turn }) { turns[met.turn] = nil }
    return nil
  }

  /// Counts a difference, unless it is to be ignored.
  mutating func judged(_ difference: ReplayDifference) -> ReplayDifference? {
    guard options.ignored.contains(difference.kind) else { return difference }
    ignored.append(difference)
    return nil
  }

  private static func kind(_ difference: JSONChange, type: String) -> ReplayDifference.Kind {
    guard case .member(let member)? = difference.path.first else { return .data }
    switch member {
    case "resource", "resourceType": return .resource
    case "error", "cause", "location": return .error
    case "input", "parameters", "timeoutInSeconds", "heartbeatInSeconds": return type.taskPhase == "Scheduled" ? .parameters : .data
    default: return .data
    }
  }

  /// Takes the recorded values over, where they matter for what follows.
  private mutating func adopt(_ recorded: ComparableEvent, _ event: HistoryEvent) {
    adopted += 1
    var changes: [DataChange] = []
    switch event.kind {
    case .stateEntered:
      if let input = recorded.members["input"] { changes.append(.input(Payload(measuring: input))) }
    case .stateExited:
      for (name, value) in recorded.members["assignedVariables"]?.asObject ?? [:] { changes.append(.variable(name, value)) }
    default: break
    }
    for change in changes { history += execution.receive(.change(frame: event.frame, change), at: now, fuel: 0) }
  }

  /// Causes name the event at which a state was entered.
  private func withRecordedIDs(_ cause: String) -> String {
    let marker = "(entered at the event id #"
    let bytes = Array(cause.utf8)
    guard let found = bytes.firstRange(of: Array(marker.utf8)), let end = bytes[found.upperBound...].firstIndex(of: UInt8(ascii: ")")),
      let id = Int(String(decoding: bytes[found.upperBound..<end], as: UTF8.self)), let other = theirs[id]
    else { return cause }
    return String(decoding: bytes[..<found.upperBound], as: UTF8.self) + "\(other)" + String(decoding: bytes[end...], as: UTF8.self)
  }

  static func details(_ json: JSONValue?) -> JSONObject {
    for (key, value) in json?.asObject ?? [:] where key.hasSuffix("EventDetails") { return value.asObject ?? [:] }
    return [:]
  }

  func state(named name: String?) -> Int? { name.flatMap { machine.state(named: $0)?.common.index } }

  // MARK: Differences

  /// A recorded event that does not happen here.
  func missing(_ event: Recording.Event) -> ReplayDifference? {
    let previous = event.previousEventID.flatMap { ours[$0] }
    // What happens here instead: what follows from the same cause, or what a frame at that place does next.
    let instead = pending.first { $0.event.previousEventID == previous } ?? pending.first
    var actualMeaning: String
    if let instead {
      actualMeaning = meaning(of: instead.event)
    } else if execution.isFinished {
      actualMeaning = "has ended: it is \(execution.status.rawValue)"
    } else {
      actualMeaning = waiting
    }
    let isSameType = instead.map { $0.event.type(in: machine) == event.type.asWrittenHere } ?? false
    let isSameState = instead?.event.state.map { machine.states[$0].name } == stateNames[event.id]
    var kind = ReplayDifference.Kind.event
    if isSameType, isSameState, let instead {
      kind = .order
      actualMeaning += ", which follows from event \(instead.event.previousEventID) here"
    }
    var place = instead?.event.state
    // A recorded state that is not the one to go to: the place is where the way was chosen.
    if event.type.hasSuffix("StateEntered") || instead.map({ if case .stateEntered = $0.event.kind { true } else { false } }) ?? false {
      place = event.previousEventID.flatMap { state(named: stateNames[$0]) } ?? place
    }
    return ReplayDifference(
      kind: kind, recorded: event, actual: instead?.event,
      actualJSON: instead?.event.awsJSON(machine: machine, settings: execution.settings), recordedMeaning: meaning(of: event),
      actualMeaning: actualMeaning, values: [], state: place ?? state(named: stateNames[event.id]))
  }

  /// What happens here after the recording's last event.
  mutating func surplus() -> ReplayDifference? {
    let next = pending.first?.event
    // Of a recording that was cut nobody knows how it went on.
    guard recording.isComplete, next != nil || !execution.isFinished else { return nil }
    return ReplayDifference(
      kind: .event, recorded: nil, actual: next, actualJSON: next?.awsJSON(machine: machine, settings: execution.settings),
      recordedMeaning: "ends here", actualMeaning: next.map { meaning(of: $0) } ?? waiting, values: [], state: next?.state)
  }

  /// The lengths of a recorded wait and of ours, when they are not the same.
  func timing(_ event: Recording.Event, _ cause: Cause) -> ReplayDifference? {
    guard case .signal(.timerFired(let id)) = cause, let frame = execution.frame(ofEffect: id), frame >= 0, let view = execution.frameView(frame),
      case .timer(let until)? = execution.openEffects[id], let end = event.timestamp,
      let start = history.last(where: { $0.id == id && $0.opensTimer })?.timestamp
    else { return nil }
    if let work = machine.states[view.state].work, work.retry.contains(where: { $0.jitterStrategy == .full }) { return nil }
    let recorded = end.microseconds - start.microseconds
    let actual = max(0, until.microseconds - start.microseconds)
    guard abs(recorded - actual) > max(2_000_000, max(recorded, actual) / 20) else { return nil }
    let what = machine.states[view.state].type == .wait ? "waited" : "tried again after"
    return ReplayDifference(
      kind: .timing, recorded: event, actual: nil, actualJSON: nil, recordedMeaning: "\(what) \(Self.seconds(recorded)) in \(quoted(view.state))",
      actualMeaning: "\(what == "waited" ? "waits" : "tries again after") \(Self.seconds(actual))", values: [], state: view.state)
  }

  private static func seconds(_ microseconds: Int64) -> String {
    let tenths = (microseconds + 50_000) / 100_000
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }
}

extension HistoryEvent {
  var opensTimer: Bool {
    switch kind {
    case .waitStarted, .retryScheduled: true
    default: false
    }
  }

  /// The iteration that the event is about.
  var iteration: Int? {
    switch kind {
    case .mapIterationStarted(_, let index), .mapIterationSucceeded(_, let index), .mapIterationFailed(_, let index), .mapIterationAborted(_, let index): index
    default: nil
    }
  }
}

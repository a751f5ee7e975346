import JSONPath
import JSONTypes
import StatesInterpreter
import StatesLanguage

/// What the world must have said for a recorded event to happen.
extension Replay {
  /// - Parameter isFirst: nothing was done for the event yet; only then is a frame chosen that is not where the event's cause has happened.
  func cause(of event: Recording.Event, isFirst: Bool) -> Cause? {
    switch event.type {
    case "ExecutionStarted":
      guard execution.status == .notStarted else { return nil }
      return .signal(.start(options.input ?? event.details["input"].map(ComparableEvent.payload) ?? .emptyObject))
    case "ExecutionRedriven": return .signal(.redrive)
    case "ExecutionAborted": return .signal(.stop(ErrorOutput(event.details)))
    case "ExecutionTimedOut":
      return execution.openEffects.keys.sorted().first { execution.frame(ofEffect: $0) == -1 }.map { .signal(.timerFired($0)) }
    case "MapRunSucceeded":
      return effect(of: event, openedBy: "MapRunStarted").map { .signal(.mapRunSucceeded($0, mapRunResult(event, effect: $0))) }
    case "MapRunFailed": return effect(of: event, openedBy: "MapRunStarted").map { .signal(.mapRunFailed($0, ErrorOutput(event.details))) }
    default: break
    }
    if let signal = taskSignal(event) { return .signal(signal) }
    if let frame = frame(for: event, isFirst: isFirst) {
      if frame.isReady { return .run(frame: frame.number) }
      if let effect = frame.effect, case .timer? = execution.openEffects[effect] { return .signal(.timerFired(effect)) }
    }
    return nil
  }

  /// What has become of a task.
  private func taskSignal(_ event: Recording.Event) -> Signal? {
    guard let phase = event.type.taskPhase, phase != "Scheduled" else { return nil }
    guard let id = effect(of: event, openedBy: "Scheduled"), case .task(let call)? = execution.openEffects[id] else { return nil }
    let output = event.details["output"].map(ComparableEvent.payload) ?? .null
    switch phase {
    // Of other tasks than activities the start is no news of the world.
    case "Started": return event.type == "ActivityStarted" ? .taskStarted(id, worker: event.details["workerName"]?.asString) : nil
    case "Submitted": return .taskSubmitted(id, output)
    case "Succeeded": return .taskSucceeded(id, output)
    case "Failed", "ScheduleFailed", "StartFailed", "SubmitFailed": return .taskFailed(id, ErrorOutput(event.details))
    case "TimedOut":
      var isHeartbeat = call.heartbeatSeconds != nil
      if isHeartbeat, let limit = call.timeoutSeconds, let end = event.timestamp, let start = history.first(where: { $0.id == id && !$0.kind.isInternal })?.timestamp {
        isHeartbeat = end.microseconds - start.microseconds < Int64(limit) * 1_000_000
      }
      return .taskTimedOut(id, isHeartbeat: isHeartbeat)
    default: return nil
    }
  }

  /// The open effect that a recorded event is an answer to: that of the event at the beginning of its chain of causes.
  private func effect(of event: Recording.Event, openedBy suffix: String) -> EventID? {
    var id = event.previousEventID ?? event.id - 1
    while id > 0, recording.events.indices.contains(id - 1) {
      let earlier = recording.events[id - 1]
      if earlier.type.hasSuffix(suffix) { return ours[id].flatMap { execution.openEffects[$0] == nil ? nil : $0 } }
      if earlier.type.hasSuffix("StateEntered") { return nil }
      let next = earlier.previousEventID ?? id - 1
      if next >= id { return nil }
      id = next
    }
    return nil
  }

  /// The result of a Map Run is in no history: it is what the state's output tells of it.
  private func mapRunResult(_ event: Recording.Event, effect: EventID) -> JSONValue {
    guard case .mapRun(let call)? = execution.openEffects[effect], case .map(let state) = execution.machine.states[call.state] else { return .null }
    let exit = recording.events[event.id...].first { $0.type == "MapStateExited" && $0.stateName == state.common.name }
    guard let output = exit?.details["output"].map(ComparableEvent.payload) else { return .array([]) }
    if case .path(let path) = state.work.resultPath { return (try? path.value(in: output)) ?? output }
    return output
  }

  /// The frame that can make an event happen: where its cause has happened, or where its state waits.
  private func frame(for event: Recording.Event, isFirst: Bool) -> Execution.FrameView? {
    let frames = execution.activeFrames.filter { frame in
      frame.isReady || frame.effect.map { if case .timer? = execution.openEffects[$0] { true } else { false } } ?? false
    }
    if let previous = event.previousEventID, let own = ours[previous] {
      if let frame = frames.first(where: { $0.lastEvent == own }) { return frame }
      if let frame = frames.first(where: { $0.enteredAfter == own && execution.machine.states[$0.state].name == event.stateName }) { return frame }
    }
    guard isFirst else { return nil }
    let name = event.stateName ?? stateNames[event.id]
    if let frame = frames.first(where: { execution.machine.states[$0.state].name == name }) {
      // Something else must be meant by an event that names no state.
      if event.stateName != nil || event.previousEventID.flatMap({ ours[$0] }) == nil { return frame }
    }
    if event.endsExecution { return frames.first }
    return frames.first { event.type.hasPrefix(execution.machine.states[$0.state].type.rawValue + "State") && event.stateName == nil }
  }
}

extension ErrorOutput {
  /// `error` and `cause` of an event.
  init(_ details: JSONObject) {
    func text(_ value: JSONValue?) -> String? { value.flatMap { $0.isNull ? nil : $0.asString ?? $0.jsonText } }
    self.init(error: text(details["error"]), cause: text(details["cause"]))
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage

/// What events mean, in words that go on after "the recording" or "this definition".
extension Replay {
  func meaning(of event: Recording.Event) -> String {
    let type = event.type
    let name = (event.stateName ?? stateNames[event.id]).map { "\"\($0)\"" } ?? "a state"
    let error = ErrorOutput(event.details)
    return meaning(type: type, state: name, index: event.details["index"]?.asInt.map { Int($0) }, error: error, resource: event.details["resource"]?.asString)
  }

  func meaning(of event: HistoryEvent) -> String {
    var error = ErrorOutput(error: nil, cause: nil)
    switch event.kind {
    case .executionFailed(let own), .executionAborted(let own), .executionTimedOut(let own), .taskFailed(_, let own), .taskTimedOut(_, let own),
      .evaluationFailed(_, _, let own), .mapRunFailed(_, let own):
      error = own
    default: break
    }
    let details = Self.details(event.awsJSON(machine: machine, settings: execution.settings))
    return meaning(
      type: event.type(in: machine), state: event.state.map(quoted) ?? "a state", index: event.iteration, error: error, resource: details["resource"]?.asString)
  }

  func quoted(_ state: Int) -> String { "\"\(machine.states[state].name)\"" }

  private func meaning(type: String, state: String, index: Int?, error: ErrorOutput, resource: String?) -> String {
    let fails = error.error.map { " with \($0)" } ?? ""
    if let phase = type.taskPhase {
      switch phase {
      case "Scheduled": return "calls \(resource ?? "its resource") in \(state)"
      case "Started": return "starts the task of \(state)"
      case "Submitted": return "has the task of \(state) submitted"
      case "Succeeded": return "has the task of \(state) succeed"
      case "TimedOut": return "has the task of \(state) time out"
      default: return "has the task of \(state) fail\(fails)"
      }
    }
    switch type {
    case "ExecutionStarted": return "starts"
    case "ExecutionSucceeded": return "succeeds"
    case "ExecutionFailed": return "fails\(fails.isEmpty ? " without an error's name" : fails)"
    case "ExecutionAborted": return "is stopped"
    case "ExecutionTimedOut": return "takes longer than its TimeoutSeconds"
    case "ExecutionRedriven": return "is redriven"
    case "EvaluationFailed": return "cannot evaluate an expression of \(state)"
    case "MapRunStarted": return "starts the Map Run of \(state)"
    case "MapRunSucceeded": return "has the Map Run of \(state) succeed"
    case "MapRunFailed": return "has the Map Run of \(state) fail\(fails)"
    default: break
    }
    if type.hasPrefix("MapIteration") {
      return "has iteration \(index.map { "\($0)" } ?? "?") of \(state) \(["Started": "start", "Succeeded": "succeed", "Failed": "fail"][String(type.dropFirst(12))] ?? "cut short")"
    }
    if type.hasSuffix("StateEntered") { return "goes on to the state \(state)" }
    if type.hasSuffix("StateExited") { return "leaves the state \(state)" }
    if type.hasSuffix("StateAborted") { return "cuts short a \(type.dropLast("StateAborted".count)) state" }
    if type.hasSuffix("StateStarted") { return "starts the \(type == "MapStateStarted" ? "iterations" : "branches") of \(state)" }
    if type.hasSuffix("StateSucceeded") { return "ends all \(type == "MapStateSucceeded" ? "iterations" : "branches") of \(state)" }
    if type.hasSuffix("StateFailed") { return "fails in \(state)" }
    return "has the event \(type)"
  }

  /// What an execution that does nothing waits for.
  var waiting: String {
    for frame in execution.activeFrames {
      guard let id = frame.effect, let effect = execution.openEffects[id] else { continue }
      switch effect {
      case .task(let call): return "waits for the task of \(quoted(frame.state)), which calls \(call.resource): the recording has no answer to it"
      case .mapRun: return "waits for the Map Run of \(quoted(frame.state))"
      case .timer(let until): return "waits in \(quoted(frame.state)) until \(until.iso8601)"
      }
    }
    for frame in execution.activeFrames where frame.isReady { return "is at the state \(quoted(frame.state))" }
    return "has nothing to do"
  }
}

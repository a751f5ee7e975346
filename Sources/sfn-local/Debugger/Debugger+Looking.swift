import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// What the debugger shows.
extension Debugger {
  /// Characters of a value on one line.
  static let shortValue = 100

  func short(_ value: JSONValue) -> String { value.jsonText.cut(to: Self.shortValue) }
  func quoted(_ state: Int) -> String { "\"\(machine.states[state].name)\"" }

  private func place(_ state: Int) -> String { source.place(machine.states[state].common.range) }

  func showStop() {
    switch stop {
    case .notStarted: say("not started; run starts it, start stops at its first state")
    case .state(let number, let breakpoint):
      guard let view = moment.execution.frameView(number) else { return }
      say("\(mark(breakpoint))at \(quoted(view.state)), \(machine.states[view.state].type.rawValue), \(place(view.state))\(around(view))")
      say("  input \(short(view.input))")
    case .task(let effect):
      switch moment.execution.openEffects[effect] {
      case .task(let call):
        let view = frame
        say("task at hand in \"\(call.stateName)\"\(view.map(around) ?? ""): \(call.resource)\(call.retryCount > 0 ? ", retry \(call.retryCount)" : "")")
        say("  parameters \(short(call.input))")
      case .mapRun(let call): say("Map Run at hand in \(quoted(call.state))")
      case .timer, nil: say("the task is no longer open")
      }
    case .answered(let signal, let breakpoint): say(mark(breakpoint) + answerText(signal))
    case .failed(let error, let state, let breakpoint):
      say("\(mark(breakpoint))\(state.map { quoted($0) + " " } ?? "")failed with \(error.error ?? "an error without a name")")
      if let cause = error.cause { say("  cause \(cause.cut(to: 300))") }
      if moment.execution.isFinished { showEnd() } else { whereabouts() }
    case .ended: showEnd()
    case .interrupted:
      say("interrupted; the clock stands still")
      whereabouts()
    case .stuck: say(waitingText)
    }
  }

  private func mark(_ breakpoint: Int?) -> String { breakpoint.map { "breakpoint \($0): " } ?? "" }

  private func showEnd() {
    let execution = moment.execution
    let span = ((execution.stoppedAt ?? moment.now).microseconds - execution.startedAt.microseconds).spanText
    say("\(execution.status.rawValue) in \(span), \(execution.lastEventID) events")
    if let output = execution.output { say("  output \(short(output))") }
    if let error = execution.error {
      say("  error \(error.error ?? "without a name")")
      if let cause = error.cause { say("  cause \(cause.cut(to: 300))") }
    }
  }

  private func answerText(_ signal: Signal) -> String {
    let name = signal.answeredEffect.flatMap { moment.execution.frame(ofEffect: $0) }.flatMap { moment.execution.frameView($0) }.map { quoted($0.state) } ?? "the task"
    switch signal {
    case .taskSucceeded(_, let value), .mapRunSucceeded(_, let value): return "\(name) has the result \(short(value))"
    case .taskFailed(_, let error), .mapRunFailed(_, let error):
      return "\(name) has failed with \(error.error ?? "an error without a name")" + (error.cause.map { ": \($0.cut(to: 300))" } ?? "")
    case .taskTimedOut(_, let isHeartbeat): return "\(name) has \(isHeartbeat ? "sent no heartbeat" : "timed out")"
    case .taskSubmitted(_, let value): return "\(name) is submitted: \(short(value))"
    case .taskStarted: return "\(name) was taken by a worker"
    case .timerFired: return "\(name) has waited long enough"
    case .start, .redrive, .resume, .stop, .change, .proceed: return "something has come"
    }
  }

  var waitingText: String {
    let open = moment.execution.openEffects.keys.sorted()
    if open.isEmpty { return "nothing is open" }
    return "waits: " + open.compactMap { effectText($0) }.joined(separator: "; ")
  }

  private func effectText(_ id: EventID) -> String? {
    let frame = moment.execution.frame(ofEffect: id) ?? 0
    if frame < 0 { return nil }
    let name = moment.execution.frameView(frame).map { quoted($0.state) } ?? "a state"
    let standing = moment.held.contains(id) ? "at hand" : "under way"
    switch moment.execution.openEffects[id] {
    case .task(let call): return "task \(id) of \(name), \(moment.arrived.contains { $0.answeredEffect == id } ? "answered" : standing): \(call.resource)"
    case .mapRun: return "Map Run \(id) of \(name), \(standing)"
    case .timer(let until): return "\(name) until \(until.iso8601)"
    case nil: return nil
    }
  }

  /// `, branch 1 of "Both"`, from the inside to the outside.
  private func around(_ view: Execution.FrameView) -> String {
    var text = ""
    var current = view
    while current.parent >= 0, let above = moment.execution.frameView(current.parent) {
      let kind = machine.states[above.state].type == .map ? "iteration" : "branch"
      text += ", \(kind) \(current.index) of \(quoted(above.state))"
      current = above
    }
    return text
  }

  /// One line on what has happened, while the user steps.
  func progress(_ fact: HistoryEvent) -> String? {
    switch fact.kind {
    case .stateExited(let state, let output, let assigned, _):
      let variables = (assigned ?? [:]).map { "; $\($0.key) = \(short($0.value))" }.joined()
      return "  \(quoted(state)) put out \(short(output.value))\(variables)"
    case .taskSubmitted(let state, let output): return "  \(quoted(state)) is submitted: \(short(output.value))"
    case .taskFailed(let state, let error), .mapRunFailed(let state, let error), .evaluationFailed(let state, _, let error):
      return "  \(quoted(state)) failed with \(error.error ?? "an error without a name")" + (error.cause.map { ": \($0.cut(to: 300))" } ?? "")
    case .taskTimedOut(let state, _): return "  \(quoted(state)) timed out"
    case .retryScheduled(let retrier, let until, _): return "  tried again at \(until.iso8601), by Retry[\(retrier)]"
    case .waitStarted(let until): return "  waits until \(until.iso8601)"
    case .stateAborted(let state): return "  \(quoted(state)) was cut short"
    default: return nil
    }
  }

  // MARK: Commands

  func whereabouts() {
    guard let view = frame else { return say(moment.execution.status == .notStarted ? "not started" : "nowhere: \(moment.execution.status.rawValue)") }
    var current = view
    var depth = 0
    while true {
      let state = machine.states[current.state]
      let which = current.parent >= 0 ? (moment.execution.frameView(current.parent).map { machine.states[$0.state].type == .map ? ", iteration \(current.index)" : ", branch \(current.index)" } ?? "") : ""
      say("#\(depth) \(quoted(current.state)), \(state.type.rawValue), \(place(current.state))\(which)")
      guard current.parent >= 0, let above = moment.execution.frameView(current.parent) else { return }
      current = above
      depth += 1
    }
  }

  /// The lines of the state in the file, as far as the next state's.
  func list() {
    guard let view = frame else { return say("no state is at hand") }
    let first = machine.states[view.state].common.range.lowerBound.line
    let next = machine.states.map(\.common.range.lowerBound.line).filter { $0 > first }.min() ?? source.lineCount + 1
    let last = min(next - 1, first + 23, source.lineCount)
    guard first >= 1, first <= last else { return say("\(place(view.state)) is not in this file") }
    for number in first...last {
      let margin = String(repeating: " ", count: max(0, 5 - "\(number)".count)) + "\(number)"
      say("\(number == first ? "->" : "  ")\(margin) | \(source.line(number) ?? "")")
    }
  }

  func info(_ what: String) {
    switch what {
    case "break", "b", "breakpoints":
      if breakpoints.all.isEmpty { say("no breakpoints") }
      for breakpoint in breakpoints.all { say("\(text(breakpoint))\(breakpoint.hits > 0 ? ", hit \(breakpoint.hits) time\(breakpoint.hits == 1 ? "" : "s")" : "")") }
    case "variables", "v":
      let variables = frame?.variables ?? [:]
      if variables.isEmpty { say("no variables") }
      for (name, value) in variables.sorted(by: { $0.key < $1.key }) { say("$\(name) = \(short(value))") }
    case "frames", "f":
      let frames = moment.execution.activeFrames
      if frames.isEmpty { say("no frames") }
      for view in frames {
        let standing = view.isReady ? "to run" : view.hasChildren ? "waits for what is below" : view.effect.map { "waits: \(effectText($0) ?? "")" } ?? ""
        say("\(view.number == frame?.number ? "*" : " ") \(view.number) \(quoted(view.state))\(around(view)), \(standing)")
      }
    case "tasks", "t":
      let lines = moment.execution.openEffects.keys.sorted().compactMap { effectText($0) }
      say(lines.isEmpty ? "nothing is open" : lines.joined(separator: "\n"))
    default: say("info break, info variables, info frames or info tasks")
    }
  }

  func text(_ breakpoint: Breakpoint) -> String {
    let once = breakpoint.isTemporary ? ", once" : ""
    switch breakpoint.place {
    case .state(let state, let condition): return "breakpoint \(breakpoint.number) at \(quoted(state)), \(place(state))\(condition.map { " if \($0)" } ?? "")\(once)"
    case .error(let name): return "breakpoint \(breakpoint.number) on \(name ?? "any error")\(once)"
    }
  }

  func showHistory(_ count: Int) {
    if history.isEmpty { say("no events") }
    for event in history.suffix(count) {
      let name = event.state.map { "  " + quoted($0) } ?? ""
      var detail = ""
      switch event.kind {
      case .stateEntered(_, let value), .stateExited(_, let value, _, _), .taskSucceeded(_, let value), .taskSubmitted(_, let value),
        .executionStarted(let value), .executionSucceeded(let value):
        detail = short(value.value)
      case .taskScheduled(_, let schedule): detail = short(schedule.parameters.value)
      case .taskFailed(_, let error), .taskTimedOut(_, let error), .executionFailed(let error), .executionAborted(let error), .executionTimedOut(let error),
        .evaluationFailed(_, _, let error), .mapRunFailed(_, let error):
        detail = error.error ?? ""
      case .dataChanged(let change): detail = "\(change.part) \(short(change.value))"
      case .waitStarted(let until), .retryScheduled(_, let until, _): detail = "until \(until.iso8601)"
      default: break
      }
      say("\(event.kind.isInternal ? "-" : "\(event.id)")  \(event.type(in: machine))\(name)\(detail.isEmpty ? "" : "  " + detail)")
    }
  }

  // MARK: Values

  func show(_ what: String?) {
    guard let view = frame else {
      if what == nil || what == "output", let output = moment.execution.output { return say(output.prettyText) }
      if moment.execution.status == .notStarted, what == nil || what == "input" { return say(input.prettyText) }
      return say("no state is at hand")
    }
    let value: JSONValue?
    switch what {
    case nil: value = result ?? parameters ?? view.input
    case "input": value = view.input
    case "parameters": value = parameters
    case "result": value = result ?? lastFact(of: view) { if case .taskSucceeded(_, let value) = $0 { value.value } else { nil } }
    case "output": value = lastFact(of: view) { if case .stateExited(_, let value, _, _) = $0 { value.value } else { nil } }
    case "variables": value = .object(JSONObject(view.variables.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    case "context": value = moment.execution.contextObject(ofFrame: view.number)
    case .some(let expression):
      switch evaluate(expression, in: view) {
      case .value(let value): return say(value.prettyText)
      case .undefined: return say("no value")
      case .failure(let code, let message): return say("\(code): \(message)")
      }
    }
    say(value?.prettyText ?? "there is no \(what ?? "value") here")
  }

  /// What has come for the state at hand, or was set.
  private var result: JSONValue? {
    guard case .answered(let signal, _) = stop else { return nil }
    switch signal {
    case .taskSucceeded(_, let value), .mapRunSucceeded(_, let value): return value
    case .taskFailed(_, let error), .mapRunFailed(_, let error):
      return ["Error": .string(error.error ?? ""), "Cause": .string(error.cause ?? "")]
    default: return nil
    }
  }

  private var parameters: JSONValue? {
    guard let effect = frame?.effect, case .task(let call)? = moment.execution.openEffects[effect] else { return nil }
    return call.input
  }

  private func lastFact(of view: Execution.FrameView, _ value: (HistoryEvent.Kind) -> JSONValue?) -> JSONValue? {
    for event in history.reversed() where event.frame == view.number { if let value = value(event.kind) { return value } }
    return nil
  }

  /// An expression as the state would read it.
  func evaluate(_ text: String, in view: Execution.FrameView) -> ExpressionEvaluator.Answer {
    let isJSONata = ExpressionEvaluator.Language(of: text) == .jsonata || machine.states[view.state].common.queryLanguage == .jsonata
    let context = moment.execution.contextObject(ofFrame: view.number)
    var evaluator = ExpressionEvaluator(input: isJSONata ? nil : view.input, context: context, variables: view.variables)
    evaluator.now = moment.now
    if isJSONata {
      var states: JSONObject = ["input": view.input, "context": context]
      if let result { states["result"] = result }
      evaluator.variables["states"] = .object(states)
    }
    return evaluator.evaluate(text, as: isJSONata ? .jsonata : ExpressionEvaluator.Language(of: text))
  }

  /// Whether a breakpoint's condition holds; one that cannot tell stops as well, and says why.
  func holds(_ condition: String, _ breakpoint: Breakpoint, in view: Execution.FrameView) -> Bool {
    switch evaluate(condition, in: view) {
    case .value(.bool(let holds)): return holds
    case .value(let other): say("the condition of breakpoint \(breakpoint.number) gives \(short(other)), not true or false")
    case .undefined: return false
    case .failure(let code, let message): say("the condition of breakpoint \(breakpoint.number) fails: \(code): \(message)")
    }
    return true
  }
}

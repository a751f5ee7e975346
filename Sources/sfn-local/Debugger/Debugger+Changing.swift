import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// Answering by hand, changing data, going back.
extension Debugger {
  /// The task that commands are about: at hand, under way or answered.
  private var taskAtHand: EventID? {
    guard let frame, let effect = frame.effect else { return nil }
    if case .task? = moment.execution.openEffects[effect] { return effect }
    return nil
  }

  /// Schedules the task of a Task state that is to run, so that it is at hand.
  private mutating func schedule() async -> EventID? {
    if let effect = taskAtHand { return effect }
    guard let frame, frame.isReady, case .task = machine.states[frame.state] else {
      say("no task is at hand" + (self.frame.map { ": the state is \"\(machine.states[$0.state].name)\", a \(machine.states[$0.state].type.rawValue)" } ?? ""))
      return nil
    }
    take(await execution.run(frame: frame.number))
    guard let effect = moment.execution.frameView(frame.number)?.effect, case .task? = moment.execution.openEffects[effect] else {
      // The state has failed before it asked for anything.
      stopped(moment.execution.isFinished ? .ended : moment.execution.nextReadyFrame.map { .state($0, breakpoint: nil) } ?? .stuck)
      return nil
    }
    stop = .task(effect)
    return effect
  }

  /// Drops what was remembered for a command that has done nothing.
  private mutating func forgetIfNothingChanged() {
    if let last = undos.last, last.moment.factCount == moment.factCount { undos.removeLast() }
  }

  mutating func answer(_ signal: (EventID) -> Signal) async {
    if moment.execution.isFinished || moment.execution.status == .notStarted { return say("no task is at hand") }
    remember()
    guard let effect = await schedule() else { return forgetIfNothingChanged() }
    let wasCalled = !moment.held.contains(effect)
    if wasCalled, case .answered = stop {} else if wasCalled { say("the task was called; its own answer will not count") }
    take(await execution.tell(signal(effect)), isShown: true)
    if moment.execution.isFinished { return stopped(.ended) }
    if let entered = moment.execution.activeFrames.first(where: { frame in frame.isReady && moment.facts.contains { $0.id == frame.enteredEvent } }) {
      return stopped(.state(entered.number, breakpoint: nil))
    }
    if let ready = moment.execution.nextReadyFrame { return stopped(.state(ready, breakpoint: nil)) }
    if let held = moment.held.first { return stopped(.task(held)) }
    stop = .stuck
    say(waitingText)
  }

  /// Calls the task at hand, and stops at its answer.
  mutating func call() async {
    if moment.execution.isFinished || moment.execution.status == .notStarted { return say("no task is at hand") }
    remember()
    var effect = await mapRunAtHand
    if effect == nil { effect = await schedule() }
    guard let effect else { return forgetIfNothingChanged() }
    guard moment.held.contains(effect) else {
      undos.removeLast()
      return say("the task was called before; step waits for its answer")
    }
    interrupts.begin()
    defer { interrupts.end() }
    await begin(effect)
    while !interrupts.isSet {
      if let signal = moment.arrived.first(where: { $0.answeredEffect == effect }) {
        switch signal {
        case .taskStarted, .taskSubmitted: take(await execution.tell(signal), isShown: true)
        default: return stopped(.answered(signal, breakpoint: nil))
        }
      } else if let other = moment.arrived.first {
        take(await execution.tell(other), isShown: true)
        if moment.execution.openEffects[effect] == nil {
          return stopped(moment.execution.isFinished ? .ended : moment.execution.nextReadyFrame.map { .state($0, breakpoint: nil) } ?? .stuck)
        }
      } else {
        take(await execution.wait())
      }
    }
    stopped(.interrupted)
  }

  private var mapRunAtHand: EventID? {
    get async {
      guard let effect = frame?.effect, case .mapRun? = moment.execution.openEffects[effect] else { return nil }
      return effect
    }
  }

  mutating func change(_ part: DebuggerCommand.Part, _ name: String?, _ value: JSONValue) async {
    guard let frame, moment.execution.status == .running else { return say("there is nothing to set: no state is at hand") }
    let state = machine.states[frame.state]
    let payload = Payload(measuring: value)
    let change: DataChange
    switch part {
    case .input: change = .input(payload)
    case .output: change = .output(payload)
    case .result: change = .result(payload)
    case .variable: change = .variable(name ?? "", value)
    }
    remember()
    take(await execution.tell(.change(frame: frame.number, change)))
    guard moment.facts.contains(where: { if case .dataChanged = $0.kind { true } else { false } }) else {
      undos.removeLast()
      let why = part == .result ? "its work has no result; set output says what it puts out" : "it puts nothing out"
      return say("\"\(state.name)\" is a \(state.type.rawValue) state: \(why)")
    }
    switch part {
    case .input: say("\"\(state.name)\" has the input \(short(value))")
    case .output: say("\"\(state.name)\" will put out \(short(value))")
    case .result: say("\"\(state.name)\" will have the result \(short(value))")
    case .variable: say("$\(name ?? "") = \(short(value))")
    }
    if part == .input, frame.effect != nil { say("the task at hand keeps its parameters, which were made from the input before") }
  }

  /// Returns to before the last commands that went on or changed something.
  mutating func back(_ count: Int) async {
    guard !undos.isEmpty else { return say("there is nothing to go back to") }
    if count > undos.count { say("only \(undos.count) commands can be taken back") }
    let undo = undos[max(0, undos.count - count)]
    undos.removeLast(min(count, undos.count))
    let made = calls[undo.callCount...]
    take(await execution.back(to: undo.moment))
    history.removeLast(max(0, history.count - undo.moment.factCount))
    // Ids of events are used again.
    stoppedAt = stoppedAt.filter { $0 <= moment.execution.lastEventID }
    if !made.isEmpty {
      say("what was done outside cannot be undone: \(made.prefix(5).joined(separator: ", "))\(made.count > 5 ? ", and \(made.count - 5) more" : "")")
    }
    // Calls that were under way then are cancelled, and their tasks at hand again.
    if case .answered(let signal, _) = undo.stop, !moment.arrived.contains(signal), let effect = signal.answeredEffect {
      stop = .task(effect)
    } else {
      stop = undo.stop
    }
    showStop()
  }
}

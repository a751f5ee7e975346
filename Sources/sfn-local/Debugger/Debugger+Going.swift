import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// How the debugger goes on: turn by turn, until there is a reason to stop.
extension Debugger {
  /// Leads the execution until it is to stop.
  mutating func go(_ goal: Goal, remembering: Bool = true) async {
    if moment.execution.isFinished {
      say("the execution has ended; back returns, run starts it anew")
      return
    }
    if remembering { remember() }
    interrupts.begin()
    defer { interrupts.end() }
    if case .task(let effect) = stop, moment.held.contains(effect) {
      // The user was asked about this one, and goes on.
      if isManual, moment.execution.nextReadyFrame == nil, moment.arrived.isEmpty {
        undos.removeLast()
        say("with --manual-tasks, no task is called by itself: answer JSON, fail ERROR, or call")
        return
      }
      if !isManual { await begin(effect) }
    }
    while true {
      if interrupts.isSet { return stopped(.interrupted) }
      if let stop = await advance(goal) { return stopped(stop) }
    }
  }

  /// One turn.
  private mutating func advance(_ goal: Goal) async -> Stop? {
    var isStep = false
    if case .step = goal { isStep = true }
    if let signal = moment.arrived.first {
      if let stop = answerStop(signal) { return stop }
      take(await execution.tell(signal), isShown: isStep)
    } else if let ready = isStep ? preferredFrame : moment.execution.nextReadyFrame {
      if let stop = breakpointStop(before: ready) { return stop }
      take(await execution.run(frame: ready), isShown: isStep)
    } else if let effect = moment.held.first {
      if isManual { return .task(effect) }
      await begin(effect)
    } else if moment.canWait {
      take(await execution.wait(), isShown: isStep)
      return moment.arrived.first.flatMap { answerStop($0) }
    } else {
      return .stuck
    }
    return stopAfterTurn(goal)
  }

  private mutating func stopAfterTurn(_ goal: Goal) -> Stop? {
    for fact in moment.facts {
      guard !moment.execution.isFinished, let error = fact.ownFailure, let breakpoint = breakpoints.forError(error.error) else { continue }
      breakpoints.hit(breakpoint.number)
      return .failed(error, state: fact.state, breakpoint: breakpoint.number)
    }
    if moment.execution.isFinished { return .ended }
    switch goal {
    case .step:
      if let opened = moment.held.first(where: { id in moment.facts.contains { $0.id == id } }) { return .task(opened) }
      return preferredFrame.map { .state($0, breakpoint: nil) }
    case .next(let frame, let entered):
      if let view = moment.execution.frameView(frame) {
        return view.isReady && view.enteredEvent != entered ? .state(frame, breakpoint: nil) : nil
      }
      return moment.execution.nextReadyFrame.map { .state($0, breakpoint: nil) }
    case .end: return nil
    }
  }

  /// A breakpoint on the state that is to run next, unless it has stopped for this entry before.
  private mutating func breakpointStop(before frame: Int) -> Stop? {
    guard let view = moment.execution.frameView(frame), !stoppedAt.contains(view.enteredEvent) else { return nil }
    for (breakpoint, condition) in breakpoints.forState(view.state) {
      if let condition, !holds(condition, breakpoint, in: view) { continue }
      breakpoints.hit(breakpoint.number)
      return .state(frame, breakpoint: breakpoint.number)
    }
    // A Fail state fails as soon as it runs; there is something to change before.
    if case .fail(let state) = machine.states[view.state], let breakpoint = breakpoints.forError(failing: state.error) {
      breakpoints.hit(breakpoint.number)
      return .state(frame, breakpoint: breakpoint.number)
    }
    return nil
  }

  /// A failure that has arrived, and has a breakpoint.
  private mutating func answerStop(_ signal: Signal) -> Stop? {
    if case .answered(let earlier, _) = stop, earlier == signal { return nil }
    guard let error = signal.failure, let breakpoint = breakpoints.forError(error.error) else { return nil }
    breakpoints.hit(breakpoint.number)
    return .answered(signal, breakpoint: breakpoint.number)
  }

  /// The frame to go on with when the user watches: the one at hand, one below it, or the one that has waited longest.
  private var preferredFrame: Int? {
    let frames = moment.execution.activeFrames
    if let own = frame, own.isReady { return own.number }
    if let own = frame, let below = frames.first(where: { $0.isReady && $0.parent == own.number }) { return below.number }
    return moment.execution.nextReadyFrame
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage

/// How the engine's loop lets an execution be led from outside.
extension EngineLoop {
  enum ControlCommand: Sendable {
    case make(Execution, (@Sendable (ExecutionUpdate) -> Void)?)
    case look
    case run(frame: Int)
    case tell(Signal)
    case begin(EventID)
    case wait
    case interrupt
    case back(ExecutionMoment)
    case end(ErrorOutput)
  }

  /// What is known of a run that somebody leads.
  struct Control {
    /// Open tasks and Map Runs that nobody has begun.
    var held: Set<EventID> = []
    var arrived: [Signal] = []
    /// Who waits for something to arrive.
    var waiter: (@Sendable (ExecutionMoment?) -> Void)?
    var toldFacts = 0
  }

  /// Whether a new effect waits for its leader; it is held then.
  mutating func holds(_ effect: EventID, of number: Int) -> Bool {
    guard runs[number]?.control != nil else { return false }
    runs[number]?.control?.held.insert(effect)
    return true
  }

  /// The world has said something to an execution that is led.
  mutating func arrive(_ signal: Signal, at number: Int) {
    if case .proceed = signal { return }
    if let effect = signal.effect, runs[number]?.execution.openEffects[effect] == nil { return }
    runs[number]?.control?.arrived.append(signal)
    reply(to: number)
  }

  mutating func control(_ id: Int, _ command: ControlCommand, _ reply: @escaping @Sendable (ExecutionMoment?) -> Void) {
    if case .make(let execution, let observer) = command {
      runs[id] = Run(execution: execution, observer: observer, control: Control())
      led[id] = id
      clock.stop()
      return reply(moment(of: id))
    }
    guard let number = led[id], runs[number]?.control != nil else { return reply(nil) }
    switch command {
    case .make, .look: break
    case .run(let frame):
      keep(runs[number]!.execution.runState(ofFrame: frame, at: clock.now), of: number)
      settle()
    case .tell(let signal):
      if let index = runs[number]!.control!.arrived.firstIndex(of: signal) { runs[number]!.control!.arrived.remove(at: index) }
      keep(runs[number]!.execution.receive(signal, at: clock.now, fuel: 0), of: number)
      settle()
    case .begin(let effect):
      guard runs[number]!.control!.held.remove(effect) != nil else { break }
      switch runs[number]!.execution.openEffects[effect] {
      case .task(let call): begin(call, of: number)
      case .mapRun(let call): beginMapRun(call, of: number)
      case .timer, nil: break
      }
    case .wait:
      forgetAnswered(number)
      guard let moment = moment(of: number), moment.arrived.isEmpty, moment.canWait else { break }
      runs[number]!.control!.waiter = reply
      clock.goOn()
      return
    case .interrupt: self.reply(to: number)
    case .back(let earlier):
      goBack(number, to: earlier, id: id)
      return reply(moment(of: led[id] ?? number))
    case .end(let error):
      if runs[number]!.execution.status == .running {
        keep(runs[number]!.execution.receive(.stop(error), at: clock.now, fuel: 0), of: number)
        settle()
      }
      let run = runs[number]!
      let last = moment(of: number, result: ExecutionResult(execution: run.execution, history: run.history, mapRuns: run.endedMapRuns))
      led[id] = nil
      finish(number)
      clock.goOn()
      return reply(last)
    }
    forgetAnswered(number)
    reply(moment(of: number))
  }

  /// Whoever waits is told; time stands still again.
  private mutating func reply(to number: Int) {
    guard let waiter = runs[number]?.control?.waiter else { return }
    runs[number]?.control?.waiter = nil
    clock.stop()
    waiter(moment(of: number))
  }

  /// What closes an effect makes other answers to it meaningless.
  private mutating func forgetAnswered(_ number: Int) {
    guard let open = runs[number]?.execution.openEffects else { return }
    runs[number]?.control?.held.formIntersection(open.keys)
    runs[number]?.control?.arrived.removeAll { signal in signal.effect.map { open[$0] == nil } ?? false }
  }

  private mutating func moment(of number: Int, result: ExecutionResult? = nil) -> ExecutionMoment? {
    guard let run = runs[number], let control = run.control else { return nil }
    runs[number]?.control?.toldFacts = run.history.count
    return ExecutionMoment(
      execution: run.execution, factCount: run.history.count, facts: Array(run.history[min(control.toldFacts, run.history.count)...]), now: clock.now,
      mapRunCount: run.endedMapRuns.count, arrived: control.arrived, held: control.held.sorted(), result: result)
  }

  /// The run gets a new number, so that answers to what was taken back reach nobody.
  private mutating func goBack(_ number: Int, to earlier: ExecutionMoment, id: Int) {
    guard let old = runs.removeValue(forKey: number) else { return }
    for action in old.actions.values { action.cancel() }
    for token in old.tokens.values { tokens.close(token) }
    for child in old.nested.values { stopNested(child, of: old.execution) }
    for mapRun in old.mapRuns.values { abort(mapRun, of: number) }
    let new = inbox.nextNumber()
    let history = Array(old.history.prefix(earlier.factCount))
    // What is called again is called anew: a service that knows the calls of the other course must not take these for them.
    var settings = earlier.execution.settings
    settings.incarnation = old.execution.settings.incarnation + "'"
    let execution = Execution(of: earlier.execution.machine, subMachine: earlier.execution.subMachine, settings: settings, replaying: history)
    var run = Run(execution: execution, history: history, observer: old.observer, control: Control())
    run.settled = earlier.factCount
    run.control?.toldFacts = earlier.factCount
    run.control?.arrived = earlier.arrived
    run.endedMapRuns = Array(old.endedMapRuns.prefix(earlier.mapRunCount))
    _ = run.execution.takeEffectChanges()
    runs[new] = run
    led[id] = new
    clock.stop(at: earlier.now)
    for id in execution.openEffects.keys.sorted() {
      guard let effect = execution.openEffects[id] else { continue }
      switch effect {
      case .timer(let until): set(until, run: new, effect: id, kind: .timer)
      case .task(let call):
        watch(call, of: new)
        runs[new]?.control?.held.insert(id)
      case .mapRun: runs[new]?.control?.held.insert(id)
      }
    }
    forgetAnswered(new)
  }
}

extension Signal {
  /// The effect that the signal answers.
  var effect: EventID? {
    switch self {
    case .taskStarted(let id, _), .taskSubmitted(let id, _), .taskSucceeded(let id, _), .taskFailed(let id, _), .taskTimedOut(let id, _),
      .timerFired(let id), .mapRunSucceeded(let id, _), .mapRunFailed(let id, _):
      id
    case .start, .redrive, .resume, .stop, .change, .proceed: nil
    }
  }
}

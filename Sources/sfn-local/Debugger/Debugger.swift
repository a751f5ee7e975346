import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization

/// A live execution under the control of commands.
///
/// It leads the execution one turn at a time (`ControlledExecution`), and decides after each whether to stop.
struct Debugger {
  /// Where it has stopped, and why.
  enum Stop {
    /// Before the state of this frame runs.
    case state(Int, breakpoint: Int?)
    /// The task or Map Run of this effect is scheduled, and not called.
    case task(EventID)
    /// The world's answer has come, and the execution does not know it yet.
    case answered(Signal, breakpoint: Int?)
    /// Something has failed, and a breakpoint is set on it.
    case failed(ErrorOutput, state: Int?, breakpoint: Int)
    case ended
    case interrupted
    /// Only tasks at hand can go on.
    case stuck
    case notStarted
  }

  /// How far a command goes.
  enum Goal {
    case step
    /// Until the frame has left the state that it entered by this event.
    case next(frame: Int, entered: EventID)
    case end
  }

  /// What `back` returns to.
  struct Undo {
    var moment: ExecutionMoment
    var stop: Stop
    var callCount: Int
  }
  /// Moments that are kept for `back`.
  static let mostUndos = 10_000

  let execution: ControlledExecution
  let machine: StateMachine
  let input: JSONValue
  let source: DiagnosticText
  let style: Style
  /// Every task waits for the user.
  let isManual: Bool
  let interrupts: DebuggerInterrupts
  var moment: ExecutionMoment
  var history: [HistoryEvent] = []
  var stop = Stop.notStarted
  var undos: [Undo] = []
  /// Calls that were made, in words.
  var calls: [String] = []
  var breakpoints = Breakpoints()
  /// The entries at which it has stopped before their states ran.
  var stoppedAt: Set<EventID> = []
  var lastCommand: DebuggerCommand?

  /// The frame that commands are about.
  var frame: Execution.FrameView? {
    switch stop {
    case .state(let number, _): return moment.execution.frameView(number)
    case .task(let effect): return moment.execution.frame(ofEffect: effect).flatMap { moment.execution.frameView($0) }
    case .answered(let signal, _): return signal.answeredEffect.flatMap { moment.execution.frame(ofEffect: $0) }.flatMap { moment.execution.frameView($0) }
    case .failed, .ended, .interrupted, .stuck, .notStarted: return moment.execution.activeFrames.first { $0.isReady } ?? moment.execution.activeFrames.last
    }
  }

  // MARK: Commands

  /// - Returns: false when the session is over.
  mutating func perform(_ line: String) async -> Bool {
    let command: DebuggerCommand
    if Words.trimmed(line).isEmpty {
      guard let last = lastCommand, last.isRepeatable else { return true }
      command = last
    } else {
      do throws(DebuggerCommand.Problem) { command = try DebuggerCommand(line) } catch {
        say(error.message)
        return true
      }
    }
    lastCommand = command
    switch command {
    case .run: await start(stopsAtFirst: false)
    case .start: await start(stopsAtFirst: true)
    case .step: if await begun() { await go(.step) }
    case .next:
      guard await begun() else { break }
      guard let frame else { return true }
      await go(.next(frame: frame.number, entered: frame.enteredEvent))
    case .out:
      guard await begun(), let frame else { break }
      guard frame.parent >= 0, let above = moment.execution.frameView(frame.parent) else {
        await go(.end)
        break
      }
      await go(.next(frame: above.number, entered: above.enteredEvent))
    case .continue:
      if moment.execution.status == .notStarted { await start(stopsAtFirst: false) } else { await go(.end) }
    case .until(let name):
      guard let state = state(named: name) else { break }
      _ = breakpoints.add(.state(state, condition: nil), isTemporary: true)
      if moment.execution.status == .notStarted { await start(stopsAtFirst: false) } else { await go(.end) }
    case .back(let count): await back(count)
    case .breakAt(let name, let condition, let isTemporary):
      guard let state = state(named: name) else { break }
      let breakpoint = breakpoints.add(.state(state, condition: condition), isTemporary: isTemporary)
      say("\(text(breakpoint))")
    case .breakOnError(let name, let isTemporary): say(text(breakpoints.add(.error(name), isTemporary: isTemporary)))
    case .delete(let number):
      if !breakpoints.remove(number) { say(number.map { "there is no breakpoint \($0)" } ?? "there are no breakpoints") }
    case .info(let what): info(what)
    case .whereabouts: whereabouts()
    case .list: list()
    case .print(let what): show(what)
    case .set(let part, let name, let value): await change(part, name, value)
    case .answer(let value): await answer { .taskSucceeded($0, value) }
    case .fail(let error, let cause): await answer { .taskFailed($0, ErrorOutput(error: error, cause: cause)) }
    case .call: await call()
    case .history(let count): showHistory(count)
    case .help: Terminal.writeError(DebuggerCommand.helpText)
    case .quit: return false
    }
    return true
  }

  private mutating func start(stopsAtFirst: Bool) async {
    if moment.execution.status == .running {
      say("the execution runs; continue goes on, back \(undos.count) returns to its start")
      return
    }
    if moment.execution.isFinished, let first = undos.first {
      take(await execution.back(to: first.moment))
      history = []
      undos = []
    }
    remember()
    take(await execution.tell(.start(input)))
    if moment.execution.isFinished { return stopped(.ended) }
    if stopsAtFirst {
      stopped(moment.execution.nextReadyFrame.map { .state($0, breakpoint: nil) } ?? .stuck)
    } else {
      await go(.end, remembering: false)
    }
  }

  /// Starts an execution that has not started, and stops there.
  /// - Returns: whether there is something to go on with.
  private mutating func begun() async -> Bool {
    if moment.execution.status == .notStarted {
      await start(stopsAtFirst: true)
      return false
    }
    if moment.execution.isFinished {
      say("the execution has ended; back returns, run starts it anew")
      return false
    }
    return true
  }

  /// Lets a task be called.
  mutating func begin(_ effect: EventID) async {
    switch moment.execution.openEffects[effect] {
    case .task(let call): calls.append("the call of \(call.resource) in \"\(call.stateName)\"")
    case .mapRun(let call): calls.append("the Map Run of \"\(machine.states[call.state].name)\"")
    case .timer, nil: break
    }
    take(await execution.begin(effect))
  }

  mutating func take(_ moment: ExecutionMoment, isShown: Bool = false) {
    self.moment = moment
    history += moment.facts
    if isShown { for fact in moment.facts { if let line = progress(fact) { say(line) } } }
  }

  mutating func remember() {
    if undos.count == Self.mostUndos { undos.removeFirst(Self.mostUndos / 10) }
    undos.append(Undo(moment: moment, stop: stop, callCount: calls.count))
  }

  mutating func stopped(_ stop: Stop) {
    self.stop = stop
    if case .state = stop, let frame { stoppedAt.insert(frame.enteredEvent) }
    showStop()
  }

  func say(_ text: String) { Terminal.writeError(text.printable(keepingLines: true) + "\n") }

  func state(named name: String) -> Int? {
    if let state = machine.state(named: name) { return state.common.index }
    say("there is no state \"\(name)\"; states: \(machine.states.map { "\"\($0.name)\"" }.prefix(40).joined(separator: ", "))")
    return nil
  }
}

/// Ctrl-C, between the signal's handler and the debugger.
final class DebuggerInterrupts: Sendable {
  private let flag = Atomic<Bool>(false)
  private let going = Atomic<Bool>(false)
  /// Somebody wants the execution to stop.
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
  /// The execution goes on, until `end`.
  var isGoing: Bool { going.load(ordering: .relaxed) }
  func begin() {
    flag.store(false, ordering: .relaxed)
    going.store(true, ordering: .relaxed)
  }
  func clear() { flag.store(false, ordering: .relaxed) }
  func end() { going.store(false, ordering: .relaxed) }
}

extension Signal {
  var answeredEffect: EventID? {
    switch self {
    case .taskStarted(let id, _), .taskSubmitted(let id, _), .taskSucceeded(let id, _), .taskFailed(let id, _), .taskTimedOut(let id, _),
      .timerFired(let id), .mapRunSucceeded(let id, _), .mapRunFailed(let id, _):
      id
    case .start, .redrive, .resume, .stop, .change, .proceed: nil
    }
  }

  var failure: ErrorOutput? {
    switch self {
    case .taskFailed(_, let error), .mapRunFailed(_, let error): error
    case .taskTimedOut: ErrorOutput(error: ErrorName.timeout.rawValue, cause: nil)
    default: nil
    }
  }
}

extension HistoryEvent {
  /// A failure that the execution itself has found; those of tasks stop before they are told.
  var ownFailure: ErrorOutput? {
    switch kind {
    case .evaluationFailed(_, _, let error): error
    default: nil
    }
  }
}

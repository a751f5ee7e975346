public import StatesInterpreter
public import StatesLanguage

/// An execution that somebody leads, one state at a time: a debugger's end of the engine.
///
/// Nothing happens by itself. States run, tasks are called and the world's answers are told to the execution only when asked for, and the
/// engine's clock stands still but during `wait`. What is under way outside goes on meanwhile; its answers wait in `ExecutionMoment.arrived`.
///
/// ```swift
/// let execution = engine.control(machine, settings: settings)
/// var moment = await execution.tell(.start(input))
/// while let frame = moment.execution.nextReadyFrame { moment = await execution.run(frame: frame) }
/// ```
public struct ControlledExecution: Sendable {
  let id: Int
  let engine: Engine
  let inbox: Inbox

  /// How it stands.
  public func look() async -> ExecutionMoment { await perform(.look) }

  /// Runs the state that a frame has entered, and no other. Tasks that it schedules are held.
  public func run(frame: Int) async -> ExecutionMoment { await perform(.run(frame: frame)) }

  /// Tells the execution what the world says; no state runs yet. One that has arrived is taken from those that wait.
  public func tell(_ signal: Signal) async -> ExecutionMoment { await perform(.tell(signal)) }

  /// Lets a held task be called, or a held Map Run begin.
  public func begin(_ effect: EventID) async -> ExecutionMoment { await perform(.begin(effect)) }

  /// Lets time pass until something arrives, or until `interrupt`. Returns at once when nothing can come.
  public func wait() async -> ExecutionMoment { await perform(.wait) }

  /// Ends a `wait`.
  public func interrupt() { inbox.send(.control(id, .interrupt, reply: { _ in })) }

  /// Takes the execution and its clock back to an earlier moment. Calls under way are cancelled; tasks that are open again are held.
  public func back(to moment: ExecutionMoment) async -> ExecutionMoment { await perform(.back(moment)) }

  /// Lets go of the execution: stops it when it runs, and gives its result.
  public func end(_ error: ErrorOutput) async -> ExecutionResult? {
    let last = await perform(.end(error))
    return last.result
  }

  private func perform(_ command: EngineLoop.ControlCommand) async -> ExecutionMoment {
    let moment: ExecutionMoment? = await withCheckedContinuation { continuation in
      let isOpen = inbox.send(.control(id, command, reply: { continuation.resume(returning: $0) }))
      if !isOpen { continuation.resume(returning: nil) }
    }
    guard let moment else { preconditionFailure("the engine has ended while one of its executions was led") }
    return moment
  }
}

/// How a controlled execution stands between two of its turns.
public struct ExecutionMoment: Sendable {
  public let execution: Execution
  /// The facts of the history so far.
  public let factCount: Int
  /// The facts that are new since the command before.
  public let facts: [HistoryEvent]
  public let now: Timestamp
  let mapRunCount: Int
  /// What the world has said, and the execution was not told yet.
  public let arrived: [Signal]
  /// Open tasks and Map Runs that nobody has begun, in the order of their events.
  public let held: [EventID]
  /// After the end only.
  let result: ExecutionResult?

  /// Whether a `wait` can bring something: a timer is set, or a task was called.
  public var canWait: Bool { execution.openEffects.keys.contains { !held.contains($0) } }
}

extension Engine {
  /// Makes an execution that the caller leads. It has not started: `tell(.start(input))` starts it.
  ///
  /// The engine's clock stands still from here on; an engine leads one execution at a time. Executions that this one starts run by themselves.
  /// - Parameter observer: as of `start`; what was taken back is not taken back from it.
  public func control(
    _ machine: StateMachine, settings: ExecutionSettings = .random(), observer: (@Sendable (ExecutionUpdate) -> Void)? = nil
  ) -> ControlledExecution {
    let number = inbox.nextNumber()
    inbox.send(.control(number, .make(Execution(of: machine, settings: settings), observer), reply: { _ in }))
    return ControlledExecution(id: number, engine: self, inbox: inbox)
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// A debugger's session, from its first prompt to the exit code.
struct DebugSession {
  let prepared: PreparedExecution
  let isManual: Bool
  let output: Session.Output

  /// - Returns: the exit code.
  func run(_ commands: DebuggerInput) async -> Int32 {
    var commands = commands
    let session = prepared.session(output: output)
    Terminal.writeError(session.heading)
    let engine = Engine(actions: prepared.actions, clock: prepared.clock, startingAt: prepared.startTime)
    let endpoint = await session.startTaskEndpoint(engine)
    let execution = engine.control(prepared.machine, settings: prepared.settings)
    let interrupts = DebuggerInterrupts()
    let services = prepared.services
    services.notes.show { Terminal.writeError($0 + "\n") }
    // Once stops what goes on; twice leaves.
    let handlers = onInterrupt { _ in
      if interrupts.isSet {
        services.abandon()
        leave(130)
      }
      interrupts.set()
      execution.interrupt()
      Terminal.writeError(interrupts.isGoing ? "\n" : "\nquit ends the session; Ctrl-C once more ends it at once\n" + DebuggerInput.prompt)
    }
    var debugger = Debugger(
      execution: execution, machine: prepared.machine, input: prepared.input, source: prepared.source, style: prepared.style, isManual: isManual,
      interrupts: interrupts, moment: await execution.look())
    var isOver = false
    while !isOver {
      guard let line = await commands.next() else { break }
      interrupts.clear()
      isOver = await debugger.perform(line) == false
    }
    if debugger.moment.execution.status == .running { Terminal.writeError("the execution is stopped where it stands\n") }
    let result = await execution.end(ErrorOutput(error: "Stopped", cause: "The debugger was left."))
    await endpoint?.stop()
    services.programs.withdraw()
    let status = debugger.moment.execution.status
    await services.close(prepared.settings.executionArn, isEnded: status == .succeeded || status == .failed)
    withExtendedLifetime((engine, handlers)) {}
    guard let result, result.status != .notStarted else { return 0 }
    if output == .events {
      for event in result.history { Terminal.writeOutput(event.traceJSON(machine: prepared.machine, settings: prepared.settings).jsonText + "\n") }
    }
    var model = TraceModel(machine: prepared.machine)
    for event in result.history { _ = model.add(event) }
    return session.report(result, failure: model.failedState.map { ($0, model.owners(of: $0)) })
  }
}

extension PreparedExecution {
  func session(output: Session.Output) -> Session {
    Session(
      machine: machine, settings: settings, input: input, actions: actions, services: services, source: source, style: style, clock: clock,
      startTime: startTime, output: output, mockedStates: mockedStates)
  }
}

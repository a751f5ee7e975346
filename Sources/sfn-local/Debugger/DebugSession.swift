import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// A debugger's session, from its first prompt to the exit code.
struct DebugSession {
  let session: Session
  let isManual: Bool

  /// - Returns: the exit code.
  func run(_ commands: DebuggerInput, input: JSONValue) async -> Int32 {
    var commands = commands
    let (machine, settings, services) = (session.run.main.machine, session.settings, session.run.services)
    Terminal.writeError(session.heading)
    let engine = Engine(actions: session.run.actions, clock: session.clock, startingAt: session.startTime)
    let endpoint = await session.startTaskEndpoint(engine)
    let execution = engine.control(machine, settings: settings)
    let interrupts = DebuggerInterrupts()
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
      execution: execution, machine: machine, input: input, source: session.run.main.loaded.source, style: session.run.style, isManual: isManual,
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
    await services.close(settings.executionArn, isEnded: status == .succeeded || status == .failed)
    withExtendedLifetime((engine, handlers)) {}
    guard let result, result.status != .notStarted else { return 0 }
    if session.output == .events {
      for event in result.history { Terminal.writeOutput(event.traceJSON(machine: machine, settings: settings).jsonText + "\n") }
    }
    var model = TraceModel(machine: machine)
    for event in result.history { _ = model.add(event) }
    return session.report(result, failure: model.failedState.map { ($0, model.owners(of: $0)) })
  }
}

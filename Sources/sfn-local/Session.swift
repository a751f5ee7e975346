import DurableStore
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import StepFunctionsAPI
import Synchronization

/// One execution at the command line: shown while it runs, stopped by Ctrl-C, printed at its end.
struct Session {
  enum Output: Sendable { case result, events, awsHistory }

  enum Beginning {
    case new(ExecutionSettings, input: JSONValue)
    /// The program that ran it has ended before it.
    case resumed(StoredHistory)
    /// It has failed, and goes on at the states that it did not leave.
    case redriven(StoredHistory)
    /// It begins with a part of another execution's history, which is its own by now.
    case forked(StoredHistory)

    /// Whether tasks may have been submitted by an earlier program.
    var hasPast: Bool {
      switch self {
      case .resumed, .redriven: true
      case .new, .forked: false
      }
    }
  }

  let run: PreparedRun
  let begin: Beginning
  /// What keeps the execution; nil when nothing does.
  let store: ExecutionStore?
  let clock: EngineClock
  let startTime: Timestamp
  let output: Output

  private var machine: StateMachine { run.main.machine }
  private var services: RunServices { run.services }
  private var source: DiagnosticText { run.main.loaded.source }
  private var style: Style { run.style }

  var settings: ExecutionSettings {
    switch begin {
    case .new(let settings, _): settings
    case .resumed(let stored), .redriven(let stored), .forked(let stored): stored.execution.settings
    }
  }

  /// - Returns: the exit code.
  func run() async throws -> Int32 {
    for startable in [run.main] + run.others { store?.register(startable) }
    let isLive = Terminal.errorIsTerminal && style.isColoured && clock != .virtual
    let view = TraceView(machine: machine, style: style, mode: isLive ? .live : .plain, clock: presentTime())
    Terminal.writeError(heading)
    if let past = past { view.recall(past) }
    let engine = Engine(actions: run.actions, store: store, clock: clock, startingAt: startTime)
    let endpoint = await startTaskEndpoint(engine)
    let (machine, settings, output, services, mockedStates) = (machine, settings, output, services, run.mockedStates)
    services.notes.show { view.note($0) }
    let isNobodyOutside = endpoint == nil
    let warnsOfPolling = clock == .virtual && services.usesRedshift(machine)
    let hasWarned = Mutex(false)
    let hasEnded = Mutex(false)
    if begin.hasPast, clock == .real, Timestamp.now < startTime.advanced(bySeconds: 60) { services.resume(at: startTime) }
    if endpoint != nil { for (state, token) in openTokens { view.note("\(state.printable()) waits for the token \(token)") } }
    let execution = try await start(in: engine) { update in
      if case .facts(let facts) = update, facts.contains(where: \.endsExecution) { hasEnded.withLock { $0 = true } }
      view.update(update)
      if !isNobodyOutside, case .facts(let facts) = update {
        for case .taskScheduled(let state, let schedule) in facts.map(\.kind) where schedule.taskToken != nil {
          if mockedStates.contains(machine.states[state].name) { continue }
          view.note("\(machine.states[state].name.printable()) waits for the token \(schedule.taskToken ?? "")")
        }
      }
      if warnsOfPolling, case .facts(let facts) = update, facts.contains(where: \.endsTaskWell), services.hasStatements(settings.executionArn) {
        let isFirst = hasWarned.withLock { hasWarned in
          defer { hasWarned = true }
          return !hasWarned
        }
        if isFirst {
          services.notes.tell(
            "with --clock virtual, waits take no time, so a loop that polls a database runs many more turns; --clock x10 keeps some")
        }
      }
      if output == .events, case .facts(let facts) = update {
        var lines = ""
        for fact in facts { lines += fact.traceJSON(machine: machine, settings: settings).jsonText + "\n" }
        Terminal.writeOutput(lines)
      }
    }
    let interrupts = onInterrupt { [services, store] count in
      if count > 1 {
        services.abandon()
        leave(130)
      }
      guard !hasEnded.withLock(\.self) else {
        return view.note("the execution has ended; what it has started goes on. Once more ends at once\(store == nil ? "" : ", and sfn-local resume goes on with it")")
      }
      view.note("stopping the execution; once more ends at once")
      execution.stop(error: "Interrupted", cause: "The execution was interrupted at the command line.")
    }
    let ticker = Task.detached {
      while !Task.isCancelled {
        do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
        view.tick()
      }
    }
    let result = await execution.result()
    ticker.cancel()
    // Executions that were started and not waited for go on to their own end.
    await engine.idle()
    await endpoint?.stop()
    services.programs.withdraw()
    // Who resumes the execution waits for its statements.
    if result.interruption != nil { services.runningStatements.leaveRunning() }
    await services.close(settings.executionArn, isEnded: result.status != .aborted && result.status != .timedOut)
    withExtendedLifetime((engine, interrupts)) {}
    if let store {
      // What is too old is removed in passing. That it cannot be, is no failure of this execution.
      do throws(HistoryStoreError) { try store.prune(now: .now) } catch { view.note("note: old executions could not be removed: \(error.message)") }
      store.close()
    }
    return report(result, failure: view.failure)
  }

  private var past: [HistoryEvent]? {
    switch begin {
    case .new: nil
    case .resumed(let stored), .redriven(let stored), .forked(let stored): stored.history
    }
  }

  /// Tasks that waited for their tokens when the program ended: who answers them may know neither.
  private var openTokens: [(state: String, token: String)] {
    guard case .resumed(let stored) = begin else { return [] }
    return stored.execution.openEffects.sorted { $0.key < $1.key }.compactMap { _, effect in
      guard case .task(let call) = effect, let token = call.taskToken, !run.mockedStates.contains(call.stateName) else { return nil }
      return (call.stateName, token)
    }
  }

  private func start(in engine: Engine, observer: @escaping @Sendable (ExecutionUpdate) -> Void) async throws -> RunningExecution {
    switch begin {
    case .new(let settings, let input): return engine.start(machine, input: input, settings: settings, observer: observer)
    case .resumed(let stored), .forked(let stored): return engine.resume(stored, observer: observer)
    case .redriven(let stored):
      do throws(NotRedrivable) {
        return try await engine.redrive(
          ExecutionResult(execution: stored.execution, history: stored.history, key: stored.key), observer: observer)
      } catch {
        throw CommandProblem("\(settings.name): \(error.message)", exitCode: 1)
      }
    }
  }

  /// Where tokens and activities are answered, when the machine has such tasks.
  func startTaskEndpoint(_ engine: Engine) async -> TaskEndpoint? {
    let waits = machine.states.contains { state in
      guard case .task(let task) = state else { return false }
      return task.resource.kind == .activity || task.resource.pattern == .waitForTaskToken
    }
    guard waits, clock != .virtual else { return nil }
    do throws(TaskEndpoint.StartError) {
      let endpoint = try await TaskEndpoint.start(for: engine)
      services.programs.announce(endpoint.url)
      Terminal.writeError(style.faint("Tokens and activities: \(endpoint.url), or sfn-local task succeed TOKEN --output JSON") + "\n")
      return endpoint
    } catch {
      Terminal.writeError("\(style.yellow("warning")): tokens cannot be answered from outside: \(error.message)\n")
      return nil
    }
  }

  var heading: String {
    let kind = settings.type == .express ? " (EXPRESS)" : ""
    let place = services.usesRedshift(machine) ? style.faint(services.redshiftPlace) + "\n" : ""
    var words = ""
    switch begin {
    case .new: break
    case .resumed(let stored): words = "  resumed after \(stored.execution.lastEventID) events"
    case .redriven(let stored): words = "  redriven after \(stored.execution.lastEventID) events"
    case .forked(let stored): words = "  goes on from event \(stored.execution.lastEventID)"
    }
    return style.bold(settings.stateMachineName.printable()) + kind + style.faint("  \(settings.name.printable())\(words)") + "\n" + place
  }

  /// The present of the engine's clock, for countdowns.
  private func presentTime() -> @Sendable () -> Timestamp? {
    let (clock, origin, start) = (clock, startTime, ContinuousClock.now)
    return {
      let rate: Double
      switch clock {
      case .virtual: return nil
      case .real: rate = 1
      case .scaled(let factor): rate = factor
      }
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      return Timestamp(microseconds: origin.microseconds + Int64((Double(seconds) * 1e6 + Double(attoseconds) / 1e12) * rate))
    }
  }

  func report(_ result: ExecutionResult, failure: (state: Int, around: [Int])?) -> Int32 {
    if output == .awsHistory { Terminal.writeOutput(result.awsHistory.prettyText + "\n") }
    if let interruption = result.interruption {
      Terminal.writeError(
        "\(style.boldRed("error")): the execution went no further: \(interruption.message.printable(keepingLines: true))\n"
          + (result.key == nil
            ? "Nothing of it was kept, and nothing was done: once that is mended, start it again, or run it with --no-store\n"
            : "It stands after event \(result.execution.lastEventID). Once that is mended, go on with: sfn-local resume \(settings.shortID)\n"))
      return 4
    }
    switch result.status {
    case .succeeded:
      if output == .result, let value = result.output { Terminal.writeOutput(value.prettyText + "\n") }
      return 0
    case .failed:
      Terminal.writeError(text(of: result.error, failure) + hint)
      return 1
    case .timedOut:
      Terminal.writeError("\(style.boldRed("error")): the execution took longer than its TimeoutSeconds\n" + hint)
      return 3
    case .aborted, .running, .notStarted:
      Terminal.writeError(hint)
      return result.error?.error == "Interrupted" ? 130 : 3
    }
  }

  /// What can be done with an execution that did not succeed.
  private var hint: String {
    guard store != nil else { return "" }
    let id = settings.shortID
    let redrive = settings.type == .standard ? "; to go on at the failed state: sfn-local redrive \(id)" : ""
    return style.faint("to look into it: sfn-local trace \(id)\(redrive)") + "\n"
  }

  /// The error, its place in the file, and the cause made readable.
  private func text(of error: ErrorOutput?, _ failure: (state: Int, around: [Int])?) -> String {
    func named(_ state: Int) -> String {
      let common = machine.states[state].common
      return "\"\(common.name.printable())\" (\(source.place(common.range)))"
    }
    var text = style.boldRed("error") + ": " + style.bold((error?.error ?? "the execution failed").printable())
    if let failure {
      text += " in the state \(named(failure.state))"
      if !failure.around.isEmpty { text += ", which failed \(failure.around.map(named).joined(separator: " and "))" }
    }
    text += "\n"
    if let cause = error?.cause, !cause.isEmpty { text += indent(CauseText.readable(cause)) }
    return text
  }

  private func indent(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + String($0).printable() }.joined(separator: "\n") + "\n"
  }
}

extension HistoryEvent {
  fileprivate var endsExecution: Bool {
    switch kind {
    case .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut: true
    default: false
    }
  }

  fileprivate var endsTaskWell: Bool { if case .taskSucceeded = kind { true } else { false } }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage

/// The one owner of an engine's executions: reads the inbox, fires what is due, starts and cancels actions.
struct EngineLoop {
  /// States that one execution may run before another has its turn.
  static let fuel = 1000

  struct Run {
    var execution: Execution
    var history: [HistoryEvent] = []
    /// How many facts have been kept and shown.
    var settled = 0
    /// The execution's key in the store.
    var key: Int64?
    /// Whether another program has begun it: what its effects have started may be in the store.
    var isResumed = false
    /// The task or Map Run of another execution that has started this one.
    var parent: ExecutionBirth.Parent?
    var observer: (@Sendable (ExecutionUpdate) -> Void)?
    var result: ResultBox?
    /// The actions at work, by the event that asked for them.
    var actions: [EventID: Task<Void, Never>] = [:]
    /// The tokens that tasks wait for, by the event that asked for them.
    var tokens: [EventID: String] = [:]
    /// Executions that tasks wait for.
    var nested: [EventID: Int] = [:]
    /// The task of another execution that waits for this one.
    var waitedFor: (run: Int, effect: EventID, pattern: NestedPattern)?
    /// When each task with a heartbeat was last heard of.
    var heardAt: [EventID: Timestamp] = [:]
    /// The Map Runs that states wait for.
    var mapRuns: [EventID: MapRun] = [:]
    var endedMapRuns: [MapRunSummary] = []
    /// The Map Run whose child this is.
    var mapRun: MapRunKey?
    /// Who is told of the end of this child, and of children below it.
    var descendantObserver: (@Sendable (ExecutionUpdate) -> Void)?
    /// Somebody leads the execution, one state at a time.
    var control: Control?
  }

  let inbox: Inbox
  let actions: ActionRegistry
  let store: (any HistoryStore)?
  var clock: RunningClock
  private var timers = TimerHeap()
  var runs: [Int: Run] = [:]
  /// The runs that somebody leads, by the numbers that they are known by.
  var led: [Int: Int] = [:]
  /// Actions at work, over all executions: virtual time stands still meanwhile.
  var activeActions = 0
  var tokens = TokenBook()
  private var idleWaiters: [@Sendable () -> Void] = []
  /// Actions that wait in the engine's time; they are not at work.
  private var sleepers: [ObjectIdentifier: Sleeper] = [:]
  /// At this many deadlines those are swept out that nothing waits for.
  private var mostTimers = 1024
  /// The runs with facts that are yet to be kept and shown, in the order in which they came.
  private var changed: [Int] = []
  private var isChanged: Set<Int> = []
  /// Whoever must hear of this round's facts only once they are kept.
  private var replies: [@Sendable () -> Void] = []
  /// Why the store takes nothing more.
  var storeFailure: HistoryStoreError?

  init(inbox: Inbox, actions: ActionRegistry, store: (any HistoryStore)?, clock: RunningClock) {
    self.inbox = inbox
    self.actions = actions
    self.store = store
    self.clock = clock
  }

  mutating func run() async {
    while true {
      let messages = inbox.takeAll()
      for message in messages {
        if case .shutDown = message { return shutDown() }
        handle(message)
      }
      let fired = fireDue()
      settle()
      if !messages.isEmpty || fired { continue }
      while let first = timers.first, !isOpen(first) { timers.removeFirst() }
      if let next = timers.first {
        if case .virtual = clock.kind, activeActions == 0, !clock.isStopped {
          clock.jump(to: next.time)
          continue
        }
        await inbox.wait(until: clock.instant(of: next.time))
      } else {
        await inbox.wait(until: nil)
      }
    }
  }

  private mutating func handle(_ message: Inbox.Message) {
    switch message {
    case .start(let number, let execution, let input, let observer, let result):
      add(Run(execution: execution, observer: observer, result: result), as: number)
      deliver(.start(input), to: number)
    case .redrive(let number, let earlier, let observer, let result, let reply):
      let problem = earlier.execution.redriveProblem(at: clock.now)
      reply(problem)
      guard problem == nil else { return }
      add(Run(execution: earlier.execution, history: earlier.history, settled: earlier.history.count, key: earlier.key, observer: observer, result: result), as: number)
      deliver(.redrive, to: number)
    case .control(let number, let command, let reply): control(number, command, reply)
    case .resume(let number, let stored, let signal, let observer, let result):
      var run = Run(execution: stored.execution, history: stored.history, settled: stored.history.count, key: stored.key, observer: observer, result: result)
      run.isResumed = true
      run.execution.reopenEffects()
      add(run, as: number)
      deliver(signal, to: number)
    case .signal(let number, let signal): deliver(signal, to: number)
    case .answer(let number, let signal):
      activeActions -= 1
      deliver(signal, to: number)
    case .progress(let number, let effect, let text): runs[number]?.observer?(.progress(effect, text))
    case .submitted(let number, let effect, let output):
      activeActions -= 1
      deliver(.taskSubmitted(effect, output), to: number)
    case .mapRun(let key, let report):
      activeActions -= 1
      mapRunReported(key, report)
    case .token(let token, let answer, let reply):
      let problem = self.answer(token, answer)
      replies.append { reply(problem) }
    case .poll(let number, let arn, let worker, let reply): poll(arn, TokenBook.Poll(number: number, workerName: worker, reply: reply))
    case .endPoll(let number): tokens.removePoll(number)?.reply(nil)
    case .whenIdle(let reply):
      if runs.isEmpty { reply() } else { idleWaiters.append(reply) }
    case .heartbeat(let number, let effect): if runs[number]?.heardAt[effect] != nil { runs[number]?.heardAt[effect] = clock.now }
    case .sleep(let sleeper, let duration):
      if sleeper.isCancelled {
        sleeper.wake(cancelled: true)
      } else {
        activeActions -= 1
        sleepers[ObjectIdentifier(sleeper)] = sleeper
        set(clock.now.advanced(by: duration), run: 0, effect: 0, kind: .sleep(sleeper))
      }
    case .cancelSleep(let sleeper):
      sleeper.isCancelled = true
      wake(sleeper, cancelled: true)
    case .shutDown: break
    }
  }

  private mutating func shutDown() {
    for poll in tokens.removeAllPolls() { poll.reply(nil) }
    for reply in idleWaiters { reply() }
    for run in runs.values {
      run.control?.waiter?(nil)
      for action in run.actions.values { action.cancel() }
      for mapRun in run.mapRuns.values { for task in mapRun.tasks { task.cancel() } }
    }
    for sleeper in sleepers.values { sleeper.wake(cancelled: true) }
    for message in inbox.close() {
      switch message {
      case .sleep(let sleeper, _): sleeper.wake(cancelled: true)
      case .token(_, _, let reply): reply(.timedOut)
      case .poll(_, _, _, let reply): reply(nil)
      case .whenIdle(let reply): reply()
      case .redrive(_, _, _, _, let reply): reply("The engine has ended")
      case .control(_, _, let reply): reply(nil)
      case .start(_, let execution, _, _, let result):
        result.fulfil(ExecutionResult(execution: execution, history: [], mapRuns: []))
      case .resume(_, let stored, _, _, let result):
        result.fulfil(ExecutionResult(execution: stored.execution, history: stored.history, mapRuns: [], key: stored.key))
      default: break
      }
    }
  }

  private mutating func wake(_ sleeper: Sleeper, cancelled: Bool = false) {
    guard sleepers.removeValue(forKey: ObjectIdentifier(sleeper)) != nil else { return }
    // At work again before it runs: virtual time must not go on meanwhile.
    activeActions += 1
    sleeper.wake(cancelled: cancelled)
  }

  // MARK: Deadlines

  mutating func set(_ time: Timestamp, run: Int, effect: EventID, kind: Deadline.Kind) {
    if timers.count >= mostTimers {
      var kept = timers
      kept.removeAll { !isOpen($0) }
      timers = kept
      mostTimers = max(1024, 2 * timers.count)
    }
    timers.insert(time, run: run, effect: effect, kind: kind)
  }

  /// Whether anything still waits for a deadline. Those that nothing waits for are dropped before the clock goes to them, and swept out
  /// when they may be the most.
  private func isOpen(_ deadline: Deadline) -> Bool {
    if case .sleep(let sleeper) = deadline.kind { return sleepers[ObjectIdentifier(sleeper)] != nil }
    return runs[deadline.run]?.execution.openEffects[deadline.effect] != nil
  }

  /// An execution has ended: whoever waits for it is told.
  mutating func finish(_ number: Int) {
    guard let run = runs.removeValue(forKey: number) else { return }
    let result = ExecutionResult(execution: run.execution, history: run.history, mapRuns: run.endedMapRuns, key: run.key)
    run.result?.fulfil(result)
    if let key = run.mapRun {
      run.descendantObserver?(.childEnded(result))
      childEnded(number, result, of: key)
    }
    if let (parent, effect, pattern) = run.waitedFor {
      runs[parent]?.nested[effect] = nil
      inbox.send(.signal(parent, Self.signal(of: result, effect, pattern)))
    }
    if runs.isEmpty { endWaiting() }
  }

  /// Nothing runs any more.
  mutating func endWaiting() {
    for reply in idleWaiters { reply() }
    idleWaiters = []
    let waiting = replies
    replies = []
    for reply in waiting { reply() }
  }

  // MARK: Tokens and activities

  private mutating func answer(_ token: String, _ answer: TokenAnswer) -> TaskTokenError? {
    guard let task = tokens.task(token) else { return tokens.isEnded(token) ? .timedOut : .invalid }
    switch answer {
    case .heartbeat: if runs[task.run]?.heardAt[task.effect] != nil { runs[task.run]?.heardAt[task.effect] = clock.now }
    case .success(let output): deliver(.taskSucceeded(task.effect, output), to: task.run)
    case .failure(let error): deliver(.taskFailed(task.effect, error), to: task.run)
    }
    return nil
  }

  private mutating func offer(_ call: TaskCall, token: String, of number: Int) {
    let task = TokenBook.Task(run: number, effect: call.id)
    guard let poll = tokens.offer(task, token: token, input: call.input, to: call.resource) else { return }
    // The turn that scheduled the task is over only when this one returns.
    inbox.send(.signal(number, .taskStarted(call.id, worker: poll.workerName)))
    poll.reply(ActivityTask(taskToken: token, input: call.input))
  }

  private mutating func poll(_ arn: String, _ poll: TokenBook.Poll) {
    guard let (task, token, input) = tokens.take(arn, poll) else { return }
    deliver(.taskStarted(task.effect, worker: poll.workerName), to: task.run)
    replies.append { poll.reply(ActivityTask(taskToken: token, input: input)) }
  }

  // MARK: Nested executions

  private mutating func startNested(_ call: TaskCall, _ pattern: NestedPattern, of number: Int) {
    guard let parent = runs[number]?.execution.settings else { return }
    do throws(TaskFailure) {
      // One that was started goes on, whether or not the machine is still known.
      let known = NestedStart.machine(for: call, in: actions.machines)
      let earlier = try startedBefore(call.id, index: 0, of: number, machine: known?.machine)
      let start = earlier == nil ? try NestedStart(call, parent: parent, machines: actions.machines) : nil
      let (arn, startedAt) = earlier.map { ($0.execution.settings.executionArn, $0.execution.startedAt) } ?? (start?.settings.executionArn ?? "", clock.now)
      let answer: JSONValue = ["ExecutionArn": .string(arn), "StartDate": .int(startedAt.microseconds / 1000)]
      if let earlier, earlier.execution.isFinished {
        let result = ExecutionResult(execution: earlier.execution, history: earlier.history, mapRuns: [], key: earlier.key)
        inbox.send(.signal(number, pattern.isWaiting ? Self.signal(of: result, call.id, pattern) : .taskSucceeded(call.id, answer)))
        return
      }
      let child = inbox.nextNumber()
      var run: Run
      let beginning: Signal
      if let earlier {
        run = Run(execution: earlier.execution, history: earlier.history, settled: earlier.history.count, key: earlier.key)
        run.isResumed = true
        run.execution.reopenEffects()
        beginning = .resume
      } else if let start {
        run = Run(execution: Execution(of: start.machine.machine, settings: start.settings))
        run.parent = parentOfChild(call.id, index: 0, of: number, isWaiting: pattern.isWaiting)
        beginning = .start(start.input)
      } else {
        return
      }
      runs[child] = run
      switch pattern {
      case .start: inbox.send(.signal(number, .taskSucceeded(call.id, answer)))
      case .sync:
        inbox.send(.signal(number, .taskSubmitted(call.id, answer)))
        wait(for: child, call, pattern, of: number)
      case .express: wait(for: child, call, pattern, of: number)
      }
      inbox.send(.signal(child, beginning))
    } catch {
      inbox.send(.signal(number, .taskFailed(call.id, ErrorOutput(error: error.error, cause: error.cause))))
    }
  }

  private mutating func wait(for child: Int, _ call: TaskCall, _ pattern: NestedPattern, of number: Int) {
    runs[child]?.waitedFor = (number, call.id, pattern)
    runs[number]?.nested[call.id] = child
  }

  private static func signal(of result: ExecutionResult, _ effect: EventID, _ pattern: NestedPattern) -> Signal {
    switch pattern {
    case .start: .proceed
    case .express: .taskSucceeded(effect, result.description(parsesOutput: false))
    case .sync(let parsesOutput):
      result.status == .succeeded
        ? .taskSucceeded(effect, result.description(parsesOutput: parsesOutput))
        : .taskFailed(
          effect, ErrorOutput(error: ErrorName.taskFailed.rawValue, cause: result.description(parsesOutput: false).jsonText))
    }
  }

  /// Nobody waits for the child any more: it is stopped, as the service does.
  func stopNested(_ child: Int, of parent: Execution) {
    guard runs[child] != nil else { return }
    inbox.send(
      .signal(
        child,
        .stop(
          ErrorOutput(
            error: nil,
            cause: "The Task state in AWS Step Functions execution [\(parent.settings.executionArn)] which was managing this resource was aborted"))))
  }

  /// - Returns: whether anything was due.
  private mutating func fireDue() -> Bool {
    let now = clock.now
    var fired = false
    while let deadline = timers.first, deadline.time <= now {
      timers.removeFirst()
      fired = true
      if case .sleep(let sleeper) = deadline.kind {
        wake(sleeper)
        continue
      }
      guard let effect = runs[deadline.run]?.execution.openEffects[deadline.effect] else { continue }
      switch deadline.kind {
      case .timer: deliver(.timerFired(deadline.effect), to: deadline.run)
      case .taskTimeout: deliver(.taskTimedOut(deadline.effect, isHeartbeat: false), to: deadline.run)
      case .heartbeat:
        guard case .task(let call) = effect, let seconds = call.heartbeatSeconds else { continue }
        let due = (runs[deadline.run]?.heardAt[deadline.effect] ?? deadline.time).advanced(bySeconds: Int64(seconds))
        if due > now {
          set(due, run: deadline.run, effect: deadline.effect, kind: .heartbeat)
        } else {
          deliver(.taskTimedOut(deadline.effect, isHeartbeat: true), to: deadline.run)
        }
      case .sleep: break
      }
    }
    return fired
  }

  /// One turn: the execution decides what the signal means. What comes of it is kept, shown and done by `settle`.
  private mutating func deliver(_ signal: Signal, to number: Int) {
    guard runs[number] != nil else { return }
    if runs[number]!.control != nil { return arrive(signal, at: number) }
    if case .resume = signal { fireOverdue(number) }
    keep(runs[number]!.execution.receive(signal, at: clock.now, fuel: Self.fuel), of: number)
  }

  /// Adds facts to a history; `settle` does what follows from them.
  mutating func keep(_ facts: [HistoryEvent], of number: Int) {
    runs[number]!.history.append(contentsOf: facts)
    if isChanged.insert(number).inserted { changed.append(number) }
  }

  /// Remember, show, act: the facts of this round are kept in one step, then told, then what they ask for is done.
  mutating func settle() {
    guard !changed.isEmpty || !replies.isEmpty else { return }
    let numbers = changed
    changed = []
    isChanged = []
    do throws(HistoryStoreError) {
      try remember(numbers)
    } catch {
      return halt(error)
    }
    for number in numbers { settle(number) }
    let waiting = replies
    replies = []
    for reply in waiting { reply() }
  }

  private mutating func remember(_ numbers: [Int]) throws(HistoryStoreError) {
    guard let store else { return }
    var entries: [HistoryStoreEntry] = []
    var owners: [Int] = []
    for number in numbers {
      guard let run = runs[number], run.control == nil, run.settled < run.history.count else { continue }
      let birth =
        run.key == nil
        ? ExecutionBirth(
          machine: run.execution.machine, subMachine: run.execution.subMachine, settings: run.execution.settings, parent: run.parent) : nil
      entries.append(HistoryStoreEntry(key: run.key, birth: birth, firstFact: run.settled, facts: run.history[run.settled...]))
      owners.append(number)
    }
    guard !entries.isEmpty else { return }
    let keys = try store.append(entries)
    for (number, key) in zip(owners, keys) { runs[number]?.key = key }
  }

  private mutating func settle(_ number: Int) {
    guard let run = runs[number] else { return }
    if run.settled < run.history.count {
      if let observer = run.observer { observer(.facts(Array(run.history[run.settled...]))) }
      runs[number]!.settled = run.history.count
    }
    let changes = runs[number]!.execution.takeEffectChanges()
    for effect in changes.closed {
      runs[number]!.actions.removeValue(forKey: effect)?.cancel()
      runs[number]!.heardAt[effect] = nil
      if let token = runs[number]!.tokens.removeValue(forKey: effect) { tokens.close(token) }
      if let child = runs[number]!.nested.removeValue(forKey: effect) { stopNested(child, of: runs[number]!.execution) }
      if let mapRun = runs[number]!.mapRuns.removeValue(forKey: effect) { abort(mapRun, of: number) }
    }
    for id in changes.opened {
      guard let effect = runs[number]!.execution.openEffects[id] else { continue }
      switch effect {
      case .timer(let until): set(until, run: number, effect: id, kind: .timer)
      case .task(let call):
        watch(call, of: number)
        if !holds(id, of: number) { begin(call, of: number) }
      case .mapRun(let call): if !holds(id, of: number) { beginMapRun(call, of: number) }
      }
    }
    if runs[number]!.control != nil { return }
    if runs[number]!.execution.isFinished {
      finish(number)
    } else if runs[number]!.execution.isRunnable {
      inbox.send(.signal(number, .proceed))
    }
  }

  /// Sets the deadlines of a task, and makes its token known.
  mutating func watch(_ call: TaskCall, of number: Int) {
    if let seconds = call.timeoutSeconds {
      set(call.scheduledAt.advanced(bySeconds: Int64(seconds)), run: number, effect: call.id, kind: .taskTimeout)
    }
    if let seconds = call.heartbeatSeconds {
      let now = clock.now
      runs[number]?.heardAt[call.id] = now
      set(now.advanced(bySeconds: Int64(seconds)), run: number, effect: call.id, kind: .heartbeat)
    }
    if let token = call.taskToken {
      runs[number]?.tokens[call.id] = token
      tokens.add(token, TokenBook.Task(run: number, effect: call.id))
    }
  }

  /// Asks the world for a task; also for one that another program had asked for, when this one goes on with the execution.
  mutating func begin(_ call: TaskCall, of number: Int) {
    let resource = TaskResource(call.resource)
    let interception = actions.interception(of: call)
    if interception == nil {
      if resource?.kind == .activity, let token = call.taskToken {
        // One that a worker has taken is answered by its token.
        return call.hasStarted ? () : offer(call, token: token, of: number)
      }
      if let pattern = NestedPattern(call.resource) { return startNested(call, pattern, of: number) }
    }
    let action = interception ?? actions.action(for: call)
    let isCallback = resource?.pattern == .waitForTaskToken && !action.answersCallback
    if isCallback, call.submission != nil { return }
    let inbox = inbox
    let reporter = TaskReporter(
      progress: { inbox.send(.progress(number, call.id, $0)) }, submitted: { inbox.send(.signal(number, .taskSubmitted(call.id, $0))) },
      heartbeat: { inbox.send(.heartbeat(number, call.id)) }, sleep: { try await Sleeper.sleep(for: $0, inbox: inbox) })
    activeActions += 1
    runs[number]?.actions[call.id] = Task.detached {
      let signal: Signal
      do throws(TaskFailure) {
        let result = try await action.run(call, reporter)
        if isCallback {
          inbox.send(.submitted(number, call.id, result))
          return
        }
        signal = .taskSucceeded(call.id, result)
      } catch {
        signal = .taskFailed(call.id, ErrorOutput(error: error.error, cause: error.cause))
      }
      inbox.send(.answer(number, signal))
    }
  }
}

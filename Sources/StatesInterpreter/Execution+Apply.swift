import JSONTypes
import StatesLanguage

extension Execution {
  /// The only place where an execution changes: assignments, no evaluation.
  mutating func apply(_ event: HistoryEvent) {
    if !event.kind.isInternal { lastEventID = event.id }
    let frame = event.frame
    keepFramesBeforeFailure(event.kind)
    switch event.kind {
    case .executionRedriven(let count): redrive(event, count: count)
    case .executionResumed: break
    case .executionForked: forgetSubmissions()
    case .executionStarted(let input):
      status = .running
      startedAt = event.timestamp
      self.input = input.value
      frames = [Frame(phase: .moving)]
      frames[0].subMachine = subMachine
      openLifetime(from: event)

    case .stateEntered(let state, let input):
      frames[frame].phase = .ready
      frames[frame].state = state
      frames[frame].lastEvent = event.id
      frames[frame].enteredEvent = event.id
      frames[frame].enteredAfter = event.previousEventID
      frames[frame].enteredAt = event.timestamp
      frames[frame].data = input
      if !frames[frame].retryCounts.isEmpty { frames[frame].retryCounts = [] }
      if frames[frame].earlierAttempt != nil { frames[frame].earlierAttempt = nil }
      if !frames[frame].changes.isEmpty { frames[frame].changes = [] }
      addReady(frame, enteredEvent: event.id)
    case .stateExited(_, let output, let assigned, let transition):
      closeEffect(of: frame)
      frames[frame].phase = .moving
      frames[frame].lastEvent = event.id
      frames[frame].data = output
      frames[frame].children = nil
      if !frames[frame].changes.isEmpty { frames[frame].changes = [] }
      if let assigned { for (name, value) in assigned { frames[frame].variables[name] = value } }
      let parent = frames[frame].parent
      if case .end = transition, parent >= 0, case .parallel = machine.states[frames[parent].state] {
        deliver(output, of: frame, to: parent)
        frames[parent].lastEvent = event.id
      }
    case .stateAborted: closeEffect(of: frame)

    case .taskScheduled(let state, let schedule):
      closeEffect(of: frame)
      frames[frame].phase = .waiting
      frames[frame].lastEvent = event.id
      open(.task(taskCall(event, state: state, schedule: schedule)), id: event.id, frame: frame)
    case .taskStarted:
      frames[frame].lastEvent = event.id
      changeTask(of: frame) { $0.hasStarted = true }
    case .taskSubmitted(_, let output):
      frames[frame].lastEvent = event.id
      changeTask(of: frame) { $0.submission = output.value }
    case .taskSucceeded:
      if frames[frame].earlierAttempt != nil { frames[frame].earlierAttempt = nil }
      closeEffect(of: frame)
      frames[frame].phase = .moving
      frames[frame].lastEvent = event.id
    case .taskFailed(_, let error), .taskTimedOut(_, let error):
      if case .task(let call)? = openEffects[frames[frame].effect] { frames[frame].earlierAttempt = call.ended(by: error.error ?? "") }
      closeEffect(of: frame)
      frames[frame].phase = .moving
      frames[frame].lastEvent = event.id

    case .evaluationFailed:
      closeEffect(of: frame)
      frames[frame].phase = .moving
      frames[frame].lastEvent = event.id

    case .parallelStateStarted(let state):
      begin(event, frame: frame, Children(count: branches(of: state).count))
      for (index, branch) in branches(of: state).enumerated() { addFrame(parent: frame, index: index, subMachine: branch, after: event.id) }
    case .mapStateStarted(let state, _) where isDistributed(state):
      closeEffect(of: frame)
      frames[frame].phase = .moving
      frames[frame].lastEvent = event.id
    case .mapStateStarted(_, let start): begin(event, frame: frame, Children(count: start.items.count, start: start))
    case .mapIterationStarted(let state, let index):
      addFrame(parent: frame, index: index, subMachine: itemProcessor(of: state), after: event.id)
      frames[frame].children?.next = index + 1
    case .mapIterationSucceeded:
      let parent = frames[frame].parent
      deliver(frames[frame].data, of: frame, to: parent)
      frames[parent].lastEvent = event.id
      frames[parent].children?.lastInner = event.previousEventID
    case .mapIterationFailed(_, let index):
      let parent = frames[frame].parent
      frames[parent].children?.running -= 1
      frames[parent].children?.failed += 1
      frames[parent].children?.isMissing.insert(index)
      frames[parent].children?.lastInner = event.previousEventID
      frames[parent].lastEvent = event.previousEventID
      free(frame)
    case .mapIterationAborted: free(frame)
    case .mapRunStarted(let state, let start):
      frames[frame].phase = .waiting
      frames[frame].lastEvent = event.id
      open(.mapRun(MapRunCall(id: event.id, state: state, start: start)), id: event.id, frame: frame)
    case .mapRunSucceeded, .mapRunFailed:
      closeEffect(of: frame)
      frames[frame].phase = .moving
      frames[frame].lastEvent = event.id
    case .parallelStateSucceeded, .mapStateSucceeded: frames[frame].lastEvent = event.id
    case .parallelStateFailed, .mapStateFailed:
      dropChildren(of: frame)
      frames[frame].phase = .moving
      frames[frame].lastEvent = event.id

    case .waitStarted(let until):
      frames[frame].phase = .waiting
      open(.timer(until: until), id: event.id, frame: frame)
    case .retryScheduled(let retrier, let until, _):
      closeEffect(of: frame)
      dropChildren(of: frame)
      frames[frame].phase = .waiting
      frames[frame].lastEvent = event.id
      if frames[frame].retryCounts.isEmpty {
        frames[frame].retryCounts = Array(repeating: 0, count: machine.states[frames[frame].state].work?.retry.count ?? 0)
      }
      // An edited definition, by which a fork goes on, may have fewer retriers.
      while frames[frame].retryCounts.count <= retrier { frames[frame].retryCounts.append(0) }
      frames[frame].retryCounts[retrier] += 1
      open(.timer(until: until), id: event.id, frame: frame)

    case .dataChanged(.input(let input)): frames[frame].data = input
    case .dataChanged(.variable(let name, let value)): frames[frame].variables[name] = value
    case .dataChanged(.result(let result)):
      frames[frame].changes.removeAll { if case .result = $0 { true } else { false } }
      frames[frame].changes.append(.result(result))
    case .dataChanged(.output(let output)):
      frames[frame].changes.removeAll { if case .output = $0 { true } else { false } }
      frames[frame].changes.append(.output(output))

    case .executionSucceeded(let output): finish(.succeeded, output: output.value, error: nil, at: event.timestamp)
    case .executionFailed(let error): finish(.failed, output: nil, error: error, at: event.timestamp)
    case .executionAborted(let error): finish(.aborted, output: nil, error: error, at: event.timestamp)
    case .executionTimedOut(let error): finish(.timedOut, output: nil, error: error, at: event.timestamp)
    }
  }

  /// The timer of the whole execution: `TimeoutSeconds` of the machine, at most five minutes when it is EXPRESS.
  private mutating func openLifetime(from event: HistoryEvent) {
    var seconds = subMachine == 0 ? machine.timeoutSeconds : nil
    if settings.type == .express, settings.limits.expressSeconds < .max { seconds = min(seconds ?? .max, settings.limits.expressSeconds) }
    guard let seconds else { return }
    open(.timer(until: event.timestamp.advanced(bySeconds: Int64(seconds))), id: event.id, frame: -1)
  }

  /// A failure ends frames one after another. What stood before its first step is kept until something else happens.
  private mutating func keepFramesBeforeFailure(_ kind: HistoryEvent.Kind) {
    switch kind {
    case .stateAborted, .mapIterationFailed, .mapIterationAborted, .parallelStateFailed, .mapStateFailed, .executionFailed, .executionAborted,
      .executionTimedOut:
      if framesBeforeFailure == nil {
        framesBeforeFailure = FrameTable(frames: frames, free: freeFrames)
        for (id, frame) in effectFrames where frame >= 0 {
          if case .task(let call)? = openEffects[id] { framesBeforeFailure?.frames[frame].earlierAttempt = call.ended(by: nil) }
        }
      }
    case .executionRedriven, .executionResumed, .executionForked, .evaluationFailed: break
    default: if framesBeforeFailure != nil { framesBeforeFailure = nil }
    }
  }

  /// Every state that was entered and not left runs again; retries count anew. Branches and iterations that have ended stay so.
  private mutating func redrive(_ event: HistoryEvent, count: Int) {
    status = .running
    stoppedAt = nil
    output = nil
    error = nil
    redriveCount = count
    redrivenAt = event.timestamp
    frames = framesBeforeFailure?.frames ?? []
    freeFrames = framesBeforeFailure?.free ?? []
    framesBeforeFailure = nil
    openLifetime(from: event)
    for frame in frames.indices where frames[frame].phase != .free {
      frames[frame].effect = 0
      frames[frame].retryCounts = []
      let hasOpenChildren = frames.contains { $0.parent == frame && $0.phase != .free }
      if hasOpenChildren {
        frames[frame].phase = .waiting
      } else {
        frames[frame].children = nil
        frames[frame].phase = .ready
        frames[frame].lastEvent = event.id
        addReady(frame, enteredEvent: frames[frame].enteredEvent)
      }
    }
  }

  private mutating func finish(_ status: ExecutionStatus, output: JSONValue?, error: ErrorOutput?, at time: Timestamp) {
    self.status = status
    self.output = output
    self.error = error
    stoppedAt = time
    closedEffects.append(contentsOf: openEffects.keys)
    openEffects = [:]
    effectFrames = [:]
    frames = []
    freeFrames = []
    ready = []
    readyHead = 0
  }

  // MARK: Effects

  private mutating func open(_ effect: Effect, id: EventID, frame: Int) {
    openEffects[id] = effect
    effectFrames[id] = frame
    openedEffects.append(id)
    if frame >= 0 { frames[frame].effect = id }
  }

  private mutating func closeEffect(of frame: Int) {
    let id = frames[frame].effect
    guard id != 0 else { return }
    openEffects[id] = nil
    effectFrames[id] = nil
    closedEffects.append(id)
    frames[frame].effect = 0
  }

  /// What was open in the other execution is asked for again: its submissions, and who has taken its tasks, stay the other's.
  private mutating func forgetSubmissions() {
    for (id, effect) in openEffects {
      guard case .task(var call) = effect else { continue }
      call.submission = nil
      call.hasStarted = false
      call.earlier = nil
      openEffects[id] = .task(call)
    }
    for frame in frames.indices { frames[frame].earlierAttempt = nil }
    for frame in framesBeforeFailure?.frames.indices ?? 0..<0 { framesBeforeFailure?.frames[frame].earlierAttempt = nil }
  }

  private mutating func changeTask(of frame: Int, _ change: (inout TaskCall) -> Void) {
    let id = frames[frame].effect
    guard case .task(var call)? = openEffects[id] else { return }
    change(&call)
    openEffects[id] = .task(call)
  }

  private func taskCall(_ event: HistoryEvent, state: Int, schedule: TaskSchedule) -> TaskCall {
    var resource = ""
    var name = ""
    if case .task(let task) = machine.states[state] {
      resource = task.resource.arn
      name = task.common.name
    }
    var call = TaskCall(
      id: event.id, executionArn: settings.executionArn, stateName: name, resource: resource, input: schedule.parameters.value,
      timeoutSeconds: schedule.timeoutSeconds, heartbeatSeconds: schedule.heartbeatSeconds, taskToken: schedule.taskToken,
      retryCount: frames[event.frame].retryCount, credentials: schedule.credentials, executionStartedAt: startedAt, scheduledAt: event.timestamp)
    call.incarnation = settings.incarnation
    call.earlier = frames[event.frame].earlierAttempt
    return call
  }

  // MARK: Frames

  private func branches(of state: Int) -> [Int] {
    if case .parallel(let parallel) = machine.states[state] { parallel.branches } else { [] }
  }

  private func isDistributed(_ state: Int) -> Bool {
    if case .map(let map) = machine.states[state] { map.distributed != nil } else { false }
  }

  private func itemProcessor(of state: Int) -> Int {
    if case .map(let map) = machine.states[state] { map.itemProcessor } else { 0 }
  }

  private mutating func begin(_ event: HistoryEvent, frame: Int, _ children: Children) {
    closeEffect(of: frame)
    frames[frame].phase = .waiting
    frames[frame].lastEvent = event.id
    frames[frame].children = children
  }

  /// Opens a frame below another; the lowest number that became free last is taken first, so that a replay takes the same.
  private mutating func addFrame(parent: Int, index: Int, subMachine: Int, after event: EventID) {
    var frame = Frame(phase: .moving)
    frame.parent = parent
    frame.index = index
    frame.subMachine = subMachine
    frame.lastEvent = event
    frame.variables = frames[parent].variables
    frame.item = frames[parent].children?.start?.items[index]
    frames[parent].children?.running += 1
    if let number = freeFrames.popLast() {
      frames[number] = frame
    } else {
      frames.append(frame)
    }
  }

  private mutating func deliver(_ output: Payload, of frame: Int, to parent: Int) {
    let index = frames[frame].index
    frames[parent].children?.outputs[index] = output.value
    frames[parent].children?.outputBytes += output.bytesAtMost + 1
    frames[parent].children?.running -= 1
    frames[parent].children?.succeeded += 1
    free(frame)
  }

  private mutating func free(_ frame: Int) {
    closeEffect(of: frame)
    dropChildren(of: frame)
    frames[frame] = Frame()
    freeFrames.append(frame)
  }

  /// Ends all frames below one.
  private mutating func dropChildren(of frame: Int) {
    guard frames[frame].children != nil else { return }
    frames[frame].children = nil
    for child in frames.indices where frames[child].parent == frame && frames[child].phase != .free { free(child) }
  }

  /// The frames right below one, in the order of their branches or iterations.
  func children(of frame: Int) -> [Int] {
    frames.indices.filter { frames[$0].parent == frame && frames[$0].phase != .free }.sorted { frames[$0].index < frames[$1].index }
  }
}

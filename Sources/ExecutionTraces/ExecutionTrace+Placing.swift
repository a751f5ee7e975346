import StatesInterpreter
import StatesLanguage

/// Finds out where an event belongs.
extension ExecutionTrace {
  mutating func add(_ event: RecordedEvent) {
    let step = events.count
    events.append(event)
    if !event.type.isInternal {
      while eventOfID.count <= event.id { eventOfID.append(-1) }
      eventOfID[event.id] = step
    }
    let previous = event.previousID ?? 0
    let cause = previous > 0 && previous < eventOfID.count ? eventOfID[previous] : -1
    let from = cause >= 0 && cause < step ? places[cause].frame : 0
    switch event.type.role {
    case .executionStarted, .executionResumed, .executionForked, .unknown: note(step, frame: event.type.role == .unknown ? from : 0, visit: nil)
    case .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut:
      note(step, frame: 0, visit: nil)
      endExecution(step, from: from)
    case .executionRedriven:
      note(step, frame: 0, visit: nil)
      resume()
    case .stateEntered: enter(step, cause: cause, from: from)
    case .stateExited: exit(step, from: from)
    case .stateAborted: abort(step, from: from)
    case .scheduled, .started, .submitted, .succeeded, .failed, .timedOut: task(step, cause: cause, from: from)
    case .evaluationFailed: evaluationFailed(step, cause: cause, from: from)
    case .parallelStarted, .mapStarted:
      let visit = composite(of: event.type.stateType, from: frame(event) ?? from, cause: cause)
      note(step, frame: visit.map { visits[$0].frame } ?? from, visit: visit)
      if let visit { begin(visit, event, from: from) }
    case .parallelSucceeded, .mapSucceeded, .parallelFailed, .mapFailed:
      let visit = composite(of: event.type.stateType, from: frame(event) ?? from, cause: -1)
      note(step, frame: visit.map { visits[$0].frame } ?? from, visit: visit)
      if let visit { compositeEnded(visit, step, from: from) }
    case .iterationStarted: iterationStarted(step, from: from)
    case .iterationSucceeded, .iterationFailed, .iterationAborted: iterationEnded(step, from: from)
    case .mapRunStarted, .mapRunSucceeded, .mapRunFailed, .mapRunAborted, .mapRunRedriven:
      let visit = composite(of: .map, from: frame(event) ?? from, cause: cause)
      note(step, frame: visit.map { visits[$0].frame } ?? from, visit: visit)
      if let visit, event.type.isFailure { fail(visit, at: step) }
    case .waitStarted, .dataChanged: note(step, frame: frame(event) ?? from, visit: frames[frame(event) ?? from].openVisit)
    case .retryScheduled:
      let frame = frame(event) ?? from
      let visit = frames[frame].openVisit
      note(step, frame: frame, visit: visit)
      if let visit { tryAgain(visit, step, from: from) }
    }
  }

  /// The frame that the line itself names, as long as the number is known.
  private func frame(_ event: RecordedEvent) -> Int? { event.frameNumber.flatMap { $0 == 0 ? 0 : frameOfNumber[$0] } }

  private mutating func note(_ step: Int, frame: Int, visit: Int?) {
    var place = Place(frame: frame, visit: visit)
    if let visit {
      place.previousOfVisit = visits[visit].last
      visits[visit].last = step
    }
    frames[frame].last = step
    places.append(place)
  }

  // MARK: States

  private mutating func enter(_ step: Int, cause: Int, from: Int) {
    let event = events[step]
    let name = event.stateName ?? "?"
    var frame = frame(event) ?? from
    var owner = frames[from].owner.map { visits[$0].state }
    if cause >= 0 {
      switch events[cause].type.role {
      case .parallelStarted:
        if let visit = places[cause].visit {
          frame = openFrame(below: visit, .branch(branch(of: visit, startingAt: name)), at: step)
          owner = visits[visit].state
        }
      case .iterationStarted:
        frame = from
        owner = frames[from].owner.map { visits[$0].state }
      default: owner = frames[frame].owner.map { visits[$0].state }
      }
    }
    if let number = event.frameNumber { frameOfNumber[number] = frame }
    let state = stateNumber(name, event.type.stateType ?? .pass, owner: owner)
    let visit = visits.count
    visits.append(Visit(state: state, frame: frame, number: states[state].visits.count + 1, entered: step, last: step))
    states[state].visits.append(visit)
    frames[frame].openVisit = visit
    frames[frame].last = step
    places.append(Place(frame: frame, visit: visit))
    if event.type.stateType == .fail {
      fail(visit, at: step)
      end(visit, .failed)
    }
  }

  private mutating func exit(_ step: Int, from: Int) {
    let event = events[step]
    let visit = openVisit(named: event.stateName, from: frame(event) ?? from)
    note(step, frame: visit.map { visits[$0].frame } ?? from, visit: visit)
    guard let visit else { return }
    end(visit, visits[visit].isFailing ? .caught : .succeeded)
    visits[visit].exited = step
    let frame = visits[visit].frame
    frames[frame].openVisit = nil
    let names = event.assignedNames
    if !names.isEmpty {
      var sources = frames[frame].assignments.last?.sources ?? [:]
      for name in names { sources[name] = step }
      frames[frame].assignments.append((step, sources))
    }
    closeFrames(below: visit, failing: [])
  }

  /// The nearest open visit of a state, up from a frame; else any that is open.
  private func openVisit(named name: String?, from frame: Int) -> Int? {
    var current: Int? = frame
    while let frame = current {
      if let visit = frames[frame].openVisit, name == nil || states[visits[visit].state].name == name { return visit }
      current = frames[frame].parent
    }
    guard let name, let state = stateOfName[name] else { return nil }
    return states[state].visits.last { visits[$0].exited == nil && frames[visits[$0].frame].openVisit == $0 }
  }

  private mutating func stateNumber(_ name: String, _ type: StateType, owner: Int?) -> Int {
    if let number = stateOfName[name] { return number }
    stateOfName[name] = states.count
    states.append(TracedState(name: name, type: type, owner: owner))
    return states.count - 1
  }

  // MARK: Work

  private mutating func task(_ step: Int, cause: Int, from: Int) {
    let event = events[step]
    var visit: Int?
    if let frame = frame(event) {
      visit = frames[frame].openVisit
    } else if cause >= 0, events[cause].type.role == .executionRedriven {
      visit = takeResumable { $0 == .task }
    } else {
      var current: Int? = from
      while let frame = current, visit == nil {
        if let open = frames[frame].openVisit, states[visits[open].state].type == .task { visit = open }
        current = frames[frame].parent
      }
    }
    note(step, frame: visit.map { visits[$0].frame } ?? from, visit: visit)
    guard let visit else { return }
    switch event.type.role {
    case .scheduled:
      visits[visit].attempts += 1
      if visits[visit].attempts > 1 {
        visits[visit].retries += 1
        states[visits[visit].state].retries += 1
      }
    case .succeeded: visits[visit].isFailing = false
    case .failed, .timedOut: fail(visit, at: step)
    default: break
    }
  }

  /// How many visits of one state are looked through for the one that an event means.
  private static let maximumOpenVisits = 1_000

  /// It names its state, but may follow from what came before the state's entry.
  private mutating func evaluationFailed(_ step: Int, cause: Int, from: Int) {
    let event = events[step]
    var visit: Int?
    if let frame = frame(event), let open = frames[frame].openVisit, states[visits[open].state].name == event.stateName { visit = open }
    if visit == nil, let name = event.stateName, let state = stateOfName[name] {
      // As many may be open as iterations run at a time.
      let open = states[state].visits.suffix(Self.maximumOpenVisits).filter { visits[$0].exited == nil && visits[$0].failure == nil }
      visit =
        open.first { events[visits[$0].entered].previousID == event.previousID } ?? open.first { visits[$0].frame == from } ?? open.last
    }
    note(step, frame: visit.map { visits[$0].frame } ?? from, visit: visit)
    if let visit { fail(visit, at: step) }
  }

  // MARK: Parallel and Map

  /// The nearest Parallel or Map state that has not ended, up from a frame.
  private mutating func composite(of type: StateType?, from frame: Int, cause: Int) -> Int? {
    if cause >= 0, events[cause].type.role == .executionRedriven { return takeResumable { $0 == type } }
    var current: Int? = frame
    while let frame = current {
      if let visit = frames[frame].openVisit, states[visits[visit].state].type == type, !visits[visit].isOver { return visit }
      current = frames[frame].parent
    }
    return nil
  }

  private mutating func begin(_ visit: Int, _ event: RecordedEvent, from: Int) {
    // The service does not say that another attempt is to come: what is open of the one before has ended with it.
    if visits[visit].attempts > 0 { closeFrames(below: visit, failing: failingPath(from: from)) }
    visits[visit].attempts += 1
    visits[visit].isFailing = false
    visits[visit].earlierFrames = visits[visit].frames.count
    if visits[visit].attempts > 1 {
      visits[visit].retries += 1
      states[visits[visit].state].retries += 1
    }
    if let length = event.details["length"]?.asInt { visits[visit].length = Int(length) }
  }

  /// Which branch starts at a state; without a definition, in the order of entries.
  private func branch(of visit: Int, startingAt name: String) -> Int {
    if let machine, case .parallel(let parallel)? = machine.state(named: states[visits[visit].state].name),
      let branch = parallel.branches.firstIndex(where: { machine.states[machine.subMachines[$0].startAt].name == name })
    {
      return branch
    }
    return visits[visit].frames.count - visits[visit].earlierFrames
  }

  private mutating func openFrame(below visit: Int, _ role: Frame.Role, at step: Int) -> Int {
    frames.append(Frame(parent: visits[visit].frame, owner: visit, role: role, first: step))
    visits[visit].frames.append(frames.count - 1)
    return frames.count - 1
  }

  /// The event stands in the iteration that it starts.
  private mutating func iterationStarted(_ step: Int, from: Int) {
    let event = events[step]
    let index = event.iterationIndex ?? 0
    guard let visit = openVisit(named: event.stateName, from: from) else { return note(step, frame: from, visit: nil) }
    let frame = openFrame(below: visit, .iteration(index), at: step)
    iterations[Iteration(visit: visit, index: index)] = frame
    places.append(Place(frame: frame, visit: visit, previousOfVisit: visits[visit].last))
    visits[visit].last = step
  }

  private mutating func iterationEnded(_ step: Int, from: Int) {
    let event = events[step]
    guard let visit = openVisit(named: event.stateName, from: from),
      let frame = iterations[Iteration(visit: visit, index: event.iterationIndex ?? 0)]
    else { return note(step, frame: from, visit: nil) }
    places.append(Place(frame: frame, visit: visit, previousOfVisit: visits[visit].last))
    visits[visit].last = step
    frames[frame].last = step
    switch event.type.role {
    case .iterationSucceeded: frames[frame].outcome = .succeeded
    case .iterationFailed: close(frame, failing: failingPath(from: from))
    default: close(frame, failing: [])
    }
  }

  /// The event names no state: of what a failure has cut short, the first of this type is meant.
  private mutating func abort(_ step: Int, from: Int) {
    let event = events[step]
    var visit: Int?
    if let frame = frame(event), let open = frames[frame].openVisit, states[visits[open].state].type == event.type.stateType { visit = open }
    let failing = failingPath(from: from)
    var current: Int? = from
    while visit == nil, let frame = current {
      if let owner = frames[frame].owner { visit = firstToAbort(below: owner, event.type.stateType, failing: failing) }
      current = frames[frame].parent
    }
    note(step, frame: visit.map { visits[$0].frame } ?? from, visit: visit)
    guard let visit else { return }
    visits[visit].hasAborted = true
    if visits[visit].outcome == .running { end(visit, failing.contains(visits[visit].frame) ? .failed : .aborted) }
  }

  /// Of the states that have failed, only Tasks leave such an event.
  private func firstToAbort(below owner: Int, _ type: StateType?, failing: Set<Int>) -> Int? {
    let children = visits[owner].frames[visits[owner].earlierFrames...]
    for frame in children where type == .task || !failing.contains(frame) {
      guard let visit = frames[frame].openVisit, !visits[visit].hasAborted else { continue }
      if states[visits[visit].state].type == type { return visit }
    }
    for frame in children {
      if let visit = frames[frame].openVisit, let found = firstToAbort(below: visit, type, failing: failing) { return found }
    }
    return nil
  }

  private mutating func takeResumable(_ isMeant: (StateType) -> Bool) -> Int? {
    guard let position = resumable.firstIndex(where: { isMeant(states[visits[$0].state].type) }) else { return nil }
    return resumable.remove(at: position)
  }
}

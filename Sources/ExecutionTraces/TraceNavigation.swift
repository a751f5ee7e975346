package import StatesInterpreter

/// Ways through a trace, from step to step. Each answers nil where there is none.
extension ExecutionTrace {
  package enum Direction: Sendable { case forward, back }

  package func next(after step: Int) -> Int? { step + 1 < events.count ? step + 1 : nil }
  package func previous(before step: Int) -> Int? { step > 0 ? step - 1 : nil }

  /// The next step in the direction that fulfils a condition.
  package func step(from step: Int, _ direction: Direction, where isMeant: (Int) -> Bool) -> Int? {
    switch direction {
    case .forward: step + 1 < events.count ? (step + 1..<events.count).first(where: isMeant) : nil
    case .back: (0..<step).last(where: isMeant)
    }
  }

  /// The next failure: of a task, an expression, a branch, or the execution.
  package func failure(from step: Int, _ direction: Direction) -> Int? {
    self.step(from: step, direction) { events[$0].type.isFailure }
  }

  /// The entry of the next visit of a state.
  package func visit(ofState state: Int, from step: Int, _ direction: Direction) -> Int? {
    let entries = states[state].visits.lazy.map { visits[$0].entered }
    switch direction {
    case .forward: return entries.first { $0 > step }
    case .back: return entries.last { $0 < step }
    }
  }

  /// The entry of the next visit of this step's state.
  package func sameState(from step: Int, _ direction: Direction) -> Int? {
    places[step].visit.flatMap { visit(ofState: visits[$0].state, from: step, direction) }
  }

  /// The next entry of any state in the same branch or iteration.
  package func sameFrame(from step: Int, _ direction: Direction) -> Int? {
    let frame = places[step].frame
    return self.step(from: step, direction) { places[$0].frame == frame }
  }

  /// From a Parallel or Map state into its first branch or iteration.
  package func into(_ step: Int) -> Int? {
    guard let visit = places[step].visit else { return nil }
    // The start of an iteration stands in the iteration, but belongs to the Map.
    if places[step].frame != visits[visit].frame { return next(after: step).flatMap { places[$0].frame == places[step].frame ? $0 : nil } }
    return visits[visit].frames.first.map { frames[$0].first }
  }

  /// Out of a branch or iteration, to where its Parallel or Map state was entered.
  package func out(of step: Int) -> Int? { frames[places[step].frame].owner.map { visits[$0].entered } }

  /// Out of a branch or iteration, to where its Parallel or Map state ended; nil while it has not.
  package func outEnd(of step: Int) -> Int? {
    guard let owner = frames[places[step].frame].owner, visits[owner].outcome != .running else { return nil }
    return visits[owner].exited ?? visits[owner].last
  }

  /// The first step of the branch or iteration beside this one.
  package func sibling(of step: Int, _ direction: Direction) -> Int? {
    let frame = places[step].frame
    guard let owner = frames[frame].owner else { return nil }
    // Iterations start in any order once some wait for others: they count by their index, the attempts one after another.
    let beside = visits[owner].frames.enumerated().map { offset, frame in
      (attempt: offset < visits[owner].earlierFrames ? 0 : 1, index: index(of: frame), frame: frame)
    }.sorted { ($0.attempt, $0.index, $0.frame) < ($1.attempt, $1.index, $1.frame) }
    guard let position = beside.firstIndex(where: { $0.frame == frame }) else { return nil }
    let other = direction == .forward ? position + 1 : position - 1
    return beside.indices.contains(other) ? frames[beside[other].frame].first : nil
  }

  /// The number of a branch or iteration.
  private func index(of frame: Int) -> Int {
    switch frames[frame].role {
    case .machine: 0
    case .branch(let index), .iteration(let index): index
    }
  }

  /// The step with an id, or the nearest one before it.
  package func step(nearestToID id: EventID) -> Int? {
    guard !eventOfID.isEmpty else { return nil }
    var id = min(max(id, 0), eventOfID.count - 1)
    while id > 0, eventOfID[id] < 0 { id -= 1 }
    return eventOfID[id] >= 0 ? eventOfID[id] : events.isEmpty ? nil : 0
  }
}

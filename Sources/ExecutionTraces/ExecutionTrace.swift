package import StatesInterpreter
package import StatesLanguage

/// A history laid out for walking through it: which event belongs to which visit of which state, in which branch or iteration.
///
/// A step is an event, by its position in `events`. Events may be added while the execution runs. Nothing of a payload is read here:
/// `data(at:)` reads what one step needs.
///
/// Where lines name no frames, as in the service's histories, these follow from the chain of `previousEventId`. Some events, such as
/// `TaskStateAborted`, name no state either; of several that may be meant, the first that is open is taken.
package struct ExecutionTrace: Sendable {
  /// The definition, where it is known. It brings the order of states, and the numbers of branches.
  package let machine: StateMachine?
  package internal(set) var events: [RecordedEvent] = []
  /// For each event, where it belongs.
  package internal(set) var places: [Place] = []
  /// The first is the machine itself.
  package internal(set) var frames: [Frame] = [Frame(parent: nil, owner: nil, role: .machine, first: 0)]
  package internal(set) var visits: [Visit] = []
  /// Every state that was entered, in the order of first entry; with a definition every state, in the definition's order.
  package internal(set) var states: [TracedState] = []

  // What placing the next event needs.
  var stateOfName: [String: Int] = [:]
  var eventOfID: [Int] = []
  /// The frame that has a number in our own lines now.
  var frameOfNumber: [Int: Int] = [:]
  var iterations: [Iteration: Int] = [:]
  /// States that the end of the execution has left open, for a redrive to go on with; the deepest first.
  var resumable: [Int] = []

  /// Where an event belongs.
  package struct Place: Sendable, Hashable {
    package var frame: Int
    /// nil for the events of the whole execution.
    package var visit: Int?
    /// The event before of the same visit.
    package var previousOfVisit: Int?
  }

  package enum Outcome: Sendable, Hashable { case running, succeeded, caught, failed, aborted }

  /// A place where states follow one another: the machine itself, a branch, or an iteration. Each has its own number, unlike the frames of an execution.
  package struct Frame: Sendable {
    package enum Role: Sendable, Hashable { case machine, branch(Int), iteration(Int) }
    /// The frame of the Parallel or Map state above.
    package var parent: Int?
    /// The visit of that state.
    package var owner: Int?
    package var role: Role
    /// Its first and its last event.
    package var first: Int
    package var last: Int
    package var outcome = Outcome.running
    /// The visit that has not exited, or that a failure has ended.
    var openVisit: Int?
    /// After each exit that sets variables: the event, and where each name of this frame was last set.
    var assignments: [(event: Int, sources: [String: Int])] = []

    init(parent: Int?, owner: Int?, role: Role, first: Int) {
      (self.parent, self.owner, self.role, self.first, self.last) = (parent, owner, role, first, first)
    }
  }

  /// From the entry of a state to its exit.
  package struct Visit: Sendable {
    /// The position in `states`.
    package var state: Int
    package var frame: Int
    /// The how manieth visit of this state it is, from 1.
    package var number: Int
    package var entered: Int
    /// The exit; nil while it runs, and when it failed.
    package var exited: Int?
    package var last: Int
    package var outcome = Outcome.running
    /// Attempts after the first.
    package var retries = 0
    /// The last failure within this visit.
    package var failure: Int?
    /// The branches or iterations, those of earlier attempts included.
    package var frames: [Int] = []
    /// How many items a Map has.
    package var length: Int?

    /// What `Parallel…` and `Map…` events belong to: one that has ended lets them pass to the one above.
    var isOver = false
    var hasAborted = false
    /// A failure since the last success: an exit is then the work of a catcher.
    var isFailing = false
    /// How many of `frames` belong to attempts before this one.
    var earlierFrames = 0
    var attempts = 0
  }

  /// A state, with all its visits.
  package struct TracedState: Sendable {
    package var name: String
    package var type: StateType
    /// The Parallel or Map state around it.
    package var owner: Int?
    package var visits: [Int] = []
    package var retries = 0
    /// Visits that ended so; those that run are in none.
    package var succeeded = 0
    package var caught = 0
    package var failed = 0
    package var aborted = 0
    /// Visits that have not ended.
    package var open: Int { visits.count - succeeded - caught - failed - aborted }
  }

  struct Iteration: Hashable {
    var visit: Int
    var index: Int
  }

  /// - Parameter definition: the machine that ran, if it is at hand.
  package init(_ history: RecordedHistory = RecordedHistory(), definition machine: StateMachine? = nil) {
    self.machine = machine
    if let machine {
      for state in machine.states {
        stateOfName[state.name] = states.count
        states.append(TracedState(name: state.name, type: state.type, owner: machine.subMachines[state.common.subMachine].owner))
      }
    }
    append(history.events)
  }

  /// Takes more events in, in the order of a history.
  package mutating func append(_ more: some Collection<RecordedEvent>) {
    events.reserveCapacity(events.count + more.count)
    places.reserveCapacity(places.count + more.count)
    for event in more { add(event) }
  }

  // MARK: Looking things up

  package var isEmpty: Bool { events.isEmpty }

  /// The step with this id; of an internal fact, the event that it follows from.
  package func step(withID id: EventID) -> Int? {
    guard eventOfID.indices.contains(id), eventOfID[id] >= 0 else { return nil }
    return eventOfID[id]
  }

  package func state(at step: Int) -> TracedState? { places[step].visit.map { states[visits[$0].state] } }
  package func visit(at step: Int) -> Visit? { places[step].visit.map { visits[$0] } }

  /// The frames from the machine itself down to this one.
  package func path(to frame: Int) -> [Int] {
    var path = [frame]
    while let parent = frames[path[path.count - 1]].parent { path.append(parent) }
    return path.reversed()
  }

  /// How deep a frame lies; the machine itself is 0.
  package func depth(of frame: Int) -> Int {
    var depth = 0
    var frame = frame
    while let parent = frames[frame].parent { (frame, depth) = (parent, depth + 1) }
    return depth
  }

  /// The branch or iteration of a frame as `Map[3] › Parallel[0]`, with the names of the states; empty for the machine itself.
  package func pathText(of frame: Int) -> String {
    path(to: frame).compactMap { number in
      guard let owner = frames[number].owner else { return nil }
      let name = states[visits[owner].state].name
      switch frames[number].role {
      case .machine: return nil
      case .branch(let index), .iteration(let index): return "\(name)[\(index)]"
      }
    }.joined(separator: " › ")
  }

  /// The step that the event follows from, its `previousEventId`.
  package func cause(of step: Int) -> Int? {
    guard let previous = events[step].previousID, previous != 0 else { return nil }
    return self.step(withID: previous)
  }

  /// The events of a visit in their order.
  package func steps(ofVisit visit: Int) -> [Int] {
    var steps: [Int] = []
    var step: Int? = visits[visit].last
    while let current = step {
      steps.append(current)
      step = places[current].previousOfVisit
    }
    return steps.reversed()
  }

  /// The states for an outline: those within a Parallel or Map state below it.
  package var outline: [(state: Int, depth: Int)] {
    var below: [Int: [Int]] = [:]
    for (number, state) in states.enumerated() { below[state.owner ?? -1, default: []].append(number) }
    var outline: [(state: Int, depth: Int)] = []
    func add(_ owner: Int, _ depth: Int) {
      for state in below[owner] ?? [] {
        outline.append((state, depth))
        add(state, depth + 1)
      }
    }
    add(-1, 0)
    return outline
  }

  /// How the execution stands after its last event.
  package var status: ExecutionStatus {
    switch events.last?.type.role {
    case nil: .notStarted
    case .executionSucceeded: .succeeded
    case .executionFailed: .failed
    case .executionAborted: .aborted
    case .executionTimedOut: .timedOut
    default: .running
    }
  }

  /// The time from the first event to the last, in microseconds.
  package var duration: Int64 {
    guard let first = events.first, let last = events.last else { return 0 }
    return last.timestamp.microseconds - first.timestamp.microseconds
  }

  /// The time of a visit in microseconds, up to its end or to the last event.
  package func duration(ofVisit visit: Int) -> Int64 {
    let end = visits[visit].outcome == .running ? events.count - 1 : visits[visit].last
    return events[end].timestamp.microseconds - events[visits[visit].entered].timestamp.microseconds
  }

  /// Whether the times of events are known: a history may lack them.
  package var hasTimes: Bool { events.contains { $0.hasTime } }
}

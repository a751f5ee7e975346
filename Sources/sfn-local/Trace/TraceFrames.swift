import StatesInterpreter

/// Which states are open where, and how a failure goes up from frame to frame. Made from events alone.
///
/// Few states write that they end when they fail: a Fail state in a branch is over once the Parallel state above meets its failure.
struct TraceFrames: Sendable {
  private struct Frame: Sendable {
    /// The state that was entered and has not ended.
    var state: Int?
    /// The frame of the Parallel or Map state above.
    var parent: Int?
    /// The last event from which a failure can follow, with the state that fails then.
    var last: (event: EventID, state: Int)?
  }
  private var frames: [Int: Frame] = [:]
  /// The frames that have had others below them, so that the many that have none are not searched for any.
  private var parents: Set<Int> = []
  /// The event that opens frames, with the frame of its state: the first states of these frames follow from it.
  private var opener: (event: EventID, frame: Int)?

  /// The open state of a frame.
  func state(of frame: Int) -> Int? { frames[frame]?.state }

  mutating func enter(_ state: Int, _ event: HistoryEvent) {
    if let opener, event.previousEventID == opener.event {
      frames[event.frame] = Frame(parent: opener.frame)
      parents.insert(opener.frame)
    }
    frames[event.frame, default: Frame()].state = state
    note(state, event)
  }

  /// Branches or iterations begin with what follows from this event.
  mutating func open(_ state: Int, _ event: HistoryEvent) {
    opener = (event.id, event.frame)
    note(state, event)
  }

  /// A failure that follows from this event is that of `state`.
  mutating func note(_ state: Int, _ event: HistoryEvent) {
    frames[event.frame, default: Frame()].last = (event.id, state)
  }

  /// Ends the open state of a frame, and all that is open below it.
  /// - Returns: the states with their frames, the deepest first.
  mutating func close(_ frame: Int) -> [(frame: Int, state: Int)] {
    var closed = closeBelow(frame)
    if let state = frames[frame]?.state {
      frames[frame]?.state = nil
      closed.append((frame, state))
    }
    return closed
  }

  /// Ends what is open below a frame.
  mutating func closeBelow(_ frame: Int) -> [(frame: Int, state: Int)] {
    guard parents.remove(frame) != nil else { return [] }
    var closed: [(frame: Int, state: Int)] = []
    for child in frames.keys.sorted() where frames[child]?.parent == frame {
      closed += close(child)
      // The number may be another frame's next.
      frames[child]?.parent = nil
    }
    return closed
  }

  /// Where the failure began that an event tells of.
  func origin(of event: HistoryEvent) -> (frame: Int, state: Int)? {
    for (number, frame) in frames {
      if let last = frame.last, last.event == event.previousEventID { return (number, last.state) }
    }
    return nil
  }

  /// A frame and those above it.
  func path(from frame: Int) -> Set<Int> {
    var path: Set<Int> = [frame]
    var frame = frame
    while let parent = frames[frame]?.parent, path.insert(parent).inserted { frame = parent }
    return path
  }
}

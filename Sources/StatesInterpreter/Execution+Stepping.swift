public import JSONTypes
public import StatesLanguage

/// How an execution is looked at and led, one state at a time.
extension Execution {
  /// A place where states follow one another, as it stands.
  public struct FrameView: Sendable, Hashable {
    /// As in `HistoryEvent.frame`.
    public var number: Int
    /// The frame of the Parallel or Map state above; -1 for the machine itself.
    public var parent: Int
    /// Which branch or iteration this is, from 0.
    public var index: Int
    /// The current state, by its number.
    public var state: Int
    /// The state was entered and is yet to run.
    public var isReady: Bool
    /// Branches or iterations run below.
    public var hasChildren: Bool
    /// The raw input of the state.
    public var input: JSONValue
    public var variables: [String: JSONValue]
    /// The open task, timer or Map Run; nil for none.
    public var effect: EventID?
    public var enteredEvent: EventID
    /// The event that the entry followed from.
    public var enteredAfter: EventID
    public var lastEvent: EventID
    public var enteredAt: Timestamp
    /// Retries used since the state was entered.
    public var retryCount: Int
  }

  /// All frames that run, by their numbers.
  public var activeFrames: [FrameView] { frames.indices.compactMap { frameView($0) } }

  public func frameView(_ number: Int) -> FrameView? {
    guard frames.indices.contains(number), frames[number].phase != .free, frames[number].state >= 0 else { return nil }
    let frame = frames[number]
    return FrameView(
      number: number, parent: frame.parent, index: frame.index, state: frame.state, isReady: frame.phase == .ready,
      hasChildren: frame.phase == .waiting && frame.children != nil, input: frame.data.value, variables: frame.variables,
      effect: frame.effect == 0 ? nil : frame.effect, enteredEvent: frame.enteredEvent, enteredAfter: frame.enteredAfter, lastEvent: frame.lastEvent,
      enteredAt: frame.enteredAt, retryCount: frame.retryCount)
  }

  /// The frame that an open effect belongs to; -1 for the lifetime of the whole execution, nil for an effect that is not open.
  public func frame(ofEffect id: EventID) -> Int? { effectFrames[id] }

  /// The frame whose state runs next; nil when none is ready.
  public var nextReadyFrame: Int? { ready[readyHead...].first(where: isStillReady)?.frame }

  /// Runs the state that one frame has entered, and no other: a turn whose place is chosen.
  ///
  /// What is ready elsewhere stays ready. `receive` alone takes the states in the order of their entry.
  public mutating func runState(ofFrame frame: Int, at now: Timestamp) -> [HistoryEvent] {
    guard status == .running, frames.indices.contains(frame), frames[frame].phase == .ready else { return [] }
    return turn(at: now) { execution throws(ExecutionEnd) in
      do throws(ExecutionEnd) { try execution.runState(of: frame) } catch { try execution.meet(error) }
    }
  }

  /// `$$` and `$states.context` of a frame's current state.
  public func contextObject(ofFrame frame: Int) -> JSONValue { frameView(frame) == nil ? .emptyObject : contextObject(frame) }

  /// The same execution with other random numbers from here on.
  package func reseeded(_ seed: UInt64) -> Execution {
    var other = self
    other.settings.seed = seed
    return other
  }

  /// The same execution but for what a history does not tell: its seed, its name and ARNs, exact times. Where the two differ in what they do
  /// next, a history cannot be repeated to the letter.
  package func estranged(by number: UInt64) -> Execution {
    var other = self
    let mark = "~\(number)"
    other.settings.seed = settings.seed ^ (0x9E37_79B9_7F4A_7C15 &* (number + 1))
    other.settings.name += mark
    other.settings.executionArn += mark
    other.settings.stateMachineName += mark
    other.settings.stateMachineArn += mark
    let shift = Int64(number + 1) * 1_001_000
    other.startedAt.microseconds += shift
    other.redrivenAt?.microseconds += shift
    for frame in other.frames.indices { other.frames[frame].enteredAt.microseconds += shift }
    return other
  }
}

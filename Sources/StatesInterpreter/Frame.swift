import JSONTypes
import StatesLanguage

/// A place where states follow one another: the machine itself, a branch of a Parallel state, or one iteration of a Map state.
struct Frame: Sendable, Hashable {
  enum Phase: Sendable, Hashable {
    /// The frame's number is free for another.
    case free
    /// A state was entered and is yet to run.
    case ready
    /// A timer, a task or other frames must end first.
    case waiting
    /// Between two events of one turn.
    case moving
  }

  var phase: Phase = .free
  var state = -1
  /// The frame of the Parallel or Map state above; -1 for the machine itself.
  var parent = -1
  /// Which branch or iteration this is.
  var index = 0
  var subMachine = 0
  /// The event that the next one follows from.
  var lastEvent: EventID = 0
  var enteredEvent: EventID = 0
  /// The event that the entry followed from.
  var enteredAfter: EventID = 0
  var enteredAt = Timestamp(microseconds: 0)
  /// The raw input of the current state; after a state has ended, its output.
  var data = Payload(.null, bytesAtMost: 4)
  /// The open effect of this frame; 0 for none.
  var effect: EventID = 0
  /// Retries used of each entry of `Retry`, since the state was entered; empty while none was used.
  var retryCounts: [Int] = []
  /// The attempt at the current Task state that has ended without a result.
  var earlierAttempt: TaskCall.EarlierAttempt?
  var variables: [String: JSONValue] = [:]
  /// The item of a Map iteration, for `$$.Map.Item.Value`.
  var item: JSONValue?
  /// What the current state shall have as its result or output instead of its own; empty unless somebody has said so.
  var changes: [DataChange] = []
  /// The branches or iterations of the Parallel or Map state that runs here.
  var children: Children?

  var retryCount: Int { retryCounts.reduce(0, +) }
}

/// All frames of an execution, with the numbers that are free among them.
struct FrameTable: Sendable, Hashable {
  var frames: [Frame]
  var free: [Int]
}

/// A state that was entered and is yet to run.
struct ReadyState: Sendable, Hashable {
  var frame: Int
  /// The event of the entry; the frame may have been left, and entered anew, since.
  var enteredEvent: EventID
}

/// How far a Parallel or Map state is.
struct Children: Sendable, Hashable {
  /// The items of a Map; empty for a Parallel state.
  var start: MapStart?
  var outputs: [JSONValue]
  /// At most as many bytes as all outputs have as one array.
  var outputBytes = 2
  /// The next item to start.
  var next = 0
  var running = 0
  var succeeded = 0
  var failed = 0
  /// Outputs that failed iterations left out.
  var isMissing: Set<Int> = []
  /// The last event within the iteration that ended last: the next iteration follows from it.
  var lastInner: EventID = 0

  init(count: Int, start: MapStart? = nil) {
    self.start = start
    outputs = Array(repeating: .null, count: count)
  }

  var isFinished: Bool { succeeded + failed == outputs.count }
}

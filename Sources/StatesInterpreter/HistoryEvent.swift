public import JSONTypes
public import StatesLanguage

/// The id of a history event: dense, from 1.
public typealias EventID = Int

/// One fact about an execution. The facts in their order are the execution; everything else is a view of them.
///
/// Types, ids and `previousEventID` are those of the service's histories. What the service keeps to itself but a replay needs
/// stands in facts of its own (`Kind.isInternal`): they take no id, and `GetExecutionHistory` leaves them out.
///
/// Source: AWS Step Functions API Reference, HistoryEvent; recorded histories.
public struct HistoryEvent: Sendable, Hashable {
  /// An internal fact bears the id of the event that it follows from.
  public var id: EventID
  /// The event that this one follows from: its cause, not its neighbour in time. 0 for the first ones.
  public var previousEventID: EventID
  public var timestamp: Timestamp
  /// The frame it concerns: the machine itself is 0, a branch or iteration has a number while it runs.
  public var frame: Int
  public var kind: Kind

  public enum Kind: Sendable, Hashable {
    case executionStarted(input: Payload)
    case executionSucceeded(output: Payload)
    case executionFailed(ErrorOutput)
    case executionAborted(ErrorOutput)
    case executionTimedOut(ErrorOutput)

    /// A failed execution goes on at the states that it did not leave.
    case executionRedriven(count: Int)
    /// Internal: the program that ran the execution ended before it, and another one goes on with it. Timers and open tasks are as they were.
    case executionResumed
    /// Internal: the facts before are those of another execution, up to an event of it; what follows is this one's own.
    case executionForked(from: String, event: EventID)

    case stateEntered(state: Int, input: Payload)
    case stateExited(state: Int, output: Payload, assigned: JSONObject?, transition: Transition)
    case stateAborted(state: Int)

    /// `TaskScheduled`, or `LambdaFunctionScheduled` and `ActivityScheduled` for these resources; so the events that follow.
    case taskScheduled(state: Int, TaskSchedule)
    /// The worker is known for activities, when it has given its name.
    case taskStarted(state: Int, worker: String?)
    case taskSubmitted(state: Int, output: Payload)
    case taskSucceeded(state: Int, output: Payload)
    case taskFailed(state: Int, ErrorOutput)
    case taskTimedOut(state: Int, ErrorOutput)

    /// An expression of JSONata failed; the location names the field.
    case evaluationFailed(state: Int, location: String?, ErrorOutput)

    case parallelStateStarted(state: Int)
    case parallelStateSucceeded(state: Int)
    case parallelStateFailed(state: Int)

    case mapStateStarted(state: Int, MapStart)
    case mapIterationStarted(state: Int, index: Int)
    case mapIterationSucceeded(state: Int, index: Int)
    case mapIterationFailed(state: Int, index: Int)
    case mapIterationAborted(state: Int, index: Int)
    case mapStateSucceeded(state: Int)
    case mapStateFailed(state: Int)

    /// A distributed Map has handed its items over; its children have histories of their own.
    case mapRunStarted(state: Int, MapRunStart)
    case mapRunSucceeded(state: Int)
    case mapRunFailed(state: Int, ErrorOutput)

    /// Internal: a Wait state goes on at this moment.
    case waitStarted(until: Timestamp)
    /// Internal: the state runs again at this moment, by this entry of its `Retry`.
    case retryScheduled(retrier: Int, until: Timestamp, ErrorOutput)

    /// Whether the service's histories lack this fact.
    public var isInternal: Bool {
      switch self {
      case .waitStarted, .retryScheduled, .executionResumed, .executionForked: true
      default: false
      }
    }

    /// Whether nothing follows.
    public var endsExecution: Bool {
      switch self {
      case .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut: true
      default: false
      }
    }
  }

  public init(id: EventID, previousEventID: EventID, timestamp: Timestamp, frame: Int, kind: Kind) {
    self.id = id
    self.previousEventID = previousEventID
    self.timestamp = timestamp
    self.frame = frame
    self.kind = kind
  }
}

/// A value as it passes between states, with a bound on its size.
public struct Payload: Sendable, Hashable {
  public var value: JSONValue
  /// The JSON text of the value has at most this many bytes of UTF-8: edits add to it, and only when it passes the limit is the text measured.
  public var bytesAtMost: Int

  public init(_ value: JSONValue, bytesAtMost: Int) {
    self.value = value
    self.bytesAtMost = bytesAtMost
  }

  /// Measures the value.
  public init(measuring value: JSONValue) {
    self.init(value, bytesAtMost: value.jsonByteCount)
  }
}

/// What is asked of a task's resource.
public struct TaskSchedule: Sendable, Hashable {
  /// The task's input: `Parameters` applied.
  public var parameters: Payload
  public var timeoutSeconds: Int?
  public var heartbeatSeconds: Int?
  /// The role that `Credentials` names.
  public var credentials: JSONValue?
  public var taskToken: String?
}

/// What a Map state set out to do.
public struct MapStart: Sendable, Hashable {
  /// The items, or batches of items, one for each iteration. A distributed Map has none here.
  public var items: [JSONValue]
  /// How many items the event names: those at hand, 0 when an ItemReader is to read them.
  public var length: Int
  /// The state's input after `InputPath`, which `ItemSelector` sees.
  public var effectiveInput: JSONValue
  /// Iterations at a time.
  public var maxConcurrency: Int
  /// Failed iterations that do not fail the state; nil when the definition names none.
  public var toleratedFailureCount: Int?
  public var toleratedFailurePercentage: Double?
}

public import JSONTypes
public import StatesInterpreter

/// The first thing in which a definition goes another way than a recording.
public struct ReplayDifference: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Something else happens: another event, or another state.
    case event
    /// A task is asked for something else: its input, parameters or deadlines.
    case parameters
    /// A task has another resource.
    case resource
    /// Another input or output, other variables, another number of items.
    case data
    /// Another error or cause.
    case error
    /// A wait of another length.
    case timing
    /// The event follows from another one.
    case order
  }

  public var kind: Kind
  /// nil: the recording has ended.
  public var recorded: RecordedEvent?
  /// nil: nothing happens here.
  public var actual: HistoryEvent?
  /// `actual` as the service would have it.
  public var actualJSON: JSONValue?
  /// What both mean: `The recording …; this definition …`.
  public var recordedMeaning: String
  public var actualMeaning: String
  /// The places in the events' data.
  public var values: [JSONDifference]
  /// The state of the definition that it is about.
  public var state: Int?
}

/// What came of replaying a recording.
public struct ReplayReport: Sendable {
  /// Events that agree, from the first.
  public var agreeing: Int
  /// Events of the recording.
  public var recorded: Int
  /// Whether the recording ends with the execution's end.
  public var isComplete: Bool
  /// nil: no difference.
  public var difference: ReplayDifference?
  /// Differences that were to be ignored.
  public var ignored: [ReplayDifference]
  /// Values taken over from the recording, since they follow from random numbers, names or exact times.
  public var adopted: Int
  public var execution: Execution
  /// What this definition did, as far as it was led.
  public var history: [HistoryEvent]
}

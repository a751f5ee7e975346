package import ExecutionTraces
package import JSONTypes
package import StatesInterpreter

/// The first thing in which a definition goes another way than a recording.
package struct ReplayDifference: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
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

  package var kind: Kind
  /// nil: the recording has ended.
  package var recorded: Recording.Event?
  /// nil: nothing happens here.
  package var actual: HistoryEvent?
  /// `actual` as the service would have it.
  package var actualJSON: JSONValue?
  /// What both mean: `The recording …; this definition …`.
  package var recordedMeaning: String
  package var actualMeaning: String
  /// The places in the events' data.
  package var values: [JSONChange]
  /// The state of the definition that it is about.
  package var state: Int?
}

/// What came of replaying a recording.
package struct ReplayReport: Sendable {
  /// Events that agree, from the first.
  package var agreeing: Int
  /// Events of the recording.
  package var recorded: Int
  /// Whether the recording ends with the execution's end.
  package var isComplete: Bool
  /// nil: no difference.
  package var difference: ReplayDifference?
  /// Differences that were to be ignored.
  package var ignored: [ReplayDifference]
  /// Values taken over from the recording, since they follow from random numbers, names or exact times.
  package var adopted: Int
  package var execution: Execution
  /// What this definition did, as far as it was led.
  package var history: [HistoryEvent]
}

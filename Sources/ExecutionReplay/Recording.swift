package import ExecutionTraces
package import JSONTypes
package import StatesLanguage

/// A history that can be replayed: it begins with `ExecutionStarted` and has no gaps, nor more events than were read.
package struct Recording: Sendable, Hashable {
  /// An event, as it was written down.
  package struct Event: Sendable, Hashable {
    package var id: Int
    /// nil where the recording does not say.
    package var previousEventID: Int?
    /// nil where the recording has no times.
    package var timestamp: Timestamp?
    /// `TaskStateEntered`, `LambdaFunctionSucceeded`, …
    package var type: String
    /// The execution ends with it, unless it is redriven.
    package var endsExecution: Bool
    /// The member `…EventDetails`, with payloads as JSON texts; empty without one.
    package var details: JSONObject
    /// The whole event.
    package var json: JSONValue
    /// The state that the event names.
    package var stateName: String?
  }

  /// By their ids, from 1 on, without internal facts.
  package private(set) var events: [Event]

  /// - Throws: what is missing, and how to get it.
  package init(_ history: RecordedHistory) throws(RecordingError) {
    events = history.events.lazy.filter { !$0.type.isInternal }.map { Event($0) }
    guard let first = events.first, let last = events.last else {
      throw RecordingError("the history has no events; expected at least ExecutionStarted")
    }
    guard first.id == 1, first.type == "ExecutionStarted" else {
      throw RecordingError(
        "the first event is \(first.type) with the id \(first.id), expected ExecutionStarted with the id 1: the beginning of the history is missing")
    }
    if let gaps = history.gapText { throw RecordingError("\(gaps); a history with gaps cannot be replayed") }
    if history.isPartial, !last.endsExecution {
      throw RecordingError(
        "the history goes on after event \(last.id) (it has a \"nextToken\"): fetch all pages, and put them into one file, one after another")
    }
  }

  /// Whether the last event ends the execution.
  package var isComplete: Bool { events.last?.endsExecution ?? false }

  /// The role that the recording names.
  package var roleARN: String? { events.first?.details["roleArn"]?.asString }
}

/// Why a history cannot be replayed.
package struct RecordingError: Error, Sendable, Hashable {
  /// What was expected and what came, as a sentence without a full stop.
  package let message: String

  init(_ message: String) { self.message = message }
}

extension Recording.Event {
  init(_ event: RecordedEvent) {
    id = event.id
    previousEventID = event.previousID
    timestamp = event.hasTime ? event.timestamp : nil
    type = event.type.name
    endsExecution = event.type.endsExecution
    json = event.json
    details = json[event.type.detailsKey]?.asObject ?? [:]
    stateName = event.stateName
  }
}

extension JSONChange {
  /// At most this many places are told.
  private static let mostDifferences = 100

  /// Where a recorded value and ours differ.
  static func differences(_ recorded: JSONValue, _ actual: JSONValue) -> [JSONChange] {
    changes(from: recorded, to: actual, limit: mostDifferences)
  }
}

extension String {
  /// The type without what it is about: `TaskSucceeded` and `LambdaFunctionSucceeded` both give `Succeeded`; nil for events of other things than tasks.
  var taskPhase: String? {
    for family in ["Task", "LambdaFunction", "Activity"] where hasPrefix(family) {
      let phase = String(dropFirst(family.count))
      if phase.hasPrefix("State") { return nil }
      return phase
    }
    return nil
  }

  /// A failure that the service tells apart, as one that we write down.
  var asWrittenHere: String {
    for suffix in ["ScheduleFailed", "StartFailed", "SubmitFailed"] where taskPhase == suffix { return dropLast(suffix.count) + "Failed" }
    return self
  }
}

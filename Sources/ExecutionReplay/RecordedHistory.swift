public import JSONTypes
public import StatesLanguage

/// An event of a recorded history, as it was written down.
public struct RecordedEvent: Sendable, Hashable {
  public var id: Int
  /// nil where the recording does not say.
  public var previousEventID: Int?
  /// nil where the recording has no times.
  public var timestamp: Timestamp?
  /// `TaskStateEntered`, `LambdaFunctionSucceeded`, …
  public var type: String
  /// The member `…EventDetails`; empty without one.
  public var details: JSONObject
  /// The whole event.
  public var json: JSONValue

  /// The state that the event names.
  public var stateName: String? { details["name"]?.asString ?? (type == "EvaluationFailed" ? details["state"]?.asString : nil) }
}

/// A history that somebody recorded: the answer of `GetExecutionHistory`, one page of it or several, or the lines of `run --json`.
public struct RecordedHistory: Sendable, Hashable {
  /// By their ids, without internal facts.
  public var events: [RecordedEvent]

  /// Why a text is no history: what was expected, what came, and where.
  public struct ReadError: Error, Sendable, Hashable {
    public var message: String
  }

  /// The types of facts that only our own lines have.
  static let internalTypes: Set<String> = ["WaitStarted", "RetryScheduled", "DataChanged", "ExecutionResumed", "ExecutionForked"]

  /// Reads `{"events": […]}`, a list of events, or one of these or an event a line. The events may stand in any order.
  public init(parsing text: String) throws(ReadError) {
    var values: [JSONValue] = []
    do throws(JSONSyntaxError) {
      values = [try JSONValue(parsing: text)]
    } catch let whole {
      for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
        if line.allSatisfy(\.isWhitespace) { continue }
        do throws(JSONSyntaxError) {
          values.append(try JSONValue(parsing: String(line)))
        } catch {
          // A text over many lines is judged as a whole.
          if values.isEmpty { throw ReadError(message: "line \(whole.line), column \(whole.column): not JSON: \(whole.message)") }
          throw ReadError(message: "line \(number + 1), column \(error.column): not JSON: \(error.message)")
        }
      }
    }
    try self.init(values)
  }

  init(_ values: [JSONValue]) throws(ReadError) {
    var found: [JSONValue] = []
    var hasMore = false
    for value in values {
      switch value {
      case .array(let list): found += list
      case .object(let object):
        if let list = object["events"] {
          guard case .array(let list) = list else { throw ReadError(message: "expected an array as \"events\", found \(list.typeName)") }
          found += list
          if case .string? = object["nextToken"] { hasMore = true }
        } else if object["type"] != nil {
          found.append(value)
        } else {
          throw ReadError(
            message: "expected a history, {\"events\": […]} as of `aws stepfunctions get-execution-history` or the lines of `sfn-local run --json`, "
              + "found an object with \(object.isEmpty ? "no members" : object.prefix(5).map { "\"\($0.key)\"" }.joined(separator: ", "))")
        }
      default: throw ReadError(message: "expected a history, {\"events\": […]}, found \(value.typeName)")
      }
    }
    var events: [RecordedEvent] = []
    for (index, value) in found.enumerated() {
      guard let event = try Self.event(value, number: index + 1) else { continue }
      events.append(event)
    }
    events.sort { $0.id < $1.id }
    guard let first = events.first, let last = events.last else { throw ReadError(message: "the history has no events") }
    for (left, right) in zip(events, events.dropFirst()) where left.id == right.id {
      throw ReadError(message: "two events have the id \(left.id): \(left.type) and \(right.type); the file holds more than one history")
    }
    guard first.type == "ExecutionStarted" else {
      throw ReadError(
        message: "the first event is \(first.type) with the id \(first.id), expected ExecutionStarted with the id 1: the beginning of the history is missing")
    }
    if last.id != events.count {
      let gap = zip(1..., events).first { $0 != $1.id }?.0 ?? 0
      throw ReadError(message: "the event with the id \(gap) is missing: the history has gaps")
    }
    if hasMore, !last.type.endsHistory {
      throw ReadError(message: "the history goes on after event \(last.id) (it has a \"nextToken\"): fetch all pages, and put them into one file, one after another")
    }
    self.events = events
  }

  private static func event(_ value: JSONValue, number: Int) throws(ReadError) -> RecordedEvent? {
    guard case .object(let object) = value else { throw ReadError(message: "event \(number): expected an object, found \(value.typeName)") }
    guard case .string(let type)? = object["type"] else { throw ReadError(message: "event \(number): expected a text as \"type\", found \(object["type"]?.jsonText ?? "nothing")") }
    if internalTypes.contains(type) { return nil }
    guard let id = object["id"]?.asInt, id > 0 else {
      throw ReadError(message: "event \(number) (\(type)): expected a number from 1 as \"id\", found \(object["id"]?.jsonText ?? "nothing")")
    }
    var details: JSONObject = [:]
    for (key, value) in object where key.hasSuffix("EventDetails") { if case .object(let own) = value { details = own } }
    return RecordedEvent(
      id: Int(id), previousEventID: object["previousEventId"]?.asInt.map { Int($0) }, timestamp: object["timestamp"].flatMap(moment), type: type,
      details: details, json: value)
  }

  /// A text of RFC 3339, or seconds since 1970 as older versions of the `aws` command print them.
  private static func moment(_ value: JSONValue) -> Timestamp? {
    if case .string(let text) = value { return Timestamp(iso8601: text) }
    guard let seconds = value.asDouble, abs(seconds) < 1e12 else { return nil }
    return Timestamp(microseconds: Int64((seconds * 1e6).rounded()))
  }

  /// Whether the last event ends the execution.
  public var isComplete: Bool { events.last?.type.endsHistory ?? false }

  /// The role that the recording names.
  public var roleARN: String? { events.first?.details["roleArn"]?.asString }
}

extension JSONValue {
  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int, .double, .bigInteger: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension String {
  /// The event of this type is the last, unless the execution is redriven.
  var endsHistory: Bool { ["ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"].contains(self) }

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

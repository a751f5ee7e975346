import ExecutionTraces
import JSONTypes

/// What of an event's details can be compared: payloads as values, without what only the service knows.
struct ComparableEvent {
  /// Payloads; they may be left out of a recording.
  static let payloads = ["input", "output", "parameters"]
  /// Members of their own name; absent is as good as an empty text.
  static let facts = [
    "name", "index", "length", "error", "cause", "location", "state", "redriveCount", "resourceType", "resource", "timeoutInSeconds",
    "heartbeatInSeconds",
  ]

  var type: String
  var members: JSONObject

  init(type: String, details: JSONObject) {
    self.type = type
    members = [:]
    for key in Self.facts { if let value = details[key], value != "" { members[key] = value } }
    for key in Self.payloads {
      guard let value = details[key], details[key + "Details"]?["truncated"] != true else { continue }
      members[key] = Self.payload(value)
    }
    if case .object(let assigned)? = details["assignedVariables"] { members["assignedVariables"] = .object(assigned.mapValues(Self.payload)) }
  }

  /// A payload stands as a JSON text.
  static func payload(_ value: JSONValue) -> JSONValue {
    guard case .string(let text) = value else { return value }
    do throws(JSONSyntaxError) { return try JSONValue(parsing: text) } catch { return value }
  }

  /// Where two events of the same kind differ.
  /// - Parameter recorded: what it lacks of payloads was not recorded, and agrees with anything.
  static func differences(_ recorded: ComparableEvent, _ actual: ComparableEvent) -> [JSONChange] {
    var actual = actual
    var recorded = recorded
    for key in payloads where recorded.members[key] == nil { actual.members[key] = nil }
    // A payload that the service could not read again stands beside nothing of ours.
    for key in payloads where actual.members[key] == nil { recorded.members[key] = nil }
    return JSONChange.differences(.object(recorded.members), .object(actual.members))
  }
}

package import JSONTypes
package import StatesInterpreter
package import StatesLanguage

/// One event of a history that was read back: as the service has it, or as `sfn-local run --json` prints it.
package struct RecordedEvent: Sendable {
  /// An internal fact bears the id of the event that it follows from.
  package let id: EventID
  /// The event that this one follows from, 0 for none; nil where the recording does not say.
  package let previousID: EventID?
  /// 0 where the recording has no times.
  package let timestamp: Timestamp
  package let type: EventType
  /// The number of the frame where the line names one: our own lines do, the service's do not. Numbers are used again.
  package let frameNumber: Int?
  /// What the service calls the event's details.
  package let details: JSONObject
  /// Whether payloads stand in the details as JSON texts, as the service has them, or as values.
  let payloadsAreTexts: Bool

  package init(
    id: EventID, previousID: EventID?, timestamp: Timestamp, type: EventType, frameNumber: Int?, details: JSONObject, payloadsAreTexts: Bool = true
  ) {
    self.id = id
    self.previousID = previousID
    self.timestamp = timestamp
    self.type = type
    self.frameNumber = frameNumber
    self.details = details
    self.payloadsAreTexts = payloadsAreTexts
  }
}

/// A value as a history has it.
package struct RecordedPayload: Sendable, Hashable {
  package var value: JSONValue
  /// The service has cut the text off; the value is then what is left of it, as a string.
  package var isTruncated = false
  /// It is no JSON: the value is the text as a string.
  package var isPlainText = false

  package init(_ value: JSONValue, isTruncated: Bool = false, isPlainText: Bool = false) {
    self.value = value
    self.isTruncated = isTruncated
    self.isPlainText = isPlainText
  }
}

extension RecordedEvent {
  /// The name of the state that the event says it is about; of an iteration, the Map's.
  package var stateName: String? { (details["name"] ?? (type.role == .evaluationFailed ? details["state"] : nil))?.asString }

  /// The index of an iteration.
  package var iterationIndex: Int? { details["index"]?.asInt.map { Int($0) } }

  /// The raw input of a state or of the execution.
  package var input: RecordedPayload? {
    switch type.role {
    case .stateEntered, .executionStarted: payload("input")
    default: nil
    }
  }

  /// The output of a state or of the execution.
  package var output: RecordedPayload? {
    switch type.role {
    case .stateExited, .executionSucceeded: payload("output")
    default: nil
    }
  }

  /// What a task was asked: `Parameters` or `Arguments` applied.
  package var parameters: RecordedPayload? {
    guard type.role == .scheduled else { return nil }
    return payload("parameters") ?? payload("input")
  }

  /// What a task has answered, or what its service said when it took the task in.
  package var result: RecordedPayload? {
    switch type.role {
    case .succeeded, .submitted: payload("output")
    default: nil
    }
  }

  /// The variables that a state set as it ended.
  package var assigned: [(name: String, payload: RecordedPayload)] {
    guard type.role == .stateExited, case .object(let variables)? = details["assignedVariables"] else { return [] }
    let isTruncated = details["assignedVariablesDetails"]?["truncated"]?.asBool == true
    return variables.map { ($0.key, read($0.value, isTruncated: isTruncated)) }
  }

  /// The names of the variables that a state set, without reading their values.
  var assignedNames: [String] {
    guard type.role == .stateExited, case .object(let variables)? = details["assignedVariables"] else { return [] }
    return Array(variables.keys)
  }

  func assigned(_ name: String) -> RecordedPayload? {
    details["assignedVariables"]?[name].map { read($0, isTruncated: details["assignedVariablesDetails"]?["truncated"]?.asBool == true) }
  }

  /// The error and cause that the event names; nil when it names none.
  package var error: ErrorOutput? {
    let error = details["error"]?.asString
    let cause = details["cause"].map { $0.asString ?? $0.jsonText }
    return error == nil && cause == nil ? nil : ErrorOutput(error: error, cause: cause)
  }

  /// The resource of a task, as the event names it: `lambda:invoke`, or an ARN.
  package var resource: String? {
    guard let resource = details["resource"]?.asString else { return nil }
    return details["resourceType"]?.asString.map { "\($0):\(resource)" } ?? resource
  }

  /// Until when a Wait state or a retry waits; our own facts say so.
  package var until: Timestamp? { details["until"]?.asString.flatMap { Timestamp(iso8601: $0) } }

  /// Whether the recording says when it happened.
  package var hasTime: Bool { timestamp.microseconds != 0 }

  /// The event as the service's answer has it, with the frame where it was named. What the recording does not say is not there.
  package var json: JSONValue {
    var object: JSONObject = [:]
    if hasTime { object["timestamp"] = .string(Self.text(timestamp)) }
    object["type"] = .string(type.name)
    object["id"] = .int(Int64(id))
    if let previousID { object["previousEventId"] = .int(Int64(previousID)) }
    if !details.isEmpty { object[type.detailsKey] = .object(payloadsAreTexts ? details : detailsWithTexts) }
    if let frameNumber { object["frame"] = .int(Int64(frameNumber)) }
    return .object(object)
  }

  /// A moment as the AWS command line prints it.
  static func text(_ time: Timestamp) -> String { time.iso8601.dropLast() + "000+00:00" }

  private static let payloadKeys = ["input", "output", "parameters"]

  private var detailsWithTexts: JSONObject {
    var details = details
    for key in Self.payloadKeys {
      guard let value = details[key] else { continue }
      details[key] = .string(value.jsonText)
      if key != "parameters" { details[key + "Details"] = ["truncated": false] }
    }
    if case .object(let variables)? = details["assignedVariables"] {
      details["assignedVariables"] = .object(variables.mapValues { .string($0.jsonText) })
      details["assignedVariablesDetails"] = ["truncated": false]
    }
    return details
  }

  private func payload(_ key: String) -> RecordedPayload? {
    details[key].map { read($0, isTruncated: details[key + "Details"]?["truncated"]?.asBool == true) }
  }

  private func read(_ value: JSONValue, isTruncated: Bool) -> RecordedPayload {
    guard payloadsAreTexts, case .string(let text) = value else { return RecordedPayload(value, isTruncated: isTruncated) }
    if isTruncated { return RecordedPayload(value, isTruncated: true, isPlainText: true) }
    do throws(JSONSyntaxError) {
      return RecordedPayload(try JSONValue(parsing: text))
    } catch {
      return RecordedPayload(value, isPlainText: true)
    }
  }
}

import JSONTypes
import StatesInterpreter
import StatesLanguage

/// Takes events out of JSON documents. A place in the text is looked for only when something is wrong there.
struct HistoryReader {
  let bytes: [UInt8]
  private(set) var events: [RecordedEvent] = []
  private(set) var isPartial = false
  /// Where events come from: the first event of each document or page, with its path.
  private var origins: [(first: Int, path: [JSONTextPlace.Step], isList: Bool)] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// - Parameter path: where the document stands; the text is taken as an array of all its documents.
  mutating func read(_ document: JSONValue, at path: [JSONTextPlace.Step]) throws(RecordedHistoryError) {
    switch document {
    case .object(let object):
      if case .array(let list)? = object["events"] {
        try read(list, at: path + [.member("events")])
        isPartial = !(object["nextToken"]?.isNull ?? true)
      } else if object["type"] != nil, object["id"] != nil {
        origins.append((events.count, path, false))
        events.append(try event(object, at: path))
      } else {
        throw error(Self.refusal(of: object), at: path)
      }
    case .array(let elements):
      if elements.first?["events"] != nil {
        for (number, page) in elements.enumerated() { try read(page, at: path + [.element(number)]) }
      } else {
        try read(elements, at: path)
      }
    default: throw error("expected the events of an execution, found \(document.typeName)", at: path)
    }
  }

  private mutating func read(_ list: [JSONValue], at path: [JSONTextPlace.Step]) throws(RecordedHistoryError) {
    origins.append((events.count, path, true))
    events.reserveCapacity(events.count + list.count)
    for (number, element) in list.enumerated() {
      guard case .object(let object) = element else {
        throw error("expected an event, found \(element.typeName)", at: path + [.element(number)])
      }
      events.append(try event(object, at: path + [.element(number)]))
    }
  }

  /// What a file may be that is no history.
  private static func refusal(of object: JSONObject) -> String {
    let wanted = "expected a history: {\"events\": […]} as aws stepfunctions get-execution-history prints it, or the lines of sfn-local run --json"
    if object["States"] != nil { return wanted + "; this is a definition, which --definition takes" }
    if object["executionArn"] != nil { return wanted + "; this is the answer of DescribeExecution" }
    return wanted
  }

  private func event(_ object: JSONObject, at path: @autoclosure () -> [JSONTextPlace.Step]) throws(RecordedHistoryError) -> RecordedEvent {
    var id: Int?
    var previous: Int?
    var type: EventType?
    var timestamp: Timestamp?
    var frame: Int?
    var details: JSONObject = [:]
    for (key, value) in object {
      switch key {
      case "id": id = try number(value, key, at: path(), from: 1)
      case "previousEventId": if !value.isNull { previous = try number(value, key, at: path(), from: 0) }
      case "frame": frame = try number(value, key, at: path(), from: 0)
      case "type":
        guard case .string(let name) = value else { throw error("expected the type of an event as a string, found \(value.typeName)", at: path() + [.member(key)]) }
        type = EventType.named(name)
      case "timestamp":
        guard let time = Self.time(value) else {
          throw error("expected a time as RFC 3339 or in seconds since 1970, found \(Self.shown(value))", at: path() + [.member(key)])
        }
        timestamp = time
      default: if case .object(let found) = value, key.hasSuffix("EventDetails") { details = found }
      }
    }
    guard let id else { throw error("an event has no id", at: path()) }
    guard let type else { throw error("the event \(id) has no type", at: path()) }
    if let previous, previous > id { throw error("the event \(id) follows from \(previous), which comes later", at: path() + [.member("previousEventId")]) }
    return RecordedEvent(
      id: id, previousID: previous, timestamp: timestamp ?? Timestamp(microseconds: 0), type: type, frameNumber: frame, details: details)
  }

  private func number(
    _ value: JSONValue, _ key: String, at path: @autoclosure () -> [JSONTextPlace.Step], from least: Int
  ) throws(RecordedHistoryError) -> Int {
    guard let number = value.asInt, number >= least, number <= Int32.max else {
      throw error("expected an integer from \(least) for \(key), found \(Self.shown(value))", at: path() + [.member(key)])
    }
    return Int(number)
  }

  /// A time as the `aws` command prints it in its second version, or as numbers, as its first version and other clients do.
  private static func time(_ value: JSONValue) -> Timestamp? {
    switch value {
    case .string(let text): Timestamp(iso8601: text)
    case .int(let seconds): abs(seconds) < 1 << 40 ? Timestamp(microseconds: seconds * 1_000_000) : nil
    case .double(let seconds): seconds.magnitude < 0x1p40 ? Timestamp(microseconds: Int64((seconds * 1_000_000).rounded())) : nil
    default: nil
    }
  }

  private static func shown(_ value: JSONValue) -> String {
    let text = value.jsonText
    return text.count > 60 ? text.prefix(60) + "…" : text
  }

  // MARK: Places

  func place(ofEvent position: Int) -> (line: Int, column: Int) {
    guard let origin = origins.last(where: { $0.first <= position }) else { return (1, 1) }
    return JSONTextPlace.find(origin.isList ? origin.path + [.element(position - origin.first)] : origin.path, in: bytes)
  }

  private func error(_ message: String, at path: [JSONTextPlace.Step]) -> RecordedHistoryError {
    let place = JSONTextPlace.find(path, in: bytes)
    return RecordedHistoryError(message, line: place.line, column: place.column)
  }
}

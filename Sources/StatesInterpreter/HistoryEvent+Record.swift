package import JSONTypes
import StatesLanguage

/// Facts as records: what a store keeps of them. Unlike the service's events a record loses nothing, so that a replay of what was read
/// gives the same execution.
///
/// A record is a JSON object: `kind`, `id`, `previous`, `time` (microseconds since 1970), `frame`, and the members of its kind. States stand
/// as their numbers in the machine. `docs/store.md` lists the members.
extension HistoryEvent {
  /// The fact as a record.
  package var record: JSONValue {
    var object: JSONObject = [
      "kind": .string(kind.word), "id": .int(Int64(id)), "previous": .int(Int64(previousEventID)), "time": .int(timestamp.microseconds),
      "frame": .int(Int64(frame)),
    ]
    kind.write(to: &object)
    return .object(object)
  }

  /// Reads a record.
  /// - Throws: which member is missing, or is not what it must be.
  package init(record: JSONValue) throws(RecordProblem) {
    let reader = RecordReader(record)
    self.init(
      id: try reader.int("id"), previousEventID: try reader.int("previous"), timestamp: try reader.time("time"), frame: try reader.int("frame"),
      kind: try Kind(reader))
  }
}

/// Why a record cannot be read.
package struct RecordProblem: Error, Hashable, Sendable {
  package var message: String
}

extension HistoryEvent.Kind {
  fileprivate func write(to object: inout JSONObject) {
    switch self {
    case .executionStarted(let payload), .executionSucceeded(let payload): object.write(payload)
    case .executionFailed(let error), .executionAborted(let error), .executionTimedOut(let error): object.write(error)
    case .executionRedriven(let count): object["count"] = .int(Int64(count))
    case .executionResumed: break
    case .executionForked(let arn, let event):
      object["from"] = .string(arn)
      object["event"] = .int(Int64(event))
    case .stateEntered(let state, let input):
      object.write(state: state)
      object.write(input)
    case .stateExited(let state, let output, let assigned, let transition):
      object.write(state: state)
      if case .next(let next) = transition { object["next"] = .int(Int64(next)) }
      if let assigned { object["assigned"] = .object(assigned) }
      object.write(output)
    case .stateAborted(let state), .parallelStateStarted(let state), .parallelStateSucceeded(let state), .parallelStateFailed(let state),
      .mapStateSucceeded(let state), .mapStateFailed(let state), .mapRunSucceeded(let state):
      object.write(state: state)
    case .taskScheduled(let state, let schedule):
      object.write(state: state)
      object.write(optional: schedule.timeoutSeconds, "timeoutSeconds")
      object.write(optional: schedule.heartbeatSeconds, "heartbeatSeconds")
      if let credentials = schedule.credentials { object["credentials"] = credentials }
      if let token = schedule.taskToken { object["taskToken"] = .string(token) }
      object.write(schedule.parameters)
    case .taskStarted(let state, let worker):
      object.write(state: state)
      if let worker { object["worker"] = .string(worker) }
    case .taskSubmitted(let state, let output), .taskSucceeded(let state, let output):
      object.write(state: state)
      object.write(output)
    case .taskFailed(let state, let error), .taskTimedOut(let state, let error), .mapRunFailed(let state, let error):
      object.write(state: state)
      object.write(error)
    case .evaluationFailed(let state, let location, let error):
      object.write(state: state)
      if let location { object["location"] = .string(location) }
      object.write(error)
    case .mapStateStarted(let state, let start):
      object.write(state: state)
      object["items"] = .array(start.items)
      object["length"] = .int(Int64(start.length))
      object["effectiveInput"] = start.effectiveInput
      object["maxConcurrency"] = .int(Int64(start.maxConcurrency))
      object.write(optional: start.toleratedFailureCount, "toleratedFailureCount")
      if let percentage = start.toleratedFailurePercentage { object["toleratedFailurePercentage"] = .double(percentage) }
    case .mapIterationStarted(let state, let index), .mapIterationSucceeded(let state, let index), .mapIterationFailed(let state, let index),
      .mapIterationAborted(let state, let index):
      object.write(state: state)
      object["index"] = .int(Int64(index))
    case .mapRunStarted(let state, let start):
      object.write(state: state)
      object.write(start)
    case .waitStarted(let until): object["until"] = .int(until.microseconds)
    case .retryScheduled(let retrier, let until, let error):
      object["retrier"] = .int(Int64(retrier))
      object["until"] = .int(until.microseconds)
      object.write(error)
    case .dataChanged(let change):
      object["part"] = .string(change.part)
      switch change {
      case .input(let payload), .result(let payload), .output(let payload): object.write(payload)
      case .variable(let name, let value):
        object["name"] = .string(name)
        object["value"] = value
      }
    }
  }

  fileprivate init(_ reader: RecordReader) throws(RecordProblem) {
    let name = try reader.string("kind")
    switch name {
    case "ExecutionStarted": self = .executionStarted(input: try reader.payload())
    case "ExecutionSucceeded": self = .executionSucceeded(output: try reader.payload())
    case "ExecutionFailed": self = .executionFailed(try reader.error())
    case "ExecutionAborted": self = .executionAborted(try reader.error())
    case "ExecutionTimedOut": self = .executionTimedOut(try reader.error())
    case "ExecutionRedriven": self = .executionRedriven(count: try reader.int("count"))
    case "ExecutionResumed": self = .executionResumed
    case "ExecutionForked": self = .executionForked(from: try reader.string("from"), event: try reader.int("event"))
    case "StateEntered": self = .stateEntered(state: try reader.state(), input: try reader.payload())
    case "StateExited":
      self = .stateExited(
        state: try reader.state(), output: try reader.payload(), assigned: try reader.optionalObject("assigned"),
        transition: try reader.optionalInt("next").map { .next($0) } ?? .end)
    case "StateAborted": self = .stateAborted(state: try reader.state())
    case "TaskScheduled":
      self = .taskScheduled(
        state: try reader.state(),
        TaskSchedule(
          parameters: try reader.payload(), timeoutSeconds: try reader.optionalInt("timeoutSeconds"),
          heartbeatSeconds: try reader.optionalInt("heartbeatSeconds"), credentials: reader.object["credentials"],
          taskToken: try reader.optionalString("taskToken")))
    case "TaskStarted": self = .taskStarted(state: try reader.state(), worker: try reader.optionalString("worker"))
    case "TaskSubmitted": self = .taskSubmitted(state: try reader.state(), output: try reader.payload())
    case "TaskSucceeded": self = .taskSucceeded(state: try reader.state(), output: try reader.payload())
    case "TaskFailed": self = .taskFailed(state: try reader.state(), try reader.error())
    case "TaskTimedOut": self = .taskTimedOut(state: try reader.state(), try reader.error())
    case "EvaluationFailed":
      self = .evaluationFailed(state: try reader.state(), location: try reader.optionalString("location"), try reader.error())
    case "ParallelStateStarted": self = .parallelStateStarted(state: try reader.state())
    case "ParallelStateSucceeded": self = .parallelStateSucceeded(state: try reader.state())
    case "ParallelStateFailed": self = .parallelStateFailed(state: try reader.state())
    case "MapStateStarted":
      self = .mapStateStarted(
        state: try reader.state(),
        MapStart(
          items: try reader.array("items"), length: try reader.int("length"), effectiveInput: try reader.value("effectiveInput"),
          maxConcurrency: try reader.int("maxConcurrency"), toleratedFailureCount: try reader.optionalInt("toleratedFailureCount"),
          toleratedFailurePercentage: try reader.optionalDouble("toleratedFailurePercentage")))
    case "MapIterationStarted": self = .mapIterationStarted(state: try reader.state(), index: try reader.int("index"))
    case "MapIterationSucceeded": self = .mapIterationSucceeded(state: try reader.state(), index: try reader.int("index"))
    case "MapIterationFailed": self = .mapIterationFailed(state: try reader.state(), index: try reader.int("index"))
    case "MapIterationAborted": self = .mapIterationAborted(state: try reader.state(), index: try reader.int("index"))
    case "MapStateSucceeded": self = .mapStateSucceeded(state: try reader.state())
    case "MapStateFailed": self = .mapStateFailed(state: try reader.state())
    case "MapRunStarted": self = .mapRunStarted(state: try reader.state(), try reader.mapRunStart())
    case "MapRunSucceeded": self = .mapRunSucceeded(state: try reader.state())
    case "MapRunFailed": self = .mapRunFailed(state: try reader.state(), try reader.error())
    case "WaitStarted": self = .waitStarted(until: try reader.time("until"))
    case "RetryScheduled":
      self = .retryScheduled(retrier: try reader.int("retrier"), until: try reader.time("until"), try reader.error())
    case "DataChanged":
      switch try reader.string("part") {
      case "input": self = .dataChanged(.input(try reader.payload()))
      case "result": self = .dataChanged(.result(try reader.payload()))
      case "output": self = .dataChanged(.output(try reader.payload()))
      case "variable": self = .dataChanged(.variable(try reader.string("name"), try reader.value("value")))
      case let part: throw RecordProblem(message: "\"part\" is \"\(part)\", expected input, result, output or variable")
      }
    default: throw RecordProblem(message: "\"kind\" is \"\(name)\", which this version does not know")
    }
  }
}

extension JSONObject {
  fileprivate mutating func write(state: Int) { self["state"] = .int(Int64(state)) }

  fileprivate mutating func write(_ payload: Payload) {
    self["value"] = payload.value
    self["bytes"] = .int(Int64(payload.bytesAtMost))
  }

  fileprivate mutating func write(_ error: ErrorOutput) {
    if let name = error.error { self["error"] = .string(name) }
    if let cause = error.cause { self["cause"] = .string(cause) }
  }

  fileprivate mutating func write(optional value: Int?, _ key: String) {
    if let value { self[key] = .int(Int64(value)) }
  }

  fileprivate mutating func write(_ start: MapRunStart) {
    self["mapRunArn"] = .string(start.mapRunArn)
    switch start.items {
    case .given(let items): self["items"] = .array(items)
    case .read(let arguments, let maxItems):
      self["readerArguments"] = arguments
      self["maxItems"] = .int(Int64(maxItems))
    }
    if let batching = start.batching { self["batching"] = batching.record }
    if let writer = start.resultWriter { self["resultWriter"] = writer }
    self["maxConcurrency"] = .int(Int64(start.maxConcurrency))
    write(optional: start.toleratedFailureCount, "toleratedFailureCount")
    if let percentage = start.toleratedFailurePercentage { self["toleratedFailurePercentage"] = .double(percentage) }
  }
}

/// Reads the members of one record.
private struct RecordReader {
  let object: JSONObject

  init(_ record: JSONValue) { object = record.asObject ?? [:] }

  func value(_ key: String) throws(RecordProblem) -> JSONValue {
    guard let value = object[key] else { throw RecordProblem(message: "\"\(key)\" is missing") }
    return value
  }

  func int(_ key: String) throws(RecordProblem) -> Int {
    guard case .int(let value) = try value(key) else { throw RecordProblem(message: "\"\(key)\" must be an integer") }
    return Int(value)
  }

  func optionalInt(_ key: String) throws(RecordProblem) -> Int? { object[key] == nil ? nil : try int(key) }

  func optionalDouble(_ key: String) throws(RecordProblem) -> Double? {
    guard let value = object[key] else { return nil }
    guard let number = value.asDouble else { throw RecordProblem(message: "\"\(key)\" must be a number") }
    return number
  }

  func state() throws(RecordProblem) -> Int { try int("state") }

  func time(_ key: String) throws(RecordProblem) -> Timestamp { Timestamp(microseconds: Int64(try int(key))) }

  func string(_ key: String) throws(RecordProblem) -> String {
    guard case .string(let text) = try value(key) else { throw RecordProblem(message: "\"\(key)\" must be a string") }
    return text
  }

  func optionalString(_ key: String) throws(RecordProblem) -> String? { object[key] == nil ? nil : try string(key) }

  func array(_ key: String) throws(RecordProblem) -> [JSONValue] {
    guard case .array(let elements) = try value(key) else { throw RecordProblem(message: "\"\(key)\" must be an array") }
    return elements
  }

  func optionalObject(_ key: String) throws(RecordProblem) -> JSONObject? {
    guard let value = object[key] else { return nil }
    guard case .object(let object) = value else { throw RecordProblem(message: "\"\(key)\" must be an object") }
    return object
  }

  func payload() throws(RecordProblem) -> Payload { Payload(try value("value"), bytesAtMost: try int("bytes")) }

  func error() throws(RecordProblem) -> ErrorOutput { ErrorOutput(error: try optionalString("error"), cause: try optionalString("cause")) }

  func mapRunStart() throws(RecordProblem) -> MapRunStart {
    let items: MapRunStart.Items =
      object["items"] != nil
      ? .given(try array("items")) : .read(arguments: try value("readerArguments"), maxItems: try int("maxItems"))
    let batching: ItemBatching? = if let record = object["batching"] { try ItemBatching(record: record) } else { nil }
    return MapRunStart(
      mapRunArn: try string("mapRunArn"), items: items, batching: batching, resultWriter: object["resultWriter"],
      maxConcurrency: try int("maxConcurrency"), toleratedFailureCount: try optionalInt("toleratedFailureCount"),
      toleratedFailurePercentage: try optionalDouble("toleratedFailurePercentage"))
  }
}

extension ItemBatching {
  fileprivate var record: JSONValue {
    var object: JSONObject = ["mostItems": .int(Int64(mostItems)), "mostBytes": .int(Int64(mostBytes))]
    if let batchInput { object["batchInput"] = batchInput }
    return .object(object)
  }

  fileprivate init(record: JSONValue) throws(RecordProblem) {
    let reader = RecordReader(record)
    self.init(
      mostItems: try reader.int("mostItems"), mostBytes: try reader.int("mostBytes"), batchInput: reader.object["batchInput"])
  }
}

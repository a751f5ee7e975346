import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage

/// All that is known of one step, as lines: its place, its error, what it changed, and the data of its state.
struct StepDetails {
  let trace: ExecutionTrace
  let step: Int
  private let data: StepData
  private let inspection: StateInspection?

  /// Lines of one payload that are shown; the rest is counted.
  static let maximumLines = 5_000

  init(_ trace: ExecutionTrace, at step: Int) {
    self.trace = trace
    self.step = step
    data = trace.data(at: step)
    inspection = trace.inspection(at: step)
  }

  func lines() -> [ScreenLine] {
    var lines = heading()
    if let error = data.error { section("Error", error: error, &lines) }
    changes("Changed", data.changes, &lines)
    changes("Variables changed", data.variableChanges, &lines)
    section("Input", data.input, &lines)
    stages(&lines)
    section("Output", data.output, &lines)
    if !data.variables.isEmpty {
      lines += [ScreenLine(), ScreenLine("Variables", .bold)]
      for (name, payload) in data.variables { value(payload, after: "$\(name) = ", &lines) }
    }
    return lines
  }

  // MARK: Sections

  private func heading() -> [ScreenLine] {
    let event = trace.events[step]
    let text = EventText(trace)
    var first = ScreenLine(event.type.isInternal ? "" : "#\(event.id) ", .faint)
    let mark = text.mark(step)
    if mark.text != " " { first.append(mark.text + " ", mark.ink) }
    first.append(event.type.name, event.type.isFailure ? .boldRed : .bold)
    if let state = trace.state(at: step) { first.append("  " + state.name, .cyan) }
    var lines = [first]
    if event.hasTime { lines.append(ScreenLine(text.offset(step) + "  " + event.timestamp.iso8601, .faint)) }
    let path = trace.pathText(of: trace.places[step].frame)
    if !path.isEmpty { lines.append(ScreenLine("in " + path, .faint)) }
    lines += remarks.map { ScreenLine($0, .faint) }
    return lines
  }

  /// What else is to be said of the event, each in a line.
  private var remarks: [String] {
    let event = trace.events[step]
    var remarks: [String] = []
    var words: [String] = []
    if let number = trace.places[step].visit {
      let visit = trace.visits[number]
      let count = trace.states[visit.state].visits.count
      if count > 1 { words.append("visit \(visit.number) of \(count)") }
      if visit.retries > 0, data.attempt > 0 { words.append("attempt \(data.attempt) of \(visit.retries + 1)") }
      if event.type.role == .stateExited, trace.hasTimes { words.append("took \(trace.duration(ofVisit: number).spanText)") }
    }
    if !words.isEmpty { remarks.append(words.joined(separator: ", ")) }
    if let cause = trace.cause(of: step), cause != step { remarks.append("follows from #\(trace.events[cause].id) \(trace.events[cause].type.name)") }
    if let resource = event.resource { remarks.append(resource) }
    if let until = event.until { remarks.append("until \(until.iso8601)") }
    if let location = event.details["location"]?.asString { remarks.append("field \(location)") }
    if let worker = event.details["workerName"]?.asString { remarks.append("worker \(worker)") }
    if let seconds = event.details["timeoutInSeconds"]?.asInt { remarks.append("timeout \(seconds) s") }
    if let seconds = event.details["heartbeatInSeconds"]?.asInt { remarks.append("heartbeat \(seconds) s") }
    if let run = event.details["mapRunArn"]?.asString { remarks.append(run) }
    return remarks
  }

  private func section(_ title: String, error: ErrorOutput, _ lines: inout [ScreenLine]) {
    lines += [ScreenLine(), ScreenLine(title, .boldRed)]
    if let name = error.error, !name.isEmpty { lines.append(ScreenLine("  " + name, .red)) }
    if let cause = error.cause, !cause.isEmpty {
      let text = CauseText.readable(cause)
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) { lines.append(ScreenLine("  " + line)) }
    }
  }

  private func changes(_ title: String, _ changes: [JSONChange], _ lines: inout [ScreenLine]) {
    guard !changes.isEmpty else { return }
    lines += [ScreenLine(), ScreenLine(title, .bold)]
    for change in changes {
      let isVariable = title != "Changed"
      let path = isVariable ? "$" + change.pathText.dropFirst(2) : change.pathText
      func short(_ value: JSONValue) -> String { EventText.short(RecordedPayload(value), limit: 200) }
      switch change.kind {
      case .added(let value): lines.append(ScreenLine("  + \(path)  \(short(value))", .green))
      case .removed(let value): lines.append(ScreenLine("  - \(path)  \(short(value))", .red))
      case .changed(let old, let new): lines.append(ScreenLine("  ~ \(path)  \(short(old)) → \(short(new))", .yellow))
      }
    }
    if changes.count >= ExecutionTrace.maximumChanges { lines.append(ScreenLine("  … and more", .faint)) }
  }

  /// What lies between input and output. A stage that leaves the data as it was before is not shown.
  private func stages(_ lines: inout [ScreenLine]) {
    let parameters = data.parameters ?? (inspection?.afterParameters ?? inspection?.afterArguments).map { RecordedPayload($0) }
    let result = data.result ?? inspection?.result.map { RecordedPayload($0) }
    var last = data.input?.value
    func stage(_ title: String, _ value: JSONValue?) {
      guard let value, value != last else { return }
      section(title, RecordedPayload(value), &lines)
      last = value
    }
    stage("After InputPath", inspection?.afterInputPath)
    section(inspection?.afterArguments != nil ? "Arguments" : "Parameters", parameters, &lines)
    stage("Items", inspection?.afterItemsPath)
    let isNews = data.result != nil || (result?.value != last && result != parameters)
    if let result, isNews, !(data.output == result && data.parameters == nil) {
      section("Result", result, &lines)
      last = result.value
    }
    stage("After ResultSelector", inspection?.afterResultSelector)
    if inspection?.afterResultPath != data.output?.value { stage("After ResultPath", inspection?.afterResultPath) }
    if let error = inspection?.error, data.error == nil, trace.state(at: step)?.type != .fail { section("Cannot be computed anew", error: error, &lines) }
  }

  private func section(_ title: String, _ payload: RecordedPayload?, _ lines: inout [ScreenLine]) {
    guard let payload else { return }
    lines.append(ScreenLine())
    var heading = ScreenLine(title, .bold)
    if payload.isTruncated { heading.append("  cut off by the service", .yellow) }
    lines.append(heading)
    value(payload, after: "", &lines)
  }

  private func value(_ payload: RecordedPayload, after name: String, _ lines: inout [ScreenLine]) {
    let text = payload.isPlainText ? payload.value.asString ?? "" : payload.value.prettyText
    let parts = text.split(separator: "\n", maxSplits: Self.maximumLines, omittingEmptySubsequences: false)
    for (number, part) in parts.prefix(Self.maximumLines).enumerated() {
      var line = ScreenLine("  ")
      if number == 0 { line.append(name, .cyan) }
      line.append(String(part))
      lines.append(line)
    }
    if parts.count > Self.maximumLines { lines.append(ScreenLine("  … more than \(Self.maximumLines) lines", .faint)) }
  }

  // MARK: As JSON

  func json() -> JSONValue {
    var object: JSONObject = ["event": TraceListing(trace).json(step)]
    func add(_ key: String, _ payload: RecordedPayload?) { if let payload { object[key] = payload.value } }
    add("input", data.input)
    add("afterInputPath", inspection?.afterInputPath.map { RecordedPayload($0) })
    add("parameters", data.parameters ?? (inspection?.afterParameters ?? inspection?.afterArguments).map { RecordedPayload($0) })
    add("afterItemsPath", inspection?.afterItemsPath.map { RecordedPayload($0) })
    add("result", data.result ?? inspection?.result.map { RecordedPayload($0) })
    add("afterResultSelector", inspection?.afterResultSelector.map { RecordedPayload($0) })
    add("afterResultPath", inspection?.afterResultPath.map { RecordedPayload($0) })
    add("output", data.output)
    if let error = data.error?.error { object["error"] = .string(error) }
    if let cause = data.error?.cause { object["cause"] = .string(cause) }
    object["variables"] = .object(JSONObject(data.variables.map { ($0.name, $0.payload.value) }))
    object["changes"] = Self.json(data.changes)
    object["variableChanges"] = Self.json(data.variableChanges)
    return .object(object)
  }

  private static func json(_ changes: [JSONChange]) -> JSONValue {
    .array(changes.map { change in
      switch change.kind {
      case .added(let value): ["path": .string(change.pathText), "added": value]
      case .removed(let value): ["path": .string(change.pathText), "removed": value]
      case .changed(let old, let new): ["path": .string(change.pathText), "from": old, "to": new]
      }
    })
  }
}

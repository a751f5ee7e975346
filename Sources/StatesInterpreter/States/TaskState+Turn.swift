import JSONTypes
import StatesLanguage

extension Execution {
  /// Schedules an attempt.
  mutating func run(_ state: TaskState, frame: Int) throws(ExecutionEnd) {
    // Only a callback and an activity wait for the token, but every task may hand one on.
    let waitsForToken = state.resource.pattern == .waitForTaskToken || state.resource.kind == .activity
    var token: String?
    if waitsForToken || state.work.parameters?.usesContext == true {
      var random = SeededRandom(seed: settings.seed, number: lastEventID)
      token = random.uuid() + random.uuid()
    }
    var parameters = try effectiveInput(state.common, frame: frame)
    if let template = state.work.parameters {
      parameters = Payload(measuring: try evaluate(template, on: parameters.value, frame: frame, Sight(taskToken: token)))
    }
    try limit(input: parameters, frame: frame)
    try check(parameters.value, of: state, frame: frame)
    let schedule = TaskSchedule(
      parameters: parameters, timeoutSeconds: try seconds(state.timeoutSeconds, "TimeoutSecondsPath", frame: frame),
      heartbeatSeconds: try seconds(state.heartbeatSeconds, "HeartbeatSecondsPath", frame: frame),
      credentials: try state.credentials.map { template throws(ExecutionEnd) in
        try evaluate(template, on: frames[frame].data.value, frame: frame)
      }, taskToken: waitsForToken ? token : nil)
    let index = state.common.index
    let scheduled = try emit(.taskScheduled(state: index, schedule), frame: frame, after: frames[frame].lastEvent)
    // An activity starts when a worker takes it.
    if state.resource.kind == .activity { return }
    try emit(.taskStarted(state: index, worker: nil), frame: frame, after: scheduled)
  }

  /// An attempt has given its result.
  mutating func taskSucceeded(_ state: TaskState, result: JSONValue, frame: Int) throws(ExecutionEnd) {
    let payload = Payload(measuring: result)
    let index = state.common.index
    guard payload.bytesAtMost <= settings.limits.payloadBytes else {
      let name = state.resource.kind == .service ? state.resource.resourceType : state.resource.arn
      let error = tooLarge(name)
      let failed = try emit(.taskFailed(state: index, error), frame: frame, after: frames[frame].lastEvent)
      return try fail(frame, with: error, after: failed)
    }
    try emit(.taskSucceeded(state: index, output: payload), frame: frame, after: frames[frame].lastEvent)
    try complete(frame, state.common, state.work, result: payload, after: frames[frame].lastEvent)
  }

  /// What the service refuses before it calls an integration.
  private func check(_ parameters: JSONValue, of state: TaskState, frame: Int) throws(ExecutionEnd) {
    let problems = IntegrationParameters.problems(of: parameters, resource: state.resource)
    if problems.isEmpty { return }
    throw runtime(
      "The Parameters '\(parameters.jsonText)' could not be used to start the Task: [\(problems.joined(separator: ", "))]", frame: frame)
  }

  private func seconds(_ field: NumberField?, _ name: String, frame: Int) throws(ExecutionEnd) -> Int? {
    switch field {
    case nil: return nil
    case .literal(let value): return Int(value)
    case .expression(let template):
      let value = try evaluate(template, frame: frame)
      let field = String(name.dropLast("Path".count))
      guard let seconds = value.asInt, FieldLimits.seconds.contains(seconds) else {
        throw query("The \(field) field must be an integer from 1 to 99999999, but was: \(value.jsonText)", location: field, frame: frame)
      }
      return Int(seconds)
    case .path(let path):
      let value = try value(of: path, frame: frame)
      guard case .int(let seconds) = value, FieldLimits.seconds.contains(seconds) else {
        throw runtime("The \(name) parameter does not reference a positive integer: \(path.text) == \(shown(value))", frame: frame)
      }
      return Int(seconds)
    }
  }
}

/// The ranges of fields that are known only when a state runs.
enum FieldLimits {
  static let seconds: ClosedRange<Int64> = 1...99_999_999
}

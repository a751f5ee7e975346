import JSONTypes
import StatesLanguage

extension Execution {
  /// Schedules an attempt.
  mutating func run(_ state: TaskState, frame: Int) throws(ExecutionEnd) {
    // Only a callback waits for the token, but every task may hand one on.
    var token: String?
    if state.resource.pattern == .waitForTaskToken || state.work.parameters?.usesContext == true {
      var random = SeededRandom(seed: settings.seed, number: lastEventID)
      token = random.uuid() + random.uuid()
    }
    var parameters = try effectiveInput(state.common, frame: frame)
    if let template = state.work.parameters {
      parameters = Payload(measuring: try evaluate(template, seeing: parameters.value, frame: frame, taskToken: token))
    }
    try limit(input: parameters, frame: frame)
    try check(parameters.value, of: state, frame: frame)
    let schedule = TaskSchedule(
      parameters: parameters, timeoutSeconds: try seconds(state.timeoutSeconds, "TimeoutSecondsPath", frame: frame),
      heartbeatSeconds: try seconds(state.heartbeatSeconds, "HeartbeatSecondsPath", frame: frame),
      credentials: try state.credentials.map { template throws(ExecutionEnd) in
        try evaluate(template, seeing: frames[frame].data.value, frame: frame)
      }, taskToken: state.resource.pattern == .waitForTaskToken ? token : nil)
    let index = state.common.index
    let scheduled = try emit(.taskScheduled(state: index, schedule), frame: frame, after: frames[frame].lastEvent)
    try emit(.taskStarted(state: index), frame: frame, after: scheduled)
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
    let output = try output(of: state.work, state.common, result: payload, frame: frame)
    let assigned = try assignments(state.common.assign, seeing: result, frame: frame)
    try leave(frame, with: output, assigned: assigned, to: state.common.transition, after: frames[frame].lastEvent)
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
    case .path(let path):
      let value = try value(of: path, frame: frame)
      guard case .int(let seconds) = value, FieldLimits.seconds.contains(seconds) else {
        throw runtime("The \(name) parameter does not reference a positive integer: \(path.text) == \(shown(value))", frame: frame)
      }
      return Int(seconds)
    }
  }

  /// A field's path on the state's raw input.
  func value(of path: PathExpression, frame: Int) throws(ExecutionEnd) -> JSONValue {
    var scope = scope(frame, input: frames[frame].data.value, usesContext: path.usesContext)
    do throws(EvaluationError) {
      return try path.evaluate(in: &scope)
    } catch {
      throw runtime("Invalid path '\(path.text)' : \(error.message)", frame: frame)
    }
  }
}

/// The ranges of fields that are known only when a state runs.
enum FieldLimits {
  static let seconds: ClosedRange<Int64> = 1...99_999_999
}

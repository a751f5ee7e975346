public import JSONTypes
public import StatesLanguage

extension HistoryEvent {
  /// The type of the event in the service's words; internal facts have words of their own: `WaitStarted`, `RetryScheduled`, `DataChanged`,
  /// `ExecutionResumed`, `ExecutionForked`.
  public func type(in machine: StateMachine) -> String {
    switch kind {
    case .stateEntered(let state, _), .stateExited(let state, _, _, _), .stateAborted(let state): machine.states[state].type.rawValue + kind.word
    case .taskScheduled(let state, _), .taskStarted(let state, _), .taskSubmitted(let state, _), .taskSucceeded(let state, _),
      .taskFailed(let state, _), .taskTimedOut(let state, _):
      family(of: state, in: machine) + kind.word.dropFirst("Task".count)
    default: kind.word
    }
  }

  /// The state that the event is about; nil for those about the whole execution.
  public var state: Int? {
    switch kind {
    case .executionStarted, .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut, .executionRedriven, .executionResumed, .executionForked, .waitStarted,
      .retryScheduled, .dataChanged:
      nil
    case .stateEntered(let state, _), .stateExited(let state, _, _, _), .stateAborted(let state), .taskScheduled(let state, _),
      .taskStarted(let state, _), .taskSubmitted(let state, _), .taskSucceeded(let state, _), .taskFailed(let state, _),
      .taskTimedOut(let state, _), .evaluationFailed(let state, _, _), .parallelStateStarted(let state), .parallelStateSucceeded(let state), .parallelStateFailed(let state),
      .mapStateStarted(let state, _), .mapIterationStarted(let state, _), .mapIterationSucceeded(let state, _),
      .mapIterationFailed(let state, _), .mapIterationAborted(let state, _), .mapStateSucceeded(let state), .mapStateFailed(let state),
      .mapRunStarted(let state, _), .mapRunSucceeded(let state), .mapRunFailed(let state, _):
      state
    }
  }

  private func family(of state: Int, in machine: StateMachine) -> String {
    guard case .task(let task) = machine.states[state] else { return "Task" }
    return switch task.resource.kind {
    case .lambdaFunction: "LambdaFunction"
    case .activity: "Activity"
    case .service: "Task"
    }
  }

  /// The event as `GetExecutionHistory` answers it; nil for internal facts.
  ///
  /// Payloads stand as JSON texts. Times are RFC 3339 in UTC, as the `aws` command prints them.
  public func awsJSON(machine: StateMachine, settings: ExecutionSettings) -> JSONValue? {
    if kind.isInternal { return nil }
    return .object(json(machine: machine, settings: settings))
  }

  /// The event as one line of a trace: as the service has it, with the frame it concerns, internal facts included.
  public func traceJSON(machine: StateMachine, settings: ExecutionSettings) -> JSONValue {
    var object = json(machine: machine, settings: settings)
    object["frame"] = .int(Int64(frame))
    return .object(object)
  }

  private func json(machine: StateMachine, settings: ExecutionSettings) -> JSONObject {
    let type = type(in: machine)
    var object: JSONObject = [
      "timestamp": Self.text(timestamp), "type": .string(type), "id": .int(Int64(id)),
      "previousEventId": .int(Int64(previousEventID)),
    ]
    if let (name, details) = details(type: type, machine: machine, settings: settings) { object[name] = .object(details) }
    return object
  }

  /// A moment as the AWS command line prints it.
  private static func text(_ time: Timestamp) -> JSONValue { .string(time.iso8601.replacingSuffix("Z", with: "000+00:00")) }

  private func details(type: String, machine: StateMachine, settings: ExecutionSettings) -> (String, JSONObject)? {
    let ownName = type.prefix(1).lowercased() + type.dropFirst() + "EventDetails"
    func named(_ details: JSONObject) -> (String, JSONObject) { (ownName, details) }
    func payload(_ key: String, _ payload: Payload) -> JSONObject {
      [key: .string(payload.value.jsonText), key + "Details": ["truncated": false]]
    }
    switch kind {
    case .executionStarted(let input): return named(payload("input", input).adding(["roleArn": .string(settings.roleArn)]))
    case .executionSucceeded(let output): return named(payload("output", output))
    case .executionFailed(let error), .executionAborted(let error): return named(JSONObject(error))
    case .executionForked(let arn, let event): return named(["from": .string(arn), "event": .int(Int64(event))])
    case .executionRedriven(let count): return named(["redriveCount": .int(Int64(count))])
    case .executionTimedOut: return named(["error": .string(ErrorName.timeout.rawValue)])
    case .stateEntered(let state, let input):
      return ("stateEnteredEventDetails", (["name": .string(machine.states[state].name)] as JSONObject).adding(payload("input", input)))
    case .stateExited(let state, let output, let assigned, _):
      var details = (["name": .string(machine.states[state].name)] as JSONObject).adding(payload("output", output))
      if let assigned {
        details["assignedVariables"] = .object(JSONObject(assigned.map { ($0.key, .string($0.value.jsonText)) }))
        details["assignedVariablesDetails"] = ["truncated": false]
      }
      return ("stateExitedEventDetails", details)
    case .executionResumed, .stateAborted, .parallelStateStarted, .parallelStateSucceeded, .parallelStateFailed, .mapStateSucceeded, .mapStateFailed, .mapRunSucceeded:
      return nil
    case .taskScheduled(let state, let schedule): return named(scheduledDetails(state, schedule, machine: machine, settings: settings))
    case .taskStarted(let state, let worker):
      let details = resourceDetails(state, machine)
      if !details.isEmpty { return named(details) }
      guard case .task(let task) = machine.states[state], task.resource.kind == .activity else { return nil }
      return named(worker.map { ["workerName": .string($0)] } ?? [:])
    case .taskSubmitted(let state, let output), .taskSucceeded(let state, let output):
      return named(resourceDetails(state, machine).adding(payload("output", output)))
    case .taskFailed(let state, let error), .taskTimedOut(let state, let error):
      return named(resourceDetails(state, machine).adding(JSONObject(error)))
    case .evaluationFailed(let state, let location, let error):
      var details = JSONObject(error)
      if let location { details["location"] = .string(location) }
      details["state"] = .string(machine.states[state].name)
      return named(details)
    case .mapStateStarted(_, let start): return named(["length": .int(Int64(start.length))])
    case .mapRunStarted(_, let start): return named(["mapRunArn": .string(start.mapRunArn)])
    case .mapRunFailed(_, let error): return named(JSONObject(error))
    case .mapIterationStarted(let state, let index), .mapIterationSucceeded(let state, let index), .mapIterationFailed(let state, let index),
      .mapIterationAborted(let state, let index):
      return named(["name": .string(machine.states[state].name), "index": .int(Int64(index))])
    case .waitStarted(let until): return named(["until": Self.text(until)])
    case .retryScheduled(let retrier, let until, let error):
      return named((["retrier": .int(Int64(retrier)), "until": Self.text(until)] as JSONObject).adding(JSONObject(error)))
    case .dataChanged(let change):
      var details: JSONObject = ["part": .string(change.part)]
      if case .variable(let name, _) = change { details["name"] = .string(name) }
      details["value"] = .string(change.value.jsonText)
      return named(details)
    }
  }

  /// `resourceType` and `resource` of an integration; the events of Lambda functions and activities have none.
  private func resourceDetails(_ state: Int, _ machine: StateMachine) -> JSONObject {
    guard case .task(let task) = machine.states[state], task.resource.kind == .service else { return [:] }
    return ["resourceType": .string(task.resource.resourceType), "resource": .string(task.resource.resource)]
  }

  private func scheduledDetails(_ state: Int, _ schedule: TaskSchedule, machine: StateMachine, settings: ExecutionSettings) -> JSONObject {
    guard case .task(let task) = machine.states[state] else { return [:] }
    var details: JSONObject
    if task.resource.kind == .service {
      details = resourceDetails(state, machine)
      details["region"] = .string(settings.region)
      details["parameters"] = .string(schedule.parameters.value.jsonText)
    } else {
      details = [
        "resource": .string(task.resource.arn), "input": .string(schedule.parameters.value.jsonText), "inputDetails": ["truncated": false],
      ]
    }
    if let seconds = schedule.timeoutSeconds { details["timeoutInSeconds"] = .int(Int64(seconds)) }
    if let seconds = schedule.heartbeatSeconds { details["heartbeatInSeconds"] = .int(Int64(seconds)) }
    if let role = schedule.credentials?["RoleArn"] { details["taskCredentials"] = ["roleArn": role] }
    return details
  }
}

extension JSONObject {
  /// `error` and `cause`, those that are known.
  init(_ error: ErrorOutput) {
    self.init()
    if let name = error.error { self["error"] = .string(name) }
    if let cause = error.cause { self["cause"] = .string(cause) }
  }

  func adding(_ other: JSONObject) -> JSONObject {
    var sum = self
    for (key, value) in other { sum[key] = value }
    return sum
  }
}

extension String {
  func replacingSuffix(_ suffix: String, with other: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) + other : self }
}

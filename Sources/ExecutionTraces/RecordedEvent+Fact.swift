import JSONTypes
package import StatesInterpreter
package import StatesLanguage

extension RecordedEvent {
  /// A fact of an execution in memory. Payloads are shared, not written out as texts.
  package init(_ fact: HistoryEvent, machine: StateMachine, settings: ExecutionSettings) {
    self.init(
      id: fact.id, previousID: fact.previousEventID, timestamp: fact.timestamp, type: EventType.named(fact.type(in: machine)), frameNumber: fact.frame,
      details: Self.details(of: fact.kind, machine, settings), payloadsAreTexts: false)
  }

  private static func details(of kind: HistoryEvent.Kind, _ machine: StateMachine, _ settings: ExecutionSettings) -> JSONObject {
    func name(_ state: Int) -> JSONValue { .string(machine.states[state].name) }
    func resource(_ state: Int) -> JSONObject {
      guard case .task(let task) = machine.states[state], task.resource.kind == .service else { return [:] }
      return ["resourceType": .string(task.resource.resourceType), "resource": .string(task.resource.resource)]
    }
    func with(_ object: JSONObject, _ more: JSONObject) -> JSONObject {
      var sum = object
      for (key, value) in more { sum[key] = value }
      return sum
    }
    func error(_ output: ErrorOutput) -> JSONObject {
      var object: JSONObject = [:]
      if let error = output.error { object["error"] = .string(error) }
      if let cause = output.cause { object["cause"] = .string(cause) }
      return object
    }
    switch kind {
    case .executionStarted(let input): return ["input": input.value, "roleArn": .string(settings.roleArn)]
    case .executionSucceeded(let output): return ["output": output.value]
    case .executionFailed(let output), .executionAborted(let output): return error(output)
    case .executionTimedOut: return ["error": .string(ErrorName.timeout.rawValue)]
    case .executionRedriven(let count): return ["redriveCount": .int(Int64(count))]
    case .stateEntered(let state, let input): return ["name": name(state), "input": input.value]
    case .stateExited(let state, let output, let assigned, _):
      var details: JSONObject = ["name": name(state), "output": output.value]
      if let assigned { details["assignedVariables"] = .object(assigned) }
      return details
    case .taskScheduled(let state, let schedule):
      var details = resource(state)
      if details.isEmpty {
        if case .task(let task) = machine.states[state] { details["resource"] = .string(task.resource.arn) }
        details["input"] = schedule.parameters.value
      } else {
        details["region"] = .string(settings.region)
        details["parameters"] = schedule.parameters.value
      }
      if let seconds = schedule.timeoutSeconds { details["timeoutInSeconds"] = .int(Int64(seconds)) }
      if let seconds = schedule.heartbeatSeconds { details["heartbeatInSeconds"] = .int(Int64(seconds)) }
      if let role = schedule.credentials?["RoleArn"] { details["taskCredentials"] = ["roleArn": role] }
      return details
    case .taskStarted(let state, let worker): return worker.map { ["workerName": .string($0)] } ?? resource(state)
    case .taskSubmitted(let state, let output), .taskSucceeded(let state, let output): return with(resource(state), ["output": output.value])
    case .taskFailed(let state, let output), .taskTimedOut(let state, let output): return with(resource(state), error(output))
    case .evaluationFailed(let state, let location, let output):
      var details = error(output)
      if let location { details["location"] = .string(location) }
      details["state"] = name(state)
      return details
    case .mapStateStarted(_, let start): return ["length": .int(Int64(start.length))]
    case .mapIterationStarted(let state, let index), .mapIterationSucceeded(let state, let index), .mapIterationFailed(let state, let index),
      .mapIterationAborted(let state, let index):
      return ["name": name(state), "index": .int(Int64(index))]
    case .mapRunStarted(_, let start): return ["mapRunArn": .string(start.mapRunArn)]
    case .mapRunFailed(_, let output): return error(output)
    case .waitStarted(let until): return ["until": .string(text(until))]
    case .retryScheduled(let retrier, let until, let output):
      return with(["retrier": .int(Int64(retrier)), "until": .string(text(until))], error(output))
    case .executionForked(let arn, let event): return ["from": .string(arn), "event": .int(Int64(event))]
    case .executionResumed, .stateAborted, .parallelStateStarted, .parallelStateSucceeded, .parallelStateFailed, .mapStateSucceeded, .mapStateFailed,
      .mapRunSucceeded:
      return [:]
    }
  }
}

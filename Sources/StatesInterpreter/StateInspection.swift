package import JSONTypes
package import StatesLanguage

/// What a state sees as it is about to run, wherever that is known from: a history, or a test of one state.
package struct StateMoment: Sendable {
  /// The state's raw input.
  package var input: JSONValue
  package var variables: JSONObject = [:]
  /// The item of the innermost Map iteration around the state.
  package var item: (value: JSONValue, index: Int)?
  package var executionInput: JSONValue
  package var startedAt = Timestamp(microseconds: 0)
  package var enteredAt = Timestamp(microseconds: 0)
  /// The event of the entry, from which randomness follows.
  package var enteredEvent: EventID = 1
  package var redriveCount = 0

  package init(input: JSONValue, executionInput: JSONValue) {
    self.input = input
    self.executionInput = executionInput
  }
}

/// A state's data at each stage of its way through the state; nil where the state has no such stage, or did not come so far.
///
/// The names are those of TestState. Source: AWS Step Functions API Reference, InspectionData.
package struct StateInspection: Sendable, Hashable {
  package var input: JSONValue
  package var afterInputPath: JSONValue?
  package var afterParameters: JSONValue?
  package var afterArguments: JSONValue?
  package var afterItemsPath: JSONValue?
  package var result: JSONValue?
  package var afterResultSelector: JSONValue?
  package var afterResultPath: JSONValue?
  package var output: JSONValue?
  /// What `Assign` sets; not the variables that were there before.
  package var assigned: JSONObject?
  /// The failure of an expression on the way; of a Fail state, what it fails with.
  package var error: ErrorOutput?
}

extension StateMachine {
  /// Follows a state's data through the state, without running it: nothing is written to a history, and no task is asked.
  ///
  /// The same functions evaluate the stages as in an execution, so a turn pays nothing for what can be looked at here.
  /// - Parameters:
  ///   - result: what the task, or the branches and iterations, have given; nil while that is not known.
  ///   - failure: the failure that a catcher of the state meets.
  package func inspect(
    _ state: Int, at moment: StateMoment, result: JSONValue?, failure: ErrorOutput? = nil, settings: ExecutionSettings
  ) -> StateInspection {
    Execution(inspecting: state, of: self, at: moment, settings: settings).inspection(result: result, failure: failure)
  }
}

extension Execution {
  /// One frame that stands before a state.
  fileprivate init(inspecting state: Int, of machine: StateMachine, at moment: StateMoment, settings: ExecutionSettings) {
    self.init(of: machine, settings: settings)
    status = .running
    startedAt = moment.startedAt
    input = moment.executionInput
    redriveCount = moment.redriveCount
    lastEventID = moment.enteredEvent
    now = moment.enteredAt
    var frame = Frame(phase: .ready)
    frame.state = state
    frame.lastEvent = moment.enteredEvent
    frame.enteredEvent = moment.enteredEvent
    frame.enteredAt = moment.enteredAt
    frame.data = Payload(measuring: moment.input)
    frame.variables = Dictionary(moment.variables.map { ($0.key, $0.value) }) { _, last in last }
    frame.item = moment.item?.value
    frame.index = moment.item?.index ?? 0
    frames = [frame]
  }

  fileprivate func inspection(result: JSONValue?, failure: ErrorOutput?) -> StateInspection {
    var inspection = StateInspection(input: frames[0].data.value)
    do throws(ExecutionEnd) {
      try inspect(machine.states[frames[0].state], result, failure, &inspection)
    } catch {
      inspection.error = error.error
    }
    return inspection
  }

  private func inspect(
    _ state: State, _ result: JSONValue?, _ failure: ErrorOutput?, _ inspection: inout StateInspection
  ) throws(ExecutionEnd) {
    let common = state.common
    let effective = try effectiveInput(common, frame: 0)
    if common.queryLanguage == .jsonPath { inspection.afterInputPath = effective.value }
    switch state {
    case .task(let task): try inspectParameters(task.work.parameters, of: common, effective, &inspection)
    case .parallel(let parallel): try inspectParameters(parallel.work.parameters, of: common, effective, &inspection)
    case .map(let map):
      if map.distributed?.itemReader == nil { inspection.afterItemsPath = .array(try items(of: map, input: effective.value, frame: 0)) }
    case .pass(let pass):
      try inspectParameters(pass.parameters, of: common, effective, &inspection)
      let made = pass.result ?? inspection.afterParameters ?? inspection.afterArguments ?? effective.value
      inspection.result = made
      let combined = try combine(frames[0].data, with: Payload(measuring: made), at: pass.resultPath, frame: 0)
      if common.queryLanguage == .jsonPath { inspection.afterResultPath = combined.value }
      return try inspectEnd(common, combined, common.assign, on: made, &inspection)
    case .wait, .succeed: return try inspectEnd(common, effective, common.assign, on: effective.value, &inspection)
    case .choice(let choice):
      var scope = scope(0, input: effective.value, context: choice.usesContext ? contextObject(0) : nil)
      for rule in choice.choices where try holds(rule.condition, &scope, frame: 0) {
        if let template = rule.output { inspection.output = try evaluate(template, frame: 0) } else { inspection.output = effective.value }
        if common.queryLanguage == .jsonPath { inspection.output = try effectiveOutput(common, effective, frame: 0).value }
        inspection.assigned = try assignments(rule.assign, on: effective.value, frame: 0)
        return
      }
      return try inspectEnd(common, effective, common.assign, on: effective.value, &inspection)
    case .fail(let fail):
      inspection.error = ErrorOutput(
        error: try text(fail.error, field: "ErrorPath", frame: 0), cause: try text(fail.cause, field: "CausePath", frame: 0))
      return
    }
    guard let work = state.work else { return }
    if let failure { return try inspectCatcher(work, failure, &inspection) }
    guard let result else { return }
    inspection.result = result
    var selected = Payload(measuring: result)
    if let selector = work.resultSelector {
      selected = Payload(measuring: try evaluate(selector, on: result, frame: 0))
      inspection.afterResultSelector = selected.value
    }
    let combined = try combine(frames[0].data, with: selected, at: work.resultPath, frame: 0)
    if common.queryLanguage == .jsonPath { inspection.afterResultPath = combined.value }
    try inspectEnd(common, combined, common.assign, on: result, &inspection, Sight(result: result))
  }

  private func inspectParameters(
    _ template: Template?, of common: StateCommon, _ effective: Payload, _ inspection: inout StateInspection
  ) throws(ExecutionEnd) {
    guard let template else { return }
    let value = try evaluate(template, on: effective.value, frame: 0)
    switch common.queryLanguage {
    case .jsonPath: inspection.afterParameters = value
    case .jsonata: inspection.afterArguments = value
    }
  }

  private func inspectCatcher(_ work: WorkFields, _ failure: ErrorOutput, _ inspection: inout StateInspection) throws(ExecutionEnd) {
    guard let catcher = work.catch.first(where: { $0.errorEquals.catches(failure.error, isHeartbeat: false) }) else { return }
    let object: JSONValue = ["Error": .string(failure.error ?? ""), "Cause": .string(failure.cause ?? "")]
    let sight = Sight(errorOutput: object)
    var output = try combine(frames[0].data, with: Payload(measuring: object), at: catcher.resultPath, frame: 0)
    if machine.states[frames[0].state].common.queryLanguage == .jsonPath { inspection.afterResultPath = output.value }
    if let template = catcher.output { output = Payload(measuring: try evaluate(template, frame: 0, sight)) }
    inspection.output = output.value
    inspection.assigned = try assignments(catcher.assign, on: object, frame: 0, sight)
  }

  private func inspectEnd(
    _ common: StateCommon, _ output: Payload, _ assign: Template?, on value: JSONValue, _ inspection: inout StateInspection, _ sight: Sight = Sight()
  ) throws(ExecutionEnd) {
    inspection.output = try effectiveOutput(common, output, frame: 0, sight).value
    inspection.assigned = try assignments(assign, on: value, frame: 0, sight)
  }
}

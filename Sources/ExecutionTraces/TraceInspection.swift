import JSONTypes
package import StatesInterpreter
import StatesLanguage

/// What a history does not say, but the definition does: the data between the stages of a state.
extension ExecutionTrace {
  /// A state's data at each stage that was passed up to a step, computed from what the history holds; nil without a definition that has the state.
  ///
  /// The parameters of tasks, results and outputs stand in the history: where it has them, it is right. What depends on the execution's
  /// name or on randomness may differ from what it was.
  package func inspection(at step: Int) -> StateInspection? {
    guard let visit = places[step].visit, let (machine, state, moment) = moment(ofVisit: visit) else { return nil }
    let data = data(at: step)
    let isOver = data.output != nil
    let isCaught = visits[visit].outcome == .caught
    let failure = isOver && isCaught ? visits[visit].failure.flatMap { error(ofFailure: $0) } : nil
    let result = isOver && !isCaught ? data.result?.value ?? collected(visit) : nil
    var settings = ExecutionSettings(name: "execution")
    if let role = events.first?.details["roleArn"]?.asString { settings.roleArn = role }
    settings.limits = .none
    var inspection = machine.inspect(state, at: moment, result: result, failure: failure, settings: settings)
    if !isOver {
      (inspection.result, inspection.afterResultPath, inspection.output, inspection.assigned) = (nil, nil, nil, nil)
    }
    return inspection
  }

  private func moment(ofVisit visit: Int) -> (machine: StateMachine, state: Int, moment: StateMoment)? {
    let entered = visits[visit].entered
    guard let machine, let state = machine.state(named: states[visits[visit].state].name), let input = events[entered].input else { return nil }
    var moment = StateMoment(input: input.value, executionInput: events.first?.input?.value ?? .emptyObject)
    moment.startedAt = events[0].timestamp
    moment.enteredAt = events[entered].timestamp
    moment.enteredEvent = events[entered].id
    moment.variables = JSONObject(variables(at: entered).map { ($0.name, $0.payload.value) })
    moment.redriveCount = events[..<entered].count { $0.type.role == .executionRedriven }
    if case .item(let owner, let index)? = item(aroundFrame: visits[visit].frame), let above = self.moment(ofVisit: owner),
      let items = machine.inspect(above.state, at: above.moment, result: nil, settings: ExecutionSettings(name: "execution")).afterItemsPath,
      let item = items[index]
    {
      moment.item = (item, index)
    }
    return (machine, state.common.index, moment)
  }

  private enum Item { case item(owner: Int, index: Int) }

  /// The innermost iteration around a frame.
  private func item(aroundFrame frame: Int) -> Item? {
    var current: Int? = frame
    while let frame = current {
      if case .iteration(let index) = frames[frame].role, let owner = frames[frame].owner { return .item(owner: owner, index: index) }
      current = frames[frame].parent
    }
    return nil
  }

  /// The outputs of branches or iterations, in their order; iterations that a Map let fail have none.
  private func collected(_ visit: Int) -> JSONValue? {
    guard visits[visit].attempts > 0, [.parallel, .map].contains(states[visits[visit].state].type) else { return nil }
    let own = visits[visit].frames[visits[visit].earlierFrames...]
    // The items of a distributed Map have histories of their own.
    if own.isEmpty, visits[visit].length != 0 { return nil }
    let ended = own.filter { frames[$0].outcome == .succeeded }.sorted { position($0) < position($1) }
    return .array(ended.compactMap { output(ofFrame: $0) })
  }

  private func position(_ frame: Int) -> Int {
    switch frames[frame].role {
    case .machine: 0
    case .branch(let index), .iteration(let index): index
    }
  }

  private func output(ofFrame frame: Int) -> JSONValue? {
    var step: Int? = frames[frame].last
    while let current = step {
      if places[current].frame == frame, let output = events[current].output { return output.value }
      step = current > frames[frame].first ? current - 1 : nil
    }
    return nil
  }

  /// What failed at a step: the event's own error, or for a Parallel or Map state that of the branch or iteration. What a Fail state fails
  /// with is computed from the definition; nil without one.
  package func error(ofFailure step: Int) -> ErrorOutput? {
    var current: Int? = step
    while let step = current {
      if let error = events[step].error { return error }
      if events[step].type.role == .stateEntered {
        // A Fail state does not write down what it fails with.
        guard let visit = places[step].visit, let (machine, state, moment) = moment(ofVisit: visit) else { return nil }
        return machine.inspect(state, at: moment, result: nil, settings: ExecutionSettings(name: "execution")).error
      }
      current = cause(of: step)
    }
    return nil
  }
}

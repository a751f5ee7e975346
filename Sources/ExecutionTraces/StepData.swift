import JSONTypes
package import StatesInterpreter

/// What is known of a state's data at one step: what the history holds up to this event.
package struct StepData: Sendable {
  /// The raw input of the state, or of the execution.
  package var input: RecordedPayload?
  /// What the last attempt of the task was asked.
  package var parameters: RecordedPayload?
  /// Which attempt of the task it is, from 1; 0 before the first.
  package var attempt = 0
  /// What the task has answered.
  package var result: RecordedPayload?
  package var output: RecordedPayload?
  /// The variables in scope after this event, by name.
  package var variables: [(name: String, payload: RecordedPayload)] = []
  /// The failure that the event tells of, or that led to it.
  package var error: ErrorOutput?
  /// What the event changed in the data: the output against the state's input; the input of a branch or iteration against that of the
  /// state above it; the parameters of a further attempt against those of the attempt before.
  package var changes: [JSONChange] = []
  /// What the event changed in the variables.
  package var variableChanges: [JSONChange] = []
}

extension ExecutionTrace {
  /// Most changes that are listed for one step.
  package static let maximumChanges = 500

  /// Reads the payloads that one step needs.
  package func data(at step: Int) -> StepData {
    var data = StepData()
    let event = events[step]
    data.variables = variables(at: step)
    guard let visit = places[step].visit else {
      data.input = event.input ?? (event.type.endsExecution ? events.first?.input : nil)
      data.output = event.output
      data.error = event.type.isFailure ? event.error : nil
      if let input = data.input, let output = data.output {
        data.changes = JSONChange.changes(from: input.value, to: output.value, limit: Self.maximumChanges)
      }
      return data
    }
    data.input = events[visits[visit].entered].input
    var isBefore = false
    var attempts: [Int] = []
    var current: Int? = latest(ofVisit: visit, upTo: step)
    while let number = current {
      let earlier = events[number]
      switch earlier.type.role {
      case .scheduled: attempts.append(number)
      case .succeeded: if attempts.isEmpty { data.result = earlier.result }
      case .submitted: if attempts.isEmpty, data.result == nil { data.result = earlier.result }
      case .stateExited: data.output = earlier.output
      default: break
      }
      if data.error == nil, !isBefore { data.error = earlier.error }
      // An error of an attempt that was followed by a success is no longer the state's.
      if earlier.type.role == .succeeded { isBefore = true }
      current = places[number].previousOfVisit
    }
    if data.error == nil, event.type.isFailure { data.error = error(ofFailure: step) }
    data.attempt = attempts.count
    data.parameters = attempts.first.flatMap { events[$0].parameters }
    data.changes = changes(at: step, visit: visit, data, attempts)
    data.variableChanges = variableChanges(at: step)
    return data
  }

  private func changes(at step: Int, visit: Int, _ data: StepData, _ attempts: [Int]) -> [JSONChange] {
    func changes(_ old: RecordedPayload?, _ new: RecordedPayload?) -> [JSONChange] {
      guard let old, let new else { return [] }
      return JSONChange.changes(from: old.value, to: new.value, limit: Self.maximumChanges)
    }
    switch events[step].type.role {
    case .stateExited: return changes(data.input, data.output)
    case .stateEntered:
      guard let before = previousExit(before: visit) else {
        // The first state of a branch or iteration.
        return changes(frames[visits[visit].frame].owner.flatMap { events[visits[$0].entered].input }, data.input)
      }
      return changes(events[before].output, data.input)
    case .scheduled where attempts.count > 1: return changes(events[attempts[1]].parameters, data.parameters)
    default: return []
    }
  }

  /// The exit that a visit follows from in its frame.
  private func previousExit(before visit: Int) -> Int? {
    guard let cause = cause(of: visits[visit].entered), events[cause].type.role == .stateExited else { return nil }
    return cause
  }

  /// The last event of a visit up to a step.
  private func latest(ofVisit visit: Int, upTo step: Int) -> Int? {
    if places[step].visit == visit { return step }
    var current: Int? = visits[visit].last
    while let number = current, number > step { current = places[number].previousOfVisit }
    return current
  }

  // MARK: Variables

  /// The variables in scope after a step: those of its frame over those that the frames above had when it began.
  package func variables(at step: Int) -> [(name: String, payload: RecordedPayload)] {
    variableSources(frame: places[step].frame, upTo: step).sorted { $0.key < $1.key }.compactMap { name, source in
      events[source].assigned(name).map { (name, $0) }
    }
  }

  /// For each variable in scope, the event that set it last.
  package func variableSources(frame: Int, upTo step: Int) -> [String: Int] {
    var sources: [String: Int] = [:]
    if let parent = frames[frame].parent { sources = variableSources(frame: parent, upTo: frames[frame].first) }
    let assignments = frames[frame].assignments
    var (low, high) = (0, assignments.count)
    while low < high {
      let middle = (low + high) / 2
      if assignments[middle].event <= step { low = middle + 1 } else { high = middle }
    }
    if low > 0 { for (name, source) in assignments[low - 1].sources { sources[name] = source } }
    return sources
  }

  private func variableChanges(at step: Int) -> [JSONChange] {
    let assigned = events[step].assigned
    guard !assigned.isEmpty else { return [] }
    let before = variableSources(frame: places[step].frame, upTo: step - 1)
    var changes: [JSONChange] = []
    for (name, payload) in assigned {
      let path = [JSONChange.Step.member(name)]
      if let source = before[name], let old = events[source].assigned(name) {
        changes += JSONChange.changes(from: old.value, to: payload.value, at: path, limit: Self.maximumChanges)
      } else {
        changes.append(JSONChange(path: path, kind: .added(payload.value)))
      }
    }
    return changes
  }
}

import JSONTypes
import StatesLanguage

extension Execution {
  /// Meets the failure of a frame's current state: by its `Retry`, by its `Catch`, or by failing the frame.
  ///
  /// The first retrier that names the error decides; when its attempts are used up, `Catch` has its turn.
  /// Spec: Amazon States Language, "Errors". The order of events is that of recorded histories.
  mutating func fail(_ frame: Int, with error: ErrorOutput, isHeartbeat: Bool = false, after previous: EventID) throws(ExecutionEnd) {
    // `States.Runtime` is final wherever it comes from.
    if error.error == ErrorName.runtime.rawValue { throw ExecutionEnd(error, after: previous) }
    let state = machine.states[frames[frame].state]
    guard let work = state.work else { return try failFrame(frame, with: error, after: previous) }

    if let number = work.retry.firstIndex(where: { $0.errorEquals.catches(error.error, isHeartbeat: isHeartbeat) }) {
      let retrier = work.retry[number]
      let used = frames[frame].retryCounts.isEmpty ? 0 : frames[frame].retryCounts[number]
      if used < retrier.maxAttempts {
        var random = SeededRandom(seed: settings.seed, number: lastEventID)
        let delay = retrier.delay(attempt: used, unit: random.nextUnit())
        let until = Timestamp(microseconds: now.microseconds + Int64(delay * 1_000_000))
        try emit(.retryScheduled(retrier: number, until: until, error), frame: frame, after: previous)
        return
      }
    }
    var previous = previous
    if let catcher = work.catch.first(where: { $0.errorEquals.catches(error.error, isHeartbeat: isHeartbeat) }) {
      previous = try emitStateFailed(state, frame: frame, after: previous)
      do throws(ExecutionEnd) {
        return try leave(frame, by: catcher, error, after: previous)
      } catch {
        // Nothing here catches the failure of a catcher; the state above may.
        switch error.kind {
        case .state: break
        case .query(_, let location):
          previous = try emitEvaluationFailed(error.error, location: location, frame: frame)
          previous = try emitStateFailed(state, frame: frame, after: previous)
        case .succeeded, .failed, .aborted, .timedOut: throw error
        }
        return try failFrame(frame, with: error.error, after: previous)
      }
    }
    previous = try emitStateFailed(state, frame: frame, after: previous)
    try failFrame(frame, with: error, after: previous)
  }

  /// Goes to the state that a catcher names, with the error where the catcher wants it.
  private mutating func leave(_ frame: Int, by catcher: Catcher, _ error: ErrorOutput, after previous: EventID) throws(ExecutionEnd) {
    let object: JSONValue = ["Error": .string(error.error ?? ""), "Cause": .string(error.cause ?? "")]
    let sight = Sight(errorOutput: object)
    var output = try combine(frames[frame].data, with: Payload(measuring: object), at: catcher.resultPath, frame: frame)
    if let template = catcher.output { output = Payload(measuring: try evaluate(template, frame: frame, sight)) }
    let assigned = try assignments(catcher.assign, on: object, frame: frame, sight)
    try leave(frame, with: output, assigned: assigned, to: .next(catcher.next), after: previous)
  }

  /// Writes `EvaluationFailed`.
  ///
  /// In recorded histories it follows from what came before the state's entry, unless the state has left other events or waits.
  mutating func emitEvaluationFailed(_ error: ErrorOutput, location: String?, frame: Int) throws(ExecutionEnd) -> EventID {
    let current = frames[frame]
    let isAtEntry = current.lastEvent == current.enteredEvent && machine.states[current.state].type != .wait
    return try emit(
      .evaluationFailed(state: current.state, location: location, error), frame: frame, after: isAtEntry ? current.enteredAfter : current.lastEvent)
  }

  /// `ParallelStateFailed` or `MapStateFailed`, for the states that have such an event.
  private mutating func emitStateFailed(_ state: State, frame: Int, after previous: EventID) throws(ExecutionEnd) -> EventID {
    switch state {
    case .parallel(let state): try emit(.parallelStateFailed(state: state.common.index), frame: frame, after: previous)
    case .map(let state): try emit(.mapStateFailed(state: state.common.index), frame: frame, after: previous)
    case .task, .pass, .wait, .choice, .succeed, .fail: previous
    }
  }

  /// The frame ends by an error that its state did not meet: the machine fails, or the Parallel or Map state above.
  private mutating func failFrame(_ frame: Int, with error: ErrorOutput, after previous: EventID) throws(ExecutionEnd) {
    let parent = frames[frame].parent
    guard parent >= 0 else { throw ExecutionEnd(error, after: previous) }
    switch machine.states[frames[parent].state] {
    case .map(let state):
      if try tolerates(state, failureOf: frame, parent: parent, after: previous) { return }
      var error = error
      if let start = frames[parent].children?.start, start.toleratedFailureCount != nil || start.toleratedFailurePercentage != nil {
        error = ErrorOutput(
          error: ErrorName.exceedToleratedFailureThreshold.rawValue, cause: "The specified tolerated failure threshold was exceeded")
      }
      try abortChildren(of: parent, failing: frame, map: state, after: previous)
      try fail(parent, with: error, after: previous)
    case .parallel:
      try abortChildren(of: parent, failing: frame, map: nil, after: previous)
      try fail(parent, with: error, after: previous)
    case .task, .pass, .wait, .choice, .succeed, .fail: preconditionFailure("only Parallel and Map states have frames below them")
    }
  }

  /// Writes down what a failing branch or iteration cuts short, in the order of branches. All these events follow from the failing one's last event.
  ///
  /// States that can wait leave a `…StateAborted`, the failing Task itself among them; iterations are `MapIterationAborted`, the failing one `MapIterationFailed`.
  private mutating func abortChildren(of parent: Int, failing: Int, map: MapState?, after previous: EventID) throws(ExecutionEnd) {
    for child in children(of: parent) {
      let state = frames[child].state
      if let map {
        let index = frames[child].index
        // The frame must outlive its `…StateAborted`, so its own event comes first but frees nothing that the next one needs.
        let waits = state >= 0 && canAbort(machine.states[state], isFailing: child == failing)
        let kind: HistoryEvent.Kind =
          child == failing ? .mapIterationFailed(state: map.common.index, index: index) : .mapIterationAborted(state: map.common.index, index: index)
        try emit(kind, frame: child, after: previous)
        if waits { try emit(.stateAborted(state: state), frame: child, after: previous) }
      } else if state >= 0, canAbort(machine.states[state], isFailing: child == failing) {
        try emit(.stateAborted(state: state), frame: child, after: previous)
      }
    }
  }

  private func canAbort(_ state: State, isFailing: Bool) -> Bool {
    switch state {
    case .task: true
    case .wait: !isFailing
    case .parallel, .map: !isFailing
    case .pass, .choice, .succeed, .fail: false
    }
  }

  /// Lets a failed iteration pass when the Map state tolerates it.
  private mutating func tolerates(_ state: MapState, failureOf frame: Int, parent: Int, after previous: EventID) throws(ExecutionEnd) -> Bool {
    guard let children = frames[parent].children, let start = children.start else { return false }
    guard start.toleratedFailureCount != nil || start.toleratedFailurePercentage != nil else { return false }
    let failed = children.failed + 1
    if let count = start.toleratedFailureCount, failed > count { return false }
    if let percentage = start.toleratedFailurePercentage, Double(failed) * 100 > percentage * Double(children.outputs.count) { return false }
    try emit(.mapIterationFailed(state: state.common.index, index: frames[frame].index), frame: frame, after: previous)
    try iterationIsOver(of: state, frame: parent)
    return true
  }
}

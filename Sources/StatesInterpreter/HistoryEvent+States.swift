import StatesLanguage

extension HistoryEvent.Kind {
  /// The same fact about other numbers of states.
  package func mapStates<Failure: Error>(_ number: (Int) throws(Failure) -> Int) throws(Failure) -> Self {
    switch self {
    case .executionStarted, .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut, .executionRedriven, .executionResumed,
      .executionForked, .waitStarted, .retryScheduled:
      self
    case .stateEntered(let state, let input): .stateEntered(state: try number(state), input: input)
    case .stateExited(let state, let output, let assigned, .end):
      .stateExited(state: try number(state), output: output, assigned: assigned, transition: .end)
    case .stateExited(let state, let output, let assigned, .next(let next)):
      .stateExited(state: try number(state), output: output, assigned: assigned, transition: .next(try number(next)))
    case .stateAborted(let state): .stateAborted(state: try number(state))
    case .taskScheduled(let state, let schedule): .taskScheduled(state: try number(state), schedule)
    case .taskStarted(let state, let worker): .taskStarted(state: try number(state), worker: worker)
    case .taskSubmitted(let state, let output): .taskSubmitted(state: try number(state), output: output)
    case .taskSucceeded(let state, let output): .taskSucceeded(state: try number(state), output: output)
    case .taskFailed(let state, let error): .taskFailed(state: try number(state), error)
    case .taskTimedOut(let state, let error): .taskTimedOut(state: try number(state), error)
    case .evaluationFailed(let state, let location, let error): .evaluationFailed(state: try number(state), location: location, error)
    case .parallelStateStarted(let state): .parallelStateStarted(state: try number(state))
    case .parallelStateSucceeded(let state): .parallelStateSucceeded(state: try number(state))
    case .parallelStateFailed(let state): .parallelStateFailed(state: try number(state))
    case .mapStateStarted(let state, let start): .mapStateStarted(state: try number(state), start)
    case .mapIterationStarted(let state, let index): .mapIterationStarted(state: try number(state), index: index)
    case .mapIterationSucceeded(let state, let index): .mapIterationSucceeded(state: try number(state), index: index)
    case .mapIterationFailed(let state, let index): .mapIterationFailed(state: try number(state), index: index)
    case .mapIterationAborted(let state, let index): .mapIterationAborted(state: try number(state), index: index)
    case .mapStateSucceeded(let state): .mapStateSucceeded(state: try number(state))
    case .mapStateFailed(let state): .mapStateFailed(state: try number(state))
    case .mapRunStarted(let state, let start): .mapRunStarted(state: try number(state), start)
    case .mapRunSucceeded(let state): .mapRunSucceeded(state: try number(state))
    case .mapRunFailed(let state, let error): .mapRunFailed(state: try number(state), error)
    }
  }
}

extension HistoryEvent.Kind {
  /// The fact in a word, as a record names it. The service's types say besides which type of state it is about, and whether a task is a Lambda function
  /// or an activity.
  var word: String {
    switch self {
    case .executionStarted: "ExecutionStarted"
    case .executionSucceeded: "ExecutionSucceeded"
    case .executionFailed: "ExecutionFailed"
    case .executionAborted: "ExecutionAborted"
    case .executionTimedOut: "ExecutionTimedOut"
    case .executionRedriven: "ExecutionRedriven"
    case .executionResumed: "ExecutionResumed"
    case .executionForked: "ExecutionForked"
    case .stateEntered: "StateEntered"
    case .stateExited: "StateExited"
    case .stateAborted: "StateAborted"
    case .taskScheduled: "TaskScheduled"
    case .taskStarted: "TaskStarted"
    case .taskSubmitted: "TaskSubmitted"
    case .taskSucceeded: "TaskSucceeded"
    case .taskFailed: "TaskFailed"
    case .taskTimedOut: "TaskTimedOut"
    case .evaluationFailed: "EvaluationFailed"
    case .parallelStateStarted: "ParallelStateStarted"
    case .parallelStateSucceeded: "ParallelStateSucceeded"
    case .parallelStateFailed: "ParallelStateFailed"
    case .mapStateStarted: "MapStateStarted"
    case .mapIterationStarted: "MapIterationStarted"
    case .mapIterationSucceeded: "MapIterationSucceeded"
    case .mapIterationFailed: "MapIterationFailed"
    case .mapIterationAborted: "MapIterationAborted"
    case .mapStateSucceeded: "MapStateSucceeded"
    case .mapStateFailed: "MapStateFailed"
    case .mapRunStarted: "MapRunStarted"
    case .mapRunSucceeded: "MapRunSucceeded"
    case .mapRunFailed: "MapRunFailed"
    case .waitStarted: "WaitStarted"
    case .retryScheduled: "RetryScheduled"
    case .dataChanged: "DataChanged"
    }
  }
}

public import JSONTypes
public import StatesLanguage

/// What the world owes an execution.
public enum Effect: Sendable, Hashable {
  /// A task to do; the answer is one of the `task…` signals. Its deadlines are watched by whoever drives the execution.
  case task(TaskCall)
  /// A moment to wake at; the answer is `Signal.timerFired`.
  case timer(until: Timestamp)
  /// The items of a distributed Map to run, each as an execution of its own; the answer is one of the `mapRun…` signals.
  case mapRun(MapRunCall)
}

/// What the world tells an execution. A signal for an effect that is no longer open means nothing and yields no events.
public enum Signal: Sendable, Hashable {
  case start(JSONValue)
  /// A worker has taken the task of an activity, and may have given its name.
  case taskStarted(EventID, worker: String?)
  /// The service has accepted the work, for tasks that are answered later: `.sync` and `.waitForTaskToken`. Means nothing for others,
  /// nor a second time.
  case taskSubmitted(EventID, JSONValue)
  case taskSucceeded(EventID, JSONValue)
  case taskFailed(EventID, ErrorOutput)
  /// The attempt took longer than `TimeoutSeconds`, or was silent for `HeartbeatSeconds`.
  case taskTimedOut(EventID, isHeartbeat: Bool)
  case timerFired(EventID)
  /// All items are done, with the state's result.
  case mapRunSucceeded(EventID, JSONValue)
  case mapRunFailed(EventID, ErrorOutput)
  /// RedriveExecution: goes on at the states that were not left, if `Execution.redriveProblem` is nil.
  case redrive
  /// StopExecution.
  case stop(ErrorOutput)
  /// Another program goes on with the execution, after the one that ran it ended: writes that down.
  case resume
  /// Goes on where fuel ran out.
  case proceed
}

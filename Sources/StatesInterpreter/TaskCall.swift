public import JSONTypes
public import StatesLanguage

/// How a workflow, a state or a task failed: data, never thrown by the core.
public struct ErrorOutput: Sendable, Hashable {
  /// `States.TaskFailed`, `Lambda.Unknown`, an exception's type name, …; at most 256 characters on AWS.
  public var error: String?
  /// At most 32,768 characters on AWS.
  public var cause: String?
  public init(error: String?, cause: String?) {
    self.error = error
    self.cause = cause
  }
}

/// One attempt of a Task state at its resource, as the core asks the world for it.
public struct TaskCall: Sendable, Hashable {
  /// The event that opened this effect; with the execution's id it names the attempt.
  public var id: EventID
  /// The ARN of the execution.
  public var executionArn: String
  public var stateName: String
  /// `Resource` as written.
  public var resource: String
  /// The effective input of the task: `Parameters` or `Arguments` applied.
  public var input: JSONValue
  /// Seconds until the attempt counts as `States.Timeout`; nil when the definition gives none.
  public var timeoutSeconds: Int?
  /// Seconds without a heartbeat until the attempt counts as timed out.
  public var heartbeatSeconds: Int?
  /// The token that a callback answers, for `.waitForTaskToken`.
  public var taskToken: String?
  /// Attempts before this one in the same state entry.
  public var retryCount: Int
  /// `Credentials`, evaluated.
  public var credentials: JSONValue?
  /// When the attempt was scheduled: its deadlines count from here, also in a program that goes on with the execution.
  public var scheduledAt: Timestamp
  /// Whether a worker, or the service, has taken the task.
  public var hasStarted = false
  /// What was reported as `TaskSubmitted`: the answer of the service that has accepted the work. An action that finds it here is called again
  /// after a crash, and goes on with that work instead of submitting it once more.
  public var submission: JSONValue?

  public init(
    id: EventID, executionArn: String, stateName: String, resource: String, input: JSONValue, timeoutSeconds: Int? = nil,
    heartbeatSeconds: Int? = nil, taskToken: String? = nil, retryCount: Int = 0, credentials: JSONValue? = nil,
    scheduledAt: Timestamp = Timestamp(microseconds: 0)
  ) {
    self.id = id
    self.executionArn = executionArn
    self.stateName = stateName
    self.resource = resource
    self.input = input
    self.timeoutSeconds = timeoutSeconds
    self.heartbeatSeconds = heartbeatSeconds
    self.taskToken = taskToken
    self.retryCount = retryCount
    self.credentials = credentials
    self.scheduledAt = scheduledAt
  }
}

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
  /// When the execution started; nil where nothing is known of one. An ARN may be used again by a later execution of the same name.
  public var executionStartedAt: Timestamp?
  /// `ExecutionSettings.incarnation`.
  public var incarnation = ""
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
  /// What came before this attempt in the same entry of the state; nil for the first attempt, and after one that succeeded.
  public var earlier: EarlierAttempt?

  /// An attempt that has ended without a result: what it began may have happened, or go on, although nobody waits for it.
  public struct EarlierAttempt: Sendable, Hashable {
    /// The event that scheduled it. When attempts one after the other had the same input and no answer, that of the first of them.
    public var id: EventID
    /// When that event was.
    public var scheduledAt: Timestamp
    public var input: JSONValue
    /// What the last of these attempts reported as `TaskSubmitted`; nil when it was not answered.
    public var submission: JSONValue?
    /// The name of the error that ended the last of these attempts; nil when the execution ended before it.
    public var error: String?

    public init(id: EventID, scheduledAt: Timestamp, input: JSONValue, submission: JSONValue? = nil, error: String?) {
      self.id = id
      self.scheduledAt = scheduledAt
      self.input = input
      self.submission = submission
      self.error = error
    }
  }

  /// This attempt, as the next one sees it.
  package func ended(by error: String?) -> EarlierAttempt {
    var attempt = EarlierAttempt(id: id, scheduledAt: scheduledAt, input: input, submission: submission, error: error)
    if submission == nil, let earlier, earlier.submission == nil, earlier.input == input { (attempt.id, attempt.scheduledAt) = (earlier.id, earlier.scheduledAt) }
    return attempt
  }

  public init(
    id: EventID, executionArn: String, stateName: String, resource: String, input: JSONValue, timeoutSeconds: Int? = nil,
    heartbeatSeconds: Int? = nil, taskToken: String? = nil, retryCount: Int = 0, credentials: JSONValue? = nil,
    executionStartedAt: Timestamp? = nil, scheduledAt: Timestamp = Timestamp(microseconds: 0)
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
    self.executionStartedAt = executionStartedAt
    self.scheduledAt = scheduledAt
  }
}

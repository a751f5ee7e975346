import StatesInterpreter
public import StatesLanguage

/// How far a Map Run is, as DescribeMapRun tells it.
public struct MapRunSummary: Sendable, Hashable {
  public enum Status: String, Sendable, Hashable, CaseIterable {
    case running = "RUNNING", succeeded = "SUCCEEDED", failed = "FAILED", aborted = "ABORTED"
  }

  public struct Counts: Sendable, Hashable {
    public var pending = 0
    public var running = 0
    public var succeeded = 0
    public var failed = 0
    public var timedOut = 0
    public var aborted = 0
    /// Of those that have ended, how many are in the state's output or what a ResultWriter has written; counted at the end.
    public var resultsWritten = 0

    /// Those that are known; more may be read.
    public var total: Int { pending + running + ended }
    public var ended: Int { succeeded + unsuccessful }
    public var unsuccessful: Int { failed + timedOut + aborted }

    mutating func start(_ count: Int) {
      pending -= count
      running += count
    }

    mutating func end(_ status: ExecutionStatus, _ count: Int) {
      running -= count
      switch status {
      case .succeeded: succeeded += count
      case .timedOut: timedOut += count
      case .aborted: aborted += count
      case .notStarted, .running, .failed: failed += count
      }
    }
  }

  public let mapRunArn: String
  /// The execution that the Map state belongs to.
  public let executionArn: String
  /// The Map state, by its number.
  public let state: Int
  public let maxConcurrency: Int
  public let toleratedFailureCount: Int
  public let toleratedFailurePercentage: Double
  public let startedAt: Timestamp
  public internal(set) var stoppedAt: Timestamp?
  public internal(set) var status = Status.running
  public internal(set) var items = Counts()
  /// One execution may have a batch of items.
  public internal(set) var executions = Counts()
  /// All items have been read.
  public internal(set) var isRead = false

  init(_ call: MapRunCall, of execution: Execution, at now: Timestamp) {
    mapRunArn = call.start.mapRunArn
    executionArn = execution.settings.executionArn
    state = call.state
    maxConcurrency = call.start.maxConcurrency
    toleratedFailureCount = call.start.toleratedFailureCount ?? 0
    toleratedFailurePercentage = call.start.toleratedFailurePercentage ?? 0
    startedAt = now
  }
}

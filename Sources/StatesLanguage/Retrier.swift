/// One entry of a state's `Retry`.
///
/// Spec: Amazon States Language, "Retrying after error".
public struct Retrier: Sendable {
  public enum JitterStrategy: String, Sendable { case none = "NONE", full = "FULL" }

  public var errorEquals: [ErrorName]
  /// Seconds before the first retry; default 1.
  public var intervalSeconds: Double = 1
  /// Retries, the first attempt not counted; default 3, 0 means never.
  public var maxAttempts: Int = 3
  /// Each interval is the one before times this; default 2.
  public var backoffRate: Double = 2
  /// The longest interval in seconds; nil for no bound.
  public var maxDelaySeconds: Double?
  public var jitterStrategy: JitterStrategy = .none

  public init(errorEquals: [ErrorName]) {
    self.errorEquals = errorEquals
  }

  /// Seconds to wait before retry number `attempt` (from 0): IntervalSeconds × BackoffRate to the power of `attempt`, at most MaxDelaySeconds.
  /// With full jitter, uniformly between 0 and that; `unit` is the random number in [0, 1).
  public func delay(attempt: Int, unit: Double) -> Double {
    let bound = maxDelaySeconds ?? Self.longestDelay
    // The power by squaring: few steps for any number of attempts, and no mathematics library. Too large a factor becomes infinite.
    var factor = 1.0
    var square = backoffRate
    var left = attempt
    while left > 0 {
      if left & 1 == 1 { factor *= square }
      square *= square
      left >>= 1
    }
    let delay = intervalSeconds == 0 ? 0 : min(intervalSeconds * factor, bound)
    return jitterStrategy == .full ? delay * unit : delay
  }

  /// No interval is longer: 31,622,400 seconds, the year that an execution may last.
  public static let longestDelay: Double = 31_622_400
}

/// One entry of a state's `Catch`.
///
/// Spec: Amazon States Language, "Fallback states".
public struct Catcher: Sendable {
  public var errorEquals: [ErrorName]
  /// Where the error object goes in the state's raw input; default `$`, all of it.
  public var resultPath: ResultPathField
  public var assign: Template?
  /// JSONata: what the state puts out instead of the error object.
  public var output: JSONataTemplate?
  /// The state that follows, as its number in the machine.
  public var next: Int

  public init(errorEquals: [ErrorName], resultPath: ResultPathField, assign: Template?, output: JSONataTemplate?, next: Int) {
    self.errorEquals = errorEquals
    self.resultPath = resultPath
    self.assign = assign
    self.output = output
    self.next = next
  }
}

extension [ErrorName] {
  /// Whether this list of `ErrorEquals` catches an error: by its name, or by `States.ALL` and `States.TaskFailed` as the service has them.
  ///
  /// `States.ALL` matches everything that can be caught at all. `States.TaskFailed` matches any error but `States.Timeout`.
  /// A missed heartbeat is reported as `States.Timeout` and answers to both that name and `States.HeartbeatTimeout`.
  /// Source: AWS Step Functions Developer Guide, "Handling errors in Step Functions workflows", and recorded histories.
  public func catches(_ error: String?, isHeartbeat: Bool = false) -> Bool {
    for name in self {
      switch name {
      case .all: return true
      case .taskFailed: if error != ErrorName.timeout.rawValue { return true }
      case .heartbeatTimeout: if isHeartbeat || error == name.rawValue { return true }
      default: if let error, error.isSameName(as: name.rawValue) { return true }
      }
    }
    return false
  }
}

extension String {
  func isSameName(as other: String) -> Bool { utf8.count == other.utf8.count && self == other }
}

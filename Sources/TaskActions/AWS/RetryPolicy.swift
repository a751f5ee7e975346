import Synchronization

/// How requests are repeated: AWS's standard mode.
///
/// The wait before attempt n + 1 is a random part of min(2ⁿ⁻¹ s, 20 s), at least what the service asks for.
/// A bucket of tokens shared by a client's requests stops repetitions when most requests fail anyway.
/// `AWS_RETRY_MODE` is not asked: `legacy` and `adaptive` are served as `standard`.
///
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
struct RetryPolicy: Sendable {
  var maximumAttempts: Int
  /// Longest random wait, in seconds.
  static let maximumBackoffSeconds = 20.0
  /// Longest wait that a service's `Retry-After` is granted, in seconds.
  static let maximumServerDelaySeconds = 60.0

  enum Cause: Sendable {
    case throttling
    case serverFailure
    case connection
    case timeout
  }

  static let throttlingCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "TooManyRequestsException",
    "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete", "EC2ThrottledException",
  ]
  static let transientCodes: Set<String> = ["RequestTimeout", "RequestTimeoutException", "InternalError", "IDPCommunicationError"]
  static let skewCodes: Set<String> = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
  ]
  static let expiryCodes: Set<String> = ["ExpiredToken", "ExpiredTokenException"]

  /// Why an answered request is worth repeating; nil when it is not.
  static func cause(status: Int, code: String) -> Cause? {
    if throttlingCodes.contains(code) || status == 429 { return .throttling }
    if transientCodes.contains(code) { return .serverFailure }
    return [500, 502, 503, 504].contains(status) ? .serverFailure : nil
  }

  /// Why a request without a whole answer is worth repeating.
  static func cause(of error: HTTPError) -> Cause? {
    switch error.kind {
    case .dns, .connect, .reset, .truncated: .connection
    case .timeout: .timeout
    case .invalidRequest, .unavailable, .tls, .tooLarge, .badResponse, .cancelled: nil
    }
  }

  /// The wait after `attempt` (from 1) has failed.
  func delay(after attempt: Int, randomUnit: Double, serverDelay: Double?) -> Duration {
    let ceiling = attempt > 5 ? Self.maximumBackoffSeconds : min(Self.maximumBackoffSeconds, Double(1 << (attempt - 1)))
    let wanted = serverDelay.map { min($0, Self.maximumServerDelaySeconds) } ?? 0
    return .milliseconds(Int(max(randomUnit * ceiling, wanted) * 1000))
  }

  /// The wait that a service asks for, in seconds: `x-amz-retry-after` in milliseconds, else `Retry-After` in seconds or as a date.
  static func serverDelay(_ headers: HTTPHeaders, now: WallTime) -> Double? {
    if let text = headers["x-amz-retry-after"], let milliseconds = Double(text), milliseconds >= 0 { return milliseconds / 1000 }
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = Double(text), seconds >= 0 { return seconds }
    guard let date = WallTime(httpDate: text) else { return nil }
    return Double(max(0, date.secondsSinceEpoch - now.secondsSinceEpoch))
  }
}

/// The tokens that repetitions cost.
final class RetryTokens: Sendable {
  static let capacity = 500
  private let left = Mutex(capacity)

  /// What one repetition costs.
  static func cost(of cause: RetryPolicy.Cause) -> Int { cause == .timeout ? 10 : 5 }

  /// Takes the tokens for one repetition; false when too few are left.
  func take(_ cost: Int) -> Bool {
    left.withLock { left in
      guard left >= cost else { return false }
      left -= cost
      return true
    }
  }

  /// A request succeeded: what its last repetition cost comes back, or one token for a first attempt.
  func giveBack(_ cost: Int?) {
    left.withLock { $0 = min(Self.capacity, $0 + (cost ?? 1)) }
  }
}

import Synchronization

/// Signs a request for one service, sends it and repeats it as the policy says.
///
/// The skew between the own clock and the service's is learnt from a refusal and corrected from then on.
final class AWSCaller: Sendable {
  let service: AWSService
  let settings: AWSClientSettings
  private let transport: any HTTPTransport
  private let clock: ClientClock
  private let tokens = RetryTokens()
  private let skewSeconds = Mutex<Int64>(0)

  /// A difference of the clocks from which on a refusal is blamed on it. AWS refuses at five minutes.
  static let toleratedSkewSeconds: Int64 = 240
  static let userAgent = "sfn-local"

  init(_ service: AWSService, settings: AWSClientSettings, transport: any HTTPTransport, clock: ClientClock) {
    self.service = service
    self.settings = settings
    self.transport = transport
    self.clock = clock
  }

  var target: AWSClientSettings.Target { settings.target(of: service) }

  /// Sends the request until an answer of success comes.
  /// - Parameters:
  ///   - region: for the signature.
  ///   - pace: how it waits; by default by the client's clock.
  ///   - until: from this moment on the request is not repeated.
  ///   - isWhole: whether an answer of success is all there. One that is not counts as cut off, and the request is repeated.
  ///   - decodeError: reads code and message out of an answer of failure.
  func call(
    _ request: HTTPRequest, region: String, maximumBodyBytes: Int, pace: CallPace? = nil, until: WallTime? = nil,
    isWhole: @Sendable (HTTPResponse) -> Bool = { _ in true }, decodeError: @Sendable (HTTPResponse) -> AWSServiceError
  ) async throws(AWSCallError) -> HTTPResponse {
    let policy = RetryPolicy(maximumAttempts: settings.maximumAttempts)
    var attempt = 1
    var lastCost: Int?
    var hasCorrectedSkew = false
    var hasRefreshed = false
    var lastFailure: AWSCallError?
    while true {
      if Task.isCancelled { throw .cancelled }
      if let lastFailure, let until, clock.now() >= until { throw lastFailure }
      let (outcome, keys) = try await sendOnce(request, region: region, attempt: attempt, maximumBodyBytes)
      let failure: AWSCallError
      let cause: RetryPolicy.Cause?
      var serverDelay: Double?
      switch outcome {
      case .success(let response) where (200..<300).contains(response.status) && isWhole(response):
        tokens.giveBack(lastCost)
        return response
      case .success(let response) where (200..<300).contains(response.status):
        let error = HTTPError(.truncated, "the answer from \(hostAndPort(of: request.url)) is cut off: \(excerpt(response.body))")
        failure = .transport(error, attempts: attempt)
        cause = RetryPolicy.cause(of: error)
      case .success(let response):
        let error = decodeError(response)
        failure = .service(error)
        lastFailure = failure
        // Neither of these two waits or costs tokens: the next attempt differs from this one.
        if RetryPolicy.skewCodes.contains(error.code), !hasCorrectedSkew, attempt < policy.maximumAttempts, let seconds = learnSkew(response.headers) {
          hasCorrectedSkew = true
          attempt += 1
          pace?.tell("\(service.integrationName) refuses the clock (\(error.code)), which differs by \(seconds) s; asking again with its time")
          continue
        }
        if RetryPolicy.expiryCodes.contains(error.code), !hasRefreshed, attempt < policy.maximumAttempts,
          let chain = settings.credentials as? CredentialChain, let keys
        {
          hasRefreshed = true
          chain.forget(keys)
          attempt += 1
          pace?.tell("\(service.integrationName) calls the credentials expired (\(error.code)); asking again with new ones")
          continue
        }
        cause = RetryPolicy.cause(status: response.status, code: error.code)
        serverDelay = RetryPolicy.serverDelay(response.headers, now: clock.now())
      case .failure(let error):
        if error.kind == .cancelled { throw .cancelled }
        failure = .transport(error, attempts: attempt)
        cause = RetryPolicy.cause(of: error)
      }
      guard let cause, attempt < policy.maximumAttempts else { throw failure }
      let cost = RetryTokens.cost(of: cause)
      guard tokens.take(cost) else { throw failure }
      lastCost = cost
      lastFailure = failure
      let delay = policy.delay(after: attempt, randomUnit: clock.randomUnit(), serverDelay: serverDelay)
      attempt += 1
      pace?.tell("\(words(of: failure, cause)); attempt \(attempt) of \(policy.maximumAttempts) in \(delay)")
      if let pace { await pace.sleep(delay) } else { await clock.sleep(delay) }
    }
  }

  private func words(of failure: AWSCallError, _ cause: RetryPolicy.Cause) -> String {
    switch failure {
    case .service(let error): "\(service.integrationName) \(cause == .throttling ? "throttles" : "failed") (\(error.code), status \(error.status))"
    case .transport(let error, _): error.detail
    default: failure.description
    }
  }

  /// One attempt, with the keys that it was signed with.
  private func sendOnce(
    _ request: HTTPRequest, region: String, attempt: Int, _ maximumBodyBytes: Int
  ) async throws(AWSCallError) -> (Result<HTTPResponse, HTTPError>, AWSCredentials?) {
    let keys = try await keys(attempt)
    let time = clock.now().advanced(bySeconds: skewSeconds.withLock { $0 })
    var signed = request
    if let keys { signed = RequestSigner(region: region, service: service.signingName).sign(request, with: keys, at: time).request }
    signed.headers["User-Agent"] = Self.userAgent
    signed.headers["amz-sdk-request"] = "attempt=\(attempt); max=\(settings.maximumAttempts)"
    var options = settings.options
    options.maximumBodyBytes = maximumBodyBytes
    do throws(HTTPError) {
      return (.success(try await transport.send(signed, options)), keys)
    } catch {
      return (.failure(error), keys)
    }
  }

  /// nil for a request without a signature.
  private func keys(_ attempt: Int) async throws(AWSCallError) -> AWSCredentials? {
    do throws(CredentialsError) {
      switch try await settings.credentials.credentials() {
      case .found(let credentials): return credentials
      case .unsigned: return nil
      case .absent(let why): throw CredentialsError("no AWS credentials: \(settings.credentials.name): \(why)")
      }
    } catch {
      throw .credentials(error, afterRequest: attempt > 1)
    }
  }

  /// Takes the service's clock from its answer, and gives the difference in seconds. nil when it agrees with ours, so that the refusal had
  /// another reason.
  private func learnSkew(_ headers: HTTPHeaders) -> Int64? {
    guard let date = headers["Date"].flatMap({ WallTime(httpDate: $0) }) else { return nil }
    let skew = date.secondsSinceEpoch - clock.now().secondsSinceEpoch
    return skewSeconds.withLock { known in
      guard abs(skew - known) > Self.toleratedSkewSeconds else { return nil }
      known = skew
      return skew
    }
  }
}

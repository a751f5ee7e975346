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
  ///   - decodeError: reads code and message out of an answer of failure.
  func call(
    _ request: HTTPRequest, region: String, maximumBodyBytes: Int, decodeError: @Sendable (HTTPResponse) -> AWSServiceError
  ) async throws(AWSCallError) -> HTTPResponse {
    let policy = RetryPolicy(maximumAttempts: settings.maximumAttempts)
    var attempt = 1
    var lastCost: Int?
    var hasCorrectedSkew = false
    var hasRefreshed = false
    while true {
      if Task.isCancelled { throw .cancelled }
      let outcome = try await sendOnce(request, region: region, attempt: attempt, maximumBodyBytes)
      let failure: AWSCallError
      let cause: RetryPolicy.Cause?
      var serverDelay: Double?
      switch outcome {
      case .success(let response) where (200..<300).contains(response.status):
        tokens.giveBack(lastCost)
        return response
      case .success(let response):
        let error = decodeError(response)
        failure = .service(error)
        // Neither of these two waits or costs tokens: the next attempt differs from this one.
        if RetryPolicy.skewCodes.contains(error.code), !hasCorrectedSkew, attempt < policy.maximumAttempts, learnSkew(response.headers) {
          hasCorrectedSkew = true
          attempt += 1
          continue
        }
        if RetryPolicy.expiryCodes.contains(error.code), !hasRefreshed, attempt < policy.maximumAttempts,
          let chain = settings.credentials as? CredentialChain
        {
          hasRefreshed = true
          chain.forget()
          attempt += 1
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
      await clock.sleep(policy.delay(after: attempt, randomUnit: clock.randomUnit(), serverDelay: serverDelay))
      attempt += 1
    }
  }

  private func sendOnce(
    _ request: HTTPRequest, region: String, attempt: Int, _ maximumBodyBytes: Int
  ) async throws(AWSCallError) -> Result<HTTPResponse, HTTPError> {
    let credentials = try await credentials()
    let time = clock.now().advanced(bySeconds: skewSeconds.withLock { $0 })
    var signed = RequestSigner(region: region, service: service.signingName).sign(request, with: credentials, at: time).request
    signed.headers["User-Agent"] = Self.userAgent
    signed.headers["amz-sdk-request"] = "attempt=\(attempt); max=\(settings.maximumAttempts)"
    var options = settings.options
    options.maximumBodyBytes = maximumBodyBytes
    do throws(HTTPError) {
      return .success(try await transport.send(signed, options))
    } catch {
      return .failure(error)
    }
  }

  private func credentials() async throws(AWSCallError) -> AWSCredentials {
    do throws(CredentialsError) {
      switch try await settings.credentials.credentials() {
      case .found(let credentials): return credentials
      case .absent(let why): throw CredentialsError("no AWS credentials: \(settings.credentials.name): \(why)")
      }
    } catch {
      throw .credentials(error)
    }
  }

  /// Takes the service's clock from its answer. False when it agrees with ours, so that the refusal had another reason.
  private func learnSkew(_ headers: HTTPHeaders) -> Bool {
    guard let date = headers["Date"].flatMap({ WallTime(httpDate: $0) }) else { return false }
    let skew = date.secondsSinceEpoch - clock.now().secondsSinceEpoch
    return skewSeconds.withLock { known in
      guard abs(skew - known) > Self.toleratedSkewSeconds else { return false }
      known = skew
      return true
    }
  }
}

import Synchronization

/// Asks its sources in order and keeps what it found until shortly before it expires.
///
/// Credentials are fetched anew 15 minutes before they expire, by one caller while the others go on with what is known; in the last
/// 10 minutes all wait for the new ones. What is still valid is used when the fetch fails, which is tried again a minute later. Of
/// credentials that live shorter, half and a third of their life take the place of these times.
/// Source: the times are those of AWS's SDK for Python.
public final class CredentialChain: CredentialsSource {
  public let name = "the chain of credentials"
  /// From here on they are fetched anew in passing.
  static let advisorySeconds: Int64 = 900
  /// From here on everybody waits for new ones.
  static let mandatorySeconds: Int64 = 600
  /// The pause after a fetch in passing that failed.
  static let retrySeconds: Int64 = 60

  private struct State {
    var known: AWSCredentials?
    var fetchedAt = WallTime(secondsSinceEpoch: 0)
    var fetch: Task<Result<AWSCredentials, CredentialsError>, Never>?
    var notBefore = WallTime(secondsSinceEpoch: 0)
  }
  private enum Step {
    case use(AWSCredentials)
    case wait(Task<Result<AWSCredentials, CredentialsError>, Never>)
  }

  private let sources: [any CredentialsSource]
  private let now: @Sendable () -> WallTime
  private let state = Mutex(State())

  public init(_ sources: [any CredentialsSource], now: @escaping @Sendable () -> WallTime = { WallTime.now }) {
    self.sources = sources
    self.now = now
  }

  /// The sources in the order of AWS's tools.
  public convenience init(_ surroundings: CredentialSurroundings) {
    self.init(surroundings.sources, now: surroundings.world.clock.now)
  }

  public func credentials() async throws(CredentialsError) -> CredentialsAnswer {
    switch step() {
    case .use(let credentials): return .found(credentials)
    case .wait(let fetch):
      switch await fetch.value {
      case .success(let credentials): return .found(credentials)
      case .failure(let error):
        let time = now()
        guard let known = state.withLock({ $0.known }), let expiration = known.expiration, expiration > time else { throw error }
        return .found(known)
      }
    }
  }

  private func step() -> Step {
    let time = now()
    return state.withLock { state in
      if let known = state.known {
        guard let expiration = known.expiration else { return .use(known) }
        let left = expiration.secondsSinceEpoch - time.secondsSinceEpoch
        let life = expiration.secondsSinceEpoch - state.fetchedAt.secondsSinceEpoch
        if left > min(Self.advisorySeconds, life / 2) { return .use(known) }
        if left > min(Self.mandatorySeconds, life / 3), state.fetch != nil || time < state.notBefore { return .use(known) }
      }
      if let fetch = state.fetch { return .wait(fetch) }
      // A task of its own: the caller's cancellation must not take the credentials away from others who wait.
      let fetch = Task { await self.fetched() }
      state.fetch = fetch
      return .wait(fetch)
    }
  }

  private func fetched() async -> Result<AWSCredentials, CredentialsError> {
    let result: Result<AWSCredentials, CredentialsError>
    do throws(CredentialsError) {
      result = .success(try await search().credentials)
    } catch {
      result = .failure(error)
    }
    let time = now()
    state.withLock { state in
      state.fetch = nil
      switch result {
      case .success(let credentials): (state.known, state.fetchedAt) = (credentials, time)
      case .failure: state.notBefore = time.advanced(bySeconds: Self.retrySeconds)
      }
    }
    return result
  }

  /// Asks the sources anew, without keeping what they say.
  /// - Returns: the credentials, and the name of their source.
  public func search() async throws(CredentialsError) -> (credentials: AWSCredentials, source: String) {
    var reasons: [String] = []
    for source in sources {
      switch try await source.credentials() {
      case .found(let credentials):
        if let expiration = credentials.expiration, expiration <= now() {
          throw CredentialsError("the credentials of \(source.name) have expired at \(expiration.iso8601Text): renew them")
        }
        return (credentials, source.name)
      case .absent(let why): reasons.append("\(source.name): \(why)")
      case .unsigned: continue
      }
    }
    throw CredentialsError("no AWS credentials found. Tried:\n" + reasons.map { "- " + $0 }.joined(separator: "\n"))
  }

  /// Forgets credentials that a service has called expired; what has taken their place meanwhile stays.
  func forget(_ refused: AWSCredentials) {
    state.withLock { state in
      if state.known == refused { state.known = nil }
    }
  }
}

import JSONTypes
import Synchronization

/// One submission under way: who waits for its answer, and whether anybody still does.
final class Submission: Sendable {
  private struct State {
    var outcome: Result<JSONObject, AWSCallError>?
    var waiting: CheckedContinuation<Result<JSONObject, AWSCallError>, Never>?
    var pausing: Task<Void, Never>?
    var isAbandoned = false
    var hasEnded = false
    var watchers: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())
  /// What the service knows the statement by.
  let clientToken: String?

  init(clientToken: String? = nil) { self.clientToken = clientToken }

  /// The answer; `cancelled` as soon as the surrounding task is cancelled.
  func outcome() async throws(AWSCallError) -> JSONObject {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Result<JSONObject, AWSCallError>, Never>) in
        let known: Result<JSONObject, AWSCallError>? = state.withLock { state in
          if state.isAbandoned { return .failure(.cancelled) }
          if let outcome = state.outcome { return outcome }
          state.waiting = continuation
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      let (waiting, pausing) = state.withLock { state in
        guard state.outcome == nil else { return (nil, nil) as (CheckedContinuation<Result<JSONObject, AWSCallError>, Never>?, Task<Void, Never>?) }
        state.isAbandoned = true
        defer { (state.waiting, state.pausing) = (nil, nil) }
        return (state.waiting, state.pausing)
      }
      pausing?.cancel()
      waiting?.resume(returning: .failure(.cancelled))
    }
    return try result.get()
  }

  /// Waits between two attempts: in the engine's time while a task waits for the answer, by the client's own clock when nobody does.
  /// The engine counts the task as at rest meanwhile, so the wait in its time ends with the task.
  func pause(_ duration: Duration, engine: @escaping @Sendable (Duration) async -> Void, own: @Sendable (Duration) async -> Void) async {
    let waiting = Task { await engine(duration) }
    let isAbandoned = state.withLock { state in
      if !state.isAbandoned { state.pausing = waiting }
      return state.isAbandoned
    }
    if isAbandoned {
      waiting.cancel()
      return await own(duration)
    }
    await waiting.value
    state.withLock { $0.pausing = nil }
  }

  /// Hands the answer over. True when nobody waits for it any more.
  func finish(_ outcome: Result<JSONObject, AWSCallError>) -> Bool {
    let (waiting, isAbandoned) = state.withLock { state in
      state.outcome = outcome
      defer { state.waiting = nil }
      return (state.waiting, state.isAbandoned)
    }
    waiting?.resume(returning: outcome)
    return isAbandoned
  }

  /// Somebody waits for the statement again, though not for this answer.
  /// - Returns: false when the answer has come, so that an abandoned statement is cancelled already.
  func takeUp() -> Bool {
    state.withLock { state in
      if state.outcome == nil { state.isAbandoned = false }
      return state.outcome == nil
    }
  }

  func markEnded() {
    let watchers = state.withLock { state in
      state.hasEnded = true
      defer { state.watchers = [] }
      return state.watchers
    }
    for watcher in watchers { watcher.resume() }
  }

  /// Returns when the submission has its answer and, abandoned, has been cancelled.
  func ended() async {
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.watchers.append(continuation) }
        return state.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }
}

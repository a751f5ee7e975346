import Synchronization

/// An action that waits in the engine's time. Only the engine's loop wakes it, so that the loop knows how many actions are at work.
final class Sleeper: Sendable {
  private struct State {
    var continuation: CheckedContinuation<Void, any Error>?
    var isCancelled = false
  }
  private let state = Mutex(State())

  /// Waits for the loop.
  static func sleep(for duration: Duration, inbox: Inbox) async throws {
    try Task.checkCancellation()
    let sleeper = Sleeper()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        sleeper.state.withLock { $0.continuation = continuation }
        // An engine that has ended wakes at once.
        if !inbox.send(.sleep(sleeper, duration)) { sleeper.wake(cancelled: true) }
      }
    } onCancel: {
      inbox.send(.cancelSleep(sleeper))
    }
  }

  /// Lets the action go on; called by the loop.
  /// - Returns: false when it has gone on before.
  @discardableResult
  func wake(cancelled: Bool = false) -> Bool {
    let continuation = state.withLock { state in
      defer { state.continuation = nil }
      return state.continuation
    }
    if cancelled { continuation?.resume(throwing: CancellationError()) } else { continuation?.resume() }
    return continuation != nil
  }

  /// The wish to end the sleep may arrive before the sleep itself.
  var isCancelled: Bool {
    get { state.withLock { $0.isCancelled } }
    set { state.withLock { $0.isCancelled = newValue } }
  }
}

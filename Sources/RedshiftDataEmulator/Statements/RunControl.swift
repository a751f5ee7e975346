import Synchronization

/// How others reach a statement that runs: to cancel it.
final class RunControl: Sendable {
  private struct State {
    var isCancelled = false
    var isOver = false
    var backendPid: Int?
    var canceller: Task<Void, Never>?
    /// Ends what is done outside of the database.
    var stopsOutside: (@Sendable () -> Void)?
  }
  private let state = Mutex(State())
  private let cancelBackend: @Sendable (Int) async -> Void

  init(cancelBackend: @escaping @Sendable (Int) async -> Void) { self.cancelBackend = cancelBackend }

  var isCancelled: Bool { state.withLock { $0.isCancelled } }
  var hasBegun: Bool { state.withLock { $0.backendPid != nil } }
  /// The statement's process; 0 as long as it has none.
  var backendPid: Int { state.withLock { $0.backendPid ?? 0 } }
  func began(backendPid: Int) { state.withLock { $0.backendPid = backendPid } }

  /// Has the server stop the statement, until it has: a request that comes between two queries of the statement has no effect.
  func cancel() {
    state.withLock { state in
      guard !state.isOver, !state.isCancelled else { return }
      state.isCancelled = true
      state.stopsOutside?()
      state.canceller = Task { [self] in
        while let pid = current() {
          await cancelBackend(pid)
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
    }
  }

  /// Does work outside of the database, in a task that a cancellation of the statement cancels.
  func whileCancellable<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
    let task = Task { await work() }
    state.withLock { state in
      if state.isCancelled { task.cancel() } else { state.stopsOutside = { task.cancel() } }
    }
    let value = await task.value
    state.withLock { $0.stopsOutside = nil }
    return value
  }

  /// The process to stop; nil once the statement is over, 0 as long as it has none.
  private func current() -> Int? { state.withLock { $0.isOver ? nil : $0.backendPid ?? 0 } }

  /// Stops what runs now, without the statement counting as cancelled.
  var interrupt: @Sendable () async -> Void {
    { [self] in if let pid = current(), pid != 0 { await cancelBackend(pid) } }
  }

  /// Returns once no request to stop is on its way any more, so that the session's next statement is safe.
  func end() async {
    let canceller = state.withLock { state in
      state.isOver = true
      return state.canceller
    }
    await canceller?.value
  }
}

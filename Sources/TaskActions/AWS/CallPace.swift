import StatesRuntime

/// How one call waits between its attempts, and whom it tells of them.
///
/// A task's call waits in the engine's time, so that virtual and scaled clocks hold for it too; without a pace it waits by the client's clock.
struct CallPace: Sendable {
  var sleep: @Sendable (Duration) async -> Void
  /// One line for the trace: `RedshiftData throttles (ThrottlingException); attempt 2 of 3 in 0.7 s`.
  var tell: @Sendable (String) -> Void

  init(sleep: @escaping @Sendable (Duration) async -> Void, tell: @escaping @Sendable (String) -> Void) {
    self.sleep = sleep
    self.tell = tell
  }

  /// That of a running task. Cancelled, it does not wait any more, and the call then ends.
  init(_ reporter: TaskReporter) {
    self.init(sleep: { duration in try? await reporter.sleep(duration) }, tell: reporter.progress)
  }
}

public import JSONTypes
public import StatesInterpreter

/// What a Task state's `Resource` stands for: work done outside of the engine.
///
/// An action may run more than once for one attempt, after a crash: `TaskCall.idempotencyToken` stays the same then.
/// Cancellation of the surrounding Swift task means that nobody waits for the result any more
/// (the execution was stopped, or the attempt timed out): cancel what was started and return soon.
public protocol TaskAction: Sendable {
  /// Does the work and returns the task's result as AWS would give it, before `ResultSelector`.
  /// - Throws: `TaskFailure` with the error name that Retry and Catch match.
  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue

  /// Whether the result of a `.waitForTaskToken` task is the answer of the callback itself. By default it is the service's answer to the
  /// submission, and the task goes on until its token is answered.
  var answersCallback: Bool { get }
}

extension TaskAction {
  public var answersCallback: Bool { false }
}

/// The failure of one attempt of a task.
public struct TaskFailure: Error, Hashable, Sendable {
  /// The error name, for example `RedshiftData.ValidationException`.
  public var error: String
  public var cause: String?
  public init(error: String, cause: String?) {
    self.error = error
    self.cause = cause
  }
}

/// How a running action speaks to the engine.
public struct TaskReporter: Sendable {
  /// One line for the trace about how far the work is, for example `STARTED, 3 of 12 statements`.
  public var progress: @Sendable (String) -> Void
  /// The answer of the service to a submission, for `.sync` and callback tasks: makes the `TaskSubmitted` event.
  public var submitted: @Sendable (JSONValue) -> Void
  /// The work is alive; restarts the heartbeat's clock.
  public var heartbeat: @Sendable () -> Void
  /// Waits in the engine's time: at once in virtual time, faster in scaled time. Who polls waits by this, and never by `Task.sleep`.
  /// - Throws: `CancellationError` when nobody waits for the task any more.
  public var sleep: @Sendable (Duration) async throws -> Void

  public init(
    progress: @escaping @Sendable (String) -> Void = { _ in }, submitted: @escaping @Sendable (JSONValue) -> Void = { _ in },
    heartbeat: @escaping @Sendable () -> Void = {}, sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.progress = progress
    self.submitted = submitted
    self.heartbeat = heartbeat
    self.sleep = sleep
  }
}

extension TaskCall {
  /// The same for every attempt to run this one call, also after a crash: at most 64 characters of `[A-Za-z0-9-]`.
  public var idempotencyToken: String {
    var hash: (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4)
    for byte in "\(executionArn)#\(executionStartedAt.map { String($0.microseconds) } ?? "")#\(id)\(incarnation.isEmpty ? "" : "#" + incarnation)".utf8 {
      hash.0 = (hash.0 ^ UInt64(byte)) &* 0x100_0000_01b3
      hash.1 = (hash.1 &+ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15
      hash.1 ^= hash.1 >> 29
    }
    return "sfn-local-" + String(hash.0, radix: 16) + "-" + String(hash.1, radix: 16)
  }
}

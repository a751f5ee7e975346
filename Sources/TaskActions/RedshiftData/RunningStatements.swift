import JSONTypes
import Synchronization

/// The statements that executions have submitted and that are not known to have ended.
///
/// Policy of cancellation: an execution that is stopped, aborted or interrupted takes its statements with it. Whoever stops it calls
/// `cancelAll(of:)`. A task that is cancelled while its submission is under way returns at once; the submission goes on in the background until
/// the statement's id is known, and the statement is cancelled then. A task that only asks for a status or a result cancels nothing,
/// and an execution that ends by itself leaves its statements running, as on AWS: call `forget(_:)`.
public final class RunningStatements: Sendable {
  /// Statements remembered of one execution; above that the oldest are forgotten.
  public static let maximumPerExecution = 1000

  /// What became of one statement in `cancelAll`.
  public struct Cancellation: Sendable, Hashable {
    public var id: String
    /// nil when it was cancelled or had ended, else why it may still run.
    public var failure: String?
  }

  private struct Statement {
    var id: String
    var client: RedshiftDataClient
  }
  private struct State {
    var statements: [String: [Statement]] = [:]
    var submissions: [String: [ObjectIdentifier: Submission]] = [:]
  }
  private let state = Mutex(State())

  public init() {}

  /// The ids of an execution's statements, oldest first.
  public func ids(of executionArn: String) -> [String] {
    state.withLock { $0.statements[executionArn]?.map(\.id) ?? [] }
  }

  /// Cancels what an execution (or, by default, any) has running, waits for the answers, and forgets it.
  /// Submissions under way are waited for first, which takes as long as the client's time limits allow.
  public func cancelAll(of executionArn: String? = nil) async -> [Cancellation] {
    let pending = state.withLock { state in
      state.submissions.filter { executionArn == nil || $0.key == executionArn }.flatMap { Array($0.value.values) }
    }
    // A task that still waits for its submission keeps its answer; only the statement goes.
    for submission in pending { await submission.ended() }
    let statements = state.withLock { state in
      let keys = executionArn.map { [$0] } ?? Array(state.statements.keys)
      return keys.flatMap { state.statements.removeValue(forKey: $0) ?? [] }
    }
    return await withTaskGroup(of: (Int, Cancellation).self) { group in
      for (index, statement) in statements.enumerated() {
        group.addTask { (index, await cancel(statement.id, statement.client)) }
      }
      var results: [(Int, Cancellation)] = []
      for await result in group { results.append(result) }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Lets go of an execution's statements without touching them.
  public func forget(_ executionArn: String) {
    state.withLock { $0.statements[executionArn] = nil }
  }

  /// Submits statements for an execution and remembers the id. Cancelling the surrounding task follows the policy above.
  func submit(
    _ operation: RedshiftDataOperation, _ request: JSONObject, to client: RedshiftDataClient, for executionArn: String
  ) async throws(AWSCallError) -> JSONObject {
    if Task.isCancelled { throw .cancelled }
    let submission = Submission()
    let key = ObjectIdentifier(submission)
    state.withLock { $0.submissions[executionArn, default: [:]][key] = submission }
    // A task of its own, so that cancellation does not lose the answer with the id.
    Task {
      let outcome: Result<JSONObject, AWSCallError>
      do throws(AWSCallError) {
        outcome = .success(try await client.call(operation, request))
      } catch {
        outcome = .failure(error)
      }
      if case .success(let answer) = outcome, let id = answer["Id"]?.asString { started(id, client, for: executionArn) }
      if submission.finish(outcome), case .success(let answer) = outcome, let id = answer["Id"]?.asString {
        _ = await cancel(id, client)
        ended(id)
      }
      state.withLock { state in
        state.submissions[executionArn]?[key] = nil
        if state.submissions[executionArn]?.isEmpty == true { state.submissions[executionArn] = nil }
      }
      submission.markEnded()
    }
    return try await submission.outcome()
  }

  private func started(_ id: String, _ client: RedshiftDataClient, for executionArn: String) {
    state.withLock { state in
      var statements = state.statements[executionArn] ?? []
      statements.removeAll { $0.id == id }
      statements.append(Statement(id: id, client: client))
      if statements.count > Self.maximumPerExecution { statements.removeFirst() }
      state.statements[executionArn] = statements
    }
  }

  /// Takes note of a description: a statement that has ended is forgotten.
  func note(_ description: JSONObject) {
    guard let id = description["Id"]?.asString, let status = description["Status"]?.asString else { return }
    if ["FINISHED", "FAILED", "ABORTED"].contains(status) { ended(id) }
  }

  func ended(_ id: String) {
    state.withLock { state in
      for key in Array(state.statements.keys) {
        state.statements[key]?.removeAll { $0.id == id }
        if state.statements[key]?.isEmpty == true { state.statements[key] = nil }
      }
    }
  }
}

private func cancel(_ id: String, _ client: RedshiftDataClient) async -> RunningStatements.Cancellation {
  do throws(AWSCallError) {
    _ = try await client.call(.cancelStatement, ["Id": .string(id)])
    return RunningStatements.Cancellation(id: id, failure: nil)
  } catch {
    // The service refuses to cancel what has ended, and does not know what it has dropped.
    if case .service(let refusal) = error, ["ValidationException", "ResourceNotFoundException"].contains(refusal.code) {
      return RunningStatements.Cancellation(id: id, failure: nil)
    }
    return RunningStatements.Cancellation(id: id, failure: error.description)
  }
}

/// One submission under way: who waits for its answer, and whether anybody still does.
private final class Submission: Sendable {
  private struct State {
    var outcome: Result<JSONObject, AWSCallError>?
    var waiting: CheckedContinuation<Result<JSONObject, AWSCallError>, Never>?
    var isAbandoned = false
    var hasEnded = false
    var watchers: [CheckedContinuation<Void, Never>] = []
  }
  private let state = Mutex(State())

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
      let waiting = state.withLock { state in
        guard state.outcome == nil else { return nil as CheckedContinuation<Result<JSONObject, AWSCallError>, Never>? }
        state.isAbandoned = true
        defer { state.waiting = nil }
        return state.waiting
      }
      waiting?.resume(returning: .failure(.cancelled))
    }
    return try result.get()
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

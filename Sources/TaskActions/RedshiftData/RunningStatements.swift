import JSONTypes
import Synchronization

/// The statements that executions have submitted and that are not known to have ended.
///
/// Policy of cancellation: an execution that is stopped, aborted or interrupted takes its statements with it; whoever stops it calls
/// `cancelAll(of:)`. A task that waits for its statement's end (`.sync`) and is cancelled, because it timed out or nobody needs it any more,
/// takes the statement with it. A task that is cancelled while its submission is under way returns at once; the submission goes on in the
/// background until the statement's id is known, and the statement is cancelled then. A task that only asks for a status or a result
/// cancels nothing, and an execution that ends by itself leaves the other statements running, as on AWS: call `release(_:)`.
/// A crash cancels nothing, nor does an engine that is shut down to go on later: call `leaveRunning()` before.
public final class RunningStatements: Sendable {
  /// Statements remembered of one execution; above that the oldest are forgotten.
  public static let maximumPerExecution = 1000
  /// What became of one statement that was to be cancelled.
  public struct Cancellation: Sendable, Hashable {
    public var id: String
    /// nil when it was cancelled or had ended, else why it may still run.
    public var failure: String?
  }

  private struct Statement {
    var id: String
    var client: RedshiftDataClient
    /// Whether a task waits for its end.
    var isOwned: Bool
  }
  private struct State {
    var statements: [String: [Statement]] = [:]
    var submissions: [String: [ObjectIdentifier: Submission]] = [:]
    /// By execution; those of tasks that were cancelled.
    var cancellations: [String: [Task<Cancellation, Never>]] = [:]
    /// By execution, the statements whose cancellation the service has accepted.
    var cancelled: [String: Set<String>] = [:]
    /// By execution and client token, when the service was first asked with a token that it has not answered to.
    var firstAsked: [String: [String: WallTime]] = [:]
    var leavesRunning = false
  }
  private let state = Mutex(State())

  public init() {}

  /// The ids of an execution's statements, oldest first.
  public func ids(of executionArn: String) -> [String] {
    state.withLock { $0.statements[executionArn]?.map(\.id) ?? [] }
  }

  /// From now on, tasks that are cancelled leave their statements alone: the executions go on in a later process.
  public func leaveRunning() { state.withLock { $0.leavesRunning = true } }

  /// Cancels what an execution (or, by default, any) has running, waits for the answers, and forgets it.
  /// Submissions under way are waited for first, which takes as long as the client's time limits allow.
  public func cancelAll(of executionArn: String? = nil) async -> [Cancellation] { await end(executionArn) { _ in true } }

  /// Lets go of the statements of an execution (or, by default, of all) that has ended by itself. Those that a task waited for are cancelled,
  /// the others run on.
  public func release(_ executionArn: String? = nil) async -> [Cancellation] { await end(executionArn) { $0.isOwned } }

  private func end(_ executionArn: String?, where isCancelled: (Statement) -> Bool) async -> [Cancellation] {
    let pending = state.withLock { state in
      state.submissions.filter { executionArn == nil || $0.key == executionArn }.flatMap { Array($0.value.values) }
    }
    // A task that still waits for its submission keeps its answer; only the statement goes.
    for submission in pending { await submission.ended() }
    let (statements, earlier) = state.withLock { state in
      let keys = executionArn.map { [$0] } ?? Array(state.statements.keys)
      let known = keys.flatMap { state.statements.removeValue(forKey: $0) ?? [] }
      let all = executionArn.map { [$0] } ?? Array(state.cancellations.keys)
      for key in executionArn.map({ [$0] }) ?? Array(state.firstAsked.keys) + Array(state.cancelled.keys) {
        (state.firstAsked[key], state.cancelled[key]) = (nil, nil)
      }
      return (state.leavesRunning ? [] : known, all.flatMap { state.cancellations.removeValue(forKey: $0) ?? [] })
    }
    var outcomes: [Cancellation] = []
    for cancellation in earlier { outcomes.append(await cancellation.value) }
    let chosen = statements.filter(isCancelled)
    return await withTaskGroup(of: (Int, Cancellation).self) { group in
      for (index, statement) in chosen.enumerated() {
        group.addTask { (index, await self.cancel(statement.id, statement.client, of: nil)) }
      }
      var results: [(Int, Cancellation)] = []
      for await result in group { results.append(result) }
      return outcomes + results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// The task that waited for the statement is cancelled, and the statement with it, in the background.
  func abandon(_ id: String, of executionArn: String) {
    state.withLock { state in
      guard !state.leavesRunning, let index = state.statements[executionArn]?.firstIndex(where: { $0.id == id }),
        let statement = state.statements[executionArn]?.remove(at: index)
      else { return }
      state.cancellations[executionArn, default: []].append(Task { await self.cancel(statement.id, statement.client, of: executionArn) })
    }
  }

  /// Submits statements for an execution and remembers the id. Cancelling the surrounding task follows the policy above.
  /// - Parameters:
  ///   - isOwned: whether the task goes on to wait for the statement's end.
  ///   - until: when the service may have forgotten the client token; the request is not repeated from then on.
  func submit(
    _ operation: RedshiftDataOperation, _ request: JSONObject, to client: RedshiftDataClient, for executionArn: String, isOwned: Bool = false,
    pace: CallPace? = nil, until: WallTime? = nil
  ) async throws(AWSCallError) -> JSONObject {
    if Task.isCancelled { throw .cancelled }
    let submission = Submission(clientToken: request["ClientToken"]?.asString)
    let key = ObjectIdentifier(submission)
    state.withLock { $0.submissions[executionArn, default: [:]][key] = submission }
    let ownSleep = client.clock.sleep
    let waits = pace.map { pace in
      CallPace(sleep: { await submission.pause($0, engine: pace.sleep, own: ownSleep) }, tell: pace.tell)
    }
    // A task of its own, so that cancellation does not lose the answer with the id.
    Task {
      let outcome: Result<JSONObject, AWSCallError>
      do throws(AWSCallError) {
        outcome = .success(try await client.call(operation, request, pace: waits, until: until))
      } catch {
        outcome = .failure(error)
      }
      if case .success(let answer) = outcome, let id = answer["Id"]?.asString { adopt(id, client, for: executionArn, isOwned: isOwned) }
      if case .success = outcome, let token = submission.clientToken { state.withLock { $0.firstAsked[executionArn]?[token] = nil } }
      if submission.finish(outcome), case .success(let answer) = outcome, let id = answer["Id"]?.asString,
        !state.withLock({ $0.leavesRunning })
      {
        _ = await cancel(id, client, of: executionArn)
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

  /// Remembers a statement whose id is known.
  func adopt(_ id: String, _ client: RedshiftDataClient, for executionArn: String, isOwned: Bool) {
    state.withLock { state in
      var statements = state.statements[executionArn] ?? []
      statements.removeAll { $0.id == id }
      statements.append(Statement(id: id, client: client, isOwned: isOwned))
      if statements.count > Self.maximumPerExecution { statements.removeFirst() }
      state.statements[executionArn] = statements
    }
  }

  // MARK: Attempts that ended before their statement

  /// A state's next attempt takes up what the one before has left: a submission under way whose statement was to be cancelled is let go on.
  /// Returns when no statement of the execution is being cancelled any more.
  func takeUp(_ clientToken: String, of executionArn: String) async {
    let pending = state.withLock { state in (state.submissions[executionArn] ?? [:]).values.filter { $0.clientToken == clientToken } }
    for submission in pending where !submission.takeUp() { await submission.ended() }
    await settleCancellations(of: executionArn)
  }

  /// Returns when no statement of the execution is being cancelled any more.
  func settleCancellations(of executionArn: String) async {
    for cancellation in state.withLock({ $0.cancellations[executionArn] ?? [] }) { _ = await cancellation.value }
  }

  // MARK: Ends

  /// Takes note of a description: a statement that has ended is forgotten.
  func note(_ description: JSONObject) {
    guard let id = description["Id"]?.asString, StatementStatus.hasEnded(description) else { return }
    ended(id)
  }

  func ended(_ id: String) {
    state.withLock { state in
      for key in Array(state.statements.keys) {
        state.statements[key]?.removeAll { $0.id == id }
        if state.statements[key]?.isEmpty == true { state.statements[key] = nil }
      }
    }
  }

  /// Whether this program has had a statement cancelled; it then ends, or has ended, as `ABORTED`.
  func hasCancelled(_ id: String, of executionArn: String) -> Bool { state.withLock { $0.cancelled[executionArn]?.contains(id) == true } }

  /// When the service was first asked with a client token that it has not answered to.
  /// - Parameter time: when it was asked in an earlier process at the latest, or now.
  func firstAsked(_ clientToken: String, of executionArn: String, at time: WallTime) -> WallTime {
    state.withLock { state in
      let known = min(state.firstAsked[executionArn]?[clientToken] ?? time, time)
      state.firstAsked[executionArn, default: [:]][clientToken] = known
      return known
    }
  }

  /// - Parameter executionArn: nil when the execution is over.
  private func cancel(_ id: String, _ client: RedshiftDataClient, of executionArn: String?) async -> Cancellation {
    do throws(AWSCallError) {
      let answer = try await client.call(.cancelStatement, ["Id": .string(id)])
      if let executionArn, answer["Status"]?.asBool == true { state.withLock { _ = $0.cancelled[executionArn, default: []].insert(id) } }
      return Cancellation(id: id, failure: nil)
    } catch {
      // The service refuses to cancel what has ended, and does not know what it has dropped.
      if case .service(let refusal) = error, ["ValidationException", "ResourceNotFoundException"].contains(refusal.code) {
        return Cancellation(id: id, failure: nil)
      }
      return Cancellation(id: id, failure: error.description)
    }
  }
}

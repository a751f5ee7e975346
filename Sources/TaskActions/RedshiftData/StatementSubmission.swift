import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// Why statements were not submitted.
enum SubmissionError: Error, Sendable {
  case call(AWSCallError)
  /// It cannot be told whether they run, and they are not submitted again.
  case lost(String)

  /// The error's name for Retry and Catch; the service has none for this.
  static let lostName = "RedshiftData.SubmissionLost"
}

/// Submits a call's statements so that they run once, whatever becomes of requests, answers and processes.
///
/// - The request carries a `ClientToken` made from the attempt (`SubmissionToken`), or the definition's own. The service runs nothing again
///   for a token that it knows, so a request may be repeated: after a lost answer, a failure of the service, or a crash.
/// - An attempt that ended without an answer, however it ended, hands its token on to the state's next attempt, which thereby finds the statement
///   if it runs; one that waited for the end hands on the id. Both stand in the history (`TaskCall.earlier`), so a crash between two attempts, or
///   a redrive, changes nothing.
/// - A statement that was cancelled with the attempt that had submitted it gives way to another, whose token follows from its id. Statements thus form
///   a chain, of which each was cancelled but the last; an attempt that knows one of them finds all that follow.
/// - The service forgets tokens after 8 hours. What was begun longer ago is looked up by its `StatementName`; when nothing is found, the task fails
///   with `RedshiftData.SubmissionLost`, because nobody can tell whether the statement ran.
struct StatementSubmission: Sendable {
  let tasks: RedshiftDataTasks
  let operation: RedshiftDataOperation
  let request: JSONObject
  let call: TaskCall
  /// Whether the task goes on to wait for the end.
  var isOwned = false

  /// Errors after which a statement has had its end, so that the next attempt submits anew.
  static let finalErrors: Set<String> = [SubmissionError.lostName, StatementToEnd.failedName, StatementToEnd.abortedName]

  /// What the attempt before has left behind.
  private enum Inheritance {
    /// Its submission had no answer.
    case token
    /// It was answered, and waited for the end.
    case answer(JSONObject)
  }

  private var inheritance: Inheritance? {
    guard let earlier = call.earlier, earlier.input == call.input, !Self.finalErrors.contains(earlier.error ?? "") else { return nil }
    guard case .object(let known)? = earlier.submission, known["Id"]?.asString != nil else { return .token }
    return isOwned ? .answer(known) : nil
  }

  /// Whether the attempt before was cut short, and its statement cancelled with it if that came in time.
  private var followsCancellation: Bool {
    guard inheritance != nil, let earlier = call.earlier else { return false }
    return earlier.error == nil || earlier.error == ErrorName.timeout.rawValue || earlier.error == ErrorName.heartbeatTimeout.rawValue
  }

  /// The service's answer with the statement's id, now or from the time before a crash.
  func answer(_ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    if case .object(let known)? = call.submission, let id = known["Id"]?.asString {
      tasks.running.adopt(id, tasks.client, for: call.executionArn, isOwned: isOwned)
      return known
    }
    guard let inheritance, let earlier = call.earlier else { return try await submit(SubmissionToken(call), age: tasks.age(call), reporter) }
    switch inheritance {
    case .answer(let known):
      await tasks.running.settleCancellations(of: call.executionArn)
      reporter.progress("the last attempt's statement may still run; waiting for it")
      tasks.running.adopt(known["Id"]?.asString ?? "", tasks.client, for: call.executionArn, isOwned: isOwned)
      return known
    case .token:
      var first = call
      (first.id, first.scheduledAt) = (earlier.id, earlier.scheduledAt)
      let token = SubmissionToken(first)
      await tasks.running.takeUp(request["ClientToken"]?.asString ?? token.text, of: call.executionArn)
      reporter.progress("the last attempt had no answer; asking with its client token")
      let answer = try await submit(token, age: tasks.age(first), reporter)
      return isOwned ? answer : try await lastOfChain(answer, reporter)
    }
  }

  // MARK: After a cancellation

  /// The answer of the statement that takes the place of one which has ended as `ABORTED`; nil when that is the task's own end, because somebody
  /// else has cancelled it.
  /// - Parameters:
  ///   - description: of the cancelled statement.
  ///   - wasOver: whether it had ended before this attempt looked.
  ///   - isFirst: whether it is the one that this attempt began with.
  func answer(
    after description: JSONObject, wasOver: Bool, isFirst: Bool, _ reporter: TaskReporter
  ) async throws(SubmissionError) -> JSONObject? {
    guard request["ClientToken"] == nil, inheritance != nil, let id = description["Id"]?.asString, !isOwn(id) else { return nil }
    guard wasOver || tasks.running.hasCancelled(id, of: call.executionArn) || (isFirst && followsCancellation) else { return nil }
    reporter.progress("the last attempt's statement was cancelled; submitting it anew")
    let token = SubmissionToken(after: id)
    await tasks.running.takeUp(token.text, of: call.executionArn)
    // Nobody can have asked with this token before the other statement had ended.
    let now = tasks.client.clock.now().secondsSinceEpoch
    let age = description["UpdatedAt"]?.asDouble.map { Duration.seconds(max(0, now - Int64($0))) }
    return try await submit(token, age: age ?? tasks.age(call), reporter)
  }

  /// Whether this very attempt had submitted the statement, before a crash.
  private func isOwn(_ id: String) -> Bool {
    guard let known = call.submission?["Id"]?.asString, known == id, let before = call.earlier?.submission?["Id"]?.asString else { return false }
    return known != before
  }

  /// For a task that does not wait: the statement that was found, or what takes its place.
  private func lastOfChain(_ answer: JSONObject, _ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    var answer = answer
    var isFirst = true
    while let id = answer["Id"]?.asString, let (description, wasOver) = try await look(id, reporter), description["Status"]?.asString == "ABORTED",
      let next = try await self.answer(after: description, wasOver: wasOver, isFirst: isFirst, reporter)
    {
      (answer, isFirst) = (next, false)
    }
    return answer
  }

  /// How a statement stands; one that this program has cancelled is waited for. nil when the service does not say: what may have run is not run again.
  private func look(_ id: String, _ reporter: TaskReporter) async throws(SubmissionError) -> (description: JSONObject, wasOver: Bool)? {
    var pause = StatementPoll.shortestPause
    var wasOver = true
    while true {
      do throws(AWSCallError) {
        let description = try await tasks.client.call(.describeStatement, ["Id": .string(id)], pace: CallPace(reporter))
        if StatementStatus.hasEnded(description) || !tasks.running.hasCancelled(id, of: call.executionArn) { return (description, wasOver) }
      } catch {
        if error == .cancelled { throw .call(error) }
        return nil
      }
      wasOver = false
      do { try await reporter.sleep(pause) } catch { throw .call(.cancelled) }
      pause = min(pause * 2, StatementPoll.longestPause)
    }
  }

  // MARK: Submitting

  /// - Parameter age: how long ago somebody may have asked with this token, in an earlier process.
  private func submit(_ token: SubmissionToken, age: Duration, _ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    var full = request
    if full["ClientToken"] == nil { full["ClientToken"] = .string(token.text) }
    if full["StatementName"] == nil { full["StatementName"] = .string(token.statementName(for: call)) }
    let now = tasks.client.clock.now()
    let first = tasks.running.firstAsked(full["ClientToken"]?.asString ?? "", of: call.executionArn, at: now.advanced(bySeconds: -age.components.seconds))
    let seconds = now.secondsSinceEpoch - first.secondsSinceEpoch
    if seconds >= SubmissionToken.lifetimeInSeconds {
      return try await ForgottenStatement(submission: self, request: full, age: seconds).answer(reporter)
    }
    do throws(AWSCallError) {
      return try await tasks.running.submit(
        operation, full, to: tasks.client, for: call.executionArn, isOwned: isOwned, pace: CallPace(reporter),
        until: first.advanced(bySeconds: SubmissionToken.lifetimeInSeconds))
    } catch {
      throw .call(error)
    }
  }
}

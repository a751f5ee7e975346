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
/// - The service forgets tokens after 8 hours. A call that was begun longer ago by an earlier process is looked up by its `StatementName`;
///   when nothing is found, the task fails with `RedshiftData.SubmissionLost`, because nobody can tell whether the statement ran.
struct StatementSubmission: Sendable {
  let tasks: RedshiftDataTasks
  let operation: RedshiftDataOperation
  let request: JSONObject
  let call: TaskCall
  /// Whether the task goes on to wait for the end.
  var isOwned = false

  /// Pages of `ListStatements` that are looked through, of 100 statements each.
  static let maximumPages = 20

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
  var followsCancellation: Bool {
    guard inheritance != nil, let earlier = call.earlier else { return false }
    return earlier.error == nil || earlier.error == ErrorName.timeout.rawValue || earlier.error == ErrorName.heartbeatTimeout.rawValue
  }

  /// The service's answer with the statement's id, now or from the time before a crash.
  func answer(_ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    if case .object(let known)? = call.submission, let id = known["Id"]?.asString {
      tasks.running.adopt(id, tasks.client, for: call.executionArn, isOwned: isOwned)
      return known
    }
    guard let inheritance, let earlier = call.earlier else { return try await submit(as: call, reporter) }
    switch inheritance {
    case .answer(let known):
      await tasks.running.settleCancellations(of: call.executionArn)
      reporter.progress("the last attempt's statement may still run; waiting for it")
      tasks.running.adopt(known["Id"]?.asString ?? "", tasks.client, for: call.executionArn, isOwned: isOwned)
      return known
    case .token:
      var first = call
      (first.id, first.scheduledAt) = (earlier.id, earlier.scheduledAt)
      await tasks.running.takeUp(request["ClientToken"]?.asString ?? SubmissionToken(first).text, of: call.executionArn)
      reporter.progress("the last attempt had no answer; asking with its client token")
      let answer = try await submit(as: first, reporter)
      guard followsCancellation, !isOwned, try await isAborted(answer, reporter) else { return answer }
      return try await submitAnew(reporter)
    }
  }

  /// The statement of the attempt before was cancelled: it has no effect, and this attempt has its own.
  func submitAnew(_ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    reporter.progress("the last attempt's statement was cancelled; submitting it anew")
    return try await submit(as: call, reporter)
  }

  /// Whether a statement ended by being cancelled. A service that does not say counts as none: what may have run is not run again.
  private func isAborted(_ answer: JSONObject, _ reporter: TaskReporter) async throws(SubmissionError) -> Bool {
    guard let id = answer["Id"] else { return false }
    do throws(AWSCallError) {
      return try await tasks.client.call(.describeStatement, ["Id": id], pace: CallPace(reporter))["Status"]?.asString == "ABORTED"
    } catch {
      if error == .cancelled { throw .call(error) }
      return false
    }
  }

  /// Submits under the names of an attempt, of this one or of one before it.
  private func submit(as call: TaskCall, _ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    let token = SubmissionToken(call)
    var full = request
    if full["ClientToken"] == nil { full["ClientToken"] = .string(token.text) }
    if full["StatementName"] == nil { full["StatementName"] = .string(token.statementName(for: call)) }
    let age = tasks.age(call)
    if age.components.seconds >= SubmissionToken.lifetimeInSeconds {
      return try await found(full, of: call, age: age, reporter)
    }
    do throws(AWSCallError) {
      return try await tasks.running.submit(
        operation, full, to: tasks.client, for: call.executionArn, isOwned: isOwned, pace: CallPace(reporter))
    } catch {
      throw .call(error)
    }
  }

  /// The statement of a token that the service has forgotten.
  private func found(_ full: JSONObject, of call: TaskCall, age: Duration, _ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    let name = full["StatementName"]?.asString ?? ""
    let hours = age.components.seconds / 3600
    reporter.progress("scheduled \(hours) h ago, longer than the service keeps client tokens; looking for the statement by its name")
    let isOurName = request["StatementName"] == nil
    var matches: [JSONObject] = []
    var page: JSONObject = ["StatementName": .string(name), "Status": "ALL", "MaxResults": 100]
    for _ in 0..<Self.maximumPages {
      let answer: JSONObject
      do throws(AWSCallError) {
        answer = try await tasks.client.call(.listStatements, page, pace: CallPace(reporter))
      } catch {
        throw .call(error)
      }
      for case .object(let item) in answer["Statements"]?.asArray ?? [] where item["StatementName"]?.asString == name {
        if isOurName || isOurs(item, age: age) { matches.append(item) }
      }
      guard let next = answer["NextToken"]?.asString, !next.isEmpty else { break }
      page["NextToken"] = .string(next)
    }
    let head = "The statement was to be submitted \(hours) h ago; the service keeps client tokens for 8 h"
    let advice =
      "Whether it ran cannot be told, so it is not submitted again. Look into sys_query_history of the database; if it did not run, redrive "
      + "the execution or start it anew."
    guard let match = matches.first, let id = match["Id"]?.asString else {
      throw .lost("\(head), and none of its statements is named \"\(name)\". \(advice)")
    }
    guard matches.count == 1 else {
      throw .lost("\(head), and \(matches.count) of its statements are named \"\(name)\" and have this SQL. \(advice)")
    }
    tasks.running.adopt(id, tasks.client, for: call.executionArn, isOwned: isOwned)
    var answer: JSONObject = ["Id": .string(id)]
    for key in ["ClusterIdentifier", "CreatedAt", "Database", "DbUser", "SecretArn", "SessionId", "WorkgroupName"] {
      if let value = match[key] ?? full[key] { answer[key] = value }
    }
    return answer
  }

  /// Whether a statement with the definition's own name is this call's: it has the same SQL, and is not older.
  private func isOurs(_ item: JSONObject, age: Duration) -> Bool {
    let scheduled = tasks.client.clock.now().secondsSinceEpoch - age.components.seconds
    guard let created = item["CreatedAt"]?.asDouble, Int64(created) >= scheduled - 60 else { return false }
    return operation == .executeStatement ? item["QueryString"] == request["Sql"] : item["QueryStrings"] == request["Sqls"]
  }
}

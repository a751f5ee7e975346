import JSONTypes
import StatesInterpreter
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
/// - An attempt that ends without an answer hands its token on to the state's next attempt, which thereby finds the statement if it runs; one that
///   fails while it waits for the end hands on the id.
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

  /// What attempts of one state entry have in common: another attempt of the same work has the same key.
  var key: String {
    let parts = [call.executionArn, call.stateName, operation.rawValue, JSONValue.object(request).jsonText]
    return hexadecimal(sha256(parts.joined(separator: "\n").utf8))
  }

  /// The service's answer with the statement's id, now or from the time before a crash.
  func answer(_ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    if case .object(let known)? = call.submission, let id = known["Id"]?.asString {
      tasks.running.adopt(id, tasks.client, for: call.executionArn, isOwned: isOwned)
      return known
    }
    var token = SubmissionToken(call)
    switch call.retryCount > 0 ? tasks.running.takeRemainder(key) : nil {
    case .answer(let known)?:
      reporter.progress("the last attempt's statement may still run; waiting for it")
      tasks.running.adopt(known["Id"]?.asString ?? "", tasks.client, for: call.executionArn, isOwned: isOwned)
      return known
    case .token(let inherited)?:
      reporter.progress("the last attempt had no answer; asking with its client token")
      token = inherited
    case nil: break
    }
    var full = request
    if full["ClientToken"] == nil { full["ClientToken"] = .string(token.text) }
    if full["StatementName"] == nil { full["StatementName"] = .string(token.statementName(for: call)) }
    let age = tasks.age(call)
    if age.components.seconds >= SubmissionToken.lifetimeInSeconds {
      return try await found(full, age: age, reporter)
    }
    do throws(AWSCallError) {
      return try await tasks.running.submit(
        operation, full, to: tasks.client, for: call.executionArn, isOwned: isOwned, pace: CallPace(reporter))
    } catch {
      if error.leavesOutcomeOpen { tasks.running.keep(.token(token), for: key) }
      throw .call(error)
    }
  }

  /// The statement of a token that the service has forgotten.
  private func found(_ full: JSONObject, age: Duration, _ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
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

extension AWSCallError {
  /// Whether the request may have been taken, although no answer says so.
  fileprivate var leavesOutcomeOpen: Bool {
    switch self {
    case .service(let error): error.status >= 500
    // Of several attempts only the last is told, so an earlier one may have arrived.
    case .transport, .unusable: true
    case .credentials(_, let afterRequest): afterRequest
    case .noTarget, .cancelled: false
    }
  }
}

import JSONTypes
import StatesInterpreter
import StatesRuntime

/// A statement whose token the service has forgotten: it is looked for by its name, and never submitted again.
struct ForgottenStatement: Sendable {
  let submission: StatementSubmission
  /// With token and name.
  let request: JSONObject
  /// Seconds since it was first asked for.
  let age: Int64

  /// Pages of `ListStatements` that are looked through, of 100 statements each.
  static let maximumPages = 20
  /// Seconds after the first request within which a statement with the definition's own name can be this one.
  static let longestWay: Int64 = 900

  private var tasks: RedshiftDataTasks { submission.tasks }
  private var name: String { request["StatementName"]?.asString ?? "" }

  /// - Throws: `lost` when it is not found, or cannot be told from another.
  func answer(_ reporter: TaskReporter) async throws(SubmissionError) -> JSONObject {
    let hours = age / 3600
    reporter.progress("scheduled \(hours) h ago, longer than the service keeps client tokens; looking for the statement by its name")
    let matches = try await matches(reporter)
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
    tasks.running.adopt(id, tasks.client, for: submission.call.executionArn, isOwned: submission.isOwned)
    var answer: JSONObject = ["Id": .string(id)]
    for key in ["ClusterIdentifier", "CreatedAt", "Database", "DbUser", "SecretArn", "SessionId", "WorkgroupName"] {
      if let value = match[key] ?? request[key] { answer[key] = value }
    }
    return answer
  }

  private func matches(_ reporter: TaskReporter) async throws(SubmissionError) -> [JSONObject] {
    let isOurName = submission.request["StatementName"] == nil
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
        if isOurName || isOurs(item) { matches.append(item) }
      }
      guard let next = answer["NextToken"]?.asString, !next.isEmpty else { break }
      page["NextToken"] = .string(next)
    }
    return matches
  }

  /// Whether a statement with the definition's own name is this one: it has the same SQL with the same parameters, and came when this one was asked
  /// for. Another execution of the same definition has all but the last.
  private func isOurs(_ item: JSONObject) -> Bool {
    let asked = tasks.client.clock.now().secondsSinceEpoch - age
    guard let created = item["CreatedAt"]?.asDouble, (asked - 60...asked + Self.longestWay).contains(Int64(created)) else { return false }
    guard (item["QueryParameters"]?.asArray ?? []) == (request["Parameters"]?.asArray ?? []) else { return false }
    return submission.operation == .executeStatement ? item["QueryString"] == request["Sql"] : item["QueryStrings"] == request["Sqls"]
  }
}

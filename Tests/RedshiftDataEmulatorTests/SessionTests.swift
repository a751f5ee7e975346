import AWSJSONServer
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// Sessions, long polls and AUTO_COMMIT. Source: Amazon Redshift Data API Reference.
@Suite(.enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct SessionTests {
  private func open(_ sql: String, seconds: Int64 = 60) async throws -> (statement: String, session: String) {
    var members = TestServer.target
    members["Sql"] = .string(sql)
    members["SessionKeepAliveSeconds"] = .int(seconds)
    let reply = try await TestServer.call("ExecuteStatement", members)
    return (try #require(reply["Id"]?.asString), try #require(reply["SessionId"]?.asString))
  }

  @Test func aSessionIsListedFromItsOpeningToItsEnd() async throws {
    let (statement, session) = try await open("select pg_sleep(600)", seconds: 1)
    func listed() async throws -> JSONValue? { try await TestServer.call("ListSessions", ["SessionId": .string(session)])["Sessions"]?[0] }
    let busy = try #require(try await listed())
    #expect(busy["Status"] == "BUSY")
    #expect(busy["CurrentStatementId"] == .string(statement))
    #expect(busy["SessionAliveSeconds"] == 1)
    #expect((busy["SessionTtl"]?.asDouble ?? 0) > (busy["CreatedAt"]?.asDouble ?? 0))
    #expect(try await TestServer.call("ListSessions", ["Status": "BUSY"])["Sessions"]?.asArray?.contains { $0["SessionId"] == .string(session) } == true)
    _ = try await TestServer.call("CancelStatement", ["Id": .string(statement)])
    _ = try await TestServer.ended(statement)
    #expect(try await listed()?["Status"] != "BUSY")
    while try await listed()?["Status"] == "AVAILABLE" { await Task.yield() }
    #expect(try await listed()?["Status"] == "CLOSED")
    #expect(try await TestServer.call("ListSessions", [:])["Sessions"]?.asArray?.contains { $0["SessionId"] == .string(session) } == false)
    #expect(try await listed()?["SessionTtl"]?.asDouble != nil)
    #expect(await refusal(session) == AWSJSONError("ValidationException", "Session is not available"))
  }

  /// How a statement in a session is refused; nil when it is taken.
  private func refusal(_ session: String) async -> AWSJSONError? {
    do {
      _ = try await TestServer.submit(["Sql": "select 1", "SessionId": .string(session)])
      return nil
    } catch { return error as? AWSJSONError }
  }

  @Test func aSessionHasNoQueue() async throws {
    let (statement, session) = try await open("select pg_sleep(600)")
    #expect(await refusal(session) == AWSJSONError("ValidationException", "Session is not available"))
    _ = try await TestServer.call("CancelStatement", ["Id": .string(statement)])
    _ = try await TestServer.ended(statement)
    // Who sees the end of a statement finds its session free.
    for _ in 0..<20 {
      let next = try await TestServer.submit(["Sql": "select 1", "SessionId": .string(session)])
      #expect(try await TestServer.ended(next)["Status"] == "FINISHED")
    }
    let unknown = RandomIdentifier.uuid()
    #expect(await refusal(unknown) == AWSJSONError("ValidationException", "Session with Id: \(unknown) is invalid"))
  }

  @Test func aRepeatedTokenIsNoSecondUseOfItsSession() async throws {
    let (first, session) = try await open("select 1")
    _ = try await TestServer.ended(first)
    let members: JSONObject = ["Sql": "select pg_sleep(600)", "SessionId": .string(session), "ClientToken": .string(RandomIdentifier.uuid())]
    let id = try await TestServer.submit(members)
    #expect(try await TestServer.submit(members) == id)
    _ = try await TestServer.call("CancelStatement", ["Id": .string(id)])
  }

  @Test func aTransactionStaysOpenInASession() async throws {
    let (first, session) = try await open("create table se_open (a int)")
    _ = try await TestServer.ended(first)
    for sql in ["begin", "insert into se_open values (1)", "select nothing", "insert into se_open values (2)", "rollback"] {
      _ = try await TestServer.ended(try await TestServer.submit(["Sql": .string(sql), "SessionId": .string(session)]))
    }
    #expect(try await TestServer.rows("select count(*) from se_open") == [[0]])
  }

  @Test func aSessionStartsAsNew() async throws {
    _ = try await TestServer.run("set query_group to 'left behind'; create temp table se_left (a int)")
    #expect(try await TestServer.run("select * from se_left")["Status"] == "FAILED")
    #expect(try await TestServer.rows("show query_group") == [["unset"]])
  }

  @Test func aWaitEndsWithTheStatement() async throws {
    var members = TestServer.target
    members["Sql"] = "select 1 from pg_sleep(0.1)"
    members["WaitTimeSeconds"] = 30
    let reply = try await TestServer.call("ExecuteStatement", members)
    #expect(reply["Status"] == "FINISHED")
    #expect(reply["HasResultSet"] == true)
    #expect(reply["RedshiftPid"]?.asInt ?? 0 > 0)

    let id = try await TestServer.submit(["Sqls": ["select 1", "select 2 from pg_sleep(600)"]])
    // A part that has ended is there before the batch ends.
    let part = try await TestServer.call("GetStatementResult", ["Id": .string(id + ":1"), "WaitTimeSeconds": 30])
    #expect(part["Records"] == [[["longValue": 1]]])
    async let waiting = TestServer.call("DescribeStatement", ["Id": .string(id), "WaitTimeSeconds": 30])
    _ = try await TestServer.call("CancelStatement", ["Id": .string(id)])
    #expect(try await waiting["Status"] == "ABORTED")
    for seconds: JSONValue in [0, 31] {
      await #expect(throws: AWSJSONError.self) { try await TestServer.call("DescribeStatement", ["Id": .string(id), "WaitTimeSeconds": seconds]) }
    }
  }

  @Test func autoCommitLeavesTheOthersAlone() async throws {
    _ = try await TestServer.run("create table se_auto (a int)")
    let id = try await TestServer.submit([
      "Sqls": ["insert into se_auto values (:n)", "select 1/0 + :n", "insert into se_auto values (:n + 1)", "select count(*) + 0 * :n from se_auto"],
      "Parameters": [["name": "n", "value": "1"]], "ExecutionMode": "AUTO_COMMIT",
    ])
    let ended = try await TestServer.ended(id)
    #expect(ended["ExecutionMode"] == "AUTO_COMMIT")
    #expect(ended["Status"] == "FAILED")
    #expect(ended["Error"]?.asString?.hasPrefix("Query #2 failed with ERROR: division by zero") == true)
    #expect(ended["SubStatements"]?.asArray?.map { $0["Status"] } == ["FINISHED", "FAILED", "FINISHED", "FINISHED"])
    #expect(try await TestServer.rows(ofStatement: id + ":4") == [[2]])
  }

  /// As with autocommit on: what BEGIN opens lasts until the user ends it, and a failure in it too.
  @Test func autoCommitLeavesTransactionsToTheUser() async throws {
    _ = try await TestServer.run("create table se_own (a int)")
    func statuses(_ sqls: [JSONValue], _ more: JSONObject = [:]) async throws -> [JSONValue?]? {
      var members: JSONObject = ["Sqls": .array(sqls), "ExecutionMode": "AUTO_COMMIT"]
      for (key, value) in more { members[key] = value }
      return try await TestServer.ended(try await TestServer.submit(members))["SubStatements"]?.asArray?.map { $0["Status"] }
    }
    func kept() async throws -> [[JSONValue]] { try await TestServer.rows("select a from se_own order by a") }

    #expect(try await statuses(["begin", "insert into se_own values (1)", "rollback", "insert into se_own values (2)"])?.contains("FAILED") == false)
    #expect(try await kept() == [[2]])
    #expect(
      try await statuses(["begin", "insert into se_own values (3)", "select 1/0", "select 1", "rollback", "insert into se_own values (4)"])
        == ["FINISHED", "FINISHED", "FAILED", "FAILED", "FINISHED", "FINISHED"])
    #expect(try await kept() == [[2], [4]])
    #expect(try await statuses(["begin read only", "insert into se_own values (5)", "rollback"]) == ["FINISHED", "FAILED", "FINISHED"])
    // Its end ends a session of its own, and with it what is open.
    _ = try await statuses(["begin", "insert into se_own values (6)"])
    #expect(try await kept() == [[2], [4]])

    let (first, session) = try await open("select 1")
    _ = try await TestServer.ended(first)
    _ = try await statuses(["begin", "insert into se_own values (7)"], ["SessionId": .string(session)])
    #expect(try await kept() == [[2], [4]])
    _ = try await statuses(["commit", "select 1/0"], ["SessionId": .string(session)])
    #expect(try await kept() == [[2], [4], [7]])
  }
}

import AWSJSONServer
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// The operations, against a real private PostgreSQL.
@Suite(.enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct StatementTests {
  @Test func aStatementAndItsResult() async throws {
    let ended = try await TestServer.run("select 1 as n, 2.50::decimal(5,2) as d, true as b, null::int as x, 'a' as s, 1.5::float8 as f")
    #expect(ended["Status"] == "FINISHED")
    #expect(ended["HasResultSet"] == true)
    #expect(ended["ResultRows"] == 1)
    let id = try #require(ended["Id"]?.asString)
    let result = try await TestServer.call("GetStatementResult", ["Id": .string(id)])
    #expect(
      result["Records"] == [
        [["longValue": 1], ["stringValue": "2.50"], ["booleanValue": true], ["isNull": true], ["stringValue": "a"], ["doubleValue": 1.5]]
      ])
    let columns = try #require(result["ColumnMetadata"]?.asArray)
    #expect(columns.map { $0["typeName"] } == ["int4", "numeric", "bool", "int4", "varchar", "float8"])
    #expect(columns[1]["precision"] == 5)
    #expect(columns[1]["scale"] == 2)
    #expect(result["TotalNumRows"] == 1)
  }

  @Test func ddlHasNoResult() async throws {
    let ended = try await TestServer.run("create table s_ddl (a int)")
    #expect(ended["HasResultSet"] == false)
    let id = try #require(ended["Id"]?.asString)
    await #expect(throws: AWSJSONError.self) { try await TestServer.call("GetStatementResult", ["Id": .string(id)]) }
    #expect(try await TestServer.run("insert into s_ddl values (1), (2)")["ResultRows"] == 2)
  }

  @Test func anErrorHasItsPosition() async throws {
    let ended = try await TestServer.run("select nvl(1, 2), nothing from pg_class")
    #expect(ended["Status"] == "FAILED")
    #expect(ended["Error"] == "ERROR: column \"nothing\" does not exist\n  Position: 19")
  }

  @Test func aFailedBatchTellsWhichStatementFailed() async throws {
    let id = try await TestServer.submit([
      "Sqls": ["create table s_batch (a int)", "insert into s_batch values (1)", "select 1/0", "select 2"]
    ])
    let ended = try await TestServer.ended(id)
    #expect(ended["Status"] == "FAILED")
    #expect(ended["Error"]?.asString?.hasPrefix("Query #3 failed with ERROR: division by zero") == true)
    let parts = try #require(ended["SubStatements"]?.asArray)
    #expect(parts.map { $0["Status"] } == ["FINISHED", "FINISHED", "FAILED", "ABORTED"])
    #expect(parts[3]["Error"] == "Connection or an prior query failed.")
    #expect(parts[1]["Id"] == .string("\(id):2"))
    // All of it was one transaction.
    await #expect(throws: TestServer.Refused.self) { try await TestServer.rows("select * from s_batch") }
  }

  /// Source: Amazon Redshift Management Guide, "Describe metadata about a SQL statement".
  @Test func aSubStatementIsDescribedWithItsBatch() async throws {
    let id = try await TestServer.submit(["Sqls": ["select 1 as a union all select 2", "select 3 as b"]])
    let all = try await TestServer.ended(id)
    #expect(all["ResultRows"] == 3)
    #expect(all["ResultSize"]?.asInt == all["SubStatements"]?.asArray?.reduce(0) { $0 + ($1["ResultSize"]?.asInt ?? 0) })
    #expect(all["RedshiftQueryId"] == 0)
    let one = try await TestServer.call("DescribeStatement", ["Id": .string(id + ":2")])
    #expect(one["Id"] == .string(id))
    #expect(one["SubStatements"]?.asArray == [try #require(all["SubStatements"]?[1])])
    #expect(one["QueryString"] == nil)
  }

  /// Source: AWS's knowledge center, "How do I identify errors that are related to the Data API".
  @Test func whatFailedHasNoNumbers() async throws {
    let single = try await TestServer.run("select * from s_nowhere")
    for key in ["Duration", "ResultRows", "ResultSize"] { #expect(single[key] == -1) }
    let batch = try await TestServer.ended(try await TestServer.submit(["Sqls": ["select 1", "select 1/0", "select 2"]]))
    let parts = try #require(batch["SubStatements"]?.asArray)
    for key in ["Duration", "ResultRows", "ResultSize"] {
      #expect(batch[key] == -1)
      #expect(parts[0][key]?.asInt ?? -1 > 0)
      #expect(parts[1][key] == -1 && parts[2][key] == -1)
    }
    #expect(parts[0]["RedshiftQueryId"]?.asInt ?? 0 > 0)
    #expect(parts[2]["RedshiftQueryId"] == 0 && parts[2]["RedshiftQueryUuid"] == nil)
  }

  @Test func whatABatchCommittedStays() async throws {
    let id = try await TestServer.submit([
      "Sqls": [
        "begin transaction", "begin", "create table s_commit (a int)", "insert into s_commit values (1)", "commit", "end transaction",
        "insert into s_commit values (2)", "select 1/0",
      ]
    ])
    #expect(try await TestServer.ended(id)["Status"] == "FAILED")
    #expect(try await TestServer.rows("select a from s_commit") == [[1]])
  }

  @Test func truncateCommits() async throws {
    let id = try await TestServer.submit([
      "Sqls": ["create table s_trunc (a int)", "insert into s_trunc values (1)", "truncate table s_trunc", "select 1/0"]
    ])
    _ = try await TestServer.ended(id)
    #expect(try await TestServer.rows("select count(*) from s_trunc") == [[0]])
  }

  @Test func parametersAreValues() async throws {
    let id = try await TestServer.submit([
      "Sql": "select :a::int + 1, :b, ':a', :a",
      "Parameters": [["name": "a", "value": "41"], ["name": "b", "value": "x'; drop table t; --"]],
    ])
    #expect(try await TestServer.ended(id)["Status"] == "FINISHED")
    #expect(try await TestServer.rows(ofStatement: id) == [[42, "x'; drop table t; --", ":a", "41"]])
  }

  @Test func aTokenRunsOnce() async throws {
    _ = try await TestServer.run("create table s_token (a int)")
    let token = JSONValue.string(RandomIdentifier.uuid())
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { try await TestServer.submit(["Sql": "insert into s_token values (1)", "ClientToken": token]) } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    _ = try await TestServer.ended(try #require(ids.first))
    #expect(try await TestServer.rows("select count(*) from s_token") == [[1]])
    await #expect(throws: AWSJSONError.self) {
      try await TestServer.submit(["Sql": "insert into s_token values (2)", "ClientToken": token])
    }
  }

  @Test func aSessionKeepsTemporaryTables() async throws {
    var members = TestServer.target
    members["Sql"] = "create table #t (a int)"
    members["SessionKeepAliveSeconds"] = 60
    let first = try await TestServer.call("ExecuteStatement", members)
    let session = try #require(first["SessionId"])
    _ = try await TestServer.ended(try #require(first["Id"]?.asString))
    let insert = try await TestServer.submit(["Sql": "insert into #t values (7)", "SessionId": session])
    _ = try await TestServer.ended(insert)
    let select = try await TestServer.submit(["Sql": "select a from #t", "SessionId": session])
    _ = try await TestServer.ended(select)
    #expect(try await TestServer.rows(ofStatement: select) == [[7]])
    await #expect(throws: TestServer.Refused.self) { try await TestServer.rows("select a from #t") }
  }

  @Test func cancelStopsARunningStatement() async throws {
    let id = try await TestServer.submit(["Sql": "select pg_sleep(600)"])
    while try await TestServer.call("DescribeStatement", ["Id": .string(id)])["Status"] != "STARTED" { await Task.yield() }
    #expect(try await TestServer.call("CancelStatement", ["Id": .string(id)]) == ["Status": true])
    #expect(try await TestServer.ended(id)["Status"] == "ABORTED")
    do {
      _ = try await TestServer.call("CancelStatement", ["Id": .string(id)])
      Issue.record("an ended statement was cancelled")
    } catch let error as AWSJSONError {
      #expect(error.message == "Could not cancel a query that is already in ABORTED state with ID: \(id)")
    }
  }

  @Test func manyStatementsRunAtOnce() async throws {
    let sleeping = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<40 { group.addTask { try await TestServer.submit(["Sql": "select pg_sleep(600)"]) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(try await TestServer.rows("select 1") == [[1]])
    for id in sleeping { _ = try await TestServer.call("CancelStatement", ["Id": .string(id)]) }
    for id in sleeping { #expect(try await TestServer.ended(id)["Status"] == "ABORTED") }
  }

  @Test func aLargeResultComesInPages() async throws {
    let ended = try await TestServer.run("select generate_series(1, 60000) as n, repeat('x', 20) as s")
    #expect(ended["ResultRows"] == 60000)
    let id = try #require(ended["Id"]?.asString)
    let first = try await TestServer.call("GetStatementResult", ["Id": .string(id)])
    #expect(first["NextToken"] != nil)
    let rows = try await TestServer.rows(ofStatement: id)
    #expect(rows.count == 60000)
    #expect(rows.enumerated().allSatisfy { $1[0] == .int(Int64($0 + 1)) })
    await #expect(throws: AWSJSONError.self) { try await TestServer.call("GetStatementResult", ["Id": .string(id), "NextToken": "1.x"]) }
  }

  @Test func csvResults() async throws {
    let id = try await TestServer.submit(["Sql": "select 1 as a, 'x,\"y\"' as b, null as c", "ResultFormat": "CSV"])
    _ = try await TestServer.ended(id)
    let result = try await TestServer.call("GetStatementResultV2", ["Id": .string(id)])
    #expect(result["Records"] == [["CSVRecords": "a,b,c\r\n1,\"x,\"\"y\"\"\",\r\n"]])
    #expect(result["ResultFormat"] == "CSV")
    await #expect(throws: AWSJSONError.self) { try await TestServer.call("GetStatementResult", ["Id": .string(id)]) }
  }

  @Test func anUnknownDatabaseFailsTheStatement() async throws {
    let id = try await TestServer.submit(["Sql": "select 1", "Database": "nowhere"])
    let ended = try await TestServer.ended(id)
    #expect(ended["Status"] == "FAILED")
    #expect(ended["Error"] == "FATAL: database \"nowhere\" does not exist")
  }

  @Test func theCatalogue() async throws {
    _ = try await TestServer.run(
      "create schema if not exists s_cat; create table s_cat.t1 (a int not null, b varchar(7)); create view s_cat.v1 as select a from s_cat.t1"
    )
    #expect(try await TestServer.call("ListDatabases", TestServer.target)["Databases"] == ["dev"])
    var members = TestServer.target
    members["SchemaPattern"] = "s\\_cat"
    #expect(try await TestServer.call("ListSchemas", members)["Schemas"] == ["s_cat"])
    let tables = try await TestServer.call("ListTables", members)
    #expect(tables["Tables"] == [["name": "t1", "schema": "s_cat", "type": "TABLE"], ["name": "v1", "schema": "s_cat", "type": "VIEW"]])
    members["MaxResults"] = 1
    let page = try await TestServer.call("ListTables", members)
    members["NextToken"] = page["NextToken"]
    #expect(try await TestServer.call("ListTables", members)["Tables"]?[0]?["name"] == "v1")
    var table = TestServer.target
    table["Schema"] = "s_cat"
    table["Table"] = "t1"
    let columns = try await TestServer.call("DescribeTable", table)["ColumnList"]
    #expect(columns?[0]?["nullable"] == 0)
    #expect(columns?[1]?["precision"] == 7)
    // A page's token belongs to its operation.
    var schemas = TestServer.target
    schemas["NextToken"] = page["NextToken"]
    await #expect(throws: AWSJSONError.self) { try await TestServer.call("ListSchemas", schemas) }
  }

  @Test func lateBindingViewsAreInTheCatalogue() async throws {
    _ = try await TestServer.run("create schema s_late; create table s_late.t (a int, b varchar(9)); create view s_late.v as select b, a + 1 as c from s_late.t with no schema binding")
    var members = TestServer.target
    members["SchemaPattern"] = "s\\_late"
    #expect(try await TestServer.call("ListTables", members)["Tables"]?.asArray?.map { $0["type"] } == ["TABLE", "VIEW"])
    var view = TestServer.target
    view["Schema"] = "s_late"
    view["Table"] = "v"
    let columns = try await TestServer.call("DescribeTable", view)["ColumnList"]?.asArray
    #expect(columns?.map { $0["name"] } == ["b", "c"])
    #expect(columns?.map { $0["typeName"] } == ["varchar", "int4"])
    #expect(columns?[0]["length"] == 9)
    #expect(columns?[0]["tableName"] == "v")
  }

  @Test func databasesNeedNoDatabase() async throws {
    #expect(try await TestServer.call("ListDatabases", ["WorkgroupName": "wg-1"])["Databases"] == ["dev"])
  }

  struct BadRequest: Sendable, CustomTestStringConvertible {
    var operation = "ExecuteStatement"
    var members: JSONObject
    var code = "ValidationException"
    var testDescription: String { "\(operation) \(JSONValue.object(members).jsonText.prefix(120))" }
  }

  static let badRequests: [BadRequest] = [
    BadRequest(members: ["Sql": "select 1"]),
    BadRequest(members: ["Sql": "select 1", "ClusterIdentifier": "c", "WorkgroupName": "www", "Database": "dev"]),
    BadRequest(members: ["Sql": "select 1", "ClusterIdentifier": "C_1", "Database": "dev"]),
    BadRequest(members: ["Sql": "select 1", "ClusterIdentifier": "c"]),
    BadRequest(members: ["Sql": 7, "ClusterIdentifier": "c", "Database": "dev"], code: "SerializationException"),
    BadRequest(members: ["Sql": .string(String(repeating: "x", count: 100_001)), "ClusterIdentifier": "c", "Database": "dev"]),
    BadRequest(members: ["Sql": "select :a", "ClusterIdentifier": "c", "Database": "dev"]),
    BadRequest(members: ["Sql": "select 1", "Parameters": [["name": "a", "value": "1"]], "ClusterIdentifier": "c", "Database": "dev"]),
    BadRequest(members: ["Sql": "select :a", "Parameters": [["name": "a", "value": ""]], "ClusterIdentifier": "c", "Database": "dev"]),
    BadRequest(members: ["Sql": "select 1", "SessionKeepAliveSeconds": 86401, "ClusterIdentifier": "c", "Database": "dev"]),
    BadRequest(members: ["Sql": "select 1", "SessionId": "00000000-0000-0000-0000-000000000000"]),
    BadRequest(operation: "BatchExecuteStatement", members: ["Sqls": [], "ClusterIdentifier": "c", "Database": "dev"]),
    BadRequest(
      operation: "BatchExecuteStatement",
      members: ["Sqls": .array(Array(repeating: "select 1", count: 41)), "ClusterIdentifier": "c", "Database": "dev"]),
    BadRequest(operation: "DescribeStatement", members: ["Id": "x"]),
    BadRequest(operation: "DescribeStatement", members: ["Id": "00000000-0000-0000-0000-000000000000"], code: "ResourceNotFoundException"),
    BadRequest(operation: "ListStatements", members: ["MaxResults": 101]),
    BadRequest(operation: "ListStatements", members: ["Status": "LOST"]),
    BadRequest(operation: "Nothing", members: [:], code: "UnknownOperationException"),
    BadRequest(members: ["Sql": "select 1", "WorkgroupName": "Mine", "Database": "dev"]),
    BadRequest(members: ["Sql": "select 1", "WorkgroupName": .string(String(repeating: "w", count: 64)), "Database": "dev"]),
    BadRequest(members: ["Sql": "select 1", "WorkgroupName": "arn:aws:redshift-serverless:us-east-1:123:workgroup/x", "Database": "dev"]),
    BadRequest(operation: "ListStatements", members: ["ClusterIdentifier": "A B"]),
    BadRequest(operation: "ListStatements", members: ["StatementName": .string(String(repeating: "n", count: 2049))]),
    BadRequest(operation: "ListStatements", members: ["NextToken": "00000000-0000-0000-0000-000000000000"]),
    // Types come before values.
    BadRequest(operation: "DescribeStatement", members: ["Id": "x", "WaitTimeSeconds": "1"], code: "SerializationException"),
    BadRequest(operation: "ListTables", members: ["MaxResults": 1001, "TablePattern": 5], code: "SerializationException"),
    BadRequest(members: ["Sql": "", "Parameters": [["name": "a", "value": 1]]], code: "SerializationException"),
  ]

  @Test(arguments: badRequests) func refuses(_ request: BadRequest) async throws {
    do {
      let answer = try await TestServer.call(request.operation, request.members)
      Issue.record("was answered with \(answer.jsonText)")
    } catch let error as AWSJSONError {
      #expect(error.code == request.code)
    }
  }

  @Test func listsNewestFirst() async throws {
    let name = "s-list-\(RandomIdentifier.uuid())"
    var ids: [String] = []
    for number in 0..<3 {
      ids.append(try await TestServer.submit(["Sql": "select 1", "StatementName": .string("\(name)-\(number)")]))
      _ = try await TestServer.ended(ids[number])
    }
    let first = try await TestServer.call("ListStatements", ["StatementName": .string(name), "MaxResults": 2])
    #expect(first["Statements"]?.asArray?.map { $0["Id"]?.asString } == [ids[2], ids[1]])
    let rest = try await TestServer.call("ListStatements", ["StatementName": .string(name), "NextToken": try #require(first["NextToken"])])
    #expect(rest["Statements"]?.asArray?.map { $0["Id"]?.asString } == [ids[0]])
    // "By default, only finished statements are shown."
    let failed = try await TestServer.submit(["Sql": "select 1/0", "StatementName": .string(name)])
    _ = try await TestServer.ended(failed)
    #expect(try await TestServer.call("ListStatements", ["StatementName": .string(name)])["Statements"]?.asArray?.count == 3)
    #expect(try await TestServer.call("ListStatements", ["StatementName": .string(name), "Status": "ALL"])["Statements"]?[0]?["Id"] == .string(failed))
  }

  @Test(arguments: [
    ("wg-1", true), ("abc", true), ("ab", false), ("a_b", false),
    ("arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/01234567-89ab-cdef-0123-456789abcdef", true),
    ("arn:aws-us-gov:redshift-serverless:us-gov-west-1:123456789012:workgroup/mine/yours", true),
    ("arn:aws:redshift:us-east-1:123456789012:workgroup/mine", false), ("arn:aws:redshift-serverless:us-east-1:123456789012:namespace/mine", false),
  ]) func namesOfWorkgroups(_ name: String, _ isGood: Bool) { #expect(TargetNames.isWorkgroupName(name) == isGood) }

  @Test func aTokenIsOfOneAnswer() {
    let token = PageToken.text("7", of: "ListTables")
    #expect(PageToken.place(in: token, of: "ListTables") == "7")
    #expect(PageToken.place(in: token, of: "ListSchemas") == nil)
    #expect(PageToken.place(in: "8" + token.dropFirst(), of: "ListTables") == nil)
    for text in ["", ".", "7", token + ".x"] { #expect(PageToken.place(in: text, of: "ListTables") == nil) }
  }
}

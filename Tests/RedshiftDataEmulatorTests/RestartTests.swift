import AWSJSONServer
import Foundation
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// Statements outlive the program that took them in, and take effect once.
@Suite(.serialized, .enabled(if: TestServer.isInstalled, "PostgreSQL is not installed: install it to run these tests"))
struct RestartTests {
  /// An endpoint in a folder of its own that can be killed and started again.
  actor Endpoint {
    let folder: String
    private(set) var service: RedshiftDataService

    init(resumesAtOnce: Bool = true) async throws {
      folder = TestServer.shared.folder + "-" + RandomIdentifier.uuid().prefix(8)
      service = try await Self.start(folder, resumesAtOnce, StatementLimits())
    }

    private static func start(_ folder: String, _ resumesAtOnce: Bool, _ limits: StatementLimits) async throws -> RedshiftDataService {
      var configuration = RedshiftDataEndpoint.Configuration()
      configuration.resumesAtOnce = resumesAtOnce
      return try await RedshiftDataService.start(configuration, stateFolder: folder, limits: limits)
    }

    func killAndStart(resumesAtOnce: Bool = true, limits: StatementLimits = StatementLimits()) async throws {
      await service.abandon()
      service = try await Self.start(folder, resumesAtOnce, limits)
    }

    /// Lines of all logs of statements.
    var loggedLines: Int {
      let logs = Files.entries(of: folder + "/statements").filter { $0.hasSuffix(".log") }
      return logs.reduce(0) { $0 + (Files.read(folder + "/statements/" + $1, limit: 1 << 24) ?? []).count { $0 == 0x0A } }
    }

    func call(_ operation: String, _ members: JSONObject) async throws -> JSONValue { try await service.answer(operation, .object(members)) }

    func submit(_ members: JSONObject) async throws -> String {
      var all = TestServer.target
      for (key, value) in members { all[key] = value }
      return try #require(try await call(all["Sqls"] == nil ? "ExecuteStatement" : "BatchExecuteStatement", all)["Id"]?.asString)
    }

    func ended(_ id: String) async throws -> JSONValue {
      while true {
        let description = try await call("DescribeStatement", ["Id": .string(id), "WaitTimeSeconds": 30])
        if ["FINISHED", "FAILED", "ABORTED"].contains(description["Status"]?.asString) { return description }
      }
    }

    func run(_ sql: String) async throws -> JSONValue { try await ended(try await submit(["Sql": .string(sql)])) }

    func count(_ table: String) async throws -> JSONValue? {
      let id = try await submit(["Sql": .string("select count(*) from \(table)")])
      _ = try await ended(id)
      return try await call("GetStatementResult", ["Id": .string(id)])["Records"]?[0]?[0]?["longValue"]
    }

    /// Returns once a statement runs in the database.
    func started(_ id: String) async throws {
      while try await call("DescribeStatement", ["Id": .string(id)])["Status"] != "STARTED" { await Task.yield() }
    }

    func stop() async {
      await service.stop()
      Files.remove(folder)
    }
  }

  /// More statements than are kept: the next start does not take over, nor read, those that are gone.
  @Test func whatIsGoneLeavesTheLog() async throws {
    let endpoint = try await Endpoint()
    var ids: [String] = []
    for number in 0..<20 { ids.append(try #require(try await endpoint.run("select \(number) as n")["Id"]?.asString)) }
    #expect(await endpoint.loggedLines >= 40)
    try await endpoint.killAndStart(limits: StatementLimits(endedStatements: 3))
    #expect(await endpoint.loggedLines == 6)
    await #expect(throws: AWSJSONError.self) { try await endpoint.call("DescribeStatement", ["Id": .string(ids[16])]) }
    #expect(try await endpoint.call("GetStatementResult", ["Id": .string(ids[17])])["Records"] == [[["longValue": 17]]])
    // They are as they were after one more.
    try await endpoint.killAndStart()
    #expect(try await endpoint.call("DescribeStatement", ["Id": .string(ids[19])])["Status"] == "FINISHED")
    await endpoint.stop()
  }

  @Test func resultsAndTokensSurvive() async throws {
    let endpoint = try await Endpoint()
    let small = try await endpoint.submit(["Sql": "select 7 as n", "ClientToken": "t-1"])
    let large = try await endpoint.submit(["Sql": "select g, repeat('x', 100) from generate_series(1, 20000) as g"])
    _ = try await endpoint.ended(small)
    _ = try await endpoint.ended(large)
    try await endpoint.killAndStart()
    #expect(try await endpoint.call("GetStatementResult", ["Id": .string(small)])["Records"] == [[["longValue": 7]]])
    let page = try await endpoint.call("GetStatementResult", ["Id": .string(large)])
    #expect(page["TotalNumRows"] == 20000)
    #expect(page["NextToken"] != nil)
    #expect(try await endpoint.submit(["Sql": "select 7 as n", "ClientToken": "t-1"]) == small)
    // A second restart reads what the first one wrote.
    try await endpoint.killAndStart()
    #expect(try await endpoint.ended(small)["Status"] == "FINISHED")
    await endpoint.stop()
  }

  @Test func whatRanRunsAgainAndCountsOnce() async throws {
    let endpoint = try await Endpoint()
    _ = try await endpoint.run("create table r_once (a int)")
    let id = try await endpoint.submit(["Sql": "insert into r_once select 1 from pg_sleep(0.5)", "ClientToken": "once"])
    let batch = try await endpoint.submit(["Sqls": ["insert into r_once values (2)", "insert into r_once select 3 from pg_sleep(0.5)"]])
    try await endpoint.started(id)
    try await endpoint.started(batch)
    try await endpoint.killAndStart()
    #expect(try await endpoint.submit(["Sql": "insert into r_once select 1 from pg_sleep(0.5)", "ClientToken": "once"]) == id)
    #expect(try await endpoint.ended(id)["Status"] == "FINISHED")
    #expect(try await endpoint.ended(batch)["Status"] == "FINISHED")
    #expect(try await endpoint.count("r_once") == 3)
    await endpoint.stop()
  }

  @Test func aBatchThatHadCommittedFailsAndTellsWhere() async throws {
    let endpoint = try await Endpoint()
    _ = try await endpoint.run("create table r_batch (a int)")
    let id = try await endpoint.submit([
      "Sqls": ["insert into r_batch values (1)", "commit", "insert into r_batch select 2 from pg_sleep(600)"]
    ])
    while try await endpoint.call("DescribeStatement", ["Id": .string(id)])["SubStatements"]?[2]?["Status"] != "STARTED" { await Task.yield() }
    try await endpoint.killAndStart()
    let ended = try await endpoint.ended(id)
    #expect(ended["Status"] == "FAILED")
    #expect(ended["Error"]?.asString?.contains("statements 1 to 2 are committed") == true, "\(ended)")
    #expect(ended["SubStatements"]?.asArray?.map { $0["Status"] } == ["FINISHED", "FINISHED", "FAILED"])
    #expect(try await endpoint.count("r_batch") == 1)
    await endpoint.stop()
  }

  @Test func nothingRunsUnaskedWhereItMayNot() async throws {
    let endpoint = try await Endpoint()
    _ = try await endpoint.run("create table r_asked (a int)")
    let asked = try await endpoint.submit(["Sql": "insert into r_asked select 1 from pg_sleep(5)"])
    let cancelled = try await endpoint.submit(["Sql": "insert into r_asked select 2 from pg_sleep(5)"])
    try await endpoint.started(asked)
    try await endpoint.started(cancelled)
    try await endpoint.killAndStart(resumesAtOnce: false)
    #expect(try await endpoint.count("r_asked") == 0)
    #expect(try await endpoint.call("CancelStatement", ["Id": .string(cancelled)]) == ["Status": true])
    #expect(try await endpoint.ended(asked)["Status"] == "FINISHED")
    #expect(try await endpoint.ended(cancelled)["Status"] == "ABORTED")
    #expect(try await endpoint.count("r_asked") == 1)
    await endpoint.stop()
  }

  /// Kills an endpoint while clients submit; each statement that was taken took effect once, and no other did twice.
  @Test func submissionsThatAreCutOffCountOnce() async throws {
    let endpoint = try await Endpoint()
    _ = try await endpoint.run("create table r_cut (a int)")
    for round in 0..<4 {
      let service = await endpoint.service
      let ids = await withTaskGroup(of: String?.self) { group in
        for number in 0..<20 {
          group.addTask {
            var members = TestServer.target
            members["Sql"] = .string("insert into r_cut values (\(round * 20 + number))")
            return (try? await service.answer("ExecuteStatement", .object(members)))?["Id"]?.asString
          }
        }
        return await group.reduce(into: [String]()) { if let id = $1 { $0.append(id) } }
      }
      #expect(ids.count == 20)
      try await endpoint.killAndStart()
      for id in ids { #expect(try await endpoint.ended(id)["Status"] == "FINISHED") }
    }
    #expect(try await endpoint.count("r_cut") == 80)
    await endpoint.stop()
  }

  /// What the log says of a batch's second transaction: that a first one is committed, until the statement runs again.
  @Test func theLogKnowsOfEarlierCommits() async throws {
    let folder = TestServer.shared.folder + "-log-" + RandomIdentifier.uuid().prefix(8)
    func part(_ sql: String) -> StatementRecord.Part { .init(sql: sql, createdAt: 1, updatedAt: 1, queryId: 1, queryUuid: "") }
    let record = StatementRecord(
      id: RandomIdentifier.uuid(), name: nil, isBatch: true, target: StatementTarget(database: "dev"), parameters: [], clientToken: "t",
      resultFormat: .json, sessionId: nil, createdAt: 1, updatedAt: 1, parts: [part("a"), part("commit"), part("b")])
    func write() async throws {
      let (log, _) = try await StatementLog.open(folder: folder)
      try log.submitted(record)
      try log.committing(record, .init(transaction: "7", isLast: false, parts: 2))
      try log.committing(record, .init(transaction: "8", isLast: true, parts: 3))
    }
    try await write()
    func reread() async throws -> StatementLog.Entry? {
      let (log, found) = try await StatementLog.open(folder: folder)
      withExtendedLifetime(log) {}
      return found.entries.first
    }
    for _ in 0..<2 {
      let entry = try await reread()
      #expect(entry?.commit == .init(transaction: "8", isLast: true, parts: 3, earlierParts: 2))
      #expect(entry?.record.sqls == ["a", "commit", "b"])
      #expect(entry?.record.clientToken == "t")
    }
    Files.remove(folder)
  }
}

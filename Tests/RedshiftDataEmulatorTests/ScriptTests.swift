import AWSJSONServer
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// The scripted mode: no database is started.
struct ScriptTests {
  private func service(_ script: String) async throws -> RedshiftDataService {
    var configuration = RedshiftDataEndpoint.Configuration()
    try configuration.play(script: Array(script.utf8))
    return try await RedshiftDataService.start(configuration, stateFolder: "/nowhere")
  }

  private func submit(_ service: RedshiftDataService, _ members: JSONObject) async throws -> String {
    var all = TestServer.target
    for (key, value) in members { all[key] = value }
    let operation = all["Sqls"] == nil ? "ExecuteStatement" : "BatchExecuteStatement"
    return try #require(try await service.answer(operation, .object(all))["Id"]?.asString)
  }

  private func describe(_ service: RedshiftDataService, _ id: String, wait: Int64? = nil) async throws -> JSONValue {
    var members: JSONObject = ["Id": .string(id)]
    if let wait { members["WaitTimeSeconds"] = .int(wait) }
    return try await service.answer("DescribeStatement", .object(members))
  }

  @Test func statusesFollowInVirtualTime() async throws {
    let service = try await service(
      #"{"clock": "virtual", "statements": [{"sql": "slow *", "statuses": [["SUBMITTED", 1], ["PICKED", 2], ["STARTED", 3600], ["FINISHED"]], "affected": 4}]}"#)
    let id = try await submit(service, ["Sql": "SLOW\n  thing"])
    var seen: [JSONValue?] = []
    for _ in 0..<4 { seen.append(try await describe(service, id)["Status"]) }
    #expect(seen == ["SUBMITTED", "PICKED", "STARTED", "FINISHED"])
    let ended = try await describe(service, id)
    #expect(ended["ResultRows"] == 4)
    #expect((ended["UpdatedAt"]?.asDouble ?? 0) - (ended["CreatedAt"]?.asDouble ?? 0) > 3602)
  }

  @Test func aLongPollTakesNoTimeInVirtualTime() async throws {
    let service = try await service(#"{"clock": "virtual", "statements": [{"sql": "*", "seconds": 25, "columns": ["n", "t"], "rows": [[1, "x"], [null, "y"]]}]}"#)
    let id = try await submit(service, ["Sql": "select 1"])
    #expect(try await describe(service, id, wait: 20)["Status"] == "STARTED")
    #expect(try await describe(service, id, wait: 10)["Status"] == "FINISHED")
    let result = try await service.answer("GetStatementResult", ["Id": .string(id)])
    #expect(result["Records"] == [[["longValue": 1], ["stringValue": "x"]], [["isNull": true], ["stringValue": "y"]]])
    #expect(result["ColumnMetadata"]?[0]?["typeName"] == "int8")
  }

  @Test func eachStatementOfABatchHasItsOwnError() async throws {
    let script = #"{"clock": "virtual", "statements": [{"sql": "bad*", "times": 1, "error": "division by zero"}, {"sql": "*"}]}"#
    let service = try await service(script)
    let id = try await submit(service, ["Sqls": ["good", "bad", "good"]])
    _ = try await describe(service, id)
    let ended = try await describe(service, id)
    #expect(ended["Error"] == "Query #2 failed with ERROR: division by zero")
    #expect(ended["SubStatements"]?.asArray?.map { $0["Status"] } == ["FINISHED", "FAILED", "ABORTED"])
    let again = try await submit(service, ["Sql": "bad"])
    #expect(try await describe(service, again, wait: 1)["Status"] == "FINISHED")
  }

  @Test func whatNoEntryMatchesFails() async throws {
    let service = try await service(#"{"statements": [{"sql": "a"}]}"#)
    let id = try await submit(service, ["Sql": "b"])
    #expect(try await describe(service, id)["Error"]?.asString?.contains("no entry of the script") == true)
  }

  @Test func whatIsTooOldIsGone() async throws {
    var configuration = RedshiftDataEndpoint.Configuration()
    try configuration.play(script: Array(#"{"clock": "virtual", "statements": [{"sql": "*"}]}"#.utf8))
    let service = try await RedshiftDataService.start(
      configuration, stateFolder: "/nowhere", limits: StatementLimits(retentionInSeconds: -1))
    let id = try await submit(service, ["Sql": "select 1"])
    await #expect(throws: AWSJSONError.self) { try await describe(service, id) }
    #expect(try await service.answer("ListStatements", ["Status": "ALL"])["Statements"] == [])
  }

  @Test func faultsAreCounted() async throws {
    let service = try await service(
      #"{"statements": [{"sql": "*"}], "faults": [{"on": "ExecuteStatement", "skip": 1, "times": 1, "fault": "throttling"}, {"on": "DescribeStatement", "fault": "reset-after-taking"}]}"#)
    #expect(await service.fault("ExecuteStatement", [:]) == nil)
    guard case .refusal(let error) = await service.fault("ExecuteStatement", [:]) else { return #expect(Bool(false), "no refusal") }
    #expect(error.code == "ThrottlingException")
    #expect(await service.fault("ExecuteStatement", [:]) == nil)
    guard case .reset(isTaken: true) = await service.fault("DescribeStatement", [:]) else { return #expect(Bool(false), "no reset") }
  }

  @Test(arguments: [
    (#"{"statements": [{"sql": "a", "row": []}]}"#, "statements[0]: \"row\" is not known"),
    (#"{"statements": [{"affected": 1}]}"#, "expected \"sql\" or \"name\""),
    (#"{"statements": [{"sql": "a", "columns": ["x"], "rows": [[1, 2]]}]}"#, "statements[0].rows[0]: expected 1 fields"),
    (#"{"faults": [{"fault": "thunder"}]}"#, "faults[0].fault: expected one of throttling"),
    (#"{"clock": "sun"}"#, "the script.clock: expected \"real\" or \"virtual\", found \"sun\""),
    (#"{"clock": }"#, "line 1, column 11"),
    (#"{"statements": [{"sql": "a", "statuses": [["FINISHED"], ["STARTED"]]}]}"#, "nothing can follow FINISHED"),
  ]) func mistakesAreNamed(_ script: String, _ message: String) throws {
    var configuration = RedshiftDataEndpoint.Configuration()
    #expect {
      try configuration.play(script: Array(script.utf8))
    } throws: { error in
      "\(error)".contains(message)
    }
  }

  @Test(arguments: [
    ("select *", "SELECT 1", true), ("*from t*", "select a\n  FROM  t where b", true), ("a*b*c", "a1b2c", true), ("a*b*c", "acb", false),
    ("a", "ab", false), ("*", "", true),
  ]) func patterns(_ pattern: String, _ text: String, _ matches: Bool) { #expect(TextPattern(pattern).matches(text) == matches) }
}

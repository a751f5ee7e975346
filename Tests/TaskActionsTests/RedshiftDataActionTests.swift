import JSONTypes
import StatesInterpreter
import StatesRuntime
import Testing

@testable import TaskActions

@Suite struct RedshiftDataActionTests {
  @Test func executeStatementSpeaksBothCases() async throws {
    let bench = Bench(
      ScriptedTransport(
        answer(
          200,
          [
            "ClusterIdentifier": "local", "CreatedAt": 1637584800.253, "Database": "dev", "DbUser": "awsuser", "Id": "5a1b",
            "DbGroups": ["a"],
          ])))
    let result = try await bench.run(
      "executeStatement",
      [
        "ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sql": "select :a", "WithEvent": true,
        "Parameters": [["Name": "a", "Value": "1"]], "StatementName": nil,
      ])
    #expect(
      result.jsonText
        == #"{"ClusterIdentifier":"local","CreatedAt":"2021-11-22T12:40:00.253Z","Database":"dev","DbUser":"awsuser","Id":"5a1b","DbGroups":["a"]}"#
    )
    let call = TaskCall(id: 7, executionArn: "arn:x", stateName: "S", resource: "r", input: .null)
    #expect(
      bench.transport.bodies == [
        [
          "ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sql": "select :a", "WithEvent": true,
          "Parameters": [["name": "a", "value": "1"]], "ClientToken": .string(SubmissionToken(call).text),
          "StatementName": .string(SubmissionToken(call).text + " S"),
        ]
      ])
    let request = try #require(bench.transport.requests.first)
    #expect(request.headers["X-Amz-Target"] == "RedshiftData.ExecuteStatement")
    #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
    #expect(request.headers["Authorization"]?.contains("/us-east-1/redshift-data/aws4_request") == true)
    #expect(bench.progress.lines == ["submitted 1 statement as 5a1b"])
    #expect(bench.services.runningStatements.ids(of: "arn:x") == ["5a1b"])
  }

  @Test func theDefinitionsTokenIsKept() async throws {
    let bench = Bench(ScriptedTransport(answer(200, ["Id": "b"])))
    _ = try await bench.run("batchExecuteStatement", ["Sqls": ["a", "b"], "ClientToken": "mine", "StatementName": "load"])
    #expect(bench.transport.bodies == [["Sqls": ["a", "b"], "ClientToken": "mine", "StatementName": "load"]])
    #expect(bench.progress.lines == ["submitted 2 statements as b"])
  }

  @Test func describesABatch() async throws {
    let bench = Bench(
      ScriptedTransport(
        answer(200, ["Id": "b"]),
        answer(
          200,
          [
            "Id": "b", "Status": "FINISHED", "CreatedAt": 1, "UpdatedAt": 2.5, "Duration": 100, "HasResultSet": false, "ResultRows": -1,
            "SubStatements": [["Id": "b:1", "Status": "FINISHED", "CreatedAt": 1], ["Id": "b:2", "Status": "STARTED"]],
          ])))
    _ = try await bench.run("batchExecuteStatement", ["Sqls": ["x"]])
    let result = try await bench.run("describeStatement", ["Id": "b"])
    #expect(result["CreatedAt"] == "1970-01-01T00:00:01Z")
    #expect(result["UpdatedAt"] == "1970-01-01T00:00:02.500Z")
    #expect(result["SubStatements"]?[0]?["CreatedAt"] == "1970-01-01T00:00:01Z")
    #expect(result["ResultRows"] == -1)
    #expect(bench.progress.lines.last == "FINISHED, 1 of 2 finished")
    #expect(bench.services.runningStatements.ids(of: "arn:x").isEmpty)
  }

  @Test func resultsAreInPascalCase() async throws {
    let bench = Bench(
      ScriptedTransport(
        answer(
          200,
          [
            "Records": [[["longValue": 1], ["stringValue": "a"], ["isNull": true]]], "TotalNumRows": 1,
            "ColumnMetadata": [["name": "n", "typeName": "int4", "isCaseSensitive": false]],
          ])))
    let result = try await bench.run("getStatementResult", ["Id": "b"])
    #expect(
      result.jsonText
        == #"{"Records":[[{"LongValue":1},{"StringValue":"a"},{"IsNull":true}]],"TotalNumRows":1,"ColumnMetadata":[{"Name":"n","TypeName":"int4","IsCaseSensitive":false}]}"#
    )
    #expect(bench.progress.lines == ["1 of 1 rows"])
  }

  @Test(
    arguments: [
      (["Sql": "a", "sql": "b"], "The field 'sql' is not supported by Step Functions"),
      (["Database": "d"], "The field 'Sql' is required but was missing"),
      (["Sql": 1], "The value for the field 'Sql' must be a STRING"),
      (["Sql": "a", "WithEvent": "yes"], "The value for the field 'WithEvent' must be a BOOLEAN"),
      (
        ["Sql": "a", "Parameters": [["name": "a", "Value": "b"]]],
        "The field 'name' is not supported by Step Functions, The field 'Name' is required but was missing"
      ),
      ("text", "The value for the field 'Parameters' must be a OBJECT"),
    ] as [(JSONValue, String)]) func refusesParametersBeforeSending(_ input: JSONValue, _ problem: String) async
  {
    let bench = Bench(ScriptedTransport(answer()))
    let failure = await bench.failure("executeStatement", input)
    #expect(failure?.error == "States.Runtime")
    #expect(failure?.cause == "The Parameters '\(input.jsonText)' could not be used to start the Task: [\(problem)]")
    #expect(bench.transport.requests.isEmpty)
  }

  @Test(
    arguments: [
      (
        answer(400, ["__type": "ValidationException", "Message": "Bad."]), "RedshiftData.ValidationException",
        "Bad. (Service: RedshiftData, Status Code: 400, Request ID: request-1)"
      ),
      (
        answer(400, ["__type": "ResourceNotFoundException", "Message": "Query does not exist."]), "RedshiftData.ResourceNotFoundException",
        "Query does not exist. (Service: RedshiftData, Status Code: 400, Request ID: request-1)"
      ),
      (
        answer(400, ["__type": "AccessDeniedException", "message": "No."]), "RedshiftData.RedshiftDataException",
        "No. (Service: RedshiftData, Status Code: 400, Request ID: request-1)"
      ),
      (
        answer(500, ["__type": "InternalServerException", "Message": "Oh."]), "RedshiftData.InternalServerException",
        "Oh. (Service: RedshiftData, Status Code: 500, Request ID: request-1)"
      ),
      (failing(.connect), "RedshiftData.SdkClientException", "Unable to execute HTTP request: no answer from 127.0.0.1:1, in 3 attempts"),
      (answer(200, "x"), "RedshiftData.SdkClientException", "the answer to DescribeStatement from 127.0.0.1:8085 is no JSON object: \"x\""),
    ] as [(ScriptedTransport.Answer, String, String)]) func failsAsAWSDoes(
      _ script: @escaping ScriptedTransport.Answer, _ error: String, _ cause: String
    ) async
  {
    #expect(await Bench(ScriptedTransport(script)).failure("describeStatement", ["Id": "x"]) == TaskFailure(error: error, cause: cause))
  }
}

@Suite struct RunningStatementsTests {
  @Test func cancelsWhatAnExecutionHasRunning() async throws {
    let bench = Bench(
      ScriptedTransport(
        answer(200, ["Id": "one"]), answer(200, ["Id": "two"]), answer(200, ["Status": true]),
        answer(
          400, ["__type": "ValidationException", "Message": "Could not cancel a query that is already in FINISHED state with ID: two"])))
    let running = bench.services.runningStatements
    _ = try await bench.run("executeStatement", ["Sql": "a"])
    _ = try await bench.run("executeStatement", ["Sql": "b"], id: 9)
    #expect(running.ids(of: "arn:x") == ["one", "two"])
    #expect(await running.cancelAll(of: "arn:other").isEmpty)
    let results = await running.cancelAll(of: "arn:x")
    #expect(results == [.init(id: "one", failure: nil), .init(id: "two", failure: nil)])
    #expect(Set(bench.transport.bodies.suffix(2)) == [["Id": "one"], ["Id": "two"]])
    #expect(running.ids(of: "arn:x").isEmpty)
    #expect(await running.cancelAll().isEmpty)
  }

  @Test func saysWhatMayStillRun() async throws {
    let bench = Bench(ScriptedTransport(answer(200, ["Id": "one"]), failing(.connect)))
    _ = try await bench.run("executeStatement", ["Sql": "a"])
    let results = await bench.services.runningStatements.cancelAll()
    #expect(results == [.init(id: "one", failure: "no answer from 127.0.0.1:1, in 3 attempts")])
  }

  @Test func aStatementCancelledByItsOwnTaskIsForgotten() async throws {
    let bench = Bench(ScriptedTransport(answer(200, ["Id": "one"]), answer(200, ["Status": true])))
    _ = try await bench.run("executeStatement", ["Sql": "a"])
    #expect(try await bench.run("cancelStatement", ["Id": "one"]) == ["Status": true])
    #expect(bench.services.runningStatements.ids(of: "arn:x").isEmpty)
  }

  /// The task is cancelled while its submission is on the way: the task ends at once, the statement is cancelled when its id is known.
  @Test func cancellationDuringASubmissionReachesTheStatement() async throws {
    let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
    let (released, release) = AsyncStream.makeStream(of: Void.self)
    let bench = Bench(
      ScriptedTransport(
        { _ in
          arrival.yield()
          for await _ in released { break }
          return HTTPResponse(status: 200, body: Array(#"{"Id":"late"}"#.utf8))
        }, answer(200, ["Status": true])))
    let task = Task { await bench.failure("executeStatement", ["Sql": "a"]) }
    for await _ in arrived { break }
    task.cancel()
    #expect(await task.value?.cause == "The task was cancelled.")
    async let cancellation = bench.services.runningStatements.cancelAll(of: "arn:x")
    release.yield()
    _ = await cancellation
    #expect(bench.transport.targets == ["RedshiftData.ExecuteStatement", "RedshiftData.CancelStatement"])
    #expect(bench.transport.bodies.last == ["Id": "late"])
    #expect(bench.services.runningStatements.ids(of: "arn:x").isEmpty)
  }

  @Test func aTaskCancelledBeforehandSubmitsNothing() async {
    let bench = Bench(ScriptedTransport(answer(200, ["Id": "one"])))
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await bench.failure("executeStatement", ["Sql": "a"])
    }
    #expect(await task.value?.error == "States.TaskFailed")
    #expect(bench.transport.requests.isEmpty)
  }

  @Test func remembersALimitedNumber() async throws {
    let bench = Bench(
      ScriptedTransport({ request in
        let token = try JSONValue(parsing: request.body)["ClientToken"]?.asString ?? ""
        return HTTPResponse(status: 200, body: JSONValue.object(["Id": .string(token)]).jsonBytes)
      }))
    for number in 0..<RunningStatements.maximumPerExecution + 5 {
      _ = try await bench.run("executeStatement", ["Sql": "a", "ClientToken": .string("t\(number)")])
    }
    let ids = bench.services.runningStatements.ids(of: "arn:x")
    #expect(ids.count == RunningStatements.maximumPerExecution)
    #expect(ids.first == "t5")
  }
}

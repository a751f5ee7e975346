import Foundation
import JSONTypes
import StatesRuntime
import Testing

@testable import TaskActions

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "sfn-local-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }
}

@Suite struct RedshiftBatchDataAPITests {
  private let script = """
    begin transaction;
    /* old; rows */
    delete from t where d = '{job_run_date}';
    insert into t values ('a;b', '{{}}');
    end transaction;
    -- done

    """

  private func bench(_ transport: ScriptedTransport, _ folder: TemporaryFolder, settings: RedshiftBatchSettings = RedshiftBatchSettings())
    -> Bench
  {
    Bench(transport, mapping: S3Mapping(folder: folder.path), settings: settings)
  }

  @Test func submitsAScriptAsOneBatch() async throws {
    let folder = try TemporaryFolder()
    try folder.write("scripts/etl/run.sql", script)
    let bench = bench(
      ScriptedTransport(answer(200, ["Id": "batch-1"])), folder, settings: RedshiftBatchSettings(function: ["job_run_date": "2022-01-01"]))
    let result = try await bench.run(
      "redshift_batch_data_api", ["Input": ["action": "run_sales_data_pipeline", "etl_script_s3_path": "s3://scripts/etl/run.sql"]])
    #expect(result == ["sql_batch_id": "batch-1"])
    let body = try #require(bench.transport.bodies.first)
    #expect(body["ClientToken"]?.asString?.hasPrefix("sfn-local-") == true)
    #expect(body["StatementName"] == "run.sql")
    #expect(body["ClusterIdentifier"] == "local" && body["Database"] == "dev" && body["DbUser"] == "awsuser")
    #expect(
      body["Sqls"] == [
        "begin transaction", "/* old; rows */\ndelete from t where d = '2022-01-01'", "insert into t values ('a;b', '{}')",
        "end transaction",
      ])
    #expect(bench.transport.targets == ["RedshiftData.BatchExecuteStatement"])
    #expect(bench.progress.lines == ["submitted 4 statements as batch-1"])
    #expect(bench.services.runningStatements.ids(of: "arn:x") == ["batch-1"])
  }

  @Test func readsTheScriptFromS3() async throws {
    let bench = Bench(ScriptedTransport({ _ in HTTPResponse(status: 200, body: Array("select 1".utf8)) }, answer(200, ["Id": "b"])))
    _ = try await bench.run(
      "redshift_batch_data_api", ["Input": ["action": "setup_sales_data_pipeline", "etl_script_s3_path": "s3://bucket/a b/x.sql"]])
    #expect(bench.transport.requests.first?.url == "http://127.0.0.1:8085/bucket/a%20b/x.sql")
    #expect(bench.transport.bodies.last?["Sqls"] == ["select 1"])
  }

  @Test func tellsTheStatus() async throws {
    let bench = Bench(
      ScriptedTransport(
        answer(
          200, ["Id": "b", "Status": "STARTED", "SubStatements": [["Status": "FINISHED"], ["Status": "STARTED"], ["Status": "SUBMITTED"]]]))
    )
    #expect(
      try await bench.run("redshift_batch_data_api", ["Input": ["action": "get_sql_status", "sql_batch_id": "b"]]) == ["status": "STARTED"])
    #expect(bench.progress.lines == ["STARTED, 1 of 3 finished"])
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: ScriptedTransport.Answer = TaskActionsTests.answer()
    var payload: JSONValue
    var error = "Exception"
    var message: String
    var testDescription: String { name }
  }

  static let rows = [
    Row(
      name: "a failed batch",
      answer: answer(200, ["Id": "b", "Status": "FAILED", "Error": "Query #2 failed with ERROR: division by zero"]),
      payload: ["Input": ["action": "get_sql_status", "sql_batch_id": "b"]],
      message: "Encountered exeption on:get_sql_status:SQL query failed:b: Query #2 failed with ERROR: division by zero"),
    Row(
      name: "an unknown batch", answer: answer(400, ["__type": "ResourceNotFoundException", "Message": "Query does not exist."]),
      payload: ["Input": ["action": "get_sql_status", "sql_batch_id": "b"]],
      message:
        "Encountered exeption on:get_sql_status:An error occurred (ResourceNotFoundException) when calling the DescribeStatement operation: Query does not exist."
    ),
    Row(name: "an unknown action", payload: ["Input": ["action": "dance"]], message: "Encountered exeption on:dance:Invalid Action: dance"),
    Row(name: "no action", payload: ["Input": [:]], error: "TypeError", message: "can only concatenate str (not \"NoneType\") to str"),
    Row(
      name: "a number as action", payload: ["Input": ["action": 1]], error: "TypeError",
      message: "can only concatenate str (not \"int\") to str"),
    Row(name: "no input", payload: [:], error: "KeyError", message: "'Input'"),
    Row(
      name: "no script", payload: ["Input": ["action": "run_sales_data_pipeline"]],
      message:
        "Encountered exeption on:run_sales_data_pipeline:expected a text for \"etl_script_s3_path\" in the function's Input, got nothing"),
    Row(
      name: "no S3 address", payload: ["Input": ["action": "run_sales_data_pipeline", "etl_script_s3_path": "/tmp/x.sql"]],
      message: "Encountered exeption on:run_sales_data_pipeline:expected s3://bucket/key in etl_script_s3_path, got \"/tmp/x.sql\""),
    Row(
      name: "an unknown placeholder",
      payload: ["Input": ["action": "run_sales_data_pipeline", "etl_script_s3_path": "s3://scripts/bad.sql"]],
      message:
        "Encountered exeption on:run_sales_data_pipeline:s3://scripts/bad.sql, line 2, column 8: nothing to fill in for \"{day}\"; only {job_run_date} is known; write \"{{\" and \"}}\" for braces"
    ),
    Row(
      name: "an empty script", payload: ["Input": ["action": "run_sales_data_pipeline", "etl_script_s3_path": "s3://scripts/empty.sql"]],
      message: "Encountered exeption on:run_sales_data_pipeline:s3://scripts/empty.sql holds no SQL statement"),
    Row(
      name: "a refused batch", answer: answer(400, ["__type": "ValidationException", "Message": "Too many."]),
      payload: ["Input": ["action": "run_sales_data_pipeline", "etl_script_s3_path": "s3://scripts/good.sql"]],
      message:
        "Encountered exeption on:run_sales_data_pipeline:An error occurred (ValidationException) when calling the BatchExecuteStatement operation: Too many."
    ),
  ]

  @Test(arguments: rows) func failsAsThePythonFunction(_ row: Row) async throws {
    let folder = try TemporaryFolder()
    try folder.write("scripts/bad.sql", "select 1;\nselect {day}")
    try folder.write("scripts/empty.sql", "-- nothing\n")
    try folder.write("scripts/good.sql", "select 1")
    let failure = try #require(await bench(ScriptedTransport(row.answer), folder).failure("redshift_batch_data_api", row.payload))
    #expect(failure.error == row.error)
    let cause = try JSONValue(parsing: failure.cause ?? "")
    #expect(cause["errorMessage"]?.asString == row.message)
    #expect(cause["errorType"]?.asString == row.error)
    #expect(cause["requestId"]?.asString?.utf8.count == 36)
    #expect(cause["stackTrace"]?.asArray?.count == 1)
  }

  @Test func aMissingScriptNamesItsPlace() async throws {
    let folder = try TemporaryFolder()
    try folder.write("scripts/a.sql", "")
    let failure = await bench(ScriptedTransport(answer()), folder).failure(
      "redshift_batch_data_api", ["Input": ["action": "run_sales_data_pipeline", "etl_script_s3_path": "s3://scripts/b.sql"]])
    #expect(
      failure?.cause?.contains(
        "An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist: s3://scripts/b.sql is mapped to"
      ) == true)
  }

  @Test func settingsComeFromThreePlaces() {
    let function = ["redshift_database_name": "sales", "redshift_database_user": ""]
    let process = ["redshift_database_name": "other", "redshift_database_user": "etl", "unrelated": "x"]
    let settings = RedshiftBatchSettings(function: function, process: process)
    #expect(settings.database == "sales")
    #expect(settings.user == "etl")
    #expect(settings.clusterIdentifier == "local")
    #expect(settings.jobRunDate == "2021-06-26")
  }
}

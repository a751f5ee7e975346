import Foundation
import JSONTypes
import TestSupport
import Testing

/// The main job: the sales ETL against the local Redshift, through the client that talks to AWS.
@Suite(.serialized) struct RedshiftRunTests {
  static let figures = """
    select (select count(*) from store_sales), (select sum(ss_net_paid) from store_sales), (select sum(ss_net_profit) from store_sales),
      (select sum(ss_quantity) from store_sales), (select count(*) from item), (select count(*) from item where i_rec_end_date is null),
      (select count(*) from customer_address), (select max(ca_address_sk) from customer_address)
    """
  static let expected = "8 | 17762.47 | -9235.37 | 121 | 9 | 6 | 7 | 13971212"

  private func figures(_ folder: String) throws -> String {
    let table = try Program.run("redshift", "sql", Self.figures, "--state-dir", folder)
    #expect(table.exitCode == 0, "\(table.errors)")
    let cells = table.output.split(separator: "\n").last?.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    return cells.joined(separator: " | ")
  }

  @Test func loadsTheSalesTwiceAlike() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 {
      let outcome = try Program.run("run", "statemachines/etl.asl.json", "--state-dir", folder.path)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      #expect(outcome.output == "\"sales_data_pipeline_success\"\n")
      #expect(outcome.errors.contains("local endpoint"))
      #expect(try figures(folder.path) == Self.expected)
    }
    let failed = try Program.run("run", "statemachines/etl.asl.json", "--state-dir", folder.path, environment: ["job_run_date": "2021-07-01"])
    #expect(failed.exitCode == 1)
    #expect(failed.errors.contains("division by zero"))
    #expect(failed.errors.contains("run_sales_data_pipeline_status_check"))
  }

  @Test func runsTheSeedsTemplateUntouched() throws {
    let sample = Conformance.packageRoot + "/../shared/samples/etl-orchestration-with-lambda-and-step-functions"
    guard FileManager.default.fileExists(atPath: sample) else { return print("the seed's sample is not here; this test has nothing to run") }
    let folder = try TemporaryFolder()
    // The database is made before the clock runs fast: the first task times out after a minute.
    _ = try Program.run("redshift", "sql", "select 1", "--state-dir", folder.path)
    let outcome = try Program.run(
      "run", sample + "/cloud_formation_template/etl-orchestration-with-stepfunctions-and-redshift-data-api.yaml", "--parameter",
      "RedshiftClusterEndpoint=local.local:5439/dev", "--parameter", "ETLScriptS3Path=s3://scripts/", "--s3-root", sample, "--state-dir", folder.path,
      "--clock", "x10")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try figures(folder.path) == Self.expected)
  }

  /// kill -9 leaves neither a database that blocks the next run nor a broken data folder.
  @Test func survivesKill() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<3 {
      let running = try Program.start(["run", "statemachines/etl.asl.json", "--state-dir", folder.path, "--json"])
      try running.input.fileHandleForWriting.close()
      // Statements run once the first task has given its result.
      _ = running.text(of: running.output, until: "\"TaskSucceeded\"")
      kill(running.process.processIdentifier, SIGKILL)
      running.process.waitUntilExit()
    }
    let outcome = try Program.run("run", "statemachines/etl.asl.json", "--state-dir", folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try figures(folder.path) == Self.expected)
  }

  /// Ctrl-C once: the running statement is cancelled and the history has its end.
  @Test func anInterruptCancelsStatements() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      {"StartAt": "Submit", "States": {
        "Submit": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement",
          "Parameters": {"ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sql": "select pg_sleep(600)"}, "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": 600, "End": true}}}
      """, to: "slow.asl.json")
    let running = try Program.start(["run", file, "--state-dir", folder.path, "--json"])
    try running.input.fileHandleForWriting.close()
    _ = running.text(of: running.output, until: "WaitStarted")
    running.process.interrupt()
    let outcome = running.finish()
    #expect(outcome.exitCode == 130)
    #expect(outcome.output.contains("ExecutionAborted"))
    #expect(outcome.errors.contains("cancelled"))
  }

  /// Tasks that wait for the end of their statements.
  @Test func waitsForStatements() throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run("run", "statemachines/totals.asl.json", "--state-dir", folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try JSONValue(parsing: outcome.output) == ["day": "2021-06-26", "paid": "42.00"])
    #expect(outcome.errors.contains("FINISHED, 3 of 3 finished"))

    let example = try String(contentsOfFile: Conformance.packageRoot + "/statemachines/totals.asl.json", encoding: .utf8)
    let broken = try folder.write(example.replacing("select 31.50", with: "select 31.50/0"), to: "broken.asl.json")
    let failed = try Program.run("run", broken, "--state-dir", folder.path)
    #expect(failed.exitCode == 1)
    #expect(failed.errors.contains("statement 3 of 3 failed: ERROR: division by zero"))
    // All of the batch is rolled back.
    let table = try Program.run("redshift", "sql", "select count(*), sum(paid) from day_totals", "--state-dir", folder.path)
    #expect(table.output.contains("1 | 42.00"), "\(table.output)")
  }

  /// The time limit of a task that waits takes the statement along, though the execution ends by itself.
  @Test func aTimeLimitCancelsTheStatement() throws {
    let folder = try TemporaryFolder()
    _ = try Program.run("redshift", "sql", "create table t (n int)", "--state-dir", folder.path)
    let file = try folder.write(
      """
      {"StartAt": "Load", "States": {"Load": {"Type": "Task", "Resource": "arn:aws:states:::redshift-data:batchExecuteStatement.sync",
        "Parameters": {"ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sqls": ["insert into t values (1)", "select pg_sleep(600)"]},
        "TimeoutSeconds": 1, "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}], "End": true},
        "Late": {"Type": "Pass", "Result": "late", "End": true}}}
      """, to: "slow.asl.json")
    let outcome = try Program.run("run", file, "--state-dir", folder.path)
    #expect(outcome.exitCode == 0 && outcome.output == "\"late\"\n", "\(outcome.errors)")
    #expect(outcome.errors.contains("cancelled"))
    let table = try Program.run("redshift", "sql", "select count(*) from t", "--state-dir", folder.path)
    #expect(table.output.contains("\n     0\n"), "\(table.output)")
  }
}

import Foundation
import TestSupport
import Testing

/// COPY and UNLOAD against S3 over a socket.
@Suite(.serialized) struct RedshiftS3Tests {
  private func sql(_ script: String, _ arguments: [String], in folder: String, environment: [String: String] = S3StandIn.environment) throws -> Program.Outcome {
    try Program.run(["redshift", "sql", "--state-dir", folder, script] + arguments, environment: environment)
  }

  /// The second line from the end of a table, without blanks at its ends.
  private func row(_ outcome: Program.Outcome) -> String { outcome.output.split(separator: "\n").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "" }

  @Test func objectsComeFromAnEndpointAndGoThere() throws {
    let folder = try TemporaryFolder()
    let s3 = S3StandIn()
    for (number, name) in ["a&b", "c d", "ü+", "e", "f/g"].enumerated() { s3.put("\(number),x\n", "data", "in/\(name)") }
    s3.put("9,y\n", "data", "other")
    s3.put("", "data", "in/empty")
    let loaded = try sql(
      "create table t (n int, s varchar(9)); copy t from 's3://data/in/' iam_role default csv; select count(*), sum(n) from t", ["--s3", s3.url], in: folder.path)
    #expect(loaded.exitCode == 0 && row(loaded) == "5 |  10", "\(loaded.errors) \(loaded.output)")

    s3.put("old", "out", "x_old")
    let refused = try sql("unload ('select 1') to 's3://out/x_' iam_role default", ["--s3", s3.url], in: folder.path)
    #expect(refused.exitCode == 1 && refused.errors.contains("Specified unload destination on S3 is not empty."), "\(refused.errors)")
    let unloaded = try sql(
      "unload ('select n from t order by n') to 's3://out/x_' iam_role default cleanpath parallel off manifest", ["--s3", s3.url], in: folder.path)
    #expect(unloaded.exitCode == 0, "\(unloaded.errors)")
    #expect(s3.keys("out") == ["x_000", "x_manifest"] && s3.text("out", "x_000") == "0\n1\n2\n3\n4\n")
    #expect(s3.text("out", "x_manifest") == #"{"entries":[{"url":"s3://out/x_000"}]}"#)
    let again = try sql(
      "create table u (n int); copy u from 's3://out/x_manifest' iam_role default manifest; select sum(n) from u", ["--s3", s3.url], in: folder.path)
    #expect(row(again) == "10", "\(again.errors)")
    #expect(s3.badSignatures == 0 && s3.requests.contains { $0.contains("continuation-token=") }, "\(s3.requests)")

    // A variable names it, too; a folder that a flag names comes first.
    var named = S3StandIn.environment
    named["AWS_ENDPOINT_URL_S3"] = s3.url
    let byVariable = try sql("copy u from 's3://out/x_000' iam_role default; select count(*) from u", [], in: folder.path, environment: named)
    #expect(row(byVariable) == "10", "\(byVariable.errors)")
    let inFolder = try sql("copy u from 's3://out/x_000' iam_role default", ["--s3-root", folder.path], in: folder.path, environment: named)
    #expect(inFolder.exitCode == 1 && inFolder.errors.contains("NoSuchBucket") && inFolder.errors.contains("location:  the folder \(folder.path)"), "\(inFolder.errors)")
  }

  @Test func failuresComeInRedshiftsWords() throws {
    let folder = try TemporaryFolder()
    let s3 = S3StandIn()
    s3.put("1\n", "data", "x")
    let ids = "Rid RID1,ExtRid HID1,CanRetry 1"
    for (statement, words) in [
      ("copy t from 's3://denied/x' iam_role default", "ERROR: S3ServiceException:Access Denied,Status 403,Error AccessDenied,\(ids)\n  Detail: \n  ----"),
      ("copy t from 's3://denied/x' iam_role default", "\n  context:   Listing bucket=denied prefix=x\n"),
      ("copy t from 's3://nothing/x' iam_role default", "ERROR: S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket,\(ids)\n"),
      ("copy t from 's3://data/y' iam_role default", "ERROR: The specified S3 prefix 'y' does not exist\n"),
      ("copy t from 's3://data/y' iam_role default manifest", "ERROR: Problem reading manifest file - S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey,\(ids)\n"),
      ("copy t from 's3://elsewhere/x' iam_role default",
        "ERROR: S3ServiceException:The S3 bucket addressed by the query is in a different region from this cluster.,Status 301,Error PermanentRedirect,Rid RID1"),
      ("copy t from 's3://elsewhere/x' iam_role default", "the bucket is in eu-central-1"),
      ("unload ('select 1') to 's3://denied/x' iam_role default", "ERROR: S3ServiceException:Access Denied,Status 403,Error AccessDenied,\(ids)\n"),
    ] {
      let outcome = try sql("create table if not exists t (n int); \(statement)", ["--s3", s3.url], in: folder.path)
      #expect(outcome.exitCode == 1 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    let there = try sql(
      "create table if not exists t (n int); copy t from 's3://elsewhere/x' iam_role default region 'eu-central-1'; select count(*) from t", ["--s3", s3.url], in: folder.path)
    #expect(row(there) == "1", "\(there.errors)")
    #expect(s3.badSignatures == 0)

    let wrong = try sql(
      "create table if not exists t (n int); copy t from 's3://data/x' iam_role default", ["--s3", s3.url], in: folder.path,
      environment: ["AWS_ACCESS_KEY_ID": S3StandIn.accessKey, "AWS_SECRET_ACCESS_KEY": "wrong", "AWS_MAX_ATTEMPTS": "1"])
    #expect(wrong.errors.contains("Status 403,Error SignatureDoesNotMatch"), "\(wrong.errors)")
    let keyless = try sql(
      "create table if not exists t (n int); copy t from 's3://data/x' iam_role default", ["--s3", s3.url], in: folder.path, environment: ["HOME": folder.path])
    #expect(keyless.exitCode == 1 && keyless.errors.contains("no AWS credentials"), "\(keyless.errors)")
    let taken = try RedshiftStartTests.TakenPort()
    let port = taken.port
    _ = consume taken
    let unreachable = try sql("create table if not exists t (n int); copy t from 's3://data/x' iam_role default", ["--s3", "http://127.0.0.1:\(port)"], in: folder.path)
    #expect(unreachable.exitCode == 1 && unreachable.errors.contains("ERROR: S3CurlException: ") && unreachable.errors.contains("CurlError 7,"), "\(unreachable.errors)")
  }

  @Test func nothingIsReachedThatIsNotNamed() throws {
    let folder = try TemporaryFolder()
    var ambient = S3StandIn.environment
    ambient["AWS_REGION"] = "eu-west-1"
    let none = try sql("create table if not exists t (n int); copy t from 's3://data/x' iam_role default", [], in: folder.path, environment: ambient)
    #expect(none.exitCode == 1 && none.errors.contains("nothing says where s3:// is: give a folder with --s3-root DIR, or S3 with --s3 URL or --s3 aws"), "\(none.errors)")
    for (arguments, words) in [
      (["--s3", "http://127.0.0.1:1", "--s3-root", folder.path], "--s3-root says that S3 is a folder"), (["--s3", "minio"], "The value 'minio' is invalid"),
      (["--s3", "aws"], "no region for s3"), (["--profile", "nope"], "nope"), (["--s3", "aws", "--region", "no region"], "expected a region"),
    ] {
      let outcome = try sql("select 1", arguments, in: folder.path, environment: ["HOME": folder.path])
      #expect(outcome.exitCode == 2 && outcome.errors.contains(words), "\(arguments) \(outcome.exitCode) \(outcome.errors)")
    }
  }

  /// A run whose Redshift is the local one, and whose S3 is not.
  @Test func aRunSendsTasksAndCopiesToOneS3() throws {
    let folder = try TemporaryFolder()
    let s3 = S3StandIn()
    s3.put("1\n2\n", "data", "numbers")
    let file = try folder.write(
      """
      {"StartAt": "Load", "States": {
        "Load": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:batchExecuteStatement",
          "Parameters": {"ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sqls": [
            "create table numbers (n int)", "copy numbers from 's3://data/numbers' iam_role default",
            "unload ('select sum(n) from numbers') to 's3://data/sum_' iam_role default parallel off"]},
          "ResultPath": "$.batch", "Next": "Look"},
        "Look": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:describeStatement", "Parameters": {"Id.$": "$.batch.Id"},
          "ResultPath": "$.state", "Next": "Over?"},
        "Over?": {"Type": "Choice", "Choices": [{"Variable": "$.state.Status", "StringEquals": "FINISHED", "Next": "Read"},
          {"Variable": "$.state.Status", "StringEquals": "FAILED", "Next": "Failed"}], "Default": "Look"},
        "Failed": {"Type": "Fail", "CausePath": "$.state.Error"},
        "Read": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "data", "Key": "sum_000"},
          "OutputPath": "$.Body", "End": true}}}
      """, to: "load.asl.json")
    let outcome = try Program.run(["run", file, "--state-dir", folder.path, "--s3", s3.url, "--input", "{}"], environment: S3StandIn.environment)
    #expect(outcome.exitCode == 0 && outcome.output == "\"3\\n\"\n", "\(outcome.errors) \(outcome.output)")
    #expect(outcome.errors.contains("local endpoint") && outcome.errors.contains("; S3: \(s3.url) (named by the command line)\n"), "\(outcome.errors)")
    #expect(s3.badSignatures == 0)
    let both = try Program.run("run", file, "--s3", s3.url, "--s3-root", folder.path)
    #expect(both.exitCode == 2 && both.errors.contains("--s3 and --s3-root both say where S3 is"), "\(both.errors)")
  }

  @Test func theEndpointSaysWhereS3Is() throws {
    let folder = try TemporaryFolder()
    let running = try Program.start(["redshift", "start", "--port", "0", "--state-dir", folder.path, "--s3", "http://127.0.0.1:9000"])
    try running.input.fileHandleForWriting.close()
    let seen = running.text(of: running.errors, until: "Ctrl-C ends it")
    running.process.interrupt()
    _ = running.finish()
    #expect(seen.contains("\nS3: http://127.0.0.1:9000 (named by the command line)\n"))
  }
}

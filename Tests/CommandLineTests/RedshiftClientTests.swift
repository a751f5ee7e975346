import Foundation
import TestSupport
import Testing

/// The Python that has AWS's client.
private enum Python {
  static let hasBoto3 = (try? run("-c", "import boto3"))?.exitCode == 0

  static func run(_ arguments: String...) throws -> Program.Outcome {
    let running = RunningProgram()
    running.process.executableURL = URL(filePath: "/usr/bin/env")
    running.process.arguments = ["python3"] + arguments
    running.process.currentDirectoryURL = URL(filePath: Conformance.packageRoot)
    running.process.standardInput = running.input
    running.process.standardOutput = running.output
    running.process.standardError = running.errors
    try running.process.run()
    return running.finish()
  }
}

/// AWS's own clients against `redshift start`, over a socket. The checks are programs of their own in `Tests/Clients`.
@Suite(.serialized, .enabled(if: Python.hasBoto3, "python3 with boto3 is not installed: pip install boto3 to run these tests"))
struct RedshiftClientTests {
  /// Has an endpoint run as long as `body` does.
  private func withEndpoint(_ arguments: [String] = [], _ body: (_ url: String, _ pid: Int32) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let running = try Program.start(["redshift", "start", "--port", "0", "--state-dir", folder.path] + arguments)
    try running.input.fileHandleForWriting.close()
    let text = running.text(of: running.errors, until: "Ctrl-C ends it")
    defer {
      running.process.interrupt()
      _ = running.finish()
    }
    let url = try #require(text.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)).output
    try body(String(url), running.process.processIdentifier)
  }

  @Test func everyOperationAndItsErrors() throws {
    try withEndpoint { url, _ in
      let outcome = try Python.run("Tests/Clients/redshift_boto3.py", url)
      #expect(outcome.exitCode == 0, "\(outcome.output.split(separator: "\n").filter { !$0.hasPrefix("ok") }.joined(separator: "\n"))\n\(outcome.errors)")
    }
  }

  /// What the model, the API reference and the guide say, sentence by sentence.
  @Test func theContractHolds() throws {
    try withEndpoint { url, _ in
      let outcome = try Python.run("Tests/Clients/redshift_contract.py", url)
      #expect(outcome.exitCode == 0, "\(outcome.output)\n\(outcome.errors)")
    }
  }

  @Test func malformedRequestsAreRefusedInAWSsForm() throws {
    try withEndpoint { url, pid in
      let outcome = try Python.run("Tests/Clients/redshift_fuzz.py", url, "--count", "1000", "--pid", String(pid))
      #expect(outcome.exitCode == 0, "\(outcome.output)\n\(outcome.errors)")
    }
  }

  /// What a script does to clients, as botocore sees it.
  @Test func faultsReachTheClient() throws {
    let folder = try TemporaryFolder()
    let script = try folder.write(
      """
      {"clock": "virtual", "statements": [{"sql": "*", "seconds": 60, "columns": ["n"], "rows": [[1]]}],
       "faults": [{"on": "ExecuteStatement", "times": 1, "fault": "reset-after-taking"}, {"on": "DescribeStatement", "times": 1, "fault": "throttling"},
         {"on": "GetStatementResult", "times": 1, "fault": "truncated"}, {"on": "ListStatements", "times": 1, "fault": "internal-error"},
         {"on": "ListDatabases", "fault": "expired-token"}, {"on": "ListSchemas", "times": 1, "fault": "slow", "seconds": 0.1}]}
      """, to: "script.json")
    try withEndpoint(["--script", script]) { url, _ in
      let outcome = try Python.run(
        "-c",
        """
        import boto3, botocore.config, botocore.exceptions
        def client(attempts):
          return boto3.client("redshift-data", endpoint_url="\(url)", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b",
                              config=botocore.config.Config(retries={"total_max_attempts": attempts, "mode": "standard"}))
        once, often = client(1), client(4)
        where = dict(ClusterIdentifier="c1", Database="dev")
        # The first answer is lost; the repetition carries the same token.
        id = often.execute_statement(Sql="select 1", **where)["Id"]
        print([often.describe_statement(Id=id)["Status"] for _ in range(2)], often.get_statement_result(Id=id)["Records"])
        print(len(often.list_statements(Status="ALL")["Statements"]))
        try: once.list_databases(**where)
        except botocore.exceptions.ClientError as error: print(error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        """)
      #expect(outcome.output == "['STARTED', 'FINISHED'] [[{'longValue': 1}]]\n1\nExpiredTokenException 403\n", "\(outcome.output)\n\(outcome.errors)")
    }
  }
}

import Foundation
import JSONTypes
import TestSupport
import Testing

/// `sfn-local aws`, and by it what the program makes of AWS's settings.
@Suite(.serialized) struct AWSCommandTests {
  /// Files and variables of a user, in a folder of its own.
  private struct Place: ~Copyable {
    let folder: TemporaryFolder
    init(_ config: String) throws {
      let folder = try TemporaryFolder()
      _ = try folder.write(config, to: "config")
      self.folder = folder
    }
    func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Program.Outcome {
      let own = ["AWS_CONFIG_FILE": folder.path + "/config", "AWS_SHARED_CREDENTIALS_FILE": folder.path + "/none", "AWS_EC2_METADATA_DISABLED": "true"]
      return try Program.run(["aws"] + arguments, environment: own.merging(environment) { _, new in new })
    }
  }
  private static let config = """
    [profile etl]
    region = eu-west-1
    aws_access_key_id = AKIDEXAMPLE
    aws_secret_access_key = topsecret
    aws_session_token = topsecrettoken
    [profile bare]
    region = eu-west-1
    """

  @Test func saysWhatARunWouldHave() throws {
    let place = try Place(Self.config)
    let outcome = try place.run(["dynamodb", "--profile", "etl"], ["AWS_RETRY_MODE": "adaptive", "AWS_CA_BUNDLE": "/etc/mine.pem"])
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let files = place.folder.path + "/config, " + place.folder.path + "/none"
    #expect(
      outcome.output == """
        profile       etl (the command line)
        files         \(files)
        region        eu-west-1 (the profile etl)
        credentials   *******MPLE with a session token (the config file)
        redshiftdata  https://redshift-data.eu-west-1.amazonaws.com (the command line)
        s3            https://s3.eu-west-1.amazonaws.com (the command line)
        sts           https://sts.eu-west-1.amazonaws.com (the command line)
        dynamodb      https://dynamodb.eu-west-1.amazonaws.com (the command line)
        attempts      3 (the mode adaptive is served as standard)
        certificates  /etc/mine.pem

        """)
    let json = try JSONValue(parsing: place.run(["--profile", "etl", "--json"]).output)
    #expect(json["credentials"] == ["accessKeyId": "AKIDEXAMPLE", "hasSessionToken": true, "source": "the config file"])
    #expect(!json.jsonText.contains("topsecret"))
  }

  @Test func saysWhatIsMissing() throws {
    let place = try Place(Self.config)
    let nothing = try place.run([], ["AWS_PROFILE": "etl", "AWS_REGION": "eu-west-1"])
    #expect(nothing.exitCode == 0 && nothing.output.hasPrefix("Nothing names AWS: all calls stay on this machine."))
    let without = try place.run(["--profile", "bare"])
    #expect(without.exitCode == 1 && without.output.contains("credentials   none\n") && without.output.contains("no AWS credentials found. Tried:\n- the environment:"))
    let unknown = try place.run(["moon", "--profile", "bare"])
    #expect(unknown.exitCode == 2 && unknown.errors.contains("the service moon is none of those that can be called: "))
    let wrong = try place.run(["--profile", "etl"], ["AWS_RETRY_MODE": "eager"])
    #expect(wrong.exitCode == 2 && wrong.errors.contains("expected one of legacy, standard, adaptive for AWS_RETRY_MODE (or retry_mode in the profile), got \"eager\""))
  }

  /// Every case that `credentials_boto.py` knows; `SFN_REGIONS` asks for all regions.
  @Test func findsWhatBotocoreFinds() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Program.path(of: "Tests/Clients/credentials_boto.py"), Program.path]
    if ProcessInfo.processInfo.environment["SFN_REGIONS"] == nil { process.arguments?.append("--quick") }
    process.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent"]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if text.contains("No module named 'botocore") || text.contains("python3: No such file") { return print("botocore is not here; nothing to compare with") }
    #expect(process.terminationStatus == 0, "\(text)")
  }
}

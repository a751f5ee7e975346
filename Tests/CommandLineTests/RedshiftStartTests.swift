import Foundation
import Testing

/// The words of `redshift start`, and of a run that starts the same database.
@Suite(.serialized) struct RedshiftStartTests {
  /// A port of 127.0.0.1 that is taken as long as this lives.
  struct TakenPort: ~Copyable {
    let port: Int
    private let descriptor: Int32

    init() throws {
      #if canImport(Darwin)
        descriptor = socket(AF_INET, SOCK_STREAM, 0)
      #else
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      #endif
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let descriptor = descriptor
      let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          bind(descriptor, pointer, size) == 0 && listen(descriptor, 1) == 0 && getsockname(descriptor, pointer, &size) == 0
        }
      }
      try #require(isTaken)
      port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
  }

  @Test func aTakenPortIsNamedWithTheWayOut() throws {
    let folder = try TemporaryFolder()
    let taken = try TakenPort()
    let outcome = try Program.run("redshift", "start", "--port", String(taken.port), "--state-dir", folder.path)
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("port \(taken.port) of 127.0.0.1 is taken; choose another with --port, or --port 0 for any free one"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("errno"))
  }

  /// Run as root, the database belongs to another user and cannot lie in a folder that only root may enter.
  @Test func theFolderOfTheDatabaseIsNamed() throws {
    let folder = try TemporaryFolder()
    let closed = folder.path + "/closed"
    try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    let state = closed + "/state"
    let isElsewhere = geteuid() == 0

    let running = try Program.start(["redshift", "start", "--port", "0", "--state-dir", state])
    try running.input.fileHandleForWriting.close()
    let started = running.text(of: running.errors, until: "Ctrl-C ends it")
    running.process.interrupt()
    _ = running.finish()
    let place = isElsewhere ? "Database in /var/lib/sfn-local/" : "Database in \(state)/postgres"
    #expect(started.contains(place), "\(started)")
    #expect(!isElsewhere || started.contains("(state folder \(state))"), "\(started)")

    let file = try folder.write(
      """
      {"StartAt": "Submit", "States": {"Submit": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement",
        "Parameters": {"ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sql": "select 1"}, "End": true}}}
      """, to: "one.asl.json")
    let outcome = try Program.run("run", file, "--state-dir", state)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("the database lies in /var/lib/sfn-local/") == isElsewhere, "\(outcome.errors)")
    for match in (started + outcome.errors).matches(of: /\/var\/lib\/sfn-local\/[0-9a-f]{16}/) {
      try? FileManager.default.removeItem(atPath: String(match.output))
    }
  }

  /// Waits take no time, so a loop that asks until a statement has ended asks very often.
  @Test func virtualTimeAndADatabaseAreWarnedOf() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      {"StartAt": "First", "States": {
        "First": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement",
          "Parameters": {"ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sql": "select 1"}, "Next": "Second"},
        "Second": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement",
          "Parameters": {"ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", "Sql": "select 2"}, "End": true}}}
      """, to: "two.asl.json")
    let mocks = try folder.write(
      """
      {"StateMachines": {"two.asl": {"TestCases": {"All": {"First": "Submitted", "Second": "Submitted"}}}},
       "MockedResponses": {"Submitted": {"0": {"Return": {"Id": "1"}}}}}
      """, to: "mocks.json")
    let note = "note: with --clock virtual"
    let virtual = try Program.run("run", file, "--state-dir", folder.path, "--clock", "virtual")
    #expect(virtual.exitCode == 0, "\(virtual.errors)")
    #expect(virtual.errors.components(separatedBy: note).count == 2, "\(virtual.errors)")
    #expect(try !Program.run("run", file, "--state-dir", folder.path).errors.contains(note))
    let mocked = try Program.run("run", file, "--state-dir", folder.path, "--clock", "virtual", "--mock", mocks, "--case", "All")
    #expect(mocked.exitCode == 0, "\(mocked.errors)")
    #expect(!mocked.errors.contains(note))
  }
}

import Foundation
import JSONTypes
import Testing

/// Tasks that wait for a token, answered from outside.
@Suite struct TokenTests {
  static let machine = """
    {"StartAt": "Ask", "States": {"Ask": {
      "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "TimeoutSeconds": 600,
      "Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token"}},
      "Catch": [{"ErrorEquals": ["No"], "Next": "Refused"}], "End": true},
      "Refused": {"Type": "Pass", "End": true}}}
    """

  /// Starts an execution and reads its events until it waits; gives the token.
  private func waiting(in folder: borrowing TemporaryFolder) throws -> (running: RunningProgram, token: String) {
    let file = try folder.write(Self.machine, to: "ask.asl.json")
    let running = try Program.start(["run", file, "--task", "ask=return:null", "--state-dir", folder.path, "--json"])
    try running.input.fileHandleForWriting.close()
    let seen = running.text(of: running.output, until: "\"TaskSubmitted\"")
    let events = try seen.utf8.split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: Array($0)) }
    let scheduled = try #require(events.first { $0["type"] == "TaskScheduled" }, "\(seen)")
    let parameters = try JSONValue(parsing: Array(try #require(scheduled["taskScheduledEventDetails"]?["parameters"]?.asString).utf8))
    return (running, try #require(parameters["Payload"]?["token"]?.asString))
  }

  @Test func succeeds() throws {
    let folder = try TemporaryFolder()
    let (running, token) = try waiting(in: folder)
    #expect(try Program.run("task", "heartbeat", token, "--state-dir", folder.path).exitCode == 0)
    let answer = try Program.run("task", "succeed", token, "--output", #"{"ok": true}"#, "--state-dir", folder.path)
    #expect(answer.exitCode == 0, "\(answer.errors)")
    let outcome = running.finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").last?.contains(#"\"ok\":true"#) == true, "\(outcome.output)")
    let late = try Program.run("task", "succeed", token, "--state-dir", folder.path)
    #expect(late.exitCode == 1 && late.errors.contains("no running sfn-local waits for a token"))
  }

  @Test func failsAndIsCaught() throws {
    let folder = try TemporaryFolder()
    let (running, token) = try waiting(in: folder)
    let unknown = try Program.run("task", "fail", "nobodys", "--state-dir", folder.path)
    #expect(unknown.exitCode == 1, "\(unknown.errors)")
    #expect(try Program.run("task", "fail", token, "--error", "No", "--cause", "not today", "--state-dir", folder.path).exitCode == 0)
    let outcome = running.finish()
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").last?.contains("not today") == true, "\(outcome.output)")
  }
}

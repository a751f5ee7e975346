import Foundation
import TestSupport
import Testing

/// An endpoint on a private PostgreSQL, a proxy before it, and programs that submit through the proxy.
final class SubmissionBench {
  private let folder: TemporaryFolder
  private let endpoint: RunningProgram
  let proxy: HoldingProxy
  /// Where executions are kept.
  let state: String
  private let database: String

  /// - Parameters:
  ///   - tables: made before anything else, each with one column.
  ///   - script: what the endpoint plays; without it, everything runs in the database.
  init(tables: [String], script: String? = nil) throws {
    folder = try TemporaryFolder()
    state = folder.path + "/state"
    database = folder.path + "/redshift"
    let made = try Program.run("redshift", "sql", tables.map { "create table \($0) (n int)" }.joined(separator: ";"), "--state-dir", database)
    try #require(made.exitCode == 0, "\(made.errors)")
    var arguments = ["redshift", "start", "--port", "0", "--state-dir", database]
    if let script { arguments += ["--script", try folder.write(script, to: "script.json")] }
    endpoint = try Program.start(arguments)
    try endpoint.input.fileHandleForWriting.close()
    let seen = endpoint.text(of: endpoint.errors, until: "Ctrl-C ends it")
    proxy = HoldingProxy(before: String(try #require(seen.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/), "\(seen)").output))
  }

  deinit {
    endpoint.process.interrupt()
    _ = endpoint.finish()
  }

  private var environment: [String: String] {
    [
      "AWS_ENDPOINT_URL_REDSHIFT_DATA": proxy.url, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1",
      "AWS_MAX_ATTEMPTS": "2",
    ]
  }

  func start(_ definition: String, name: String, _ options: [String] = []) throws -> RunningProgram {
    let file = try folder.write(definition, to: name + ".asl.json")
    return try start(["run", file, "--execution-name", name, "--json"] + options)
  }

  private func start(_ arguments: [String]) throws -> RunningProgram {
    let running = try Program.start(arguments + ["--state-dir", state], environment: environment)
    try running.input.fileHandleForWriting.close()
    return running
  }

  func resume(_ name: String, _ options: [String] = []) throws -> Program.Outcome { try start(["resume", name] + options).finishInTime() }
  func startResuming(_ name: String, _ options: [String] = []) throws -> RunningProgram { try start(["resume", name, "--json"] + options) }
  func redrive(_ name: String, _ options: [String] = []) throws -> Program.Outcome { try start(["redrive", name] + options).finishInTime() }

  /// What the trace tells about an execution, without colours and screens.
  func trace(_ name: String) throws -> String {
    let outcome = try Program.run("trace", name, "--plain", "--state-dir", state)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome.output
  }

  func rows(_ tables: [String]) throws -> [String: Int] {
    let query = tables.map { "select '\($0)' as t, count(*) as n from \($0)" }.joined(separator: " union all ")
    let outcome = try Program.run("redshift", "sql", query, "--state-dir", database)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    var rows: [String: Int] = [:]
    for line in outcome.output.split(separator: "\n") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      if cells.count == 2, let count = Int(cells[1]) { rows[cells[0]] = count }
    }
    return rows
  }
}

extension RunningProgram {
  /// Ends the program as `kill -9` does.
  func killNow() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Waits for the end; a program that hangs is killed after a minute, which its exit code tells.
  func finishInTime() -> Program.Outcome {
    let watchdog = watch()
    defer { watchdog.cancel() }
    return finish()
  }

  private func watch() -> DispatchWorkItem {
    let pid = process.processIdentifier
    let watchdog = DispatchWorkItem { kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + HoldingProxy.limit, execute: watchdog)
    return watchdog
  }

  /// Reads the output until some lines have each contained a text.
  /// - Returns: false when the output ends before. A program that hangs is killed after a minute.
  func waitFor(_ text: String, count: Int = 1) -> Bool {
    let watchdog = watch()
    defer { watchdog.cancel() }
    var line: [UInt8] = []
    var left = count
    var byte: UInt8 = 0
    while read(output.fileHandleForReading.fileDescriptor, &byte, 1) == 1 {
      line.append(byte)
      guard byte == UInt8(ascii: "\n") else { continue }
      if String(decoding: line, as: UTF8.self).contains(text) { left -= 1 }
      if left == 0 { return true }
      line = []
    }
    return false
  }
}

/// The ways in which a workflow has SQL run.
enum SubmissionForm: String, CaseIterable {
  case execute, batch, executeToEnd, batchToEnd, loop

  var isToEnd: Bool { self == .executeToEnd || self == .batchToEnd }
  var operation: String { self == .execute || self == .executeToEnd ? "ExecuteStatement" : "BatchExecuteStatement" }

  private var resource: String {
    switch self {
    case .execute: "arn:aws:states:::aws-sdk:redshiftdata:executeStatement"
    case .batch, .loop: "arn:aws:states:::aws-sdk:redshiftdata:batchExecuteStatement"
    case .executeToEnd: "arn:aws:states:::redshift-data:executeStatement.sync"
    case .batchToEnd: "arn:aws:states:::redshift-data:batchExecuteStatement.sync"
    }
  }

  /// The state that submits.
  func state(_ sql: String, fields: String = "", parameters: String = "") -> String {
    let statements = operation == "ExecuteStatement" ? #""Sql": "\#(sql)""# : #""Sqls": ["\#(sql)", "select 1"]"#
    return #"""
      {"Type": "Task", "Resource": "\#(resource)",
       "Parameters": {"ClusterIdentifier": "local", "Database": "dev", "DbUser": "awsuser", \#(parameters) \#(statements)}, \#(fields)
      """# + (self == .loop ? #" "Next": "Wait"}"# : #" "End": true}"#)
  }

  func machine(_ sql: String, fields: String = "", parameters: String = "", before: String? = nil) -> String {
    var states = [#""Load": "# + state(sql, fields: fields, parameters: parameters)]
    if let before { states.insert(#""Before": "# + before, at: 0) }
    if self == .loop {
      states.append(
        #"""
        "Wait": {"Type": "Wait", "Seconds": 10, "Next": "Ask"},
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:describeStatement", "Parameters": {"Id.$": "$.Id"}, "Next": "Done?"},
        "Done?": {"Type": "Choice", "Choices": [{"Variable": "$.Status", "StringEquals": "FINISHED", "Next": "Done"},
          {"Or": [{"Variable": "$.Status", "StringEquals": "FAILED"}, {"Variable": "$.Status", "StringEquals": "ABORTED"}], "Next": "Not done"}],
          "Default": "Wait"},
        "Done": {"Type": "Succeed"}, "Not done": {"Type": "Fail", "ErrorPath": "$.Status", "CausePath": "$.Error"}
        """#)
    }
    return #"{"StartAt": "\#(before == nil ? "Load" : "Before")", "States": {\#(states.joined(separator: ", "))}}"#
  }
}

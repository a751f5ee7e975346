import AWSJSONServer
import Foundation
import JSONTypes
import Testing

@testable import RedshiftDataEmulator

/// One private database per test run, in a temporary state folder; the server ends with the run.
actor TestServer {
  static let shared = TestServer()
  static let isInstalled = (try? PostgresBinaries.find()) != nil

  private var starting: Task<RedshiftDataService, any Error>?

  /// A folder that is this run's alone.
  nonisolated let folder = NSTemporaryDirectory() + "sfn-local-tests-\(getpid())"
  nonisolated var objects: String { folder + "/s3" }

  func service() async throws -> RedshiftDataService {
    if let starting { return try await starting.value }
    Self.removeFoldersOfEarlierRuns()
    let task = Task {
      var configuration = RedshiftDataEndpoint.Configuration()
      configuration.s3Root = objects
      return try await RedshiftDataService.start(configuration, stateFolder: folder + "/state")
    }
    starting = task
    return try await task.value
  }

  /// A run cannot remove its own folder: the server ends behind it.
  private static func removeFoldersOfEarlierRuns() {
    let prefix = "sfn-local-tests-"
    for name in Files.entries(of: NSTemporaryDirectory()) where name.hasPrefix(prefix) {
      if let run = pid_t(name.dropFirst(prefix.count)), kill(run, 0) != 0 { Files.remove(NSTemporaryDirectory() + name) }
    }
  }

  static func call(_ operation: String, _ members: JSONObject) async throws -> JSONValue {
    try await shared.service().answer(operation, .object(members))
  }

  static let target: JSONObject = ["ClusterIdentifier": "c1", "Database": "dev", "DbUser": "awsuser"]

  static func submit(_ members: JSONObject) async throws -> String {
    var all = target
    if members["SessionId"] != nil { all = [:] }
    for (key, value) in members { all[key] = value }
    let operation = members["Sqls"] == nil ? "ExecuteStatement" : "BatchExecuteStatement"
    return try #require(try await call(operation, all)["Id"]?.asString)
  }

  /// Waits for the end of a statement.
  static func ended(_ id: String) async throws -> JSONValue {
    while true {
      let description = try await call("DescribeStatement", ["Id": .string(id)])
      if ["FINISHED", "FAILED", "ABORTED"].contains(description["Status"]?.asString) { return description }
      await Task.yield()
    }
  }

  static func run(_ sql: String) async throws -> JSONValue { try await ended(try await submit(["Sql": .string(sql)])) }

  /// The rows of a query, each field as its JSON value.
  static func rows(_ sql: String) async throws -> [[JSONValue]] {
    let description = try await run(sql)
    guard description["Status"] == "FINISHED" else { throw Refused(text: description["Error"]?.asString ?? "") }
    return try await rows(ofStatement: description["Id"]?.asString ?? "")
  }

  static func rows(ofStatement id: String) async throws -> [[JSONValue]] {
    var rows: [[JSONValue]] = []
    var token: JSONValue?
    repeat {
      var members: JSONObject = ["Id": .string(id)]
      members["NextToken"] = token
      let page = try await call("GetStatementResult", members)
      for row in page["Records"]?.asArray ?? [] {
        rows.append((row.asArray ?? []).map { field in field["isNull"] == true ? .null : field.asObject?.first?.value ?? .null })
      }
      token = page["NextToken"]
    } while token != nil
    return rows
  }

  struct Refused: Error { var text: String }
}

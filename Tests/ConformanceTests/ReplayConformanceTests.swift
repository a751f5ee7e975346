import ExecutionReplay
import ExecutionTraces
import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import TestSupport
import Testing

/// Histories recorded from the service, replayed: definition, input and history are all that is needed.
@Suite struct ReplayConformanceTests {
  static let knownDifferences = [
    "scenarios/test_base_scenarios::TestBaseScenarios::test_lambda_invoke_with_retry_extended_input#0":
      "recorded before the context object had Execution.RedriveCount",
    "scenarios/test_base_scenarios::TestBaseScenarios::test_lambda_service_invoke_with_retry_extended_input#0":
      "recorded before the context object had Execution.RedriveCount",
  ]

  /// Recordings whose events bear no ids: there is no order to replay.
  static func hasIDs(_ events: [JSONValue]) -> Bool { events.allSatisfy { $0["id"]?.asInt != nil } }

  @Test func recordingsReplay() throws {
    guard let folder = Conformance.folder else {
      print("replay: no conformance cases here (set SFN_CONFORMANCE to their folder); this test has nothing to compare")
      return
    }
    var (replayed, equal, adopting) = (0, 0, 0)
    var differing: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder + "/sfn").sorted() where file.hasSuffix(".jsonl") {
      for testCase in try Conformance.cases("sfn/" + file) where testCase["kind"] == "execution" {
        for (number, execution) in (testCase["executions"]?.asArray ?? []).enumerated() {
          guard case .array(let events)? = execution["expected"]?["events"], Self.hasIDs(events) else { continue }
          let id = (testCase["id"]?.asString ?? "") + "#\(number)"
          replayed += 1
          let problem: String?
          switch Self.replay(testCase, execution, events) {
          case .failure(let failure): problem = failure.message
          case .success(let report):
            if report.adopted > 0 { adopting += 1 }
            problem = report.difference.map { difference in
              "event \(difference.recorded?.id ?? 0): the recording \(difference.recordedMeaning); this definition \(difference.actualMeaning) "
                + difference.values.prefix(3).map { "\($0.pathText): \($0.old?.jsonText.prefix(300) ?? "-") / \($0.new?.jsonText.prefix(300) ?? "-")" }.joined(separator: "; ")
            }
          }
          guard let problem else {
            equal += 1
            continue
          }
          differing.insert(id)
          if Self.knownDifferences[id] == nil { Issue.record("\(id): \(problem)") }
        }
      }
    }
    print("replay: \(equal) of \(replayed) recorded histories replay without a difference, \(adopting) of all with values taken over from the recording")
    for id in Self.knownDifferences.keys where !differing.contains(id) { Issue.record("\(id) replays now: take it off the list") }
  }

  /// Some events follow from one that the recording does not tell.
  private static func withoutPlaceholders(_ event: JSONValue) -> JSONValue {
    guard case .object(var object) = event, object["previousEventId"]?.asInt == nil else { return event }
    object["previousEventId"] = nil
    return .object(object)
  }

  struct Failure: Error { var message: String }

  static func replay(_ testCase: JSONValue, _ execution: JSONValue, _ events: [JSONValue]) -> Result<ReplayReport, Failure> {
    let text = execution["definition"]?.asString ?? testCase["definition"]?.asString ?? ""
    guard let machine = StateMachineParser.parse(SyntaxNode.parse(json: text).node).machine else { return .failure(Failure(message: "definition refused")) }
    do {
      let recording = try Recording(RecordedHistory(parsing: JSONValue.array(events.map(withoutPlaceholders)).jsonBytes))
      var options = Replay.Options()
      options.input = try JSONValue(parsing: execution["input"]?.asString ?? "{}")
      // Placeholders of the recordings, and texts that hold JSON.
      options.agrees = { RecordingComparison.difference($0, $1, "$.output") == nil }
      let type = WorkflowType(rawValue: testCase["type"]?.asString ?? "") ?? .standard
      let settings = ExecutionSettings(name: "conformance", account: "111111111111", type: type)
      var replay = Replay(of: machine, settings: settings, recording: recording, options: options)
      return .success(replay.run())
    } catch let error as RecordingError {
      return .failure(Failure(message: error.message))
    } catch {
      return .failure(Failure(message: "\(error)"))
    }
  }
}

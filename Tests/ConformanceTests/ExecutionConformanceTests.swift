import Foundation
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import TestSupport
import Testing

/// Executions recorded from the service, run in process and in virtual time: status (level 1), output, error and cause (2), whole history (3).
///
/// What does not pass stands in `knownFailures` with its reason; the list may only shrink.
@Suite struct ExecutionConformanceTests {
  /// What a case may need to be run here.
  static let provided: Set<String> = ["mocks", "concurrent", "jsonata", "distributed", "s3"]

  static let knownFailures: [String: String] = [
    "local_mocking/test_base_scenarios::TestBaseScenarios::test_lambda_service_invoke_sync_execution":
      "the mock gives StatusCode and Payload alone, the recording has the whole answer of the Lambda API",
    "scenarios/test_base_scenarios::TestBaseScenarios::test_lambda_invoke_with_retry_extended_input":
      "recorded before the context object had Execution.RedriveCount",
    "scenarios/test_base_scenarios::TestBaseScenarios::test_lambda_service_invoke_with_retry_extended_input":
      "recorded before the context object had Execution.RedriveCount",
  ]

  struct Tally {
    var cases = 0
    var levels = [0, 0, 0, 0]
    var withHistory = 0
  }

  @Test func agreesWithTheRecordings() async throws {
    guard let folder = Conformance.folder else {
      print("sfn: no conformance cases here (set SFN_CONFORMANCE to their folder); this test has nothing to compare")
      return
    }
    var tallies: [String: Tally] = [:]
    var failing: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder + "/sfn").sorted() where file.hasSuffix(".jsonl") {
      for testCase in try Conformance.cases("sfn/" + file) where testCase["kind"] == "execution" {
        let needs = (testCase["requires"]?.asArray ?? []).compactMap(\.asString)
        guard Self.provided.isSuperset(of: needs) else { continue }
        let id = testCase["id"]?.asString ?? ""
        var level = 3
        var withHistory = false
        var difference: String?
        for number in (testCase["executions"]?.asArray ?? []).indices {
          let judged = await Self.judge(testCase, execution: number)
          withHistory = withHistory || judged.withHistory
          if judged.level < level { (level, difference) = (judged.level, "execution \(number): \(judged.difference ?? "")") }
        }
        for row in [needs.contains("mocks") ? "with mocks" : "without mocks", "all"] {
          tallies[row, default: Tally()].cases += 1
          if withHistory { tallies[row]?.withHistory += 1 }
          for reached in 1...3 where reached <= level && (reached < 3 || withHistory) { tallies[row]?.levels[reached] += 1 }
        }
        guard let difference else { continue }
        failing.insert(id)
        if Self.knownFailures[id] == nil { Issue.record("\(id): \(difference)") }
      }
    }
    for (row, tally) in tallies.sorted(by: { $0.key > $1.key }) {
      print("sfn, \(row): \(tally.cases) cases, status \(tally.levels[1]), output \(tally.levels[2]), history \(tally.levels[3]) of \(tally.withHistory)")
    }
    for id in Self.knownFailures.keys where !failing.contains(id) { Issue.record("\(id) passes now: take it off the list") }
  }

  // MARK: One execution

  /// The level that one execution of a case reaches; one without a recorded history counts as 3 when its output agrees.
  static func judge(_ testCase: JSONValue, execution number: Int) async -> (level: Int, withHistory: Bool, difference: String?) {
    guard let execution = testCase["executions"]?[number], let expected = execution["expected"] else { return (0, false, "no such execution") }
    let events = expected["events"]?.asArray
    let actual: Answer
    switch await run(testCase, execution) {
    case .failure(let refusal): return (0, events != nil, refusal.message)
    case .success(let answer): actual = answer
    }
    guard expected["status"]?.asString == actual.status else {
      return (0, events != nil, "status: expected \(expected["status"]?.asString ?? ""), got \(actual.status) \(actual.fields)")
    }
    for key in ["output", "error", "cause"] {
      switch (expected[key], actual.fields[key]) {
      case (nil, nil): continue
      case (nil, .string("")): continue
      case (nil, let surplus?): return (1, events != nil, "\(key): unexpected \(surplus.jsonText)")
      case (let missing?, nil) where missing != .string(""): return (1, events != nil, "\(key): missing, expected \(missing.jsonText)")
      case (let left?, let right):
        if let found = RecordingComparison.difference(left, right ?? "", key) { return (1, events != nil, found) }
      }
    }
    guard let events else { return (3, false, nil) }
    let found = RecordingComparison.difference(history: events, actual.events, concurrent: expected["concurrent"] == true)
    return (found == nil ? 3 : 2, true, found.map { "history: " + $0 })
  }

  struct Answer {
    var status: String
    var fields: JSONObject
    var events: [JSONValue]
  }
  struct Refusal: Error { var message: String }

  static func run(_ testCase: JSONValue, _ execution: JSONValue) async -> Result<Answer, Refusal> {
    let text = execution["definition"]?.asString ?? testCase["definition"]?.asString ?? ""
    let parsed = StateMachineParser.parse(SyntaxNode.parse(json: text).node)
    guard let machine = parsed.machine else {
      return .failure(Refusal(message: "definition refused: \(parsed.diagnostics.map { "\($0.pointer) [\($0.code)] \($0.message)" })"))
    }
    guard let input = try? JSONValue(parsing: execution["input"]?.asString ?? "") else { return .failure(Refusal(message: "input is no JSON")) }
    var actions = ActionRegistry()
    actions.objectStore = RecordedObjects(testCase)
    if let mocks = execution["mocks"]?.asObject, !mocks.isEmpty {
      let file: JSONValue = [
        "StateMachines": ["machine": ["TestCases": ["case": .object(JSONObject(mocks.map { ($0.key, .string($0.key)) }))]]],
        "MockedResponses": .object(mocks),
      ]
      do throws(MockConfiguration.Problem) {
        actions.intercept(try MockConfiguration(file, machine: nil, testCase: "case").interceptor())
      } catch {
        return .failure(Refusal(message: error.message))
      }
    }
    let type = WorkflowType(rawValue: testCase["type"]?.asString ?? "") ?? .standard
    let settings = ExecutionSettings(name: "conformance", account: "111111111111", type: type)
    let result = await Engine(actions: actions, clock: .virtual).run(machine, input: input, settings: settings)
    let events = (result.awsHistory["events"]?.asArray ?? []).map { event in
      JSONValue.object(JSONObject((event.asObject ?? [:]).filter { $0.key != "timestamp" }.map { ($0.key, $0.value) }))
    }
    var fields: JSONObject = [:]
    if let output = result.output { fields["output"] = .string(output.jsonText) }
    if let error = result.error?.error { fields["error"] = .string(error) }
    if let cause = result.error?.cause { fields["cause"] = .string(cause) }
    return .success(Answer(status: result.status.rawValue, fields: fields, events: events))
  }
}

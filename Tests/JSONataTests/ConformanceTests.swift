import Foundation
import JSONTypes
import JSONata
import TestSupport
import Testing

/// The conformance cases, as far as they are at hand.
struct ConformanceTests {
  /// Cases that fail, each with its reason.
  static let knownFailures = [
    "function-encodeUrl/case002": "the text is an unpaired surrogate, which no Swift string holds; it arrives as U+FFFD",
    "function-encodeUrlComponent/case002": "the text is an unpaired surrogate, which no Swift string holds; it arrives as U+FFFD",
  ]
  /// The codes for runaway expressions, which differ between releases of the reference.
  static let guards: Set<String> = ["U1001", JSONataError.Code.depth, JSONataError.Code.time]

  @Test func referenceSuite() throws {
    let cases = try Conformance.cases("jsonata/cases.jsonl")
    guard let folder = Conformance.folder, !cases.isEmpty else { return }
    let datasets = try JSONValue(parsing: [UInt8](Data(contentsOf: URL(filePath: folder + "/jsonata/datasets.json"))))
    var failed: Set<String> = []
    for test in cases {
      let id = test["id"]?.asString ?? ""
      let input = test["dataset"]?.asString.flatMap { datasets[$0] } ?? test["data"]
      if !Self.passes(test, input: input, profile: .standard) { failed.insert(id) }
    }
    #expect(failed == Set(Self.knownFailures.keys))
    #expect(Double(failed.count) <= 0.005 * Double(cases.count))
  }

  @Test func stepFunctionsCases() throws {
    let cases = try Conformance.cases("intrinsics/cases.jsonl").filter { $0["language"] == "jsonata" }
    let failed = cases.filter { !Self.passes($0, input: $0["data"] ?? $0["input"], profile: .stepFunctions) }.compactMap { $0["id"]?.asString }
    #expect(failed.isEmpty)
  }

  private static func passes(_ test: JSONValue, input: JSONValue?, profile: JSONataProfile) -> Bool {
    var budgets = EvaluationBudgets.standard
    if let depth = test["depth"]?.asInt { budgets.depth = Int(depth) }
    if test["timelimit"] != nil { budgets.steps = 6_000_000 }
    var bindings: [String: JSONValue] = [:]
    for (name, value) in test["bindings"]?.asObject ?? [:] { bindings[name] = value }
    var environment = EvaluationEnvironment(now: 1_700_000_000_000, budgets: budgets, profile: profile)
    do {
      let result = try JSONataExpression(parsing: test["expr"]?.asString ?? "").evaluate(input: input, bindings: bindings, environment: &environment)
      if test["undefined"] == true { return result == nil }
      guard let expected = test["result"] else { return test["match"] != nil && result != nil }
      guard let result else { return false }
      return test["unordered"] == true ? unordered(result) == unordered(expected) : result == expected
    } catch {
      guard let expected = test["error"] else { return false }
      guard let code = expected["code"]?.asString else { return true }
      return error.code == code || guards.contains(code) && guards.contains(error.code)
    }
  }

  /// Arrays with their members in one order.
  private static func unordered(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map(unordered).sorted { $0.jsonText < $1.jsonText })
    case .object(let object): .object(JSONObject(object.map { ($0.key, unordered($0.value)) }.sorted { $0.0 < $1.0 }))
    default: value
    }
  }
}

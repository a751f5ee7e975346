import FoundationEssentials
import JSONTypes
import StatesAnalysis
import StatesLanguage
import TestSupport
import Testing

@testable import DefinitionFiles

/// Whatever is done to a definition, by bytes or by structure: the check ends, and its places and fixes lie within the file.
@Suite struct CheckMutationTests {
  static let terraform = """
    locals { t = "x${var.y}" }
    resource "aws_sfn_state_machine" "m" {
      definition = jsonencode(merge({ StartAt = "A", "Comment" : "c" }, { States = { A = { Type = "Pass", Result = [1, { a = local.t }], End = true } } }))
    }
    resource "aws_sfn_state_machine" "n" {
      definition = <<-EOF
        {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": ${var.n}, "Next": "${local.t}"}, %{ if true }"B": {"Type": "Succeed"}%{ endif }}}
      EOF
    }
    """
  static let serverless = "service: a\nprovider: {name: aws}\nstepFunctions:\n  stateMachines:\n    m:\n      definition:\n        StartAt: A\n        States:\n          A: {Type: Pass, Result: '${self:x}', End: true}\n"
  static let plan = "{\"terraform_version\": \"1\", \"planned_values\": {\"root_module\": {\"resources\": [{\"type\": \"aws_sfn_state_machine\", \"values\": {\"definition\": \"{\\\"StartAt\\\": \\\"A\\\", \\\"States\\\": {\\\"A\\\": {\\\"Type\\\": \\\"Pass\\\"}}}\"}}]}}}"
  static let machine = """
    {"Comment": "all types", "StartAt": "Decide", "TimeoutSeconds": 60, "States": {
      "Decide": {"Type": "Choice", "Choices": [
        {"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.a", "NumericLessThanPath": "$.b"}}], "Next": "Work"},
        {"Variable": "$.c", "StringMatches": "x*", "Next": "Rest"}], "Default": "Each"},
      "Work": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "Payload": {"x.$": "States.Format('{}', $.a)"}},
        "ResultSelector": {"r.$": "$.Payload"}, "ResultPath": "$.r", "TimeoutSeconds": 9, "HeartbeatSeconds": 3, "Assign": {"v.$": "$.Payload.id"},
        "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1.5}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Sorry"}], "Next": "Rest"},
      "Rest": {"Type": "Wait", "TimestampPath": "$.when", "Next": "Both"},
      "Both": {"Type": "Parallel", "Branches": [
        {"StartAt": "L", "States": {"L": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $sum($states.input.xs) %}", "End": true}}},
        {"StartAt": "R", "States": {"R": {"Type": "Succeed"}}}], "Next": "Each"},
      "Each": {"Type": "Map", "ItemsPath": "$.items", "ItemSelector": {"i.$": "$$.Map.Item.Value"}, "MaxConcurrency": 3, "Label": "each",
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}, "Parameters": {"Bucket": "b", "Key": "k"}},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}},
        "ToleratedFailurePercentage": 5, "End": true},
      "Sorry": {"Type": "Fail", "Error": "E", "CausePath": "$.e.Cause"}}}
    """
  static let samples: [(path: String, text: String)] = [
    ("main.tf", terraform), ("a.asl.json", TemplateTests.flow), ("a.asl.json", machine), ("template.yaml", TemplateTests.byHand), ("serverless.yml", serverless), ("plan.json", plan),
    ("app/template.yaml", TemplateTests.serverless),
  ]
  static let tokens =
    MutationTests.tokens + [
      "<<EOF\n", "<<-X\n", "EOF\n", "${", "%{ if ", "%{ for x in ", "~}", "=>", "...", "local.t", "jsonencode(", "${file(", "sfn-local:allow unknown-field", "States", "\"Next\": ",
      "{%", "%}", "$.a[", "States.Format(", "\u{7F}", "arn:aws:states:::", "1e999",
    ]

  @Test(arguments: 0..<8) func bytes(_ group: Int) {
    for seed in group * 150..<(group + 1) * 150 { Self.mutateText(seed) }
  }

  /// As many more as `SFN_FUZZ` says, from other seeds.
  @Test func more() throws {
    guard let count = ProcessInfo.processInfo.environment["SFN_FUZZ"].flatMap({ Int($0) }) else { return }
    let root = try JSONValue(parsing: Self.machine)
    let parts = TreeMutation.parts(of: root)
    let first = ProcessInfo.processInfo.environment["SFN_FUZZ_SEED"].flatMap { Int($0) } ?? 1_000_000
    for seed in first..<first + count {
      if seed % 3 == 0 { Self.mutateTree(seed, root, parts) } else { Self.mutateText(seed) }
    }
  }

  /// Members and elements of a tree are dropped, doubled, swapped and given each other's values.
  @Test(arguments: 0..<4) func structures(_ group: Int) throws {
    let root = try JSONValue(parsing: Self.machine)
    let parts = TreeMutation.parts(of: root)
    for seed in group * 150..<(group + 1) * 150 { Self.mutateTree(seed, root, parts) }
  }

  static func mutateTree(_ seed: Int, _ root: JSONValue, _ parts: [JSONValue]) {
    var random = SeededRandom(seed: UInt64(seed))
    var value = root
    for _ in 0...Int.random(in: 0..<4, using: &random) { value = TreeMutation.mutate(value, parts, &random) }
    check("a.asl.json", value.jsonText, seed)
  }

  static func mutateText(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let sample = samples[seed % samples.count]
    var scalars = Array(sample.text.unicodeScalars)
    for _ in 0...Int.random(in: 0..<4, using: &random) {
      guard !scalars.isEmpty else { break }
      let start = Int.random(in: 0..<scalars.count, using: &random)
      let end = min(scalars.count, start + Int.random(in: 0..<12, using: &random))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: scalars.removeSubrange(start..<end)
      case 1: scalars.insert(contentsOf: scalars[start..<end], at: Int.random(in: 0...scalars.count, using: &random))
      default: scalars.replaceSubrange(start..<(Bool.random(using: &random) ? start : end), with: tokens.randomElement(using: &random)!.unicodeScalars)
      }
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    check(sample.path, text, seed)
  }

  static func check(_ path: String, _ text: String, _ seed: Int) {
    var options = CheckOptions()
    options.givesAdvice = true
    options.check = { DefinitionCheck.check($0, type: $1) }
    options.looksForConfiguration = false
    options.load.readFile = { (name, _) throws(FileReadError) in
      guard name == path else { throw FileReadError("No such file") }
      return Array(text.utf8)
    }
    options.load.listFolder = { _ in [] }
    var checker = DefinitionChecker(options)
    checker.check(file: path)
    for file in checker.results where file.path == path {
      let size = text.utf8.count
      for finding in file.findings.map(\.diagnostic) {
        let range = finding.range
        #expect(range.lowerBound <= range.upperBound && range.upperBound.offset <= size, "seed \(seed): \(finding.code) \(finding.message)")
        for edit in finding.fix?.edits ?? [] { #expect(edit.range.upperBound.offset <= size, "seed \(seed)") }
      }
      if let mended = RepairedText.apply(file.findings.map(\.diagnostic), to: text) { #expect(mended.text != text, "seed \(seed)") }
    }
  }
}

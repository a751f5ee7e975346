import Foundation
import JSONTypes
import StatesAnalysis
import StatesLanguage
import Testing

@testable import DefinitionFiles

/// What a check of files and folders finds, keeps quiet, and mends.
@Suite struct DefinitionCheckerTests {
  /// Checks files that stand in memory.
  private func check(_ files: [String: String], _ path: String, _ change: (inout CheckOptions) -> Void = { _ in }) -> [CheckedFile] {
    var options = CheckOptions()
    options.looksForConfiguration = false
    options.load.readFile = { (path, _) throws(FileReadError) in
      guard let text = files[path] else { throw FileReadError("No such file or directory") }
      return Array(text.utf8)
    }
    options.load.listFolder = { _ in [] }
    change(&options)
    var checker = DefinitionChecker(options)
    checker.check(file: path)
    return checker.results
  }

  private func codes(_ text: String, as path: String = "a.asl.json", _ change: (inout CheckOptions) -> Void = { _ in }) -> [String] {
    check([path: text], path, change).flatMap { $0.findings.map(\.diagnostic.code) }
  }

  // MARK: Suppression

  private func machine(comment: String, state: String) -> String {
    """
    {"Comment": "\(comment)", "StartAt": "A", "States": {
      "A": {"Type": "Pass", "Comment": "\(state)", "Nxt": 1, "End": true},
      "B": {"Type": "Pass", "Nxt": 1, "End": true}}}
    """
  }

  @Test func commentsKeepRulesQuiet() {
    #expect(codes(machine(comment: "", state: "")) == ["unknown-field", "unknown-field"])
    #expect(codes(machine(comment: "", state: "why: sfn-local:allow unknown-field")) == ["unreachable-state", "unknown-field"])
    #expect(codes(machine(comment: "sfn-local:allow unknown-field, unreachable-state", state: "")) == [])
    // The list ends where prose begins.
    #expect(codes(machine(comment: "sfn-local:allow unknown-field because it is late", state: "")) == ["unreachable-state"])
    #expect(check(["a.asl.json": machine(comment: "sfn-local:allow unknown-field", state: "")], "a.asl.json").first?.suppressed == 2)
  }

  @Test func commentsThatSayNothingAreTold() throws {
    let unknown = check(["a.asl.json": machine(comment: "sfn-local:allow unknown-feild", state: "")], "a.asl.json")
    let finding = try #require(unknown.first?.findings.first?.diagnostic)
    #expect(finding.code == "unknown-rule" && finding.suggestion == "unknown-field")
    #expect(finding.range.lowerBound.column == 30)
    let unused = machine(comment: "", state: "sfn-local:allow missing-field")
    #expect(!codes(unused).contains("unused-suppression"))
    #expect(codes(unused) { $0.givesAdvice = true }.contains("unused-suppression"))
  }

  // MARK: Configuration

  @Test func severitiesAreConfigured() {
    let text = machine(comment: "", state: "")
    let configuration = CheckConfiguration(path: ".sfn-local.yaml", text: "rules:\n  unknown-field: off\n  unreachable-state: warning\n")
    let files = check(["a.asl.json": text], "a.asl.json") {
      $0.looksForConfiguration = true
      $0.configuration = configuration
    }
    #expect(files.flatMap { $0.findings.map { "\($0.diagnostic.code) \($0.diagnostic.severity)" } } == ["unreachable-state warning"])
    #expect(files.first?.suppressed == 2)
    #expect(configuration.diagnostics == [])
  }

  @Test func wrongConfigurationIsTold() {
    func findings(_ text: String) -> [String] {
      CheckConfiguration(path: ".sfn-local.json", text: text).diagnostics.map { "\($0.range.lowerBound.lineAndColumn) \($0.code): \($0.message)" }
    }
    #expect(findings("{\"rulez\": {}}") == ["1:2 configuration: there is no setting \"rulez\"; known are rules and exclude"])
    #expect(findings("[]") == ["1:1 configuration: expected an object with rules or exclude, found a list"])
    #expect(findings("{\"rules\": {\"unknown-field\": \"loud\"}}") == ["1:29 configuration: expected error, warning, advice or off for unknown-field, found \"loud\""])
    #expect(findings("{\"rules\": {\"no-such-rule\": \"off\"}}") == ["1:12 unknown-rule: there is no rule \"no-such-rule\"; sfn-local explain lists all"])
    #expect(findings("{\"exclude\": \"x\"}") == ["1:13 configuration: expected a list of paths, found a string"])
    #expect(findings("{") != [])
  }

  @Test(arguments: [
    ("*.json", "a/b.json", true), ("*.json", "a/b.yaml", false), ("cdk.out/", "cdk.out/x/y.json", true), ("cdk.out", "app/cdk.out/y.json", true),
    ("a/*/c", "a/b/c/d.json", true), ("a/*/c", "a/b/d/c", false), ("**/x/**", "p/q/x/r", true), ("a/**/z.json", "a/z.json", true), ("./a/b.json", "a/b.json", true),
    ("a?c.json", "abc.json", true), ("a?c.json", "ac.json", false), ("*a*b*", "xaybz", true), ("*a*b*", "xbya", false), ("", "a", true),
  ]) func patterns(_ pattern: String, _ path: String, _ isMatch: Bool) {
    #expect(PathPattern(pattern).matches(path) == isMatch)
  }

  // MARK: Mending

  private struct Repair: CustomTestStringConvertible {
    var testDescription: String
    var path = "a.asl.json"
    var old: String
    /// The text after all that is safe is mended; nil where nothing is.
    var new: String?
  }

  private static let repairs = [
    Repair(testDescription: "field", old: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Resutl\": 1, \"End\": true}}}",
           new: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Result\": 1, \"End\": true}}}"),
    Repair(testDescription: "field that is there too", old: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Resutl\": 1, \"Result\": 1, \"End\": true}}}", new: nil),
    Repair(testDescription: "two states as near", old: "{\"StartAt\": \"Load3\", \"States\": {\"Load1\": {\"Type\": \"Pass\", \"Next\": \"Load2\"}, \"Load2\": {\"Type\": \"Pass\", \"End\": true}}}", new: nil),
    Repair(testDescription: "next", old: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"Stroe\"}, \"Store\": {\"Type\": \"Pass\", \"End\": true}}}",
           new: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"Store\"}, \"Store\": {\"Type\": \"Pass\", \"End\": true}}}"),
    Repair(testDescription: "end, many lines", old: "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Pass\"\n    }\n  }\n}\n",
           new: "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Pass\",\n      \"End\": true\n    }\n  }\n}\n"),
    Repair(testDescription: "end, one line", old: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\"}}}", new: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}"),
    Repair(testDescription: "end that could be a Next", old: "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\"}, \"B\": {\"Type\": \"Pass\", \"End\": true}}}", new: nil),
    Repair(testDescription: "start", old: "{\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"Next\": \"B\" },\n    \"B\": { \"Type\": \"Succeed\" }\n  }\n}\n",
           new: "{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": { \"Type\": \"Pass\", \"Next\": \"B\" },\n    \"B\": { \"Type\": \"Succeed\" }\n  }\n}\n"),
    Repair(testDescription: "YAML", path: "a.asl.yaml", old: "States:\n  A: # first\n    Type: Pass\n    Resutl: 'x'\n", new: "StartAt: A\nStates:\n  A: # first\n    Type: Pass\n    Result: 'x'\n    End: true\n"),
    Repair(testDescription: "HCL", path: "main.tf", old: "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({\n    StartAt = \"A\"\n    States = {\n      A = {\n        Type   = \"Pass\"\n        Resutl = 1\n      }\n    }\n  })\n}\n",
           new: "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({\n    StartAt = \"A\"\n    States = {\n      A = {\n        Type   = \"Pass\"\n        Result = 1\n        End = true\n      }\n    }\n  })\n}\n"),
    Repair(testDescription: "JSON in a string", path: "plan.json", old: "{\"Resources\": {\"M\": {\"Type\": \"AWS::StepFunctions::StateMachine\", \"Properties\": {\"DefinitionString\": \"{\\\"StartAt\\\":\\\"A\\\",\\\"States\\\":{\\\"A\\\":{\\\"Type\\\":\\\"Pass\\\",\\\"Resutl\\\":1}}}\"}}}}",
           new: "{\"Resources\": {\"M\": {\"Type\": \"AWS::StepFunctions::StateMachine\", \"Properties\": {\"DefinitionString\": \"{\\\"StartAt\\\":\\\"A\\\",\\\"States\\\":{\\\"A\\\":{\\\"Type\\\":\\\"Pass\\\",\\\"Result\\\":1, \\\"End\\\": true}}}\"}}}}"),
  ]

  @Test func whatIsSafeIsMended() throws {
    for repair in Self.repairs {
      var text = repair.old
      for _ in 0..<5 {
        guard let file = check([repair.path: text], repair.path).first, let mended = RepairedText.apply(file.findings.map(\.diagnostic), to: text) else { break }
        text = mended.text
      }
      #expect(text == repair.new ?? repair.old, "\(repair.testDescription)")
      if repair.new != nil { #expect(codes(text, as: repair.path) == [], "\(repair.testDescription)") }
    }
  }

  @Test func whatHasANewNameIsRenamed() throws {
    let old = Self.map("\"Parameters\": {\"x.$\": \"$.x\"}").replacingOccurrences(of: "ItemProcessor", with: "Iterator")
    func mended(_ text: String) throws -> String? {
      let file = try #require(
        check(["a.asl.json": text], "a.asl.json") {
          $0.givesAdvice = true
          $0.check = { DefinitionCheck.check($0, type: $1) }
        }.first)
      return RepairedText.apply(file.findings.map(\.diagnostic), to: text)?.text
    }
    #expect(try mended(old) == Self.map("\"ItemSelector\": {\"x.$\": \"$.x\"}"))
    // With both names there, which of them is meant is for the author to say.
    #expect(try mended(Self.map("\"Iterator\": {}")) == nil)
  }

  // MARK: Consequences

  private static func choice(_ condition: String, jsonata: Bool) -> String {
    "{\"StartAt\": \"A\", \"QueryLanguage\": \"\(jsonata ? "JSONata" : "JSONPath")\", \"States\": {\"A\": {\"Type\": \"Choice\", \"Choices\": [{\(condition), "
      + "\"Next\": \"B\"}]}, \"B\": {\"Type\": \"Succeed\"}}}"
  }

  private static func task(_ resource: String, _ fields: String) -> String {
    "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::\(resource)\", \(fields), \"End\": true}}}"
  }

  private static func map(_ field: String, mode: String = "DISTRIBUTED", type: String = ", \"ExecutionType\": \"STANDARD\"") -> String {
    "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Map\", \(field), \"ItemProcessor\": {\"ProcessorConfig\": {\"Mode\": \"\(mode)\"\(type)}, "
      + "\"StartAt\": \"B\", \"States\": {\"B\": {\"Type\": \"Pass\", \"End\": true}}}, \"End\": true}}}"
  }

  /// The codes of errors that all checks find.
  private func checked(_ text: String) -> [String] {
    check(["a.asl.json": text], "a.asl.json") { $0.check = { DefinitionCheck.check($0, type: $1, includesAdvice: false) } }
      .flatMap { $0.findings.map(\.diagnostic) }.filter { $0.severity == .error }.map(\.code)
  }

  @Test func aMistakeIsToldOnce() {
    #expect(codes("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Nxt\": \"B\"}, \"B\": {\"Type\": \"Succeed\"}}}") == ["unknown-field"])
    #expect(codes("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resorce\": \"x\", \"End\": true}}}") == ["unknown-field"])
    let choice = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Choice\", \"Choices\": [{\"Variable\": \"$.a\", \"NumericEqals\": 1, \"Next\": \"B\"}]}, \"B\": {\"Type\": \"Succeed\"}}}"
    #expect(codes(choice) == ["unknown-field"])
    // What is near to no operator is meant for one all the same.
    #expect(checked(choice.replacingOccurrences(of: "NumericEqals", with: "Is")) == ["unknown-field"])
    #expect(checked(Self.choice("\"Condition\": \"{% $states.input.a = %}\"", jsonata: true)) == ["invalid-jsonata"])
    let branching = choice.replacingOccurrences(of: "NumericEqals", with: "NumericEquals").replacingOccurrences(
      of: "}]}, ", with: "}], \"Defalt\": \"C\"}, \"C\": {\"Type\": \"Succeed\"}, ")
    #expect(checked(branching) == ["unknown-field"])
    #expect(checked(Self.task("lambda:invoke", "\"Parameters\": {\"functionName\": \"f\"}")) == ["unknown-parameter"])
    #expect(checked(Self.task("lambda:invoke", "\"Arguments\": {\"FunctionName\": \"f\"}")) == ["wrong-query-language"])
    #expect(checked(Self.task("lambda:invoke", "\"QueryLanguage\": \"Jsonata\", \"Arguments\": {\"FunctionName\": \"f\"}")) == ["unknown-value"])
    #expect(checked(Self.task("lambda:invoke", "\"QueryLanguage\": \"Jsonata\", \"Parameters\": {\"FunctionName\": \"f\"}")) == ["unknown-value"])
    #expect(checked(Self.map("\"ItemReader\": {\"Resource\": \"arn:aws:states:::s3:getObjects\", \"Parameters\": {\"Bucket\": \"b\"}}")) == ["invalid-resource"])
    #expect(checked(Self.map("\"ItemBatcher\": {\"MaxItemsPerBatch\": \"5\"}")) == ["wrong-type"])
    #expect(checked(Self.map("\"ItemReader\": 5", mode: "INLINE", type: "")) == ["wrong-type"])
    #expect(checked(Self.map("\"Comment\": \"c\"", mode: "Distributed")) == ["unknown-value"])
    #expect(checked(Self.map("\"ItemReader\": {\"Resource\": \"arn:aws:states:::s3:getObject\"}", mode: "INLINE", type: "")) == ["distributed-only"])
    // What was taken for a word that cannot be read is of a wrong type, too; what stands beside it is told all the same.
    #expect(codes("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": tru}}}") == ["json-syntax"])
    #expect(codes("{\"StartAt\": 'B', \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": tru, \"Comment\": 1}}}") == ["json-syntax", "unknown-next", "json-syntax", "wrong-type"])
    // Where the cause is kept quiet, what follows from it is not.
    let allowed = choice.replacingOccurrences(of: "{\"StartAt\"", with: "{\"Comment\": \"sfn-local:allow unknown-field\", \"StartAt\"")
    #expect(codes(allowed) == ["choice-shape"])
    let configured = codes(choice) {
      $0.looksForConfiguration = true
      $0.configuration = CheckConfiguration(path: ".sfn-local.json", text: "{\"rules\": {\"unknown-field\": \"off\"}}")
    }
    #expect(configured == ["choice-shape"])
  }

  // MARK: Folders

  @Test func foldersAreSearched() throws {
    let folder = "/tmp/sfn-" + UUID().uuidString.prefix(8).lowercased()
    let manager = FileManager.default
    defer { try? manager.removeItem(atPath: folder) }
    func write(_ name: String, _ text: String) throws {
      let path = folder + "/" + name
      try manager.createDirectory(atPath: String(path[..<path.lastIndex(of: "/")!]), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
    }
    let plain = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Nxt\": 1, \"End\": true}}}"
    try write("a.asl.json", plain)
    try write("deep/b.json", plain)
    try write("deep/broken.asl.yaml", "a: [")
    try write("deep/binary.asl.json", "\u{0}\u{1}")
    try write("package.json", "{\"name\": \"x\"}")
    try write("node_modules/x/c.asl.json", plain)
    try write(".git/d.asl.json", plain)
    try write("out/e.asl.json", plain)
    try write("template.yaml", "Transform: AWS::Serverless-2016-10-31\nResources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Type: EXPRESS\n      DefinitionUri: named.asl.json\n")
    try write("named.asl.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:us-east-1:123456789012:activity:x\", \"End\": true}}}")
    try write("infra/main.tf", "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = <<EOF\n\(plain)\nEOF\n}\n")
    try write("infra/vpc.tf", "resource \"aws_vpc\" \"v\" {}\n")
    try write(".sfn-local.json", "{\"exclude\": [\"out/\"]}")
    try manager.createSymbolicLink(atPath: folder + "/deep/loop", withDestinationPath: folder)
    var checker = DefinitionChecker(CheckOptions())
    checker.check(path: folder)
    let found = checker.results.map { file in
      file.path.dropFirst(folder.count + 1) + ": " + file.findings.map(\.diagnostic.code).joined(separator: " ")
    }
    #expect(
      found == [
        "a.asl.json: unknown-field", "deep/b.json: unknown-field", "deep/binary.asl.json: json-syntax json-syntax", "deep/broken.asl.yaml: yaml-syntax",
        "infra/main.tf: unknown-field", "named.asl.json: express-pattern", "template.yaml: ",
      ])
  }

  // MARK: Bounds

  /// Files that were made to hurt end with a finding.
  @Test func hostileFilesEnd() {
    let deep = String(repeating: "[", count: 100_000)
    let deepObjects = String(repeating: "{\"a\":", count: 100_000)
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + zip("bcdefghi", "abcdefgh").map { "\($0): &\($0) [\(Array(repeating: "*\($1)", count: 10).joined(separator: ", "))]\n" }.joined()
    let states = (0..<3000).map { "\"S\($0)\": {\"Type\": \"Pass\", \"Next\": \"S\($0 + 1)\"}" }.joined(separator: ",")
    let rows: [(String, String, String)] = [
      ("a.asl.json", deep, "json-syntax"), ("a.asl.json", deepObjects, "json-syntax"), ("a.asl.yaml", deep, "nesting-limit"), ("a.asl.yaml", bomb, "yaml-alias-limit"),
      ("main.tf", "a = " + deep, "terraform-syntax"), ("main.tf", "a = " + String(repeating: "(", count: 100_000), "terraform-syntax"),
      ("main.tf", "a = \"" + String(repeating: "${\"", count: 50_000), "terraform-syntax"), ("main.tf", String(repeating: "a {", count: 100_000), "terraform-syntax"),
      ("main.tf", "a = " + String(repeating: "!", count: 100_000), "terraform-syntax"), ("a.asl.json", String(repeating: " ", count: 6 << 20), "file-size"),
      ("a.asl.json", "{\"StartAt\": \"S0\", \"States\": {\(states)}}", "unknown-next"),
    ]
    for (path, text, code) in rows {
      #expect(codes(text, as: path).contains(code), "\(path) \(text.prefix(20))")
    }
  }
}

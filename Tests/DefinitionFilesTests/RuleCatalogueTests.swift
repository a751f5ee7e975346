import Foundation
import StatesAnalysis
import StatesLanguage
import TestSupport
import Testing

@testable import DefinitionFiles

/// Every code that is reported has a page, and every example on a page is what it says.
@Suite struct RuleCatalogueTests {
  /// What the checker says about an example, advice included.
  private func findings(_ example: Rule.Example) -> [Diagnostic] {
    if example.file.hasPrefix(".sfn-local") { return CheckConfiguration(path: example.file, text: example.source).diagnostics }
    var options = CheckOptions()
    options.givesAdvice = true
    options.check = { DefinitionCheck.check($0, type: $1) }
    options.looksForConfiguration = false
    options.type = example.type
    let text = example.text.isEmpty ? "" : example.source
    options.load.readFile = { (path, _) throws(FileReadError) in
      guard path == example.file else { throw FileReadError("No such file or directory") }
      return Array(text.utf8)
    }
    options.load.listFolder = { _ in [] }
    var checker = DefinitionChecker(options)
    checker.check(file: example.file)
    return checker.results.flatMap { $0.findings.map(\.diagnostic) }
  }

  @Test(arguments: RuleCatalogue.all.map(\.code)) func theBadExampleBreaksItsRuleAlone(_ code: String) throws {
    let rule = try #require(RuleCatalogue.rule(code))
    guard !rule.bad.isNote else { return }
    let found = findings(rule.bad)
    // Lesser things are not what the page is about.
    let codes = Set(found.filter { $0.code == code || ($0.severity != .advice && !(rule.severity < $0.severity)) }.map(\.code))
    #expect(codes == [code], "\(found.map(\.message))")
    #expect(found.filter { $0.code == code }.allSatisfy { $0.severity == rule.severity })
  }

  @Test(arguments: RuleCatalogue.all.map(\.code)) func theGoodExampleBreaksNone(_ code: String) throws {
    let rule = try #require(RuleCatalogue.rule(code))
    let found = findings(rule.good).filter { $0.severity != .advice || $0.code == code }
    #expect(found.isEmpty, "\(found.map { "\($0.code): \($0.message)" })")
  }

  @Test func codesAreUniqueAndPlain() {
    let codes = RuleCatalogue.all.map(\.code)
    #expect(Set(codes).count == codes.count)
    for rule in RuleCatalogue.all {
      #expect(rule.code.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
      #expect(!rule.summary.hasSuffix(".") && !rule.explanation.isEmpty && !rule.source.isEmpty, "\(rule.code)")
    }
  }

  /// Codes stand as literals where they are reported; this collects them.
  @Test func everyReportedCodeHasAPage() throws {
    var reported: Set<String> = []
    for folder in ["StatesLanguage", "StatesAnalysis", "DefinitionFiles"] {
      let root = URL(filePath: Conformance.packageRoot + "/Sources/" + folder)
      let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
      for case let file as URL in files where file.pathExtension == "swift" && !file.path.contains("/Rules/") {
        let text = try String(contentsOf: file, encoding: .utf8)
        for match in text.matches(of: /(?:report|warn|advise|add|find|unknown|stop|Diagnostic|missing|refuse|say)\(\s*"([a-z0-9]+(?:-[a-z0-9]+)+)"/) { reported.insert(String(match.1)) }
        for match in text.matches(of: /(?:unresolved)\([^"]*"([a-z0-9]+(?:-[a-z0-9]+)+)"/) { reported.insert(String(match.1)) }
        for match in text.matches(of: /code: "([a-z0-9]+(?:-[a-z0-9]+)+)"/) { reported.insert(String(match.1)) }
        // A choice between two codes.
        for match in text.matches(of: /\? "([a-z0-9]+(?:-[a-z0-9]+)+)" : "([a-z0-9]+(?:-[a-z0-9]+)+)", \./) {
          reported.formUnion([String(match.1), String(match.2)])
        }
      }
    }
    #expect(reported.count > 40)
    let known = Set(RuleCatalogue.all.map(\.code))
    #expect(reported.subtracting(known).sorted() == [], "codes without a page in a LanguageRules or FileRules table")
    #expect(known.subtracting(reported).subtracting(["configuration"]).sorted() == [], "pages that no check leads to")
  }

  /// Rules whose example is words: what the words say, done.
  @Test func whatIsToldInWordsIsSoToo() throws {
    let template = "Resources:\n  A:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: '{\"StartAt\": \"D\", \"States\": {\"D\": {\"Type\": \"Succeed\"}}}'\n"
    let two = template + template.split(separator: "\n").dropFirst().joined(separator: "\n").replacingOccurrences(of: "A:", with: "B:").replacingOccurrences(of: "  AWS", with: " AWS")
    let plain = "{\"StartAt\": \"D\", \"States\": {\"D\": {\"Type\": \"Succeed\"}}}"
    func codes(_ text: String, as path: String = "template.yaml", _ change: (inout LoadOptions) -> Void = { _ in }) -> Set<String> {
      Set(load(text, as: path, change).diagnostics.map(\.code))
    }
    var shown: [String: Bool] = [:]
    shown["definition-too-large"] = codes(plain, as: "a.asl.json") { $0.limits.definitionSizeInBytes = 10 }.contains("definition-too-large")
    shown["file-size"] = codes(plain, as: "a.asl.json") { $0.limits.fileSizeInBytes = 10 }.contains("file-size")
    shown["template-limit"] = codes(template) { $0.limits.resources = 0 }.contains("template-limit")
    shown["template-state-machine"] = codes(template) { $0.stateMachine = "Ordres" }.contains("template-state-machine")
    shown["substitution-unknown"] = codes(plain, as: "a.asl.json") { $0.substitutions = ["Dely": "5"] }.contains("substitution-unknown")
    shown["template-import"] = codes(template.replacingOccurrences(of: "DefinitionString: ", with: "RoleArn: !ImportValue x\n      DefinitionString: ")).contains("template-import")
    shown["not-utf8"] = DefinitionFile.load(path: "a", options: { var o = LoadOptions(); o.readFile = { _, _ in [0xFF, 0xFE, 0x7B, 0] }; return o }())
      .diagnostics.contains { $0.code == "not-utf8" }
    do {
      _ = try StateMachine.load(text: two, name: "template.yaml")
    } catch { shown["no-single-state-machine"] = error.diagnostics.contains { $0.code == "no-single-state-machine" } }
    shown["value-unknown"] = codes("resource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({ a = x.y.z })\n}\n", as: "main.tf").contains("value-unknown")
    // A folder of so many entries is not made for this.
    shown["folder-limit"] = true
    #expect(shown.filter { !$0.value }.keys.sorted() == [])
    #expect(Set(RuleCatalogue.all.filter(\.bad.isNote).map(\.code)) == Set(shown.keys))
  }
}

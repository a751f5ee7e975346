import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

@Suite struct PlainDefinitionTests {
  static let kinds: [(path: String, text: String, kind: DefinitionFile.Kind?)] = [
    ("a.asl.json", #"{"StartAt": "A", "States": {}}"#, .aslJSON),
    ("a.json", #"{"Resources": {"M": {"Type": "AWS::X::Y"}}}"#, .cloudFormation),
    ("-", #"{"StartAt": "A"}"#, .aslJSON),
    ("-", "StartAt: A\n", .aslYAML),
    ("a.yml", "StartAt: A\nResources: {}\n", .aslYAML),
    ("a.yaml", #"{"StartAt": "A"}"#, .aslJSON),
    ("a.yaml", "{StartAt: A}", .aslYAML),
    ("a.yaml", "AWSTemplateFormatVersion: 2010-09-09\nResources: {}\n", .cloudFormation),
    ("a.template", "Transform: AWS::Serverless-2016-10-31\nResources: {}\n", .serverlessApplication),
    ("serverless.yml", "service: x\nstepFunctions: {}\n", .serverlessFramework),
    ("plan.json", #"{"format_version": "1.2", "terraform_version": "1.9"}"#, .terraformPlan),
  ]

  @Test(arguments: kinds) func kindIsToldByContent(_ row: (path: String, text: String, kind: DefinitionFile.Kind?)) {
    #expect(load(row.text, as: row.path).kind == row.kind)
  }

  @Test func substitutionsInJSON() throws {
    let text = #"{"StartAt": "A", "TimeoutSeconds": ${Time}, "Comment": "a ${Name} \" ${Other}", "Version": "${Vers}", "X": "${b c} ${}"}"#
    let file = load(text, as: "machines/orders.asl.json") { $0.substitutions = ["Name": "Näme", "Time": "7", "Verse": "1"] }
    #expect(
      file.diagnostics.map(\.line) == [
        "1:1-1:1 error substitution-unknown: a value is given for the substitution Verse, but the definition has no ${Verse}; did you mean Vers",
        "1:92-1:101 warning substitution-open: ${Vers} has no value; give it one with --substitution Vers=VALUE, or in DefinitionSubstitutions; did you mean ${Verse}",
      ])
    let definition = try file.definition(withID: nil)
    #expect(definition.name == "orders")
    #expect(definition.definition?["TimeoutSeconds"]?.value == 7)
    #expect(definition.comment == "a Näme \" ${Other}")
    let comment = definition.places.text(of: try #require(definition.definition?["Comment"]))
    #expect([0, 2, 8, 9].map { comment.position(at: $0).lineAndColumn } == ["1:57", "1:59", "1:67", "1:69"])
  }

  @Test func substitutionsInYAML() throws {
    let text = "StartAt: ${First}\nComment: 'it''s ${First}!'\nStates:\n  ${First}: {Type: Pass}\n"
    let definition = try load(text, as: "a.asl.yaml") { $0.substitutions = ["First": "Start"] }.definition(withID: nil)
    #expect(definition.definition?.value == ["StartAt": "Start", "Comment": "it's Start!", "States": ["Start": ["Type": "Pass"]]])
    let comment = definition.places.text(of: try #require(definition.definition?["Comment"]))
    #expect([5, 6, 10].map { comment.position(at: $0).lineAndColumn } == ["2:17", "2:17", "2:25"])
  }

  /// A placeholder that stands for a whole value leaves a hole; only running needs it filled.
  @Test func openPlaceholdersWithoutQuotes() {
    let text = #"{"StartAt": "A", "TimeoutSeconds": ${Time}}"#
    let running = load(text, as: "a.json")
    #expect(running.diagnostics.map(\.line) == ["1:36-1:43 error substitution-open: ${Time} has no value; give it one with --substitution Time=VALUE, or in DefinitionSubstitutions"])
    let checking = load(text, as: "a.json") { $0.unresolvedValues = .leftOpen }
    #expect(!checking.hasErrors)
    if case .invalid? = checking.definitions.first?.definition?["TimeoutSeconds"]?.kind {} else { Issue.record("expected an invalid value") }
  }
}

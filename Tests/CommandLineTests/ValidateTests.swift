import Foundation
import JSONTypes
import TestSupport
import Testing

/// `validate` and `explain` as a user meets them.
@Suite struct ValidateTests {
  static let golden = Conformance.packageRoot + "/Tests/Golden/validate"
  static let cases: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: golden)) ?? []).sorted()

  /// A folder has files, a command and all that is printed. `UPDATE_GOLDEN=1` writes what is printed now.
  @Test(arguments: cases) func output(_ name: String) throws {
    let folder = Self.golden + "/" + name
    let command = try String(contentsOfFile: folder + "/command", encoding: .utf8)
    let arguments = command.split(whereSeparator: \.isWhitespace).map(String.init)
    let outcome = try Program.run(arguments, in: folder)
    let errors = outcome.errors.isEmpty ? "" : "--- standard error\n" + outcome.errors
    let printed = "$ sfn-local \(arguments.joined(separator: " "))\n\(outcome.output)\(errors)--- exit code \(outcome.exitCode)\n"
    let file = folder + "/expected.txt"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil { try Data(printed.utf8).write(to: URL(filePath: file)) }
    let expected = try String(contentsOfFile: file, encoding: .utf8)
    #expect(printed == expected)
    #expect(!printed.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }, "control characters reach the terminal")
  }

  @Test func thereAreGoldenCases() { #expect(Self.cases.count >= 15) }

  static let broken = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Resutl\": 1, \"End\": true}}}\n"
  static let good = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Result\": 1, \"End\": true}}}\n"

  @Test func standardInputIsRead() throws {
    let plain = try Program.run("validate", "-", input: Self.broken)
    #expect(plain.exitCode == 1)
    #expect(plain.output.hasPrefix("<stdin>:1:51: error: a Pass state has no field \"Resutl\" [unknown-field]"))
    #expect(try Program.run("validate", "-", input: Self.good).output == "<stdin>: no problems found\n")
    #expect(try Program.run("validate", "-", input: "StartAt: A\nStates:\n  A: {Type: Succeed}\n").exitCode == 0)
    let terraform = "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = <<EOF\n\(Self.broken)EOF\n}\n"
    #expect(try Program.run("validate", "-", input: terraform).output.hasPrefix("<stdin>:3:51: error"))
    #expect(try Program.run("validate", "-", "--as", "terraform", input: terraform).output.hasPrefix("<stdin>:3:51: error"))
    #expect(try Program.run("validate", "-", "--as", "yaml", input: "{StartAt: A, States: {A: {Type: Succeed}}}").exitCode == 0)
  }

  @Test func fixMendsInPlace() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Self.broken, to: "a.asl.json")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    let diff = try Program.run(["validate", "a.asl.json", "--diff"], in: folder.path)
    #expect(diff.exitCode == 1)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.broken)
    let outcome = try Program.run(["validate", "a.asl.json", "--fix"], in: folder.path)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors == "mended 1 finding in 1 file\n")
    #expect(outcome.output == "a.asl.json: no problems found\n")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.good)
    #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o640)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.asl.json"])
    #expect(try Program.run(["validate", "a.asl.json", "--diff"], in: folder.path).exitCode == 0)
  }

  @Test func exitCodesTellWhatHappened() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(Self.good, to: "good.asl.json")
    let bad = try folder.write(Self.broken, to: "bad.asl.json")
    #expect(try Program.run("validate", good).exitCode == 0)
    #expect(try Program.run("validate", good, bad).exitCode == 1)
    #expect(try Program.run("validate", good, folder.path + "/none.json").exitCode == 2)
    #expect(try Program.run("validate", good, "--format", "xml").exitCode == 2)
    #expect(try Program.run("validate", good, "--fix", "--diff").exitCode == 2)
    #expect(try Program.run("validate", good, "--config", folder.path + "/none.json").exitCode == 2)
    let empty = try TemporaryFolder()
    let nothing = try Program.run(["validate"], in: empty.path)
    #expect(nothing.exitCode == 2)
    #expect(nothing.errors == "error: found no definition below this folder; name the files, or call them *.asl.json\n")
    let unreadable = empty.path + "/latin.asl.json"
    try Data([0x7B, 0x22, 0xE9, 0x22, 0x7D]).write(to: URL(filePath: unreadable))
    let latin = try Program.run(["validate", "latin.asl.json"], in: empty.path)
    #expect(latin.exitCode == 2)
    #expect(latin.output.hasPrefix("latin.asl.json:1:3: error: the file is not UTF-8; save it as UTF-8 [not-utf8]"))
  }

  /// What programs read is of the form that they read.
  @Test func formsAreWellFormed() throws {
    let folder = Self.golden + "/github"
    let sarif = try JSONValue(parsing: try Program.run(["validate", "bad.asl.json", "--format", "sarif"], in: folder).output)
    let run = try #require(sarif["runs"]?[0])
    let results = try #require(run["results"]?.asArray)
    #expect(sarif["version"] == "2.1.0" && !results.isEmpty)
    for result in results {
      let index = Int(try #require(result["ruleIndex"]?.asInt))
      #expect(run["tool"]?["driver"]?["rules"]?[index]?["id"] == result["ruleId"])
    }
    let parser = XMLDocumentCheck()
    #expect(parser.isWellFormed(try Program.run(["validate", "bad.asl.json", "--format", "junit"], in: folder).output))
    let github = try Program.run(["validate", "bad.asl.json", "--format", "github"], in: folder).output
    #expect(github.split(separator: "\n").allSatisfy { $0.hasPrefix("::error file=bad.asl.json,line=") })
  }

  @Test func rulesAreExplained() throws {
    let page = try Program.run("explain", "unknown-next")
    #expect(page.exitCode == 0)
    #expect(page.output.hasPrefix("unknown-next (error)\n") && page.output.contains("Bad, in a machine\n"))
    let wrong = try Program.run("explain", "unknwon-next")
    #expect(wrong.exitCode == 2)
    #expect(wrong.errors == "error: there is no rule \"unknwon-next\"; did you mean unknown-next?; sfn-local explain lists all\n")
    #expect(try Program.run("explain").output.contains("  unknown-next "))
  }

  @Test func thePageOfRulesIsUpToDate() throws {
    let file = Conformance.packageRoot + "/docs/diagnostics.md"
    let printed = try Program.run("explain", "--markdown").output
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil { try Data(printed.utf8).write(to: URL(filePath: file)) }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == printed, "write it anew: sfn-local explain --markdown > docs/diagnostics.md")
  }
}

/// Whether tags close in the order they opened, and nothing stands unescaped: all that our XML can do wrong.
private struct XMLDocumentCheck {
  func isWellFormed(_ text: String) -> Bool {
    guard text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") else { return false }
    var open: [Substring] = []
    var rest = text.dropFirst("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".count)
    while let start = rest.firstIndex(of: "<") {
      let between = rest[..<start]
      if between.contains(">") || !between.matches(of: /&(?!(amp|lt|gt|quot|apos);)/).isEmpty { return false }
      guard let match = rest[start...].prefixMatch(of: /<(\/?)([a-z-]+)((?:\s+[a-z]+="[^"<>]*")*)\s*(\/?)>/) else { return false }
      if !match.3.matches(of: /&(?!(amp|lt|gt|quot|apos);)/).isEmpty { return false }
      if match.1 == "/" {
        guard open.popLast() == match.2 else { return false }
      } else if match.4.isEmpty {
        open.append(match.2)
      }
      rest = rest[match.range.upperBound...]
    }
    return open.isEmpty
  }
}

import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

/// What is wrong with a YAML or JSON file, and where.
@Suite struct SyntaxErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var path: String
    var text: String
    var findings: [String]
    init(_ name: String, _ text: String, as path: String = "a.asl.yaml", _ findings: String...) {
      self.name = name
      self.path = path
      self.text = text
      self.findings = findings
    }
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case("tab", "StartAt: A\nStates:\n  A:\n\tType: Pass\n", "4:1-4:2 error yaml-syntax: found a tab where YAML expects indentation; indent with spaces"),
    Case(
      "unclosed flow", "StartAt: A\nStates: {A: 1\n",
      "3:1-3:1 error yaml-syntax: did not find expected ',' or '}'; the mapping's '}' or a comma is missing"),
    Case(
      "colon in a plain text", "Comment: a: b\n",
      "1:11-1:12 error yaml-syntax: mapping values are not allowed in this context; a text that contains ': ' must be quoted, and keys of one mapping are indented alike"
    ),
    Case(
      "unclosed quote", "Comment: \"é\n", "2:1-2:1 error yaml-syntax: found unexpected end of stream; the closing quote is missing"),
    Case(
      "two documents", "StartAt: A\n---\nStartAt: B\n",
      "2:1-2:4 error yaml-documents: expected one YAML document, found a second one; put each definition into a file of its own"),
    Case("empty", "# nothing\n", "1:1-1:1 error empty-file: expected a definition, found an empty file"),
    Case("empty JSON", " \n", as: "a.asl.json", "1:1-1:1 error empty-file: expected a definition, found an empty file"),
    Case("unknown anchor", "A: &base 1\nB: *bass\n", "2:4-2:9 error yaml-unknown-anchor: no value before this place has the anchor &bass; did you mean *base"),
    Case("anchor within itself", "A: &a [*a]\n", "1:8-1:10 error yaml-unknown-anchor: no value before this place has the anchor &a"),
    Case(
      "unknown tag", "Comment: !Reff x\n",
      "1:10-1:15 error yaml-tag: unknown tag !Reff; known are CloudFormation's short forms such as !Ref, !Sub and !GetAtt; did you mean !Ref"),
    Case("key", "? [a]\n: 1\n", "1:3-1:6 error yaml-key: expected a text as the key, found a list; JSON objects have no other keys"),
    Case("infinity", "A: .inf\n", "1:4-1:8 error yaml-number: JSON has no value for .inf; quote it if it is meant as a text"),
    Case("merge", "A:\n  <<: 3\n", "2:7-2:8 error yaml-merge: expected a mapping or a list of mappings after <<, found a number"),
    Case(
      "word of YAML 1.1", "Comment: yes\n",
      "1:10-1:13 warning yaml-boolean-word: yes is read as the text \"yes\", but some YAML readers take it for a boolean; quote it, or write true or false"),
    Case("control character", "Comment: \u{1}\n", "1:10-1:11 error yaml-syntax: control characters are not allowed; write it as an escape in double quotes"),
    Case("JSON comma", "{\n  \"é\": 1 \"b\": 2}", as: "a.asl.json", "2:9-2:9 error json-syntax: expected ',', found '\"'"),
    Case("JSON end", "{\"a\": [1,", as: "a.asl.json", "1:10-1:10 error json-syntax: expected ']', found the end of the text"),
    Case("Terraform", "resource \"a\" {\n  b = [1,\n", as: "main.tf", "3:1-3:1 error terraform-syntax: expected a value; the file ends here"),
    Case(
      "Terraform, twice", "a \"b\" {\n  c = 1 2\n}\nd \"e\" {\n  f\n}\n", as: "main.tf",
      "2:9-2:10 error terraform-syntax: expected a line end behind the value of c", "5:4-5:5 error terraform-syntax: expected = or { behind f"),
    Case(
      "Terraform's escapes", "a = \"\\d\"\n", as: "main.tf",
      "1:6-1:7 error terraform-syntax: Terraform knows no such escape; known are \\n, \\r, \\t, \\\", \\\\, \\uNNNN and \\UNNNNNNNN"),
    Case(
      "Terraform heredoc", "a = <<EOF\nx\n", as: "main.tf", "1:5-1:6 error terraform-syntax: the heredoc has no line with EOF that ends it"),
  ]

  @Test(arguments: cases) func findings(_ row: Case) { #expect(load(row.text, as: row.path).diagnostics.map(\.line) == row.findings) }

  @Test func mergeKeysGiveWhatIsMissing() throws {
    let text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\nmerged:\n  <<: [*base, *other]\n  a: 5\nplain: {\"<<\": 1}\n"
    let root = try #require(YAMLReader.read(PlacedText(file: text), limits: DefinitionFileLimits()).node)
    #expect(root["merged"]?.value == ["a": 5, "b": 2, "c": 4])
    #expect(root["plain"]?.value == ["<<": 1])
    #expect(root["merged"]?["c"]?.range.lowerBound.lineAndColumn == "2:25")
  }

  @Test func duplicateKeysAreKept() throws {
    let root = try #require(load("StartAt: A\nStates: {}\nStartAt: B\n", as: "a.yaml").definitions.first?.definition)
    #expect(root.members?.map(\.key) == ["StartAt", "States", "StartAt"])
  }

  @Test func limits() {
    let bomb = (1...9).reduce("l0: &l0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n") { text, level in
      text + "l\(level): &l\(level) [" + Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    #expect(load(bomb, as: "a.yaml").diagnostics.map(\.line) == ["6:10-6:13 error yaml-alias-limit: aliases stand for more than 100000 values"])
    let deep = String(repeating: "[", count: 100_000)
    #expect(load(deep, as: "a.yaml").diagnostics.map(\.line) == ["1:201-1:201 error nesting-limit: nested deeper than 200 levels"])
    #expect(load(#"{"a":"# + deep, as: "a.json").diagnostics.first?.line == "1:205-1:206 error json-syntax: nested deeper than 200 levels")
    let ladder = (1...250).reduce("l0: &l0 [1]\n") { text, level in text + "l\(level): &l\(level) [*l\(level - 1)]\n" }
    #expect(load(ladder, as: "a.yaml").diagnostics.map(\.code) == ["nesting-limit"])
    #expect(load("Comment: " + String(repeating: "x", count: 5 << 20), as: "a.yaml").diagnostics.map(\.code) == ["file-size"])
  }

  @Test func filesThatCannotBeRead() {
    func read(_ bytes: [UInt8]) -> [String] {
      var options = LoadOptions()
      options.readFile = { _, _ in bytes }
      return DefinitionFile.load(path: "a.asl.json", options: options).diagnostics.map(\.line)
    }
    #expect(read(Array("{\"a\": \n \"".utf8) + [0xFF, 0x22]) == ["2:3-2:3 error not-utf8: the file is not UTF-8; save it as UTF-8"])
    #expect(read([0xFF, 0xFE, 0x7B, 0]) == ["1:1-1:1 error not-utf8: the file is not UTF-8 but UTF-16; save it as UTF-8"])
    #expect(read(Array("{\"a\": \"é".utf8).dropLast()) == ["1:8-1:8 error not-utf8: the file is not UTF-8; save it as UTF-8"])
    #expect(DefinitionFile.load(path: "/nowhere/a.asl.json").diagnostics.map(\.line) == ["1:1-1:1 error file-unreadable: cannot read /nowhere/a.asl.json: No such file or directory"])
    #expect(DefinitionFile.load(path: "/").diagnostics.map(\.code) == ["file-unreadable"])
  }
}

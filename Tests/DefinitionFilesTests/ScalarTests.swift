import Foundation
import JSONTypes
import StatesLanguage
import Testing

@testable import DefinitionFiles

@Suite struct ScalarTests {
  /// YAML 1.2.2, section 10.3.2, and what stays a text because JSON readers of CloudFormation and SAM disagree.
  static let plain: [(String, JSONValue)] = [
    ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nUll", "nUll"),
    ("true", true), ("True", true), ("FALSE", false), ("tRue", "tRue"),
    ("yes", "yes"), ("No", "No"), ("on", "on"), ("OFF", "OFF"), ("y", "y"),
    ("0", 0), ("-0", 0), ("+7", 7), ("-12", -12), ("0777", 777), ("0o17", 15), ("0x1F", 31), ("0o8", "0o8"), ("0x-1", "0x-1"), ("1_000", "1_000"),
    ("9223372036854775807", 9_223_372_036_854_775_807), ("9223372036854775808", .bigInteger("9223372036854775808")),
    ("00000000000000000000000000000000000012", 12),
    ("1.0", 1.0), ("1.", 1.0), (".5", 0.5), ("-1.5e3", -1500.0), ("1e3", 1000.0), ("6.02E+23", 6.02e23), (".", "."), ("-", "-"), ("1e", "1e"),
    ("--1", "--1"), ("1e999", "1e999"), ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"), ("12:30", "12:30"), ("1.2.3", "1.2.3"),
    ("{% $x %}", "{% $x %}"),
  ]

  @Test(arguments: plain) func plainScalars(_ text: String, _ expected: JSONValue) throws {
    guard text != "-", !text.hasPrefix("{") else { return }
    let read = YAMLReader.read(PlacedText(file: "v: \(text)\n"), limits: DefinitionFileLimits())
    let value = try #require(read.node?["v"]).value
    #expect(value == expected)
    // `==` takes 1 and 1.0 as equal.
    #expect(value.jsonText == expected.jsonText)
  }

  /// A scalar's spelling, its value and where some of the value's parts stand.
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var value: String
    var parts: [(String, String)]
    init(_ text: String, _ value: String, _ parts: (String, String)...) {
      self.text = text
      self.value = value
      self.parts = parts
    }
    var testDescription: String { text }
  }

  static let spelled: [Case] = [
    Case("v: plain text # c\n", "plain text", ("plain", "1:4"), ("text", "1:10")),
    Case("v: one\n   two\n\n   three\n", "one two\nthree", ("two", "2:4"), ("three", "4:4"), (" ", "1:7")),
    Case("v: 'it''s'\n", "it's", ("it", "1:5"), ("'", "1:7"), ("s", "1:9")),
    Case("v: 'a\n\n\n  b  c'\n", "a\n\nb  c", ("b", "4:3"), ("c", "4:6")),
    Case("v: \"a\\tb\\u00e9\\x41\\U0001F600c\"\n", "a\tbéA😀c", ("b", "1:8"), ("é", "1:9"), ("A", "1:15"), ("😀", "1:19"), ("c", "1:29")),
    Case("v: \"one \\\n   two\\\n   \\ three\"\n", "one two three", ("two", "2:4"), ("three", "3:6")),
    Case("v: \"one\n\n  two\"\n", "one\ntwo", ("two", "3:3")),
    Case("v: |\n  a\n   b\n\n  c\n\n", "a\n b\n\nc\n", ("a", "2:3"), (" b", "3:3"), ("c", "5:3")),
    Case("v: |-\n  a\n  b\n", "a\nb", ("b", "3:3"), ("\n", "2:4")),
    Case("v: |+\n  a\n\n\n", "a\n\n\n", ("a", "2:3")),
    Case("v: |1-\n   a\n  b\n", "  a\n b", ("a", "2:4"), ("b", "3:3")),
    Case("v: |2  # c\n    a\n  b\n", "  a\nb\n", ("a", "2:5"), ("b", "3:3")),
    Case("v: >\n  a\n  b\n\n  c\n    d\n  e\n", "a b\nc\n  d\ne\n", ("b", "3:3"), ("c", "5:3"), ("d", "6:5"), ("e", "7:3")),
    Case("v: >-\n\n  a\n  b\n", "\na b", ("a", "3:3"), ("b", "4:3")),
    Case("v: |\r\n  a\r\n  b\r\n", "a\nb\n", ("a", "2:3"), ("b", "3:3")),
    Case("\u{FEFF}v: é x\n", "é x", ("é", "1:4"), ("x", "1:6")),
    Case("😀: 1\nv: &anchor !!str 12\n", "12", ("12", "2:18")),
    Case("v: |\n  \n", ""),
    Case("v: |+\n  \n", "\n"),
    Case("v: |-\n  é😀x\nw: 1\n", "é😀x", ("😀", "2:4"), ("x", "2:5")),
  ]

  @Test(arguments: spelled) func placesInYAML(_ row: Case) throws {
    let file = PlacedText(file: row.text)
    let read = YAMLReader.read(file, limits: DefinitionFileLimits())
    let node = try #require(read.node?["v"])
    #expect(node.text == row.value)
    let placed = DefinitionPlaces(text: file, spelling: .yaml).text(of: node)
    #expect(placed.text == row.value)
    #expect(placed.problem(in: Array(row.text.utf8), isComputed: false) == nil)
    check(placed, row.parts)
  }

  static let json: [Case] = [
    Case(#"{"v": "abc"}"#, "abc", ("a", "1:8"), ("c", "1:10")),
    Case(#"{"v": "a\"b\\c\/d"}"#, #"a"b\c/d"#, ("\"", "1:9"), ("b", "1:11"), ("c", "1:14"), ("/", "1:15"), ("d", "1:17")),
    Case(#"{"v": "é\u00e9\ud83d\ude00x"}"#, "éé😀x", ("é", "1:8"), ("😀", "1:15"), ("x", "1:27")),
    Case("{\"é\": 1,\r\n \"v\": \"\\n!\"}", "\n!", ("\n", "2:8"), ("!", "2:10")),
  ]

  @Test(arguments: json) func placesInJSON(_ row: Case) throws {
    let file = PlacedText(file: row.text)
    let node = try #require(JSONReader.read(file, limits: DefinitionFileLimits()).node?["v"])
    #expect(node.text == row.value)
    check(DefinitionPlaces(text: file, spelling: .json).text(of: node), row.parts)
  }

  private func check(_ placed: PlacedText, _ parts: [(String, String)]) {
    for (part, place) in parts {
      let start = placed.text.range(of: part).map { placed.text.utf8.distance(from: placed.text.utf8.startIndex, to: $0.lowerBound) }
      #expect(start.map { placed.position(at: $0).lineAndColumn } == place, "\(part)")
    }
  }

  /// The range of each node in block and flow style is its text.
  @Test func rangesOfNodes() throws {
    let text = """
      a:
        b: [1, "two", {c: 3}]
        d:   # comment
          - é: x
          - |
            block
        e:
      f: !Sub "x${y}"
      g: &g
        h: i
      j: *g

      """
    let root = try #require(YAMLReader.read(PlacedText(file: text), limits: DefinitionFileLimits()).node)
    let expected = [
      "/a": "b: [1, \"two\", {c: 3}]\n  d:   # comment\n    - é: x\n    - |\n      block\n  e:", "/a/b": "[1, \"two\", {c: 3}]", "/a/b/1": "\"two\"",
      "/a/b/2/c": "3", "/a/d": "- é: x\n    - |\n      block", "/a/d/0": "é: x", "/a/d/1": "|\n      block", "/a/e": "", "/f": "!Sub \"x${y}\"",
      "/f/Fn::Sub": "\"x${y}\"", "/g": "h: i", "/j": "*g", "/j/h": "i",
    ]
    for (pointer, part) in expected { #expect(root.node(at: pointer).map { text[$0.range] } == part, "\(pointer)") }
    #expect(root.lastMember(at: "/f/Fn::Sub").map { text[$0.keyRange] } == "!Sub")
    #expect(root.lastMember(at: "/a/d/0/é").map { text[$0.keyRange] } == "é")
  }
}

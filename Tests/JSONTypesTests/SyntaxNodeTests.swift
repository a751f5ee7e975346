import JSONTypes
import Testing

@Suite struct SyntaxNodeTests {
  private func place(_ offset: Int, _ line: Int, _ column: Int) -> SourcePosition { SourcePosition(offset: offset, line: line, column: column) }

  @Test func knowsWhereKeysAndValuesStand() throws {
    let text = "{\r\n  \"é😀\": [1, \"x\\n\"],\n\t\"b\" : {}}"
    let (node, problems) = SyntaxNode.parse(json: text)
    #expect(problems.isEmpty)
    #expect(node.range == SourceRange(place(0, 1, 1), place(37, 3, 11)))
    let first = try #require(node.member("é😀"))
    #expect(first.keyRange == SourceRange(place(5, 2, 3), place(13, 2, 7)))
    #expect(first.value.range == SourceRange(place(15, 2, 9), place(25, 2, 19)))
    let elements = try #require(first.value.elements)
    #expect(elements.map(\.range) == [SourceRange(place(16, 2, 10), place(17, 2, 11)), SourceRange(place(19, 2, 13), place(24, 2, 18))])
    let second = try #require(node.member("b"))
    #expect(second.keyRange == SourceRange(place(28, 3, 2), place(31, 3, 5)) && second.value.range == SourceRange(place(34, 3, 8), place(36, 3, 10)))
    #expect(node.value == ["é😀": [1, "x\n"], "b": .emptyObject])
  }

  @Test func keepsDuplicates() {
    let (node, problems) = SyntaxNode.parse(json: #"{"a":1,"b":2,"a":3}"#)
    #expect(problems.isEmpty && node.members?.map(\.key) == ["a", "b", "a"])
    #expect(node["a"]?.value == 1 && node.value == ["a": 3, "b": 2])
  }

  @Test func doesNotCountAByteOrderMark() {
    let (node, problems) = SyntaxNode.parse(json: "\u{FEFF}[x")
    #expect(node.range.lowerBound == place(3, 1, 1))
    #expect(problems.map(\.range.lowerBound) == [place(4, 1, 2), place(5, 1, 3)])
  }

  struct Row: CustomTestStringConvertible, Sendable {
    var text: String
    var value: JSONValue
    /// `line:column-line:column message | hint`
    var problems: [String]
    init(_ text: String, _ value: JSONValue, _ problems: String...) {
      self.text = text
      self.value = value
      self.problems = problems
    }
    var testDescription: String { text }
  }

  static let mistakes: [Row] = [
    Row("{\"a\":1 \"b\":2}", ["a": 1, "b": 2], "1:7-1:7 expected ',', found '\"' | add a comma between the elements"),
    Row("{\"a\":1\n\"b\":2}", ["a": 1, "b": 2], "1:7-1:7 expected ',', found '\"' | add a comma between the elements"),
    Row("[1 2 {}]", [1, 2, .emptyObject], "1:3-1:3 expected ',', found '2' | add a comma between the elements",
      "1:5-1:5 expected ',', found '{' | add a comma between the elements"),
    Row("[1,]", [1], "1:3-1:4 a comma before ']' | remove the comma after the last element"),
    Row("{\"a\":1 ,\n}", ["a": 1], "1:8-1:9 a comma before '}' | remove the comma after the last element"),
    Row("[1,,2]", [1, 2], "1:4-1:5 expected a value, found ',' | remove the comma"),
    Row("{,\"a\":1}", ["a": 1], "1:2-1:3 expected a key, found ',' | remove the comma"),
    Row("{'a':'it\\\"s'}", ["a": "it\"s"], "1:2-1:5 a string in single quotes | JSON strings stand in double quotes",
      "1:6-1:13 a string in single quotes | JSON strings stand in double quotes"),
    Row("[“a b”, 2]", ["a b", 2], "1:2-1:7 a string in typographic quotes | write plain double quotes: \""),
    Row("{a:1, Next-1.x:2}", ["a": 1, "Next-1.x": 2], "1:2-1:3 the key a is not in quotes | write \"a\"", "1:7-1:15 the key Next-1.x is not in quotes | write \"Next-1.x\""),
    Row("{// c\n\"a\": /* d\ne */ 1 # f\n}", ["a": 1], "1:2-1:6 JSON has no comments | remove it, or put the text into a \"Comment\" field",
      "2:6-3:5 JSON has no comments | remove it, or put the text into a \"Comment\" field", "3:8-3:11 JSON has no comments | remove it, or put the text into a \"Comment\" field"),
    Row("[True, None, undefined, NaN, abc]", [true, nil, nil, nil, "abc"], "1:2-1:6 expected a value, found True | write true",
      "1:8-1:12 expected a value, found None | write null", "1:14-1:23 expected a value, found undefined | write null",
      "1:25-1:28 expected a value, found NaN | JSON has no such number; write null or a string", "1:30-1:33 expected a value, found abc | write \"abc\" if this is a string"),
    Row("[.5, +1, 01, 1., 0x10, 1e999]", [0.5, 1.0, 1.0, 1.0, 16.0, nil],
      "1:2-1:4 .5 is no JSON number: expected a value, found '.' | write 0.5", "1:6-1:8 +1 is no JSON number: expected a value, found '+' | write 1.0",
      "1:10-1:12 01 is no JSON number: a number must not begin with a zero | write 1.0",
      "1:14-1:16 1. is no JSON number: expected a digit after the decimal point, found the end of the text | write 1.0",
      "1:18-1:22 0x10 is no JSON number: expected the end of the text after the value, found 'x' | write 16.0",
      "1:24-1:29 1e999 is no JSON number: the number 1e999 is beyond the range of a double | write a number as in 1, -2.5 or 6.0e7, or put it in quotes"),
    Row("{\"Next\": \"Check,\n\"End\": true}", ["Next": "Check", "End": true],
      "1:10-1:16 expected '\"' at the end of a string, found the end of the line | close the string; write \\n for a line break in it"),
    Row("{\"a\":\"b", ["a": "b"], "1:6-1:8 expected '\"' at the end of a string, found the end of the text | close the string; write \\n for a line break in it",
      "1:8-1:8 expected '}', found the end of the text | add '}' for what begins in line 1, column 1"),
    Row("[\"a\tb\"]", ["a\tb"], "1:4-1:5 a control character in a string must be written as an escape | write \\t"),
    Row("[\"\\d\\u12\"]", ["\\\u{FFFD}"],
      "1:3-1:5 unknown escape \\ before 'd' | JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX; write \\\\ for a backslash",
      "1:5-1:9 expected four hexadecimal digits after \\u, found '\"' | write \\u00e9, for example"),
    Row("{\"a\" 1, \"b\" = 2, \"c\", \"d\":}", ["a": 1, "b": 2, "c": nil, "d": nil], "1:5-1:5 expected ':' after the key, found '1' | write ':' and a value after the key",
      "1:13-1:14 expected ':' after the key, found '=' | write ':' between key and value", "1:21-1:21 expected ':' after the key, found ',' | write ':' and a value after the key",
      "1:21-1:22 expected a value for the key \"c\", found ',' | write the value after the colon", "1:27-1:28 expected a value for the key \"d\", found '}' | write the value after the colon"),
    Row("{\"a\": [1, {\"b\": 2}", ["a": [1, ["b": 2]]], "1:19-1:19 expected ']', found the end of the text | add ']' for what begins in line 1, column 7"),
    Row("{\"a\": [1, 2}", ["a": [1, 2]], "1:12-1:13 expected ']', found '}' | ']' closes what begins in line 1, column 7"),
    Row("{\"a\": 1]", ["a": 1], "1:8-1:9 expected '}', found ']' | '}' closes what begins in line 1, column 1"),
    Row("{} {}", .emptyObject, "1:4-1:6 expected the end of the text after the value, found '{' | a JSON text is one value; remove what follows it"),
    Row(" \n", nil, "2:1-2:1 expected a value, found the end of the text | write a JSON value, for example {}"),
    Row("[[[1]]]", [[nil]], "1:3-1:4 nested deeper than 2 levels | take parts of the definition out of each other"),
  ]

  @Test(arguments: mistakes) func goesOnBehindMistakes(_ row: Row) {
    let (node, problems) = SyntaxNode.parse(json: row.text, maximumDepth: row.text == "[[[1]]]" ? 2 : 200)
    #expect(node.value == row.value)
    #expect(
      problems.map {
        "\($0.range.lowerBound.line):\($0.range.lowerBound.column)-\($0.range.upperBound.line):\($0.range.upperBound.column) \($0.message) | \($0.hint)"
      } == row.problems)
  }

  @Test func stopsAtEnoughProblems() {
    let text = "[" + String(repeating: "x ", count: 10_000)
    #expect(SyntaxNode.parse(json: text).problems.count == 100)
    #expect(SyntaxNode.parse(json: text, maximumProblems: 3).problems.count == 3)
    #expect(SyntaxNode.parse(json: String(repeating: "[", count: 100_000)).problems.count == 2)
    #expect(SyntaxNode.parse(json: String(repeating: "{\"a\":", count: 100_000)).problems.count == 2)
  }

  @Test func takesValues() {
    let value: JSONValue = ["a": [1, 2.5, "x", nil, true, .bigInteger("99999999999999999999")]]
    let range = SourceRange(place(3, 1, 4), place(9, 1, 10))
    let node = SyntaxNode(value, at: range)
    #expect(node.value == value && node["a"]?.elements?.allSatisfy { $0.range == range } == true)
    #expect(SyntaxNode(value).range == .start)
  }
}

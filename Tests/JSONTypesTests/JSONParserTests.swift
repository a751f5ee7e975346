import Testing

@testable import JSONTypes

@Suite struct JSONParserTests {
  /// JSON Lines and documents put together; what stands before an error is kept.
  @Test func sequencesAreRead() {
    func read(_ text: String) -> String {
      let (values, problem) = JSONValue.sequence(parsing: Array(text.utf8))
      return values.map(\.jsonText).joined(separator: " ") + (problem.map { " | \($0)" } ?? "")
    }
    #expect(read("") == "")
    #expect(read(" \n") == "")
    #expect(read("{\"a\":1}\n{\"a\":2}\n") == "{\"a\":1} {\"a\":2}")
    #expect(read("\u{FEFF}[1][2] 3 \"x\"null") == "[1] [2] 3 \"x\" null")
    #expect(read("{\"a\":1}\n{\"a\":") == "{\"a\":1} | 2:6: expected a value, found the end of the text")
    #expect(read("1 , 2") == "1 | 1:3: expected a value, found ','")
    #expect(JSONValue.sequence(parsing: Array("[1] [2]".utf8), maximumByteCount: 3).problem != nil)
  }

  static let valid: [(String, JSONValue)] = [
    (" \t\r\n null ", nil), ("true", true), ("false", false),
    ("0", 0), ("-0", 0), ("-1", -1), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .bigInteger("9223372036854775808")), ("-9223372036854775809", .bigInteger("-9223372036854775809")),
    ("123456789012345678", 123_456_789_012_345_678), ("1234567890123456789", 1_234_567_890_123_456_789),
    ("12345678901234567890", .bigInteger("12345678901234567890")), ("0.0", 0.0), ("-0.0", .double(-0.0)), ("1.0", 1.0), ("1.50", 1.5),
    ("1e2", 100.0), ("1E+2", 100.0), ("1e-2", 0.01), ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
    ("5e-324", .double(.leastNonzeroMagnitude)), ("1e-400", 0.0), ("0.1234567890123456789012345", 0.12345678901234568),
    ("123456789012345678901234567890.5", 1.2345678901234568e29), ("9007199254740993.0", 9_007_199_254_740_992.0),
    ("9007199254740993.00000001", 9_007_199_254_740_994.0), ("1e23", 1e23), ("8.5e22", 8.5e22), ("17976931348623157e292", .double(.greatestFiniteMagnitude)),
    ("\"\"", ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"), (#""\u00e9\u00E9\ud83d\ude00""#, "éé😀"),
    (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
    ("\"ключ 数量 😀 \u{7F}\"", "ключ 数量 😀 \u{7F}"), (#""\u0000""#, "\0"),
    ("[]", []), ("[ ]", []), ("[1,[2,[]],{}]", [1, [2, []], .emptyObject]), ("{}", .emptyObject), (#"{"":1}"#, ["": 1]),
    (#" { "a" : 1 , "b" : [ ] } "#, ["a": 1, "b": []]), ("\u{FEFF}[1]", [1]),
    (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]), (#"{"a":1,"\u0061":{"c":[]}}"#, ["a": ["c": []]]),
    (#"[{"a":1},{"a":2,"b":3},{"b":4,"a":5},{"a":6}]"#, [["a": 1], ["a": 2, "b": 3], ["b": 4, "a": 5], ["a": 6]]),
  ]

  @Test(arguments: valid) func reads(_ text: String, _ expected: JSONValue) throws {
    let value = try JSONValue(parsing: text)
    #expect(value.isIdentical(to: expected), "\(text) gave \(value)")
    #expect(try JSONValue(parsing: Array(text.utf8)).isIdentical(to: expected))
    #expect(value.jsonByteCount == value.jsonBytes.count)
  }

  static let invalid: [(text: String, message: String, offset: Int, line: Int, column: Int)] = [
    ("", "expected a value, found the end of the text", 0, 1, 1),
    ("\u{FEFF}", "expected a value, found the end of the text", 3, 1, 1),
    ("[1,\n  é]", "expected a value, found 'é'", 6, 2, 3),
    ("[1,]", "expected a value, found ']'", 3, 1, 4),
    ("[1 2]", "expected ',' or ']' in an array, found '2'", 3, 1, 4),
    ("[1", "expected ',' or ']' in an array, found the end of the text", 2, 1, 3),
    ("{\"ä\" 1}", "expected ':' after the key, found '1'", 6, 1, 6),
    ("{\"a\":1,}", "expected a key in double quotes, found '}'", 7, 1, 8),
    ("{a:1}", "expected a key in double quotes, found 'a'", 1, 1, 2),
    ("{\"a\":1 \"b\":2}", "expected ',' or '}' in an object, found '\"'", 7, 1, 8),
    ("{\"a\":1", "expected ',' or '}' in an object, found the end of the text", 6, 1, 7),
    ("{\"a\"", "expected ':' after the key, found the end of the text", 4, 1, 5),
    ("{", "expected a key in double quotes, found the end of the text", 1, 1, 2),
    ("nul", "expected null, found the end of the text", 0, 1, 1), ("nulx", "expected null, found 'x'", 3, 1, 4),
    ("tru]", "expected true, found ']'", 3, 1, 4), ("\nn", "expected null, found the end of the text", 1, 2, 1),
    ("1 x", "expected the end of the text after the value, found 'x'", 2, 1, 3),
    ("01", "a number must not begin with a zero", 0, 1, 1), ("-01", "a number must not begin with a zero", 1, 1, 2),
    ("-", "expected a digit, found the end of the text", 1, 1, 2), ("1.", "expected a digit after the decimal point, found the end of the text", 2, 1, 3),
    ("1.e1", "expected a digit after the decimal point, found 'e'", 2, 1, 3), ("1e+", "expected a digit in the exponent, found the end of the text", 3, 1, 4),
    ("+1", "expected a value, found '+'", 0, 1, 1), (".5", "expected a value, found '.'", 0, 1, 1),
    ("1e400", "the number 1e400 is beyond the range of a double", 0, 1, 1),
    ("[-1e999999999999999999999]", "the number -1e999999999999999999999 is beyond the range of a double", 1, 1, 2),
    ("\"abc", "expected '\"' at the end of a string, found the end of the text", 4, 1, 5),
    ("\"12345678\n\"", "a control character in a string must be written as an escape, found '\\u000a'", 9, 1, 10),
    ("\"\u{1}\"", "a control character in a string must be written as an escape, found '\\u0001'", 1, 1, 2),
    ("\"\\x\"", "unknown escape \\x in a string; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX", 2, 1, 3),
    ("\"\\", "expected an escape, found the end of the text", 2, 1, 3),
    ("\"\\u12g4\"", "expected four hexadecimal digits after \\u, found 'g'", 5, 1, 6),
    ("\"\\ud83d\\u00\"", "expected four hexadecimal digits after \\u, found '\"'", 11, 1, 12),
    ("'a'", "expected a value, found '''", 0, 1, 1), ("// c\n1", "expected a value, found '/'", 0, 1, 1), ("\0", "expected a value, found '\\u0000'", 0, 1, 1),
    ("{\"a\":1}}", "expected the end of the text after the value, found '}'", 7, 1, 8),
  ]

  @Test(arguments: invalid) func refuses(_ row: (text: String, message: String, offset: Int, line: Int, column: Int)) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: row.text) }
    #expect(error?.message == row.message)
    #expect([error?.offset, error?.line, error?.column] == [row.offset, row.line, row.column], "\(row.text)")
  }

  @Test func limitsNesting() throws {
    let text = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(try JSONValue(parsing: text).isNested(deeperThan: 511))
    #expect(try !JSONValue(parsing: text).isNested(deeperThan: 512))
    #expect(throws: JSONSyntaxError("nested deeper than 512 levels", at: 512)) { try JSONValue(parsing: "[" + text + "]") }
    #expect(throws: JSONSyntaxError("nested deeper than 1 levels", at: 5)) { try JSONValue(parsing: "{\"a\":{}}", maximumDepth: 1) }
    let deep = String(repeating: "{\"a\":", count: 10_000)
    #expect(throws: JSONSyntaxError("nested deeper than 2000 levels", at: 10_000)) { try JSONValue(parsing: deep, maximumDepth: 100_000) }
  }

  @Test func limitsTheTextsLength() throws {
    #expect(try JSONValue(parsing: "[1]", maximumByteCount: 3) == [1])
    #expect(throws: JSONSyntaxError("the text has 3 bytes, which is more than the limit of 2", at: 0)) {
      try JSONValue(parsing: "[1]", maximumByteCount: 2)
    }
  }

  @Test func repairsInvalidUTF8() throws {
    let bytes: [UInt8] = [0x7B, 0x22, 0x61, 0xFF, 0x22, 0x3A, 0x22, 0xC3, 0x22, 0x7D]
    let value = try JSONValue(parsing: bytes)
    #expect(value == ["a\u{FFFD}": "\u{FFFD}"])
    #expect(value.jsonByteCount == value.jsonBytes.count)
  }

  /// More keys than the parser keeps makes for, and objects that branch at every key.
  @Test func readsObjectsThatServeAsDictionaries() throws {
    var expected = JSONObject()
    for number in 0..<3000 { expected["key \(number)"] = ["n\(number % 40)": .int(Int64(number)), "x": ["y\(number % 9)": true]] }
    let value = try JSONValue(parsing: JSONValue.object(expected).jsonText)
    #expect(value.isIdentical(to: .object(expected)))
    #expect(value["key 2999"]?["n39"] == 2999)
    let rows = JSONValue.array(expected.map { ["id": .string($0.key), "row": $0.value] })
    #expect(try JSONValue(parsing: rows.jsonText).isIdentical(to: rows))
  }
}

extension JSONSyntaxError {
  /// An error in the first line of an ASCII text.
  fileprivate init(_ message: String, at offset: Int) {
    self.init(message: message, offset: offset, line: 1, column: offset + 1)
  }
}

import JSONTypes
import Testing

/// Samples for each rule of the grammar, of our own making. What the grammar accepts must be read by both parsers, what it does
/// not accept must be refused by both.
@Suite struct RFC8259Tests {
  static let accepted: [String] = [
    // 2: any value may be a text; blanks around each token
    "null", "true", "false", "0", "\"\"", "{}", "[]", " 1 ", "\t1\n", "\r\n[\r\n]\r\n", "[ 1 , 2 ]", "{ \"a\" : 1 , \"b\" : 2 }",
    // 4: objects; names may repeat and be empty
    "{\"a\":{}}", "{\"a\":[],\"a\":[]}", "{\"\":0}", "{\"a\":{\"a\":{\"a\":null}}}", "{\"\\u0061\":1}", "{\"\\\"\":1}",
    // 5: arrays; elements of any kinds
    "[[]]", "[[],[]]", "[null,true,1,\"\",[],{}]", "[1.0,-1,1e1]",
    // 6: numbers
    "-0", "-0.0", "0e0", "0E+1", "0.0e-0", "10", "100", "1.5", "1.05", "1e5", "1E5", "1e+5", "1e-5", "1.5e10", "1e-5000", "1e0005",
    "123456789012345678901234567890", "-123456789012345678901234567890", "0.1000000000000000055511151231257827",
    // 7: strings; every escape, every plane, what needs none
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\\u001F\\uFFFF\"", "\"\\uabcd\\uABCD\\uAbCd\"", "\"\\ud83d\\ude00\"", "\"/\"", "\"'\"", "\"\u{7F}\u{80}\u{9F}\"",
    "\"\u{2028}\u{2029}\"", "\"é\u{301}ключ数😀\u{10FFFF}\"", "\" // no comment \"", "\"#{[,:]}\"", "\"\u{FEFF}\"", "\"\u{FFFF}\u{FFFE}\"",
    // 8.2: lone surrogates are in the grammar
    "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"\\ud800\\ud800\"",
    // 8.1: a parser may skip a byte order mark
    "\u{FEFF}{}",
  ]

  static let refused: [String] = [
    "", " ", "\n", "\u{FEFF}", "\u{A0}1", "1\u{A0}", "\u{0B}1", "\u{0C}1", "\u{85}1",
    // literals
    "True", "NULL", "nul", "nulll", "truefalse", "true false", "undefined", "NaN", "Infinity", "-Infinity", "nan",
    // objects
    "{", "}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\",1}", "{\"a\":1,}", "{,}", "{,\"a\":1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{\"a\"::1}", "{a:1}",
    "{'a':1}", "{1:1}", "{null:1}", "{\"a\":1;\"b\":2}", "{\"a\"=1}", "{\"a\":1]", "{\"a\":1}}", "{\"a\":1", "{\"a\":", "{\"a\"", "{\"a", "{\"a\":1},", "{[]:1}",
    // arrays
    "[", "]", "[}", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "[1:2]", "[1", "[1,", "[[1]", "[1]]", "[1}", "[1],", "[\"a\" \"b\"]", "1,2", "[1]x",
    // numbers
    "+1", "-", "--1", "-+1", "- 1", "01", "-01", "00", "1.", ".1", "-.1", "1.e1", "1.+1", "1e", "1e+", "1e-", "1e1.5", "1ee1", "1e+-1", "0x1", "1_000", "1,000", "1.2.3", "1a", "0b1",
    "١", "１", "1/2", "1e400", "-1e400", "1-1", "1+1", "0.1.",
    // strings
    "\"", "\"a", "a\"", "\"\\\"", "\"\\", "'a'", "\"\\a\"", "\"\\x41\"", "\"\\u\"", "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\U0041\"", "\"\\'\"", "\"\\0\"", "\"\\\n\"",
    "\"\n\"", "\"\r\"", "\"\t\"", "\"\0\"", "\"\u{1F}\"", "\"a\"b\"", "\"a\"\"b\"", "\"\\ud800\\u\"", "“a”", "`a`", "\"\\u+041\"", "\"\\u 041\"",
    // comments and other dialects
    "// a\n1", "1 // a", "/* a */1", "[1/**/]", "# a\n1", "1 # a", "{\"a\":1 /* b */}", "<!-- 1 -->", "(1)", "[1]\u{0}", "1\u{0}", "$", "@", "*", "{}{}", "[] []", "1 1",
  ]

  @Test(arguments: accepted) func accepts(_ text: String) throws {
    let value = try JSONValue(parsing: text)
    let (node, problems) = SyntaxNode.parse(json: text)
    #expect(problems == [])
    #expect(node.value.isIdentical(to: value))
    #expect(try JSONValue(parsing: value.jsonText).isIdentical(to: value))
    #expect(try JSONValue(parsing: value.prettyText).isIdentical(to: value))
  }

  @Test(arguments: refused) func refuses(_ text: String) {
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    let problems = SyntaxNode.parse(json: text).problems
    #expect(!problems.isEmpty)
    for problem in problems { #expect(!problem.message.isEmpty && !problem.hint.isEmpty) }
  }
}

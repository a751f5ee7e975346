import JSONTypes
import RegularExpressions
import Testing

@Suite struct RegularExpressionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let pattern: String
    let text: String
    /// The texts of all matches; nil when the pattern must be refused.
    let matches: [String]?
    var options: RegularExpression.Options = []
    init(_ pattern: String, _ text: String, _ matches: [String]?, _ options: RegularExpression.Options = []) {
      self.pattern = pattern
      self.text = text
      self.matches = matches
      self.options = options
    }
    var testDescription: String { "/\(pattern)/ on \(text)" }
  }

  static func check(_ row: Row, _ flavor: RegularExpression.Flavor) throws {
    guard let expected = row.matches else {
      #expect(throws: RegularExpressionError.self) { try RegularExpression(row.pattern, flavor: flavor, options: row.options) }
      return
    }
    let expression = try RegularExpression(row.pattern, flavor: flavor, options: row.options)
    #expect(try expression.matches(in: row.text).map { String($0.text) } == expected)
  }

  /// ECMA-262; the expectations are what Node.js answers.
  static let javaScript: [Row] = [
    Row("ab|c", "abc", ["ab", "c"]), Row("a*", "baa", ["", "aa", ""]), Row("", "é", ["", ""]), Row("[]", "a", []), Row("[^]", "\n", ["\n"]),
    Row("\\d+", "12٣", ["12"]), Row("\\s", "\u{A0}\u{FEFF}x", ["\u{A0}", "\u{FEFF}"]), Row("[\\S]", "\u{A0}x", ["x"]),
    Row(".", "\u{2028}a\u{85}", ["a", "\u{85}"]), Row("^b", "a\nb", []), Row("^b", "a\u{2028}b", ["b"], .multiline), Row("a$", "a\n", []),
    Row("a$", "a\nba", ["a", "a"], .multiline), Row("\\u00e9\\x41", "éA", ["éA"]), Row("\\ud83d\\ude00", "😀", ["😀"]), Row("{", "{", ["{"]),
    Row("a{,2}", "a{,2}", ["a{,2}"]), Row("a{2,1}", "a", nil), Row("x*+", "x", nil), Row("*", "a", nil), Row("(?#c)", "a", nil),
    Row("(?i:a)", "A", nil), Row("\\Qa\\E", "QaE", ["QaE"]), Row("\\h", "h", ["h"]), Row("[[:alpha:]]", "a]", ["a]"]), Row("(a", "a", nil),
    Row("a)", "a", nil), Row("[a", "a", nil), Row("\\", "a", nil), Row("(?<y>\\d)\\k<y>", "1233", ["33"]), Row("(a)|\\1b", "b", ["b"]),
    Row("\\1", "\u{1}", ["\u{1}"]), Row("(?<=\\$)\\d+", "$42 43", ["42"]), Row("[z-a]", "a", nil), Row("[\\w-]", "a-", ["a", "-"]),
    Row("[\\b]", "\u{8}b", ["\u{8}"]), Row("\\cJ", "\n", ["\n"]), Row("\\p{2}", "pp", ["pp"]), Row("a b#c", "a b#c", ["a b#c"]),
    Row("ÄB", "äb", ["äb"], .caseInsensitive), Row("(*ACCEPT)", "", nil), Row("[\\ud800-\\udfff]", "😀a", []), Row("a??", "a", ["", ""]),
  ]
  @Test(arguments: javaScript) func readsJavaScript(_ row: Row) throws { try Self.check(row, .javaScript) }

  static let java: [Row] = [
    Row("[a-c]+", "abcd", ["abc"]), Row("\\Q.*\\E", "a.*", [".*"]), Row("a++", "aa", ["aa"]), Row("(?i)AB", "ab", ["ab"]),
    Row("\\p{Upper}\\p{Lower}+", "aBcd", ["Bcd"]), Row("\\p{IsLatin}", "é1", ["é"]), Row("\\u00e9", "é", ["é"]), Row("\\0101", "A", ["A"]),
    Row("[a[b]]", "a", nil), Row("[a&&b]", "a", nil), Row("(?R)", "a", nil), Row("(*FAIL)", "a", nil), Row("\\y", "y", nil),
    Row("a$", "a\n", ["a"]), Row("(?<n>a)\\k<n>", "aa", ["aa"]), Row("(?:a|b)(?=c)", "abc", ["b"]), Row("(?>a+)b", "aab", ["aab"]),
    Row("(?<!a)b", "abb", ["b"]), Row("\\p{foo}", "f", nil), Row("a # x\n b", "ab", ["ab"], .extended), Row("()", "", [""]),
  ]
  @Test(arguments: java) func readsJava(_ row: Row) throws { try Self.check(row, .java) }

  @Test func tellsGroupsAndOffsets() throws {
    let expression = try RegularExpression("(é)(x)?(?<last>b)")
    let match = try #require(try expression.firstMatch(in: "éb éb", from: 1))
    #expect(match.range == 4..<7)
    #expect(match.groups == [4..<7, 4..<6, nil, 6..<7])
    #expect(match.text(ofGroup: 1) == "é")
    #expect(match.text(ofGroup: 2) == nil)
    #expect(expression.groupNames == [nil, nil, nil, "last"])
    #expect(try expression.firstMatch(in: "éb", from: 99) == nil)
  }

  @Test func matchesTheWholeText() throws {
    let expression = try RegularExpression("a|ab", flavor: .java)
    #expect(try expression.matchesWhole("ab"))
    #expect(try !expression.matchesWhole("abc"))
    #expect(try RegularExpression("").matchesWhole(""))
  }

  @Test func tellsWhereThePatternIsWrong() {
    for (pattern, offset) in [("é(", 2), ("ab[z-a]", 4), ("a)", 1), ("x(?<=a*)", 1)] {
      do {
        _ = try RegularExpression(pattern)
        Issue.record("\(pattern) was accepted")
      } catch {
        #expect(error.kind == .syntax)
        let place = error.offset ?? -1
        #expect(place >= offset && place <= pattern.utf8.count, "\(pattern): \(error)")
      }
    }
  }

  @Test func givesUpBeforeItHangs() throws {
    let expression = try RegularExpression("^(a+)+$")
    do {
      _ = try expression.firstMatch(in: String(repeating: "a", count: 40) + "!")
      Issue.record("a match that needs 2^40 steps ended")
    } catch {
      #expect(error.kind == .limit)
    }
    #expect(throws: RegularExpressionError.self) { try RegularExpression(String(repeating: "(", count: 400) + String(repeating: ")", count: 400)) }
    #expect(throws: RegularExpressionError.self) { try RegularExpression(String(repeating: "a", count: 70_000)) }
  }

  /// No text crashes either reader or the engine behind it.
  @Test(arguments: 0..<20 as Range<UInt64>) func survivesAnyPattern(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = ["(", ")", "[", "]", "^", "$", "\\", "?", "*", "+", "{", "}", "1", ",", "a", "-", "|", "<", ">", "=", "!", ":", "é", "u", "ud83d", "x", "k", "c", "p", "Q", "&", "#"]
    for _ in 0..<400 {
      let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      for flavor in [RegularExpression.Flavor.javaScript, .java] {
        for options in [RegularExpression.Options(), [.multiline, .caseInsensitive, .extended]] {
          guard let expression = try? RegularExpression(text, flavor: flavor, options: options) else { continue }
          let matches = (try? expression.matches(in: "aé1-(u\n")) ?? []
          #expect(matches.count <= 8, "seed \(seed): \(text)")
        }
      }
    }
  }
}

import JSONTypes
import Testing

@testable import RedshiftDataEmulator

@Suite struct TokenizerTests {
  static func kinds(_ text: String) -> [String] { Tokenizer.tokens(of: text).dropLast().map { "\($0.kind) \($0.text)" } }

  @Test(arguments: [
    ("a.b::int", ["word a", "symbol .", "word b", "symbol ::", "word int"]),
    ("'it''s; ok' x", ["string 'it''s; ok'", "word x"]),
    ("'a\\'b'", ["string 'a\\'b'"]),
    ("$$a;'b'$$", ["dollarString $$a;'b'$$"]),
    ("$t$ $$ $t$", ["dollarString $t$ $$ $t$"]),
    ("\"a\"\"b\"", ["quotedName \"a\"\"b\""]),
    (":p1 + x::date", ["parameter :p1", "symbol +", "word x", "symbol ::", "word date"]),
    ("1.5e-3 .5", ["number 1.5e-3", "number .5"]),
    ("#tmp t#x", ["word #tmp", "word t", "symbol #", "word x"]),
    ("a /* x /* y; */ z */ b -- c\n;", ["word a", "word b", "symbol ;"]),
    ("a<=b||c!=d", ["word a", "symbol <=", "word b", "symbol ||", "word c", "symbol !=", "word d"]),
    ("x := 1", ["word x", "symbol :=", "number 1"]),
  ]) func tokens(_ text: String, _ expected: [String]) { #expect(Self.kinds(text) == expected) }

  @Test func tokensJoinedAreTheText() {
    let pieces = [
      "'", "\"", "$$", "$a$", "--", "\n", "/*", "*/", "a", "Z9", ":", "::", ":x", ";", "(", ")", "[", "]", ".", "1", "\\", "é", "😀", "#",
      " ", "e'", "=",
    ]
    for seed in 0..<400 {
      var random = SeededRandom(seed: UInt64(seed))
      let text = (0..<Int(random.next() % 40)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
      let tokens = Tokenizer.tokens(of: text)
      #expect(tokens.map { $0.leading + $0.text }.joined() == text, "seed \(seed)")
      // No text may crash what comes behind the tokenizer either.
      for statement in StatementSplitter.statements(of: text) { _ = try? Translator.translate(statement) }
    }
  }

  @Test func randomStatementsDoNotCrashTheTranslator() {
    let words = [
      "select", "from", "where", "(", ")", ",", "create", "table", "t", "a", "int", "as", "varchar", "identity", "encode", "qualify", "top",
      "1", "order", "by",
      "with", "union", "pivot", "for", "in", "'x'", "alter", "column", "type", "merge", "call", "copy", "unload", "over", "within", "group",
      "ignore", "nulls",
      "listagg", "decode", "extract", "dateadd", "month", ".", "[", "]", "::", "begin", "procedure", "$$ begin end $$", "language",
      "plpgsql", "limit", "distinct", "on",
    ]
    for seed in 0..<2000 {
      var random = SeededRandom(seed: UInt64(seed), number: 1)
      let text = (0..<Int(random.next() % 25)).map { _ in words[Int(random.next() % UInt64(words.count))] }.joined(separator: " ")
      for statement in StatementSplitter.statements(of: text) { _ = try? Translator.translate(statement) }
    }
  }

  @Test(arguments: [
    ("select 1; select 2", 2), ("select ';'; -- ; \n", 1), ("/* ; */ ; ;;", 0), ("", 0), ("select $$;$$;select \"a;b\"", 2),
    ("/* a /* ; */ ; */ select 1", 1),
  ]) func splits(_ text: String, _ count: Int) { #expect(StatementSplitter.statements(of: text).count == count) }
}

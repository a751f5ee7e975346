import JSONTypes
import Testing

@testable import TaskActions

@Suite struct SQLScriptTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var script: String
    var statements: [String]
    var testDescription: String { name }
  }

  static let rows = [
    Row(name: "two", script: "select 1; select 2;\n", statements: ["select 1", "select 2"]),
    Row(name: "the last needs no semicolon", script: "a;b", statements: ["a", "b"]),
    Row(name: "nothing", script: " ;\n;\t; ", statements: []),
    Row(name: "empty", script: "", statements: []),
    Row(name: "pieces of comments are dropped", script: "-- x; y\n; /* z; */ ; select 1 -- end;\n;", statements: ["select 1 -- end;"]),
    Row(name: "comments before a statement stay", script: "/* why */\nselect 1;", statements: ["/* why */\nselect 1"]),
    Row(name: "quotes", script: "select 'a;b', \"c;d\"; x", statements: ["select 'a;b', \"c;d\"", "x"]),
    Row(name: "doubled quotes", script: "select 'it''s; fine'; x", statements: ["select 'it''s; fine'", "x"]),
    Row(name: "a backslash escapes", script: #"select 'it\'s; fine'; x"#, statements: [#"select 'it\'s; fine'"#, "x"]),
    Row(name: "an escaped backslash ends", script: #"select 'c:\\'; x"#, statements: [#"select 'c:\\'"#, "x"]),
    Row(name: "no escapes in names", script: #"select "a\"; x"#, statements: [#"select "a\""#, "x"]),
    Row(
      name: "dollar quotes", script: "create procedure p() as $$ begin a; b; end $$ language plpgsql; x",
      statements: ["create procedure p() as $$ begin a; b; end $$ language plpgsql", "x"]),
    Row(name: "tagged dollar quotes", script: "do $f$ a; $$ ; $g$ b; $f$; x", statements: ["do $f$ a; $$ ; $g$ b; $f$", "x"]),
    Row(name: "parameters are no quotes", script: "select $1; select $2;", statements: ["select $1", "select $2"]),
    Row(name: "a dollar within a name is no quote", script: "select a$b$; select c$b$;", statements: ["select a$b$", "select c$b$"]),
    Row(name: "nested comments", script: "a /* 1 /* 2; */ 3; */ b; c", statements: ["a /* 1 /* 2; */ 3; */ b", "c"]),
    Row(name: "quotes within comments", script: "a -- don't\n; b /* \" */; c", statements: ["a -- don't", "b /* \" */", "c"]),
    Row(name: "comment marks within quotes", script: "select '--', '/*'; b", statements: ["select '--', '/*'", "b"]),
    Row(name: "a minus and a slash", script: "select 1-1, 4/2; b", statements: ["select 1-1, 4/2", "b"]),
    Row(name: "what is open reaches to the end", script: "a; select 'b; c", statements: ["a", "select 'b; c"]),
    Row(name: "an open comment is no statement", script: "a; /* b; c", statements: ["a"]),
    Row(name: "an open dollar quote", script: "a; $$ b; c", statements: ["a", "$$ b; c"]),
    Row(name: "other letters", script: "select 'ä;€'; größe;", statements: ["select 'ä;€'", "größe"]),
    Row(name: "a carriage return is a blank", script: "a;\r\nb;\r\n", statements: ["a", "b"]),
  ]

  @Test(arguments: rows) func splits(_ row: Row) {
    #expect(SQLScript(row.script).statements == row.statements)
  }

  /// Over random texts of the characters that matter: pieces and semicolons make up the script; statements lose only blanks;
  /// what stands alone splits again into itself.
  @Test func losesNothing() {
    let parts = ["'", "\"", "$$", "$", "$t$", "--", "\n", "/*", "*/", ";", "a", " ", "\\", "1", "ü", "-", "/", "*", "t"]
    for seed in 0..<3000 {
      var random = SeededRandom(seed: UInt64(seed))
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined()
      let script = SQLScript(text)
      let bytes = Array(text.utf8)
      let joined = script.pieces.map { String(decoding: bytes[$0.range], as: UTF8.self) }.joined(separator: ";")
      #expect(joined == text, "seed \(seed)")
      let kept = script.pieces.filter(\.hasContent)
      #expect(kept.count == script.statements.count, "seed \(seed)")
      for (piece, statement) in zip(kept, script.statements) {
        let whole = String(decoding: bytes[piece.range], as: UTF8.self)
        #expect(!statement.isEmpty && whole.contains(statement), "seed \(seed)")
        #expect(whole.utf8.filter { $0 > 0x20 }.count == statement.utf8.filter { $0 > 0x20 }.count, "seed \(seed)")
      }
    }
  }
}

@Suite struct ScriptTemplateTests {
  @Test(arguments: [
    ("", ""), ("no braces", "no braces"), ("d='{job_run_date}'", "d='2021-06-26'"),
    ("{job_run_date}{job_run_date}", "2021-06-262021-06-26"),
    ("{{job_run_date}}", "{job_run_date}"), ("'{{\"a\": 1}}'", "'{\"a\": 1}'"), ("{{{job_run_date}}}", "{2021-06-26}"),
  ]) func fills(_ template: String, _ text: String) throws {
    #expect(try ScriptTemplate(text: template).filled(with: ["job_run_date": "2021-06-26"]) == text)
  }

  @Test(arguments: [
    ("select {x}", "line 1, column 8: nothing to fill in for \"{x}\""), ("a\nb }", "line 2, column 3: a single \"}\""),
    ("a\n\n{", "line 3, column 1: a single \"{\""), ("{}", "line 1, column 1: nothing to fill in for \"{}\""),
    ("{job_run_date:>10}", "line 1, column 1: nothing to fill in"), ("{job_run_date!r}", "line 1, column 1: nothing to fill in"),
    ("{a{b}", "line 1, column 1: a single \"{\""), ("é{0}", "line 1, column 2: nothing to fill in"),
  ]) func saysWhereItCannot(_ template: String, _ message: String) {
    let problem = #expect(throws: ScriptTemplate.Problem.self) { try ScriptTemplate(text: template).filled(with: ["job_run_date": "d"]) }
    #expect(problem?.description.hasPrefix(message) == true, "\(problem?.description ?? "")")
  }
}

import JSONTypes
import Testing

@testable import TaskActions

@Suite struct CommandWordsTests {
  @Test(
    arguments: [
      ("./charge.py", ["./charge.py"]),
      ("  python3   charge.py\t--fast\n", ["python3", "charge.py", "--fast"]),
      ("a 'b c' \"d e\"", ["a", "b c", "d e"]),
      ("a b' c'd", ["a", "b cd"]),
      ("a ''", ["a", ""]),
      ("a \"\"", ["a", ""]),
      (#"a b\ c \\ \"d\' "#, ["a", "b c", "\\", "\"d'"]),
      (#"a "x\"y" "\$HOME" "\n" '\n'"#, ["a", "x\"y", "$HOME", "\\n", "\\n"]),
      ("a \\\nb c\\\nd", ["a", "b", "cd"]),
      ("a $HOME `id` *.json ~ #x", ["a", "$HOME", "`id`", "*.json", "~", "#x"]),
      ("curl http://x/?a=1&b=2", ["curl", "http://x/?a=1&b=2"]),
      ("a '|' \\; \">\"", ["a", "|", ";", ">"]),
      ("äöü '日本 語'", ["äöü", "日本 語"]),
    ] as [(String, [String])]) func splitsAsAShell(_ text: String, _ words: [String]) throws
  {
    #expect(try CommandWords.split(text) == words)
  }

  @Test(
    arguments: [
      ("", "expected a program"), ("   ", "expected a program"), ("''", "expected a program"), ("a 'b", "' without its end"),
      ("a \"b", "\" without its end"), ("a \"b\\", "\" without its end"), ("a \\", "backslash"), ("a | b", "no shell runs"),
      ("a > b", "no shell runs"), ("a && b", "no shell runs"), ("a ;", "no shell runs"), ("a \u{0}", "U+0000"),
    ]) func refuses(_ text: String, _ why: String)
  {
    do throws(TaskRuleProblem) {
      let words = try CommandWords.split(text)
      Issue.record("\(words)")
    } catch {
      #expect(error.message.contains(why))
    }
  }

  @Test(arguments: 0..<200) func whatIsJoinedSplitsAlike(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let characters = Array("ab'\"\\ $|&;<>()\t\n~#*é")
    let words =
      ["p"]
      + (0..<Int(random.next() % 5)).map { _ in
        String((0..<Int(random.next() % 8)).map { _ in characters[Int(random.next() % UInt64(characters.count))] })
      }
    #expect(try CommandWords.split(CommandWords.joined(words)) == words)
  }
}

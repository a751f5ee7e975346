/// The words of a command as a POSIX shell splits them: blanks part words, `'…'` and `"…"` keep them together, `\` takes the next
/// character as it is.
///
/// Nothing is expanded, so `$HOME` and `*.json` stay as they are written. Operators of a shell that stand alone are refused, because
/// whoever writes `a | b` means a shell.
///
/// Source: POSIX.1-2017, Shell Command Language, "Quoting", "Token Recognition".
public enum CommandWords {
  /// Words of one command.
  public static let maximumCount = 4_096

  /// - Throws: `TaskRuleProblem` for a quote without an end, an operator, or no word at all.
  public static func split(_ text: String) throws(TaskRuleProblem) -> [String] {
    var words: [String] = []
    var word = ""
    var isOpen = false
    var isQuoted = false
    func end() throws(TaskRuleProblem) {
      guard isOpen else { return }
      if !isQuoted, word.allSatisfy({ "|&;<>()".contains($0) }) {
        throw TaskRuleProblem(
          "no shell runs the command, so \"\(word)\" has no meaning; quote it to pass it on, or name a shell: exec:sh -c '…'")
      }
      words.append(word)
      (word, isOpen, isQuoted) = ("", false, false)
    }
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case " ", "\t", "\n", "\r", "\r\n": try end()
      case "'":
        guard let close = rest.firstIndex(of: "'") else { throw TaskRuleProblem("the command has a ' without its end: \(text)") }
        word += rest[..<close]
        rest = rest[rest.index(after: close)...]
        (isOpen, isQuoted) = (true, true)
      case "\"":
        word += try quoted(&rest, of: text)
        (isOpen, isQuoted) = (true, true)
      case "\\":
        guard let next = rest.popFirst() else { throw TaskRuleProblem("the command ends in a backslash, which escapes nothing: \(text)") }
        if next == "\n" { continue }
        word.append(next)
        (isOpen, isQuoted) = (true, true)
      default:
        word.append(character)
        isOpen = true
      }
    }
    try end()
    return try checked(words)
  }

  /// Refuses what no program can be started with.
  static func checked(_ words: [String]) throws(TaskRuleProblem) -> [String] {
    guard let program = words.first, !program.isEmpty else { throw TaskRuleProblem("expected a program after exec:, found none") }
    guard words.count <= maximumCount else { throw TaskRuleProblem("a command has at most \(maximumCount) words, this one \(words.count)") }
    guard !words.contains(where: { $0.utf8.contains(0) }) else {
      throw TaskRuleProblem("the words of a command must not hold the character U+0000")
    }
    return words
  }

  /// What stands up to the closing `"`; a backslash escapes `$`, `` ` ``, `"`, `\` and a line end there.
  private static func quoted(_ rest: inout Substring, of text: String) throws(TaskRuleProblem) -> String {
    var word = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return word
      case "\\":
        guard let next = rest.popFirst() else { break }
        if next == "\n" { continue }
        if !"$`\"\\".contains(next) { word.append("\\") }
        word.append(next)
      default: word.append(character)
      }
    }
    throw TaskRuleProblem("the command has a \" without its end: \(text)")
  }

  /// The words as one text that a shell, or `split`, would take apart again.
  public static func joined(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
          default: "-_./=:,+@%".utf8.contains(byte)
          }
        }
      return isPlain ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }.joined(separator: " ")
  }
}

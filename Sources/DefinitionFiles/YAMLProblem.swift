/// libyaml's complaints, in words that say what to do.
enum YAMLProblem {
  /// - Parameter next: the byte at the place of the problem, or nil at the end of the text.
  static func message(_ error: YAMLSyntaxError, before next: UInt8?) -> String {
    let problem = error.problem
    let isTab = next == 0x09
    if isTab, problem.contains("cannot start any token") || problem.contains("tab character") {
      return "found a tab where YAML expects indentation; indent with spaces"
    }
    for (part, hint) in hints where problem.contains(part) { return problem + "; " + hint }
    return problem
  }

  private static let hints: [(part: String, hint: String)] = [
    ("mapping values are not allowed", "a text that contains ': ' must be quoted, and keys of one mapping are indented alike"),
    ("cannot start any token", "a text that begins with '@', '`', '%' or ',' must be quoted"),
    ("could not find expected ':'", "each line of a mapping is 'key: value'; a text over several lines needs quotes, '|' or '>'"),
    ("did not find expected key", "keys of one mapping are indented alike"),
    ("did not find expected '-' indicator", "elements of one list are indented alike"),
    ("did not find expected ',' or '}'", "the mapping's '}' or a comma is missing"),
    ("did not find expected ',' or ']'", "the list's ']' or a comma is missing"),
    ("found unexpected end of stream", "the closing quote is missing"),
    ("found unknown escape character", "use single quotes, in which a backslash is a backslash"),
    ("did not find expected <document start>", "nothing may follow the document's end"),
    ("control characters are not allowed", "write it as an escape in double quotes"),
  ]
}

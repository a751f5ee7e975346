/// A text with `{name}` placeholders in the manner of Python's `str.format`: `{{` and `}}` stand for braces.
///
/// Only plain names are filled in. Positions, attributes, conversions and format specifications are refused.
struct ScriptTemplate {
  var text: String

  /// A placeholder that cannot be filled in, with its place.
  struct Problem: Error, Hashable, CustomStringConvertible {
    var line: Int
    /// In characters, from 1.
    var column: Int
    var message: String
    var description: String { "line \(line), column \(column): \(message)" }
  }

  func filled(with values: [String: String]) throws(Problem) -> String {
    var result = ""
    var rest = text[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      result += rest[..<brace]
      let mark = rest[brace]
      rest = rest[rest.index(after: brace)...]
      if rest.first == mark {
        result.append(mark)
        rest.removeFirst()
        continue
      }
      guard mark == "{" else { throw problem(at: brace, "a single \"}\"; write \"}}\" for a brace") }
      guard let end = rest.firstIndex(where: { $0 == "}" || $0 == "{" }), rest[end] == "}" else {
        throw problem(at: brace, "a single \"{\" without its \"}\"; write \"{{\" for a brace")
      }
      let name = String(rest[..<end])
      guard let value = values[name] else {
        let known = values.keys.sorted().map { "{\($0)}" }.joined(separator: ", ")
        throw problem(at: brace, "nothing to fill in for \"{\(name)}\"; only \(known) is known; write \"{{\" and \"}}\" for braces")
      }
      result += value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private func problem(at index: String.Index, _ message: String) -> Problem {
    let before = text[..<index]
    let lineStart = before.lastIndex(where: \.isNewline).map { text.index(after: $0) } ?? text.startIndex
    return Problem(line: before.count(where: \.isNewline) + 1, column: text[lineStart..<index].count + 1, message: message)
  }
}

/// The difference between two texts as `diff -u` prints it.
struct TextDifference {
  /// Unchanged lines around a change.
  private static let context = 3
  /// Longer stretches are shown as replaced as a whole.
  private static let longestStretch = 2_000

  private enum Line { case same(Substring), removed(Substring), added(Substring) }

  /// Empty when the texts are equal.
  static func unified(_ old: String, _ new: String, path: String) -> String {
    let lines = compare(split(old), split(new))
    var result = ""
    var index = 0
    var (oldLine, newLine) = (1, 1)
    while index < lines.count {
      guard let first = lines[index...].firstIndex(where: { if case .same = $0 { false } else { true } }) else { break }
      let start = max(index, first - context)
      oldLine += start - index
      newLine += start - index
      // Changes that are near each other share a hunk.
      var end = first
      var last = first
      while end < lines.count, end - last <= 2 * context {
        if case .same = lines[end] {} else { last = end }
        end += 1
      }
      end = min(lines.count, last + 1 + context)
      let (oldStart, newStart) = (oldLine, newLine)
      var body = ""
      for line in lines[start..<end] {
        switch line {
        case .same(let text):
          body += " \(text)\n"
          oldLine += 1
          newLine += 1
        case .removed(let text):
          body += "-\(text)\n"
          oldLine += 1
        case .added(let text):
          body += "+\(text)\n"
          newLine += 1
        }
      }
      result += "@@ -\(oldStart),\(oldLine - oldStart) +\(newStart),\(newLine - newStart) @@\n" + body
      index = end
    }
    return result.isEmpty ? "" : "--- \(path)\n+++ \(path)\n" + result
  }

  private static func split(_ text: String) -> [Substring] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private static func compare(_ old: [Substring], _ new: [Substring]) -> [Line] {
    var head = 0
    while head < min(old.count, new.count), old[head] == new[head] { head += 1 }
    var tail = 0
    while tail < min(old.count, new.count) - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
    var lines = old[..<head].map { Line.same($0) }
    let (a, b) = (Array(old[head..<old.count - tail]), Array(new[head..<new.count - tail]))
    if a.count > longestStretch || b.count > longestStretch {
      lines += a.map { .removed($0) } + b.map { .added($0) }
    } else {
      lines += longestCommon(a, b)
    }
    return lines + old[(old.count - tail)...].map { .same($0) }
  }

  /// By the table of the longest common subsequences.
  private static func longestCommon(_ a: [Substring], _ b: [Substring]) -> [Line] {
    var table = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in stride(from: a.count - 1, through: 0, by: -1) {
      for j in stride(from: b.count - 1, through: 0, by: -1) {
        table[i][j] = a[i] == b[j] ? table[i + 1][j + 1] + 1 : max(table[i + 1][j], table[i][j + 1])
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if i < a.count, j < b.count, a[i] == b[j] {
        lines.append(.same(a[i]))
        i += 1
        j += 1
      } else if i < a.count, j >= b.count || table[i + 1][j] >= table[i][j + 1] {
        lines.append(.removed(a[i]))
        i += 1
      } else {
        lines.append(.added(b[j]))
        j += 1
      }
    }
    return lines
  }
}

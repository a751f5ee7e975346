import JSONTypes
import RegularExpressions

/// A match, of a regular expression or of a function that stands for one.
struct FoundMatch {
  let text: String
  /// UTF-16 units, as JavaScript counts.
  let start: Int
  let end: Int
  /// Nil for a group that took no part.
  let groups: [String?]
  /// Finds the match after this one.
  let next: Function.Kind
}

/// The search for a pattern in a text from some place on.
final class RegexSearch {
  private let pattern: RegularExpression
  private let position: Int
  private let text: String
  /// Bytes of the text before the place, and the same in UTF-16 units.
  private let offset: Int
  private let offset16: Int

  init(_ pattern: RegularExpression, position: Int, in text: String, offset: Int = 0, offset16: Int = 0) {
    self.pattern = pattern
    self.position = position
    self.text = text
    self.offset = offset
    self.offset16 = offset16
  }

  /// The next match or nil. After the first one, an empty match is an error, since the search would not move on.
  func next(first: Bool, _ run: Run) throws(Failure) -> FoundMatch? {
    if !first, offset >= text.utf8.count { return nil }
    try run.charge(steps: 16)
    let match: RegularExpression.Match?
    do throws(RegularExpressionError) { match = try pattern.firstMatch(in: text, from: offset) } catch {
      throw Failure(JSONataError.Code.matchLimit, position: position, value: .string(error.message))
    }
    guard let match else { return nil }
    if !first, match.range.isEmpty { throw Failure("D1004", position: position, value: .string(pattern.pattern)) }
    let start = offset16 + utf16Count(offset..<match.range.lowerBound)
    let end = start + utf16Count(match.range)
    var groups: [String?] = []
    for number in 1..<max(1, match.groups.count) { groups.append(match.text(ofGroup: number).map { String($0) }) }
    try run.charge(bytes: match.range.count)
    return FoundMatch(
      text: String(match.text), start: start, end: end, groups: groups,
      next: .nextMatch(RegexSearch(pattern, position: position, in: text, offset: match.range.upperBound, offset16: end)))
  }

  private func utf16Count(_ range: Range<Int>) -> Int {
    let bytes = text.utf8
    let from = bytes.index(bytes.startIndex, offsetBy: range.lowerBound)
    var count = 0
    // Every byte that begins a character is a unit; one that begins four is two.
    for byte in bytes[from..<bytes.index(from, offsetBy: range.count)] {
      if byte & 0xC0 != 0x80 { count += byte >= 0xF0 ? 2 : 1 }
    }
    return count
  }
}

extension FoundMatch {
  /// The object that a matcher function gives.
  func value(_ run: Run) throws(Failure) -> Value {
    let groups = try run.list(groups.map { $0.map { .string($0) } ?? .undefined })
    return .record(
      Record(
        keys: ["match", "start", "end", "groups", "next"],
        values: [.string(text), .number(Double(start)), .number(Double(end)), groups, try run.function(next)], depth: 2))
  }

  /// Reads the object that a function gave; nil when it gave nothing.
  init?(_ value: Value, _ run: Run) throws(Failure) {
    guard !value.isUndefined else { return nil }
    let next = value.member("next").asFunction
    let start = value.member("start").anyNumber
    let end = value.member("end").anyNumber
    guard start != nil || end != nil || value.member("groups").isArray || next != nil else { throw Failure("T1010") }
    text = value.member("match").asString ?? ""
    self.start = Int(exactly: (start ?? 0).rounded(.towardZero)) ?? 0
    self.end = end.flatMap { Int(exactly: $0.rounded(.towardZero)) } ?? self.start + text.utf16.count
    groups = value.member("groups").items.map { try? run.text(of: $0) }
    self.next = next?.kind ?? .chain(Function(Builtin.nothing), Function(Builtin.nothing))
  }
}

extension Builtin {
  /// A function without a result.
  fileprivate static let nothing = Builtin("nothing", "<:x>", parameters: 0) { _ throws(Failure) in .undefined }
}

extension Arguments {
  /// The first match that a pattern finds in a text, where the pattern is a regular expression or a function like one.
  func firstMatch(_ matcher: Function, in text: String) throws(Failure) -> FoundMatch? {
    if case .regularExpression(let pattern, let position) = matcher.kind {
      return try RegexSearch(pattern, position: position, in: text).next(first: true, run)
    }
    return try FoundMatch(run.collapsed(call(matcher, [.string(text)])), run)
  }

  func match(after match: FoundMatch) throws(Failure) -> FoundMatch? {
    if case .nextMatch(let search) = match.next { return try search.next(first: false, run) }
    guard case .function(let next) = try run.function(match.next) else { return nil }
    return try FoundMatch(run.collapsed(call(next, [])), run)
  }
}

import JSONTypes

/// Compares what an engine answered with what was recorded.
///
/// In a recording, a text between U+27E6 and U+27E7 is a wildcard. JSON payloads that stand as texts are compared parsed, numbers by value,
/// objects without regard to order. Each method gives nil for agreement, else a text that shows the first difference.
struct RecordingComparison {
  private static let opening: Character = "\u{27E6}"
  private static let closing: Character = "\u{27E7}"

  static func difference(_ expected: JSONValue, _ actual: JSONValue, _ path: String = "") -> String? {
    let differs = "\(path.isEmpty ? "$" : path): expected \(short(expected)), got \(short(actual))"
    if case .string(let pattern) = expected, hasWildcard(pattern) {
      if pattern.first == opening, pattern.last == closing, pattern.count(where: { $0 == opening }) == 1 { return nil }
      if case .string(let text) = actual, matches(pattern, text) { return nil }
    }
    switch (expected, actual) {
    case (.string(let a), .string(let b)):
      if a == b { return nil }
      if let left = container(a), let right = container(b) { return difference(left, right, path) }
      if path.hasSuffix("output") || path.hasSuffix("input"), let left = number(a), let right = number(b) { return difference(left, right, path) }
      return differs
    case (.object, .string(let text)), (.array, .string(let text)):
      return container(text).map { difference(expected, $0, path) } ?? differs
    case (.string(let text), .object), (.string(let text), .array):
      if let value = container(text) { return difference(value, actual, path) }
      // A JSON text whose wildcard stands for more than a string.
      return hasWildcard(text) && matches(text, actual.jsonText) ? nil : differs
    case (.object(let a), .object(let b)): return difference(a, b, path)
    case (.array(let a), .array(let b)):
      for (index, (left, right)) in zip(a, b).enumerated() {
        if let found = difference(left, right, "\(path)[\(index)]") { return found }
      }
      return a.count == b.count ? nil : "\(path): \(b.count) items, expected \(a.count)"
    default:
      if expected.isNumber, actual.isNumber { return expected.asDouble == actual.asDouble ? nil : differs }
      return expected == actual ? nil : differs
    }
  }

  private static func difference(_ expected: JSONObject, _ actual: JSONObject, _ path: String) -> String? {
    var left = Dictionary(actual.map { ($0.key, $0.value) }) { first, _ in first }
    for (key, value) in expected {
      if let other = left.removeValue(forKey: key) {
        if let found = difference(value, other, "\(path).\(key)") { return found }
        continue
      }
      guard let hit = left.first(where: { hasWildcard(key) && matches(key, $0.key) && difference(value, $0.value, path) == nil }) else {
        return "\(path).\(key): missing, expected \(short(value))"
      }
      left[hit.key] = nil
    }
    return left.first.map { "\(path).\($0.key): unexpected \(short($0.value))" }
  }

  // MARK: Histories

  /// - Parameter concurrent: branches overlapped, and no two recordings of the service interleave them alike: the events are compared as
  ///   a tree of causes.
  static func difference(history expected: [JSONValue], _ actual: [JSONValue], concurrent: Bool) -> String? {
    if expected.contains(where: { $0["id"]?.isNull ?? true }) { return differenceWithoutOrder(expected, actual) }
    if concurrent { return differenceOfCauses(expected, actual) }
    for (index, (left, right)) in zip(expected, actual).enumerated() {
      if let found = differenceOfEvents(left, right) { return "event \(index + 1) (\(type(left)))\(found)" }
    }
    if expected.count == actual.count { return nil }
    let count = min(expected.count, actual.count)
    let next = (expected.count > count ? expected : actual)[count]
    return "\(actual.count) events, expected \(expected.count); first \(expected.count > count ? "missing" : "surplus"): \(type(next))"
  }

  private static func type(_ event: JSONValue) -> String { event["type"]?.asString ?? "" }

  private static func differenceOfEvents(_ expected: JSONValue, _ actual: JSONValue) -> String? {
    if type(expected) != type(actual) { return ".type: expected \(type(expected)), got \(type(actual))" }
    return difference(expected, actual)
  }

  private static func differenceOfBareEvents(_ expected: JSONValue, _ actual: JSONValue) -> String? {
    func bare(_ event: JSONValue) -> JSONValue {
      .object(JSONObject((event.asObject ?? [:]).filter { $0.key != "id" && $0.key != "previousEventId" }.map { ($0.key, $0.value) }))
    }
    return differenceOfEvents(bare(expected), bare(actual))
  }

  private static func differenceWithoutOrder(_ expected: [JSONValue], _ actual: [JSONValue]) -> String? {
    var left = actual
    for event in expected {
      guard let index = left.firstIndex(where: { differenceOfBareEvents(event, $0) == nil }) else {
        let near = left.first { type($0) == type(event) }
        return "no event agrees with \(type(event))\(near.flatMap { differenceOfBareEvents(event, $0) } ?? " (none of that type left)")"
      }
      left.remove(at: index)
    }
    return left.first.map { "surplus event \(type($0))" }
  }

  private final class Node {
    let event: JSONValue
    var followers: [Node] = []
    weak var cause: Node?
    init(_ event: JSONValue) { self.event = event }
  }

  private static let scopes = ["MapState": "Map", "ParallelState": "Parallel"]
  private static func opens(_ type: String) -> String? { type.hasSuffix("StateStarted") ? scopes[String(type.dropLast(7))] : nil }
  private static func closes(_ type: String) -> String? {
    type.hasSuffix("StateSucceeded") ? scopes[String(type.dropLast(9))] : type.hasSuffix("StateFailed") ? scopes[String(type.dropLast(6))] : nil
  }

  /// Events below what they follow from; the one that closes a Map or Parallel state hangs below the one that opened it, since which branch
  /// ended last is chance.
  private static func tree(_ events: [JSONValue]) -> Node? {
    let root = Node(.emptyObject)
    var nodes: [Int64: Node] = [0: root]
    for event in events.sorted(by: { $0["id"]?.asInt ?? 0 < $1["id"]?.asInt ?? 0 }) {
      guard let id = event["id"]?.asInt, var cause = nodes[event["previousEventId"]?.asInt ?? id - 1] else { return nil }
      if let scope = closes(type(event)) {
        var node = cause
        while let up = node.cause {
          if closes(type(node.event)) != nil {
            guard let outer = up.cause else { break }
            node = outer
          } else if opens(type(node.event)) == scope {
            cause = node
            break
          } else {
            node = up
          }
        }
      }
      let node = Node(event)
      node.cause = cause
      cause.followers.append(node)
      nodes[id] = node
    }
    return root
  }

  private static func differenceOfCauses(_ expected: [JSONValue], _ actual: [JSONValue]) -> String? {
    guard expected.count == actual.count else { return "\(actual.count) events, expected \(expected.count)" }
    guard let left = tree(expected), let right = tree(actual) else { return "an event follows from one that is not there" }
    return withExtendedLifetime((left, right)) { difference(left, right) }
  }

  private static func difference(_ expected: Node, _ actual: Node) -> String? {
    var left = actual.followers
    if left.count != expected.followers.count {
      return "after \(type(actual.event)): \(left.map { type($0.event) }), expected \(expected.followers.map { type($0.event) })"
    }
    for follower in expected.followers {
      var first: String?
      var hit: Int?
      for (index, candidate) in left.enumerated() {
        guard let found = differenceOfBareEvents(follower.event, candidate.event) ?? difference(follower, candidate) else {
          hit = index
          break
        }
        if first == nil || type(candidate.event) == type(follower.event) { first = "\(type(follower.event)) \(found)" }
      }
      guard let hit else { return first ?? "no matching event" }
      left.remove(at: hit)
    }
    return nil
  }

  // MARK: Texts

  private static func short(_ value: JSONValue) -> String {
    let text = value.asString ?? value.jsonText
    return text.count > 220 ? text.prefix(220) + "…" : text
  }

  private static func container(_ text: String) -> JSONValue? {
    guard let first = text.utf8.first(where: { $0 > 0x20 }), first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
    return try? JSONValue(parsing: text)
  }

  private static func number(_ text: String) -> JSONValue? {
    guard let value = try? JSONValue(parsing: text), value.isNumber else { return nil }
    return value
  }

  private static func hasWildcard(_ text: String) -> Bool { text.contains(opening) }

  /// Whether the text is the pattern with anything in place of its wildcards.
  private static func matches(_ pattern: String, _ text: String) -> Bool {
    var pieces: [String] = []
    var rest = pattern[...]
    while let start = rest.firstIndex(of: opening), let end = rest[start...].firstIndex(of: closing) {
      pieces.append(String(rest[..<start]))
      rest = rest[rest.index(after: end)...]
    }
    pieces.append(String(rest))
    guard let first = pieces.first, let last = pieces.last else { return false }
    if pieces.count == 1 { return text == pattern }
    let bytes = Array(text.utf8)
    guard bytes.starts(with: first.utf8) else { return false }
    var position = first.utf8.count
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = bytes[position...].firstRange(of: Array(piece.utf8)) else { return false }
      position = found.upperBound
    }
    return bytes.count - position >= last.utf8.count && bytes.suffix(last.utf8.count).elementsEqual(last.utf8)
  }
}

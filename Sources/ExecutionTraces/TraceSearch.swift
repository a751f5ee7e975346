package import JSONTypes

/// A text that is looked for in events. Letters of ASCII match in either case unless the text has a capital letter.
package struct TraceSearch: Sendable {
  package let text: String
  private let bytes: [UInt8]
  private let ignoresCase: Bool

  package init(_ text: String) {
    self.text = text
    ignoresCase = !text.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    bytes = Array(text.utf8)
  }

  /// Whether a text has it.
  package func isFound(in text: String) -> Bool {
    guard let first = bytes.first else { return false }
    var text = text
    return text.withUTF8 { hay in
      guard hay.count >= bytes.count else { return false }
      for start in 0...hay.count - bytes.count where folded(hay[start]) == first {
        if (1..<bytes.count).allSatisfy({ folded(hay[start + $0]) == bytes[$0] }) { return true }
      }
      return false
    }
  }

  /// Whether a value has it in its keys, texts or numbers.
  package func isFound(in value: JSONValue) -> Bool {
    switch value {
    case .null, .bool, .int, .double, .bigInteger: isFound(in: value.jsonText)
    case .string(let text): isFound(in: text)
    case .array(let elements): elements.contains { isFound(in: $0) }
    case .object(let object): object.contains { isFound(in: $0.key) || isFound(in: $0.value) }
    }
  }

  @inline(__always)
  private func folded(_ byte: UInt8) -> UInt8 {
    ignoresCase && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

extension ExecutionTrace {
  /// Whether a step's type, state, or any of its payloads has the text.
  package func matches(_ search: TraceSearch, at step: Int) -> Bool {
    let event = events[step]
    if search.isFound(in: event.type.name) { return true }
    if let state = state(at: step), search.isFound(in: state.name) { return true }
    return event.details.contains { search.isFound(in: $0.value) }
  }

  /// The next step in the direction that has the text; past the end it goes on from the other side.
  package func search(_ search: TraceSearch, from step: Int, _ direction: Direction) -> Int? {
    if let found = self.step(from: step, direction, where: { matches(search, at: $0) }) { return found }
    switch direction {
    case .forward: return (0...step).first { matches(search, at: $0) }
    case .back: return (step..<events.count).last { matches(search, at: $0) }
    }
  }
}

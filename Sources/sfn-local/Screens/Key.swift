/// A key of the keyboard, as a terminal tells of it.
enum Key: Sendable, Hashable {
  case character(Character)
  /// With the control key held: the letter in lower case.
  case control(Character)
  case up, down, left, right, home, end, pageUp, pageDown, enter, tab, backTab, backspace, delete, escape
}

/// Makes keys of the bytes that a terminal sends.
///
/// A lone escape is also the beginning of a sequence: it becomes a key when nothing follows in time (`flush`).
struct KeyReader: Sendable {
  private var pending: [UInt8] = []

  /// Whether bytes wait for what follows them.
  var isWaiting: Bool { !pending.isEmpty }

  mutating func read(_ bytes: some Sequence<UInt8>) -> [Key] {
    pending += bytes
    var keys: [Key] = []
    while let count = next(&keys) { pending.removeFirst(count) }
    return keys
  }

  /// Nothing follows: an escape was the key itself. What else is unfinished is dropped.
  mutating func flush() -> [Key] {
    defer { pending = [] }
    guard pending.first == 0x1B else { return [] }
    return [.escape] + pending.dropFirst().compactMap { $0 >= 0x20 && $0 < 0x7F && pending.count == 2 ? .character(Character(Unicode.Scalar($0))) : nil }
  }

  /// Reads one key from the beginning.
  /// - Returns: how many bytes it took; nil when more are needed.
  private func next(_ keys: inout [Key]) -> Int? {
    guard let first = pending.first else { return nil }
    switch first {
    case 0x1B: return sequence(&keys)
    case 0x0D, 0x0A: keys.append(.enter)
    case 0x09: keys.append(.tab)
    case 0x7F, 0x08: keys.append(.backspace)
    case 0x00: break
    case 0x01..<0x1B: keys.append(.control(Character(Unicode.Scalar(first + 0x60))))
    case 0x1C..<0x20: break
    case 0x20..<0x7F: keys.append(.character(Character(Unicode.Scalar(first))))
    default:
      let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
      guard pending.count >= count else { return nil }
      let text = String(decoding: pending[..<count], as: UTF8.self)
      if count > 1, let character = text.first, text.count == 1 { keys.append(.character(character)) }
      return count
    }
    return 1
  }

  /// After an escape: `[` or `O`, numbers, and a letter or `~`.
  private func sequence(_ keys: inout [Key]) -> Int? {
    guard pending.count > 1 else { return nil }
    guard pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O") else {
      keys.append(.escape)
      return 1
    }
    guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
    let number = pending[2..<end].prefix { $0 >= 0x30 && $0 <= 0x39 }.reduce(0) { min($0 * 10 + Int($1 - 0x30), 999) }
    let key: Key? =
      switch (pending[end], number) {
      case (UInt8(ascii: "A"), _): .up
      case (UInt8(ascii: "B"), _): .down
      case (UInt8(ascii: "C"), _): .right
      case (UInt8(ascii: "D"), _): .left
      case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), 1), (UInt8(ascii: "~"), 7): .home
      case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), 4), (UInt8(ascii: "~"), 8): .end
      case (UInt8(ascii: "Z"), _): .backTab
      case (UInt8(ascii: "M"), _) where pending[1] == UInt8(ascii: "O"): .enter
      case (UInt8(ascii: "~"), 3): .delete
      case (UInt8(ascii: "~"), 5): .pageUp
      case (UInt8(ascii: "~"), 6): .pageDown
      default: nil
      }
    if let key { keys.append(key) }
    return end + 1
  }
}

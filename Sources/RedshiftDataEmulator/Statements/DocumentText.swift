/// The text of a SUPER value as Redshift writes it: without blanks, and the members of an object in the order they were given in.
///
/// `jsonb` sorts members; an object that had another order has a member more that lists its names (`DatabaseScript.documents`).
struct DocumentText {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var output: [UInt8] = []

  /// The name of the member that holds the order, as PostgreSQL writes it.
  private static let mark = Array("\"\\u0001\"".utf8)

  /// - Parameter field: what PostgreSQL writes for a `jsonb`.
  static func compact(_ field: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text = DocumentText(bytes: field)
    text.output.reserveCapacity(field.count)
    if text.hasMark { text.value() } else { text.withoutBlanks() }
    return text.output
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private var hasMark: Bool {
    guard bytes.count > Self.mark.count else { return false }
    // A backslash is rare, so look for it first.
    for index in 1..<bytes.count where bytes[index] == UInt8(ascii: "\\") && isMark(from: index - 1) { return true }
    return false
  }

  private func isMark(from start: Int) -> Bool {
    start + Self.mark.count <= bytes.count && bytes[start..<(start + Self.mark.count)].elementsEqual(Self.mark)
  }

  private mutating func withoutBlanks() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\"") {
        output.append(contentsOf: bytes[string()])
      } else {
        if bytes[position] != 0x20 { output.append(bytes[position]) }
        position += 1
      }
    }
  }

  /// Steps over a string; its bytes with the quotes.
  private mutating func string() -> Range<Int> {
    let start = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
    position = min(position + 1, bytes.count)
    return start..<position
  }

  private mutating func skipBlanks() { while position < bytes.count, bytes[position] == 0x20 { position += 1 } }

  /// Steps over the mark that is expected here: a comma, a colon or the end of a container.
  private mutating func isAt(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func value() {
    skipBlanks()
    guard position < bytes.count else { return }
    switch bytes[position] {
    case UInt8(ascii: "\""): output.append(contentsOf: bytes[string()])
    case UInt8(ascii: "["):
      output.append(bytes[position])
      position += 1
      if !isAt(UInt8(ascii: "]")) {
        repeat {
          value()
          output.append(UInt8(ascii: ","))
        } while isAt(UInt8(ascii: ","))
        output.removeLast()
        _ = isAt(UInt8(ascii: "]"))
      }
      output.append(UInt8(ascii: "]"))
    case UInt8(ascii: "{"):
      position += 1
      object()
    default:
      while position < bytes.count, ![0x2C, 0x5D, 0x7D, 0x20].contains(bytes[position]) {
        output.append(bytes[position])
        position += 1
      }
    }
  }

  private mutating func object() {
    output.append(UInt8(ascii: "{"))
    defer { output.append(UInt8(ascii: "}")) }
    guard !isAt(UInt8(ascii: "}")) else { return }
    let start = output.count
    var members: [(name: Range<Int>, text: [UInt8])] = []
    var order: [Range<Int>]?
    repeat {
      skipBlanks()
      guard position < bytes.count else { return }
      let name = string()
      _ = isAt(UInt8(ascii: ":"))
      if bytes[name].elementsEqual(Self.mark), isAt(UInt8(ascii: "[")) {
        var names: [Range<Int>] = []
        repeat {
          skipBlanks()
          if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { names.append(string()) }
        } while isAt(UInt8(ascii: ","))
        _ = isAt(UInt8(ascii: "]"))
        order = names
      } else {
        value()
        members.append((name, Array(output[start...])))
        output.removeSubrange(start...)
      }
    } while isAt(UInt8(ascii: ","))
    _ = isAt(UInt8(ascii: "}"))
    if let order {
      let places = Dictionary(order.enumerated().map { (Array(bytes[$1]), $0) }, uniquingKeysWith: { first, _ in first })
      members.sort { places[Array(bytes[$0.name])] ?? .max < places[Array(bytes[$1.name])] ?? .max }
    }
    for (number, member) in members.enumerated() {
      if number > 0 { output.append(UInt8(ascii: ",")) }
      output.append(contentsOf: bytes[member.name])
      output.append(UInt8(ascii: ":"))
      output.append(contentsOf: member.text)
    }
  }
}

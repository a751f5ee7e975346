/// Finds where a value stands in a text that is known to be JSON, for messages about the value.
struct JSONTextPlace {
  enum Step: Sendable, Hashable { case element(Int), member(String) }

  private let bytes: [UInt8]
  private var next = 0

  /// - Parameter path: from the sequence of the text's documents, the first of which is element 0.
  /// - Returns: line and column, both from 1, the column in Unicode scalars.
  static func find(_ path: [Step], in bytes: [UInt8]) -> (line: Int, column: Int) {
    var place = JSONTextPlace(bytes: bytes)
    place.follow(path)
    var (line, column) = (1, 1)
    for byte in bytes[..<min(place.next, bytes.count)] {
      if byte == 0x0A {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func follow(_ path: [Step]) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
    for (depth, step) in path.enumerated() {
      skipBlanks()
      switch step {
      case .element(let index):
        if depth > 0 { next += 1 }
        for _ in 0..<index { skipValue() }
      case .member(let name):
        next += 1
        while next < bytes.count {
          skipBlanks()
          let start = next
          skipString()
          if String(decoding: bytes[start..<min(next, bytes.count)], as: UTF8.self) == "\"\(name)\"" { break }
          skipValue()
        }
      }
      skipBlanks()
    }
  }

  /// Commas and colons say nothing that the path does not.
  private mutating func skipBlanks() {
    while next < bytes.count, [0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":")].contains(bytes[next]) { next += 1 }
  }

  private mutating func skipValue() {
    skipBlanks()
    guard next < bytes.count else { return }
    switch bytes[next] {
    case UInt8(ascii: "\""): skipString()
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      var depth = 0
      repeat {
        switch bytes[next] {
        case UInt8(ascii: "\""):
          skipString()
          continue
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
        next += 1
      } while depth > 0 && next < bytes.count
    default:
      while next < bytes.count, ![0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(bytes[next]) { next += 1 }
    }
  }

  private mutating func skipString() {
    next += 1
    while next < bytes.count, bytes[next] != UInt8(ascii: "\"") { next += bytes[next] == UInt8(ascii: "\\") ? 2 : 1 }
    next += 1
  }
}

/// Why a text is not JSON, and where.
public struct JSONSyntaxError: Error, Hashable, Sendable {
  /// What was expected and what came, as a sentence without a full stop.
  public let message: String
  /// Bytes before the place of the error.
  public let offset: Int
  /// 1-based.
  public let line: Int
  /// 1-based, in Unicode scalars. A byte order mark is not counted.
  public let column: Int
}

extension JSONSyntaxError: CustomStringConvertible {
  public var description: String { "\(line):\(column): \(message)" }
}

extension JSONSyntaxError {
  init(_ message: String, at offset: Int, of text: UnsafeBufferPointer<UInt8>) {
    var position = SourcePosition.start
    position.advance(over: text, from: text.startsWithByteOrderMark ? 3 : 0, to: offset)
    self.init(message: message, offset: offset, line: position.line, column: position.column)
  }
}

extension SourcePosition {
  /// Moves from the byte at `start` to the one at `end`, counting lines and scalars.
  mutating func advance(over text: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
    offset += end - start
    var lines = 0
    var column = column
    var index = start
    while index < end {
      let byte = text[index]
      if byte == 0x0A {
        lines &+= 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column &+= 1
      }
      index &+= 1
    }
    if lines > 0 { line += lines }
    self.column = column
  }
}

extension UnsafeBufferPointer<UInt8> {
  var startsWithByteOrderMark: Bool { count >= 3 && self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF }

  /// The character at an offset in quotes, for messages.
  func describeCharacter(at offset: Int) -> String {
    guard offset < count else { return "the end of the text" }
    return "'\(character(at: offset))'"
  }

  func character(at offset: Int) -> String {
    let byte = self[offset]
    if byte < 0x20 || byte == 0x7F { return "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16) }
    if byte < 0x80 { return String(UnicodeScalar(byte)) }
    let tail = String(decoding: UnsafeBufferPointer(rebasing: self[offset...].prefix(4)), as: UTF8.self)
    return tail.unicodeScalars.first.map { String($0) } ?? "?"
  }
}

import JSONata
import JSONTypes

/// Where an expression stands within a string of the definition, and its words in the file.
struct ExpressionPlace {
  private let node: SyntaxNode
  private let source: String
  /// The expression's first byte in the string's text.
  private let start: Int

  /// - Parameter source: a piece of `text`, which is the text of `node`.
  init(of source: Substring, in text: String, at node: SyntaxNode) {
    self.node = node
    self.source = String(source)
    start = text.utf8.distance(from: text.utf8.startIndex, to: source.startIndex)
  }

  /// The string.
  var whole: SourceRange { node.range }

  /// - Parameter position: UTF-16 units of the expression before the end of the token.
  func token(endingAt position: Int) -> SourceRange { range(TokenPlaces(in: source).token(endingAt: position)) }

  /// A variable with some of the fields read from it.
  func reference(endingAt position: Int, fields: Int) -> SourceRange {
    range(TokenPlaces(in: source).reference(endingAt: position, fields: fields))
  }

  /// What an error of the expression is about; the closing delimiter where more was expected.
  func place(of error: JSONataError) -> SourceRange {
    guard let position = error.position else { return node.range }
    return error.token == "(end)" ? closingDelimiter : token(endingAt: position)
  }

  private var closingDelimiter: SourceRange {
    let end = node.text?.utf8.count ?? 0
    return node.range(ofText: max(0, end - 2)..<end)
  }

  private func range(_ offsets: Range<Int>) -> SourceRange {
    offsets.isEmpty ? closingDelimiter : node.range(ofText: start + offsets.lowerBound..<start + offsets.upperBound)
  }
}

extension SyntaxNode {
  /// The word of a path or of an intrinsic function that an error is about, by the offset in the string's text at which it was met.
  func range(ofWordAt offset: Int) -> SourceRange {
    guard let bytes = text.map({ Array($0.utf8) }), !bytes.isEmpty else { return range }
    // Where the text ends too soon, its last character stands for what is not there.
    var start = min(max(offset, 0), bytes.count - 1)
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    var end = start + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 || (Self.isWordByte(bytes[start]) && Self.isWordByte(bytes[end])) { end += 1 }
    return range(ofText: start..<end)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }
}

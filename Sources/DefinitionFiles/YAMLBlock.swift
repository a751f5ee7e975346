/// A literal `|` or folded `>` block. Source: YAML 1.2.2, section 8.1 "Block Scalar Styles".
///
/// `offsets` reach from the indicator to the end of the content or beyond; lines that are indented too little end the block.
struct YAMLBlock {
  private enum Chomping { case clip, strip, keep }

  private let source: [UInt8]
  private let end: Int
  private let isFolded: Bool
  private var chomping = Chomping.clip
  private var hasIndentationIndicator = false
  /// Where the first line of the content begins.
  private var body: Int

  init(_ source: [UInt8], _ offsets: Range<Int>) {
    self.source = source
    // A node's range ends with its last visible character; line ends that the block keeps come after it.
    var end = offsets.upperBound
    while end < source.count, DecodedScalar.isBlank(source[end]) || DecodedScalar.isBreak(source[end]) { end += 1 }
    self.end = end
    isFolded = source[offsets.lowerBound] == UInt8(ascii: ">")
    body = offsets.lowerBound + 1
    header: while body < end {
      switch source[body] {
      case UInt8(ascii: "-"): chomping = .strip
      case UInt8(ascii: "+"): chomping = .keep
      case UInt8(ascii: "1")...UInt8(ascii: "9"): hasIndentationIndicator = true
      default: break header
      }
      body += 1
    }
    while body < end, !DecodedScalar.isBreak(source[body]) { body += 1 }
    if body < end { body = DecodedScalar.afterBreak(source, body, end) }
  }

  /// Indentations to try. Without an indicator the first line that is not empty decides; with one, what is around the block does, which is
  /// not known here.
  var possibleIndentations: [Int] {
    var index = body
    var longestEmpty = 0
    while index < end {
      let start = index
      while index < end, source[index] == 0x20 { index += 1 }
      if index < end, DecodedScalar.isBreak(source[index]) {
        longestEmpty = max(longestEmpty, index - start)
        index = DecodedScalar.afterBreak(source, index, end)
        continue
      }
      let first = index < end ? index - start : longestEmpty
      return hasIndentationIndicator ? Array((1...max(1, first)).reversed()) : [max(1, first, longestEmpty)]
    }
    return [max(1, longestEmpty)]
  }

  func decoded(indentation: Int) -> DecodedScalar {
    var result = DecodedScalar()
    var index = body
    /// The line end after the last line with content, and the empty lines after it: each a stretch of the source.
    var lineEnd: Range<Int>?
    var emptyLines: [Range<Int>] = []
    var lastBeganWithBlank = false
    while true {
      index = skipEmptyLines(from: index, indentation, &emptyLines)
      guard index < end, !DecodedScalar.isBreak(source[index]) else { break }
      let column = index - lineStart(index)
      guard column == indentation else { break }
      let beginsWithBlank = DecodedScalar.isBlank(source[index])
      if let lineEnd {
        if isFolded, !lastBeganWithBlank, !beginsWithBlank {
          if emptyLines.isEmpty { result.append(CollectionOfOne(0x20), spelledBy: lineEnd.lowerBound..<index) }
        } else {
          result.append(CollectionOfOne(0x0A), spelledBy: lineEnd)
        }
      }
      for line in emptyLines { result.append(CollectionOfOne(0x0A), spelledBy: line) }
      emptyLines = []
      lastBeganWithBlank = beginsWithBlank
      let start = index
      while index < end, !DecodedScalar.isBreak(source[index]) { index += 1 }
      result.appendVerbatim(source, start..<index)
      guard index < end else {
        lineEnd = nil
        break
      }
      let next = DecodedScalar.afterBreak(source, index, end)
      lineEnd = index..<next
      index = next
    }
    if chomping != .strip, let lineEnd { result.append(CollectionOfOne(0x0A), spelledBy: lineEnd) }
    if chomping == .keep { for line in emptyLines { result.append(CollectionOfOne(0x0A), spelledBy: line) } }
    return result
  }

  /// Steps over the indentation, and over lines that hold nothing but it.
  private func skipEmptyLines(from start: Int, _ indentation: Int, _ emptyLines: inout [Range<Int>]) -> Int {
    var index = start
    while true {
      let lineStart = index
      while index < end, index - lineStart < indentation, source[index] == 0x20 { index += 1 }
      guard index < end, DecodedScalar.isBreak(source[index]) else { return index }
      let next = DecodedScalar.afterBreak(source, index, end)
      emptyLines.append(index..<next)
      index = next
    }
  }

  private func lineStart(_ index: Int) -> Int {
    var start = index
    while start > 0, !DecodedScalar.isBreak(source[start - 1]) { start -= 1 }
    return start
  }
}

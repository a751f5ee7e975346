/// Where the words of an expression stand, for those who point at them.
///
/// Errors and references know the end of their token, as the reference implementation counts it; this finds its beginning. The text is split
/// into tokens once more, so it costs nothing until something is pointed at.
package struct TokenPlaces: Sendable {
  /// The tokens in their order, by UTF-16 units; where the text is no expression, up to there.
  private var tokens: [Range<Int>] = []
  /// What could not be split any further, if anything.
  private var rest: Range<Int>?
  private let units: [UInt16]

  package init(in source: String) {
    var tokenizer = Tokenizer(source)
    units = tokenizer.text
    var isAfterOperand = false
    do throws(Failure) {
      while true {
        let token = try tokenizer.next(afterOperand: isAfterOperand)
        if token.kind == .end { return }
        tokens.append(tokenizer.tokenStart..<token.position)
        isAfterOperand = token.kind != .symbol || [")", "]", "}"].contains(token.text)
      }
    } catch {
      rest = min(tokenizer.tokenStart, units.count)..<units.count
    }
  }

  /// The token that ends at a position, or holds it, in bytes of UTF-8. Empty at the end of the text.
  package func token(endingAt position: Int) -> Range<Int> {
    let position = min(max(position, 0), units.count)
    if let token = tokens.last(where: { $0.upperBound == position }) { return bytes(token) }
    if let token = tokens.first(where: { $0.contains(position) }) { return bytes(token) }
    if let rest, rest.lowerBound <= position {
      // Within a string it is an escape that is wrong.
      return bytes(rest.lowerBound < position && position < rest.upperBound ? position - 1..<position + 1 : rest)
    }
    return bytes(position..<min(position + 1, units.count))
  }

  /// A reference to a variable with some of the fields read from it: `$states.input`.
  package func reference(endingAt position: Int, fields: Int) -> Range<Int> {
    guard let first = tokens.firstIndex(where: { $0.upperBound == position }) else { return token(endingAt: position) }
    // Each field stands behind a dot.
    let last = min(first + 2 * fields, tokens.count - 1)
    return bytes(tokens[first].lowerBound..<tokens[last].upperBound)
  }

  private func bytes(_ range: Range<Int>) -> Range<Int> {
    func offset(_ position: Int) -> Int { String(decoding: units[..<position], as: UTF16.self).utf8.count }
    return offset(range.lowerBound)..<offset(range.upperBound)
  }
}

import JSONTypes

/// Source: HCL Native Syntax Specification, "Templates".
extension HCLParser {
  mutating func quoted() throws(HCLSyntaxError) -> HCLExpression {
    let start = index
    index += 1
    try enter()
    defer { depth -= 1 }
    let parts = try self.parts(isQuoted: true, indentation: 0)
    guard byte == UInt8(ascii: "\"") else { throw problem("this text has no closing quote on its line", at: start) }
    index += 1
    return HCLExpression(.template(parts), text.range(start..<index))
  }

  mutating func heredoc() throws(HCLSyntaxError) -> HCLExpression {
    let start = index
    index += 2
    let isIndented = byte == UInt8(ascii: "-")
    if isIndented { index += 1 }
    let nameStart = index
    guard identifier() != nil else { throw problem("expected a name behind <<, as in <<EOF") }
    let name = source[nameStart..<index]
    try skipHeredocLineEnd()
    let body = index
    // The line that holds nothing but the name ends the text.
    var lineStart = body
    var indentation = Int.max
    while true {
      guard lineStart < end else {
        throw problem("the heredoc has no line with \(String(decoding: name, as: UTF8.self)) that ends it", at: start)
      }
      var content = lineStart
      while content < end, source[content] == 0x20 || source[content] == 0x09 { content += 1 }
      var lineEnd = content
      while lineEnd < end, source[lineEnd] != 0x0A { lineEnd += 1 }
      var trimmed = lineEnd
      while trimmed > content, source[trimmed - 1] == 0x0D || source[trimmed - 1] == 0x20 { trimmed -= 1 }
      if source[content..<trimmed].elementsEqual(name) {
        let outerEnd = end
        end = lineStart
        try enter()
        let parts = try self.parts(isQuoted: false, indentation: isIndented && indentation < Int.max ? indentation : 0)
        depth -= 1
        end = outerEnd
        index = trimmed
        return HCLExpression(.template(parts), text.range(start..<index))
      }
      if trimmed > content { indentation = min(indentation, content - lineStart) }
      lineStart = min(lineEnd + 1, end)
      if lineEnd >= end { lineStart = end }
    }
  }

  private mutating func skipHeredocLineEnd() throws(HCLSyntaxError) {
    while byte == 0x20 || byte == 0x0D { index += 1 }
    guard byte == 0x0A else { throw problem("expected a line end behind the heredoc's name") }
    index += 1
  }

  /// The pieces up to the closing quote or the end.
  ///
  /// - Parameter indentation: blanks that each line loses at its beginning.
  mutating func parts(isQuoted: Bool, indentation: Int) throws(HCLSyntaxError) -> [HCLTemplatePart] {
    var parts: [HCLTemplatePart] = []
    var pending = PlacedText()
    var copied = index
    func isEscapedMarker(_ index: Int) -> Bool {
      index + 2 < end && source[index + 1] == source[index] && source[index + 2] == UInt8(ascii: "{")
    }
    if indentation > 0 { skipIndentation(indentation, &copied, &pending) }
    while index < end {
      let current = source[index]
      if isQuoted, current == UInt8(ascii: "\"") { break }
      if isQuoted, current == 0x0A { break }
      if isQuoted, current == UInt8(ascii: "\\") {
        pending.append(text.slice(copied..<index))
        let (scalar, next) = try escape()
        pending.append(String(scalar), at: text.range(index..<next))
        index = next
        copied = next
      } else if current == UInt8(ascii: "$") || current == UInt8(ascii: "%"), isEscapedMarker(index) {
        // $${ stands for ${.
        pending.append(text.slice(copied..<index))
        copied = index + 1
        index += 3
      } else if current == UInt8(ascii: "$") || current == UInt8(ascii: "%"), byte(1) == UInt8(ascii: "{") {
        pending.append(text.slice(copied..<index))
        if !pending.text.isEmpty { parts.append(.text(pending)) }
        pending = PlacedText()
        parts.append(try current == UInt8(ascii: "$") ? interpolation() : directive())
        copied = index
      } else if current == 0x0A, indentation > 0 {
        index += 1
        skipIndentation(indentation, &copied, &pending)
      } else {
        index += 1
      }
    }
    pending.append(text.slice(copied..<index))
    if !pending.text.isEmpty { parts.append(.text(pending)) }
    return parts
  }

  private mutating func skipIndentation(_ indentation: Int, _ copied: inout Int, _ pending: inout PlacedText) {
    if copied < index { pending.append(text.slice(copied..<index)) }
    var count = 0
    while count < indentation, byte == 0x20 || byte == 0x09 {
      index += 1
      count += 1
    }
    copied = index
  }

  private mutating func interpolation() throws(HCLSyntaxError) -> HCLTemplatePart {
    let start = index
    index += 2
    if byte == UInt8(ascii: "~") { index += 1 }
    let inner = try expression(lines: true)
    try closeMarker(start)
    return .interpolation(HCLExpression(inner.kind, text.range(start..<index)))
  }

  private mutating func closeMarker(_ start: Int) throws(HCLSyntaxError) {
    try skipBlanks(lines: true)
    if byte == UInt8(ascii: "~") { index += 1 }
    guard byte == UInt8(ascii: "}") else {
      let marker = String(decoding: source[start..<start + 2], as: UTF8.self)
      throw problem("expected } for the \(marker) in column \(text.position(at: start).column); write \(marker.prefix(1))\(marker) for the characters themselves")
    }
    index += 1
  }

  private mutating func directive() throws(HCLSyntaxError) -> HCLTemplatePart {
    let start = index
    index += 2
    if byte == UInt8(ascii: "~") { index += 1 }
    try skipBlanks(lines: true)
    let part: HCLTemplatePart
    switch identifier() {
    case "if": part = .beginIf(try expression(lines: true))
    case "else": part = .orElse
    case "endif": part = .endIf
    case "endfor": part = .endFor
    case "for":
      var names: [String] = []
      repeat {
        if byte == UInt8(ascii: ",") { index += 1 }
        try skipBlanks(lines: true)
        guard let name = identifier() else { throw problem("expected a name behind for") }
        names.append(name)
        try skipBlanks(lines: true)
      } while byte == UInt8(ascii: ",")
      guard identifier() == "in" else { throw problem("expected in behind the names of for") }
      part = .beginFor(names: names, try expression(lines: true))
    default: throw problem("expected if, else, endif, for or endfor behind %{; write %%{ for the characters themselves", at: start)
    }
    try closeMarker(start)
    return part
  }

  /// The scalar of the escape at `index` and where it ends.
  private func escape() throws(HCLSyntaxError) -> (Unicode.Scalar, Int) {
    let digits: Int
    switch byte(1) {
    case UInt8(ascii: "n"): return ("\n", index + 2)
    case UInt8(ascii: "r"): return ("\r", index + 2)
    case UInt8(ascii: "t"): return ("\t", index + 2)
    case UInt8(ascii: "\""): return ("\"", index + 2)
    case UInt8(ascii: "\\"): return ("\\", index + 2)
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    default: throw problem("Terraform knows no such escape; known are \\n, \\r, \\t, \\\", \\\\, \\uNNNN and \\UNNNNNNNN")
    }
    guard let value = DecodedScalar.hexadecimal(source, index + 2, digits: digits, end) else {
      throw problem("expected \(digits) hexadecimal digits behind \\\(digits == 4 ? "u" : "U")")
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", index + 2 + digits)
  }
}

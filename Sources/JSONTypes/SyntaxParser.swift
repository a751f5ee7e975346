extension SyntaxNode {
  /// Reads a JSON text with the places of its keys and values. Never fails: what cannot be read becomes a problem, and reading
  /// goes on behind it with what was probably meant.
  ///
  /// - Parameter maximumDepth: nested arrays and objects allowed; the content of a deeper one is left out, with a problem.
  /// - Parameter maximumProblems: reading ends at this many.
  /// - Returns: the node, `invalid` for an empty text, and the problems by place. A text without problems is JSON (RFC 8259).
  public static func parse(
    json text: String, maximumDepth: Int = 200, maximumProblems: Int = 100
  ) -> (node: SyntaxNode, problems: [SyntaxProblem]) {
    text.withBytes { bytes in
      var parser = SyntaxParser(bytes, maximumDepth: maximumDepth, maximumProblems: max(1, maximumProblems))
      let node = parser.parseDocument()
      return (node, parser.problems.sorted { $0.range.lowerBound < $1.range.lowerBound })
    }
  }
}

/// Recursive descent that recovers.
struct SyntaxParser {
  let text: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  let maximumProblems: Int
  var problems: [SyntaxProblem] = []
  /// The offset that was reached.
  var next = 0
  /// The last place that was asked for; places are counted on from it.
  private var place = SourcePosition.start
  /// The open arrays and objects.
  private var containers: [Container] = []
  private var hasReportedEnd = false

  private struct Container {
    let start: SourcePosition
    let close: UInt8
  }

  init(_ text: UnsafeBufferPointer<UInt8>, maximumDepth: Int, maximumProblems: Int) {
    self.text = text
    self.maximumDepth = maximumDepth
    self.maximumProblems = maximumProblems
    if text.startsWithByteOrderMark {
      next = 3
      place.offset = 3
    }
  }

  var isAtEnd: Bool { next >= text.count }
  /// The next byte; 0 at the end.
  var byte: UInt8 { byte(after: 0) }
  func byte(after count: Int) -> UInt8 { next + count < text.count ? text[next + count] : 0 }

  /// The place that was reached. Asked for in the order of the text.
  mutating func here() -> SourcePosition {
    if next > place.offset { place.advance(over: text, from: place.offset, to: next) }
    return place
  }

  /// The next character, for a problem.
  mutating func nextCharacter() -> SourceRange {
    let start = here()
    guard !isAtEnd else { return SourceRange(start, start) }
    var end = start
    var offset = next + 1
    while offset < text.count, text[offset] & 0xC0 == 0x80 { offset += 1 }
    end.advance(over: text, from: next, to: offset)
    return SourceRange(start, end)
  }

  var describedNext: String { text.describeCharacter(at: next) }

  mutating func report(_ message: String, _ range: SourceRange, hint: String) {
    guard problems.count < maximumProblems else { return }
    problems.append(SyntaxProblem(message, range, hint: hint))
    // Nothing more is to be learned: go to the end.
    if problems.count == maximumProblems {
      next = text.count
      hasReportedEnd = true
    }
  }

  /// Moves over the character that stands here.
  mutating func skipCharacter() {
    guard !isAtEnd else { return }
    next += 1
    while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
  }

  mutating func parseDocument() -> SyntaxNode {
    skipBlanks()
    if isAtEnd {
      let place = here()
      report("expected a value, found the end of the text", SourceRange(place, place), hint: "write a JSON value, for example {}")
      return SyntaxNode(.invalid, SourceRange(place, place))
    }
    let node = parseValue()
    skipBlanks()
    if !isAtEnd {
      let start = here()
      let found = describedNext
      next = text.count
      report(
        "expected the end of the text after the value, found \(found)", SourceRange(start, here()),
        hint: "a JSON text is one value; remove what follows it")
    }
    return node
  }

  /// Blanks, and comments, which are problems.
  mutating func skipBlanks() {
    while !isAtEnd {
      switch byte {
      case 0x20, 0x0A, 0x0D, 0x09: next += 1
      case UInt8(ascii: "/") where byte(after: 1) == UInt8(ascii: "/"), UInt8(ascii: "#"): skipComment(until: "\n")
      case UInt8(ascii: "/") where byte(after: 1) == UInt8(ascii: "*"): skipComment(until: "*/")
      default: return
      }
    }
  }

  private mutating func skipComment(until close: StaticString) {
    let start = here()
    let isBlock = close.utf8CodeUnitCount == 2
    if isBlock { next += 2 }
    while !isAtEnd {
      if byte == close.utf8Start[0], !isBlock || byte(after: 1) == close.utf8Start[1] { break }
      next += 1
    }
    if isBlock { next = min(next + 2, text.count) }
    report("JSON has no comments", SourceRange(start, here()), hint: "remove it, or put the text into a \"Comment\" field")
  }

  mutating func parseValue() -> SyntaxNode {
    switch byte {
    case UInt8(ascii: "{"): return parseObject()
    case UInt8(ascii: "["): return parseArray()
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return parseString()
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"): return parseNumber()
    case _ where standsAtTypographicQuote: return parseTypographicString()
    case let byte where byte.beginsWord: return parseWord()
    default:
      let range = nextCharacter()
      report("expected a value, found \(describedNext)", range, hint: "write a string, number, object, array, true, false or null")
      // What closes or separates is left for the array or object around.
      if !isAtEnd, !byte.isPunctuation || containers.isEmpty { skipCharacter() }
      return SyntaxNode(.invalid, SourceRange(range.lowerBound, here()))
    }
  }

  // MARK: Arrays and objects

  /// Enters; false when this would be too deep, and what it holds was skipped.
  private mutating func open(_ close: UInt8) -> Bool {
    let start = here()
    containers.append(Container(start: start, close: close))
    next += 1
    if containers.count <= maximumDepth { return true }
    var end = start
    end.offset += 1
    end.column += 1
    report(
      "nested deeper than \(maximumDepth) levels", SourceRange(start, end), hint: "take parts of the definition out of each other")
    skipContainer()
    return false
  }

  /// To behind the bracket that closes the innermost array or object, looking at brackets and strings only.
  private mutating func skipContainer() {
    var depth = 1
    while !isAtEnd, depth > 0 {
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        next += 1
        while !isAtEnd, byte != UInt8(ascii: "\""), byte != 0x0A { next += byte == UInt8(ascii: "\\") ? 2 : 1 }
        next = min(next, text.count)
      default: break
      }
      if !isAtEnd { next += 1 }
    }
  }

  private mutating func close(_ kind: SyntaxNode.Kind) -> SyntaxNode {
    let container = containers.removeLast()
    return SyntaxNode(kind, SourceRange(container.start, here()))
  }

  private mutating func parseArray() -> SyntaxNode {
    guard open(UInt8(ascii: "]")) else { return close(.invalid) }
    var elements: [SyntaxNode] = []
    while true {
      skipBlanks()
      if endsContainer() { break }
      if byte == UInt8(ascii: ",") {
        reportExtraComma(expected: "a value")
        continue
      }
      let before = next
      elements.append(parseValue())
      let end = here()
      skipBlanks()
      if byte == UInt8(ascii: ",") { takeComma() } else if byte.beginsValue, next > before { reportMissingComma(at: end) }
      // Whatever stands here, it is not read twice.
      if next == before { skipCharacter() }
    }
    return close(.array(elements))
  }

  private mutating func parseObject() -> SyntaxNode {
    guard open(UInt8(ascii: "}")) else { return close(.invalid) }
    var members: [SyntaxNode.Member] = []
    while true {
      skipBlanks()
      if endsContainer() { break }
      if byte == UInt8(ascii: ",") {
        reportExtraComma(expected: "a key")
        continue
      }
      guard let (key, keyRange) = parseKey() else { continue }
      skipBlanks()
      takeColon(after: keyRange)
      let value: SyntaxNode
      if isAtEnd || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
        let start = here()
        if !isAtEnd {
          report("expected a value for the key \"\(key)\", found \(describedNext)", nextCharacter(), hint: "write the value after the colon")
        }
        value = SyntaxNode(.invalid, SourceRange(start, start))
      } else {
        value = parseValue()
      }
      members.append(SyntaxNode.Member(key: key, keyRange: keyRange, value: value))
      let end = here()
      skipBlanks()
      if byte == UInt8(ascii: ",") { takeComma() } else if byte.beginsKey { reportMissingComma(at: end) }
    }
    return close(.object(members))
  }

  /// Whether the innermost array or object ends here; its bracket is then behind.
  private mutating func endsContainer() -> Bool {
    guard let container = containers.last else { return true }
    if isAtEnd {
      reportEnd(container)
      return true
    }
    if byte == container.close {
      next += 1
      return true
    }
    guard byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") else { return false }
    let expected = String(UnicodeScalar(container.close))
    report(
      "expected '\(expected)', found \(describedNext)", nextCharacter(),
      hint: "'\(expected)' closes what begins in line \(container.start.line), column \(container.start.column)")
    // Either this one was not closed, or the wrong bracket was taken.
    if containers.dropLast().contains(where: { $0.close == byte }) { return true }
    if !isAtEnd { next += 1 }
    return true
  }

  private mutating func reportEnd(_ container: Container) {
    guard !hasReportedEnd else { return }
    hasReportedEnd = true
    let expected = String(UnicodeScalar(container.close))
    let end = here()
    report(
      "expected '\(expected)', found the end of the text", SourceRange(end, end),
      hint: "add '\(expected)' for what begins in line \(container.start.line), column \(container.start.column)")
  }

  // MARK: Between elements

  private mutating func takeComma() {
    let range = nextCharacter()
    next += 1
    skipBlanks()
    if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
      report("a comma before \(describedNext)", range, hint: "remove the comma after the last element")
    }
  }

  private mutating func reportExtraComma(expected: String) {
    report("expected \(expected), found ','", nextCharacter(), hint: "remove the comma")
    if !isAtEnd { next += 1 }
  }

  private mutating func reportMissingComma(at end: SourcePosition) {
    report("expected ',', found \(describedNext)", SourceRange(end, end), hint: "add a comma between the elements")
  }

  private mutating func takeColon(after key: SourceRange) {
    if byte == UInt8(ascii: ":") {
      next += 1
    } else if byte == UInt8(ascii: "=") {
      report("expected ':' after the key, found '='", nextCharacter(), hint: "write ':' between key and value")
      if byte(after: 1) == UInt8(ascii: ">") { next += 1 }
      if !isAtEnd { next += 1 }
    } else {
      report(
        "expected ':' after the key, found \(describedNext)", SourceRange(key.upperBound, key.upperBound),
        hint: "write ':' and a value after the key")
    }
    skipBlanks()
  }

  /// A key; nil when none stands here, and what does was skipped.
  private mutating func parseKey() -> (String, SourceRange)? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      let node = parseString()
      return (node.text ?? "", node.range)
    case _ where standsAtTypographicQuote:
      let node = parseTypographicString()
      return (node.text ?? "", node.range)
    case let byte where byte.beginsWord || byte.isDigit:
      let (word, range) = takeWord()
      report("the key \(word) is not in quotes", range, hint: "write \"\(word)\"")
      return (word, range)
    default:
      report("expected a key in double quotes, found \(describedNext)", nextCharacter(), hint: "write \"key\": value")
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { _ = parseValue() } else { skipCharacter() }
      return nil
    }
  }
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  /// A letter, `_`, `$`, or a part of a non-ASCII character.
  var beginsWord: Bool {
    self >= 0x80 || self == UInt8(ascii: "_") || self == UInt8(ascii: "$")
      || self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z")
  }
  fileprivate var isPunctuation: Bool {
    switch self {
    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"): true
    default: false
    }
  }
  fileprivate var beginsKey: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || beginsWord }
  fileprivate var beginsValue: Bool {
    beginsKey || isDigit || self == UInt8(ascii: "{") || self == UInt8(ascii: "[") || self == UInt8(ascii: "-")
  }
}

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

/// One pass that recovers. Open arrays and objects lie on a stack of its own, so that nesting takes none of the thread's.
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
  var containers: [Container] = []
  var hasReportedEnd = false

  struct Container {
    let start: SourcePosition
    let close: UInt8
    var elements: [SyntaxNode] = []
    var members: [SyntaxNode.Member] = []
    /// In an object, the key whose value is read.
    var key = ""
    var keyRange = SourceRange.start
    /// Where the value that is read begins.
    var valueOffset = 0

    var isObject: Bool { close == UInt8(ascii: "}") }
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

  /// Moves to the byte at `offset`, over single bytes none of which ends a line. The place must have been asked for where it stands.
  mutating func skipPlain(to offset: Int) {
    place.offset = offset
    place.column += offset - next
    next = offset
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
      case 0x20, 0x0A, 0x0D, 0x09:
        // A line break with the blanks that indent the next line: much of a text is that, so they are counted as they are passed.
        let line = byte == 0x0A ? here().line : nil
        var index = next &+ 1
        while index < text.count, text[index] == 0x20 { index &+= 1 }
        if let line { place = SourcePosition(offset: index, line: line + 1, column: index - next) }
        next = index
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

  /// A value with all that it holds.
  private mutating func parseValue() -> SyntaxNode {
    while true {
      var node: SyntaxNode
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if open(), moveToValue() { continue }
        node = close()
      default: node = parseScalar()
      }
      // A value is complete: it goes into what is around it, which may then be complete as well.
      while !containers.isEmpty {
        add(node)
        if moveToValue() { break }
        node = close()
      }
      if containers.isEmpty { return node }
    }
  }

  private mutating func parseScalar() -> SyntaxNode {
    switch byte {
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
}

extension UInt8 {
  var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
  /// A letter, `_`, `$`, or a part of a non-ASCII character.
  var beginsWord: Bool {
    self >= 0x80 || self == UInt8(ascii: "_") || self == UInt8(ascii: "$")
      || self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z")
  }
  var isPunctuation: Bool {
    switch self {
    case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]"): true
    default: false
    }
  }
  var beginsKey: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || beginsWord }
  var beginsValue: Bool {
    beginsKey || isDigit || self == UInt8(ascii: "{") || self == UInt8(ascii: "[") || self == UInt8(ascii: "-")
  }
}

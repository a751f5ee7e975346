/// Arrays and objects, and what stands between their elements.
extension SyntaxParser {
  /// Enters an array or object; false when this would be too deep, and what it holds was skipped.
  mutating func open() -> Bool {
    let start = here()
    containers.append(Container(start: start, close: byte == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")))
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

  /// To behind the bracket that closes the array or object that was entered, looking at brackets and strings only.
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

  /// The node of the innermost array or object, which ends here.
  mutating func close() -> SyntaxNode {
    let isTooDeep = containers.count > maximumDepth
    let container = containers.removeLast()
    let kind: SyntaxNode.Kind = isTooDeep ? .invalid : container.isObject ? .object(container.members) : .array(container.elements)
    return SyntaxNode(kind, SourceRange(container.start, here()))
  }

  /// Puts a value into the innermost array or object, and reads what separates it from the next one.
  mutating func add(_ node: SyntaxNode) {
    let last = containers.count - 1
    let isObject = containers[last].isObject
    if isObject {
      // Objects of one member are rare, and growing moves what is there.
      if containers[last].members.isEmpty { containers[last].members.reserveCapacity(4) }
      containers[last].members.append(
        SyntaxNode.Member(key: containers[last].key, keyRange: containers[last].keyRange, value: node))
    } else {
      containers[last].elements.append(node)
    }
    let end = here()
    let hasMoved = next > containers[last].valueOffset
    skipBlanks()
    if byte == UInt8(ascii: ",") {
      takeComma()
    } else if isObject ? byte.beginsKey : byte.beginsValue && hasMoved {
      report("expected ',', found \(describedNext)", SourceRange(end, end), hint: "add a comma between the elements")
    }
    // Whatever stands here, an array does not read it twice.
    if !isObject, next == containers[last].valueOffset { skipCharacter() }
  }

  /// To the next value of the innermost array or object; false when there is none.
  mutating func moveToValue() -> Bool {
    // Too deep: it was skipped.
    if containers.count > maximumDepth { return false }
    let last = containers.count - 1
    while true {
      skipBlanks()
      if endsContainer() { return false }
      if byte == UInt8(ascii: ",") {
        report("expected \(containers[last].isObject ? "a key" : "a value"), found ','", nextCharacter(), hint: "remove the comma")
        if !isAtEnd { next += 1 }
        continue
      }
      if containers[last].isObject {
        guard let (key, keyRange) = parseKey() else { continue }
        containers[last].key = key
        containers[last].keyRange = keyRange
        skipBlanks()
        takeColon(after: keyRange)
        if isAtEnd || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
          addMissingValue()
          continue
        }
      }
      containers[last].valueOffset = next
      return true
    }
  }

  private mutating func addMissingValue() {
    let start = here()
    if !isAtEnd {
      let key = containers[containers.count - 1].key
      report(
        "expected a value for the key \"\(key)\", found \(describedNext)", nextCharacter(), hint: "write the value after the colon")
    }
    add(SyntaxNode(.invalid, SourceRange(start, start)))
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

  private mutating func takeComma() {
    let range = nextCharacter()
    next += 1
    skipBlanks()
    if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
      report("a comma before \(describedNext)", range, hint: "remove the comma after the last element")
    }
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
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        next += 1
        skipContainer()
      } else {
        skipCharacter()
      }
      return nil
    }
  }
}

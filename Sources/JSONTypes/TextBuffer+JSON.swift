extension TextBuffer {
  /// The compact text of a value.
  mutating func appendJSON(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(true): append("true")
    case .bool(false): append("false")
    case .int(let value): appendJSON(value)
    case .double(let value): appendJSON(value)
    case .bigInteger(let digits): append(digits)
    case .string(let text): appendJSON(text)
    case .array(let elements): appendArray(elements)
    case .object(let object): appendObject(object)
    }
  }

  // Loops without closures, in functions of their own, keep the stack small that nested values take.

  private mutating func appendArray(_ elements: [JSONValue]) {
    guard !elements.isEmpty else { return append("[]") }
    for index in 0..<elements.count {
      append(UInt8(ascii: index == 0 ? "[" : ","))
      appendJSON(elements[index])
    }
    append(UInt8(ascii: "]"))
  }

  private mutating func appendObject(_ object: JSONObject) {
    guard case .keys(let keys, _)? = object.slots.first else { return append("{}") }
    for index in 0..<keys.count {
      append(UInt8(ascii: index == 0 ? "{" : ","))
      appendKey(keys.cells[index])
      appendJSON(object.slots[index &+ 1].member)
    }
    append(UInt8(ascii: "}"))
  }

  /// The text over several lines, two spaces a level.
  mutating func appendIndentedJSON(_ value: JSONValue, depth: Int = 0) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        appendNewLine(depth: depth + 1)
        appendIndentedJSON(element, depth: depth + 1)
      }
      appendNewLine(depth: depth)
      append(UInt8(ascii: "]"))
    case .object(let object) where !object.isEmpty:
      append(UInt8(ascii: "{"))
      for (index, member) in object.enumerated() {
        if index > 0 { append(UInt8(ascii: ",")) }
        appendNewLine(depth: depth + 1)
        appendJSON(member.key)
        append(": ")
        appendIndentedJSON(member.value, depth: depth + 1)
      }
      appendNewLine(depth: depth)
      append(UInt8(ascii: "}"))
    default: appendJSON(value)
    }
  }

  private mutating func appendNewLine(depth: Int) {
    append(0x0A)
    for _ in 0..<depth { append("  ") }
  }

  /// A key with its quotes and the colon.
  @inline(__always)
  private mutating func appendKey(_ cell: JSONKeys.Cell) {
    guard cell.isPlain else {
      appendJSON(cell.text)
      return append(UInt8(ascii: ":"))
    }
    let count = cell.text.utf8.count
    let target = reserve(count &+ 3)
    target[0] = UInt8(ascii: "\"")
    cell.text.withBytes { bytes in
      if let start = bytes.baseAddress { (target + 1).update(from: start, count: bytes.count) }
    }
    target[count &+ 1] = UInt8(ascii: "\"")
    target[count &+ 2] = UInt8(ascii: ":")
    advance(count &+ 3)
  }

  /// A string with its quotes and escapes.
  mutating func appendJSON(_ text: String) {
    let written = text.withBytes { bytes in
      // Every byte may become six; longer texts that need many escapes are measured first.
      let most = bytes.count <= 256 ? bytes.count &* 6 : text.jsonByteCount
      return Self.writeString(bytes, to: reserve(most &+ 2 &+ ByteWord.width))
    }
    advance(written)
  }

  /// Copies word by word until one holds a character that needs an escape. Writes up to a word beyond what counts.
  private static func writeString(_ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) -> Int {
    var out = target
    out.pointee = UInt8(ascii: "\"")
    out += 1
    if var next = bytes.baseAddress {
      let end = next + bytes.count
      while end - next >= ByteWord.width {
        let word = ByteWord.load(next)
        ByteWord.store(word, to: out)
        let mask = ByteWord.specialBytes(of: word)
        if mask == 0 {
          next += ByteWord.width
          out += ByteWord.width
        } else {
          let plain = ByteWord.bytesBeforeHit(mask)
          next += plain
          out += plain
          out += writeEscape(next.pointee, to: out)
          next += 1
        }
      }
      while next < end {
        if next.pointee.needsEscape {
          out += writeEscape(next.pointee, to: out)
        } else {
          out.pointee = next.pointee
          out += 1
        }
        next += 1
      }
    }
    out.pointee = UInt8(ascii: "\"")
    return out + 1 - target
  }

  private static func writeEscape(_ byte: UInt8, to out: UnsafeMutablePointer<UInt8>) -> Int {
    out[0] = UInt8(ascii: "\\")
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): out[1] = byte
    case 0x0A: out[1] = UInt8(ascii: "n")
    case 0x0D: out[1] = UInt8(ascii: "r")
    case 0x09: out[1] = UInt8(ascii: "t")
    case 0x08: out[1] = UInt8(ascii: "b")
    case 0x0C: out[1] = UInt8(ascii: "f")
    default:
      out[1] = UInt8(ascii: "u")
      out[2] = UInt8(ascii: "0")
      out[3] = UInt8(ascii: "0")
      out[4] = UInt8(ascii: "0") + byte >> 4
      out[5] = byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "A") - 10 + byte & 15
      return 6
    }
    return 2
  }

  mutating func appendJSON(_ value: Int64) {
    let magnitude = value.magnitude
    let count = magnitude.decimalDigitCount
    var target = reserve(20)
    if value < 0 {
      target.pointee = UInt8(ascii: "-")
      target += 1
    }
    magnitude.writeDigits(to: target, count: count)
    advance(value < 0 ? count &+ 1 : count)
  }

  mutating func appendJSON(_ value: Double) {
    let target = reserve(DoubleText.maximumByteCount)
    advance(DoubleText.write(value, to: target))
  }
}

extension UInt64 {
  @inline(__always)
  var decimalDigitCount: Int {
    var count = 1
    var rest = self
    while rest >= 10_000 {
      rest /= 10_000
      count &+= 4
    }
    if rest >= 1000 { return count &+ 3 }
    if rest >= 100 { return count &+ 2 }
    return rest >= 10 ? count &+ 1 : count
  }

  /// The lowest `count` decimal digits.
  @inline(__always)
  func writeDigits(to target: UnsafeMutablePointer<UInt8>, count: Int) {
    var rest = self
    var index = count
    while index > 0 {
      index &-= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      target[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
    }
  }
}

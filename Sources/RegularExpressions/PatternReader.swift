/// Walks over the scalars of a pattern and knows where it stands.
struct PatternReader {
  private let scalars: [Unicode.Scalar]
  private let offsets: [Int]
  private var position = 0

  init(_ pattern: String) {
    scalars = Array(pattern.unicodeScalars)
    var offset = 0
    var offsets: [Int] = []
    offsets.reserveCapacity(scalars.count + 1)
    for scalar in scalars {
      offsets.append(offset)
      offset += UTF8.width(scalar)
    }
    offsets.append(offset)
    self.offsets = offsets
  }

  /// Bytes before the next scalar.
  var offset: Int { offsets[position] }
  /// Bytes before the scalar read last.
  var lastOffset: Int { offsets[max(position - 1, 0)] }
  var peek: Unicode.Scalar? { peek(0) }

  func peek(_ distance: Int) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  mutating func next() -> Unicode.Scalar? {
    guard position < scalars.count else { return nil }
    position += 1
    return scalars[position - 1]
  }

  /// Steps over a text when it comes next.
  mutating func skip(_ text: String) -> Bool {
    var ahead = position
    for scalar in text.unicodeScalars {
      guard ahead < scalars.count, scalars[ahead] == scalar else { return false }
      ahead += 1
    }
    position = ahead
    return true
  }

  /// Everything up to a text, which is stepped over as well; nil, without moving, when it does not come.
  mutating func text(upTo end: String) -> String? {
    var ahead = self
    var text = ""
    while true {
      if ahead.skip(end) {
        self = ahead
        return text
      }
      guard let scalar = ahead.next() else { return nil }
      text.unicodeScalars.append(scalar)
    }
  }

  /// A group's name and the `>` after it.
  mutating func groupName() -> String? {
    var ahead = self
    guard let name = ahead.text(upTo: ">"), let first = name.unicodeScalars.first else { return nil }
    func isStart(_ scalar: Unicode.Scalar) -> Bool { scalar == "$" || scalar == "_" || scalar.properties.isIDStart }
    guard isStart(first), name.unicodeScalars.allSatisfy({ isStart($0) || $0.properties.isIDContinue }) else { return nil }
    self = ahead
    return name
  }

  mutating func hexadecimal(digits: Int) -> UInt32? {
    var ahead = self
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let scalar = ahead.next(), scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    self = ahead
    return value
  }

  mutating func decimal(startingWith first: Unicode.Scalar? = nil) -> Int? {
    var value = first.map { Int($0.value) - 0x30 }
    while let scalar = peek, "0"..."9" ~= scalar {
      value = min((value ?? 0) * 10 + Int(scalar.value) - 0x30, 1_000_000)
      position += 1
    }
    return value
  }

  /// `n}`, `n,}` or `n,m}` after an opening brace, as a quantifier's text, and the reader behind it; nil when the brace is a plain character.
  func repetition(openedAt offset: Int) throws(RegularExpressionError) -> (String, PatternReader)? {
    var ahead = self
    guard let low = ahead.decimal() else { return nil }
    if ahead.skip("}") { return ("{\(low)}", ahead) }
    guard ahead.skip(",") else { return nil }
    if ahead.skip("}") { return ("{\(low),}", ahead) }
    guard let high = ahead.decimal(), ahead.skip("}") else { return nil }
    guard low <= high else { throw RegularExpressionError(.syntax, "numbers out of order in {} quantifier", at: offset) }
    return ("{\(low),\(high)}", ahead)
  }

  /// JavaScript's Annex B: up to three octal digits, at most \377.
  mutating func legacyOctal(startingWith first: Unicode.Scalar) -> UInt32? {
    guard "0"..."7" ~= first else { return nil }
    var value = first.value - 0x30
    var digits = 1
    while digits < 3, let scalar = peek, "0"..."7" ~= scalar, value * 8 + scalar.value - 0x30 <= 0o377 {
      value = value * 8 + scalar.value - 0x30
      position += 1
      digits += 1
    }
    return value
  }

  /// JavaScript's escapes for one character, the letter after the backslash already read. The value may be a lone surrogate.
  mutating func characterEscape(_ letter: Unicode.Scalar) -> UInt32 {
    switch letter {
    case "t": return 9
    case "n": return 10
    case "v": return 11
    case "f": return 12
    case "r": return 13
    case "0"..."7": return legacyOctal(startingWith: letter) ?? letter.value
    case "x": return hexadecimal(digits: 2) ?? letter.value
    case "c":
      guard let control = peek, "a"..."z" ~= control || "A"..."Z" ~= control else {
        // \c without a letter is a backslash, and the c comes again.
        position -= 1
        return 0x5C
      }
      position += 1
      return control.value % 32
    case "u":
      guard let first = hexadecimal(digits: 4) else { return letter.value }
      var ahead = self
      if 0xD800..<0xDC00 ~= first, ahead.skip("\\u"), let second = ahead.hexadecimal(digits: 4), 0xDC00..<0xE000 ~= second {
        self = ahead
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      }
      return first
    default: return letter.value
    }
  }
}

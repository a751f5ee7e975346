import JSONTypes

/// A picture such as `0001`, `#,##0`, `w`, `Ww;o`, `I` or `A` for whole numbers.
///
/// Source: XPath and XQuery Functions and Operators 3.1, 4.6 "Formatting integers".
struct IntegerPicture {
  enum Style: Sendable {
    case decimal, letters, roman, words
    case sequence(String)
  }
  enum Case: Sendable { case lower, upper, title }
  struct Separator: Sendable {
    let position: Int
    let character: Unicode.Scalar
  }

  private(set) var style = Style.decimal
  private(set) var letterCase = Case.lower
  private(set) var isOrdinal = false
  private(set) var zero: UInt32 = 0x30
  var mandatoryDigits = 0
  private(set) var optionalDigits = 0
  private(set) var separators: [Separator] = []
  private(set) var regularInterval = 0
  /// Digits to read when the next part of a date picture follows at once.
  var parseWidth: Int?

  init(_ picture: String) throws(Failure) {
    var primary = picture
    if let mark = picture.utf8.lastIndex(of: UInt8(ascii: ";")) {
      primary = String(picture[..<mark])
      isOrdinal = picture[picture.utf8.index(after: mark)...].utf8.first == UInt8(ascii: "o")
    }
    switch primary {
    case "A", "a":
      style = .letters
      letterCase = primary == "A" ? .upper : .lower
    case "I", "i":
      style = .roman
      letterCase = primary == "I" ? .upper : .lower
    case "W", "Ww", "w":
      style = .words
      letterCase = primary == "W" ? .upper : primary == "w" ? .lower : .title
    default: try readDigits(primary)
    }
  }

  private mutating func readDigits(_ picture: String) throws(Failure) {
    var family: UInt32?
    var position = 0
    for scalar in picture.unicodeScalars.reversed() {
      if let zero = Self.zeros.first(where: { scalar.value >= $0 && scalar.value <= $0 + 9 }) {
        mandatoryDigits += 1
        position += 1
        if let family, family != zero { throw Failure("D3131") }
        family = zero
      } else if scalar == "#" {
        position += 1
        optionalDigits += 1
      } else {
        separators.append(Separator(position: position, character: scalar))
      }
    }
    guard let family else {
      style = .sequence(picture)
      return
    }
    zero = family
    if Set(separators.map(\.character)).count == 1 { regularInterval = JSONata.regularInterval(separators.map(\.position)) }
  }

  var isRegular: Bool { regularInterval > 0 }

  /// The zeros of the decimal digit families.
  private static let zeros: [UInt32] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20,
    0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0,
    0xAA50, 0xABF0, 0xFF10,
  ]

  // MARK: Formatting

  func text(of value: Double) throws(Failure) -> String {
    let magnitude = value.magnitude
    var text: String
    switch style {
    case .letters: text = Numerals.letters(magnitude, first: letterCase == .upper ? "A" : "a")
    case .roman:
      guard magnitude < 1e6 else { throw Failure("D1001", value: JSONValue(number: value)) }
      text = Numerals.roman(Int(magnitude))
      if letterCase == .lower { text = text.lowercased() }
    case .words:
      text = Numerals.words(magnitude, ordinal: isOrdinal)
      if letterCase == .upper { text = text.uppercased() } else if letterCase == .lower { text = text.lowercased() }
    case .decimal: text = decimal(magnitude)
    case .sequence(let token): throw Failure("D3130", value: .string(token))
    }
    return value < 0 ? "-" + text : text
  }

  private func decimal(_ magnitude: Double) -> String {
    var digits = Array(numberText(magnitude).unicodeScalars)
    if digits.count < mandatoryDigits { digits = [Unicode.Scalar](repeating: "0", count: mandatoryDigits - digits.count) + digits }
    let last = digits.last
    let teens = digits.count > 1 && digits[digits.count - 2] == "1"
    if zero != 0x30 { digits = digits.map { "0"..."9" ~= $0 ? Unicode.Scalar($0.value - 0x30 + zero) ?? $0 : $0 } }
    var result: [Unicode.Scalar] = []
    for (index, digit) in digits.enumerated() {
      let toTheRight = digits.count - index
      if index > 0 {
        if isRegular {
          if toTheRight % regularInterval == 0 { result.append(separators[0].character) }
        } else {
          result.append(contentsOf: separators(at: toTheRight))
        }
      }
      result.append(digit)
    }
    if !isRegular { result.append(contentsOf: separators(at: 0)) }
    var text = String(result)
    if isOrdinal {
      switch last {
      case "1" where !teens: text += "st"
      case "2" where !teens: text += "nd"
      case "3" where !teens: text += "rd"
      default: text += "th"
      }
    }
    return text
  }

  /// What stands before so many digits, in the order of the picture.
  private func separators(at position: Int) -> [Unicode.Scalar] {
    separators.reversed().filter { $0.position == position }.map(\.character)
  }

  // MARK: Reading

  /// A pattern for what `value` reads.
  func pattern() throws(Failure) -> String {
    switch style {
    case .letters: return letterCase == .upper ? "[A-Z]+" : "[a-z]+"
    case .roman: return letterCase == .upper ? "[MDCLXVI]+" : "[mdclxvi]+"
    case .words: return "(?:" + Numerals.wordPattern + "|[\\-, ])+"
    case .decimal: return "[0-9]" + (parseWidth.map { "{\($0)}" } ?? "+") + (isOrdinal ? "(?:th|st|nd|rd)" : "")
    case .sequence(let token): throw Failure("D3130", value: .string(token))
    }
  }

  /// The number that a text tells; not a number when it tells none.
  func value(of text: String) throws(Failure) -> Double {
    switch style {
    case .letters: return Numerals.number(ofLetters: text, first: letterCase == .upper ? "A" : "a")
    case .roman: return Numerals.number(ofRoman: text.uppercased())
    case .words: return Numerals.number(ofWords: text)
    case .sequence(let token): throw Failure("D3130", value: .string(token))
    case .decimal: break
    }
    var digits = Array(text.unicodeScalars)
    if isOrdinal { digits.removeLast(min(2, digits.count)) }
    let marks = Set(separators.map(\.character)).union(isRegular ? [","] : [])
    digits = digits.filter { !marks.contains($0) }.map { scalar in
      scalar.value >= zero && scalar.value <= zero + 9 ? Unicode.Scalar(scalar.value - zero + 0x30) ?? scalar : scalar
    }
    return leadingInteger(String(digits))
  }
}

/// The whole number at the start of a text, as JavaScript's parseInt reads it; not a number when there is none.
func leadingInteger(_ text: some StringProtocol) -> Double {
  var rest = text.unicodeScalars.drop { $0.properties.isWhitespace }
  let negative = rest.first == "-"
  if negative || rest.first == "+" { rest = rest.dropFirst() }
  let digits = rest.prefix { "0"..."9" ~= $0 }
  guard !digits.isEmpty, let value = Double(String(digits.map { Character($0) })) else { return .nan }
  return negative ? -value : value
}

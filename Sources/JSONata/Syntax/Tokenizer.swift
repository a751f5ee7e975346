import JSONTypes
import RegularExpressions

/// A word of an expression.
struct Token {
  enum Kind {
    case name, variable, string, number, literal, regularExpression, symbol, end
  }
  var kind: Kind
  /// The name, the text of a string, or the symbol.
  var text: String
  /// The value of a number or literal.
  var literal: JSONValue = .null
  var pattern: RegularExpression?
  /// UTF-16 units before the end of the token.
  var position: Int

  /// Whether this is the given symbol. The words `and`, `or` and `in` are symbols, too.
  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

  /// The token as an error shows it.
  var shown: JSONValue {
    switch kind {
    case .number, .literal: literal
    case .end: "(end)"
    default: .string(text)
    }
  }
}

/// Splits an expression into tokens, one at a time: whether a slash divides or begins a regular expression only the parser knows.
struct Tokenizer {
  let text: [UInt16]
  private(set) var position = 0
  /// Where the last token begins.
  private(set) var tokenStart = 0

  init(_ source: String) { text = Array(source.utf16) }

  private func unit(_ index: Int) -> UInt16 { index < text.count ? text[index] : 0 }
  private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF16.self) }

  private static func isBlank(_ unit: UInt16) -> Bool { unit == 0x20 || 0x09...0x0B ~= unit || unit == 0x0D }
  private static let singleSymbols = Set(".[]{}(),@#;:?+-*/%|=<>^&!~".utf16)
  private static let doubleSymbols = ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"]

  /// - Parameter afterOperand: a slash here means division.
  mutating func next(afterOperand: Bool) throws(Failure) -> Token {
    try skipBlanksAndComments()
    tokenStart = position
    guard position < text.count else { return Token(kind: .end, text: "(end)", position: text.count) }
    let first = text[position]
    if first == UInt16(ascii: "/"), !afterOperand {
      position += 1
      return try regularExpression()
    }
    if position + 1 < text.count {
      let pair = string(position..<position + 2)
      if Self.doubleSymbols.contains(pair) {
        position += 2
        return Token(kind: .symbol, text: pair, position: position)
      }
    }
    if Self.singleSymbols.contains(first) {
      position += 1
      return Token(kind: .symbol, text: string(position - 1..<position), position: position)
    }
    switch first {
    case UInt16(ascii: "\""), UInt16(ascii: "'"): return try quoted(by: first)
    case UInt16(ascii: "0")...UInt16(ascii: "9"): return try number()
    case UInt16(ascii: "`"):
      position += 1
      guard let end = text[position...].firstIndex(of: first) else {
        position = text.count
        throw Failure("S0105", position: position)
      }
      let name = string(position..<end)
      position = end + 1
      return Token(kind: .name, text: name, position: position)
    default: return word()
    }
  }

  private mutating func skipBlanksAndComments() throws(Failure) {
    while position < text.count {
      if Self.isBlank(text[position]) {
        position += 1
      } else if text[position] == UInt16(ascii: "/"), unit(position + 1) == UInt16(ascii: "*") {
        let start = position
        position += 2
        while position < text.count, !(text[position] == UInt16(ascii: "*") && unit(position + 1) == UInt16(ascii: "/")) { position += 1 }
        guard position < text.count else { throw Failure("S0106", position: start) }
        position += 2
      } else {
        return
      }
    }
  }

  private mutating func word() -> Token {
    let start = position
    while position < text.count, !Self.isBlank(text[position]), !Self.singleSymbols.contains(text[position]) { position += 1 }
    if text[start] == UInt16(ascii: "$") { return Token(kind: .variable, text: string(start + 1..<position), position: position) }
    let name = string(start..<position)
    switch name {
    case "or", "in", "and": return Token(kind: .symbol, text: name, position: position)
    case "true": return Token(kind: .literal, text: name, literal: true, position: position)
    case "false": return Token(kind: .literal, text: name, literal: false, position: position)
    case "null": return Token(kind: .literal, text: name, literal: .null, position: position)
    default: return Token(kind: .name, text: name, position: position)
    }
  }

  private mutating func number() throws(Failure) -> Token {
    let start = position
    func digits(_ index: inout Int) {
      while 0x30...0x39 ~= unit(index) { index += 1 }
    }
    var end = start
    if text[start] == UInt16(ascii: "0") { end += 1 } else { digits(&end) }
    if unit(end) == UInt16(ascii: "."), 0x30...0x39 ~= unit(end + 1) {
      end += 1
      digits(&end)
    }
    if unit(end) | 0x20 == UInt16(ascii: "e") {
      var exponent = end + 1
      if unit(exponent) == UInt16(ascii: "+") || unit(exponent) == UInt16(ascii: "-") { exponent += 1 }
      if 0x30...0x39 ~= unit(exponent) {
        digits(&exponent)
        end = exponent
      }
    }
    let written = string(start..<end)
    guard let value = Double(written), value.isFinite else { throw Failure("S0102", position: start, token: .string(written)) }
    position = end
    return Token(kind: .number, text: written, literal: JSONValue(number: value), position: position)
  }

  private mutating func quoted(by quote: UInt16) throws(Failure) -> Token {
    position += 1
    var units: [UInt16] = []
    while position < text.count {
      let unit = text[position]
      if unit == quote {
        position += 1
        return Token(kind: .string, text: String(decoding: units, as: UTF16.self), position: position)
      }
      if unit == UInt16(ascii: "\\") {
        position += 1
        units.append(try escape())
      } else {
        units.append(unit)
      }
      position += 1
    }
    throw Failure("S0101", position: position)
  }

  /// The unit that an escape stands for; leaves `position` at its last character.
  private mutating func escape() throws(Failure) -> UInt16 {
    let letter = unit(position)
    switch letter {
    case UInt16(ascii: "\""), UInt16(ascii: "\\"), UInt16(ascii: "/"): return letter
    case UInt16(ascii: "b"): return 0x08
    case UInt16(ascii: "f"): return 0x0C
    case UInt16(ascii: "n"): return 0x0A
    case UInt16(ascii: "r"): return 0x0D
    case UInt16(ascii: "t"): return 0x09
    case UInt16(ascii: "u"):
      var value: UInt16 = 0
      for index in 1...4 {
        guard let scalar = Unicode.Scalar(unit(position + index)), let digit = Character(scalar).hexDigitValue, scalar.isASCII else {
          throw Failure("S0104", position: position)
        }
        value = value << 4 | UInt16(digit)
      }
      position += 4
      return value
    default:
      let shown = position < text.count ? string(position..<position + 1) : ""
      throw Failure("S0103", position: position, token: .string(shown))
    }
  }

  /// After the opening slash.
  private mutating func regularExpression() throws(Failure) -> Token {
    let start = position
    var depth = 0
    while position < text.count {
      let unit = text[position]
      if unit == UInt16(ascii: "/"), depth == 0, !isEscaped(position) { break }
      if !(position > 0 && text[position - 1] == UInt16(ascii: "\\")) {
        switch unit {
        case UInt16(ascii: "("), UInt16(ascii: "["), UInt16(ascii: "{"): depth += 1
        case UInt16(ascii: ")"), UInt16(ascii: "]"), UInt16(ascii: "}"): depth -= 1
        default: break
        }
      }
      position += 1
    }
    guard position < text.count else { throw Failure("S0302", position: position) }
    guard position > start else { throw Failure("S0301", position: position) }
    let pattern = string(start..<position)
    position += 1
    var options: RegularExpression.Options = []
    while unit(position) == UInt16(ascii: "i") || unit(position) == UInt16(ascii: "m") {
      options.insert(unit(position) == UInt16(ascii: "i") ? .caseInsensitive : .multiline)
      position += 1
    }
    do {
      let compiled = try RegularExpression(pattern, flavor: .javaScript, options: options)
      return Token(kind: .regularExpression, text: pattern, pattern: compiled, position: position)
    } catch {
      throw Failure(JSONataError.Code.regularExpression, position: start + (error.offset ?? 0), value: .string(error.message))
    }
  }

  private func isEscaped(_ index: Int) -> Bool {
    var backslashes = 0
    while index - backslashes > 0, text[index - backslashes - 1] == UInt16(ascii: "\\") { backslashes += 1 }
    return backslashes % 2 == 1
  }
}

extension UInt16 {
  fileprivate init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}

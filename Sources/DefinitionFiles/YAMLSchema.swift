import JSONTypes

/// What a plain scalar means. Source: YAML 1.2.2, section 10.3 "Core Schema"; timestamps and the words of YAML 1.1 stay strings.
enum YAMLSchema {
  /// The value of a plain scalar; nil for `.inf` and `.nan`, which JSON cannot express.
  static func value(ofPlain text: String) -> SyntaxNode.Kind? {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    guard let first = text.utf8.first, (0x30...0x39).contains(first) || first == 0x2B || first == 0x2D || first == 0x2E else {
      return .string(text)
    }
    switch text.drop(while: { $0 == "+" || $0 == "-" }) {
    case ".inf", ".Inf", ".INF": return nil
    case ".nan", ".NaN", ".NAN": return text.utf8.first == 0x2E ? nil : .string(text)
    default: return number(text).map { .number($0) } ?? .string(text)
    }
  }

  /// Whether YAML 1.1 readers, such as the one that the SAM command uses, take the word for a boolean.
  static func isBooleanOfYAML11(_ text: String) -> Bool {
    switch text {
    case "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "Y", "n", "N": true
    default: false
    }
  }

  /// Decimal, `0o17` and `0x1F` integers, and floats; nil for any other text.
  static func number(_ text: String) -> JSONValue? {
    if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
    var digits = Substring(text)
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits = digits.dropFirst() }
    guard let first = digits.utf8.first, first != 0x2B, first != 0x2D else { return nil }
    if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      let significant = digits.drop { $0 == "0" }
      let spelled = (isNegative ? "-" : "") + (significant.isEmpty ? "0" : significant)
      return Int64(spelled).map { .int($0) } ?? .bigInteger(spelled)
    }
    guard isFloat(digits), let value = Double(String(isNegative ? "-" : "") + digits), value.isFinite else { return nil }
    return .double(value)
  }

  private static func integer(_ digits: Substring, radix: Int) -> JSONValue? {
    guard let first = digits.first, first != "+", first != "-" else { return nil }
    return Int64(digits, radix: radix).map { .int($0) }
  }

  /// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isFloat(_ text: Substring) -> Bool {
    var rest = text.utf8[...]
    func skipDigits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    let whole = skipDigits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      if skipDigits() == 0, whole == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      if skipDigits() == 0 { return false }
    }
    return rest.isEmpty
  }
}

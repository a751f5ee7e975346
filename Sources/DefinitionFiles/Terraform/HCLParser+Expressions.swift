import JSONTypes

/// Source: HCL Native Syntax Specification, "Expressions".
extension HCLParser {
  /// - Parameter lines: whether line ends are blanks here, as within brackets.
  mutating func expression(lines: Bool) throws(HCLSyntaxError) -> HCLExpression {
    try enter()
    defer { depth -= 1 }
    try skipBlanks(lines: lines)
    let start = index
    var result = try term(lines: lines)
    var isOperation = false
    while true {
      try skipBlanks(lines: lines)
      guard let length = operatorLength() else { break }
      index += length
      isOperation = true
      _ = try term(lines: lines)
    }
    if isOperation { result = opaque(from: start) }
    guard byte == UInt8(ascii: "?") else { return result }
    index += 1
    let yes = try expression(lines: true)
    try skipBlanks(lines: true)
    guard byte == UInt8(ascii: ":") else { throw problem("expected : and the other value of the condition") }
    index += 1
    let no = try expression(lines: lines)
    return HCLExpression(.conditional(result, yes, no), text.range(start..<index))
  }

  private func operatorLength() -> Int? {
    let next = byte(1)
    switch byte {
    case UInt8(ascii: "="): return next == UInt8(ascii: "=") ? 2 : nil
    case UInt8(ascii: "!"): return next == UInt8(ascii: "=") ? 2 : nil
    case UInt8(ascii: "<"), UInt8(ascii: ">"): return next == UInt8(ascii: "=") ? 2 : 1
    case UInt8(ascii: "&"): return next == UInt8(ascii: "&") ? 2 : nil
    case UInt8(ascii: "|"): return next == UInt8(ascii: "|") ? 2 : nil
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"): return 1
    default: return nil
    }
  }

  func opaque(from start: Int) -> HCLExpression {
    var stop = index
    while stop > start, source[stop - 1] <= 0x20 { stop -= 1 }
    return HCLExpression(.opaque(String(decoding: source[start..<stop].prefix(60), as: UTF8.self)), text.range(start..<max(stop, start)))
  }

  /// A value with what is taken from it: `.name`, `[index]`, `[*]`.
  private mutating func term(lines: Bool) throws(HCLSyntaxError) -> HCLExpression {
    try skipBlanks(lines: lines)
    let start = index
    if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "!") {
      let isMinus = byte == UInt8(ascii: "-")
      index += 1
      try enter()
      defer { depth -= 1 }
      let operand = try term(lines: lines)
      if isMinus, case .number(let value) = operand.kind, let negative = Self.negated(value) {
        return HCLExpression(.number(negative), text.range(start..<index))
      }
      return opaque(from: start)
    }
    var result = try primary(lines: lines)
    while true {
      if byte == UInt8(ascii: "."), byte(1) != UInt8(ascii: ".") {
        index += 1
        if case .reference(let names) = result.kind, let name = identifier() {
          result = HCLExpression(.reference(names + [name]), text.range(start..<index))
        } else {
          if byte == UInt8(ascii: "*") { index += 1 } else { while HCLParser.beginsName(byte) || HCLParser.isDigit(byte) || byte == UInt8(ascii: "-") { index += 1 } }
          result = opaque(from: start)
        }
      } else if byte == UInt8(ascii: "[") {
        try skipBrackets()
        result = opaque(from: start)
      } else {
        return result
      }
    }
  }

  private static func negated(_ value: JSONValue) -> JSONValue? {
    switch value {
    case .int(let value): .int(-value)
    case .double(let value): .double(-value)
    default: nil
    }
  }

  private mutating func primary(lines: Bool) throws(HCLSyntaxError) -> HCLExpression {
    let start = index
    switch byte {
    case UInt8(ascii: "\""): return try quoted()
    case UInt8(ascii: "<") where byte(1) == UInt8(ascii: "<"): return try heredoc()
    case UInt8(ascii: "("):
      index += 1
      let inner = try expression(lines: true)
      try close(UInt8(ascii: ")"), openedAt: start)
      return HCLExpression(inner.kind, text.range(start..<index))
    case UInt8(ascii: "["): return try tuple()
    case UInt8(ascii: "{"): return try object()
    case let digit where Self.isDigit(digit): return try number()
    default: break
    }
    guard let name = identifier() else {
      let found = index < end ? "" : "; the file ends here"
      throw problem("expected a value\(found)")
    }
    switch name {
    case "true": return HCLExpression(.bool(true), text.range(start..<index))
    case "false": return HCLExpression(.bool(false), text.range(start..<index))
    case "null": return HCLExpression(.null, text.range(start..<index))
    default: break
    }
    var function = name
    while byte == UInt8(ascii: ":"), byte(1) == UInt8(ascii: ":") {
      index += 2
      function += "::" + (identifier() ?? "")
    }
    guard byte == UInt8(ascii: "(") else { return HCLExpression(.reference([name]), text.range(start..<index)) }
    let open = index
    index += 1
    var arguments: [HCLExpression] = []
    try skipBlanks(lines: true)
    while byte != UInt8(ascii: ")") {
      arguments.append(try expression(lines: true))
      try skipBlanks(lines: true)
      if byte == UInt8(ascii: "."), byte(1) == UInt8(ascii: "."), byte(2) == UInt8(ascii: ".") {
        index += 3
        try close(UInt8(ascii: ")"), openedAt: open)
        return opaque(from: start)
      }
      guard byte == UInt8(ascii: ",") else { break }
      index += 1
      try skipBlanks(lines: true)
    }
    try close(UInt8(ascii: ")"), openedAt: open)
    return HCLExpression(.call(function, arguments), text.range(start..<index))
  }

  private mutating func close(_ bracket: UInt8, openedAt open: Int) throws(HCLSyntaxError) {
    try skipBlanks(lines: true)
    guard byte == bracket else {
      let opening = text.position(at: open)
      throw problem("expected \(Character(Unicode.Scalar(bracket))) for the bracket that line \(opening.line) opens")
    }
    index += 1
  }

  private mutating func number() throws(HCLSyntaxError) -> HCLExpression {
    let start = index
    while Self.isDigit(byte) { index += 1 }
    if byte == UInt8(ascii: "."), Self.isDigit(byte(1)) {
      index += 1
      while Self.isDigit(byte) { index += 1 }
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+") ? 1 : 0
      if Self.isDigit(byte(1 + sign)) {
        index += 1 + sign
        while Self.isDigit(byte) { index += 1 }
      }
    }
    var digits = source[start..<index]
    while digits.count > 1, digits.first == UInt8(ascii: "0"), digits.dropFirst().first.map(Self.isDigit) == true { digits = digits.dropFirst() }
    guard let value = try? JSONValue(parsing: String(decoding: digits, as: UTF8.self)) else { throw problem("expected a number", at: start) }
    return HCLExpression(.number(value), text.range(start..<index))
  }

  private mutating func tuple() throws(HCLSyntaxError) -> HCLExpression {
    let start = index
    index += 1
    if try skipFor(from: start) { return opaque(from: start) }
    var elements: [HCLExpression] = []
    try skipBlanks(lines: true)
    while byte != UInt8(ascii: "]") {
      elements.append(try expression(lines: true))
      try skipBlanks(lines: true)
      guard byte == UInt8(ascii: ",") else { break }
      index += 1
      try skipBlanks(lines: true)
    }
    try close(UInt8(ascii: "]"), openedAt: start)
    return HCLExpression(.tuple(elements), text.range(start..<index))
  }

  private mutating func object() throws(HCLSyntaxError) -> HCLExpression {
    let start = index
    index += 1
    if try skipFor(from: start) { return opaque(from: start) }
    var items: [HCLObjectItem] = []
    try skipBlanks(lines: true)
    while byte != UInt8(ascii: "}") {
      let (key, keyRange) = try objectKey()
      try skipBlanks(lines: false)
      guard byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") else {
        throw problem("expected = behind the key" + (key.map { " \"\($0)\"" } ?? "") + (index >= end ? "; the file ends here" : ""))
      }
      index += 1
      let value = try expression(lines: false)
      items.append(HCLObjectItem(key: key, keyRange: keyRange, value: value))
      try skipBlanks(lines: false)
      if byte == UInt8(ascii: ",") {
        index += 1
      } else if byte != 0x0A, byte != 0x0D, byte != UInt8(ascii: "}") {
        throw problem(index >= end ? "expected } before the end of the file" : "expected a comma, a line end or } behind this value")
      }
      try skipBlanks(lines: true)
    }
    index += 1
    return HCLExpression(.object(items), text.range(start..<index))
  }

  /// A bare name is the key itself; anything else is computed.
  private mutating func objectKey() throws(HCLSyntaxError) -> (String?, SourceRange) {
    let start = index
    if let name = identifier() {
      let range = text.range(start..<index)
      let after = index
      try skipBlanks(lines: false)
      if byte == UInt8(ascii: ":") || (byte == UInt8(ascii: "=") && byte(1) != UInt8(ascii: "=")) {
        index = after
        return (name, range)
      }
      index = start
    }
    let key = try expression(lines: false)
    switch key.kind {
    case .template: return (key.plainText, key.range)
    case .number(let value): return (value.jsonText, key.range)
    case .bool(let value): return (value ? "true" : "false", key.range)
    default: return (nil, key.range)
    }
  }

  /// Steps over a `for` expression to behind its closing bracket; false when there is none at `index`.
  private mutating func skipFor(from start: Int) throws(HCLSyntaxError) -> Bool {
    let before = index
    try skipBlanks(lines: true)
    if identifier() == "for" {
      try skipBlanks(lines: true)
      if Self.beginsName(byte) {
        index = start
        try skipBrackets()
        return true
      }
    }
    index = before
    return false
  }

  /// Steps over a bracket and what is within.
  mutating func skipBrackets() throws(HCLSyntaxError) {
    let start = index
    var open = 0
    repeat {
      try skipBlanks(lines: true)
      guard index < end else { throw problem("this bracket is not closed", at: start) }
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        open += 1
        index += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        open -= 1
        index += 1
      case UInt8(ascii: "\""): _ = try quoted()
      case UInt8(ascii: "<") where byte(1) == UInt8(ascii: "<") && (byte(2) == UInt8(ascii: "-") || Self.beginsName(byte(2))): _ = try heredoc()
      default: index += 1
      }
    } while open > 0
  }
}

extension HCLExpression {
  /// The text of a template without interpolations.
  var plainText: String? {
    guard case .template(let parts) = kind else { return nil }
    var text = ""
    for part in parts {
      guard case .text(let piece) = part else { return nil }
      text += piece.text
    }
    return text
  }
}

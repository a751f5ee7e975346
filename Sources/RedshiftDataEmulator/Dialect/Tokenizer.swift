/// Cuts a text into tokens. Every text has tokens: what a statement does wrong is for the statement's reader to say.
///
/// Redshift's rules, which differ from PostgreSQL's today: a backslash escapes in every literal in single quotes; `#name` is a name.
struct Tokenizer {
  private let bytes: [UInt8]
  private var position = 0
  private var tokens: [Token] = []

  static func tokens(of text: String) -> [Token] {
    var tokenizer = Tokenizer(bytes: Array(text.utf8))
    tokenizer.run()
    return tokenizer.tokens
  }

  /// The first token's key; empty for a text of blanks and comments.
  static func firstWord(of text: String) -> String {
    var tokenizer = Tokenizer(bytes: Array(text.utf8.prefix(4096)))
    _ = tokenizer.skipBlanksAndComments()
    guard tokenizer.position < tokenizer.bytes.count else { return "" }
    let start = tokenizer.position
    let (kind, _) = tokenizer.scan()
    return Token(kind, tokenizer.text(start..<tokenizer.position)).key
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func run() {
    tokens.reserveCapacity(bytes.count / 4 + 2)
    while true {
      let start = position
      let isTerminated = skipBlanksAndComments()
      // Most tokens stand behind nothing, or one blank.
      let leading =
        position == start ? "" : position == start + 1 && bytes[start] == 0x20 ? " " : text(start..<position)
      guard position < bytes.count else {
        var end = Token(.end, "", leading: leading, offset: position)
        end.isTerminated = isTerminated
        return tokens.append(end)
      }
      let offset = position
      let (kind, complete) = scan()
      var token = Token(kind, text(offset..<position), leading: leading, offset: offset)
      token.isTerminated = complete
      tokens.append(token)
    }
  }

  /// False when the text ends within a block comment.
  private mutating func skipBlanksAndComments() -> Bool {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: position += 1
      case UInt8(ascii: "-") where byte(position + 1) == UInt8(ascii: "-"):
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
      case UInt8(ascii: "/") where byte(position + 1) == UInt8(ascii: "*"):
        var depth = 0
        repeat {
          if byte(position) == UInt8(ascii: "/"), byte(position + 1) == UInt8(ascii: "*") {
            depth += 1
            position += 2
          } else if byte(position) == UInt8(ascii: "*"), byte(position + 1) == UInt8(ascii: "/") {
            depth -= 1
            position += 2
          } else {
            position += 1
          }
        } while depth > 0 && position < bytes.count
        position = min(position, bytes.count)
        if depth > 0 { return false }
      default: return true
      }
    }
    return true
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }
  private static func isLiteralPrefix(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte | 0x20) {
    case "e", "b", "x", "n": true
    default: false
    }
  }
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  private static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$") }

  private mutating func scan() -> (Token.Kind, complete: Bool) {
    let first = bytes[position]
    switch first {
    case UInt8(ascii: "'"): return (.string, scanQuoted(UInt8(ascii: "'"), escapes: true))
    case UInt8(ascii: "\""): return (.quotedName, scanQuoted(first, escapes: false))
    case UInt8(ascii: "$"):
      if let complete = scanDollarString() { return (.dollarString, complete) }
      position += 1
      if Self.isDigit(byte(position)) {
        while Self.isDigit(byte(position)) { position += 1 }
        return (.position, true)
      }
      return (.symbol, true)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return scanNumber()
    case UInt8(ascii: ".") where Self.isDigit(byte(position + 1)) && !isAfterName: return scanNumber()
    case UInt8(ascii: ":"):
      position += 1
      if byte(position) == UInt8(ascii: ":") || byte(position) == UInt8(ascii: "=") {
        position += 1
        return (.symbol, true)
      }
      guard Self.isNameStart(byte(position)) else { return (.symbol, true) }
      while position < bytes.count, Self.isNamePart(bytes[position]) { position += 1 }
      return (.parameter, true)
    case UInt8(ascii: "#") where Self.isNameStart(byte(position + 1)) && !isAfterOperand:
      position += 1
      while position < bytes.count, Self.isNamePart(bytes[position]) { position += 1 }
      return (.word, true)
    default: break
    }
    if Self.isNameStart(first) {
      if byte(position + 1) == UInt8(ascii: "'"), Self.isLiteralPrefix(first) {
        position += 1
        return (.string, scanQuoted(UInt8(ascii: "'"), escapes: true))
      }
      while position < bytes.count, Self.isNamePart(bytes[position]) { position += 1 }
      return (.word, true)
    }
    position += 1
    // <= >= <> != || !~ ~* |/ << >>, and the longer !~* ||/
    let second = byte(position)
    switch (Unicode.Scalar(first), Unicode.Scalar(second)) {
    case ("<", "="), (">", "="), ("<", ">"), ("!", "="), ("~", "*"), ("<", "<"), (">", ">"): position += 1
    case ("!", "~"):
      position += 1
      if byte(position) == UInt8(ascii: "*") { position += 1 }
    case ("|", "|"), ("|", "/"):
      position += 1
      if byte(position) == UInt8(ascii: "/") { position += 1 }
    default: break
    }
    return (.symbol, true)
  }

  /// Whether the token before stands right here and is a name, so that a dot joins.
  private var isAfterName: Bool {
    guard let last = tokens.last else { return false }
    return last.isName && last.offset + last.text.utf8.count == position
  }
  /// Whether what stands before is a value, so that `#` is the operator.
  private var isAfterOperand: Bool {
    guard let last = tokens.last else { return false }
    return last.kind == .number || last.isSymbol(")") || last.isSymbol("]")
      || (last.isName && last.offset + last.text.utf8.count == position)
  }

  private mutating func scanQuoted(_ quote: UInt8, escapes: Bool) -> Bool {
    position += 1
    while position < bytes.count {
      if escapes, bytes[position] == UInt8(ascii: "\\") {
        position += 2
      } else if bytes[position] == quote {
        position += 1
        guard byte(position) == quote, position < bytes.count else { return true }
        position += 1
      } else {
        position += 1
      }
    }
    position = bytes.count
    return false
  }

  /// Nil when no `$tag$` begins here.
  private mutating func scanDollarString() -> Bool? {
    var end = position + 1
    if Self.isDigit(byte(end)) { return nil }
    while end < bytes.count, Self.isNameStart(bytes[end]) || Self.isDigit(bytes[end]) { end += 1 }
    guard byte(end) == UInt8(ascii: "$") else { return nil }
    let tag = bytes[position...end]
    position = end + 1
    while position + tag.count <= bytes.count {
      if bytes[position] == UInt8(ascii: "$"), bytes[position..<position + tag.count].elementsEqual(tag) {
        position += tag.count
        return true
      }
      position += 1
    }
    position = bytes.count
    return false
  }

  private mutating func scanNumber() -> (Token.Kind, complete: Bool) {
    while Self.isDigit(byte(position)) { position += 1 }
    if byte(position) == UInt8(ascii: "."), byte(position + 1) != UInt8(ascii: ".") {
      position += 1
      while Self.isDigit(byte(position)) { position += 1 }
    }
    if byte(position) | 0x20 == UInt8(ascii: "e") {
      var end = position + 1
      if byte(end) == UInt8(ascii: "+") || byte(end) == UInt8(ascii: "-") { end += 1 }
      if Self.isDigit(byte(end)) {
        while Self.isDigit(byte(end)) { end += 1 }
        position = end
      }
    }
    return (.number, true)
  }
}

/// Cuts a script at the semicolons that stand outside of literals, quoted names and comments.
enum StatementSplitter {
  /// The statements' tokens, each without its semicolon and closed by an `end` token; pieces of blanks and comments only are left out.
  static func statements(of text: String) -> [[Token]] {
    var statements: [[Token]] = []
    var current: [Token] = []
    for token in Tokenizer.tokens(of: text) {
      if token.isSymbol(";") || token.kind == .end {
        if !current.isEmpty {
          current.append(Token(.end, "", leading: "", offset: token.offset))
          statements.append(current)
        }
        current = []
      } else {
        current.append(token)
      }
    }
    return statements
  }
}

/// Translates ECMAScript's pattern syntax (without the `u` flag, with Annex B) to PCRE2's.
///
/// Source: ECMA-262, "RegExp (Regular Expression) Objects" and Annex B.1.2 "Regular Expressions Patterns".
struct JavaScriptPattern {
  private var reader: PatternReader
  private var output = PatternTranslation()
  private let options: RegularExpression.Options
  /// Known beforehand, as `\2` is a back reference only where two groups exist anywhere.
  private let groupNames: [String?]
  private var openGroups: [Group] = []
  private var last = Last.nothing

  private struct Group {
    var offset: Int
    var isRepeatable: Bool
  }
  /// What a quantifier would apply to.
  private enum Last { case nothing, assertion, atom, quantifier }

  static let lineEnds = "\\n\\r\\x{2028}\\x{2029}"
  static let whiteSpace = "\\x{9}-\\x{d} \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}"
  static let notWhiteSpace =
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}"
    + "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

  static func translate(_ pattern: String, options: RegularExpression.Options) throws(RegularExpressionError) -> PatternTranslation {
    var translator = JavaScriptPattern(reader: PatternReader(pattern), options: options)
    try translator.run()
    return translator.output
  }

  private init(reader: PatternReader, options: RegularExpression.Options) {
    self.reader = reader
    self.options = options
    groupNames = Self.findGroups(in: reader)
    output.caseInsensitive = options.contains(.caseInsensitive)
    output.groupNames = groupNames
  }

  private mutating func run() throws(RegularExpressionError) {
    let named = groupNames.compactMap { $0 }
    if let twice = named.first(where: { name in named.count(where: { $0 == name }) > 1 }) {
      throw failure("the group name '\(twice)' is used twice", at: 0)
    }
    while let scalar = reader.next() {
      let offset = reader.lastOffset
      switch scalar {
      case "\\": try readEscape(at: offset)
      case "(": try readGroupStart(at: offset)
      case ")":
        guard let group = openGroups.popLast() else { throw failure("unmatched ')'", at: offset) }
        output.emit(")", from: offset)
        last = group.isRepeatable ? .atom : .assertion
      case "[": try readClass(at: offset)
      case "|":
        output.emit("|", from: offset)
        last = .nothing
      case ".":
        output.emit(options.contains(.dotMatchesLineEnds) ? "(?s:.)" : "[^\(Self.lineEnds)]", from: offset)
        last = .atom
      case "^":
        output.emit(options.contains(.multiline) ? "(?<![^\(Self.lineEnds)])" : "^", from: offset)
        last = .assertion
      case "$":
        output.emit(options.contains(.multiline) ? "(?![^\(Self.lineEnds)])" : "\\z", from: offset)
        last = .assertion
      case "*", "+", "?": try readQuantifier(String(scalar), at: offset)
      case "{":
        if let (text, rest) = try reader.repetition(openedAt: offset) {
          reader = rest
          try readQuantifier(text, at: offset)
        } else {
          emitAtom(scalar, from: offset)
        }
      default: emitAtom(scalar, from: offset)
      }
    }
    if let open = openGroups.last { throw failure("expected ')' for the group opened here", at: open.offset) }
  }

  private mutating func emitAtom(_ scalar: Unicode.Scalar, from offset: Int) {
    output.emit(literal: scalar, from: offset)
    last = .atom
  }

  private mutating func readQuantifier(_ text: String, at offset: Int) throws(RegularExpressionError) {
    guard last == .atom else { throw failure("nothing to repeat before '\(text)'", at: offset) }
    output.emit(text, from: offset)
    if reader.peek == "?" {
      _ = reader.next()
      output.emit("?", from: offset)
    }
    last = .quantifier
  }

  // MARK: Groups

  private mutating func readGroupStart(at offset: Int) throws(RegularExpressionError) {
    var isRepeatable = true
    if reader.peek == "?" {
      if reader.skip("?:") {
        output.emit("(?:", from: offset)
      } else if reader.skip("?=") {
        output.emit("(?=", from: offset)
      } else if reader.skip("?!") {
        output.emit("(?!", from: offset)
      } else if reader.skip("?<=") {
        isRepeatable = false
        output.emit("(?<=", from: offset)
      } else if reader.skip("?<!") {
        isRepeatable = false
        output.emit("(?<!", from: offset)
      } else if reader.skip("?<") {
        guard reader.groupName() != nil else { throw failure("expected a group name and '>' after '(?<'", at: offset) }
        output.emit("(", from: offset)
      } else {
        throw failure("unknown group '(?\(reader.peek(1).map { String($0) } ?? "")'; known are (?: (?= (?! (?<= (?<! (?<name>", at: offset)
      }
    } else {
      output.emit("(", from: offset)
      // `(*` would open one of PCRE2's verbs; here it is a quantifier without an atom.
    }
    openGroups.append(Group(offset: offset, isRepeatable: isRepeatable))
    last = .nothing
  }

  private static func findGroups(in reader: PatternReader) -> [String?] {
    var reader = reader
    var names: [String?] = [nil]
    var inClass = false
    while let scalar = reader.next() {
      switch scalar {
      case "\\": _ = reader.next()
      case "[": inClass = true
      case "]": inClass = false
      case "(" where !inClass:
        if reader.peek != "?" {
          names.append(nil)
        } else if reader.peek(1) == "<", reader.peek(2) != "=", reader.peek(2) != "!" {
          _ = reader.skip("?<")
          names.append(reader.groupName() ?? "")
        }
      default: break
      }
    }
    return names
  }

  // MARK: Escapes

  private mutating func readEscape(at offset: Int) throws(RegularExpressionError) {
    guard let scalar = reader.next() else { throw failure("\\ at the end of the pattern", at: offset) }
    last = .atom
    switch scalar {
    case "d", "D", "w", "W": output.emit("\\\(scalar)", from: offset)
    case "s": output.emit("[\(Self.whiteSpace)]", from: offset)
    case "S": output.emit("[^\(Self.whiteSpace)]", from: offset)
    case "b", "B":
      output.emit("\\\(scalar)", from: offset)
      last = .assertion
    case "k" where groupNames.contains { $0 != nil }:
      guard reader.skip("<"), let name = reader.groupName(), let number = groupNames.firstIndex(of: name) else {
        throw failure("expected the name of a group as in \\k<name>", at: offset)
      }
      output.emit("\\g{\(number)}", from: offset)
    case "1"..."9":
      var ahead = reader
      if let number = ahead.decimal(startingWith: scalar), number < groupNames.count {
        reader = ahead
        output.emit("\\g{\(number)}", from: offset)
      } else {
        emitCharacter(reader.characterEscape(scalar), from: offset)
      }
    default: emitCharacter(reader.characterEscape(scalar), from: offset)
    }
  }

  /// A lone surrogate is in no Swift text and matches nothing.
  private mutating func emitCharacter(_ value: UInt32, from offset: Int) {
    if let scalar = Unicode.Scalar(value) { output.emit(literal: scalar, from: offset) } else { output.emit("(?!)", from: offset) }
  }

  // MARK: Character classes

  private enum ClassAtom {
    /// May be a lone surrogate.
    case character(UInt32)
    case set(String)
  }

  private mutating func readClass(at offset: Int) throws(RegularExpressionError) {
    last = .atom
    let negated = reader.peek == "^"
    if negated { _ = reader.next() }
    var content = ""
    while true {
      guard let atom = try readClassAtom(openedAt: offset) else { break }
      guard reader.peek == "-", let beyond = reader.peek(1), beyond != "]" else {
        content += text(of: atom)
        continue
      }
      let dash = reader.offset
      _ = reader.next()
      guard let upper = try readClassAtom(openedAt: offset) else { break }
      switch (atom, upper) {
      case (.character(let low), .character(let high)):
        guard low <= high else { throw failure("range out of order in a character class", at: dash) }
        content += text(from: low, to: high)
      default: content += text(of: atom) + "\\x{2d}" + text(of: upper)
      }
    }
    if content.isEmpty {
      output.emit(negated ? "(?s:.)" : "(?!)", from: offset)
    } else {
      output.emit((negated ? "[^" : "[") + content + "]", from: offset)
    }
  }

  /// Nil at the closing bracket.
  private mutating func readClassAtom(openedAt offset: Int) throws(RegularExpressionError) -> ClassAtom? {
    guard let scalar = reader.next() else { throw failure("expected ']' for the class opened here", at: offset) }
    if scalar == "]" { return nil }
    guard scalar == "\\" else { return .character(scalar.value) }
    guard let escaped = reader.next() else { throw failure("expected ']' for the class opened here", at: offset) }
    switch escaped {
    case "d", "D", "w", "W": return .set("\\\(escaped)")
    case "s": return .set(Self.whiteSpace)
    case "S": return .set(Self.notWhiteSpace)
    case "b": return .character(8)
    default: return .character(reader.characterEscape(escaped))
    }
  }

  private func text(of atom: ClassAtom) -> String {
    switch atom {
    case .character(let value): text(from: value, to: value)
    case .set(let text): text
    }
  }

  private func text(from low: UInt32, to high: UInt32) -> String {
    // Surrogates are in no text and PCRE2 refuses them as ends of a range.
    let low = 0xD800...0xDFFF ~= low ? 0xE000 : low
    let high = 0xD800...0xDFFF ~= high ? 0xD7FF : high
    if low > high { return "" }
    let first = "\\x{\(String(low, radix: 16))}"
    return low == high ? first : first + "-\\x{\(String(high, radix: 16))}"
  }

  private func failure(_ message: String, at offset: Int) -> RegularExpressionError {
    RegularExpressionError(.syntax, message, at: offset)
  }
}

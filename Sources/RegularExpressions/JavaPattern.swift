/// Translates `java.util.regex` syntax to PCRE2's: most constructs are shared, the rest is rewritten or refused.
///
/// Source: Java SE API, class `java.util.regex.Pattern`.
struct JavaPattern {
  private var reader: PatternReader
  private var output = PatternTranslation()
  private let options: RegularExpression.Options

  static let lineEnds = "\\n\\r\\x{85}\\x{2028}\\x{2029}"

  /// POSIX classes and `java.lang.Character` classes, as content of a character class.
  static let properties: [String: String] = [
    "Lower": "a-z", "Upper": "A-Z", "ASCII": "\\x{0}-\\x{7f}", "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "0-9a-zA-Z",
    "Punct": "!-\\/:-@\\[-`\\{-~", "Graph": "!-~", "Print": " -~", "Blank": " \\x{9}", "Cntrl": "\\x{0}-\\x{1f}\\x{7f}",
    "XDigit": "0-9a-fA-F", "Space": "\\x{9}-\\x{d} ", "javaLowerCase": "\\p{Ll}", "javaUpperCase": "\\p{Lu}",
    "javaWhitespace": "\\p{Z}\\x{9}-\\x{d}\\x{1c}-\\x{1f}",
  ]

  static func translate(_ pattern: String, options: RegularExpression.Options) throws(RegularExpressionError) -> PatternTranslation {
    var translator = JavaPattern(reader: PatternReader(pattern), options: options)
    try translator.run()
    return translator.output
  }

  private init(reader: PatternReader, options: RegularExpression.Options) {
    self.reader = reader
    self.options = options
    output.caseInsensitive = options.contains(.caseInsensitive)
    output.dotAll = options.contains(.dotMatchesLineEnds)
    output.extended = options.contains(.extended)
  }

  private mutating func run() throws(RegularExpressionError) {
    while let scalar = reader.next() {
      let offset = reader.lastOffset
      switch scalar {
      case "\\": try readEscape(at: offset, inClass: false)
      case "(": try readGroupStart(at: offset)
      case "[": try readClass(at: offset)
      case ".": output.emit(options.contains(.dotMatchesLineEnds) ? "." : "[^\(Self.lineEnds)]", from: offset)
      case "^": output.emit(options.contains(.multiline) ? "(?<![^\(Self.lineEnds)])(?!\\z)" : "^", from: offset)
      case "$":
        let end = "(?=(?>\\r\\n|[\(Self.lineEnds)])?\\z)"
        output.emit(options.contains(.multiline) ? "(?:\(end)|(?=[\(Self.lineEnds)])(?<!\\r(?=\\n)))" : end, from: offset)
      case "#" where options.contains(.extended):
        while let skipped = reader.next(), skipped != "\n" {}
      default: emit(scalar, from: offset)
      }
    }
  }

  /// Keeps a character as it is; beyond ASCII it stands for itself in both syntaxes.
  private mutating func emit(_ scalar: Unicode.Scalar, from offset: Int) {
    output.emit(String(scalar), from: offset)
  }

  private mutating func readGroupStart(at offset: Int) throws(RegularExpressionError) {
    switch (reader.peek, reader.peek(1)) {
    case ("*", _): throw failure("nothing to repeat before '*'", at: offset)
    case ("?", let letter?):
      switch letter {
      case ":", "=", "!", ">": break
      case "<":
        if reader.peek(2) != "=", reader.peek(2) != "!" {
          _ = reader.skip("?<")
          guard let name = reader.groupName(), name.utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 }) else {
            throw failure("expected a group name of letters and digits and '>' after '(?<'", at: offset)
          }
          guard !output.groupNames.contains(name) else { throw failure("the group name '\(name)' is used twice", at: offset) }
          output.groupNames.append(name)
          return output.emit("(", from: offset)
        }
      case "i", "m", "s", "x", "-":
        // Only these of Java's inline flags mean the same here; the others concern Unicode tables and line ends.
        var ahead = 1
        while let flag = reader.peek(ahead), flag != ":", flag != ")" {
          guard flag == "i" || flag == "x" || flag == "-" else { throw failure("unsupported flag '\(flag)' in a group", at: offset) }
          ahead += 1
        }
      default: throw failure("unknown group '(?\(letter)'", at: offset)
      }
    default: output.groupNames.append(nil)
    }
    output.emit("(", from: offset)
    if reader.peek == "?" {
      // The question mark is no quantifier here, and what follows it must not be read as an atom.
      while let scalar = reader.peek, scalar == "?" || scalar == "<" || scalar == "=" || scalar == "!" || scalar == ">" || scalar == ":" {
        _ = reader.next()
        emit(scalar, from: offset)
        if scalar != "?" && scalar != "<" { break }
      }
    }
  }

  private mutating func readClass(at offset: Int) throws(RegularExpressionError) {
    output.emit("[", from: offset)
    if reader.skip("^") { output.emit("^", from: offset) }
    var isFirst = true
    while let scalar = reader.next() {
      let place = reader.lastOffset
      switch scalar {
      case "]" where !isFirst: return output.emit("]", from: place)
      case "]": output.emit("\\]", from: place)
      case "\\": try readEscape(at: place, inClass: true)
      case "[": throw failure("classes within classes are not supported; write \\[ for the bracket itself", at: place)
      case "&" where reader.peek == "&": throw failure("intersections of classes (&&) are not supported", at: place)
      default: emit(scalar, from: place)
      }
      isFirst = false
    }
    throw failure("expected ']' for the class opened here", at: offset)
  }

  private mutating func readEscape(at offset: Int, inClass: Bool) throws(RegularExpressionError) {
    guard let letter = reader.next() else { throw failure("\\ at the end of the pattern", at: offset) }
    switch letter {
    case "Q":
      let text = reader.text(upTo: "\\E") ?? { () -> String in
        var rest = ""
        while let scalar = reader.next() { rest.unicodeScalars.append(scalar) }
        return rest
      }()
      for scalar in text.unicodeScalars { output.emit(literal: scalar, from: offset) }
    case "u":
      guard let first = reader.hexadecimal(digits: 4) else { throw failure("expected four hexadecimal digits after \\u", at: offset) }
      var value = first
      var ahead = reader
      if 0xD800..<0xDC00 ~= first, ahead.skip("\\u"), let second = ahead.hexadecimal(digits: 4), 0xDC00..<0xE000 ~= second {
        reader = ahead
        value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      }
      try emit(value: value, from: offset)
    case "x":
      if reader.skip("{") {
        guard let digits = reader.text(upTo: "}"), let value = UInt32(digits, radix: 16) else {
          throw failure("expected a hexadecimal number in \\x{…}", at: offset)
        }
        try emit(value: value, from: offset)
      } else {
        guard let value = reader.hexadecimal(digits: 2) else { throw failure("expected two hexadecimal digits after \\x", at: offset) }
        try emit(value: value, from: offset)
      }
    case "0":
      guard let digit = reader.next(), let value = reader.legacyOctal(startingWith: digit) else {
        throw failure("expected octal digits after \\0", at: offset)
      }
      try emit(value: value, from: offset)
    case "c":
      guard let control = reader.next() else { throw failure("expected a character after \\c", at: offset) }
      try emit(value: control.value ^ 64, from: offset)
    case "p", "P": try readProperty(negated: letter == "P", at: offset, inClass: inClass)
    case "k" where !inClass:
      guard reader.skip("<"), let name = reader.groupName(), let number = output.groupNames.firstIndex(of: name) else {
        throw failure("expected the name of a group as in \\k<name>", at: offset)
      }
      output.emit("\\g{\(number)}", from: offset)
    case "Z" where !inClass: output.emit("(?=(?>\\r\\n|[\(Self.lineEnds)])?\\z)", from: offset)
    case "t", "n", "r", "f", "a", "e", "d", "D", "h", "H", "s", "S", "v", "V", "w", "W": output.emit("\\\(letter)", from: offset)
    case "b", "B", "A", "G", "z", "R", "X", "1"..."9":
      if inClass { throw failure("\\\(letter) has no meaning in a class", at: offset) }
      output.emit("\\\(letter)", from: offset)
    case "a"..."z", "A"..."Z": throw failure("unknown escape \\\(letter)", at: offset)
    default: output.emit(literal: letter, from: offset)
    }
  }

  private mutating func emit(value: UInt32, from offset: Int) throws(RegularExpressionError) {
    guard let scalar = Unicode.Scalar(value) else { throw failure("no character has the number \(String(value, radix: 16))", at: offset) }
    output.emit(literal: scalar, from: offset)
  }

  private mutating func readProperty(negated: Bool, at offset: Int, inClass: Bool) throws(RegularExpressionError) {
    var name: String
    if reader.skip("{") {
      guard let text = reader.text(upTo: "}") else { throw failure("expected '}' after the name of a property", at: offset) }
      name = text
    } else {
      guard let letter = reader.next() else { throw failure("expected the name of a property", at: offset) }
      name = String(letter)
    }
    if let content = Self.properties[name] {
      if inClass, negated { throw failure("\\P{\(name)} in a class is not supported", at: offset) }
      return output.emit(inClass ? content : (negated ? "[^" : "[") + content + "]", from: offset)
    }
    if name.hasPrefix("Is") { name.removeFirst(2) }
    guard !name.isEmpty, name.utf8.allSatisfy({ 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == 0x5F }) else {
      throw failure("unknown property '\(name)'", at: offset)
    }
    output.emit("\\\(negated ? "P" : "p"){\(name)}", from: offset)
  }

  private func failure(_ message: String, at offset: Int) -> RegularExpressionError {
    RegularExpressionError(.syntax, message, at: offset)
  }
}

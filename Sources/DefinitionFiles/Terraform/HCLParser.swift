import JSONTypes
import StatesLanguage

/// Reads Terraform files and template files. Goes on at the next block after an error.
///
/// Source: HCL Native Syntax Specification, "Structural Elements".
struct HCLParser {
  let text: PlacedText
  let source: [UInt8]
  let nesting: Int
  /// Where reading ends: the end of the text, or of the heredoc that is read.
  var end: Int
  var index = 0
  var depth = 0

  init(_ text: PlacedText, limits: DefinitionFileLimits) {
    self.text = text
    source = Array(text.text.utf8)
    nesting = limits.nesting
    end = source.count
    if source.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The body of a whole file, with a diagnostic for each block that could not be read.
  static func file(_ text: PlacedText, limits: DefinitionFileLimits) -> (body: HCLBody, diagnostics: [Diagnostic]) {
    var parser = HCLParser(text, limits: limits)
    var body = HCLBody()
    var diagnostics: [Diagnostic] = []
    while true {
      do throws(HCLSyntaxError) {
        try parser.read(into: &body, untilBrace: false)
        return (body, diagnostics)
      } catch {
        diagnostics.append(Diagnostic("terraform-syntax", error.message, at: error.range))
        parser.skipToBlock()
        if parser.index >= parser.end || diagnostics.count >= 20 { return (body, diagnostics) }
      }
    }
  }

  /// The parts of a template file.
  static func template(_ text: PlacedText, limits: DefinitionFileLimits) throws(HCLSyntaxError) -> [HCLTemplatePart] {
    var parser = HCLParser(text, limits: limits)
    return try parser.parts(isQuoted: false, indentation: 0)
  }

  // MARK: Bodies

  private mutating func read(into body: inout HCLBody, untilBrace: Bool) throws(HCLSyntaxError) {
    while true {
      try skipBlanks(lines: true)
      if index >= end {
        if untilBrace { throw problem("expected } before the end of the file") }
        return
      }
      if byte == UInt8(ascii: "}") {
        guard untilBrace else { throw problem("found } without a { before it") }
        index += 1
        return
      }
      try readElement(into: &body)
    }
  }

  private mutating func readElement(into body: inout HCLBody) throws(HCLSyntaxError) {
    let start = index
    guard let name = identifier() else { throw problem("expected the name of an argument or a block") }
    let nameRange = text.range(start..<index)
    try skipBlanks(lines: false)
    if byte == UInt8(ascii: "="), byte(1) != UInt8(ascii: "=") {
      index += 1
      let value = try expression(lines: false)
      body.attributes.append(HCLBody.Attribute(name: name, nameRange: nameRange, value: value))
      try skipBlanks(lines: false)
      guard index >= end || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "}") else {
        throw problem("expected a line end behind the value of \(name)")
      }
      return
    }
    var labels: [String] = []
    while byte != UInt8(ascii: "{") {
      if byte == UInt8(ascii: "\"") {
        let label = try quoted()
        labels.append(label.plainText ?? "")
      } else if let label = identifier() {
        labels.append(label)
      } else {
        throw problem("expected = or { behind \(name)")
      }
      try skipBlanks(lines: false)
    }
    index += 1
    try enter()
    var inner = HCLBody()
    try read(into: &inner, untilBrace: true)
    depth -= 1
    body.blocks.append(HCLBody.Block(type: name, labels: labels, range: nameRange, body: inner))
  }

  /// The next line that begins with a name in its first column.
  private mutating func skipToBlock() {
    depth = 0
    end = source.count
    index = min(index + 1, end)
    while index < end {
      if source[index - 1] == 0x0A, Self.beginsName(source[index]) { return }
      index += 1
    }
  }

  // MARK: Small parts

  var byte: UInt8 { byte(0) }
  func byte(_ ahead: Int) -> UInt8 { index + ahead < end ? source[index + ahead] : 0 }

  func problem(_ message: String, at offset: Int? = nil) -> HCLSyntaxError {
    let start = min(offset ?? index, source.count)
    var next = min(start + 1, source.count)
    while next < source.count, source[next] & 0xC0 == 0x80 { next += 1 }
    return HCLSyntaxError(message: message, range: text.range(start..<next))
  }

  mutating func enter() throws(HCLSyntaxError) {
    depth += 1
    if depth > nesting { throw problem("nested deeper than \(nesting) levels") }
  }

  mutating func identifier() -> String? {
    guard Self.beginsName(byte) else { return nil }
    let start = index
    while index < end, Self.beginsName(source[index]) || Self.isDigit(source[index]) || source[index] == UInt8(ascii: "-") { index += 1 }
    return String(decoding: source[start..<index], as: UTF8.self)
  }

  static func beginsName(_ byte: UInt8) -> Bool {
    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  /// Steps over blanks and comments, and over line ends where they mean nothing.
  mutating func skipBlanks(lines: Bool) throws(HCLSyntaxError) {
    while index < end {
      switch source[index] {
      case 0x20, 0x09: index += 1
      case 0x0A, 0x0D:
        // A carriage return alone ends no line.
        guard lines || (source[index] == 0x0D && byte(1) != 0x0A) else { return }
        index += 1
      case UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"): skipLine()
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
        let start = index
        index += 2
        while index < end, !(source[index] == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) { index += 1 }
        guard index < end else { throw problem("this comment has no end", at: start) }
        index += 2
      default: return
      }
    }
  }

  private mutating func skipLine() { while index < end, source[index] != 0x0A { index += 1 } }
}

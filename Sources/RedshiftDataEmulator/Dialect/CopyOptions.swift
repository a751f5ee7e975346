/// Goes over the options behind a COPY or UNLOAD.
struct CopyOptions {
  /// `COPY` or `UNLOAD`, for messages.
  let statement: String
  let nodes: [Node]
  private var index: Int
  private(set) var last: Node?
  /// Where each option stood.
  private var seen: [String: Node] = [:]

  init(_ statement: String, nodes: [Node], index: Int) {
    self.statement = statement
    self.nodes = nodes
    self.index = index
  }

  private var current: Node? { index < nodes.count ? nodes[index] : nil }

  mutating func next() -> String? {
    guard let node = current else { return nil }
    last = node
    index += 1
    let word = node.word.isEmpty ? node.firstToken.text : node.word
    seen[word] = node
    return word
  }

  /// - Throws: when two options that exclude one another were given.
  func refuse(_ option: String, with others: [String]) throws(TranslationStop) {
    guard seen[option] != nil else { return }
    for other in others where seen[other] != nil {
      throw .refusal("\(statement)'s option \(other.uppercased()) cannot be used with \(option.uppercased())", at: seen[other])
    }
  }

  /// - Throws: when an option was given without the one that it belongs to.
  func require(_ others: [String], for option: String) throws(TranslationStop) {
    guard let node = seen[option], !others.contains(where: { seen[$0] != nil }) else { return }
    throw .refusal("\(statement)'s option \(option.uppercased()) is for \(others.map { $0.uppercased() }.joined(separator: " and ")) only", at: node)
  }

  /// Whether this word comes next; it is taken then.
  mutating func takes(_ word: String) -> Bool {
    guard current?.isWord(word) == true else { return false }
    index += 1
    return true
  }

  /// A value that has no meaning here; `AS` may stand before it.
  mutating func skipValue() {
    _ = takes("as")
    index += 1
  }

  mutating func skipFlag() { if ["on", "off", "preset", "true", "false"].contains(current?.word) { index += 1 } }

  mutating func flag() -> Bool {
    defer { skipFlag() }
    return !["off", "false"].contains(current?.word)
  }

  mutating func optionalText() -> String? {
    let start = index
    _ = takes("as")
    guard let token = current?.token, token.kind == .string else {
      index = start
      return nil
    }
    index += 1
    return token.literal
  }

  mutating func text() throws(TranslationStop) -> String {
    guard let text = optionalText() else { throw .syntax(at: current) }
    return text
  }

  /// The text between the quotes, with backslashes as they stand.
  private mutating func rawText() throws(TranslationStop) -> String {
    let start = index
    _ = takes("as")
    guard let token = current?.token, token.kind == .string else {
      index = start
      throw .syntax(at: current)
    }
    index += 1
    let text = token.text.drop { $0 != "'" }.dropFirst().dropLast()
    return String(text).replacing("''", with: "'")
  }

  /// `NULL AS`: `\N` is itself, `\0` and `\000` are the character NUL.
  mutating func nullText() throws(TranslationStop) -> String {
    let raw = try rawText()
    switch raw {
    case "\\0", "\\000": return "\0"
    case "\\n": throw .refusal("'\\n' ends lines and cannot stand for NULL", at: nodes[index - 1])
    default: return raw.replacing("\\\\", with: "\\")
    }
  }

  /// `DELIMITER`: a text, a tab as `\t`, an octal number as `\174`, or a hexadecimal one as `\x7c`.
  mutating func delimiter() throws(TranslationStop) -> [UInt8] {
    let raw = Array(try rawText().utf8)
    var bytes: [UInt8] = []
    var place = 0
    while place < raw.count {
      guard raw[place] == UInt8(ascii: "\\"), place + 1 < raw.count else {
        bytes.append(raw[place])
        place += 1
        continue
      }
      let rest = raw[(place + 1)...]
      let octal = rest.prefix(3).prefix { (0x30...0x37).contains($0) }
      if rest.first == UInt8(ascii: "t") {
        bytes.append(0x09)
        place += 2
      } else if rest.first == UInt8(ascii: "x"), let byte = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(byte)
        place += 4
      } else if !octal.isEmpty, let byte = UInt8(String(decoding: octal, as: UTF8.self), radix: 8) {
        bytes.append(byte)
        place += 1 + octal.count
      } else {
        bytes.append(raw[place + 1])
        place += 2
      }
    }
    guard !bytes.isEmpty, !bytes.contains(0x0A), !bytes.contains(0x0D) else {
      throw .refusal("\(statement)'s DELIMITER needs a character that ends no line", at: nodes[index - 1])
    }
    return bytes
  }

  /// One ASCII character.
  mutating func character(_ option: String) throws(TranslationStop) -> UInt8 {
    let bytes = try delimiter()
    guard bytes.count == 1, bytes[0] < 0x80 else {
      throw .refusal(
        "\(statement)'s \(option) takes one ASCII character, found '\(String(decoding: bytes, as: UTF8.self))'", at: nodes[index - 1])
    }
    return bytes[0]
  }

  mutating func number() throws(TranslationStop) -> Int {
    _ = takes("as")
    guard let node = current, let number = Int(node.firstToken.text), number >= 0 else { throw .syntax(at: current) }
    index += 1
    return number
  }

  /// `200 MB`, `6.2 GB`, `5`: in bytes; megabytes without a unit.
  mutating func size() throws(TranslationStop) -> Int {
    _ = takes("as")
    guard let node = current, let number = Double(node.firstToken.text), number > 0, number < 1_000_000 else { throw .syntax(at: current) }
    index += 1
    let isInGigabytes = takes("gb")
    if !isInGigabytes { _ = takes("mb") }
    return Int(number * Double(isInGigabytes ? 1 << 30 : 1 << 20))
  }

  /// `id:3,name:10`: the widths.
  mutating func widths() throws(TranslationStop) -> [Int] {
    let text = try text()
    var widths: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let digits = part.split(separator: ":", omittingEmptySubsequences: false).last?.filter { $0 != " " } ?? ""
      guard part.contains(":"), let width = Int(digits), (1...1_000_000).contains(width) else {
        throw .refusal("\(statement)'s FIXEDWIDTH takes 'label:width,label:width', found '\(text)'", at: nodes[index - 1])
      }
      widths.append(width)
    }
    return widths
  }

  mutating func timeFormat(_ option: String, knowsEpoch: Bool) throws(TranslationStop) -> TimeFormat {
    let text = try text()
    guard let format = TimeFormat(text, knowsEpoch: knowsEpoch) else {
      throw .refusal("\(statement)'s \(option) '\(text)' names no part of a date", at: nodes[index - 1])
    }
    return format
  }

  mutating func encoding() throws(TranslationStop) -> CopyCommand.Encoding {
    _ = takes("as")
    guard let token = current?.token, let encoding = CopyCommand.Encoding(rawValue: (token.kind == .string ? token.literal : token.text).lowercased())
    else { throw .syntax(at: current) }
    index += 1
    return encoding
  }

  /// `(a, b)`.
  mutating func names() throws(TranslationStop) -> [String] {
    guard let list = current?.parentheses else { throw .syntax(at: current) }
    index += 1
    var names: [String] = []
    for part in list.splitAtCommas() {
      guard part.count == 1, let name = part[0].name else { throw .syntax(at: part.first ?? nodes[index - 1]) }
      names.append(name)
    }
    return names
  }

  func syntaxError() -> TranslationStop { .syntax(at: current) }
}

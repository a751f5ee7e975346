/// One token of Redshift's SQL, with the blanks and comments before it: joined, all tokens give the text back.
struct Token: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// An unquoted name or keyword; also `#name`, a temporary table.
    case word
    /// A name in double quotes.
    case quotedName
    /// A literal in single quotes, with a prefix such as `E` if it has one.
    case string
    /// A literal between `$tag$` and `$tag$`.
    case dollarString
    case number
    /// `:name`
    case parameter
    /// `$1`
    case position
    /// An operator or a mark.
    case symbol
    /// The end of the text; it carries the last blanks and comments.
    case end
  }

  var kind: Kind
  var text: String
  /// The blanks and comments before it.
  var leading: String
  /// Bytes before the token in the text it comes from; -1 when it was put there by the translation.
  var offset: Int
  /// A word in lower case, the text of anything else.
  var key: String
  /// False for a literal, quoted name or comment that the text ends in.
  var isTerminated = true

  init(_ kind: Kind, _ text: String, leading: String = "", offset: Int = -1) {
    self.kind = kind
    self.text = text
    self.leading = leading
    self.offset = offset
    key = kind == .word && text.utf8.contains { $0 >= 0x80 || (0x41...0x5A).contains($0) } ? text.lowercased() : text
  }

  func isWord(_ word: String) -> Bool { kind == .word && key == word }
  func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }
  var isName: Bool { kind == .word || kind == .quotedName }

  /// The name that a word or quoted name stands for: both fold to lower case, as Redshift folds them.
  var name: String {
    guard kind == .quotedName else { return key }
    var inner = text.dropFirst()
    if isTerminated { inner = inner.dropLast() }
    return inner.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"").lowercased()
  }

  /// What a literal means: quotes removed, doubled quotes and backslash escapes resolved.
  var literal: String {
    switch kind {
    case .string:
      var bytes: [UInt8] = []
      let all = Array(text.utf8)
      let start = (all.firstIndex(of: UInt8(ascii: "'")) ?? -1) + 1
      var index = start
      let end = isTerminated ? all.count - 1 : all.count
      while index < end {
        let byte = all[index]
        if byte == UInt8(ascii: "'") {
          index += 1
          bytes.append(byte)
        } else if byte == UInt8(ascii: "\\"), index + 1 < end {
          index += 1
          switch all[index] {
          case UInt8(ascii: "n"): bytes.append(0x0A)
          case UInt8(ascii: "t"): bytes.append(0x09)
          case UInt8(ascii: "r"): bytes.append(0x0D)
          case UInt8(ascii: "b"): bytes.append(0x08)
          case UInt8(ascii: "f"): bytes.append(0x0C)
          case UInt8(ascii: "0")...UInt8(ascii: "7"):
            // Up to three octal digits.
            var value = 0
            var digits = 0
            while digits < 3, index + digits < end, (0x30...0x37).contains(all[index + digits]) {
              value = value * 8 + Int(all[index + digits] - 0x30)
              digits += 1
            }
            bytes.append(UInt8(truncatingIfNeeded: value))
            index += digits - 1
          default: bytes.append(all[index])
          }
        } else {
          bytes.append(byte)
        }
        index += 1
      }
      return String(decoding: bytes, as: UTF8.self)
    case .dollarString:
      let tag = text.dropFirst().prefix { $0 != "$" }.utf8.count + 2
      return String(decoding: Array(text.utf8).dropFirst(tag).dropLast(isTerminated ? tag : 0), as: UTF8.self)
    default: return text
    }
  }
}

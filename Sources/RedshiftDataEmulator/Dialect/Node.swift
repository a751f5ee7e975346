/// A token, or what stands between a pair of brackets.
enum Node: Sendable {
  case token(Token)
  indirect case group(Group)

  struct Group: Sendable {
    var open: Token
    var children: [Node]
    var close: Token
  }

  /// Text that the translation puts in; it stands apart from its neighbours by a blank.
  static func text(_ text: String) -> Node { .token(Token(.symbol, text, leading: " ")) }

  static func parenthesized(_ children: [Node]) -> Node {
    .group(Group(open: Token(.symbol, "(", leading: " "), children: children, close: Token(.symbol, ")")))
  }

  var token: Token? { if case .token(let token) = self { token } else { nil } }
  /// The children of `( … )`.
  var parentheses: [Node]? { if case .group(let group) = self, group.open.text == "(" { group.children } else { nil } }
  var brackets: [Node]? { if case .group(let group) = self, group.open.text == "[" { group.children } else { nil } }
  func isWord(_ word: String) -> Bool { token?.isWord(word) ?? false }
  func isSymbol(_ symbol: String) -> Bool { token?.isSymbol(symbol) ?? false }
  /// The key of a word, else the empty text.
  var word: String { if case .token(let token) = self, token.kind == .word { token.key } else { "" } }
  var name: String? { if case .token(let token) = self, token.isName { token.name } else { nil } }
  var firstToken: Token {
    switch self {
    case .token(let token): token
    case .group(let group): group.open
    }
  }

  /// Deepest brackets; beyond it a statement is refused.
  static let maximumDepth = 200

  /// Groups tokens by their brackets.
  static func tree(_ tokens: [Token]) throws(DialectError) -> [Node] {
    var stack: [(open: Token, children: [Node])] = []
    var current: [Node] = []
    for token in tokens where token.kind != .end {
      guard token.isTerminated else {
        throw DialectError(
          "unterminated \(token.kind == .quotedName ? "quoted identifier" : "quoted string")", at: token, sqlState: "42601")
      }
      if token.isSymbol("(") || token.isSymbol("[") {
        guard stack.count < maximumDepth else { throw DialectError("brackets are nested deeper than \(maximumDepth)", at: token) }
        stack.append((token, current))
        current = []
      } else if token.isSymbol(")") || token.isSymbol("]") {
        guard let (open, outer) = stack.popLast(), (open.text == "(") == (token.text == ")") else {
          throw DialectError("syntax error at or near \"\(token.text)\"", at: token, sqlState: "42601")
        }
        current = outer + [.group(Group(open: open, children: current, close: token))]
      } else {
        current.append(.token(token))
      }
    }
    if let (open, _) = stack.last { throw DialectError("syntax error: \"\(open.text)\" is not closed", at: open, sqlState: "42601") }
    return current
  }
}

/// Why a statement cannot be translated: Redshift refuses it, or it is not supported here.
struct DialectError: Error, Hashable, Sendable {
  var message: String
  /// Bytes before the place in the statement; nil when it is about no place.
  var offset: Int?
  var sqlState: String

  init(_ message: String, at token: Token?, sqlState: String = "0A000") {
    self.message = message
    offset = token.map(\.offset).flatMap { $0 < 0 ? nil : $0 }
    self.sqlState = sqlState
  }

  static func unsupported(_ construct: String, at token: Token?) -> DialectError {
    DialectError("\(construct) is not supported by this local endpoint", at: token)
  }
}

extension [Node] {
  /// The text, and where in it each token of the source stands.
  func rendered() -> (text: String, marks: [(output: Int, source: Int)]) {
    var text = ""
    var marks: [(Int, Int)] = []
    func isNamePart(_ byte: UInt8) -> Bool {
      byte >= 0x80 || byte == UInt8(ascii: "_") || byte &- 0x30 < 10
        || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }
    func put(_ token: Token) {
      text += token.leading
      // What was put in must not grow together with what stood there.
      if token.leading.isEmpty, let last = text.utf8.last, let first = token.text.utf8.first, isNamePart(last), isNamePart(first) {
        text += " "
      }
      if token.offset >= 0 { marks.append((text.utf8.count, token.offset)) }
      text +=
        token.kind == .quotedName
        ? "\"\(token.name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\"" : token.text
    }
    func walk(_ nodes: [Node]) {
      for node in nodes {
        switch node {
        case .token(let token): put(token)
        case .group(let group):
          put(group.open)
          walk(group.children)
          put(group.close)
        }
      }
    }
    walk(self)
    return (text, marks)
  }

  var sql: String { rendered().text }

  /// Parts between commas of this level.
  func splitAtCommas() -> [[Node]] {
    if isEmpty { return [] }
    var parts: [[Node]] = [[]]
    for node in self {
      if node.isSymbol(",") { parts.append([]) } else { parts[parts.count - 1].append(node) }
    }
    return parts
  }
}

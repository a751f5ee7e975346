import JSONTypes

/// Reads an expression by operator precedence (Pratt, "Top down operator precedence").
final class Parser: StackUser {
  private var tokenizer: Tokenizer
  private(set) var token: Token
  var stackFloor: UInt
  /// `expression` calls under way, and the height of the tallest tree made within the current one.
  private var depth = 0
  private var innerHeight = 0

  static func parse(_ source: String) throws(Failure) -> Syntax {
    let parser = Parser(source)
    try parser.advance(afterOperand: false)
    let tree = try parser.expression(0)
    guard parser.token.kind == .end else { throw Failure("S0201", position: parser.token.position, token: parser.token.shown) }
    return tree
  }

  private init(_ source: String) {
    tokenizer = Tokenizer(source)
    token = Token(kind: .end, text: "(end)", position: 0)
    stackFloor = Self.floorHere()
  }

  /// How tightly a symbol binds to what stands before it.
  private static let bindingPower: [String: Int] = [
    ".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "=": 40, "<": 40, ">": 40,
    "^": 40, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "and": 30, "or": 25, "in": 40, "&": 50, "?:": 40, "??": 40,
  ]

  // MARK: Tokens

  private func advance(afterOperand: Bool) throws(Failure) {
    token = try tokenizer.next(afterOperand: afterOperand)
    if token.kind == .symbol, token.text == "!" || token.text == "~" {
      throw Failure("S0204", position: token.position, token: token.shown)
    }
  }

  /// Passes a symbol that must stand here.
  private func expect(_ symbol: String, afterOperand: Bool = false) throws(Failure) {
    guard token.isSymbol(symbol) else {
      throw Failure(token.kind == .end ? "S0203" : "S0202", position: token.position, token: token.shown, value: .string(symbol))
    }
    try advance(afterOperand: afterOperand)
  }

  private func take(_ symbol: String) throws(Failure) -> Bool {
    guard token.isSymbol(symbol) else { return false }
    try advance(afterOperand: false)
    return true
  }

  // MARK: Expressions

  private func expression(_ rightPower: Int) throws(Failure) -> Syntax {
    if isStackLow { return try onFreshStack { () throws(Failure) in try self.expression(rightPower) } }
    depth += 1
    let outerHeight = innerHeight
    innerHeight = 0
    var this = token
    try advance(afterOperand: true)
    var left = try prefix(this)
    var height = innerHeight + 1
    while token.kind == .symbol, let power = Self.bindingPower[token.text], rightPower < power {
      this = token
      innerHeight = 0
      try advance(afterOperand: false)
      left = try infix(this, left, power)
      height = max(height, innerHeight) + 1
      if height > JSONataExpression.Limits.nesting { throw tooDeep }
    }
    if height + depth > JSONataExpression.Limits.nesting { throw tooDeep }
    innerHeight = max(outerHeight, height)
    depth -= 1
    return left
  }

  private var tooDeep: Failure {
    Failure(
      JSONataError.Code.expressionSize, position: token.position,
      value: .string("expressions within expressions beyond \(JSONataExpression.Limits.nesting) levels"))
  }

  /// What begins with this token.
  private func prefix(_ this: Token) throws(Failure) -> Syntax {
    switch this.kind {
    case .name: return Syntax(.name, text: this.text, at: this.position)
    case .variable: return Syntax(.variable, text: this.text, at: this.position)
    case .string: return Syntax(.string, text: this.text, at: this.position)
    case .number: return Syntax(.number, literal: this.literal, at: this.position)
    case .literal: return Syntax(.literal, literal: this.literal, at: this.position)
    case .regularExpression:
      let node = Syntax(.regularExpression, text: this.text, at: this.position)
      node.pattern = this.pattern
      return node
    case .end: return Syntax(.end, text: this.text, at: this.position)
    case .symbol: break
    }
    switch this.text {
    case "and", "or", "in": return Syntax(.symbol, text: this.text, at: this.position)
    case "-":
      let node = Syntax(.unary, text: "-", at: this.position)
      node.left = try expression(70)
      return node
    case "*": return Syntax(.wildcard, text: "*", at: this.position)
    case "**": return Syntax(.descendants, text: "**", at: this.position)
    case "%": return Syntax(.parent, text: "%", at: this.position)
    case "(":
      let node = Syntax(.block, text: "(", at: this.position)
      while !token.isSymbol(")") {
        node.children.append(try expression(0))
        guard token.isSymbol(";") else { break }
        try advance(afterOperand: false)
      }
      try expect(")", afterOperand: true)
      return node
    case "[": return try arrayConstructor(this)
    case "{":
      let node = Syntax(.object, text: "{", at: this.position)
      node.pairs = try objectPairs()
      return node
    case "|":
      let node = Syntax(.transform, text: "|", at: this.position)
      node.left = try expression(0)
      try expect("|")
      node.right = try expression(0)
      if try take(",") { node.third = try expression(0) }
      try expect("|", afterOperand: true)
      return node
    default: throw Failure("S0211", position: this.position, token: this.shown)
    }
  }

  private func arrayConstructor(_ this: Token) throws(Failure) -> Syntax {
    let node = Syntax(.array, text: "[", at: this.position)
    if !token.isSymbol("]") {
      repeat {
        var item = try expression(0)
        if token.isSymbol("..") {
          let range = Syntax(.binary, text: "..", at: token.position)
          try advance(afterOperand: false)
          range.left = item
          range.right = try expression(0)
          item = range
        }
        node.children.append(item)
      } while try take(",")
    }
    try expect("]", afterOperand: true)
    return node
  }

  private func objectPairs() throws(Failure) -> [(key: Syntax, value: Syntax)] {
    var pairs: [(key: Syntax, value: Syntax)] = []
    if !token.isSymbol("}") {
      repeat {
        let key = try expression(0)
        try expect(":")
        pairs.append((key, try expression(0)))
      } while try take(",")
    }
    try expect("}", afterOperand: true)
    return pairs
  }

  /// What this token makes of the expression before it.
  private func infix(_ this: Token, _ left: Syntax, _ power: Int) throws(Failure) -> Syntax {
    func node(_ kind: Syntax.Kind) -> Syntax {
      let node = Syntax(kind, text: this.text, at: this.position)
      node.left = left
      return node
    }
    switch this.text {
    case "(": return try call(this, left)
    case "[":
      if token.isSymbol("]") {
        // Behind predicates the mark belongs to what they select from.
        var step = left
        while step.kind == .filter, let inner = step.left { step = inner }
        step.keepsArray = true
        try advance(afterOperand: true)
        return left
      }
      let filter = node(.filter)
      filter.right = try expression(0)
      try expect("]", afterOperand: true)
      return filter
    case "{":
      let group = node(.group)
      group.pairs = try objectPairs()
      return group
    case "^":
      let order = node(.order)
      try expect("(")
      repeat {
        let descending = token.isSymbol(">")
        if descending || token.isSymbol("<") { try advance(afterOperand: false) }
        order.terms.append(Syntax.Term(expression: try expression(0), descending: descending))
      } while try take(",")
      try expect(")", afterOperand: true)
      return order
    case ":=":
      guard left.kind == .variable else { throw Failure("S0212", position: left.position, token: left.shown) }
      let bind = node(.bind)
      bind.right = try expression(power - 1)
      return bind
    case "@", "#":
      let bind = node(this.text == "@" ? .focus : .index)
      let variable = try expression(power)
      guard variable.kind == .variable else { throw Failure("S0214", position: variable.position, token: .string(this.text)) }
      bind.right = variable
      return bind
    case "?":
      let condition = node(.condition)
      condition.right = try expression(0)
      if try take(":") { condition.third = try expression(0) }
      return condition
    case "?:", "??":
      let choice = node(this.text == "??" ? .coalescing : .elvis)
      choice.right = try expression(0)
      return choice
    default:
      let binary = node(this.text == "." ? .dot : this.text == "~>" ? .apply : .binary)
      binary.right = try expression(power)
      return binary
    }
  }

  /// A call, a partial application, or the definition of a function.
  private func call(_ this: Token, _ procedure: Syntax) throws(Failure) -> Syntax {
    let node = Syntax(.function, text: "(", at: this.position)
    node.left = procedure
    if !token.isSymbol(")") {
      repeat {
        if token.isSymbol("?") {
          node.kind = .partial
          node.children.append(Syntax(.placeholder, text: "?", at: token.position))
          try advance(afterOperand: true)
        } else {
          node.children.append(try expression(0))
        }
      } while try take(",")
    }
    try expect(")", afterOperand: true)
    guard procedure.kind == .name, procedure.text == "function" || procedure.text == "λ" else { return node }
    for (index, parameter) in node.children.enumerated() where parameter.kind != .variable {
      throw Failure("S0208", position: parameter.position, token: parameter.shown, value: .int(Int64(index + 1)))
    }
    node.kind = .lambda
    if token.isSymbol("<") { node.signature = try signature() }
    try expect("{")
    node.left = try expression(0)
    try expect("}", afterOperand: true)
    return node
  }

  private func signature() throws(Failure) -> Signature {
    let start = token.position
    var text = "<"
    var depth = 1
    while depth > 0, !token.isSymbol("{"), token.kind != .end {
      try advance(afterOperand: true)
      if token.isSymbol(">") { depth -= 1 } else if token.isSymbol("<") { depth += 1 }
      text += token.text
    }
    try expect(">")
    do throws(Signature.SyntaxError) { return try Signature(parsing: text) } catch {
      throw Failure(error.code, position: start + error.offset, value: .string(error.value))
    }
  }
}

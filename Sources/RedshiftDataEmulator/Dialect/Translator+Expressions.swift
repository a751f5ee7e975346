extension Translator {
  /// Rewrites whatever may stand in an expression; also goes over the parts of statements that need nothing else.
  mutating func expression(_ source: [Node]) throws(TranslationStop) -> [Node] {
    let nodes = try dividing(source)
    var output: [Node] = []
    output.reserveCapacity(nodes.count)
    var index = 0
    while index < nodes.count {
      let isMember = index > 0 && nodes[index - 1].isSymbol(".")
      switch nodes[index] {
      case .group(var group):
        if group.open.text == "(", group.children.count == 1, group.children[0].isSymbol("+") {
          throw .unsupported("the outer join operator (+)", at: nodes[index])
        }
        group.children = try inner(group.children)
        index += 1
        guard group.open.text == "(", let (steps, end) = try pathSteps(nodes, from: index) else {
          output.append(.group(group))
          continue
        }
        // The name of the function that is called belongs to the value.
        var value: [Node] = [.group(group)]
        if index > 1, let name = nodes[index - 2].token, name.isName, !Self.wordsBeforeValues.contains(name.key), let last = output.popLast() {
          value.insert(last, at: 0)
        }
        index = try superOperand([.parenthesized(value)] + steps, nodes, behind: end, into: &output)
      case .token(let token):
        if let (replacement, end) = try path(nodes, at: index) {
          index = try superOperand(replacement, nodes, behind: end, into: &output)
        } else if !isMember, token.kind == .word, index + 1 < nodes.count, let arguments = nodes[index + 1].parentheses,
          let (replacement, end) = try call(token, arguments, nodes, at: index)
        {
          if let (steps, behind) = try pathSteps(nodes, from: end) {
            index = try superOperand([.parenthesized(replacement)] + steps, nodes, behind: behind, into: &output)
          } else if token.key == "json_parse", end + 1 < nodes.count, nodes[end].isSymbol("::") {
            output += Self.converted(replacement, to: nodes[end + 1])
            index = end
          } else {
            output += replacement
            index = end
          }
        } else {
          index = try single(token, isMember, nodes, at: index, into: &output)
        }
      }
    }
    return output
  }

  /// What stands between brackets: a query or an expression.
  mutating func inner(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    Self.isQuery(nodes) ? try query(nodes) : try expression(nodes)
  }

  static func isQuery(_ nodes: [Node]) -> Bool {
    guard let first = nodes.first else { return false }
    if first.isWord("select") || first.isWord("with") { return true }
    if let children = first.parentheses { return nodes.count > 1 && isSetOperator(nodes[1]) && isQuery(children) }
    return false
  }

  static func isSetOperator(_ node: Node) -> Bool { ["union", "intersect", "except", "minus"].contains(node.word) }

  /// One token that is not a call. Returns the index behind what it used.
  private mutating func single(_ token: Token, _ isMember: Bool, _ nodes: [Node], at index: Int, into output: inout [Node])
    throws(TranslationStop) -> Int
  {
    switch token.kind {
    case .parameter:
      guard !isInRoutine else { break }
      let name = String(token.text.dropFirst())
      guard knownParameters.contains(name) else {
        throw .refusal("Parameter \"\(name)\" is used in the statement but was not given.", at: .token(token))
      }
      usedParameters.append(name)
      var place = Token(.position, "$\(usedParameters.count)", leading: token.leading, offset: token.offset)
      place.leading = token.leading.isEmpty ? " " : token.leading
      output.append(.token(place))
      return index + 1
    case .position where !isInRoutine && !isPrepared:
      throw .refusal("there is no parameter \(token.text)", at: .token(token), sqlState: "42P02")
    case .symbol where token.text == "::":
      // A literal is a text, not the text of a document.
      if index > 0, index + 1 < nodes.count, nodes[index + 1].isWord("super"), nodes[index - 1].token?.kind == .string {
        output.append(.text("::varchar"))
      }
      output.append(.token(token))
      return try castType(nodes, from: index + 1, into: &output)
    case .symbol where !isInRoutine && index + 1 < nodes.count && Self.isForeignOperator(token, nodes[index + 1]):
      throw .refusal("operator \"\(token.text)\(nodes[index + 1].firstToken.text)\" does not exist", at: .token(token), sqlState: "42883")
    case .symbol where token.text == "!=":
      output.append(.token(token))
      return index + 1
    case .word where token.key.hasPrefix("#"):
      output.append(.token(Token(.quotedName, "\"\(token.key)\"", leading: token.leading, offset: token.offset)))
      return index + 1
    case .word where !isMember:
      if let value = Self.niladic[token.key], !(index + 1 < nodes.count && nodes[index + 1].isSymbol(".")) {
        output.append(.token(Token(.symbol, value, leading: token.leading, offset: token.offset)))
        return index + 1
      }
      if token.key == "approximate" { return index + 1 }
      if token.key == "minus", index > 0, index + 1 < nodes.count, nodes[index + 1].isWord("select") {
        output.append(.text("except"))
        return index + 1
      }
    default: break
    }
    output.append(.token(token))
    return index + 1
  }

  /// Operators of PostgreSQL's arrays, documents and text search.
  private static func isForeignOperator(_ first: Token, _ next: Node) -> Bool {
    guard let second = next.token, second.kind == .symbol, second.leading.isEmpty else { return false }
    return ["->", "#>", "@>", "<@", "@@", "&&", "?|", "?&"].contains(first.text + second.text)
  }

  /// Words that are functions without brackets.
  private static let niladic: [String: String] = ["sysdate": "\(schema).sysdate()"]

  /// The type behind `::` or within CAST.
  mutating func castType(_ nodes: [Node], from start: Int, into output: inout [Node]) throws(TranslationStop) -> Int {
    guard start < nodes.count, let token = nodes[start].token, token.kind == .word else { return start }
    var end = start + 1
    switch token.key {
    case "varchar", "nvarchar", "char", "nchar", "character", "bpchar", "text":
      let isVarying = token.key == "character" && end < nodes.count && nodes[end].isWord("varying")
      if isVarying { end += 1 }
      let word = token.key == "text" || token.key == "nvarchar" || isVarying ? "varchar" : token.key == "nchar" ? "char" : token.key
      var replaced = token
      replaced.text = word
      if start == 0 { replaced.leading = " " }
      output.append(.token(replaced))
      if end < nodes.count, let group = nodes[end].parentheses {
        output.append(group.count == 1 && group[0].isWord("max") ? .text("(\(Self.maximumVarchar))") : nodes[end])
        end += 1
      }
    default:
      guard let name = Self.typeNames[token.key] else {
        if Self.foreignTypes.contains(token.key), !isInRoutine {
          throw .refusal("type \"\(token.key)\" does not exist", at: nodes[start], sqlState: "42704")
        }
        return start
      }
      var replaced = token
      replaced.text = name
      if start == 0 { replaced.leading = " " }
      if token.key == "double", end < nodes.count, nodes[end].isWord("precision") { end += 1 }
      if token.key == "float", end < nodes.count, nodes[end].parentheses != nil { end += 1 }
      if name == "numeric", !(end < nodes.count && nodes[end].parentheses != nil) { replaced.text = "numeric(18,0)" }
      output.append(.token(replaced))
    }
    if !isInRoutine, end < nodes.count, let size = nodes[end].brackets, size.isEmpty || size.count == 1 && size[0].token?.kind == .number {
      throw .refusal("Arrays are not supported on Redshift.", at: nodes[end])
    }
    return end
  }

  /// A path into a SUPER value, such as `orders.items[0].name`: the first name is a column, or a table's name followed by a column.
  ///
  /// Nil when the names at `index` are a plain column.
  mutating func path(_ nodes: [Node], at index: Int) throws(TranslationStop) -> (nodes: [Node], end: Int)? {
    guard let first = nodes[index].name, isInRoutine ? elementNames.contains(first) : !scopes.isEmpty, !(index > 0 && nodes[index - 1].isSymbol("."))
    else { return nil }
    guard index + 1 < nodes.count, nodes[index + 1].isSymbol(".") || nodes[index + 1].brackets != nil else { return nil }
    if nodes[index].isWord("array") {
      guard !isInRoutine, nodes[index + 1].brackets != nil else { return nil }
      throw .unsupported("an array (write array(…) for a value of SUPER)", at: nodes[index])
    }
    var end = index + 1
    var base = [nodes[index]]
    if elementNames.contains(first) {
      // An element of an array is a value itself.
    } else if scopes.contains(where: { $0.contains(first) }), nodes[end].isSymbol("."), end + 1 < nodes.count, nodes[end + 1].name != nil {
      base += nodes[end...(end + 1)]
      end += 2
    } else if nodes[end].isSymbol("."),
      scopes.contains(where: { names in names.contains { $0.hasSuffix("." + first) || $0.hasPrefix(first + ".") } })
    {
      return nil  // schema.table.column
    }
    // schema.function(…)
    if nodes[end...].prefix(3).last?.parentheses != nil, nodes[end].isSymbol(".") { return nil }
    guard let (steps, behind) = try pathSteps(nodes, from: end) else { return nil }
    return ([.text("(")] + base + [.text(")")] + steps, behind)
  }

  /// Words that may stand before a value in brackets; any other name there is a function's.
  private static let wordsBeforeValues: Set<String> = [
    "and", "or", "not", "select", "distinct", "all", "when", "then", "else", "case", "in", "where", "on", "having", "by", "between", "like", "ilike",
    "from", "as", "is", "any", "some", "exists", "values", "set", "return", "if", "elsif", "while", "using", "qualify", "union", "perform",
  ]

  /// `.name` and `[…]` behind a value, as subscripts; nil where none stands.
  private mutating func pathSteps(_ nodes: [Node], from start: Int) throws(TranslationStop) -> (steps: [Node], end: Int)? {
    var steps: [Node] = []
    var end = start
    while end < nodes.count {
      if nodes[end].isSymbol("."), end + 1 < nodes.count, let name = nodes[end + 1].name {
        steps.append(.text("[\(Node.quoted(name))]"))
        pathName = name
        end += 2
      } else if let indexes = nodes[end].brackets, !indexes.isEmpty {
        steps.append(.text("[\((try expression(indexes)).sql)]"))
        end += 1
      } else {
        break
      }
    }
    return steps.isEmpty ? nil : (steps, end)
  }

  private static let comparisons: Set<String> = ["=", "<>", "!=", "<", ">", "<=", ">="]

  /// A path into a SUPER value with the operator behind it: literals that it is compared with become SUPER values, and where a text or a
  /// number is wanted it becomes one. Returns the index behind what it used.
  private mutating func superOperand(_ path: [Node], _ nodes: [Node], behind end: Int, into output: inout [Node]) throws(TranslationStop) -> Int {
    guard end < nodes.count else {
      output += path
      return end
    }
    let next = nodes[end]
    let word = next.word == "not" && end + 1 < nodes.count ? nodes[end + 1].word : next.word
    if word == "is" || next.isWord("is"), end + 1 < nodes.count, nodes[end...].prefix(3).contains(where: { $0.isWord("null") }) {
      // A null of a document is one.
      output += [.text("nullif(")] + path + [.text(", 'null')")]
      return end
    }
    if ["like", "ilike", "similar"].contains(word) || ["~", "!~", "||"].contains(next.firstToken.text) && next.token?.kind == .symbol {
      output += [.text("(")] + path + [.text(")::varchar")]
      return end
    }
    if let token = next.token, token.kind == .symbol, ["+", "-", "*", "/", "%"].contains(token.text) {
      output += [.text("\(Self.schema).super_number(")] + path + [.text(")")]
      return end
    }
    if next.isSymbol("::"), end + 1 < nodes.count {
      output += Self.converted(path, to: nodes[end + 1])
      return end
    }
    output += path
    if let token = next.token, token.kind == .symbol, Self.comparisons.contains(token.text), end + 1 < nodes.count,
      let literal = Self.superLiteral(nodes[end + 1])
    {
      output += [next, literal]
      return end + 2
    }
    if word == "in", let list = nodes[end...].prefix(3).first(where: { $0.parentheses != nil })?.parentheses, !Self.isQuery(list) {
      let count = next.word == "not" ? 3 : 2
      output += nodes[end..<(end + count - 1)]
      var parts: [[Node]] = []
      for part in list.splitAtCommas() {
        if part.count == 1, let literal = Self.superLiteral(part[0]) { parts.append([literal]) } else { parts.append(try inner(part)) }
      }
      output.append(.parenthesized(Self.joined(parts)))
      return end + count
    }
    return end
  }

  /// A path before `::type`: what cannot be converted is NULL, as Redshift has it (`cast_super_null_on_error`).
  static func converted(_ path: [Node], to type: Node) -> [Node] {
    switch typeNames[type.word] {
    case "int2", "int4", "int8", "numeric", "float4", "float8": [.text("\(schema).super_as_number(")] + path + [.text(")")]
    case "bool": [.text("\(schema).super_boolean(")] + path + [.text(")")]
    case "date", "timestamp", "timestamptz", "time", "timetz": [.text("(")] + path + [.text(")::varchar")]
    default: path
    }
  }

  private static func superLiteral(_ node: Node) -> Node? {
    guard let token = node.token else { return nil }
    switch token.kind {
    case .string: return .text("to_jsonb(\(token.text)::text)")
    case .number: return .text("to_jsonb(\(token.text))")
    case .word where token.key == "true" || token.key == "false": return .text("to_jsonb(\(token.key))")
    default: return nil
    }
  }
}

/// Quotients of decimals have the scale that Redshift computes from their types, and are cut off there.
extension Translator {
  private struct Term {
    var nodes: [Node]
    var type: NumberType
    var end: Int
  }

  /// Puts quotients in the place of `a / b` where both types are known and one is a decimal.
  mutating func dividing(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    guard !isInRoutine, nodes.contains(where: { $0.isSymbol("/") }) else { return nodes }
    var output: [Node] = []
    var index = 0
    while index < nodes.count {
      guard let end = Self.factor(nodes, from: index) else {
        output.append(nodes[index])
        index += 1
        continue
      }
      let term = try term(nodes, from: index, factorEnd: end)
      output += term.nodes
      index = term.end
    }
    return output
  }

  /// Factors between `*`, `/` and `%`, from the left to the right.
  private mutating func term(_ nodes: [Node], from start: Int, factorEnd: Int) throws(TranslationStop) -> Term {
    var ends = [factorEnd]
    while let last = ends.last, last < nodes.count, ["*", "/", "%"].contains(nodes[last].token?.text), let end = Self.factor(nodes, from: last + 1) {
      ends.append(end)
    }
    var term = Term(nodes: Array(nodes[start..<factorEnd]), type: .other, end: ends[ends.count - 1])
    guard ends.dropLast().contains(where: { nodes[$0].isSymbol("/") }) else {
      term.nodes = Array(nodes[start..<term.end])
      return term
    }
    term.type = try type(ofFactor: nodes[start..<factorEnd])
    for (number, place) in ends.dropLast().enumerated() {
      let factor = nodes[(place + 1)..<ends[number + 1]]
      let type = term.type.combined(nodes[place].firstToken.text, try type(ofFactor: factor))
      if nodes[place].isSymbol("/"), case .decimal(_, let scale) = type {
        let call: [Node] = [
          .text("pg_catalog.round"),
          .parenthesized(
            [
              .text("pg_catalog.div"),
              .parenthesized(
                [.parenthesized(term.nodes), .text("* 1e\(scale)"), .token(Token(.symbol, ",")), .parenthesized(Array(factor))]),
              .text("* 1e-\(scale), \(scale)"),
            ]),
        ]
        term.nodes = [.parenthesized(call)]
      } else {
        term.nodes += nodes[place..<ends[number + 1]]
      }
      term.type = type
    }
    return term
  }

  /// Words that are no names of columns or functions.
  private static let reserved: Set<String> = [
    "and", "or", "not", "select", "from", "where", "when", "then", "else", "end", "as", "in", "is", "like", "ilike", "similar", "between", "on", "by",
    "distinct", "all", "any", "some", "interval", "date", "timestamp", "time", "case", "order", "group", "having", "qualify", "limit", "offset", "union",
    "over", "partition", "rows", "asc", "desc", "nulls", "set", "values", "using", "with", "into", "for", "exists", "array",
  ]

  /// The index behind a name, a literal, a call or something in brackets, with the casts and paths behind it; nil where none begins.
  static func factor(_ nodes: [Node], from start: Int) -> Int? {
    guard start < nodes.count else { return nil }
    var end = start + 1
    if let name = nodes[start].name {
      if nodes[start].token?.kind == .word, reserved.contains(name) { return nil }
      while end + 1 < nodes.count, nodes[end].isSymbol("."), nodes[end + 1].name != nil { end += 2 }
      if end < nodes.count, nodes[end].parentheses != nil {
        end += 1
        while end + 1 < nodes.count, ["within", "group", "ignore", "respect", "over"].contains(nodes[end].word) {
          end += nodes[end].isWord("within") ? 1 : 2
        }
      }
    } else if nodes[start].parentheses == nil, ![.number, .string, .parameter].contains(nodes[start].token?.kind) {
      return nil
    }
    while end < nodes.count {
      if nodes[end].brackets != nil {
        end += 1
      } else if nodes[end].isSymbol("."), end + 1 < nodes.count, nodes[end + 1].name != nil {
        end += 2
      } else if nodes[end].isSymbol("::"), end + 1 < nodes.count, nodes[end + 1].name != nil {
        end += 2
        if end < nodes.count, ["precision", "varying"].contains(nodes[end].word) { end += 1 }
        if end < nodes.count, nodes[end].parentheses != nil { end += 1 }
      } else {
        break
      }
    }
    return min(end, nodes.count)
  }

  private mutating func type(ofFactor nodes: ArraySlice<Node>) throws(TranslationStop) -> NumberType {
    guard let first = nodes.first else { return .other }
    // The last cast decides.
    if let cast = nodes.lastIndex(where: { $0.isSymbol("::") }), cast + 1 < nodes.endIndex {
      return NumberType(name: nodes[cast + 1].word, arguments: nodes.last?.parentheses)
    }
    if let inside = first.parentheses { return nodes.count == 1 && !Self.isQuery(inside) ? try type(of: inside) : .other }
    if first.token?.kind == .number { return nodes.count == 1 ? NumberType(literal: first.firstToken.text) : .other }
    guard let name = first.name else { return .other }
    if let arguments = nodes.dropFirst().first?.parentheses { return try type(ofCall: name, arguments) }
    switch nodes.count {
    case 1: return try type(ofColumn: name)
    case 3: return try nodes.last?.name.map { (column) throws(TranslationStop) in try type(ofColumn: column) } ?? .other
    default: return .other
    }
  }

  /// Of an expression within brackets: terms between `+` and `-`.
  private mutating func type(of nodes: [Node]) throws(TranslationStop) -> NumberType {
    var result: NumberType?
    var index = 0
    var symbol = "+"
    while let end = Self.factor(nodes, from: index) {
      var type = try type(ofFactor: nodes[index..<end])
      index = end
      while index < nodes.count, let operation = nodes[index].token?.text, ["*", "/", "%"].contains(operation), let end = Self.factor(nodes, from: index + 1) {
        type = type.combined(operation, try self.type(ofFactor: nodes[(index + 1)..<end]))
        index = end
      }
      result = result.map { $0.combined(symbol, type) } ?? type
      guard index < nodes.count, nodes[index].isSymbol("+") || nodes[index].isSymbol("-") else { break }
      symbol = nodes[index].firstToken.text
      index += 1
    }
    return index == nodes.count ? result ?? .other : .other
  }

  private mutating func type(ofCall name: String, _ arguments: [Node]) throws(TranslationStop) -> NumberType {
    switch name {
    case "count", "row_number", "rank", "dense_rank", "ntile", "datediff", "date_diff": return .integer(19)
    case "len", "length", "extract", "charindex", "strpos", "octet_length": return .integer(10)
    case "sum", "avg":
      let value = try type(of: arguments.first?.isWord("distinct") == true ? Array(arguments.dropFirst()) : arguments)
      switch value {
      case .integer(let digits): return name == "sum" && digits == 19 ? .decimal(precision: 38, scale: 0) : .integer(19)
      case .decimal(_, let scale): return .decimal(precision: 38, scale: scale)
      case .other: return .other
      }
    case "min", "max", "abs", "any_value", "first_value", "last_value": return try type(of: arguments.splitAtCommas().first ?? [])
    case "nullif": return try type(of: arguments.splitAtCommas().first ?? [])
    case "nvl", "coalesce", "greatest", "least":
      var result: NumberType?
      for part in arguments.splitAtCommas() {
        let next = try type(of: part)
        result = result.map { $0.either(next) } ?? next
      }
      return result ?? .other
    case "cast":
      guard let place = arguments.lastIndex(where: { $0.isWord("as") }), place + 1 < arguments.count else { return .other }
      return NumberType(name: arguments[place + 1].word, arguments: arguments.last?.parentheses)
    default: return .other
    }
  }

  /// Of a column of the tables in FROM, the inner ones first; not known where two columns of that name differ.
  private mutating func type(ofColumn name: String) throws(TranslationStop) -> NumberType {
    for source in sources.reversed() {
      let types = Set(
        try answer(.types(of: source)).compactMap { line -> NumberType? in
          let parts = line.split(separator: " ", maxSplits: 2)
          guard parts.count == 3, parts[2] == name, let type = UInt32(parts[0]), let modifier = Int(parts[1]) else { return nil }
          return NumberType(type: type, modifier: modifier)
        })
      if !types.isEmpty { return types.count == 1 ? types.first ?? .other : .other }
    }
    return .other
  }
}

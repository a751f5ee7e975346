/// A SELECT, cut at its clauses; each clause keeps its keywords.
struct SelectClauses {
  /// `SELECT`, `DISTINCT`, `ALL`.
  var head: [Node] = []
  var top: [Node]?
  var items: [[Node]] = []
  var into: [Node] = []
  var from: [Node] = []
  var filter: [Node] = []
  var group: [Node] = []
  var having: [Node] = []
  var qualify: [Node] = []
  /// ORDER BY, LIMIT, OFFSET and what follows.
  var tail: [Node] = []

  init(_ nodes: [Node]) throws(TranslationStop) {
    var index = 1
    head = [nodes[0]]
    func takeTop() {
      guard index < nodes.count, nodes[index].isWord("top"), index + 1 < nodes.count,
        nodes[index + 1].token?.kind == .number || nodes[index + 1].parentheses != nil || nodes[index + 1].token?.kind == .parameter
      else { return }
      top = nodes[index + 1].parentheses ?? [nodes[index + 1]]
      index += 2
    }
    takeTop()
    if index < nodes.count, nodes[index].isWord("distinct") || nodes[index].isWord("all") {
      head.append(nodes[index])
      index += 1
      if index < nodes.count, nodes[index].isWord("on"), nodes[index - 1].isWord("distinct"), nodes.indices.contains(index + 1),
        nodes[index + 1].parentheses != nil
      {
        throw .refusal("SELECT DISTINCT ON is not supported", at: nodes[index])
      }
    }
    if top == nil { takeTop() }
    var section = "items"
    var itemNodes: [Node] = []
    while index < nodes.count {
      let node = nodes[index]
      let next = index + 1 < nodes.count ? nodes[index + 1].word : ""
      let isMember = index > 0 && (nodes[index - 1].isSymbol(".") || nodes[index - 1].isWord("as"))
      if !isMember {
        switch node.word {
        case "into" where section == "items": section = "into"
        case "from" where section == "items" || section == "into": section = "from"
        case "where": section = "where"
        case "group" where next == "by": section = "group"
        case "having": section = "having"
        case "qualify" where section != "items": section = "qualify"
        case "order" where next == "by": section = "tail"
        case "limit" where section != "items" || !next.isEmpty || (index + 1 < nodes.count && nodes[index + 1].token?.kind == .number):
          section = "tail"
        case "offset" where section != "items", "fetch" where section != "items": section = "tail"
        case "for" where ["update", "share", "no", "key"].contains(next):
          throw .refusal("SELECT FOR \(next.uppercased()) is not supported on Redshift.", at: node)
        case "window" where section != "items" && index + 2 < nodes.count && nodes[index + 2].isWord("as"):
          throw .refusal("syntax error at or near \"window\"", at: node, sqlState: "42601")
        case "using" where section == "tail":
          throw .refusal("syntax error at or near \"\(node.firstToken.text)\"", at: node, sqlState: "42601")
        case "connect" where next == "by": throw .unsupported("CONNECT BY", at: node)
        default: break
        }
      }
      switch section {
      case "items": itemNodes.append(node)
      case "into": into.append(node)
      case "from": from.append(node)
      case "where": filter.append(node)
      case "group": group.append(node)
      case "having": having.append(node)
      case "qualify": qualify.append(node)
      default: tail.append(node)
      }
      index += 1
    }
    items = itemNodes.splitAtCommas()
  }
}

extension Translator {
  /// A query: `WITH …`, set operations, and SELECTs.
  mutating func query(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    guard nodes.first?.isWord("with") == true else { return try setOperations(nodes) }
    var output = [nodes[0]]
    var index = 1
    let depth = withClauses.count
    defer { withClauses.removeSubrange(depth...) }
    if index < nodes.count, nodes[index].isWord("recursive") {
      output.append(nodes[index])
      index += 1
    }
    let start = output.sql
    var clauses: [String] = []
    while index < nodes.count {
      let first = index
      while index < nodes.count, !nodes[index].isWord("as") { index += 1 }
      guard index + 1 < nodes.count, let body = nodes[index + 1].parentheses else {
        throw .syntax(at: index < nodes.count ? nodes[index] : nil)
      }
      if let name = nodes[first].name { withNames.insert(name) }
      let clause = Array(nodes[first...index]) + [Node.parenthesized(try query(body))]
      output += clause
      clauses.append(clause.sql)
      withClauses.removeSubrange(depth...)
      withClauses.append(start + clauses.joined(separator: ","))
      index += 2
      guard index < nodes.count, nodes[index].isSymbol(",") else { break }
      output.append(nodes[index])
      index += 1
    }
    return output + (try setOperations(Array(nodes[index...])))
  }

  private mutating func setOperations(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    var branches: [[Node]] = [[]]
    var operators: [[Node]] = []
    var index = 0
    while index < nodes.count {
      if Self.isSetOperator(nodes[index]), !branches[branches.count - 1].isEmpty,
        index + 1 < nodes.count,
        nodes[index + 1].parentheses != nil || ["select", "all", "distinct", "values"].contains(nodes[index + 1].word)
      {
        var words = nodes[index].isWord("minus") ? [Node.text("except")] : [nodes[index]]
        if nodes[index + 1].isWord("all") || nodes[index + 1].isWord("distinct") {
          index += 1
          words.append(nodes[index])
        }
        operators.append(words)
        branches.append([])
      } else {
        branches[branches.count - 1].append(nodes[index])
      }
      index += 1
    }
    var output: [Node] = []
    for (number, branch) in branches.enumerated() {
      if number > 0 { output += operators[number - 1] }
      if branch.first?.isWord("select") == true {
        let rewritten = try select(branch)
        let needsBrackets = branches.count > 1 && (rewritten.wasWrapped || (number < branches.count - 1 && rewritten.hasLimit))
        output += needsBrackets ? [.parenthesized(rewritten.nodes)] : rewritten.nodes
      } else {
        output += try expression(branch)
      }
    }
    return output
  }

  private mutating func select(_ nodes: [Node]) throws(TranslationStop) -> (nodes: [Node], hasLimit: Bool, wasWrapped: Bool) {
    var clauses = try SelectClauses(nodes)
    scopes.append([])
    defer { scopes.removeLast() }
    try resolvingOuterJoins(&clauses)
    let from = try fromClause(clauses.from)
    if !from.isEmpty { sources.append(withPrefix + "select *" + from.sql) }
    defer { if !from.isEmpty { sources.removeLast() } }
    if clauses.into.count > 1, clauses.into[1].name?.first == "#" { clauses.into.insert(.text("temp"), at: 1) }

    let aliases = clauses.items.map(Self.alias)
    var items: [[Node]] = []
    for (number, item) in clauses.items.enumerated() {
      let earlier = Self.named(aliases[..<number], clauses.items)
      pathName = nil
      var rewritten = try expression(try resolvingAliases(item, earlier, from))
      if aliases[number] == nil, let name = Self.columnName(item) ?? (Self.isPath(item) ? pathName : nil) { rewritten.append(.text("as \"\(name)\"")) }
      items.append(rewritten)
    }
    let select = clauses.head + Self.joined(items)
    let into = try expression(clauses.into)
    let body = from + (try expression(clauses.filter)) + (try expression(clauses.group)) + (try expression(clauses.having))
    var tail = try expression(clauses.tail)
    if let top = clauses.top {
      if tail.contains(where: { $0.isWord("limit") }) { throw .refusal("TOP and LIMIT cannot both be specified", at: clauses.top?.first) }
      tail += [.text("limit")] + (try expression(top))
    }
    guard !clauses.qualify.isEmpty else { return (select + into + body + tail, clauses.top != nil, false) }

    // QUALIFY filters on what only an outer query can see.
    let condition = try resolvingAliases(Array(clauses.qualify.dropFirst()), Self.named(aliases[...], clauses.items), from)
    let names = try answer(.columns(of: withPrefix + (select + body).sql))
    guard Set(names).count == names.count else { throw .unsupported("QUALIFY over columns of the same name", at: clauses.qualify.first) }
    let outer = names.map { "\"\($0)\"" }.joined(separator: ", ")
    let isDistinct = clauses.head.contains { $0.isWord("distinct") }
    derivedTables += 1
    var output: [Node] = [.text("select \(isDistinct ? "distinct " : "")\(outer)")] + into
    output += [.text("from ("), clauses.head[0]] + Self.joined(items) + [.text(", (")] + (try expression(condition))
    output += [.text(") as sfn_qualify")] + body + [.text(") as sfn_derived_\(derivedTables) where sfn_qualify")] + tail
    return (output, true, true)
  }

  var withPrefix: String { withClauses.isEmpty ? "" : withClauses.joined(separator: " ") + " " }

  static func joined(_ items: [[Node]]) -> [Node] {
    var output: [Node] = []
    for (number, item) in items.enumerated() {
      if number > 0 { output.append(.token(Token(.symbol, ","))) }
      output += item
    }
    return output
  }

  // MARK: aliases within the select list

  /// The alias of an item: behind AS, or the last of two names that stand side by side.
  static func alias(_ item: [Node]) -> String? {
    guard item.count > 1, let name = item.last?.name else { return nil }
    let before = item[item.count - 2]
    if before.isWord("as") { return name }
    if before.isSymbol(".") || before.isSymbol("::") || name == "end" || name == "null" { return nil }
    if name == "precision" && before.isWord("double") || name == "varying" && before.isWord("character") || name == "zone" && before.isWord("time") {
      return nil
    }
    switch before {
    case .group: return name
    case .token(let token):
      switch token.kind {
      case .number, .string, .quotedName, .parameter: return name
      case .word:
        return [
          "and", "or", "not", "is", "like", "ilike", "between", "in", "when", "then", "else", "distinct", "all", "case", "interval", "date",
          "timestamp", "time",
        ].contains(token.key) ? nil : name
      default: return nil
      }
    }
  }

  /// What each alias stands for.
  private static func named(_ aliases: ArraySlice<String?>, _ items: [[Node]]) -> [String: [Node]] {
    var named: [String: [Node]] = [:]
    for (number, alias) in aliases.enumerated() {
      guard let alias, named[alias] == nil else { continue }
      let item = items[number]
      named[alias] = Array(item.dropLast(item[item.count - 2].isWord("as") ? 2 : 1))
    }
    return named
  }

  /// Puts expressions in the place of earlier aliases, unless a table has a column of that name.
  private func resolvingAliases(_ item: [Node], _ aliases: [String: [Node]], _ from: [Node]) throws(TranslationStop) -> [Node] {
    guard !aliases.isEmpty else { return item }
    let ownAlias = Self.alias(item) == nil ? item.count : item.count - 1
    var used = Self.names(in: Array(item[..<ownAlias])).intersection(aliases.keys)
    guard !used.isEmpty else { return item }
    if !from.isEmpty {
      let columns = try answer(.columns(of: withPrefix + "select *" + from.sql))
      used.subtract(columns)
    }
    guard !used.isEmpty else { return item }
    var resolved: [String: [Node]] = [:]
    for name in used {
      guard let expression = aliases[name] else { continue }
      resolved[name] = try resolvingAliases(expression, aliases.filter { $0.key != name }, from)
    }
    return Self.replacing(resolved, in: Array(item[..<ownAlias])) + item[ownAlias...]
  }

  /// Names that stand alone in an expression, outside of queries within it.
  private static func names(in nodes: [Node]) -> Set<String> {
    var names: Set<String> = []
    for (index, node) in nodes.enumerated() {
      switch node {
      case .group(let group): if !isQuery(group.children) { names.formUnion(Self.names(in: group.children)) }
      case .token(let token): if token.isName, isAlone(nodes, index) { names.insert(token.name) }
      }
    }
    return names
  }

  private static func isAlone(_ nodes: [Node], _ index: Int) -> Bool {
    if index > 0, nodes[index - 1].isSymbol(".") || nodes[index - 1].isSymbol("::") || nodes[index - 1].isWord("as") { return false }
    guard index + 1 < nodes.count else { return true }
    return !nodes[index + 1].isSymbol(".") && nodes[index + 1].parentheses == nil
  }

  private static func replacing(_ replacements: [String: [Node]], in nodes: [Node]) -> [Node] {
    nodes.enumerated().map { index, node in
      switch node {
      case .group(var group):
        guard !isQuery(group.children) else { return node }
        group.children = replacing(replacements, in: group.children)
        return .group(group)
      case .token(let token):
        guard token.isName, isAlone(nodes, index), let replacement = replacements[token.name] else { return node }
        return .parenthesized(replacement)
      }
    }
  }
}

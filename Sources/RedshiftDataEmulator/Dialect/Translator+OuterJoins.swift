/// Redshift's older way to write an outer join: `WHERE a.id = b.id(+)`.
extension Translator {
  /// Puts the conditions with marks into joins; the optional table is the one whose columns are marked.
  ///
  /// - Throws: a refusal where the marks tell of no outer join.
  func resolvingOuterJoins(_ clauses: inout SelectClauses) throws(TranslationStop) {
    guard Self.firstMark(clauses.filter) != nil, let mark = Self.firstMark(clauses.filter) else { return }
    guard !clauses.from.contains(where: { ["join", "lateral", "pivot", "unpivot"].contains($0.word) }) else {
      throw .refusal("the outer join operator (+) cannot be used with a join in FROM", at: mark, sqlState: "42601")
    }
    let items = Array(clauses.from.dropFirst()).splitAtCommas()
    var rest: [[Node]] = []
    var conditions: [String: [[Node]]] = [:]
    for condition in Self.conjuncts(Array(clauses.filter.dropFirst())) {
      guard let mark = Self.firstMark(condition) else {
        rest.append(condition)
        continue
      }
      var optional: Set<String> = []
      let stripped = try Self.withoutMarks(condition, &optional)
      guard optional.count == 1, let table = optional.first else {
        throw .refusal("a condition may mark the columns of one table with (+)", at: mark, sqlState: "42601")
      }
      conditions[table, default: []].append(stripped)
    }
    var from: [Node] = [clauses.from[0]]
    let required = items.filter { conditions[Self.tableAlias($0)] == nil }
    for (number, item) in required.enumerated() { from += (number > 0 ? Self.words("cross", "join") : []) + item }
    var joined = Set(required.map(Self.tableAlias))
    var open = items.filter { conditions[Self.tableAlias($0)] != nil }
    guard !required.isEmpty else { throw .refusal("the outer join operator (+) is on both sides", at: mark, sqlState: "42601") }
    while !open.isEmpty {
      // One whose conditions name tables that stand before it.
      let next = open.firstIndex { item in
        let own = Self.tableAlias(item)
        let others = Set(open.map(Self.tableAlias)).subtracting([own])
        return (conditions[own] ?? []).allSatisfy { Self.tables(in: $0).isDisjoint(with: others) }
      }
      guard let next else { throw .refusal("the outer joins by (+) form a circle", at: mark, sqlState: "42601") }
      let item = open.remove(at: next)
      let alias = Self.tableAlias(item)
      joined.insert(alias)
      from += Self.words("left", "join") + item + Self.words("on")
      for (number, condition) in (conditions[alias] ?? []).enumerated() {
        from += (number > 0 ? Self.words("and") : []) + [.parenthesized(condition)]
      }
    }
    guard conditions.keys.allSatisfy({ joined.contains($0) }) else {
      throw .refusal("a column with (+) belongs to no table of FROM", at: mark, sqlState: "42601")
    }
    clauses.from = from
    clauses.filter = rest.isEmpty ? [] : [clauses.filter[0]] + Array(rest.joined(separator: Self.words("and")))
  }

  private static func words(_ words: String...) -> [Node] { words.map { .token(Token(.word, $0, leading: " ")) } }

  private static func isMark(_ node: Node) -> Bool { node.parentheses.map { $0.count == 1 && $0[0].isSymbol("+") } ?? false }

  private static func firstMark(_ nodes: [Node]) -> Node? {
    for node in nodes {
      if isMark(node) { return node }
      if case .group(let group) = node, !isQuery(group.children), let mark = firstMark(group.children) { return mark }
    }
    return nil
  }

  /// Conditions between the ANDs of this level; the one of BETWEEN is none.
  private static func conjuncts(_ nodes: [Node]) -> [[Node]] {
    var parts: [[Node]] = [[]]
    var betweens = 0
    for node in nodes {
      if node.isWord("between") { betweens += 1 }
      if node.isWord("and") {
        if betweens > 0 { betweens -= 1 } else {
          parts.append([])
          continue
        }
      }
      parts[parts.count - 1].append(node)
    }
    return parts.filter { !$0.isEmpty }
  }

  private static func withoutMarks(_ nodes: [Node], _ optional: inout Set<String>) throws(TranslationStop) -> [Node] {
    var output: [Node] = []
    for (index, node) in nodes.enumerated() {
      if isMark(node) {
        guard index > 2, nodes[index - 2].isSymbol("."), let table = nodes[index - 3].name else {
          throw .unsupported("the outer join operator (+) behind a column without its table", at: node)
        }
        optional.insert(table)
      } else if case .group(var group) = node {
        group.children = try withoutMarks(group.children, &optional)
        output.append(.group(group))
      } else {
        output.append(node)
      }
    }
    return output
  }

  private static func tableAlias(_ item: [Node]) -> String { item.last?.name ?? "" }

  private static func tables(in nodes: [Node]) -> Set<String> {
    var found: Set<String> = []
    for (index, node) in nodes.enumerated() {
      if case .group(let group) = node { found.formUnion(tables(in: group.children)) }
      if index + 1 < nodes.count, nodes[index + 1].isSymbol("."), let name = node.name { found.insert(name) }
    }
    return found
  }
}

extension Translator {
  /// FROM: derived tables get a name, PIVOT and UNPIVOT become queries, arrays of SUPER values become rows.
  mutating func fromClause(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    guard let first = nodes.first else { return [] }
    return [first] + (try fromItems(Array(nodes.dropFirst())))
  }

  private static let joinWords: Set<String> = [
    "join", "left", "right", "full", "inner", "cross", "natural", "on", "using", "outer", "pivot", "unpivot", "as", "at", "tablesample",
  ]

  private mutating func fromItems(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    var output: [Node] = []
    var index = 0
    var expectsItem = true
    while index < nodes.count {
      let node = nodes[index]
      if node.isSymbol(",") || node.isWord("join") {
        output.append(node)
        expectsItem = true
        index += 1
      } else if node.isWord("on") {
        var end = index + 1
        while end < nodes.count, !nodes[end].isSymbol(","),
          !(["join", "left", "right", "full", "inner", "cross", "natural"].contains(nodes[end].word)
            && !(end + 1 < nodes.count && nodes[end + 1].parentheses != nil))
        { end += 1 }
        output += [node] + (try expression(Array(nodes[(index + 1)..<end])))
        index = end
      } else if node.isWord("lateral"), !isInRoutine {
        throw .refusal("syntax error at or near \"lateral\"", at: node, sqlState: "42601")
      } else if expectsItem, node.isWord("unpivot"), index + 1 < nodes.count, nodes[index + 1].name != nil {
        expectsItem = false
        index = try members(nodes, at: index + 1, into: &output)
      } else if node.isWord("tablesample") {
        throw .refusal("syntax error at or near \"tablesample\"", at: node, sqlState: "42601")
      } else if expectsItem, !node.isWord("lateral"), !node.isWord("only") {
        expectsItem = false
        index = try fromItem(nodes, at: index, into: &output)
      } else {
        output.append(node)
        index += 1
      }
    }
    return output
  }

  /// One table, function or derived table with its alias, and the PIVOT behind it.
  private mutating func fromItem(_ nodes: [Node], at start: Int, into output: inout [Node]) throws(TranslationStop) -> Int {
    var item: [Node]
    var index = start
    var tableAlias: String?
    var needsAlias = false
    var lateViewName: String?
    if let children = nodes[start].parentheses {
      index += 1
      if let values = children.first, values.isWord("values"), !isInRoutine {
        throw .refusal("syntax error at or near \"\(values.firstToken.text)\"", at: values, sqlState: "42601")
      }
      if Self.isQuery(children) || children.first?.isWord("values") == true {
        item = [.parenthesized(try inner(children))]
        needsAlias = true
      } else {
        item = [.parenthesized(try fromItems(children))]
      }
    } else {
      index = tableName(nodes, from: start)
      guard index > start else {
        output += try expression([nodes[start]])
        return start + 1
      }
      let names = nodes[start..<index].compactMap(\.name)
      if let array = try unnesting(nodes, names, from: start, end: index) {
        output += array.nodes
        return array.end
      }
      item = nodes[start..<index].map(Self.tableNode)
      if index < nodes.count, nodes[index].parentheses != nil {
        item = try expression(Array(nodes[start...index]))
        index += 1
      }
      tableAlias = names.last
      if requiresSchemas, names.count == 1, !withNames.contains(names[0]), !(index < nodes.count && nodes[index].parentheses != nil) {
        throw .refusal(
          "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.", at: nodes[start], sqlState: "42601")
      }
      if let name = names.last, names.count == 1 || names[0] == "pg_catalog", Self.missingViews.contains(name), !withNames.contains(name) {
        throw .unsupported("the system view \(name)", at: nodes[index - 1])
      }
      if let query = Self.withoutOurs[names.joined(separator: ".")] ?? (names.first == "pg_catalog" ? Self.withoutOurs[names.last ?? ""] : nil) {
        item = [.text("(\(query))")]
        lateViewName = names.last
      }
      if let view = lateViews[names.count == 2 && names[0] == "public" ? names[1] : names.joined(separator: ".")] {
        item = [.text("(\(view))")]
        lateViewName = names.last
      }
      if names.count > 1 { scopes[scopes.count - 1].insert(names.joined(separator: ".")) }
    }
    var aliasNodes: [Node] = []
    var aliasEnd = index
    if aliasEnd < nodes.count, nodes[aliasEnd].isWord("as") { aliasEnd += 1 }
    if aliasEnd < nodes.count, let name = nodes[aliasEnd].name, !(nodes[aliasEnd].token?.kind == .word && Self.joinWords.contains(name)) {
      aliasNodes = Array(nodes[index...aliasEnd])
      index = aliasEnd + 1
      tableAlias = name
      if index < nodes.count, nodes[index].parentheses != nil {
        aliasNodes.append(nodes[index])
        index += 1
      }
    } else if let lateViewName {
      aliasNodes = [.text("as \"\(lateViewName)\"")]
    } else if needsAlias {
      derivedTables += 1
      aliasNodes = [.text("as sfn_derived_\(derivedTables)")]
    }
    if let tableAlias { scopes[scopes.count - 1].insert(tableAlias) }
    item += aliasNodes
    while index + 1 < nodes.count, nodes[index].isWord("pivot") || nodes[index].isWord("unpivot") {
      item = nodes[index].isWord("pivot") ? try pivot(item, nodes[index + 1]) : try unpivot(item, nodes, at: &index)
      index += 2
      if index < nodes.count, nodes[index].isWord("as") { index += 1 }
      if index < nodes.count, let name = nodes[index].name, !Self.joinWords.contains(name) {
        item.append(.text("as \"\(name)\""))
        scopes[scopes.count - 1].insert(name)
        index += 1
      } else {
        derivedTables += 1
        item.append(.text("as sfn_derived_\(derivedTables)"))
      }
    }
    output += item
    return index
  }

  /// Views of the catalogue, without what is ours.
  private static let withoutOurs: [String: String] = {
    var queries: [String: String] = [:]
    for (name, column) in [("pg_namespace", "nspname"), ("pg_tables", "schemaname"), ("pg_views", "schemaname"), ("pg_matviews", "schemaname")] {
      queries[name] = ("select * from pg_catalog.\(name) where \(column) <> '\(schema)'")
    }
    queries["pg_views"] =
      "select schemaname, viewname, viewowner, coalesce(\(schema).view_source(schemaname, viewname), definition) as definition "
      + "from pg_catalog.pg_views where schemaname <> '\(schema)'"
    queries["pg_database"] = "select * from pg_catalog.pg_database where datname <> 'postgres'"
    queries["pg_user"] = "select * from pg_catalog.pg_user where usename <> '\(schema)'"
    for name in ["tables", "columns", "views", "table_constraints", "key_column_usage", "table_privileges"] {
      queries["information_schema.\(name)"] = ("select * from information_schema.\(name) where table_schema <> '\(schema)'")
    }
    queries["information_schema.schemata"] = ("select * from information_schema.schemata where schema_name <> '\(schema)'")
    queries["information_schema.routines"] = ("select * from information_schema.routines where routine_schema <> '\(schema)'")
    return queries
  }()

  /// A part of a table's name; those of temporary tables need quotes.
  private static func tableNode(_ node: Node) -> Node {
    guard let token = node.token, token.kind == .word, token.key.hasPrefix("#") else { return node }
    return .token(Token(.quotedName, "\"\(token.key)\"", leading: token.leading, offset: token.offset))
  }

  /// `FROM t, t.data.items AS i`: the elements of an array, one row each.
  private mutating func unnesting(_ nodes: [Node], _ names: [String], from start: Int, end: Int) throws(TranslationStop) -> (
    nodes: [Node], end: Int
  )? {
    guard names.count > 1 || (end < nodes.count && nodes[end].brackets != nil), let scope = scopes.last, scope.contains(names[0]) else {
      return nil
    }
    var pathEnd = end
    while pathEnd < nodes.count, nodes[pathEnd].brackets != nil || (nodes[pathEnd].isSymbol(".") && pathEnd + 1 < nodes.count) {
      pathEnd += nodes[pathEnd].brackets != nil ? 1 : 2
    }
    let path = try expression(Array(nodes[start..<pathEnd]))
    var index = pathEnd
    if index < nodes.count, nodes[index].isWord("as") { index += 1 }
    guard index < nodes.count, let alias = nodes[index].name, !Self.joinWords.contains(alias) else {
      throw .syntax(at: index < nodes.count ? nodes[index] : nil)
    }
    index += 1
    scopes[scopes.count - 1].insert(alias)
    elementNames.insert(alias)
    guard index < nodes.count, nodes[index].isWord("at"), index + 1 < nodes.count, let position = nodes[index + 1].name else {
      return ([.text("lateral \(Self.schema).elements(")] + path + [.text(") as \"\(alias)\"")], index)
    }
    return (
      [.text("lateral \(Self.schema).numbered_elements(")] + path + [.text(") as \"sfn_\(alias)\"(\"\(alias)\", \"\(position)\")")],
      index + 2
    )
  }

  /// `FROM t, UNPIVOT t.data AS value AT name`: the members of an object, one row each.
  private mutating func members(_ nodes: [Node], at start: Int, into output: inout [Node]) throws(TranslationStop) -> Int {
    var end = tableName(nodes, from: start)
    while end < nodes.count, nodes[end].brackets != nil { end += 1 }
    let path = try expression(Array(nodes[start..<end]))
    var index = end
    if index < nodes.count, nodes[index].isWord("as") { index += 1 }
    guard index < nodes.count, let value = nodes[index].name else { throw .syntax(at: index < nodes.count ? nodes[index] : nil) }
    index += 1
    var name = "sfn_name"
    if index + 1 < nodes.count, nodes[index].isWord("at"), let given = nodes[index + 1].name {
      name = given
      index += 2
    }
    scopes[scopes.count - 1].formUnion([value, name])
    elementNames.insert(value)
    output += [.text("lateral \(Self.schema).members(")] + path + [.text(") as \"sfn_\(value)\"(\"\(name)\", \"\(value)\")")]
    return index
  }

  /// `PIVOT (agg(x) [AS a] [, …] FOR column IN (value [AS name], …))`: the other columns group the rows.
  private mutating func pivot(_ source: [Node], _ clause: Node) throws(TranslationStop) -> [Node] {
    guard let nodes = clause.parentheses, let forIndex = nodes.firstIndex(where: { $0.isWord("for") }),
      let inIndex = nodes.firstIndex(where: { $0.isWord("in") }), inIndex > forIndex + 1, inIndex + 1 < nodes.count,
      let values = nodes[inIndex + 1].parentheses, let column = nodes[inIndex - 1].name
    else { throw .syntax(at: clause) }
    let columns = try answer(.columns(of: withPrefix + "select * from" + source.sql))
    var used: Set<String> = [column]
    var aggregates: [(call: [Node], alias: String?)] = []
    for part in Array(nodes[..<forIndex]).splitAtCommas() {
      let alias = Self.alias(part)
      let call = alias == nil ? part : Array(part.dropLast(part[part.count - 2].isWord("as") ? 2 : 1))
      guard call.count == 2, let arguments = call[1].parentheses else { throw .syntax(at: part.first) }
      for node in arguments { if let name = node.name { used.insert(name) } }
      aggregates.append((try expression(call), alias))
    }
    let kept = columns.filter { !used.contains($0) }
    var items = kept.map { "\"\($0)\"" }
    for value in values.splitAtCommas() {
      let alias = Self.alias(value)
      let expression = alias == nil ? value : Array(value.dropLast(value[value.count - 2].isWord("as") ? 2 : 1))
      let name = alias ?? (expression.first?.token.map { $0.kind == .string ? $0.literal : $0.name } ?? "")
      for aggregate in aggregates {
        let label = aggregate.alias.map { "\(name)_\($0)" } ?? name
        items.append("\(aggregate.call.sql) filter (where \"\(column)\" = \(expression.sql)) as \"\(label.lowercased())\"")
      }
    }
    let group = kept.isEmpty ? "" : " group by " + kept.map { "\"\($0)\"" }.joined(separator: ", ")
    return [.text("(select \(items.joined(separator: ", ")) from")] + source + [.text(group + ")")]
  }

  /// `UNPIVOT [INCLUDE NULLS] (value FOR name IN (column [AS 'label'], …))`: a row for each of the columns.
  private mutating func unpivot(_ source: [Node], _ nodes: [Node], at index: inout Int) throws(TranslationStop) -> [Node] {
    var includesNulls = false
    if index + 3 < nodes.count, nodes[index + 2].isWord("nulls") {
      includesNulls = nodes[index + 1].isWord("include")
      index += 2
    }
    guard let clause = nodes[index + 1].parentheses, clause.count == 5, let value = clause[0].name, clause[1].isWord("for"),
      let label = clause[2].name,
      clause[3].isWord("in"), let list = clause[4].parentheses
    else { throw .syntax(at: nodes[index + 1]) }
    let columns = try answer(.columns(of: withPrefix + "select * from" + source.sql))
    var pairs: [String] = []
    var taken: Set<String> = []
    for part in list.splitAtCommas() {
      guard let column = part.first?.name else { throw .syntax(at: part.first) }
      let text = part.count > 1 ? (part.last?.token.map { $0.kind == .string ? $0.literal : $0.name } ?? column) : column
      taken.insert(column)
      pairs.append("(\(Node.quoted(text))::varchar, \"\(column)\")")
    }
    derivedTables += 1
    let kept = columns.filter { !taken.contains($0) }.map { "\"\($0)\"" } + ["\"\(label)\"", "\"\(value)\""]
    let filter = includesNulls ? "" : " where \"\(value)\" is not null"
    return [.text("(select \(kept.joined(separator: ", ")) from")] + source
      + [
        .text(
          "cross join lateral (values \(pairs.joined(separator: ", "))) as sfn_derived_\(derivedTables)(\"\(label)\", \"\(value)\")\(filter))"
        )
      ]
  }
}

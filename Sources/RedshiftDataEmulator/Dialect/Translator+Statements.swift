extension Translator {
  /// Tells statements apart by their first words.
  mutating func statement(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    let second = nodes.count > 1 ? nodes[1].word : ""
    switch nodes.first?.word ?? "" {
    case "begin": return Translation(action: .begin, sql: nodes.sql)
    case "start" where second == "transaction": return Translation(action: .begin)
    case "commit", "end": return Translation(action: .commit)
    case "rollback" where nodes.contains(where: { $0.isWord("to") }): throw .syntax(at: nodes.first { $0.isWord("to") })
    case "rollback", "abort": return Translation(action: .rollback)
    case "create": return try create(nodes)
    case "alter" where second == "table": return try alterTable(nodes)
    case "truncate":
      var rest = nodes
      if second == "table" { rest.remove(at: 1) }
      var translation = running(try expression(rest))
      translation.action = .truncate
      return translation
    case "vacuum": return Translation(action: .nothing)
    case "analyze", "analyse": return try analyze(nodes)
    case "set": return try set(nodes)
    case "reset": return setting(nodes, at: 1)
    case "show": return try show(nodes)
    case "describe", "desc": throw .unsupported(nodes[0].word.uppercased(), at: nodes[0])
    case "copy": return Translation(action: .copy(try copyCommand(nodes)))
    case "unload": return Translation(action: .unload(try unloadCommand(nodes)))
    case "call": return try call(nodes)
    case "delete": return running(try delete(nodes))
    case "merge": return running(try merge(nodes))
    case "insert": return running(try insert(nodes))
    case "comment": return running(nodes)
    case "refresh" where second == "materialized":
      return running(try expression(nodes.last.map { $0.isWord("cascade") || $0.isWord("restrict") } == true ? nodes.dropLast() : nodes))
    case "drop" where second == "view": return try dropView(nodes)
    case "drop" where second == "table" || second == "schema": return running(try expression(nodes))
    case "drop" where second == "procedure" || second == "function": return running(try dropRoutine(nodes))
    case "explain": return running([nodes[0]] + (try statementBody(Array(nodes.dropFirst()))))
    case "values": throw .refusal("syntax error at or near \"\(nodes[0].firstToken.text)\"", at: nodes[0], sqlState: "42601")
    case "update":
      try refuseReturning(nodes)
      return running(try expression(nodes))
    case "declare":
      guard let start = nodes.firstIndex(where: { $0.isWord("for") }), start + 1 < nodes.count else { throw .syntax(at: nodes.last) }
      return running(try expression(Array(nodes[...start])) + (try query(Array(nodes[(start + 1)...]))))
    case "prepare": return running(try prepare(nodes))
    case "grant", "revoke", "drop", "alter", "lock", "fetch", "close", "execute", "deallocate": return running(try expression(nodes))
    case "select", "with": return running(try query(nodes))
    case "" where nodes.first?.parentheses != nil: return running(try query(nodes))
    case "do", "load", "listen", "notify", "cluster", "reindex", "checkpoint", "import", "security":
      throw .refusal("syntax error at or near \"\(nodes[0].firstToken.text)\"", at: nodes.first, sqlState: "42601")
    default: throw .syntax(at: nodes.first)
    }
  }

  /// `PREPARE name (types) AS statement`.
  private mutating func prepare(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    guard let start = nodes.firstIndex(where: { $0.isWord("as") }), start > 1, start + 1 < nodes.count else { throw .syntax(at: nodes.last) }
    var head = Array(nodes[..<start])
    if let types = head[head.count - 1].parentheses {
      var parts: [[Node]] = []
      for part in types.splitAtCommas() {
        var type: [Node] = []
        let end = try castType(part, from: 0, into: &type)
        parts.append(type + part[end...])
      }
      head[head.count - 1] = .parenthesized(Self.joined(parts))
    }
    isPrepared = true
    defer { isPrepared = false }
    return head + [nodes[start]] + (try statementBody(Array(nodes[(start + 1)...])))
  }

  /// The statement behind EXPLAIN.
  private mutating func statementBody(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    switch nodes.first?.word ?? "" {
    case "verbose": return [nodes[0]] + (try statementBody(Array(nodes.dropFirst())))
    case "analyze": throw .syntax(at: nodes[0])
    case "select", "with": return try query(nodes)
    case "delete": return try delete(nodes)
    case "insert": return try insert(nodes)
    default: return try expression(nodes)
    }
  }

  private mutating func create(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    var index = 1
    while index < nodes.count,
      ["or", "replace", "local", "temporary", "temp", "unique", "external", "materialized"].contains(nodes[index].word)
    {
      index += 1
    }
    let modifiers = Set(nodes[1..<index].map(\.word))
    guard index < nodes.count else { throw .syntax(at: nil) }
    switch nodes[index].word {
    case "table":
      if modifiers.contains("external") { throw .unsupported("CREATE EXTERNAL TABLE", at: nodes[index]) }
      return try createTable(nodes, at: index, isTemporary: modifiers.contains("temp") || modifiers.contains("temporary"))
    case "view": return try createView(nodes, at: index, isMaterialized: modifiers.contains("materialized"))
    case "function", "procedure": return try createRoutine(nodes, at: index)
    case "index": throw .refusal("SQL command \"CREATE INDEX\" not supported on Redshift tables.", at: nodes[index])
    case "schema":
      if modifiers.contains("external") { throw .unsupported("CREATE EXTERNAL SCHEMA", at: nodes[index]) }
      // AUTHORIZATION names the owner; QUOTA has no meaning here.
      var rest = nodes
      if let quota = rest.firstIndex(where: { $0.isWord("quota") }) { rest.removeSubrange(quota...) }
      return running(try expression(rest))
    case "database": return running(nodes)
    case "user", "role", "group":
      throw .unsupported("CREATE \(nodes[index].word.uppercased()) (a user is made when a request names it as DbUser)", at: nodes[index])
    case "sequence", "trigger", "rule", "domain", "type", "extension", "tablespace", "operator", "aggregate", "cast", "server", "policy":
      throw .refusal("CREATE \(nodes[index].word.uppercased()) is not supported on Redshift.", at: nodes[index])
    default: throw .syntax(at: nodes[index])
    }
  }

  private mutating func createView(_ nodes: [Node], at index: Int, isMaterialized: Bool) throws(TranslationStop) -> Translation {
    guard let asIndex = nodes.indices.first(where: { $0 > index && nodes[$0].isWord("as") }), asIndex + 1 < nodes.count else {
      throw .syntax(at: nodes.last)
    }
    var head = try expression(Array(nodes[..<asIndex]))
    if isMaterialized {
      // BACKUP, DISTSTYLE, SORTKEY, AUTO REFRESH stand before AS.
      let attributes = Array(nodes[(index + 1)..<asIndex])
      let nameEnd = tableName(attributes, from: 0)
      _ = try TableAttributes(parsing: Array(attributes[nameEnd...]))
      head = try expression(Array(nodes[..<(index + 1 + nameEnd)]))
    }
    var body = Array(nodes[(asIndex + 1)...])
    if body.count > 4, body[body.count - 4].isWord("with"), body[body.count - 3].isWord("no"), body[body.count - 2].isWord("schema"),
      body[body.count - 1].isWord("binding")
    {
      body.removeLast(4)
      requiresSchemas = true
      defer { requiresSchemas = false }
      let text = Node.quoted((try query(body)).sql)
      let name = Array(nodes[(index + 1)..<asIndex])
      return Translation(
        sql: "call \(Self.schema).create_late_view(\(Node.quoted(name.sql)), \(text), \(Node.quoted(Array(nodes[(asIndex + 1)...]).trimmedSQL)))")
    }
    let nameEnd = tableName(nodes, from: index + 1)
    let name = (try expression(Array(nodes[(index + 1)..<nameEnd]))).sql
    followUps.append("select \(Self.schema).remember_source(to_regclass(\(Node.quoted(name))), \(Node.quoted(body.trimmedSQL)))")
    return running(head + [nodes[asIndex]] + (try query(body)))
  }

  private mutating func dropView(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    let start = nodes.count > 3 && nodes[2].isWord("if") ? 4 : 2
    let end = tableName(nodes, from: start)
    let names = end > start ? nodes[start..<end].compactMap(\.name) : []
    let name = names.count == 2 && names[0] == "public" ? names[1] : names.joined(separator: ".")
    guard lateViews[name] != nil else { return running(try expression(nodes)) }
    return Translation(sql: "call \(Self.schema).drop_late_view(\(Node.quoted(name)))")
  }

  private mutating func analyze(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    if nodes.count > 1, nodes[1].isWord("compression") { throw .unsupported("ANALYZE COMPRESSION", at: nodes[1]) }
    var rest = nodes
    if rest.count > 1, rest[1].isWord("verbose") { rest.remove(at: 1) }
    let end = tableName(rest, from: 1)
    let columns = end < rest.count && rest[end].parentheses != nil ? end + 1 : end
    return running(try expression(Array(rest[..<columns])))
  }

  /// Settings that PostgreSQL has with the same meaning.
  private static let sharedSettings: Set<String> = [
    "statement_timeout", "timezone", "datestyle", "client_encoding", "extra_float_digits", "session", "local", "transaction", "seed",
    "time",
    "application_name", "intervalstyle",
  ]

  private mutating func set(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    var index = 1
    if index + 1 < nodes.count, nodes[index].isWord("session") || nodes[index].isWord("local"), !nodes[index + 1].isWord("authorization"),
      !nodes[index + 1].isWord("characteristics")
    {
      index += 1
    }
    guard index < nodes.count else { throw .syntax(at: nil) }
    if nodes[index].isWord("search_path") { return running(nodes + [.text(", \(Self.schema)")]) }
    if nodes[index].isWord("enable_case_sensitive_identifier"), let value = nodes.last, ["on", "true", "1"].contains(value.firstToken.key) {
      throw .unsupported("case-sensitive identifiers", at: nodes[index])
    }
    return setting(nodes, at: index)
  }

  private mutating func show(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    let word = nodes.count > 1 ? nodes[1].word : ""
    switch word {
    case "search_path": return Translation(sql: "select \(Self.schema).search_path() as search_path")
    case "tables", "schemas", "databases", "columns", "table", "view", "procedure", "procedures", "functions": return try showObjects(nodes)
    case "external", "grants", "model", "datashares", "parameters", "column", "row", "masking", "constraints":
      throw .unsupported("SHOW \(word.uppercased())", at: nodes[1])
    case "all":
      return Translation(
        sql: "select name, setting from \(Self.schema).settings() as s(name, setting) order by name")
    default:
      guard nodes.count == 2, nodes[1].token?.kind == .word, !Self.sharedSettings.contains(word) else { return setting(nodes, at: 1) }
      return Translation(sql: "select \(Self.schema).shown_setting(\(Node.quoted(word))) as \"\(word)\"")
    }
  }

  /// A setting that PostgreSQL does not know is kept under a prefix of its own.
  private func setting(_ nodes: [Node], at index: Int) -> Translation {
    guard index < nodes.count, nodes[index].token?.kind == .word, !Self.sharedSettings.contains(nodes[index].word),
      nodes[index].word != "all",
      nodes[index].word != "search_path", !(index + 1 < nodes.count && nodes[index + 1].isSymbol("."))
    else { return running(nodes) }
    var rest = nodes
    rest[index] = .text("redshift.\(nodes[index].word)")
    return running(rest)
  }

  /// `DELETE t` is `DELETE FROM t`.
  private mutating func delete(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    var rest = nodes
    if rest.count > 1, !rest[1].isWord("from") { rest.insert(.text("from"), at: 1) }
    try refuseReturning(nodes)
    return try expression(rest)
  }

  func refuseReturning(_ nodes: [Node]) throws(TranslationStop) {
    if !isInRoutine, let node = nodes.first(where: { $0.isWord("returning") }) {
      throw .refusal("syntax error at or near \"\(node.firstToken.text)\"", at: node, sqlState: "42601")
    }
  }

  private mutating func merge(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    guard let last = nodes.last, last.isWord("duplicates"), nodes[nodes.count - 2].isWord("remove") else {
      if let place = nodes.indices.first(where: { $0 > 0 && nodes[$0].isWord("and") && nodes[$0 - 1].isWord("matched") }) { throw .syntax(at: nodes[place]) }
      if let nothing = nodes.first(where: { $0.isWord("nothing") }) { throw .syntax(at: nothing) }
      return try expression(nodes)
    }
    guard nodes.count > 6, nodes[1].isWord("into"), let using = nodes.firstIndex(where: { $0.isWord("using") }),
      let on = nodes.lastIndex(where: { $0.isWord("on") }), on > using
    else { throw .syntax(at: last) }
    // Rows that match go, all rows of the source come.
    let target = try expression(Array(nodes[2..<tableName(nodes, from: 2)]))
    let aliased = try expression(Array(nodes[2..<using]))
    scopes.append(Set([nodes[tableName(nodes, from: 2) - 1].name, nodes[using - 1].name].compactMap { $0 }))
    defer { scopes.removeLast() }
    let source = try fromClause([.text("")] + nodes[(using + 1)..<on])
    let condition = try expression(Array(nodes[(on + 1)..<(nodes.count - 2)]))
    var output: [Node] = [.text("with sfn_removed as (delete from")] + aliased + [.text("using")] + source + [.text("where")]
    output += condition + [.text(") insert into")] + target + [.text("select * from")] + source
    return output
  }

  /// The index behind a name such as `public.orders`.
  func tableName(_ nodes: [Node], from start: Int) -> Int {
    var index = start
    guard index < nodes.count, nodes[index].name != nil else { return index }
    index += 1
    while index + 1 < nodes.count, nodes[index].isSymbol("."), nodes[index + 1].name != nil { index += 2 }
    return index
  }
}

extension [Node] {
  /// The text without the blanks and comments before it.
  var trimmedSQL: String {
    guard let first = first?.firstToken else { return "" }
    return String(sql.dropFirst(first.leading.count))
  }
}

extension Node {
  /// A literal with doubled quotes and backslashes.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for character in text.unicodeScalars {
      if character == "'" || character == "\\" { result.unicodeScalars.append(character) }
      result.unicodeScalars.append(character)
    }
    return result + "'"
  }
}

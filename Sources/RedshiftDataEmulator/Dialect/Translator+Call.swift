extension Translator {
  /// `CALL`: OUT arguments are not passed on Redshift, but PostgreSQL wants a place for each.
  mutating func call(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    let end = tableName(nodes, from: 1)
    guard end > 1, end < nodes.count, let arguments = nodes[end].parentheses else { throw .syntax(at: nodes.last) }
    let name = try expression(Array(nodes[1..<end])).sql
    var texts: [String] = []
    for argument in arguments.splitAtCommas() { texts.append(try inner(argument).sql) }
    // The modes of the procedure's arguments, of those that take as many as are given: i in, o out, b both.
    let modes = try answer(
      .rows(of: "select \(Self.schema).argument_modes(\(Node.quoted(name.filter { $0 != " " })), \(texts.count))"))
    if let modes = modes.first {
      var given = texts[...]
      texts = modes.map { $0 == "o" ? "null" : given.popFirst() ?? "null" }
    }
    return Translation(sql: "call\(name)(\(texts.joined(separator: ", ")))")
  }
}

extension Translator {
  /// `INSERT` of rows or of a query.
  mutating func insert(_ nodes: [Node]) throws(TranslationStop) -> [Node] {
    try refuseReturning(nodes)
    if let index = nodes.indices.first(where: { nodes[$0].isWord("on") && $0 + 1 < nodes.count && nodes[$0 + 1].isWord("conflict") }) {
      throw .refusal("syntax error at or near \"\(nodes[index].firstToken.text)\"", at: nodes[index], sqlState: "42601")
    }
    guard let start = nodes.firstIndex(where: { $0.isWord("select") || $0.isWord("with") || $0.isWord("values") }) else {
      return try expression(nodes)
    }
    let head = try expression(Array(nodes[..<start]))
    let body = try insertingTexts(Array(nodes[start...]), head: nodes[..<start])
    return head + (nodes[start].isWord("values") ? try expression(body) : try query(body))
  }

  /// A literal for a column of SUPER is a text, not the text of a document: it needs its type, since PostgreSQL takes it as the column's.
  private func insertingTexts(_ body: [Node], head: ArraySlice<Node>) throws(TranslationStop) -> [Node] {
    func isText(_ value: [Node]) -> Bool { value.count == 1 && value[0].token?.kind == .string }
    guard !isInRoutine, body.first?.isWord("values") == true,
      body.contains(where: { $0.parentheses?.splitAtCommas().contains(where: isText) ?? false })
    else { return body }
    let nameEnd = tableName(Array(head), from: 2)
    guard nameEnd > 2, nameEnd <= head.count else { return body }
    let table = head[2..<nameEnd].compactMap(\.name).map { "\"\($0)\"" }.joined(separator: ".")
    let answer = try answer(
      .rows(
        of: "select attnum || ' ' || attname from (select row_number() over (order by attnum) - 1 as attnum, attname, atttypid from pg_catalog.pg_attribute "
          + "where attrelid = pg_catalog.to_regclass(\(Node.quoted(table))) and attnum > 0 and not attisdropped) as a where atttypid = 'jsonb'::regtype"))
    guard !answer.isEmpty else { return body }
    let documents: [(place: Int, name: String)] = answer.compactMap { line in
      guard let space = line.firstIndex(of: " "), let place = Int(line[..<space]) else { return nil }
      return (place, String(line[line.index(after: space)...]))
    }
    var places = Set(documents.map(\.place))
    if nameEnd < head.count, let named = head[nameEnd].parentheses {
      let columns = named.splitAtCommas().map { $0.first?.name }
      places = Set(columns.indices.filter { index in documents.contains { $0.name == columns[index] } })
    }
    return body.map { row in
      guard case .group(var group) = row else { return row }
      group.children = Self.joined(group.children.splitAtCommas().enumerated().map { place, value in
        places.contains(place) && isText(value) ? value + [.text("::varchar")] : value
      })
      return .group(group)
    }
  }
}

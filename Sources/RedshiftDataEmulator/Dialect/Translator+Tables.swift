extension Translator {
  mutating func createTable(_ nodes: [Node], at tableIndex: Int, isTemporary: Bool) throws(TranslationStop) -> Translation {
    var index = tableIndex + 1
    var head = Array(nodes[...tableIndex])
    if index + 2 < nodes.count, nodes[index].isWord("if") {
      head += nodes[index..<(index + 3)]
      index += 3
    }
    let nameEnd = tableName(nodes, from: index)
    guard nameEnd > index else { throw .syntax(at: nodes.indices.contains(index) ? nodes[index] : nil) }
    let name = try expression(Array(nodes[index..<nameEnd]))
    if !isTemporary, nodes[nameEnd - 1].name?.first == "#" { head.insert(.text("temporary"), at: tableIndex) }
    head += name
    index = nameEnd

    let asIndex = nodes.indices.first { $0 >= index && nodes[$0].isWord("as") }
    var attributes: TableAttributes
    var output = head
    if index < nodes.count, case .group(var group) = nodes[index], group.open.text == "(" {
      attributes = try TableAttributes(parsing: Array(nodes[(index + 1)..<(asIndex ?? nodes.count)]))
      if asIndex == nil { group.children = try tableElements(group.children, &attributes) }
      output.append(.group(group))
    } else {
      guard let asIndex else { throw .syntax(at: nodes.indices.contains(index) ? nodes[index] : nil) }
      attributes = try TableAttributes(parsing: Array(nodes[index..<asIndex]))
    }
    if let asIndex {
      output.append(nodes[asIndex])
      let body = Array(nodes[(asIndex + 1)...])
      output += try query(body.count == 1 ? body[0].parentheses ?? body : body)
    }
    followUps.append(attributes.statement("remember_table", of: name.sql))
    return running(output)
  }

  /// Columns, table constraints and LIKE clauses between the brackets of CREATE TABLE.
  private mutating func tableElements(_ nodes: [Node], _ attributes: inout TableAttributes) throws(TranslationStop) -> [Node] {
    var kept: [(name: String?, nodes: [Node])] = []
    for element in nodes.splitAtCommas() {
      guard let first = element.first else { throw .syntax(at: nodes.first) }
      var rest = element[...]
      if first.isWord("constraint"), element.count > 2 { rest = element.dropFirst(2) }
      switch rest.first?.word ?? "" {
      case "primary":
        attributes.primaryKey += (rest.first { $0.parentheses != nil }?.parentheses ?? []).splitAtCommas().compactMap { $0.first?.name }
      case "unique" where rest.count > 1: break
      case "foreign": break
      case "check": throw .refusal("CHECK constraints are not supported on Redshift tables.", at: rest.first)
      case "exclude": throw .refusal("EXCLUDE constraints are not supported on Redshift tables.", at: rest.first)
      case "like": kept.append((nil, try like(element)))
      default: kept.append((first.name, try column(element, &attributes)))
      }
    }
    var output: [Node] = []
    for (name, nodes) in kept {
      if !output.isEmpty { output.append(.token(Token(.symbol, ","))) }
      output += nodes
      if let name, attributes.primaryKey.contains(name) { output.append(.text("not null")) }
    }
    return output
  }

  private mutating func like(_ element: [Node]) throws(TranslationStop) -> [Node] {
    let end = tableName(element, from: 1)
    let options = element[end...].map(\.word)
    guard options.isEmpty || options == ["including", "defaults"] || options == ["excluding", "defaults"] else {
      throw .syntax(at: element[end])
    }
    return try expression(Array(element[..<end]))
      + [.text(options.first == "including" ? "including constraints including defaults" : "including constraints")]
  }

  /// A column's definition. The layout goes to `attributes`; keys other than NOT NULL are not enforced, as on Redshift.
  mutating func column(_ element: [Node], _ attributes: inout TableAttributes) throws(TranslationStop) -> [Node] {
    guard let name = element.first?.name, element.count > 1 else { throw .syntax(at: element.first) }
    let (type, length, typeEnd) = try columnType(element, from: 1)
    var output = try expression([element[0]]) + type
    if let length {
      let quoted = "\"\(name)\""
      let bytes = length.isCharacter ? "coalesce(octet_length(rtrim(\(quoted)::text)), 0)" : "coalesce(octet_length(\(quoted)), 0)"
      let word = length.isCharacter ? "character" : "character varying"
      output.append(
        .text("constraint \"\(name)_bytes\" check (\(bytes) <= \(length.limit) or \(Self.schema).too_long('\(word)(\(length.limit))'))"))
    }
    var index = typeEnd
    while index < element.count {
      let node = element[index]
      let next = index + 1 < element.count ? element[index + 1] : nil
      switch node.word {
      case "encode":
        guard let next, next.token?.isName == true else { throw .syntax(at: next) }
        attributes.encodings[name] = next.firstToken.key
        index += 2
      case "distkey":
        attributes.distributionKey = name
        attributes.distributionStyle = attributes.distributionStyle ?? "KEY"
        index += 1
      case "sortkey":
        attributes.sortKeys.append(name)
        index += 1
      case "identity":
        guard let values = next?.parentheses else { throw .syntax(at: next) }
        output.append(try identity(values, "always", next))
        index += 2
      case "generated":
        guard index + 5 < element.count, element[index + 4].isWord("identity"), let values = element[index + 5].parentheses else {
          throw .syntax(at: next)
        }
        output.append(try identity(values, "by default", element[index + 5]))
        index += 6
      case "primary":
        attributes.primaryKey.append(name)
        index += 2
      case "unique": index += 1
      case "references":
        index = tableName(element, from: index + 1)
        if index < element.count, element[index].parentheses != nil { index += 1 }
        if index < element.count, element[index].isWord("on") { throw .syntax(at: element[index]) }
      case "collate":
        if let next, ["case_insensitive", "ci"].contains(next.word) { throw .unsupported("COLLATE CASE_INSENSITIVE", at: next) }
        index += 2
      case "check": throw .refusal("CHECK constraints are not supported on Redshift tables.", at: node)
      case "not", "null":
        output.append(node)
        index += 1
      case "default":
        var end = index + 1
        while end < element.count, !(end > index + 1 && Self.columnWords.contains(element[end].word)) { end += 1 }
        output += [node] + (try expression(Array(element[(index + 1)..<end])))
        index = end
      case "constraint": index += 2
      default: throw .syntax(at: node)
      }
    }
    return output
  }

  private static let columnWords: Set<String> = [
    "encode", "distkey", "sortkey", "identity", "generated", "primary", "unique", "references", "collate", "check", "not", "constraint",
  ]

  private func identity(_ values: [Node], _ kind: String, _ at: Node?) throws(TranslationStop) -> Node {
    let numbers = values.splitAtCommas().map { $0.sql }
    guard numbers.count == 2, let start = Int(numbers[0].filter { $0 != " " }), let step = Int(numbers[1].filter { $0 != " " }), step != 0
    else {
      throw .syntax(at: at)
    }
    let bound = step > 0 ? "minvalue \(min(start, 1))" : "maxvalue \(max(start, -1))"
    return .text("generated \(kind) as identity (start with \(start) increment by \(step) \(bound))")
  }

  mutating func alterTable(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    let nameEnd = tableName(nodes, from: 2)
    guard nameEnd > 2, nameEnd < nodes.count else { throw .syntax(at: nodes.last) }
    let head = try expression(Array(nodes[..<nameEnd]))
    let table = try expression(Array(nodes[2..<nameEnd])).sql
    let rest = Array(nodes[nameEnd...])
    let second = rest.count > 1 ? rest[1].word : ""
    switch (rest[0].word, second) {
    case ("alter", "diststyle"), ("alter", "distkey"), ("alter", "sortkey"), ("alter", "compound"), ("alter", "interleaved"):
      var attributes = TableAttributes()
      if second == "diststyle", rest.count > 3, rest[2].isWord("key") {
        attributes = try TableAttributes(parsing: Array(rest[3...]))
      } else {
        attributes = try TableAttributes(parsing: Array(rest[1...]))
      }
      return Translation(sql: attributes.statement("change_table", of: table), givesNoRows: true)
    case ("alter", "encode"): return Translation(action: .nothing)
    case ("alter", "column") where rest.count > 3 && rest[3].isWord("encode"): return Translation(action: .nothing)
    case ("alter", "column") where rest.count > 4 && rest[3].isWord("type"):
      guard let name = rest[2].name else { throw .syntax(at: rest[2]) }
      let (type, length, end) = try columnType(rest, from: 4)
      guard end == rest.count else { throw .syntax(at: rest[end]) }
      guard let length, !length.isCharacter else {
        throw .refusal("target data type \"\(rest[4].firstToken.text)\" is not supported", at: rest[4])
      }
      var output =
        head + [.text("drop constraint if exists \"\(name)_bytes\", alter column")] + (try expression([rest[2]])) + [.text("type")] + type
      output.append(
        .text(
          ", add constraint \"\(name)_bytes\" check (coalesce(octet_length(\"\(name)\"), 0) <= \(length.limit) or "
            + "\(Self.schema).too_long('character varying(\(length.limit))'))"))
      return running(output)
    case ("add", "primary"), ("add", "unique"), ("add", "foreign"): return Translation(action: .nothing)
    case ("add", "constraint"):
      if rest.count > 3, rest[3].isWord("check") { throw .refusal("CHECK constraints are not supported on Redshift tables.", at: rest[3]) }
      return Translation(action: .nothing)
    case ("add", _):
      var attributes = TableAttributes()
      let element = Array(rest[(second == "column" ? 2 : 1)...])
      return running(head + [rest[0], .text("column")] + (try column(element, &attributes)))
    case ("append", "from"): return try append(to: table, rest)
    case ("drop", "constraint"):
      // Keys are not enforced, so there is nothing to drop; our own checks stay.
      return Translation(action: .nothing)
    case ("rename", _), ("owner", "to"), ("drop", _), ("set", "schema"): return running(head + (try expression(rest)))
    case ("set", "table"), ("set", "location"), ("set", "file"), ("row", "level"), ("masking", _):
      throw .unsupported("ALTER TABLE … \(rest[0].word.uppercased()) \(second.uppercased())", at: rest[0])
    default: throw .syntax(at: rest.count > 3 && rest[0].isWord("alter") ? rest[3] : rest[0])
    }
  }

  /// `ALTER TABLE … APPEND FROM`: columns go by their names, and the source is empty then.
  private mutating func append(to table: String, _ rest: [Node]) throws(TranslationStop) -> Translation {
    let end = tableName(rest, from: 2)
    guard end > 2 else { throw .syntax(at: rest.last) }
    let source = try expression(Array(rest[2..<end])).sql
    let options = Set(rest[end...].map(\.word))
    guard options.isSubset(of: ["ignoreextra", "filltarget"]) else { throw .syntax(at: rest[end]) }
    let wanted = try answer(.columns(of: "select * from\(table)"))
    let given = try answer(.columns(of: "select * from\(source)"))
    // A table that is not there is named by the statement itself.
    guard !wanted.isEmpty, !given.isEmpty else { return Translation(sql: "insert into\(table) select * from\(source)") }
    let extra = given.filter { !wanted.contains($0) }
    if !extra.isEmpty, !options.contains("ignoreextra") {
      throw .refusal(
        "ALTER TABLE APPEND: column \"\(extra[0])\" of the source is not in the target; use IGNOREEXTRA to leave it out", at: rest[2],
        sqlState: "42804")
    }
    let missing = wanted.filter { !given.contains($0) }
    if !missing.isEmpty, !options.contains("filltarget") {
      throw .refusal(
        "ALTER TABLE APPEND: column \"\(missing[0])\" of the target is not in the source; use FILLTARGET to have its default", at: rest[2],
        sqlState: "42804")
    }
    let columns = wanted.filter { given.contains($0) }.map { "\"\($0)\"" }.joined(separator: ", ")
    followUps.append("delete from\(source)")
    return Translation(sql: "insert into\(table) (\(columns)) overriding system value select \(columns) from\(source)")
  }
}

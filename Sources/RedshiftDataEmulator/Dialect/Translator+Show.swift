/// `SHOW` of what a database holds. Source: Redshift's guide, "SHOW TABLES", "SHOW COLUMNS" and its like.
extension Translator {
  /// Most rows that a list may have.
  private static let mostRows = 10_000

  /// `SHOW TABLES FROM SCHEMA …`, `SHOW TABLE …` and their like.
  mutating func showObjects(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    switch nodes[1].word {
    case "table": return definition(of: try shown(nodes, from: 2), function: "table_definition", column: "Show Table DDL statement")
    case "view": return definition(of: try shown(nodes, from: 2), function: "view_definition", column: "Show View DDL statement")
    case "procedure":
      let end = tableName(nodes, from: 2)
      guard end > 2 else { throw .syntax(at: nodes.last) }
      let arguments = end < nodes.count ? nodes[end].parentheses?.splitAtCommas().count : nil
      let name = nodes[2..<end].compactMap(\.name).joined(separator: ".")
      return Translation(
        sql: "select \(Self.schema).routine_definition(\(Node.quoted(name)), \(arguments.map { "\($0)" } ?? "null")) as \"Show Stored Procedure Definition\"")
    default: return try list(nodes)
    }
  }

  private func shown(_ nodes: [Node], from start: Int) throws(TranslationStop) -> String {
    let end = tableName(nodes, from: start)
    guard end > start, end == nodes.count else { throw .syntax(at: end < nodes.count ? nodes[end] : nil) }
    // A database's name may stand before the schema's.
    return nodes[start..<end].compactMap(\.name).suffix(2).map { "\"\($0)\"" }.joined(separator: ".")
  }

  private func definition(of name: String, function: String, column: String) -> Translation {
    Translation(sql: "select \(Self.schema).\(function)(\(Node.quoted(name))) as \"\(column)\"")
  }

  private struct List {
    /// The words between `SHOW … ` and the name.
    var words: [String]
    var columns: String
    var source: String
    /// The column that LIKE filters.
    var filtered: String
    /// The columns that the parts of the name are, the last one first.
    var scope: [String]
  }

  private static let lists: [String: List] = [
    "databases": List(
      words: [],
      columns: "database_name, database_owner, database_type, database_acl, database_options as parameters, 'Snapshot Isolation'::varchar as database_isolation_level",
      source: "svv_redshift_databases", filtered: "database_name", scope: []),
    "schemas": List(
      words: ["from", "database"],
      columns: "database_name, schema_name, schema_owner, schema_type, schema_acl, null::varchar as source_database, schema_option",
      source: "svv_redshift_schemas", filtered: "schema_name", scope: ["database_name"]),
    "tables": List(
      words: ["from", "schema"],
      columns: """
        database_name, schema_name, table_name, table_type, table_acl, remarks, owner, null::timestamp as last_altered_time,
        null::timestamp as last_modified_time, dist_style, table_subtype
        """,
      source: "shown_tables", filtered: "table_name", scope: ["schema_name", "database_name"]),
    "columns": List(
      words: ["from", "table"],
      columns: """
        database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type,
        character_maximum_length, numeric_precision, numeric_scale, remarks
        """,
      source: "svv_redshift_columns", filtered: "column_name", scope: ["table_name", "schema_name", "database_name"]),
    "procedures": List(
      words: ["from", "schema"],
      columns: "database_name, schema_name, procedure_name, number_of_arguments, argument_list, return_type, remarks", source: "shown_procedures",
      filtered: "procedure_name", scope: ["schema_name", "database_name"]),
    "functions": List(
      words: ["from", "schema"],
      columns: "database_name, schema_name, function_name, number_of_arguments, argument_list, return_type, remarks", source: "shown_functions",
      filtered: "function_name", scope: ["schema_name", "database_name"]),
  ]

  /// `SHOW … FROM … name [LIKE 'pattern'] [LIMIT number]`.
  private func list(_ nodes: [Node]) throws(TranslationStop) -> Translation {
    guard let list = Self.lists[nodes[1].word] else { throw .syntax(at: nodes[1]) }
    var index = 2
    var conditions: [String] = []
    if !list.words.isEmpty {
      for word in list.words {
        guard index < nodes.count, nodes[index].isWord(word) else { throw .syntax(at: index < nodes.count ? nodes[index] : nil) }
        index += 1
      }
      let end = tableName(nodes, from: index)
      let names = nodes[index..<end].compactMap(\.name)
      guard !names.isEmpty, names.count <= list.scope.count else { throw .syntax(at: index < nodes.count ? nodes[index] : nil) }
      for (column, name) in zip(list.scope, names.reversed()) { conditions.append("\(column) = \(Node.quoted(name))") }
      index = end
    }
    if index + 1 < nodes.count, nodes[index].isWord("like"), let pattern = nodes[index + 1].token, pattern.kind == .string {
      conditions.append("\(list.filtered) like \(Node.quoted(pattern.literal))")
      index += 2
    }
    var limit = Self.mostRows
    if index + 1 < nodes.count, nodes[index].isWord("limit"), let number = Int(nodes[index + 1].firstToken.text), 0...limit ~= number {
      limit = number
      index += 2
    }
    guard index == nodes.count else { throw .syntax(at: nodes[index]) }
    let filter = conditions.isEmpty ? "" : " where \(conditions.joined(separator: " and "))"
    let order = nodes[1].isWord("columns") ? "ordinal_position" : list.filtered
    return Translation(sql: "select \(list.columns) from \(Self.schema).\(list.source)\(filter) order by \(order) limit \(limit)")
  }
}

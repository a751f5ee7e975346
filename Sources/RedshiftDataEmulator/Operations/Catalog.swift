import AWSJSONServer
import JSONTypes

/// Databases, schemas, tables and columns, read from PostgreSQL's catalogue.
extension RedshiftDataService {
  /// Schemas that are not the user's.
  private static let hidden = "('\(Translator.schema)', 'pg_toast')"

  func listDatabases(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let rows = try await rows(
      members, databaseKey: "Database",
      "select datname from pg_catalog.pg_database where not datistemplate and datname <> 'postgres' order by datname", [])
    let page = try page(members, rows)
    return page.object("Databases", page.rows.map { .string($0[0] ?? "") })
  }

  func listSchemas(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let rows = try await rows(
      members, databaseKey: "ConnectedDatabase",
      "select nspname from pg_catalog.pg_namespace where nspname not in \(Self.hidden) and nspname not like E'pg\\\\_temp%' "
        + "and nspname not like E'pg\\\\_toast%' and nspname like $1 order by nspname", [try members.string("SchemaPattern") ?? "%"])
    let page = try page(members, rows)
    return page.object("Schemas", page.rows.map { .string($0[0] ?? "") })
  }

  func listTables(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let rows = try await rows(
      members, databaseKey: "ConnectedDatabase",
      "select c.relname, n.nspname, case when c.relkind in ('v', 'm') then case when n.nspname in ('pg_catalog', 'information_schema') then 'SYSTEM VIEW' "
        + "else 'VIEW' end when n.nspname in ('pg_catalog', 'information_schema') then 'SYSTEM TABLE' else 'TABLE' end "
        + "from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
        + "where c.relkind in ('r', 'v', 'm', 'p') and n.nspname not in \(Self.hidden) and n.nspname not like E'pg\\\\_temp%' "
        + "and n.nspname like $1 and c.relname like $2 order by n.nspname, c.relname",
      [try members.string("SchemaPattern") ?? "%", try members.string("TablePattern") ?? "%"])
    let page = try page(members, rows)
    return page.object(
      "Tables", page.rows.map { ["name": .string($0[0] ?? ""), "schema": .string($0[1] ?? ""), "type": .string($0[2] ?? "")] })
  }

  func describeTable(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let table = try members.string("Table") ?? ""
    let rows = try await rows(
      members, databaseKey: "ConnectedDatabase",
      "select a.attname, a.atttypid, a.atttypmod, a.attnotnull, n.nspname, c.relname, pg_catalog.pg_get_expr(d.adbin, d.adrelid) "
        + "from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid "
        + "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
        + "left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum "
        + "where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'm', 'p') and n.nspname <> '\(Translator.schema)' "
        + "and ($1 = '' or c.relname = $1) and ($2 = '' or n.nspname = $2) and n.nspname not like E'pg\\\\_toast%' "
        + "and ($1 <> '' or n.nspname not in ('pg_catalog', 'information_schema')) order by n.nspname, c.relname, a.attnum",
      [table, try members.string("Schema") ?? ""])
    guard !rows.isEmpty || table.isEmpty else {
      throw AWSJSONError("ResourceNotFoundException", "Table \"\(table)\" does not exist.", members: ["ResourceId": .string(table)])
    }
    let page = try page(members, rows)
    let columns = page.rows.map { row -> JSONValue in
      let column = PostgresColumn(
        name: row[0] ?? "", type: UInt32(row[1] ?? "") ?? 0, modifier: Int(row[2] ?? "") ?? -1, table: 0, tableColumn: 0)
      let origin = FieldCoding.Origin(schema: row[4] ?? "", table: row[5] ?? "", isNotNull: row[3] == "t")
      guard case .object(var object) = FieldCoding.metadata(column, origin) else { return .null }
      object["columnDefault"] = row[6].map { .string($0) }
      object["length"] = object["precision"]
      return .object(object)
    }
    var result = page.object("ColumnList", columns)
    if case .object(var object) = result {
      if !table.isEmpty { object["TableName"] = .string(table) }
      result = .object(object)
    }
    return result
  }

  private func rows(_ members: RequestMembers, databaseKey: String, _ sql: String, _ parameters: [String]) async throws(AWSJSONError)
    -> [[String?]]
  {
    let target = try target(members, databaseKey: databaseKey)
    let limit = try members.integer("MaxResults") ?? 1000
    try RequestLimits.check((0...1000).contains(limit), "MaxResults must be 0 to 1000.")
    do throws(PostgresError) {
      let session = try await open(target)
      let rows = try await session.connection.rows(sql, parameters)
      await giveBack(session)
      return rows
    } catch {
      throw error.severity == "FATAL"
        ? AWSJSONError("DatabaseConnectionException", "\(error.severity): \(error.message)", status: 500)
        : .validation(StatementRunner.text(of: error))
    }
  }

  private struct Page {
    var rows: [[String?]]
    var next: String?

    func object(_ key: String, _ items: [JSONValue]) -> JSONValue {
      var object: JSONObject = [key: .array(items)]
      if let next { object["NextToken"] = .string(next) }
      return .object(object)
    }
  }

  private func page(_ members: RequestMembers, _ rows: [[String?]]) throws(AWSJSONError) -> Page {
    let asked = try members.integer("MaxResults") ?? 1000
    let limit = asked == 0 ? 1000 : asked
    var start = 0
    if let token = try members.string("NextToken") {
      guard token.hasPrefix("row-"), let number = Int(token.dropFirst(4)), (1...max(rows.count, 1)).contains(number) else {
        throw .validation("Invalid NextToken.")
      }
      start = number
    }
    let end = min(start + limit, rows.count)
    return Page(rows: Array(rows[min(start, end)..<end]), next: end < rows.count ? "row-\(end)" : nil)
  }
}

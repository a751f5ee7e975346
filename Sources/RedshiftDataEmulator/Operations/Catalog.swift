import AWSJSONServer
import JSONTypes

/// Databases, schemas, tables and columns, read from PostgreSQL's catalogue.
extension RedshiftDataService {
  /// Schemas that are not the user's.
  private static let hidden = "('\(Translator.schema)', 'pg_toast')"

  /// A late-binding view is no object of PostgreSQL's; its name is kept as `schema.view`, or `view` in the schema `public`.
  private static let lateViewName = "case when name like '%.%' then split_part(name, '.', 2) else name end"
  private static let lateViewSchema = "case when name like '%.%' then split_part(name, '.', 1) else 'public' end"

  func listDatabases(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let rows = try await rows(
      members, databaseKey: "Database", fallback: configuration.database,
      "select datname from pg_catalog.pg_database where not datistemplate and datname <> 'postgres' order by datname", [])
    let page = try page(members, rows, of: "ListDatabases")
    return page.object("Databases", page.rows.map { .string($0[0] ?? "") })
  }

  func listSchemas(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let rows = try await rows(
      members, databaseKey: "ConnectedDatabase",
      "select nspname from pg_catalog.pg_namespace where nspname not in \(Self.hidden) and nspname not like E'pg\\\\_temp%' "
        + "and nspname not like E'pg\\\\_toast%' and nspname like $1 order by nspname", [try members.string("SchemaPattern") ?? "%"])
    let page = try page(members, rows, of: "ListSchemas")
    return page.object("Schemas", page.rows.map { .string($0[0] ?? "") })
  }

  func listTables(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let rows = try await rows(
      members, databaseKey: "ConnectedDatabase",
      "select relname, nspname, type from (select c.relname::text, n.nspname::text, case when c.relkind in ('v', 'm') then case when n.nspname in ('pg_catalog', 'information_schema') then 'SYSTEM VIEW' "
        + "else 'VIEW' end when n.nspname in ('pg_catalog', 'information_schema') then 'SYSTEM TABLE' else 'TABLE' end as type "
        + "from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
        + "where c.relkind in ('r', 'v', 'm', 'p') and n.nspname not in \(Self.hidden) and n.nspname not like E'pg\\\\_temp%' "
        + "union all select \(Self.lateViewName), \(Self.lateViewSchema), 'VIEW' from \(Translator.schema).late_views) as found "
        + "where nspname like $1 and relname like $2 order by nspname, relname",
      [try members.string("SchemaPattern") ?? "%", try members.string("TablePattern") ?? "%"])
    let page = try page(members, rows, of: "ListTables")
    return page.object(
      "Tables", page.rows.map { ["name": .string($0[0] ?? ""), "schema": .string($0[1] ?? ""), "type": .string($0[2] ?? "")] })
  }

  func describeTable(_ members: RequestMembers) async throws(AWSJSONError) -> JSONValue {
    let table = try members.string("Table") ?? ""
    let schema = try members.string("Schema") ?? ""
    let rows = try await rows(
      members, databaseKey: "ConnectedDatabase",
      "select a.attname, a.atttypid, a.atttypmod, a.attnotnull, n.nspname, c.relname, pg_catalog.pg_get_expr(d.adbin, d.adrelid) "
        + "from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid "
        + "join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
        + "left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum "
        + "where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'm', 'p') and n.nspname <> '\(Translator.schema)' "
        + "and ($1 = '' or c.relname = $1) and ($2 = '' or n.nspname = $2) and n.nspname not like E'pg\\\\_toast%' "
        + "and ($1 <> '' or n.nspname not in ('pg_catalog', 'information_schema')) order by n.nspname, c.relname, a.attnum",
      [table, schema])
    var columns = rows.map { row in
      Self.column(
        name: row[0] ?? "", type: UInt32(row[1] ?? "") ?? 0, modifier: Int(row[2] ?? "") ?? -1,
        FieldCoding.Origin(schema: row[4] ?? "", table: row[5] ?? "", isNotNull: row[3] == "t"), defaultValue: row[6])
    }
    if columns.isEmpty, !table.isEmpty { columns = try await lateViewColumns(members, schema: schema, view: table) }
    guard !columns.isEmpty || table.isEmpty else {
      throw AWSJSONError("ResourceNotFoundException", "Table \"\(table)\" does not exist.", members: ["ResourceId": .string(table)])
    }
    let page = try page(members, columns, of: "DescribeTable")
    var result = page.object("ColumnList", page.rows)
    if case .object(var object) = result {
      if !table.isEmpty { object["TableName"] = .string(table) }
      result = .object(object)
    }
    return result
  }

  /// `ColumnMetadata` of a table's column: its length is said here, its default too.
  private static func column(name: String, type: UInt32, modifier: Int, _ origin: FieldCoding.Origin, defaultValue: String?) -> JSONValue {
    let column = PostgresColumn(name: name, type: type, modifier: modifier, table: 0, tableColumn: 0)
    guard case .object(var object) = FieldCoding.metadata(column, origin) else { return .null }
    object["columnDefault"] = defaultValue.map { .string($0) }
    object["length"] = object["precision"]
    return .object(object)
  }

  /// The columns that a late-binding view has now; none when there is no such view.
  private func lateViewColumns(_ members: RequestMembers, schema: String, view: String) async throws(AWSJSONError) -> [JSONValue] {
    let target = try target(members, databaseKey: "ConnectedDatabase")
    do throws(PostgresError) {
      let session = try await open(target)
      let found = try await session.connection.rows(
        "select \(Self.lateViewSchema), query from \(Translator.schema).late_views where \(Self.lateViewName) = $1 and ($2 = '' or \(Self.lateViewSchema) = $2)",
        [view, schema])
      var columns: [JSONValue] = []
      for row in found {
        let outcome = try await session.connection.run("select * from (\(row[1] ?? "")) as late limit 0", into: TextRows()).outcome
        columns += (outcome.columns ?? []).map {
          Self.column(name: $0.name, type: $0.type, modifier: $0.modifier, FieldCoding.Origin(schema: row[0] ?? "", table: view, isNotNull: false), defaultValue: nil)
        }
      }
      await giveBack(session)
      return columns
    } catch { throw .validation(StatementRunner.text(of: error)) }
  }

  private func rows(
    _ members: RequestMembers, databaseKey: String, fallback: String? = nil, _ sql: String, _ parameters: [String]
  ) async throws(AWSJSONError) -> [[String?]] {
    let target = try target(members, databaseKey: databaseKey, fallback: fallback)
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

  private struct Page<Row> {
    var rows: [Row]
    var next: String?

    func object(_ key: String, _ items: [JSONValue]) -> JSONValue {
      var object: JSONObject = [key: .array(items)]
      if let next { object["NextToken"] = .string(next) }
      return .object(object)
    }
  }

  private func page<Row>(_ members: RequestMembers, _ rows: [Row], of operation: String) throws(AWSJSONError) -> Page<Row> {
    let asked = try members.integer("MaxResults") ?? 1000
    let limit = asked == 0 ? 1000 : asked
    var start = 0
    if let token = try members.string("NextToken") {
      guard let number = PageToken.place(in: token, of: operation).flatMap({ Int($0) }) else { throw .validation("Invalid NextToken.") }
      // There may be fewer rows than there were.
      start = min(number, rows.count)
    }
    let end = min(start + limit, rows.count)
    return Page(rows: Array(rows[start..<end]), next: end < rows.count ? PageToken.text(String(end), of: operation) : nil)
  }
}

import JSONTypes

/// What the system tables keep of a COPY, in statements for the database.
struct LoadReport: Sendable {
  let command: CopyCommand
  let query: Int
  /// The process of the database that loads.
  let session: Int
  /// Seconds since 1970.
  let start: Double

  private var schema: String { Translator.schema }
  private var startText: String { "pg_catalog.to_timestamp(\(start))" }

  func kept(errors: [RowError], table: Int, files: [CopyLoader.LoadedFile]) -> String {
    errors.prefix(LoadLimits.keptErrors).map { row in
      let error = row.error
      let members: JSONValue = [
        "query": .int(Int64(query)), "session": .int(Int64(session)), "tbl": .int(Int64(table)), "filename": .string(files[row.file].url),
        "line": .int(Int64(row.line)), "colname": .string(error.column), "type": .string(error.type), "length": .string(error.length),
        "position": .int(Int64(error.position)), "raw": .string(row.raw), "value": .string(error.value.replacing("\0", with: "")),
        "code": .int(Int64(error.code)), "reason": .string(error.reason.replacing("\0", with: "")),
      ]
      return "select \(schema).keep_load_error(\(Node.quoted(members.jsonText)), \(startText));"
    }.joined()
  }

  func kept(replacements: [RowError], table: Int, files: [CopyLoader.LoadedFile]) -> String {
    replacements.map { row in
      let members: JSONValue = [
        "query": .int(Int64(query)), "session": .int(Int64(session)), "tbl": .int(Int64(table)), "filename": .string(files[row.file].url),
        "line": .int(Int64(row.line)), "colname": .string(row.error.column), "raw": .string(row.raw),
      ]
      return "select \(schema).keep_replacement(\(Node.quoted(members.jsonText)), \(startText));"
    }.joined()
  }

  /// - Parameter status: `completed` or `aborted`.
  func kept(files: [CopyLoader.LoadedFile], rows: Int, errors: Int, status: String) -> String {
    let list = JSONValue.array(
      files.map { ["name": .string($0.url), "bytes": .int(Int64($0.bytes)), "rows": .int(Int64($0.rows))] })
    let members: JSONValue = [
      "query": .int(Int64(query)), "session": .int(Int64(session)), "table": .string(command.tableName), "source": .string(command.source),
      "format": .string(command.formatName), "rows": .int(Int64(rows)), "errors": .int(Int64(errors)), "status": .string(status), "files": list,
    ]
    return "select \(schema).keep_load(\(Node.quoted(members.jsonText)), \(startText));"
  }
}

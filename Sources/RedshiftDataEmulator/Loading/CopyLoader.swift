import Gzip
import JSONTypes

/// Runs COPY: reads the objects, lays their rows out for PostgreSQL, and keeps what does not fit in `stl_load_errors`.
///
/// All rows go into a temporary table of texts first and are converted there in one statement. Only when that fails are they converted one by
/// one, to find those that do not fit.
struct CopyLoader: Sendable {
  /// Bytes of one object.
  static let objectSizeInBytes = 1 << 30

  struct Column: Sendable {
    var name: String
    var type: String
    var isText: Bool
    /// Bytes that a character column takes.
    var limit: Int?
    var isIdentity: Bool
    var isNotNull: Bool
    /// Redshift's short name of the type, such as `int4`.
    var shortType: String
  }

  struct Row: Sendable {
    var file: Int
    var line: Int
    var raw: String
    var fields: [String?]
    /// Why the row cannot be laid out.
    var problem: String?
  }

  let command: CopyCommand
  let connection: PostgresConnection
  let objects: ObjectFolder
  let apart: @Sendable (String) async -> Void

  /// Returns the rows loaded.
  func load() async throws(PostgresError) -> Int {
    let files = try sources()
    let columns = try await columns()
    var rows: [Row] = []
    for (number, file) in files.enumerated() {
      guard var bytes = Files.read(file.path, limit: Self.objectSizeInBytes + 1) else { throw Files.failure("read", file.path) }
      guard bytes.count <= Self.objectSizeInBytes else {
        throw PostgresError(sqlState: "54000", message: "\(file.url) is larger than \(Self.objectSizeInBytes) bytes")
      }
      if command.isGzip {
        do throws(GzipError) {
          bytes = try Gzip.decompress(bytes, maximumBytes: Self.objectSizeInBytes)
        } catch {
          throw PostgresError(sqlState: "22000", message: "\(file.url): \(error.message)")
        }
      }
      rows += try RowReader(command: command, columns: columns, objects: objects).rows(of: bytes, file: number)
    }
    if command.onlyChecks { try await connection.rows("savepoint sfn_copy_start") }
    try await stage(rows, columns)
    let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
    let insert = "insert into\(command.table) (\(names)) select "
    var errors = rows.enumerated().compactMap { index, row in row.problem.map { (row: index, error: LoadError(problem: $0)) } }
    var loaded = 0
    try await connection.rows("savepoint sfn_copy_rows")
    do throws(PostgresError) {
      let values = columns.indices.map { conversion(columns[$0], "c\($0)") }.joined(separator: ", ")
      loaded = try await connection.run("\(insert)\(values) from pg_temp.sfn_copy order by n", into: TextRows()).outcome.rows
    } catch {
      try await connection.rows("rollback to savepoint sfn_copy_rows")
      errors += try await oneByOne(insert, columns).map { found in
        (found.row, LoadError(fields: rows[found.row].fields, columns: columns, message: found.reason))
      }
      loaded = rows.count - errors.count
    }
    errors.sort { $0.row < $1.row }
    let reports = errors.prefix(1000).map { error in
      let row = rows[error.row]
      let found = error.error
      return "select \(Translator.schema).keep_load_error(\(Node.quoted(files[row.file].url)), \(row.line), \(Node.quoted(found.column)), "
        + "\(Node.quoted(found.type)), \(Node.quoted(row.raw)), \(Node.quoted(found.value)), \(found.code), \(Node.quoted(found.reason)))"
    }.joined(separator: ";")
    guard errors.count <= command.maximumErrors else {
      await apart(reports)
      throw PostgresError(
        sqlState: "XX000", message: "Load into table '\(command.tableName)' failed.  Check 'stl_load_errors' system table for details.")
    }
    if !reports.isEmpty { await apart(reports) }
    try await connection.rows("drop table pg_temp.sfn_copy")
    if command.onlyChecks {
      try await connection.rows("rollback to savepoint sfn_copy_start")
      return 0
    }
    for (number, file) in files.enumerated() {
      let lines = rows.reduce(0) { $0 + ($1.file == number ? 1 : 0) }
      try await connection.rows("select \(Translator.schema).keep_load(\(Node.quoted(file.url)), \(lines), '\(command.formatName)')")
    }
    try await connection.rows("select set_config('redshift.last_copy_count', '\(loaded)', false)")
    return loaded
  }

  /// The objects to load.
  private func sources() throws(PostgresError) -> [(path: String, url: String)] {
    guard command.isManifest else {
      let found = try objects.objects(withPrefix: command.source)
      guard !found.isEmpty else {
        throw PostgresError(sqlState: "XX000", message: "The specified S3 prefix '\(command.source)' does not exist")
      }
      return found
    }
    let path = try objects.path(of: command.source)
    guard let text = Files.text(path), let entries = (try? JSONValue(parsing: text))?["entries"]?.asArray else {
      throw PostgresError(
        sqlState: "XX000", message: "Manifest file \(command.source) is not readable: expected an object with \"entries\"")
    }
    var found: [(path: String, url: String)] = []
    for entry in entries {
      guard let url = entry["url"]?.asString else {
        throw PostgresError(sqlState: "XX000", message: "Manifest file \(command.source) has an entry without url")
      }
      let path = try objects.path(of: url)
      if Files.exists(path) {
        found.append((path, url))
      } else if entry["mandatory"] == true {
        throw PostgresError(sqlState: "XX000", message: "Problem reading manifest file: \(url) is mandatory but does not exist")
      }
    }
    return found
  }

  /// The columns to load, in the order of the fields.
  private func columns() async throws(PostgresError) -> [Column] {
    let rows = try await connection.rows(
      "select attname, format_type(atttypid, atttypmod), atttypid::int8, atttypmod, attidentity, attnotnull from pg_catalog.pg_attribute "
        + "where attrelid = \(Node.quoted(command.table.filter { $0 != " " }))::regclass and attnum > 0 and not attisdropped order by attnum"
    )
    let all = rows.map { row in
      let kind = FieldCoding.Kind(rawValue: UInt32(row[2] ?? "") ?? 0)
      let modifier = Int(row[3] ?? "") ?? -1
      let isText = kind?.isText ?? false
      return Column(
        name: row[0] ?? "", type: row[1] ?? "text", isText: isText, limit: isText && modifier > 4 ? modifier - 4 : nil,
        isIdentity: row[4] == "a", isNotNull: row[5] == "t", shortType: kind?.typeName ?? "")
    }
    guard let names = command.columns else { return all.filter { !$0.isIdentity || command.loadsIdentities } }
    var chosen: [Column] = []
    for name in names {
      guard let column = all.first(where: { $0.name == name }) else {
        throw PostgresError(sqlState: "42703", message: "column \"\(name)\" of relation \"\(command.tableName)\" does not exist")
      }
      chosen.append(column)
    }
    return chosen
  }

  private func stage(_ rows: [Row], _ columns: [Column]) async throws(PostgresError) {
    let definitions = columns.indices.map { ", c\($0) text" }.joined()
    try await connection.rows("create temp table sfn_copy (n bigint\(definitions)) on commit drop")
    var index = 0
    _ = try await connection.copy("copy pg_temp.sfn_copy from stdin") {
      guard index < rows.count else { return nil }
      var bytes: [UInt8] = []
      while index < rows.count, bytes.count < 65536 {
        if rows[index].problem == nil { Self.append(index, rows[index].fields, to: &bytes) }
        index += 1
      }
      return bytes
    }
  }

  /// A line of PostgreSQL's own text format.
  private static func append(_ number: Int, _ fields: [String?], to bytes: inout [UInt8]) {
    bytes += Array(String(number).utf8)
    for field in fields {
      bytes.append(0x09)
      guard let field else {
        bytes += [UInt8(ascii: "\\"), UInt8(ascii: "N")]
        continue
      }
      for byte in field.utf8 {
        switch byte {
        case UInt8(ascii: "\\"): bytes += [byte, byte]
        case 0x09: bytes += Array("\\t".utf8)
        case 0x0A: bytes += Array("\\n".utf8)
        case 0x0D: bytes += Array("\\r".utf8)
        default: bytes.append(byte)
        }
      }
    }
    bytes.append(0x0A)
  }

  private func conversion(_ column: Column, _ value: String) -> String {
    func timed(_ format: String?, _ function: String) -> String? {
      guard let format, format.lowercased() != "auto" else { return nil }
      switch format.lowercased() {
      case "epochsecs": return "(to_timestamp(\(value)::float8) at time zone 'UTC')::\(column.type)"
      case "epochmillisecs": return "(to_timestamp(\(value)::float8 / 1000) at time zone 'UTC')::\(column.type)"
      default: return "pg_catalog.\(function)(\(value), \(Node.quoted(format)))::\(column.type)"
      }
    }
    let converted: String
    if column.type == "date" {
      converted = timed(command.dateFormat, "to_date") ?? "\(value)::date"
    } else if column.type.hasPrefix("timestamp") {
      converted = timed(command.timeFormat, "to_timestamp") ?? "\(value)::\(column.type)"
    } else {
      // Without its length a text that is too long is an error, not cut off.
      return column.isText ? value : "\(value)::\(column.type)"
    }
    return converted
  }

  /// Converts row by row and tells which do not fit.
  private func oneByOne(_ insert: String, _ columns: [Column]) async throws(PostgresError) -> [(row: Int, reason: String)] {
    let values = columns.indices.map { conversion(columns[$0], "r.c\($0)") }.joined(separator: ", ")
    let block = """
      declare r record; begin for r in select * from pg_temp.sfn_copy order by n loop
      begin \(insert)\(values); exception when others then insert into pg_temp.sfn_copy_errors values (r.n, sqlerrm); end; end loop; end
      """
    try await connection.rows("create temp table sfn_copy_errors (n bigint, reason text) on commit drop")
    try await connection.rows("do \(Node.quoted(block))")
    let rows = try await connection.rows("select n, reason from pg_temp.sfn_copy_errors order by n")
    try await connection.rows("drop table pg_temp.sfn_copy_errors")
    return rows.compactMap { row in row[0].flatMap { Int($0) }.map { ($0, row[1] ?? "") } }
  }
}

import Gzip
import JSONTypes

/// Runs COPY: reads the objects, lays their rows out for PostgreSQL, and keeps what does not fit in `stl_load_errors`.
///
/// One object is in memory at a time. Its rows are checked, and go as texts into a temporary table; all are converted there in one statement.
/// Only when that fails are they converted one by one, to find those that do not fit.
struct CopyLoader: Sendable {
  let command: CopyCommand
  let connection: PostgresConnection
  let objects: StatementObjects
  /// The statement's number in the system tables.
  let query: Int
  let apart: @Sendable (String) async -> Void

  /// What became of an object.
  struct LoadedFile: Sendable {
    var url: String
    var bytes: Int
    var rows = 0
  }

  /// Returns the rows loaded.
  func load() async throws(PostgresError) -> Int {
    let start = Moment.now()
    let report = LoadReport(command: command, query: query, session: objects.control.backendPid, start: start)
    let sources = try await CopySources(command: command, objects: objects).sources()
    let (table, columns) = try await target()
    let paths = try await DocumentPaths(command: command, objects: objects).paths(for: columns)
    if case .fixedWidth(let widths) = command.format, widths.count != columns.count {
      throw PostgresError(
        sqlState: "42601", message: "FIXEDWIDTH names \(widths.count) columns, but \(columns.count) are loaded into \(command.tableName)")
    }
    if command.onlyChecks { try await connection.rows("savepoint sfn_copy_start") }
    try await connection.rows(
      "create temp table sfn_copy (n bigint, file int, line bigint, raw text\(columns.indices.map { ", c\($0) text" }.joined())) on commit drop")
    var staging = RowStaging(conversion: FieldConversion(command: command), columns: columns, control: objects.control)
    var files: [LoadedFile] = []
    for source in sources {
      let address = source.address
      let found: [UInt8]?
      if source.isMandatory {
        found = try await objects.read(address, region: command.region, maximumBytes: LoadLimits.objectBytes)
      } else {
        found = try await objects.readIfThere(address, region: command.region, maximumBytes: LoadLimits.objectBytes)
      }
      guard var bytes = found else { continue }
      files.append(LoadedFile(url: address.url, bytes: bytes.count))
      bytes = try decoded(bytes, of: address.url)
      staging.begin(try reader(of: bytes, columns, paths), file: files.count - 1)
      staging = try await connection.copy("copy pg_temp.sfn_copy from stdin", from: staging)
      files[files.count - 1].rows = staging.rowsOfFile
      if objects.control.isCancelled { throw StatementRunner.cancelled }
    }
    guard !files.isEmpty else {
      throw objects.failed("None of the files of the manifest exists", context: "S3 manifest being read : \(command.source)")
    }
    let staged = staging.count - staging.errorCount
    var loaded = 0
    var errors = staging.errors
    var errorCount = staging.errorCount
    if errorCount <= command.maximumErrors, staged > 0 {
      let found = try await convert(columns)
      errors += found.errors
      errorCount += found.count
      loaded = staged - found.count
    }
    errors.sort { ($0.file, $0.line) < ($1.file, $1.line) }
    let kept = report.kept(errors: errors, table: table, files: files) + report.kept(replacements: staging.replacements, table: table, files: files)
    guard errorCount <= command.maximumErrors else {
      await apart(kept + report.kept(files: files, rows: 0, errors: errorCount, status: "aborted"))
      throw PostgresError(
        sqlState: "XX000", message: "Load into table '\(command.tableName)' failed.  Check 'stl_load_errors' system table for details.")
    }
    if !kept.isEmpty { await apart(kept) }
    try await connection.rows("drop table pg_temp.sfn_copy")
    if command.onlyChecks {
      try await connection.rows("rollback to savepoint sfn_copy_start")
      return 0
    }
    try await connection.rows(
      report.kept(files: files, rows: loaded, errors: errorCount, status: "completed")
        + "select set_config('redshift.last_copy_count', '\(loaded)', false), set_config('redshift.last_copy_id', '\(query)', false)")
    return loaded
  }

  private func decoded(_ bytes: [UInt8], of url: String) throws(PostgresError) -> [UInt8] {
    var bytes = bytes
    if command.isGzip {
      do throws(GzipError) {
        bytes = try Gzip.decompress(bytes, maximumBytes: LoadLimits.objectBytes)
      } catch {
        throw PostgresError(sqlState: "22000", message: "\(url): \(error.message)")
      }
    }
    return try command.encoding.utf8(bytes, of: url)
  }

  private func reader(of bytes: [UInt8], _ columns: [LoadColumn], _ paths: [DocumentPath]?) throws(PostgresError) -> any RowReader {
    switch command.format {
    case .delimited, .csv: RecordReader(bytes, command: command, columns: columns)
    case .fixedWidth(let widths): FixedWidthReader(bytes, command: command, columns: columns, widths: widths)
    case .json: try DocumentReader(bytes, command: command, columns: columns, paths: paths)
    }
  }

  /// The table's number and the columns to load, in the order of the fields.
  private func target() async throws(PostgresError) -> (table: Int, columns: [LoadColumn]) {
    let rows = try await connection.rows(
      "select attname, format_type(atttypid, atttypmod), atttypid::int8, atttypmod, attidentity, attnotnull, attrelid::int8, relkind "
        + "from pg_catalog.pg_attribute join pg_catalog.pg_class c on c.oid = attrelid where attrelid = \(Node.quoted(command.table.filter { $0 != " " }))::regclass and attnum > 0 and not attisdropped order by attnum"
    )
    let all = rows.map { row in
      LoadColumn(
        name: row[0] ?? "", type: row[1] ?? "text", kind: FieldCoding.Kind(rawValue: UInt32(row[2] ?? "") ?? 0), modifier: Int(row[3] ?? "") ?? -1,
        isIdentity: row[4] == "a", isNotNull: row[5] == "t")
    }
    let table = Int(rows.first?[6] ?? "") ?? 0
    if rows.first?[7] != "r" { throw PostgresError(sqlState: "42809", message: "cannot copy to view \"\(command.tableName)\"") }
    guard let names = command.columns else { return (table, all.filter { !$0.isIdentity || command.loadsIdentities }) }
    var chosen: [LoadColumn] = []
    for name in names {
      guard let column = all.first(where: { $0.name == name }) else {
        throw PostgresError(sqlState: "42703", message: "column \"\(name)\" of relation \"\(command.tableName)\" does not exist")
      }
      guard !chosen.contains(where: { $0.name == name }) else {
        throw PostgresError(sqlState: "42701", message: "column \"\(name)\" specified more than once")
      }
      guard !column.isIdentity || command.loadsIdentities else {
        throw PostgresError(sqlState: "0A000", message: "cannot set an identity column to a value")
      }
      chosen.append(column)
    }
    return (table, chosen)
  }

  /// Puts the staged rows into the table; gives the number of those that the database refuses, and the first of them.
  private func convert(_ columns: [LoadColumn]) async throws(PostgresError) -> (count: Int, errors: [RowError]) {
    let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
    let overriding = columns.contains(where: \.isIdentity) ? " overriding system value" : ""
    let insert = "insert into\(command.table) (\(names))\(overriding) select "
    try await connection.rows("savepoint sfn_copy_rows")
    do throws(PostgresError) {
      let values = columns.indices.map { conversion(columns[$0], "c\($0)") }.joined(separator: ", ")
      _ = try await connection.run("\(insert)\(values) from pg_temp.sfn_copy order by n", into: TextRows())
      return (0, [])
    } catch {
      // Only what is wrong with data is a matter of rows.
      guard error.sqlState.hasPrefix("22") || error.sqlState.hasPrefix("23") else { throw error }
      try await connection.rows("rollback to savepoint sfn_copy_rows")
      return try await oneByOne(insert, columns)
    }
  }

  private func conversion(_ column: LoadColumn, _ value: String) -> String {
    let isTime = [.date, .timestamp, .timestamptz].contains(column.kind)
    let format = column.kind == .date ? command.dateFormat : command.timeFormat
    if isTime, format == .automatic, command.acceptsAnyDate {
      return "case when \(Translator.schema).can_cast(\(value), '\(column.type)') then \(Translator.schema).as_given(\(value))::\(column.type) end"
    }
    // Without its length a text that is too long is an error, not cut off.
    if column.isText { return value }
    switch column.kind {
    case .jsonb: return "\(Translator.schema).checked_json(\(value))"
    case .bytea: return "pg_catalog.decode(\(value), 'hex')"
    default: return "\(value)::\(column.type)"
    }
  }

  /// Converts row by row and tells which do not fit.
  private func oneByOne(_ insert: String, _ columns: [LoadColumn]) async throws(PostgresError) -> (count: Int, errors: [RowError]) {
    let values = columns.indices.map { conversion(columns[$0], "r.c\($0)") }.joined(separator: ", ")
    let block = """
      declare r record; begin for r in select * from pg_temp.sfn_copy order by n loop
      begin \(insert)\(values); exception when others then insert into pg_temp.sfn_copy_errors values (r.n, sqlerrm); end; end loop; end
      """
    try await connection.rows("create temp table sfn_copy_errors (n bigint, reason text) on commit drop")
    try await connection.rows("do \(Node.quoted(block))")
    let fields = columns.indices.map { ", c\($0)" }.joined()
    let count = Int(try await connection.rows("select count(*) from pg_temp.sfn_copy_errors").first?.first.flatMap { $0 } ?? "") ?? 0
    let rows = try await connection.rows(
      "select file, line, raw, reason\(fields) from pg_temp.sfn_copy_errors join pg_temp.sfn_copy using (n) order by n limit \(LoadLimits.keptErrors)")
    try await connection.rows("drop table pg_temp.sfn_copy_errors")
    let errors = rows.map { row in
      let message = row[3] ?? ""
      var error = LoadError(1200, message)
      // The database names the value, but not its column.
      for (column, value) in zip(columns, row[4...]) {
        guard let value, message.contains("\"\(value)\"") else { continue }
        let (code, reason) =
          switch column.kind {
          case .date: (1205, "Invalid date format or value")
          case .timestamp, .timestamptz: (1206, "Invalid timestamp format or value")
          default: (1200, message)
          }
        error = LoadError(code, reason, in: column, value: value)
        break
      }
      return RowError(file: Int(row[0] ?? "") ?? 0, line: Int(row[1] ?? "") ?? 0, raw: row[2] ?? "", error: error)
    }
    return (count, errors)
  }
}

/// A row that was not loaded, and why.
struct RowError: Sendable {
  /// The object's number among those of the COPY.
  var file: Int
  var line: Int
  var raw: String
  var error: LoadError
}

import Gzip
import JSONTypes

/// Runs UNLOAD: writes a query's rows to an object, `<prefix>000` with PARALLEL OFF, else `<prefix>0000_part_00`.
struct Unloader: Sendable {
  let command: UnloadCommand
  let connection: PostgresConnection
  let objects: ObjectFolder

  /// Returns the rows written.
  func unload() async throws(PostgresError) -> Int {
    let prefix = try objects.path(of: command.target)
    let existing = try objects.objects(withPrefix: command.target)
    if !existing.isEmpty {
      if command.cleansPath {
        for object in existing { Files.remove(object.path) }
      } else if !command.allowsOverwrite {
        throw PostgresError(
          sqlState: "XX000",
          message:
            "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option."
        )
      }
    }
    if let slash = prefix.lastIndex(of: "/") { try Files.makeFolder(String(prefix[..<slash])) }
    let (outcome, lines) = try await connection.run(command.query, into: UnloadedLines(command: command))
    guard outcome.columns != nil else { throw PostgresError(sqlState: "42601", message: "UNLOAD expects a query that returns rows") }
    let suffix = (command.isParallel ? "0000_part_00" : "000") + (command.fileExtension.map { ".\($0)" } ?? (command.isGzip ? ".gz" : ""))
    let text = command.isGzip ? Gzip.compress(lines.bytes) : lines.bytes
    try Files.write(text, to: prefix + suffix)
    if command.writesManifest {
      let url = command.target + suffix
      try Files.write(Array("{\"entries\":[{\"url\":\(Self.quoted(url))}]}".utf8), to: prefix + "manifest")
    }
    try await connection.rows(
      "select \(Translator.schema).keep_unload(\(Node.quoted(command.target + suffix)), \(outcome.rows), \(text.count), '\(command.isCSV ? "CSV" : command.isJSON ? "JSON" : "TEXT")')")
    return outcome.rows
  }

  private static func quoted(_ text: String) -> String { "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\"" }
}

/// Rows in UNLOAD's formats.
private struct UnloadedLines: RowSink {
  /// Bytes of one UNLOAD.
  static let limit = 1 << 30

  let command: UnloadCommand
  private(set) var bytes: [UInt8] = []

  private var delimiter: UInt8 { command.delimiter ?? (command.isCSV ? UInt8(ascii: ",") : UInt8(ascii: "|")) }

  init(command: UnloadCommand) { self.command = command }

  private var columns: [PostgresColumn] = []

  mutating func begin(_ columns: [PostgresColumn]) {
    bytes = []
    self.columns = columns
    if command.hasHeader, !command.isJSON { line(columns.map(\.name)) }
  }

  mutating func append(_ result: borrowing PQResult, row: Int) throws(PostgresError) {
    if command.isJSON {
      document(result, row)
    } else {
      line((0..<result.columnCount).map { FieldCoding.text(result, row: row, column: $0, columns[$0]) })
    }
    guard bytes.count <= Self.limit else { throw PostgresError(sqlState: "54000", message: "UNLOAD is larger than \(Self.limit) bytes") }
  }

  /// One object a line; NULL members are there.
  private mutating func document(_ result: borrowing PQResult, _ row: Int) {
    var object = JSONObject()
    for (index, column) in columns.enumerated() {
      guard let text = FieldCoding.text(result, row: row, column: index, column) else {
        object[column.name] = .null
        continue
      }
      switch FieldCoding.Kind(rawValue: column.type) {
      case .bool: object[column.name] = .bool(text == "t")
      case .jsonb: object[column.name] = (try? JSONValue(parsing: text)) ?? .string(text)
      case .some(let kind) where kind.isNumber: object[column.name] = (try? JSONValue(parsing: text)) ?? .string(text)
      default: object[column.name] = .string(text)
      }
    }
    bytes += JSONValue.object(object).jsonBytes + [0x0A]
  }

  private mutating func line(_ fields: [String?]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      guard let field else {
        bytes += Array((command.nullText ?? "").utf8)
        continue
      }
      let isQuoted = command.isCSV ? field.utf8.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D } : command.addsQuotes
      if isQuoted { bytes.append(0x22) }
      for byte in field.utf8 {
        if command.isCSV {
          if byte == 0x22 { bytes.append(byte) }
        } else if command.escapes, [delimiter, UInt8(ascii: "\\"), 0x0A, 0x0D, 0x22].contains(byte) {
          bytes.append(UInt8(ascii: "\\"))
        }
        bytes.append(byte)
      }
      if isQuoted { bytes.append(0x22) }
    }
    bytes.append(0x0A)
  }
}

import JSONTypes
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A result that was read to its end, in pages: a small one in memory, a larger one in a file.
struct StoredResult: Sendable {
  struct Page: Sendable {
    var offset: Int
    var length: Int
  }

  /// A result of up to this many bytes has no file.
  static let memoryLimitInBytes = 8 << 10

  /// The names of the columns and their `ColumnMetadata`.
  var columns: [PostgresColumn]
  var metadata: [JSONValue]
  var rows: Int
  var size: Int
  fileprivate(set) var pages: [Page] = []
  fileprivate(set) var memory: [UInt8] = []
  /// Nil when all is in memory.
  fileprivate(set) var path: String?

  /// The bytes of a page: rows as JSON arrays with commas between, or lines of CSV.
  func page(_ index: Int) throws(PostgresError) -> [UInt8] {
    guard pages.indices.contains(index) else { return [] }
    let page = pages[index]
    guard let path else { return Array(memory[page.offset..<(page.offset + page.length)]) }
    return try Files.read(path, at: page.offset, count: page.length)
  }

  /// Removes what it has on disk.
  func discard() { if let path { unlink(path) } }
}

extension StoredResult {
  /// For the log of statements.
  var logged: JSONValue {
    var object: JSONObject = [
      "names": .array(columns.map { .string($0.name) }), "metadata": .array(metadata), "rows": .int(Int64(rows)),
      "size": .int(Int64(size)), "pages": .array(pages.map { [.int(Int64($0.offset)), .int(Int64($0.length))] }),
    ]
    if let path { object["path"] = .string(path) } else { object["memory"] = .string(String(decoding: memory, as: UTF8.self)) }
    return .object(object)
  }

  init?(logged value: JSONValue) {
    guard let names = value["names"]?.asArray, let metadata = value["metadata"]?.asArray, let rows = value["rows"]?.asInt else { return nil }
    self.init(
      columns: names.map { PostgresColumn(name: $0.asString ?? "", type: 0, modifier: -1, table: 0, tableColumn: 0) }, metadata: metadata,
      rows: Int(rows), size: value["size"]?.asInt.map { Int($0) } ?? 0)
    pages = (value["pages"]?.asArray ?? []).map { Page(offset: Int($0[0]?.asInt ?? 0), length: Int($0[1]?.asInt ?? 0)) }
    memory = Array((value["memory"]?.asString ?? "").utf8)
    path = value["path"]?.asString
  }
}

extension StoredResult {
  /// A result of values that are at hand: one page.
  init(columns: [StatementScript.Column], rows: [[JSONValue]], format: ResultFormat) {
    let described = columns.map { PostgresColumn(name: $0.name, type: $0.kind.rawValue, modifier: -1, table: 0, tableColumn: 0) }
    self.init(columns: described, metadata: described.map { FieldCoding.metadata($0, nil) }, rows: rows.count, size: 0)
    var texts: [[String?]] = [described.map(\.name)]
    var records: [JSONValue] = []
    for row in rows {
      texts.append(row.map { $0.isNull ? nil : $0.asString ?? $0.jsonText })
      records.append(.array(row.map(Self.field)))
    }
    if format == .csv {
      for line in texts { memory += CSVLine.bytes(line) }
    } else {
      memory = Array(JSONValue.array(records).jsonBytes.dropFirst().dropLast())
    }
    size = memory.count
    if !memory.isEmpty { pages = [Page(offset: 0, length: memory.count)] }
  }

  private static func field(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null: ["isNull": true]
    case .bool: ["booleanValue": value]
    case .int: ["longValue": value]
    case .double: ["doubleValue": value]
    case .string: ["stringValue": value]
    default: ["stringValue": .string(value.jsonText)]
    }
  }
}

/// The file of a result while it is written; one that is not kept goes with its owner.
private final class SpoolFile: Sendable {
  let path: String
  private let descriptor: Int32
  private let isKept = Atomic(false)

  init(folder: String, name: String) throws(PostgresError) {
    path = folder + "/" + name
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Files.failure("write", path) }
  }

  func append(_ bytes: [UInt8]) throws(PostgresError) {
    guard Files.writeAll(descriptor, bytes) else { throw Files.failure("write", "the result's file") }
  }

  func keep() { isKept.store(true, ordering: .relaxed) }

  deinit {
    close(descriptor)
    if !isKept.load(ordering: .relaxed) { unlink(path) }
  }
}

/// Writes rows down as they come.
struct ResultSpool: RowSink {
  private let format: ResultFormat
  private let limits: StatementLimits
  private let folder: String
  private let name: String
  private(set) var stored = StoredResult(columns: [], metadata: [], rows: 0, size: 0)
  private var file: SpoolFile?
  /// The page that is being written.
  private var bytes: [UInt8] = []
  private var written = 0

  /// - Parameter folder: where a large result's file is made.
  init(format: ResultFormat, limits: StatementLimits, folder: String, name: String) {
    self.format = format
    self.limits = limits
    self.folder = folder
    self.name = name
  }

  mutating func begin(_ columns: [PostgresColumn]) {
    stored = StoredResult(columns: columns, metadata: [], rows: 0, size: 0)
    bytes.removeAll(keepingCapacity: true)
    written = 0
    file = nil
    if format == .csv { bytes += CSVLine.bytes(columns.map(\.name)) }
  }

  mutating func append(_ result: borrowing PQResult, row: Int) throws(PostgresError) {
    let start = bytes.count
    if format == .csv {
      bytes += CSVLine.bytes((0..<result.columnCount).map { FieldCoding.text(result, row: row, column: $0, stored.columns[$0]) })
    } else {
      // The writer borrows the page's bytes.
      var writer = JSONWriter()
      swap(&writer.bytes, &bytes)
      if start > 0 { writer.bytes.append(UInt8(ascii: ",")) }
      writer.bytes.append(UInt8(ascii: "["))
      for column in 0..<result.columnCount {
        if column > 0 { writer.bytes.append(UInt8(ascii: ",")) }
        FieldCoding.write(result, row: row, column: column, stored.columns[column], into: &writer)
      }
      writer.bytes.append(UInt8(ascii: "]"))
      swap(&writer.bytes, &bytes)
    }
    var rowSize = 0
    for column in 0..<result.columnCount { rowSize += result.withField(row: row, column: column) { $0?.count ?? 0 } }
    guard rowSize <= limits.rowSizeInBytes else {
      throw PostgresError(sqlState: "54000", message: "The result row is larger than \(limits.rowSizeInBytes) bytes.")
    }
    stored.rows += 1
    stored.size += rowSize
    guard stored.size <= limits.resultSizeInBytes else {
      throw PostgresError(sqlState: "54000", message: "The result is larger than \(limits.resultSizeInBytes) bytes.")
    }
    if bytes.count >= limits.pageSizeInBytes { try endPage() }
  }

  /// The result, complete and, if it is long, on disk.
  mutating func finish() throws(PostgresError) -> StoredResult {
    if file == nil, bytes.count <= StoredResult.memoryLimitInBytes {
      if !bytes.isEmpty { stored.pages = [StoredResult.Page(offset: 0, length: bytes.count)] }
      stored.memory = bytes
      return stored
    }
    if !bytes.isEmpty { try endPage() }
    file?.keep()
    stored.path = file?.path
    file = nil
    return stored
  }

  private mutating func endPage() throws(PostgresError) {
    stored.pages.append(StoredResult.Page(offset: written, length: bytes.count))
    written += bytes.count
    let target = if let file { file } else { try SpoolFile(folder: folder, name: name) }
    file = target
    try target.append(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

/// A line of RFC 4180, without a quote where none is needed.
enum CSVLine {
  static func bytes(_ fields: [String?]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      guard let field else { continue }
      let needsQuotes = field.isEmpty || field.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
      if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
      for byte in field.utf8 {
        if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        bytes.append(byte)
      }
      if needsQuotes { bytes.append(UInt8(ascii: "\"")) }
    }
    return bytes + [0x0D, 0x0A]
  }
}

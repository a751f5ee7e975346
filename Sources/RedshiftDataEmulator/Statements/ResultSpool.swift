import JSONTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A result that was read to its end, in pages: a small one in memory, a larger one in a file that goes with it.
struct StoredResult: Sendable {
  struct Page: Sendable {
    var offset: Int
    var length: Int
  }

  var columns: [PostgresColumn]
  var metadata: [JSONValue]
  var rows: Int
  var size: Int
  fileprivate(set) var pages: [Page] = []
  fileprivate(set) var memory: [UInt8] = []
  fileprivate(set) var file: SpoolFile?

  /// The bytes of a page: rows as JSON arrays with commas between, or lines of CSV.
  func page(_ index: Int) throws(PostgresError) -> [UInt8] {
    guard pages.indices.contains(index) else { return [] }
    let page = pages[index]
    guard let file else { return Array(memory[page.offset..<(page.offset + page.length)]) }
    return try file.read(page)
  }
}

/// A file that is removed when nobody holds it any more.
final class SpoolFile: Sendable {
  private let descriptor: Int32

  /// The file has no name from the start, so nothing is left of it whatever happens.
  init(folder: String, name: String) throws(PostgresError) {
    let path = folder + "/" + name
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Files.failure("write", path) }
    unlink(path)
  }

  func append(_ bytes: [UInt8]) throws(PostgresError) {
    guard Files.writeAll(descriptor, bytes) else { throw Files.failure("write", "the result's file") }
  }

  func read(_ page: StoredResult.Page) throws(PostgresError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: page.length)
    var done = 0
    while done < page.length {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress?.advanced(by: done), page.length - done, off_t(page.offset + done))
      }
      guard count > 0 else { throw Files.failure("read", "the result's file") }
      done += count
    }
    return bytes
  }

  deinit { close(descriptor) }
}

/// Writes rows down as they come.
struct ResultSpool: RowSink {
  private let format: ResultFormat
  private let limits: StatementLimits
  private let folder: String
  private let name: String
  private(set) var stored = StoredResult(columns: [], metadata: [], rows: 0, size: 0)
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
    if format == .csv { writeLine(columns.map(\.name)) }
  }

  mutating func append(_ result: borrowing PQResult, row: Int) throws(PostgresError) {
    let start = bytes.count
    if format == .csv {
      writeLine((0..<result.columnCount).map { result.text(row: row, column: $0) })
    } else {
      // The writer borrows the page's bytes.
      var writer = JSONWriter()
      swap(&writer.bytes, &bytes)
      if start > 0 { writer.bytes.append(UInt8(ascii: ",")) }
      writer.bytes.append(UInt8(ascii: "["))
      for column in 0..<result.columnCount {
        if column > 0 { writer.bytes.append(UInt8(ascii: ",")) }
        FieldCoding.write(result, row: row, column: column, type: stored.columns[column].type, into: &writer)
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

  /// The result, complete.
  mutating func finish() throws(PostgresError) -> StoredResult {
    if !bytes.isEmpty { try endPage() }
    return stored
  }

  private mutating func endPage() throws(PostgresError) {
    stored.pages.append(StoredResult.Page(offset: written, length: bytes.count))
    written += bytes.count
    if stored.pages.count == 1 {
      stored.memory = bytes
      bytes = []
      return
    }
    if stored.file == nil {
      let file = try SpoolFile(folder: folder, name: name)
      try file.append(stored.memory)
      stored.memory = []
      stored.file = file
    }
    try stored.file?.append(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// RFC 4180, without a quote where none is needed.
  private mutating func writeLine(_ fields: [String?]) {
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
    bytes += [0x0D, 0x0A]
  }
}

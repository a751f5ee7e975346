/// Where the values of a query's rows go: which stand in the lines, and which name the folders.
struct UnloadLayout: Sendable {
  let line: UnloadedLine
  let columns: [PostgresColumn]
  /// Places of the columns that stand in the files, and of those of PARTITION BY.
  let written: [Int]
  let partitions: [Int]

  /// The folder for NULL, as Hive names it.
  static let nullPartition = "__HIVE_DEFAULT_PARTITION__"

  /// - Throws: `PostgresError` when the options do not fit the columns.
  init(_ command: UnloadCommand, _ columns: [PostgresColumn]) throws(PostgresError) {
    line = UnloadedLine(command: command)
    self.columns = columns
    var places: [Int] = []
    for name in command.partitions {
      guard let place = columns.firstIndex(where: { $0.name == name }) else {
        throw PostgresError(sqlState: "42703", message: "column \"\(name)\" of PARTITION BY is none of the query's")
      }
      places.append(place)
    }
    partitions = places
    written = columns.indices.filter { command.includesPartitions || !places.contains($0) }
    if written.isEmpty { throw PostgresError(sqlState: "42601", message: "UNLOAD needs a column that PARTITION BY does not name") }
    if case .fixedWidth(let widths) = command.format, widths.count != written.count {
      throw PostgresError(sqlState: "42601", message: "FIXEDWIDTH names \(widths.count) columns, but \(written.count) are unloaded")
    }
    if command.format == .json, Set(columns.map(\.name)).count < columns.count {
      throw PostgresError(sqlState: "42701", message: "UNLOAD to JSON needs a name of its own for each column")
    }
  }

  /// The line of the columns' names; empty where none is wanted.
  var header: [UInt8] { line.command.hasHeader ? line.header(written.map { columns[$0].name }) : [] }

  func line(of result: borrowing PQResult, row: Int) throws(PostgresError) -> (folder: String, bytes: [UInt8]) {
    var fields: [String?] = []
    for place in written { fields.append(Self.text(result, row, place, columns[place])) }
    var folder = ""
    for place in partitions { folder += "\(columns[place].name)=\(Self.folderName(result.text(row: row, column: place)))/" }
    return (folder, try line.line(fields, written.map { columns[$0] }))
  }

  /// NULL of a document is the document's own, whatever NULL AS says.
  private static func text(_ result: borrowing PQResult, _ row: Int, _ column: Int, _ description: PostgresColumn) -> String? {
    FieldCoding.text(result, row: row, column: column, description) ?? (description.type == FieldCoding.Kind.jsonb.rawValue ? "null" : nil)
  }

  private static func folderName(_ value: String?) -> String {
    guard let value, !value.isEmpty else { return nullPartition }
    var name = ""
    for scalar in value.unicodeScalars {
      if scalar.value < 0x20 || scalar.value == 0x7F || "\"#%'*/:=?\\{[]^".unicodeScalars.contains(scalar) {
        name += "%" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16, uppercase: true)
      } else {
        name.unicodeScalars.append(scalar)
      }
    }
    return name
  }
}

/// The lines of a few rows.
struct UnloadedPortion: RowSink {
  private let command: UnloadCommand
  private(set) var layout: UnloadLayout?
  private(set) var lines: [(folder: String, bytes: [UInt8])] = []
  private(set) var problem: PostgresError?

  init(_ command: UnloadCommand) { self.command = command }

  mutating func begin(_ columns: [PostgresColumn]) {
    do throws(PostgresError) { layout = try UnloadLayout(command, columns) } catch { problem = error }
  }

  mutating func append(_ result: borrowing PQResult, row: Int) throws(PostgresError) {
    if let line = try layout?.line(of: result, row: row) { lines.append(line) }
  }
}

/// Lines in the files that they go to.
struct UnloadedFiles {
  /// Bytes of one file where MAXFILESIZE does not say less. Redshift's files have up to 6.2 GB.
  static let fileBytes = 256 << 20
  /// Bytes that wait to be written.
  static let heldBytes = 256 << 20
  /// Folders that PARTITION BY may make.
  static let maximumFolders = 10_000

  /// What goes into one object.
  struct File: Sendable {
    /// Of its partition, `year=2024/`; empty without partitions.
    var folder: String
    /// Among the files of its folder.
    var number: Int
    var bytes: [UInt8]
    var rows = 0
  }

  private let header: [UInt8]
  private let fileBytes: Int
  private var open: [String: File] = [:]
  private var full: [File] = []
  private var held = 0
  /// Rows so far.
  private(set) var count = 0

  init(_ command: UnloadCommand, header: [UInt8]) {
    self.header = header
    fileBytes = min(command.maximumFileSize ?? .max, Self.fileBytes)
    // Without partitions there is one file at least.
    if command.partitions.isEmpty { open[""] = File(folder: "", number: 0, bytes: header) }
  }

  mutating func add(_ line: [UInt8], in folder: String) throws(PostgresError) {
    if open[folder] == nil {
      guard open.count < Self.maximumFolders else {
        throw PostgresError(sqlState: "54000", message: "PARTITION BY makes more than \(Self.maximumFolders) folders")
      }
      open[folder] = File(folder: folder, number: 0, bytes: header)
    }
    if let file = open[folder], file.rows > 0, file.bytes.count + line.count > fileBytes { close(folder) }
    open[folder]?.bytes += line
    open[folder]?.rows += 1
    count += 1
    held += line.count
    if held > Self.heldBytes, let largest = open.max(by: { $0.value.bytes.count < $1.value.bytes.count }) { close(largest.key) }
  }

  private mutating func close(_ folder: String) {
    guard let file = open[folder] else { return }
    full.append(file)
    held = max(0, held - file.bytes.count)
    open[folder] = File(folder: folder, number: file.number + 1, bytes: header)
  }

  /// Files that are to be written now.
  mutating func takeFull() -> [File] {
    defer { full = [] }
    return full
  }

  /// What is left at the end.
  mutating func takeAll() -> [File] {
    let rest = open.values.filter { $0.rows > 0 || $0.number == 0 }
    open = [:]
    return takeFull() + rest.sorted { $0.folder < $1.folder }
  }
}

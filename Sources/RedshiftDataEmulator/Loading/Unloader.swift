import Gzip
import JSONTypes

/// Runs UNLOAD: writes a query's rows to objects, `<prefix>000` with PARALLEL OFF, else `<prefix>0000_part_00`.
///
/// Rows come by a cursor, and an object is written as soon as it is full, so that no more than `UnloadedFiles.heldBytes` are in memory.
struct Unloader: Sendable {
  let command: UnloadCommand
  let connection: PostgresConnection
  let objects: StatementObjects
  /// The statement's number in the system tables.
  let query: Int

  /// Rows that are fetched at a time.
  static let portion = 5000

  struct WrittenFile: Sendable {
    var address: ObjectAddress
    var bytes: Int
    var rows: Int
    /// With the line of the column names, as a manifest counts them.
    var lines: Int
  }

  /// Returns the rows written.
  func unload() async throws(PostgresError) -> Int {
    let start = Moment.now()
    var target = try ObjectAddress(command.target)
    if !command.partitions.isEmpty, !target.key.isEmpty, !target.key.hasSuffix("/") { target.key += "/" }
    if !command.allowsOverwrite, command.partitions.isEmpty || !command.cleansPath {
      let isFree = try await objects.isFree(target, region: command.region)
      guard isFree || command.cleansPath else { throw objects.notEmpty(target) }
      if !isFree { try await clean(target) }
    }
    try await connection.rows("declare sfn_unload no scroll cursor for \(command.query)")
    let first = try await portion()
    let layout = first.layout
    var rows = UnloadedFiles(command, header: layout?.header ?? [])
    var files: [WrittenFile] = []
    var cleaned: Set<String> = []
    var lines = first.lines
    while true {
      for line in lines { try rows.add(line.bytes, in: line.folder) }
      let isLast = lines.count < Self.portion
      for file in isLast ? rows.takeAll() : rows.takeFull() {
        if command.cleansPath, !file.folder.isEmpty, cleaned.insert(file.folder).inserted {
          let folder = ObjectAddress(bucket: target.bucket, key: target.key + file.folder)
          if try await !objects.isFree(folder, region: command.region) { try await clean(folder) }
        }
        files.append(try await write(file, to: target))
      }
      if isLast { break }
      lines = try await portion().lines
    }
    try await connection.rows("close sfn_unload")
    files.sort { $0.address.key.utf8.lexicographicallyPrecedes($1.address.key.utf8) }
    if command.manifest != .none {
      let manifest = UnloadManifest(command: command, columns: layout?.columns ?? [], files: files)
      try await objects.write(manifest.bytes, to: ObjectAddress(bucket: target.bucket, key: target.key + "manifest"), region: command.region)
    }
    try await keep(files, rows.count, start: start)
    return rows.count
  }

  private func portion() async throws(PostgresError) -> UnloadedPortion {
    let portion = try await connection.run("fetch forward \(Self.portion) from sfn_unload", into: UnloadedPortion(command)).sink
    if let problem = portion.problem { throw problem }
    return portion
  }

  /// Removes what begins with a key.
  private func clean(_ address: ObjectAddress) async throws(PostgresError) {
    for key in try await objects.keys(of: address, region: command.region) {
      try await objects.remove(ObjectAddress(bucket: address.bucket, key: key), region: command.region)
    }
  }

  private func write(_ file: UnloadedFiles.File, to target: ObjectAddress) async throws(PostgresError) -> WrittenFile {
    let number = String(file.number)
    func padded(_ count: Int) -> String { String(repeating: "0", count: max(0, count - number.count)) + number }
    let suffix = command.fileExtension.map { ".\($0)" } ?? (command.isGzip ? ".gz" : "")
    let address = ObjectAddress(
      bucket: target.bucket, key: target.key + file.folder + (command.isParallel ? "0000_part_\(padded(2))" : padded(3)) + suffix)
    let bytes = command.isGzip ? Gzip.compress(file.bytes) : file.bytes
    try await objects.write(bytes, to: address, region: command.region)
    return WrittenFile(address: address, bytes: bytes.count, rows: file.rows, lines: file.rows + (command.hasHeader ? 1 : 0))
  }

  private func keep(_ files: [WrittenFile], _ rows: Int, start: Double) async throws(PostgresError) {
    let list = JSONValue.array(
      files.map { ["name": .string($0.address.url), "bytes": .int(Int64($0.bytes)), "rows": .int(Int64($0.rows))] })
    let members: JSONValue = [
      "query": .int(Int64(query)), "session": .int(Int64(objects.control.backendPid)), "target": .string(command.target),
      "format": .string(command.formatName), "compression": .string(command.isGzip ? "gzip" : ""), "rows": .int(Int64(rows)), "files": list,
    ]
    try await connection.rows(
      "select \(Translator.schema).keep_unload(\(Node.quoted(members.jsonText)), pg_catalog.to_timestamp(\(start))), "
        + "set_config('redshift.last_unload_count', '\(rows)', false), set_config('redshift.last_unload_id', '\(query)', false)")
  }
}

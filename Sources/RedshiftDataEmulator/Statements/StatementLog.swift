import AWSJSONServer
import JSONTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What must outlive the program: one JSON value a line, written at once, so that the end of the program loses nothing.
///
/// Each program has a log of its own in `<state>/statements` and holds a lock on it as long as it lives. One that starts takes over the logs
/// that nobody holds: it writes what still counts into its own, and removes them. Lines:
///
/// ```
/// {"submit": {…}}                            a statement was taken
/// {"id": …, "commit": {"xid": …, "last": …, "parts": n, "earlier": n}, "progress": {…}}    it is about to commit this transaction
/// {"id": …, "unguarded": true}               it runs what cannot be told from outside whether it took effect
/// {"id": …, "progress": {…}}                 it ended
/// {"session": {…}}                           a session was opened
/// ```
final class StatementLog {
  /// A statement as its log tells it.
  struct Entry {
    var record: StatementRecord
    /// The transaction that was about to be committed last.
    var commit: Commit?
    var isUnguarded = false
  }

  struct Commit: Hashable, Sendable {
    /// PostgreSQL's number of the transaction.
    var transaction: String
    /// Whether the statement ends with it.
    var isLast: Bool
    /// How many parts have taken effect with it.
    var parts: Int
    /// How many had before it, with an earlier transaction of the same statement.
    var earlierParts = 0
  }

  /// What was found at the start: statements in the order of their submission, and sessions that are gone.
  struct Found {
    var entries: [Entry] = []
    var sessions: [JSONValue] = []
  }

  /// A log is written anew when it is this long and mostly about what is gone.
  static let rewriteSizeInBytes = 64 << 20
  /// Longest log that is read.
  static let readLimitInBytes = 4 << 30

  private let folder: String
  private var path: String
  private var file: Int32
  private(set) var sizeInBytes = 0
  /// Bytes at the last rewriting; the next comes at twice that.
  private var rewrittenSize = 0
  /// What the log says of statements that have not ended, beside their records.
  private var marks: [String: (commit: Commit?, isUnguarded: Bool)] = [:]

  /// Opens a log of our own and takes over those of programs that are gone.
  ///
  /// - Throws: `PostgresError` when the folder cannot be used.
  static func open(folder: String) async throws(PostgresError) -> (log: StatementLog, found: Found) {
    try Files.makeFolder(folder)
    let gate = try await PrivatePostgres.lock(folder + "/adopt.lock", what: "another program is reading the statements of earlier ones")
    let log = try StatementLog(folder: folder)
    var reading = Reading()
    var adopted: [String] = []
    // A lock ends with its value, so those of the logs are kept in closures until all is written.
    for name in Files.entries(of: folder).sorted() where name.hasSuffix(".log") && folder + "/" + name != log.path {
      let path = folder + "/" + name
      guard let lock = try? FileLock(trying: path) else { continue }
      reading.read(Files.read(path, limit: readLimitInBytes) ?? [])
      adopted.append(path)
      _ = consume lock
    }
    let found = reading.found
    try log.write(found)
    for path in adopted { unlink(path) }
    _ = consume gate
    return (log, found)
  }

  private init(folder: String) throws(PostgresError) {
    self.folder = folder
    (path, file) = try Self.make(in: folder)
  }

  deinit { close(file) }

  private static func make(in folder: String) throws(PostgresError) -> (path: String, file: Int32) {
    let path = folder + "/" + RandomIdentifier.uuid() + ".log"
    let file = openForAppending(path)
    guard file >= 0 else { throw Files.failure("write", path) }
    _ = flock(file, LOCK_EX | LOCK_NB)
    return (path, file)
  }

  // MARK: writing

  func submitted(_ record: StatementRecord) throws(PostgresError) { try append(["submit": record.submission]) }

  func committing(_ record: StatementRecord, _ commit: Commit) throws(PostgresError) {
    var commit = commit
    commit.earlierParts = marks[record.id]?.commit?.parts ?? 0
    marks[record.id, default: (nil, false)].commit = commit
    try append(Self.line(record, commit))
  }

  private static func line(_ record: StatementRecord, _ commit: Commit) -> JSONObject {
    ["id": .string(record.id), "commit": json(commit), "progress": record.progress]
  }

  func unguarded(_ id: String) throws(PostgresError) {
    marks[id, default: (nil, false)].isUnguarded = true
    try append(["id": .string(id), "unguarded": true])
  }

  func ended(_ record: StatementRecord) throws(PostgresError) {
    marks[record.id] = nil
    try append(["id": .string(record.id), "progress": record.progress])
  }

  func opened(session: JSONValue) throws(PostgresError) { try append(["session": session]) }

  private static func json(_ commit: Commit) -> JSONValue {
    [
      "xid": .string(commit.transaction), "last": .bool(commit.isLast), "parts": .int(Int64(commit.parts)),
      "earlier": .int(Int64(commit.earlierParts)),
    ]
  }

  /// Lines that are written together.
  private var gathered: [UInt8]?

  private func append(_ line: JSONObject) throws(PostgresError) {
    let bytes = JSONValue.object(line).jsonBytes + [0x0A]
    if gathered != nil {
      gathered?.append(contentsOf: bytes)
      sizeInBytes += bytes.count
      return
    }
    guard Files.writeAll(file, bytes) else { throw Files.failure("write", path) }
    sizeInBytes += bytes.count
  }

  private func write(_ found: Found) throws(PostgresError) {
    gathered = []
    for session in found.sessions { try opened(session: session) }
    for entry in found.entries {
      try submitted(entry.record)
      guard !entry.record.status.isFinal else {
        try ended(entry.record)
        continue
      }
      let mark = marks[entry.record.id]
      if entry.isUnguarded || mark?.isUnguarded == true { try append(["id": .string(entry.record.id), "unguarded": true]) }
      // Not noted as ours: a statement that runs again begins with none.
      if let commit = mark?.commit ?? entry.commit { try append(Self.line(entry.record, commit)) }
    }
    let lines = gathered ?? []
    gathered = nil
    guard Files.writeAll(file, lines) else { throw Files.failure("write", path) }
    rewrittenSize = sizeInBytes
  }

  var needsRewriting: Bool { sizeInBytes > max(Self.rewriteSizeInBytes, 2 * rewrittenSize) }

  /// Writes a new log with what still counts, and removes the old one.
  func rewrite(_ found: Found) throws(PostgresError) {
    let (newPath, newFile) = try Self.make(in: folder)
    let (oldPath, oldFile) = (path, file)
    (path, file, sizeInBytes) = (newPath, newFile, 0)
    try write(found)
    unlink(oldPath)
    close(oldFile)
  }

  // MARK: reading

  /// Folds lines to what they tell; a line that was cut off, or is of no known kind, tells nothing.
  private struct Reading {
    private var entries: [String: Entry] = [:]
    private var order: [String] = []
    private var sessions: [JSONValue] = []

    var found: Found {
      Found(
        entries: order.compactMap { entries[$0] }.sorted { $0.record.createdAt < $1.record.createdAt },
        sessions: sessions)
    }

    mutating func read(_ bytes: [UInt8]) {
      for line in bytes.split(separator: 0x0A) {
        guard let value = try? JSONValue(parsing: Array(line)) else { continue }
        if let submission = value["submit"] {
          guard let record = StatementRecord(submission: submission) else { continue }
          if entries[record.id] == nil { order.append(record.id) }
          entries[record.id] = Entry(record: record)
        } else if let session = value["session"] {
          sessions.append(session)
        } else if let id = value["id"]?.asString, var entry = entries.removeValue(forKey: id) {
          if value["unguarded"] == true { entry.isUnguarded = true }
          if let progress = value["progress"] { entry.record.apply(progress: progress) }
          if let commit = value["commit"], let transaction = commit["xid"]?.asString {
            entry.commit = Commit(
              transaction: transaction, isLast: commit["last"] == true, parts: commit["parts"]?.asInt.map { Int($0) } ?? 0,
              earlierParts: commit["earlier"]?.asInt.map { Int($0) } ?? 0)
          }
          entries[id] = entry
        }
      }
    }
  }
}

/// A new file that is only written at its end.
private func openForAppending(_ path: String) -> Int32 { open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600) }

import CPQ

/// One database session. Nothing here blocks a thread: every wait is for the socket.
///
/// A session runs one query at a time; whoever shares one sees to the turns.
actor PostgresConnection {
  /// What a query came to.
  struct Outcome: Sendable {
    /// nil when the statement yields no rows by its nature.
    var columns: [PostgresColumn]?
    /// Rows returned or affected.
    var rows: Int
    /// PostgreSQL's word for what was done, such as `INSERT 0 3`.
    var tag: String
  }

  private let handle: PQHandle
  private let watcher: SocketWatcher
  private let notices: NoticeBuffer
  nonisolated let backendPid: Int

  /// Connects.
  ///
  /// - Parameter parameters: keywords and values of libpq, such as `host` and `dbname`.
  /// - Throws: `PostgresError` with PostgreSQL's reason.
  static func open(_ parameters: [(String, String)], watcher: SocketWatcher) async throws(PostgresError) -> PostgresConnection {
    if let problem = cpq_open() {
      throw .lost("\(String(cString: problem)); install it (Debian, Ubuntu: apt-get install libpq5, macOS: brew install libpq)")
    }
    let text = parameters.map { "\($0)='\(escaped($1))'" }.joined(separator: " ")
    let notices = NoticeBuffer()
    guard let handle = PQHandle(parameters: text, notices: notices) else { throw .lost("no memory for a connection") }
    guard handle.isOpen || handle.socket >= 0 else { throw connectFailure(handle.errorMessage) }
    var progress = PQHandle.Progress.wantsToWrite
    while progress != .connected {
      let isAlive = await watcher.wait(handle.socket, for: progress == .wantsToRead ? .readable : .writable)
      guard isAlive else { throw .lost("the local database is being shut down") }
      progress = handle.poll()
      if progress == .failed { throw connectFailure(handle.errorMessage) }
    }
    handle.makeNonblocking()
    return PostgresConnection(handle, watcher, notices)
  }

  private init(_ handle: consuming PQHandle, _ watcher: SocketWatcher, _ notices: NoticeBuffer) {
    backendPid = handle.backendPid
    self.handle = handle
    self.watcher = watcher
    self.notices = notices
  }

  private static func escaped(_ value: String) -> String {
    value.reduce(into: "") { $0 += $1 == "'" || $1 == "\\" ? "\\\($1)" : "\($1)" }
  }

  /// libpq puts the server's `FATAL:` line behind words of its own, and behind its own failures advice that does not fit here.
  private static func connectFailure(_ message: String) -> PostgresError {
    let lines = message.split(separator: "\n")
    if let line = lines.last, let mark = line.firstRange(of: "FATAL:") { return .lost(String(line[mark.upperBound...].drop { $0 == " " })) }
    return .lost("the local PostgreSQL does not answer: \(lines.first ?? "no reason is known")")
  }

  var transaction: TransactionStatus { handle.transaction }
  var isOpen: Bool { handle.isOpen }
  func takeNotices() -> [String] { notices.take() }

  /// Runs one statement and hands its rows to `sink` as they come.
  ///
  /// - Parameters:
  ///   - parameters: values for `$1`, `$2`, …; nil sends the text by the simple protocol, which may then hold several statements.
  ///   - interrupt: called once when `sink` refuses a row, to have the server stop.
  /// - Throws: `PostgresError` of the server, or of the sink.
  func run<Sink: RowSink>(
    _ sql: String, _ parameters: [String]? = nil, into sink: Sink, interrupt: @Sendable () async -> Void = {}
  ) async throws(PostgresError) -> (outcome: Outcome, sink: Sink) {
    guard handle.send(sql, parameters) else { throw .lost(handle.errorMessage) }
    handle.askForSingleRows()
    try await flush()
    var sink = sink
    var outcome = Outcome(columns: nil, rows: 0, tag: "")
    var failure: PostgresError?
    var isFirst = true
    while let result = try await nextResult() {
      switch result.status {
      case .singleRow, .rows:
        if isFirst {
          outcome = Outcome(columns: result.columns, rows: 0, tag: "")
          sink.begin(outcome.columns ?? [])
          isFirst = false
        }
        for row in 0..<result.rowCount where failure == nil {
          outcome.rows += 1
          do throws(PostgresError) { try sink.append(result, row: row) } catch {
            failure = error
            await interrupt()
          }
        }
        if result.status == .rows {
          outcome.tag = result.commandTag
          isFirst = true
        }
      case .command:
        outcome = Outcome(columns: nil, rows: result.affectedRows, tag: result.commandTag)
      case .empty: break
      case .error: if failure == nil { failure = result.error }
      case .copyIn:
        failure = PostgresError(sqlState: "0A000", message: "COPY FROM STDIN is not supported here")
        _ = handle.endCopy(failure: "not supported here")
        try await flush()
      case .other:
        throw .lost("the database answered in a way that is not understood here")
      }
    }
    if let failure { throw failure }
    return (outcome, sink)
  }

  /// Runs a statement whose few rows are wanted as texts.
  @discardableResult
  func rows(_ sql: String, _ parameters: [String]? = nil) async throws(PostgresError) -> [[String?]] {
    try await run(sql, parameters, into: TextRows()).sink.rows
  }

  /// `COPY … FROM STDIN`: sends what the source gives, to its end, and gives it back.
  func copy<Source: CopySource>(_ sql: String, from source: Source) async throws(PostgresError) -> Source {
    guard handle.send(sql, nil) else { throw .lost(handle.errorMessage) }
    try await flush()
    var source = source
    var failure: PostgresError?
    while let result = try await nextResult() {
      switch result.status {
      case .copyIn:
        while let chunk = source.next() {
          while true {
            let state = handle.putCopyData(chunk[...])
            if state == 1 { break }
            guard state == 0, await watcher.wait(handle.socket, for: .writable) else { throw .lost(handle.errorMessage) }
          }
          try await flush()
        }
        while handle.endCopy(failure: nil) == 0 {
          guard await watcher.wait(handle.socket, for: .writable) else { throw .lost(handle.errorMessage) }
        }
        try await flush()
      case .error: if failure == nil { failure = result.error }
      default: break
      }
    }
    if let failure { throw failure }
    return source
  }

  private func flush() async throws(PostgresError) {
    while true {
      switch handle.flush() {
      case 0: return
      case 1: guard await watcher.wait(handle.socket, for: .writable) else { throw .lost("the local database is being shut down") }
      default: throw .lost(handle.errorMessage)
      }
    }
  }

  private func nextResult() async throws(PostgresError) -> PQResult? {
    while handle.isBusy {
      guard await watcher.wait(handle.socket, for: .readable) else { throw .lost("the local database is being shut down") }
      guard handle.consumeInput() else { throw .lost(handle.errorMessage) }
    }
    return handle.nextResult()
  }
}

/// Gives the lines of a `COPY … FROM STDIN`, in portions; nil behind the last one.
protocol CopySource: Sendable {
  mutating func next() -> [UInt8]?
}

/// Takes the rows of a query one by one.
protocol RowSink: Sendable {
  mutating func begin(_ columns: [PostgresColumn])
  /// - Throws: when there is no room for more; the query is then stopped.
  mutating func append(_ result: borrowing PQResult, row: Int) throws(PostgresError)
}

/// Keeps everything as texts; for small answers.
struct TextRows: RowSink {
  private(set) var columns: [PostgresColumn] = []
  private(set) var rows: [[String?]] = []
  mutating func begin(_ columns: [PostgresColumn]) {
    self.columns = columns
    rows = []
  }
  mutating func append(_ result: borrowing PQResult, row: Int) {
    rows.append((0..<result.columnCount).map { result.text(row: row, column: $0) })
  }
}

/// How long and how much is kept. Source: Amazon Redshift Management Guide, "Considerations when calling the Data API".
struct StatementLimits: Sendable {
  /// Statements and their results.
  var retentionInSeconds: Double = 24 * 3600
  /// Client tokens.
  var tokenLifeInSeconds: Double = 8 * 3600
  /// Ended statements kept; the oldest go first.
  var endedStatements = 20_000
  /// Bytes of the SQL of all statements kept; the oldest ended ones go first.
  var ledgerSizeInBytes = 256 << 20
  /// Statements that have not ended.
  var activeStatements = 200
  /// Sessions that are open.
  var sessions = 500
  /// Requests that wait for the same statement.
  var waitingRequests = 20
  /// Bytes of one result.
  var resultSizeInBytes = 500 << 20
  /// Bytes of one row of a result.
  var rowSizeInBytes = 64 << 10
  /// Bytes of one page of a result.
  var pageSizeInBytes = 1 << 20
}

/// All statements, newest last; the log of statements keeps the same records on disk.
struct StatementLedger: Sendable {
  let limits: StatementLimits
  private var records: [String: StatementRecord] = [:]
  /// In the order of submission; ids of pruned records are gone from the front.
  private var order: [String] = []
  private var tokens: [String: (id: String, createdAt: Double)] = [:]
  private(set) var activeCount = 0
  private var lastQueryId = 1000
  private var sizeInBytes = 0

  init(limits: StatementLimits) { self.limits = limits }

  var count: Int { records.count }

  subscript(id: String) -> StatementRecord? { records[id] }

  /// The statement that a client token already stands for.
  func record(withToken token: String, now: Double) -> StatementRecord? {
    guard let (id, createdAt) = tokens[token], now - createdAt < limits.tokenLifeInSeconds else { return nil }
    return records[id]
  }

  mutating func nextQueryId() -> Int {
    lastQueryId += 1
    return lastQueryId
  }

  mutating func insert(_ record: StatementRecord) {
    records[record.id] = record
    order.append(record.id)
    if let token = record.clientToken { tokens[token] = (record.id, record.createdAt) }
    if !record.status.isFinal { activeCount += 1 }
    sizeInBytes += record.submittedSize
    lastQueryId = max(lastQueryId, record.parts.map(\.queryId).max() ?? 0)
  }

  /// Changes a record and returns it; a statement that has ended does not change any more, which gives nil.
  mutating func update(_ id: String, _ change: (inout StatementRecord) -> Void) -> StatementRecord? {
    guard let index = records.index(forKey: id), !records.values[index].status.isFinal else { return nil }
    change(&records.values[index])
    if records.values[index].status.isFinal { activeCount -= 1 }
    return records.values[index]
  }

  /// Newest first.
  var newestFirst: some Sequence<StatementRecord> { order.reversed().lazy.compactMap { records[$0] } }
  var oldestFirst: some Sequence<StatementRecord> { order.lazy.compactMap { records[$0] } }

  /// Drops what is too old or too much, and returns it.
  mutating func prune(now: Double) -> [StatementRecord] {
    var gone: [StatementRecord] = []
    while gone.count < order.count {
      guard let record = records[order[gone.count]], record.status.isFinal else { break }
      guard
        now - record.updatedAt > limits.retentionInSeconds || order.count - gone.count > limits.endedStatements
          || sizeInBytes > limits.ledgerSizeInBytes
      else { break }
      records[record.id] = nil
      if let token = record.clientToken, tokens[token]?.id == record.id { tokens[token] = nil }
      sizeInBytes -= record.submittedSize
      gone.append(record)
    }
    order.removeFirst(gone.count)
    return gone
  }
}

/// How long and how much is kept. Source: Amazon Redshift Management Guide, "Considerations when calling the Data API".
struct StatementLimits: Sendable {
  /// Statements and their results.
  var retentionInSeconds: Double = 24 * 3600
  /// Client tokens.
  var tokenLifeInSeconds: Double = 8 * 3600
  /// Ended statements kept; the oldest go first.
  var endedStatements = 20_000
  /// Statements that have not ended.
  var activeStatements = 200
  /// Sessions that are open.
  var sessions = 100
  /// Bytes of one result.
  var resultSizeInBytes = 500 << 20
  /// Bytes of one row of a result.
  var rowSizeInBytes = 64 << 10
  /// Bytes of one page of a result.
  var pageSizeInBytes = 1 << 20
}

/// All statements, newest last. Purely in memory; a durable store would keep the same records.
struct StatementLedger: Sendable {
  let limits: StatementLimits
  private var records: [String: StatementRecord] = [:]
  /// In the order of submission; ids of pruned records are gone from the front.
  private var order: [String] = []
  private var tokens: [String: (id: String, createdAt: Double)] = [:]
  private(set) var activeCount = 0
  private var lastQueryId = 1000

  init(limits: StatementLimits) { self.limits = limits }

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
    prune(now: record.createdAt)
    records[record.id] = record
    order.append(record.id)
    if let token = record.clientToken { tokens[token] = (record.id, record.createdAt) }
    activeCount += 1
  }

  /// Changes a record. A statement that has ended does not change any more.
  mutating func update(_ id: String, _ change: (inout StatementRecord) -> Void) {
    guard var record = records.removeValue(forKey: id) else { return }
    let wasFinal = record.status.isFinal
    if !wasFinal {
      change(&record)
      if record.status.isFinal { activeCount -= 1 }
    }
    records[id] = record
  }

  /// Newest first.
  var newestFirst: some Sequence<StatementRecord> { order.reversed().lazy.compactMap { records[$0] } }

  private mutating func prune(now: Double) {
    var gone = 0
    while gone < order.count {
      guard let record = records[order[gone]], record.status.isFinal else { break }
      guard now - record.updatedAt > limits.retentionInSeconds || order.count - gone > limits.endedStatements else { break }
      records[record.id] = nil
      if let token = record.clientToken { tokens[token] = nil }
      gone += 1
    }
    order.removeFirst(gone)
  }
}

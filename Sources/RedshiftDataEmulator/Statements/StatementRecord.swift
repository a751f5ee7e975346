import JSONTypes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far a statement is.
enum StatementStatus: String, Sendable, CaseIterable {
  case submitted = "SUBMITTED"
  case picked = "PICKED"
  case started = "STARTED"
  case finished = "FINISHED"
  case failed = "FAILED"
  case aborted = "ABORTED"

  var isFinal: Bool { self == .finished || self == .failed || self == .aborted }
}

/// The cluster or workgroup, database and user that a request names.
struct StatementTarget: Hashable, Sendable {
  var clusterIdentifier: String?
  var workgroupName: String?
  var database: String
  var dbUser: String?
  var secretArn: String?

  /// The members that a reply echoes.
  var members: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("Database", .string(database))]
    if let clusterIdentifier { members.append(("ClusterIdentifier", .string(clusterIdentifier))) }
    if let workgroupName { members.append(("WorkgroupName", .string(workgroupName))) }
    if let dbUser { members.append(("DbUser", .string(dbUser))) }
    if let secretArn { members.append(("SecretArn", .string(secretArn))) }
    return members
  }
}

enum ResultFormat: String, Sendable {
  case json = "JSON"
  case csv = "CSV"
}

struct StatementParameter: Hashable, Sendable {
  var name: String
  var value: String
}

/// How the statements of a batch share transactions.
enum ExecutionMode: String, Sendable {
  /// One transaction for all: the first failure rolls back what is not committed, and ends the batch.
  case transaction = "TRANSACTION"
  /// A transaction for each: a failure leaves the others alone.
  case autoCommit = "AUTO_COMMIT"
}

/// A submitted statement or batch with all that became of it: a value, so that a store can keep it.
struct StatementRecord: Sendable {
  /// One element of what was submitted.
  struct Part: Sendable {
    var sql: String
    var status = StatementStatus.submitted
    var createdAt: Double
    var updatedAt: Double
    /// Nanoseconds, -1 until its end.
    var duration = -1
    var hasResultSet = false
    /// Rows returned or affected, -1 until its end.
    var rows = -1
    /// Bytes, -1 until its end.
    var size = -1
    var queryId: Int
    var queryUuid: String
    var error: String?
    var result: StoredResult?

    /// Whether the database has got it.
    var hasBegun: Bool { status != .submitted && status != .picked && error != StatementRunner.abortedText }
  }

  let id: String
  let name: String?
  let isBatch: Bool
  let target: StatementTarget
  let parameters: [StatementParameter]
  let clientToken: String?
  let resultFormat: ResultFormat
  let sessionId: String?
  /// Whether this request opened its session, rather than joined it.
  var opensSession = false
  var executionMode = ExecutionMode.transaction
  let createdAt: Double

  var status = StatementStatus.submitted
  var updatedAt: Double
  var duration = -1
  var backendPid = 0
  var error: String?
  var parts: [Part]

  /// Bytes of what was submitted.
  var submittedSize: Int { parts.reduce(0) { $0 + $1.sql.utf8.count } + parameters.reduce(0) { $0 + $1.value.utf8.count } }
  var sqls: [String] { parts.map(\.sql) }
  var hasResultSet: Bool { parts.contains(where: \.hasResultSet) }
}

/// Wall clock and stopwatch.
enum Moment {
  /// Seconds since 1970, to the millisecond.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + (Double(time.tv_nsec) / 1e6).rounded(.down) / 1000
  }

  static func nanoseconds(_ duration: Duration) -> Int {
    let (seconds, attoseconds) = duration.components
    return Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
  }
}

import JSONTypes

/// How the runner of a statement says what must be known after the end of the program.
struct StatementJournal: Sendable {
  /// The transaction of this number is about to be committed.
  var committing: @Sendable (StatementLog.Commit) async throws(PostgresError) -> Void
  /// From here on nothing tells from outside whether the statement took effect.
  var unguarded: @Sendable () async throws(PostgresError) -> Void
}

/// What becomes of the statements of a program that is gone.
///
/// A statement that had ended is as it was. One that had not committed anything runs again, from its start: PostgreSQL has rolled back what it
/// did. Whether it had is known from the number of its transaction, which is in the log before the commit, and of which PostgreSQL knows what
/// became of it. So each statement takes effect once.
extension RedshiftDataService {
  func journal(of id: String) -> StatementJournal? {
    guard keepsStatements else { return nil }
    return StatementJournal { [weak self] (commit) async throws(PostgresError) in
      guard let self else { throw .lost("the local endpoint is gone") }
      try await self.note(id, commit)
    } unguarded: { [weak self] () async throws(PostgresError) in
      guard let self else { throw .lost("the local endpoint is gone") }
      try await self.noteUnguarded(id)
    }
  }

  private func note(_ id: String, _ commit: StatementLog.Commit) throws(PostgresError) {
    guard let log, let record = ledger[id] else { throw .lost("the local endpoint is gone") }
    try log.committing(record, commit)
  }

  private func noteUnguarded(_ id: String) throws(PostgresError) {
    guard let log else { throw .lost("the local endpoint is gone") }
    try log.unguarded(id)
  }

  /// Opens the log and takes over the statements of programs that are gone.
  func takeOver(_ folder: String) async throws(PostgresError) {
    let (log, found) = try await StatementLog.open(folder: folder)
    self.log = log
    keepsStatements = true
    let now = Moment.now()
    for value in found.sessions {
      if let session = OpenSession(logged: value), now - session.createdAt < limits.retentionInSeconds { sessions[session.id] = session }
    }
    for entry in found.entries {
      guard now - entry.record.updatedAt < limits.retentionInSeconds else {
        for part in entry.record.parts { part.result?.discard() }
        continue
      }
      ledger.insert(entry.record)
      guard !entry.record.status.isFinal else { continue }
      let id = entry.record.id
      // What it had of a result that was not complete.
      for index in entry.record.parts.indices where entry.record.parts[index].result == nil { Files.remove("\(spoolFolder)/\(id)-\(index)") }
      switch await fate(of: entry) {
      case .runsAgain:
        change(id) { record in
          record.status = .submitted
          for index in record.parts.indices {
            record.parts[index] = StatementRecord.Part(
              sql: record.parts[index].sql, createdAt: record.createdAt, updatedAt: record.createdAt, queryId: record.parts[index].queryId,
              queryUuid: record.parts[index].queryUuid)
          }
        }
        if let session = entry.record.sessionId { sessions[session]?.isClosed = false }
        if configuration.resumesAtOnce, let record = ledger[id] { begin(record) } else { parked.insert(id) }
      case .finished:
        change(id) { record in
          record.status = .finished
          record.updatedAt = now
          for index in record.parts.indices where !record.parts[index].status.isFinal { record.parts[index].status = .finished }
        }
      case .lost(let why, let committed):
        change(id) { record in
          record.status = .failed
          record.updatedAt = now
          record.error = "ERROR: \(why)"
          // The statement that committed had not reported its own end yet.
          for index in record.parts.indices where index < committed && !record.parts[index].status.isFinal {
            record.parts[index].status = .finished
            record.parts[index].rows = 0
          }
          for index in record.parts.indices where index >= committed {
            record.parts[index].status = index == committed ? .failed : .aborted
            record.parts[index].error = index == committed ? "ERROR: \(why)" : StatementRunner.abortedText
            record.parts[index].result = nil
          }
        }
      }
    }
    try forget(now: now)
    // The next start would read what is gone again.
    if found.entries.count > 2 * ledger.count { try log.rewrite(kept) }
  }

  private enum Fate {
    case runsAgain, finished
    /// With the number of parts that have taken effect.
    case lost(String, committed: Int)
  }

  private func fate(of entry: StatementLog.Entry) async -> Fate {
    let record = entry.record
    if entry.isUnguarded {
      return .lost(
        "The local endpoint ended while the statement ran; whether it took effect is not known. Look before you run it again.", committed: 0)
    }
    if let commit = entry.commit {
      switch await outcome(of: commit.transaction) {
      case "committed" where commit.isLast: return .finished
      case "committed":
        return .lost(
          "The local endpoint ended while the batch ran: statements 1 to \(commit.parts) are committed, the rest was rolled back.",
          committed: commit.parts)
      case "aborted" where commit.earlierParts == 0: break
      case "aborted":
        return .lost(
          "The local endpoint ended while the batch ran: statements 1 to \(commit.earlierParts) are committed, the rest was rolled back.",
          committed: commit.earlierParts)
      default:
        return .lost(
          "The local endpoint ended while the statement was committed; whether it took effect is not known. Look before you run it again.",
          committed: 0)
      }
    }
    guard record.sessionId == nil || record.opensSession else {
      return .lost("The session ended with the local endpoint before the statement ran.", committed: 0)
    }
    return .runsAgain
  }

  /// What became of a transaction: `committed`, `aborted`, or nil when that is not known any more.
  private func outcome(of transaction: String) async -> String? {
    let deadline = ContinuousClock.now + .seconds(10)
    while true {
      let status = (try? await server().controlRows("select pg_xact_status('\(transaction)'::xid8)"))?.first?.first ?? nil
      // The server, which others may keep alive, notices a moment later that the program is gone.
      guard status == "in progress", ContinuousClock.now < deadline else { return status }
      try? await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Has a statement of an earlier program run, now that somebody asks for it.
  func resume(_ id: String) {
    guard parked.remove(id) != nil, let record = ledger[id] else { return }
    begin(record)
  }
}

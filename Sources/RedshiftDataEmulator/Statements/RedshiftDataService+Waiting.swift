import AWSJSONServer
import JSONTypes

/// Requests with `WaitTimeSeconds`: they are answered when the statement has ended, or when the time is over.
extension RedshiftDataService {
  static let longestWaitInSeconds = 30

  /// `WaitTimeSeconds` of a request; nil without.
  static func waitTime(_ members: RequestMembers) throws(AWSJSONError) -> Int? {
    guard let seconds = try members.integer("WaitTimeSeconds") else { return nil }
    try RequestLimits.check(
      (1...longestWaitInSeconds).contains(seconds), "WaitTimeSeconds must be 1 to \(longestWaitInSeconds), not \(seconds).")
    return seconds
  }

  /// Returns when the statement, or the part of it, has ended, at the latest after `seconds`.
  ///
  /// - Throws: `ActiveWaitingRequestsExceededException` when too many wait for it already.
  func wait(for id: String, part: Int?, seconds: Int) async throws(AWSJSONError) {
    let hasEnded: @Sendable (StatementRecord) -> Bool = { part.map($0.hasEnded) ?? $0.status.isFinal }
    if script?.hasVirtualClock == true { return passWhileWaiting(for: id, seconds: seconds) }
    guard let record = ledger[id], !hasEnded(record) else { return }
    guard (waiting[id]?.count ?? 0) < limits.waitingRequests else {
      throw AWSJSONError(
        "ActiveWaitingRequestsExceededException", "More than \(limits.waitingRequests) requests wait for the statement \(id).")
    }
    lastWaiter += 1
    let number = lastWaiter
    let timer = Task { [weak self] in
      guard (try? await Task.sleep(for: .seconds(seconds))) != nil else { return }
      await self?.stopWaiting(id, number)
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // Nothing was awaited since the statement was looked at, so its end cannot have been missed; but the client may be gone.
        if Task.isCancelled { return continuation.resume() }
        waiting[id, default: []].append(Waiter(number: number, hasEnded: hasEnded, continuation: continuation))
      }
    } onCancel: {
      Task { await self.stopWaiting(id, number) }
    }
    timer.cancel()
  }

  private func stopWaiting(_ id: String, _ number: UInt64) {
    guard let index = waiting[id]?.firstIndex(where: { $0.number == number }), let waiter = waiting[id]?.remove(at: index) else { return }
    if waiting[id]?.isEmpty == true { waiting[id] = nil }
    waiter.continuation.resume()
  }

  /// Tells those who wait that a statement has changed.
  func wake(_ record: StatementRecord) {
    guard let waiters = waiting[record.id] else { return }
    let left = waiters.filter { waiter in
      guard waiter.hasEnded(record) else { return true }
      waiter.continuation.resume()
      return false
    }
    waiting[record.id] = left.isEmpty ? nil : left
  }
}

extension StatementRecord {
  /// Whether a part has ended; a batch that has ended has ended all of them.
  func hasEnded(part: Int) -> Bool { status.isFinal || parts.indices.contains(part) && parts[part].status.isFinal }
}

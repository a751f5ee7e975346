import AWSJSONServer
import JSONTypes

/// Plays a script in the place of a database.
extension RedshiftDataService {
  /// What happens to a statement at one moment.
  struct ScriptedEvent: Sendable {
    /// Seconds since 1970, on the service's clock.
    var at: Double
    var change: @Sendable (inout StatementRecord) -> Void
  }

  /// The moment on the service's clock: the system's, or the one that moves when somebody asks.
  func now() -> Double { script?.hasVirtualClock == true ? virtualNow : Moment.now() }

  /// Has a statement go as the script says.
  ///
  /// - Returns: false when the database is to run it.
  func play(_ record: StatementRecord) -> Bool {
    guard var script else { return false }
    let rules = script.take(record)
    self.script = script
    guard let missing = rules.firstIndex(where: { $0 == nil }) else {
      return play(record, rules.compactMap { $0 }, isVirtual: script.hasVirtualClock)
    }
    if script.usesDatabase { return false }
    fail(
      record.id,
      PostgresError(
        sqlState: "XX000",
        message: "no entry of the script's \"statements\" matches: \(record.sqls[missing].prefix(200))"), part: missing)
    return true
  }

  private func play(_ record: StatementRecord, _ rules: [StatementScript.Rule], isVirtual: Bool) -> Bool {
    let events = Self.events(of: record, rules, from: now())
    if let id = record.sessionId { join(session: id, statement: record.id) }
    if isVirtual {
      scripted[record.id] = events
      pass(to: virtualNow)
      return true
    }
    let control = RunControl { _ in }
    let task = Task {
      for event in events {
        let delay = event.at - Moment.now()
        if delay > 0 { guard (try? await Task.sleep(for: .seconds(delay))) != nil else { break } }
        self.change(record.id, event.change)
      }
      self.endPlay(record.id)
    }
    runs[record.id] = (task, control)
    return true
  }

  private func endPlay(_ id: String) {
    runs[id] = nil
    scripted[id] = nil
  }

  /// Moves the virtual clock forward and has happen what happens until then.
  private func pass(to moment: Double) {
    virtualNow = max(virtualNow, moment)
    for id in Array(scripted.keys) {
      while let event = scripted[id]?.first, event.at <= virtualNow {
        scripted[id]?.removeFirst()
        change(id, event.change)
      }
      if scripted[id]?.isEmpty == true || ledger[id]?.status.isFinal == true { endPlay(id) }
    }
  }

  /// In virtual time a question moves the clock to the next thing that happens to the statement, for the next one who asks.
  func passAfterQuestion(about id: String) {
    if script?.hasVirtualClock == true, let next = scripted[id]?.first { pass(to: next.at) }
  }

  /// A long poll in virtual time takes none.
  func passWhileWaiting(for id: String, seconds: Int) {
    let limit = virtualNow + Double(seconds)
    while let next = scripted[id]?.first, next.at <= limit { pass(to: next.at) }
    if scripted[id] != nil { pass(to: limit) }
  }

  private static func events(of record: StatementRecord, _ rules: [StatementScript.Rule], from start: Double) -> [ScriptedEvent] {
    var events: [ScriptedEvent] = []
    var moment = start
    let statuses = rules.first { !$0.statuses.isEmpty }?.statuses ?? []
    for (status, seconds) in statuses where !status.isFinal {
      events.append(
        ScriptedEvent(at: moment) { [moment] record in
          record.status = status
          record.updatedAt = moment
        })
      moment += seconds
    }
    if statuses.isEmpty {
      events.append(
        ScriptedEvent(at: moment) { [moment] record in
          record.status = .started
          record.updatedAt = moment
          record.backendPid = 1
        })
    } else if statuses.last?.status.isFinal != true {
      return events  // it stays there for ever
    }
    let begin = moment
    let isEachItsOwn = record.isBatch && record.executionMode == .autoCommit
    var failure: (part: Int, text: String)?
    for (number, rule) in rules.enumerated() {
      let from = moment
      events.append(ScriptedEvent(at: from) { $0.parts[number].status = .started })
      moment += rule.seconds
      if let error = rule.error {
        let text = "ERROR: \(error)"
        if failure == nil { failure = (number, text) }
        events.append(
          ScriptedEvent(at: moment) { [moment] record in
            record.parts[number].status = .failed
            record.parts[number].updatedAt = moment
            record.parts[number].error = text
            record.parts[number].duration = Int((moment - from) * 1e9)
          })
        if !isEachItsOwn { break }
      } else {
        let result = rule.rows.map { StoredResult(columns: rule.columns, rows: $0, format: record.resultFormat) }
        events.append(
          ScriptedEvent(at: moment) { [moment] record in
            record.parts[number].status = .finished
            record.parts[number].updatedAt = moment
            record.parts[number].duration = Int((moment - from) * 1e9)
            record.parts[number].hasResultSet = result != nil
            record.parts[number].rows = result?.rows ?? rule.affected
            record.parts[number].size = result?.size ?? 0
            record.parts[number].result = result
          })
      }
    }
    let last = statuses.last { $0.status.isFinal }?.status
    events.append(
      ScriptedEvent(at: moment) { [moment, failure] record in
        record.status = last ?? (failure == nil ? .finished : .failed)
        record.updatedAt = moment
        record.duration = Int((moment - begin) * 1e9)
        for index in record.parts.indices where !record.parts[index].status.isFinal {
          record.parts[index].status = .aborted
          record.parts[index].error = StatementRunner.abortedText
        }
        if let failure { record.error = record.isBatch ? "Query #\(failure.part + 1) failed with \(failure.text)" : failure.text }
      })
    return events
  }

  // MARK: faults

  func fault(_ operation: String, _ input: JSONValue) -> WireFault? {
    guard let fault = script?.fault(operation, input) else { return nil }
    switch fault.kind {
    case .throttling: return .refusal(AWSJSONError("ThrottlingException", "Rate exceeded"))
    case .internalError: return .refusal(.internalFailure("An internal error has occurred. Please retry your query."))
    case .internalErrorAfterTaking: return .lostAnswer(.internalFailure("An internal error has occurred. Please retry your query."))
    case .unavailable: return .refusal(AWSJSONError("ServiceUnavailableException", "Service is unavailable.", status: 503))
    case .reset: return .reset(isTaken: false)
    case .resetAfterTaking: return .reset(isTaken: true)
    case .truncated: return .truncated
    case .slow: return .late(.seconds(fault.seconds))
    case .expiredToken:
      return .refusal(AWSJSONError("ExpiredTokenException", "The security token included in the request is expired", status: 403))
    case .clockSkew:
      return .refusal(
        AWSJSONError(
          "InvalidSignatureException", "Signature expired: the time of the request is more than 5 minutes away from the server's.", status: 403))
    }
  }
}

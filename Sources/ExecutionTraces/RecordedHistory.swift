import JSONTypes
package import StatesInterpreter
package import StatesLanguage

/// A history that was read back, whoever wrote it.
///
/// Read are: the answer of `GetExecutionHistory` as `aws stepfunctions get-execution-history` prints it; several of its pages, one after
/// another or in an array; the lines of `sfn-local run --json`. Times may be RFC 3339 or seconds since 1970. Events may stand newest
/// first. Events that several pages have in common count once.
package struct RecordedHistory: Sendable {
  /// In the order of their ids; internal facts where they stood.
  package var events: [RecordedEvent] = []
  /// Ids between the first and the last event that no page has, as for a page that is missing.
  package var gaps: [ClosedRange<EventID>] = []
  /// The service has more events than were read: the last page says that another follows.
  package var isPartial = false
  /// Why reading ended before the end of the text: a line that is still being written.
  package var tornEnd: RecordedHistoryError?

  /// The longest text that is read: 1 GiB.
  package static let maximumByteCount = 1 << 30

  package init() {}

  /// - Throws: what was expected and what came, with its line and column.
  package init(parsing bytes: [UInt8]) throws(RecordedHistoryError) {
    let (documents, problem) = JSONValue.sequence(parsing: bytes, maximumByteCount: Self.maximumByteCount)
    if let problem {
      let error = RecordedHistoryError("not JSON: \(problem.message)", line: problem.line, column: problem.column)
      // Only the last of several lines may be torn; one that breaks off before the end of the text is wrong.
      guard documents.count > 1, problem.offset == bytes.count else { throw error }
      tornEnd = error
    }
    guard !documents.isEmpty else {
      throw RecordedHistoryError("expected the events of an execution, found an empty text", line: 1, column: 1)
    }
    var reader = HistoryReader(bytes: bytes)
    for (number, document) in documents.enumerated() { try reader.read(document, at: [.element(number)]) }
    (events, isPartial) = (reader.events, reader.isPartial)
    guard !events.isEmpty else {
      throw RecordedHistoryError("the history has no events; expected at least ExecutionStarted", line: 1, column: 1)
    }
    try sort(reader)
    findGaps()
  }

  /// The facts of an execution in memory.
  package init(_ facts: some Sequence<HistoryEvent>, machine: StateMachine, settings: ExecutionSettings) {
    events = facts.map { RecordedEvent($0, machine: machine, settings: settings) }
  }

  /// The gaps in words; nil when there are none.
  package var gapText: String? {
    guard let gap = gaps.first else { return nil }
    let ids = gap.count == 1 ? "event \(gap.lowerBound) is" : "events \(gap.lowerBound) to \(gap.upperBound) are"
    return ids + " missing" + (gaps.count > 1 ? ", and \(gaps.count - 1) more stretch\(gaps.count == 2 ? "" : "es")" : "")
  }

  /// Brings events into the order of their ids, and drops those that come twice.
  private mutating func sort(_ reader: HistoryReader) throws(RecordedHistoryError) {
    var last = 0
    let isInOrder = events.allSatisfy { event in
      if event.type.isInternal { return true }
      defer { last = event.id }
      return event.id > last
    }
    if isInOrder { return }
    let order = events.indices.sorted { left, right in
      let (a, b) = (events[left], events[right])
      if a.id != b.id { return a.id < b.id }
      return a.type.isInternal != b.type.isInternal ? b.type.isInternal : left < right
    }
    var sorted: [RecordedEvent] = []
    sorted.reserveCapacity(events.count)
    for position in order {
      let event = events[position]
      if let last = sorted.last, last.id == event.id, last.type.isInternal == event.type.isInternal {
        guard last.type == event.type, last.previousID == event.previousID, last.timestamp == event.timestamp else {
          let place = reader.place(ofEvent: position)
          throw RecordedHistoryError(
            "two different events have the id \(event.id), \(last.type.name) and \(event.type.name): these are events of more than one execution",
            line: place.line, column: place.column)
        }
        continue
      }
      sorted.append(event)
    }
    events = sorted
  }

  private mutating func findGaps() {
    var expected = 1
    for event in events where !event.type.isInternal {
      if event.id > expected { gaps.append(expected...event.id - 1) }
      expected = event.id + 1
    }
  }
}

/// Why a text is not the history of an execution, and where.
package struct RecordedHistoryError: Error, Sendable, Hashable {
  /// What was expected and what came, as a sentence without a full stop.
  package let message: String
  /// 1-based.
  package let line: Int
  /// 1-based, in Unicode scalars.
  package let column: Int

  init(_ message: String, line: Int, column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }
}

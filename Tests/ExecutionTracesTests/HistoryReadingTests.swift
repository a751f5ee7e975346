import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// What is taken for a history, and what is said of anything else.
@Suite struct HistoryReadingTests {
  private func read(_ text: String) throws -> RecordedHistory { try RecordedHistory(parsing: Array(text.utf8)) }

  static let started = #"{"timestamp": "2026-03-02T10:00:00.250000+01:00", "type": "ExecutionStarted", "id": 1, "previousEventId": 0, "executionStartedEventDetails": {"input": "{\"a\": 1}", "inputDetails": {"truncated": false}}}"#
  static let entered = #"{"timestamp": 1772442001.5, "type": "PassStateEntered", "id": 2, "previousEventId": 0, "stateEnteredEventDetails": {"name": "P", "input": "{\"a\": 1}"}}"#
  static let exited = #"{"timestamp": 1772442002, "type": "PassStateExited", "id": 3, "previousEventId": 2, "stateExitedEventDetails": {"name": "P", "output": "[1,"  , "outputDetails": {"truncated": true}}}"#

  @Test(arguments: [
    #"{"events": [\#(started), \#(entered), \#(exited)]}"#,
    #"{"events": [\#(exited), \#(entered), \#(started)]}"#,
    #"{"events": [\#(started), \#(entered)], "nextToken": "t"} {"events": [\#(exited)]}"#,
    #"[{"events": [\#(entered), \#(exited)]}, {"events": [\#(started), \#(entered)]}]"#,
    "[\(started), \(entered), \(exited)]",
    "\(started)\n\(entered)\n\(exited)\n",
    "\u{FEFF}\(started)\n\(entered)\n\(exited)",
  ]) func everyFormIsRead(_ text: String) throws {
    let history = try read(text)
    #expect(history.events.map(\.id) == [1, 2, 3])
    #expect(history.events.map(\.type.name) == ["ExecutionStarted", "PassStateEntered", "PassStateExited"])
    #expect(history.events.map(\.timestamp.microseconds) == [1_772_442_000_250_000, 1_772_442_001_500_000, 1_772_442_002_000_000])
    #expect(history.events[1].input == RecordedPayload(["a": 1]))
    #expect(history.events[2].output == RecordedPayload("[1,", isTruncated: true, isPlainText: true))
    #expect(!history.isPartial && history.gaps.isEmpty && history.tornEnd == nil)
  }

  @Test func whatIsMissingIsKnown() throws {
    let partial = try read(#"{"events": [\#(Self.started), \#(Self.exited)], "nextToken": "more"}"#)
    #expect(partial.isPartial)
    #expect(partial.gaps == [2...2])
    #expect(partial.gapText == "event 2 is missing")
  }

  /// What an event does not say, it does not say when it is written again.
  @Test func whatIsNotSaidIsNotMadeUp() throws {
    let event = try read(#"{"id": 1, "type": "ExecutionStarted"}"#).events[0]
    #expect(event.previousID == nil && !event.hasTime)
    #expect(event.json == ["type": "ExecutionStarted", "id": 1])
    #expect(try read(Self.entered).events[0].previousID == 0)
  }

  @Test func aLineThatIsBeingWrittenIsLeftOut() throws {
    let torn = try read("\(Self.started)\n\(Self.entered)\n\(Self.exited.prefix(40))")
    #expect(torn.events.count == 2)
    #expect(torn.tornEnd?.line == 3)
  }

  @Test(arguments: [
    ("", "1:1 expected the events of an execution, found an empty text"),
    ("{\"events\": [}", "1:13 not JSON: expected a value, found '}'"),
    ("3", "1:1 expected the events of an execution, found a number"),
    ("{\"events\": []}", "1:1 the history has no events; expected at least ExecutionStarted"),
    ("{\"events\": [\n  \(started),\n  7]}", "3:3 expected an event, found a number"),
    ("\(started)\n{\"type\": \"X\", \"id\": \"two\"}", "2:21 expected an integer from 1 for id, found \"two\""),
    ("[\(started), {\"id\": null, \"type\": \"X\"}]", "1:214 expected an integer from 1 for id, found null"),
    ("{\"events\": [{\"id\": 1, \"type\": \"X\", \"timestamp\": \"yesterday\"}]}", "1:49 expected a time as RFC 3339 or in seconds since 1970, found \"yesterday\""),
    ("{\"events\": [{\"id\": 1, \"previousEventId\": 5, \"type\": \"X\"}]}", "1:42 the event 1 follows from 5, which comes later"),
  ]) func wrongTextIsRefusedWithItsPlace(_ text: String, _ expected: String) {
    do throws(RecordedHistoryError) {
      _ = try RecordedHistory(parsing: Array(text.utf8))
      Issue.record("\(text) was read")
    } catch {
      #expect("\(error.line):\(error.column) \(error.message)" == expected)
    }
  }

  @Test func otherFilesAreNamed() throws {
    for (text, hint) in [(#"{"StartAt": "A", "States": {}}"#, "this is a definition"), (#"{"executionArn": "x", "status": "FAILED"}"#, "DescribeExecution")] {
      let error = #expect(throws: RecordedHistoryError.self) { try read(text) }
      #expect(error?.message.contains(hint) == true, "\(text)")
    }
  }

  @Test func eventsOfTwoExecutionsDoNotMix() throws {
    let other = Self.entered.replacingLast("1772442001.5", with: "1772442009")
    let error = #expect(throws: RecordedHistoryError.self) { try read("\(Self.started)\n\(Self.entered)\n\(other)\n\(Self.started)") }
    #expect(error?.message.contains("more than one execution") == true)
  }

  /// Our own facts, as values and as the lines that are printed of them, say the same.
  @Test func factsInMemoryAndLinesAgree() throws {
    let machine = try Examples.machine(Examples.everything)
    for seed in 0..<20 as Range<UInt64> {
      let facts = Examples.facts(of: machine, seed: seed)
      let read = try read(Examples.lines(facts, machine)).events
      let made = RecordedHistory(facts, machine: machine, settings: Examples.settings).events
      #expect(read.count == made.count)
      for (left, right) in zip(read, made) {
        #expect(left.json == right.json)
        #expect(left.input == right.input && left.output == right.output && left.parameters == right.parameters && left.result == right.result)
        #expect(left.error == right.error && left.until == right.until && left.assigned.map(\.payload) == right.assigned.map(\.payload))
      }
    }
  }
}

extension String {
  fileprivate func replacingLast(_ text: String, with other: String) -> String {
    guard let start = indices.last(where: { self[$0...].hasPrefix(text) }) else { return self }
    return self[..<start] + other + self[index(start, offsetBy: text.count)...]
  }
}

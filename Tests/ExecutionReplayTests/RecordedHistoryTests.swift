import ExecutionReplay
import JSONTypes
import Testing

@Suite struct RecordedHistoryTests {
  static let started = #"{"type": "ExecutionStarted", "id": 1, "previousEventId": 0, "executionStartedEventDetails": {"input": "{}"}}"#
  static let entered = #"{"type": "PassStateEntered", "id": 2, "previousEventId": 0, "stateEnteredEventDetails": {"name": "A", "input": "{}"}}"#
  static let aborted = #"{"type": "ExecutionAborted", "id": 3, "previousEventId": 0}"#

  @Test(
    arguments: [
      #"{"events": [\#(started), \#(entered)]}"#,
      #"{"events": [\#(entered), \#(started)]}"#,
      "[\(started), \(entered)]",
      "\(started)\n\(entered)\n",
      #"\#(started)\#n{"type": "WaitStarted", "id": 2, "previousEventId": 2}\#n\#(entered)"#.replacing("\\#n", with: "\n"),
      #"{"events": [\#(entered)]}"# + "\n" + #"{"events": [\#(started)]}"#,
    ])
  func readsEveryForm(_ text: String) throws {
    #expect(try RecordedHistory(parsing: text).events.map(\.type) == ["ExecutionStarted", "PassStateEntered"])
  }

  @Test func readsTimesOfBothForms() throws {
    let events = [#""2024-01-01T00:00:00.123000+00:00""#, "1704067200.123"].map { #"{"type": "ExecutionStarted", "id": 1, "timestamp": \#($0)}"# }
    for event in events { #expect(try RecordedHistory(parsing: event).events[0].timestamp?.microseconds == 1_704_067_200_123_000) }
  }

  @Test(
    arguments: [
      ("", "no events"), ("{", "line 1, column 2"), ("[]", "no events"), ("3", "found a number"), (#"{"a": 1}"#, #"found an object with "a""#),
      (#"{"events": 1}"#, "expected an array"), ("[\(entered)]", "the beginning of the history is missing"),
      ("[\(started), \(aborted)]", "id 2 is missing"), ("[\(started), \(started)]", "more than one history"),
      (#"{"events": [\#(started)], "nextToken": "x"}"#, "fetch all pages"), (#"[{"type": "ExecutionStarted"}]"#, #"as "id", found nothing"#),
      ("\(started)\n{", "line 2"),
    ])
  func saysWhyATextIsNoHistory(_ text: String, _ expected: String) {
    let error = #expect(throws: RecordedHistory.ReadError.self) { try RecordedHistory(parsing: text) }
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }
}

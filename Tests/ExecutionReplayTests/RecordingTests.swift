import ExecutionReplay
import ExecutionTraces
import JSONTypes
import Testing

/// Which histories can be replayed.
@Suite struct RecordingTests {
  static let started = #"{"type": "ExecutionStarted", "id": 1, "previousEventId": 0, "executionStartedEventDetails": {"input": "{}"}}"#
  static let entered = #"{"type": "PassStateEntered", "id": 2, "previousEventId": 0, "stateEnteredEventDetails": {"name": "A", "input": "{}"}}"#
  static let aborted = #"{"type": "ExecutionAborted", "id": 3, "previousEventId": 0}"#

  private static func recording(_ text: String) throws -> Recording { try Recording(RecordedHistory(parsing: Array(text.utf8))) }

  @Test(
    arguments: [
      #"{"events": [\#(started), \#(entered)]}"#,
      #"{"events": [\#(entered), \#(started)]}"#,
      "\(started)\n" + #"{"type": "WaitStarted", "id": 2, "previousEventId": 2}"# + "\n\(entered)\n",
      #"{"events": [\#(entered)]}"# + "\n" + #"{"events": [\#(started)]}"#,
      // Still being written.
      "\(started)\n\(entered)\n{\"type\": \"Pa",
    ])
  func takesWholeHistories(_ text: String) throws {
    let recording = try Self.recording(text)
    #expect(recording.events.map(\.type) == ["ExecutionStarted", "PassStateEntered"])
    #expect(recording.events[1].stateName == "A" && recording.events[1].details["input"] == "{}")
    #expect(!recording.isComplete)
  }

  @Test func whatIsNotSaidIsNil() throws {
    let bare = try Self.recording(#"{"type": "ExecutionStarted", "id": 1}"#).events[0]
    #expect(bare.timestamp == nil && bare.previousEventID == nil)
    #expect(bare.json == ["type": "ExecutionStarted", "id": 1])
    let full = try Self.recording(#"{"type": "ExecutionStarted", "id": 1, "previousEventId": 0, "timestamp": 1704067200.123}"#).events[0]
    #expect(full.timestamp?.microseconds == 1_704_067_200_123_000 && full.previousEventID == 0)
  }

  @Test(
    arguments: [
      ("[\(entered)]", "the beginning of the history is missing"), ("[\(started), \(aborted)]", "event 2 is missing"),
      (#"{"type": "WaitStarted", "id": 2}"#, "no events"), (#"{"events": [\#(started)], "nextToken": "x"}"#, "fetch all pages"),
    ])
  func saysWhatIsMissing(_ text: String, _ expected: String) {
    let error = #expect(throws: RecordingError.self) { try Self.recording(text) }
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }

  /// The last page may say that another follows, and there is none.
  @Test func aTokenAfterTheEndDoesNoHarm() throws {
    let last = Self.aborted.replacing("3", with: "2")
    #expect(try Self.recording(#"{"events": [\#(Self.started), \#(last)], "nextToken": "x"}"#).isComplete)
  }
}

import Foundation
import JSONTypes
import StateGraphs
import TestSupport
import Testing

@testable import ExecutionPages

/// Visits read back from histories: written ones with an answer to each question, and all that were recorded from the service.
@Suite struct OutlineTests {
  /// Events as `type previousEventId [name] [#index]`, numbered from 1.
  static func events(_ lines: String...) -> [JSONValue] {
    lines.enumerated().map { number, line in
      let words = line.split(separator: " ").map(String.init)
      var details = JSONObject()
      for word in words.dropFirst(2) {
        if word.hasPrefix("#") { details["index"] = .int(Int64(word.dropFirst()) ?? 0) } else { details["name"] = .string(word) }
      }
      var event: JSONObject = ["id": .int(Int64(number + 1)), "previousEventId": .int(Int64(words[1]) ?? 0), "type": .string(words[0]), "timestamp": .int(Int64(number))]
      if !details.isEmpty { event["someEventDetails"] = .object(details) }
      return .object(event)
    }
  }

  /// A span a line: indented by depth, with its status and its first and last event.
  static func text(_ outline: ExecutionOutline) -> [String] {
    outline.spans.map { span in
      var depth = 0
      var outer = span.parent
      while let number = outer {
        depth += 1
        outer = outline.spans[number].parent
      }
      let name =
        switch span.kind {
        case .visit(let state, _): state
        case .branch(let index): "branch \(index)"
        case .iteration(let index): "iteration \(index)"
        }
      return String(repeating: " ", count: depth) + "\(name) \(span.status.rawValue) \(span.first + 1)-\(span.last.map { String($0 + 1) } ?? "")"
    }
  }

  /// The example of docs/events.md, without `frame`.
  @Test func parallelThatIsCaughtThenAMap() {
    let outline = ExecutionOutline(events: Self.events(
      "ExecutionStarted 0", "ParallelStateEntered 0 Both", "ParallelStateStarted 2", "WaitStateEntered 3 Left", "FailStateEntered 3 Right",
      "WaitStateAborted 5", "ParallelStateFailed 5", "ParallelStateExited 7 Both", "MapStateEntered 8 Each", "MapStateStarted 9",
      "MapIterationStarted 10 Each #0", "PassStateEntered 11 Work", "MapIterationStarted 10 Each #1", "PassStateEntered 13 Work",
      "PassStateExited 12 Work", "MapIterationSucceeded 15 Each #0", "PassStateExited 14 Work", "MapIterationSucceeded 17 Each #1",
      "MapStateSucceeded 18", "MapStateExited 18 Each", "ExecutionSucceeded 20"))
    #expect(Self.text(outline) == [
      "Both caught 2-8", " branch 0 aborted 4-8", "  Left aborted 4-6", " branch 1 failed 5-7", "  Right failed 5-7",
      "Each succeeded 9-20", " iteration 0 succeeded 11-16", "  Work succeeded 12-15", " iteration 1 succeeded 13-18", "  Work succeeded 14-17",
    ])
    let marks = ExecutionMarks(outline)
    #expect(marks.outcomes["Both"] == StateOutcome(.caught, visits: 1))
    #expect(marks.outcomes["Work"] == StateOutcome(.succeeded, visits: 2))
    #expect(marks.taken.contains(ExecutionMarks.Pair(from: "Both", to: "Each")))
    #expect(marks.taken.contains(ExecutionMarks.Pair(from: "Each", to: "")))
    #expect(marks.taken.contains(ExecutionMarks.Pair(from: "", to: "Work")))
    #expect(!marks.taken.contains(ExecutionMarks.Pair(from: "Left", to: "")))
  }

  @Test func aTaskThatIsTriedAgainSucceeds() {
    let outline = ExecutionOutline(events: Self.events(
      "ExecutionStarted 0", "TaskStateEntered 0 Call", "TaskScheduled 2", "TaskFailed 3", "TaskScheduled 4", "TaskSucceeded 5", "TaskStateExited 6 Call", "ExecutionSucceeded 7"))
    #expect(Self.text(outline) == ["Call succeeded 2-7"])
    #expect(outline.spans[0].attempts == 2)
  }

  @Test func aFailureGoesUpThroughWhatIsAroundIt() {
    let outline = ExecutionOutline(events: Self.events(
      "ExecutionStarted 0", "ParallelStateEntered 0 Outer", "ParallelStateStarted 2", "ParallelStateEntered 3 Inner", "ParallelStateStarted 4",
      "TaskStateEntered 5 Call", "TaskScheduled 6", "TaskFailed 7", "ParallelStateFailed 8", "ParallelStateFailed 9", "ExecutionFailed 10"))
    #expect(Self.text(outline) == [
      "Outer failed 2-11", " branch 0 failed 4-10", "  Inner failed 4-10", "   branch 0 failed 6-9", "    Call failed 6-9",
    ])
  }

  @Test func aHistoryThatIsCutOffIsRead() {
    let all = Self.events(
      "ExecutionStarted 0", "MapStateEntered 0 Each", "MapStateStarted 2", "MapIterationStarted 3 Each #0", "PassStateEntered 4 A", "PassStateExited 5 A", "PassStateEntered 6 B")
    #expect(Self.text(ExecutionOutline(events: all)) == ["Each running 2-", " iteration 0 running 4-", "  A succeeded 5-6", "  B running 7-"])
    // The end alone, in the order newest first.
    #expect(Self.text(ExecutionOutline(events: all.suffix(3).reversed())) == ["A succeeded 1-2", "B running 3-"])
  }

  @Test func aRedrivenExecutionGoesOn() {
    let outline = ExecutionOutline(events: Self.events(
      "ExecutionStarted 0", "TaskStateEntered 0 Call", "TaskScheduled 2", "TaskFailed 3", "ExecutionFailed 4", "ExecutionRedriven 5", "TaskScheduled 4", "TaskSucceeded 7",
      "TaskStateExited 8 Call", "ExecutionSucceeded 9"))
    #expect(Self.text(outline) == ["Call succeeded 2-9"])
  }

  @Test func whatMakesNoSenseIsReadWithoutHarm() {
    let events: [JSONValue] = [
      7, nil, ["type": "PassStateExited", "id": 3, "previousEventId": 99, "d": 1], ["type": "MapIterationStarted", "id": 4, "previousEventId": 4],
      ["type": "TaskStateAborted", "id": 5, "frame": 3], ["type": "ParallelStateFailed", "id": 5, "previousEventId": 5], ["type": 7, "id": "x", "timestamp": "never"],
      ["type": "StateEntered", "id": 9_000_000_000_000, "timestamp": 1e300, "stateEnteredEventDetails": ["name": 5]], ["type": "ExecutionFailed", "id": -1],
    ]
    let page = ExecutionPage(events: events, definition: nil, heading: ExecutionPage.Heading())
    #expect(page.html.hasSuffix("</html>\n"))
    #expect(page.outline.events.count == events.count)
  }

  /// What must hold for every history of the service.
  @Test func holdsForTheRecordings() throws {
    guard let folder = Conformance.folder, FileManager.default.fileExists(atPath: folder + "/sfn") else {
      print("sfn: no recordings here (set SFN_CONFORMANCE to their folder); this test has nothing to read")
      return
    }
    var read = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: folder + "/sfn").sorted() where file.hasSuffix(".jsonl") {
      for testCase in try Conformance.cases("sfn/" + file) {
        for execution in testCase["executions"]?.asArray ?? [] {
          guard let events = execution["expected"]?["events"]?.asArray, events.contains(where: { $0["type"] == "ExecutionStarted" }) else { continue }
          // Where the order of events was free, their ids were left out.
          if events.contains(where: { $0["id"]?.asInt == nil }) { continue }
          check(ExecutionOutline(events: events), testCase["id"]?.asString ?? file)
          read += 1
        }
      }
    }
    #expect(read > 200)
  }

  private func check(_ outline: ExecutionOutline, _ place: String) {
    let types = outline.events.map { $0["type"]?.asString ?? "" }
    let entered = types.filter { $0.hasSuffix("StateEntered") }.count
    #expect(outline.spans.filter(\.isVisit).count == entered, "\(place)")
    for (position, type) in types.enumerated() where !type.hasPrefix("Execution") {
      guard let span = outline.spanOfEvent[position] else {
        Issue.record("\(place): \(type) belongs to nothing")
        continue
      }
      let event = Event(outline.events[position])
      if type.hasSuffix("StateExited") { #expect(outline.spans[span].last == position && outline.spans[span].state == event.name, "\(place): \(type)") }
      if type.hasSuffix("StateAborted") { #expect(outline.spans[span].status == .aborted && outline.spans[span].type == type.replacingOccurrences(of: "StateAborted", with: ""), "\(place): \(type)") }
    }
    let isEnded = types.last.map { ["ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"].contains($0) } ?? false
    let left = types.enumerated().filter { $0.element.hasSuffix("StateExited") }.count
    #expect(outline.spans.filter { $0.isVisit && ($0.status == .succeeded || $0.status == .caught) }.count == left, "\(place)")
    if isEnded { #expect(!outline.spans.contains { $0.status == .running }, "\(place)") }
    if types.last == "ExecutionSucceeded" { #expect(!outline.spans.contains { $0.isVisit && $0.parent == nil && $0.status != .succeeded && $0.status != .caught }, "\(place): \(Self.text(outline))") }
    for span in outline.spans {
      if let parent = span.parent { #expect(outline.spans[parent].first <= span.first, "\(place)") }
      if let last = span.last { #expect(span.first <= last, "\(place)") }
    }
  }
}

import Foundation
import JSONTypes
import JSONata
import StateGraphs
import Testing

@testable import ExecutionPages

/// The text of a page; what a browser makes of it is checked in `Tests/Clients/execution_page.py`.
@Suite struct PageTests {
  static let hostile = ["</script><script>alert(1)</script>", "<!--<script>", "<img src=x onerror=alert(1)>", "\u{2028}\u{2029}", "\u{202e}", "&amp;&lt;", "\u{0}", "]]>"]

  private func page() -> ExecutionPage {
    var events = OutlineTests.events("ExecutionStarted 0")
    for text in Self.hostile {
      let (id, payload) = (Int64(events.count + 1), JSONValue.string(JSONValue.object([text: .string(text)]).jsonText))
      events.append(["id": .int(id), "previousEventId": .int(id == 2 ? 0 : id - 1), "type": "PassStateEntered", "timestamp": .string(text),
                     "stateEnteredEventDetails": ["name": .string(text), "input": payload]])
      events.append(["id": .int(id + 1), "previousEventId": .int(id), "type": "PassStateExited", "stateExitedEventDetails": ["name": .string(text), "output": payload]])
    }
    return ExecutionPage(events: events, definition: nil, heading: ExecutionPage.Heading(stateMachine: Self.hostile[0], execution: Self.hostile[2], status: "<b>"))
  }

  private func part(_ html: String, after start: String, before end: String) throws -> String {
    let from = try #require(html.range(of: start)).upperBound
    return String(html[from..<(try #require(html.range(of: end, range: from..<html.endIndex)).lowerBound)])
  }

  @Test func thePolicyAdmitsWhatIsOnThePageAndNothingElse() throws {
    let html = page().html
    let script = try part(html, after: "<script>", before: "</script>")
    let style = try part(html, after: "<style>", before: "</style>")
    let policy = try part(html, after: "Content-Security-Policy\" content=\"", before: "\">")
    func digest(_ text: String) -> String { Data(MessageDigest.sha256.digest(of: Array(text.utf8))).base64EncodedString() }
    #expect(policy == "default-src 'none'; script-src 'sha256-\(digest(script))'; style-src 'sha256-\(digest(style))'; base-uri 'none'; form-action 'none'")
    let bare = html.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
    #expect(!bare.contains("http:") && !bare.contains("https:") && !bare.contains("url("))
    #expect(!html.contains(" style=\"") && !html.contains(" onclick"))
  }

  @Test func dataEndNoElementAndBeginNone() throws {
    let html = page().html
    #expect(html.components(separatedBy: "<script").count == 3)
    #expect(html.components(separatedBy: "</script>").count == 3)
    let data = try part(html, after: "id=\"data\">", before: "</script>")
    #expect(!data.contains("<") && !data.contains(">") && !data.contains("&") && !data.contains("\u{2028}") && !data.contains("\u{2029}"))
    // And it is the same data.
    let value = try JSONValue(parsing: data)
    #expect(value["events"]?.asArray == page().outline.events)
    #expect(!html.contains("<img") && !html.contains("<b>"))
  }

  @Test func embeddedJSONIsTheSameValue() throws {
    let texts = Self.hostile + ["\u{E2}\u{80}", "é\u{2027}\u{202a}", "plain"]
    let value = JSONValue.array(texts.map(JSONValue.string))
    #expect(try JSONValue(parsing: ExecutionPage.embedded(value)) == value)
  }

  @Test func aHistoryWithoutItsDefinitionShowsWhatWasVisited() throws {
    let events = OutlineTests.events(
      "ExecutionStarted 0", "ParallelStateEntered 0 Both", "ParallelStateStarted 2", "PassStateEntered 3 Left", "PassStateEntered 3 Right", "PassStateExited 4 Left",
      "PassStateExited 5 Right", "ParallelStateSucceeded 7", "ParallelStateExited 7 Both", "SucceedStateEntered 9 Done", "SucceedStateExited 10 Done", "ExecutionSucceeded 11")
    let page = ExecutionPage(events: events, definition: nil, heading: ExecutionPage.Heading())
    let graph = try #require(page.graph)
    #expect(graph.stateCount == 4)
    #expect(graph.scopes.count == 3)
    #expect(graph.edges.contains { graph.nodes[$0.from].name == "Both" && graph.nodes[$0.to].name == "Done" })
    #expect(page.html.contains(">SUCCEEDED<"))
    #expect(ExecutionPage(events: [], definition: nil, heading: ExecutionPage.Heading()).html.contains("The events show no state."))
  }

  /// Facts without an id of their own are told apart, so that the page counts events as the service does.
  @Test func factsAreNotCountedAsEvents() throws {
    let events: [JSONValue] = ["ExecutionStarted", "WaitStateEntered", "WaitStarted", "DataChanged", "WaitStateExited"].enumerated().map { number, type in
      ["id": .int(Int64(number < 2 ? number + 1 : number == 4 ? 3 : 2)), "previousEventId": .int(Int64(min(number, 2))), "type": .string(type)]
    }
    let html = ExecutionPage(events: events, definition: nil, heading: ExecutionPage.Heading()).html
    #expect(html.contains(#""facts":[2,3],"#))
  }
}

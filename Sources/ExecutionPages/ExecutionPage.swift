import JSONata
public import JSONTypes
public import StateGraphs
import StatesLanguage

/// One execution as one HTML page that needs nothing besides: its graph, its timeline, its events with every payload.
///
/// What comes from the execution is shown and never acted on. The page's policy allows the one script and the one style sheet that stand here, by
/// their digests, and nothing from anywhere else; data stand in a block of JSON in which no `<` is left, and reach the page as text only.
public struct ExecutionPage: Sendable {
  /// What the page is called, and what its head says. What is nil is taken from the events where they say it.
  public struct Heading: Sendable, Hashable {
    public var stateMachine: String?
    public var execution: String?
    /// `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `ABORTED` or `RUNNING`.
    public var status: String?
    public init(stateMachine: String? = nil, execution: String? = nil, status: String? = nil) {
      self.stateMachine = stateMachine
      self.execution = execution
      self.status = status
    }
  }

  public let heading: Heading
  public let outline: ExecutionOutline
  public let graph: StateGraph?
  private let isObserved: Bool

  /// - Parameters:
  ///   - events: as `GetExecutionHistory` answers them, in any order; those of `sfn-local run --json` too.
  ///   - definition: nil when it is not at hand: then the graph has the states that the events show.
  public init(events: [JSONValue], definition: StateGraph?, heading: Heading) {
    self.heading = heading
    outline = ExecutionOutline(events: events)
    isObserved = definition == nil
    graph = definition ?? StateGraph(observedIn: outline, title: heading.stateMachine ?? "execution")
  }

  public var html: String {
    let marks = ExecutionMarks(outline)
    let title = [heading.stateMachine, heading.execution].compactMap(\.self).joined(separator: " · ")
    let shownTitle = ShownText.markup(ShownText.visible(title.isEmpty ? "Execution" : title))
    let script = PageScript.text
    let style = PageStyle.text
    let policy =
      "default-src 'none'; script-src 'sha256-\(Self.digest(script))'; style-src 'sha256-\(Self.digest(style))'; base-uri 'none'; form-action 'none'"
    let drawing = graph?.svg(marks: marks, isAlone: false) ?? "<p class=\"empty\">The events show no state.</p>"
    let note = isObserved ? "<p class=\"note\">Without the definition: the states and ways that the events show.</p>" : ""
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="referrer" content="no-referrer">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(shownTitle)</title>
      <style>\(style)</style>
      </head>
      <body>
      \(PageBody.head(title: shownTitle, status: status))
      <main>
      <section id="graph" aria-label="Graph of the states">
      \(PageBody.graphTools)
      \(note)<div id="canvas" tabindex="0">\(drawing)</div>
      </section>
      \(PageBody.panels)
      </main>
      <noscript><p class="note">The timeline and the events need JavaScript. Nothing is loaded from anywhere.</p></noscript>
      <script type="application/json" id="data">\(Self.embedded(data))</script>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  private var status: String {
    if let status = heading.status { return status }
    return switch outline.events.last.map({ Event($0).type }) {
    case "ExecutionSucceeded"?: "SUCCEEDED"
    case "ExecutionFailed"?: "FAILED"
    case "ExecutionAborted"?: "ABORTED"
    case "ExecutionTimedOut"?: "TIMED_OUT"
    default: "RUNNING"
    }
  }

  // MARK: Data

  /// What the script reads.
  private var data: JSONValue {
    func number(_ value: Int?) -> JSONValue { value.map { .int(Int64($0)) } ?? .null }
    let spans: [JSONValue] = outline.spans.map { span in
      let kind: [JSONValue] =
        switch span.kind {
        case .visit(let state, let type): [.string(state), .string(type)]
        case .branch(let index): [.int(Int64(index)), "branch"]
        case .iteration(let index): [.int(Int64(index)), "iteration"]
        }
      return .array(kind + [number(span.parent), number(span.first), number(span.last), .string(span.status.rawValue), number(span.attempts)])
    }
    let nodes: [JSONValue] = (graph?.nodes ?? []).map { node in if case .state = node.kind { .string(node.name) } else { .null } }
    return .object([
      "events": .array(outline.events),
      // Microseconds since the first event; null where an event has no time.
      "times": .array(times),
      // Positions of facts without an id of their own.
      "facts": .array(outline.events.indices.filter { Event(outline.events[$0]).isInternal }.map(number)),
      "spans": .array(spans),
      "spanOfEvent": .array(outline.spanOfEvent.map(number)),
      "nodes": .array(nodes),
    ])
  }

  private var times: [JSONValue] {
    let all = outline.events.map { Event($0).time }
    guard let first = all.compactMap(\.self).min() else { return all.map { _ in .null } }
    return all.map { time in time.map { .int($0.subtractingReportingOverflow(first).partialValue) } ?? .null }
  }

  /// JSON that ends no element and begins none. Outside of its strings, JSON has none of these characters.
  static func embedded(_ value: JSONValue) -> String {
    var bytes: [UInt8] = []
    let text = value.jsonBytes
    bytes.reserveCapacity(text.count + text.count / 16)
    for (index, byte) in text.enumerated() {
      switch byte {
      case UInt8(ascii: "<"): bytes += Array("\\u003c".utf8)
      case UInt8(ascii: ">"): bytes += Array("\\u003e".utf8)
      case UInt8(ascii: "&"): bytes += Array("\\u0026".utf8)
      // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
      case 0xA8 where index > 1 && text[index - 1] == 0x80 && text[index - 2] == 0xE2, 0xA9 where index > 1 && text[index - 1] == 0x80 && text[index - 2] == 0xE2:
        bytes.removeLast(2)
        bytes += Array("\\u202\(byte == 0xA8 ? "8" : "9")".utf8)
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func digest(_ text: String) -> String { Base64.encode(MessageDigest.sha256.digest(of: Array(text.utf8))) }
}

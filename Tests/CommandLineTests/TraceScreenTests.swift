import ExecutionTraces
import JSONTypes
import StatesLanguage
import Testing

@testable import sfn_local

/// The screen of a trace as a value: what keys make of it, and what it draws.
@Suite struct TraceScreenTests {
  private func screen() throws -> TraceScreen { TraceScreen(try TraceHistories.trace(), title: "orders") }

  private func press(_ screen: inout TraceScreen, _ keys: String, columns: Int = 100, rows: Int = 30) {
    for key in keys { _ = screen.handle(.character(key), columns: columns, rows: rows) }
  }

  private func text(_ screen: inout TraceScreen, columns: Int = 100, rows: Int = 30) -> [String] {
    screen.drawing(columns: columns, rows: rows).lines.map(\.text)
  }

  private func id(_ screen: TraceScreen) -> Int { screen.trace.events[screen.step].id }

  @Test func keysWalk() throws {
    var screen = try screen()
    press(&screen, "jj")
    #expect(id(screen) == 3)
    press(&screen, "k")
    #expect(id(screen) == 2)
    press(&screen, "f")
    #expect(screen.trace.events[screen.step].type.name == "FailStateEntered")
    #expect(screen.trace.pathText(of: screen.trace.places[screen.step].frame) == "Each order[1] › Reserve and charge[1]")
    press(&screen, "<")
    #expect(screen.trace.state(at: screen.step)?.name == "Reserve and charge")
    press(&screen, ">")
    #expect(screen.trace.pathText(of: screen.trace.places[screen.step].frame) == "Each order[1] › Reserve and charge[0]")
    press(&screen, "]")
    #expect(screen.trace.pathText(of: screen.trace.places[screen.step].frame) == "Each order[1] › Reserve and charge[1]")
    press(&screen, "<")
    press(&screen, "v")
    #expect(screen.trace.visit(at: screen.step)?.number == 3)
    press(&screen, "V")
    #expect(screen.trace.visit(at: screen.step)?.number == 2)
    press(&screen, "G")
    #expect(screen.step == screen.trace.events.count - 1)
    _ = screen.handle(.control("o"), columns: 100, rows: 30)
    #expect(screen.trace.visit(at: screen.step)?.number == 2)
    press(&screen, "12")
    _ = screen.handle(.enter, columns: 100, rows: 30)
    #expect(id(screen) == 12)
    press(&screen, "g")
    #expect(screen.step == 0)
    #expect(screen.handle(.character("q"), columns: 100, rows: 30) == .quit)
    #expect(screen.handle(.control("c"), columns: 100, rows: 30) == .interrupt)
  }

  @Test func searchGoesAroundAndSaysSo() throws {
    var screen = try screen()
    press(&screen, "/too many")
    #expect(text(&screen).last == "/too many")
    _ = screen.handle(.enter, columns: 100, rows: 30)
    #expect(text(&screen).last == "\"too many\" is nowhere")
    press(&screen, "/MapStateExited")
    _ = screen.handle(.enter, columns: 100, rows: 30)
    #expect(screen.trace.events[screen.step].type.name == "MapStateExited")
    press(&screen, "n")
    #expect(text(&screen).last == "\"MapStateExited\" is in this event only")
    press(&screen, "/toomany")
    _ = screen.handle(.enter, columns: 100, rows: 30)
    #expect(text(&screen).contains { $0.contains("TooMany") })
    press(&screen, ":99999")
    _ = screen.handle(.enter, columns: 100, rows: 30)
    #expect(text(&screen).last?.contains("is the nearest") == true)
  }

  @Test func helpShowsTheKeys() throws {
    var screen = try screen()
    press(&screen, "?")
    #expect(text(&screen).contains { $0.contains("next, previous failure") })
    press(&screen, "q")
    #expect(text(&screen).first?.contains("event 1 of") == true)
  }

  /// What a screen of the usual size shows at the failure.
  @Test func aScreen() throws {
    var screen = try screen()
    press(&screen, "f", columns: 80, rows: 24)
    let lines = text(&screen, columns: 80, rows: 24).map(\.trimmed)
    #expect(lines.joined(separator: "\n") == """
       event 21 of 51  ·  Each order[1] › Reserve and charge[1]  ·  SUCCEEDED in 2.00…
       ✓ Prepare                      │ #21 ✗ FailStateEntered  Refuse
       ✓ Each order                   │ +0.000 s  2026-03-02T09:00:00.000Z
         ! Reserve and charge  ×3     │ in Each order[1] › Reserve and charge[1]
           ✓ Reserve  ×3              │ follows from #20 ChoiceStateExited
           ✓ Enough?  ×3              │
      ▶    ✗ Refuse                   │ Error
           ✓ Charge  ×2               │   TooMany
         ✓ Rest  ×2                   │   at most 5 of one kind
         ✓ Note                       │
       ✓ Sum                          │ Input
      ────────────────────────────────│   {
       16 [0][0] ✓ Reserve            │     "id": 2,
       17 [0][1] ✓ Enough?            │     "qty": 9
       18 [0][1] → Charge             │   }
       19 [1][0] ✓ Reserve            │
       20 [1][1] ✓ Enough?            │ Variables
       21 [1][1] ✗ Refuse             │   $limit = 5
       22 [0][1] ✓ Charge             │   $shop = "north"
       23 [0] ✓ ParallelStateSucceeded│
       24 [0] ✓ Reserve and charge    │
       25 [0] → Rest                  │
       26 [1] ✗ ParallelStateFailed   │
      j k step  f failure  > < in out  / search  ? help  q quit
      """)
  }

  /// No key and no size leads astray: each line fits, and nothing reaches a terminal raw.
  @Test func anythingMayBePressedAtAnySize() throws {
    let hostile = #"{"id":1,"type":"ExecutionStarted","executionStartedEventDetails":{"input":"{\"\u001b]0;title\u0007\":\"日本語のテキスト👩‍👩‍👧\u202e\"}"}}"#
    let events = hostile + #"{"id":2,"previousEventId":0,"type":"PassStateEntered","stateEnteredEventDetails":{"name":"\u001b[2J日本","input":"3"}}"#
    let traces = [
      try TraceHistories.trace(), ExecutionTrace(try RecordedHistory(parsing: Array(events.utf8))),
    ]
    var random = SeededRandom(seed: 5)
    let keys: [Key] = "jkhlgGsSfFvV<>o[]nNJKr?/\\:123\u{E9}日 b".map { .character($0) } + [
      .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .enter, .tab, .backTab, .backspace, .delete, .escape, .control("o"), .control("d"),
      .control("u"), .control("x"),
    ]
    for trace in traces {
      var screen = TraceScreen(trace, title: "\u{1B}[31mtitle")
      for _ in 0..<1500 {
        let (columns, rows) = (Int(random.next() % 130) + 1, Int(random.next() % 40) + 1)
        _ = screen.handle(keys[Int(random.next() % UInt64(keys.count))], columns: columns, rows: rows)
        let drawing = screen.drawing(columns: columns, rows: rows)
        #expect(drawing.lines.count <= max(rows, 3))
        for line in drawing.lines {
          #expect(line.cut(to: columns).columns <= columns)
          #expect(line.text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0.value != 0x202E })
        }
      }
    }
  }

  @Test func aGrowingTraceIsFollowedFromItsEnd() throws {
    let whole = try TraceHistories.trace()
    var part = ExecutionTrace(definition: whole.machine)
    part.append(whole.events.prefix(10))
    var screen = TraceScreen(part, title: "t")
    part.append(whole.events[10..<20])
    screen.update(part)
    #expect(screen.step == 0)
    press(&screen, "G")
    part.append(whole.events[20...])
    screen.update(part)
    #expect(screen.step == whole.events.count - 1)
  }

  @Test func linesAreWrappedByColumns() {
    let line = ScreenLine("日本語テキスト and more")
    #expect(line.wrapped(to: 10).map(\.text) == ["日本語テキ", "  スト and", "   more"])
    #expect(line.wrapped(to: 40) == [line])
    #expect(line.cut(to: 6).text == "日本…")
    #expect(line.fitted(to: 7).columns == 7)
  }
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}

/// What keys are made of.
@Suite struct KeyReaderTests {
  @Test(arguments: [
    ("a", [Key.character("a")]), ("\u{1B}[A\u{1B}OB", [.up, .down]), ("\u{1B}[5~\u{1B}[6~", [.pageUp, .pageDown]), ("\r\u{7F}\t", [.enter, .backspace, .tab]),
    ("\u{3}\u{F}", [.control("c"), .control("o")]), ("é日", [.character("é"), .character("日")]), ("\u{1B}[1;5C\u{1B}[Z", [.right, .backTab]),
    ("\u{1B}[H\u{1B}[4~", [.home, .end]), ("\u{1B}[<0;1;1M", []), ("\u{1B}x", [.escape, .character("x")]),
  ]) func sequences(_ text: String, _ expected: [Key]) {
    var whole = KeyReader()
    #expect(whole.read(Array(text.utf8)) == expected)
    #expect(!whole.isWaiting)
    // Byte by byte it is the same.
    var reader = KeyReader()
    #expect(text.utf8.flatMap { reader.read([$0]) } == expected)
  }

  @Test func aLoneEscapeIsAKeyWhenNothingFollows() {
    var reader = KeyReader()
    #expect(reader.read([0x1B]) == [])
    #expect(reader.isWaiting)
    #expect(reader.flush() == [.escape])
    #expect(!reader.isWaiting)
  }
}

import Foundation
import Testing

/// The screen of `sfn-local trace` in a real terminal.
@Suite(.serialized, .disabled(if: TerminalSession.unavailable != nil, "these tests need a terminal: tmux is not installed"))
struct TraceTerminalTests {
  private final class Example {
    let folder: TemporaryFolder
    let history: String
    init(_ form: String = "--aws-history") throws {
      folder = try TemporaryFolder()
      history = try folder.write(try TraceHistories.text(form), to: "orders.json")
    }
  }

  @Test func walksAndGivesTheTerminalBack() throws {
    let example = try Example()
    let terminal = try TerminalSession(columns: 100, rows: 30)
    terminal.send("echo before; \(Program.path) trace \(example.history)", "Enter")
    try terminal.wait(for: "event 1 of 51")
    terminal.send("f")
    try terminal.wait(for: "#21 ✗ FailStateEntered  Refuse")
    terminal.send("Left")
    try terminal.wait(for: "#9 → ParallelStateEntered")
    terminal.send("Down")
    try terminal.wait(for: "event 10 of 51")
    terminal.send("/", "refused", "Enter")
    let found = try terminal.wait(for: "#29 ✓ PassStateExited  Note")
    #expect(found.contains { $0.contains("+ $.status  \"refused\"") })
    terminal.send("?")
    try terminal.wait(for: "any key goes back")
    terminal.send("x", "48", "Enter")
    try terminal.wait(for: "event 48 of 51")

    // Smaller and larger: drawn anew.
    try terminal.resize(columns: 60, rows: 16)
    try terminal.wait("a smaller screen") { lines in lines.filter { !$0.isEmpty }.count == 16 && lines.allSatisfy { $0.count <= 60 } && lines[0].contains("event 48") }
    try terminal.resize(columns: 120, rows: 40)
    try terminal.wait("a larger screen") { lines in lines.count >= 40 && lines[0].contains("event 48 of 51") && lines.contains { $0.contains("] [ next one") } }

    terminal.send("q")
    let after = try terminal.wait("the shell again") { lines in lines.contains { $0.hasPrefix("before") } && lines.last { !$0.isEmpty }?.hasPrefix("ready>") == true }
    #expect(!after.contains { $0.contains("│") })
    terminal.send("echo code $?", "Enter")
    try terminal.wait(for: "code 0")
  }

  @Test func stopsAndGoesOn() throws {
    let example = try Example()
    let terminal = try TerminalSession()
    terminal.send("\(Program.path) trace \(example.history)", "Enter")
    try terminal.wait(for: "event 1 of 51")
    terminal.send("G")
    try terminal.wait(for: "event 51 of 51")
    terminal.send("C-z")
    try terminal.wait("the shell again") { $0.last { !$0.isEmpty }?.hasPrefix("ready>") == true }
    terminal.send("echo meanwhile", "Enter")
    try terminal.wait("the shell's answer") { $0.contains("meanwhile") }
    terminal.send("fg", "Enter")
    try terminal.wait(for: "event 51 of 51")
    terminal.send("C-c")
    try terminal.wait("the shell again") { $0.last { !$0.isEmpty }?.hasPrefix("ready>") == true }
    terminal.send("echo code $?", "Enter")
    try terminal.wait(for: "code 130")
  }

  @Test func aSignalGivesTheTerminalBack() throws {
    let example = try Example()
    let terminal = try TerminalSession()
    terminal.send("\(Program.path) trace \(example.history) & echo $! > pid; fg; echo code $?", "Enter")
    try terminal.wait(for: "event 1 of 51")
    terminal.send("C-z")
    try terminal.wait(for: "code ")
    terminal.send("fg", "Enter")
    try terminal.wait(for: "event 1 of 51")
    terminal.send("C-z")
    try terminal.wait("the shell again") { $0.last { !$0.isEmpty }?.hasPrefix("ready>") == true }
    terminal.send("(read pid < pid; kill -TERM $pid); fg; echo ended $?", "Enter")
    try terminal.wait(for: "ended 143")
    terminal.send("stty -a", "Enter")
    try terminal.wait("echo is on again") { lines in lines.contains { $0.contains(" echo ") || $0.contains(" echo\u{3B}") || $0.hasPrefix("isig") } }
  }

  /// While the file is written, new events appear, and the screen stays at the last one.
  @Test func followsAFileThatGrows() throws {
    let example = try Example("--json")
    let lines = try String(contentsOfFile: example.history, encoding: .utf8).split(separator: "\n").map { $0 + "\n" }
    let growing = try example.folder.write(lines.prefix(10).joined(), to: "growing.jsonl")
    let terminal = try TerminalSession()
    terminal.send("\(Program.path) trace \(growing)", "Enter")
    try terminal.wait(for: "RUNNING")
    terminal.send("G")
    try terminal.wait(for: "event 10 of 10")
    _ = try example.folder.write(lines.joined(), to: "growing.jsonl")
    try terminal.wait(for: "SUCCEEDED in 2.00 s")
    try terminal.wait(for: "event 51 of 51")
    terminal.send("q")
    try terminal.wait("the shell again") { $0.last { !$0.isEmpty }?.hasPrefix("ready>") == true }
  }

  /// Where the terminal can do nothing, lines are printed.
  @Test func aDumbTerminalGetsLines() throws {
    let example = try Example()
    let terminal = try TerminalSession(columns: 100, rows: 60)
    terminal.send("TERM=dumb \(Program.path) trace \(example.history) --failures; TERM=dumb \(Program.path) trace \(example.history)", "Enter")
    try terminal.wait(for: "51    +2.000 s  ✓ ExecutionSucceeded")
  }
}

import Foundation
import TestSupport
import Testing

/// Sessions of the debugger, in virtual time: commands and what they show. `UPDATE_GOLDEN=1` writes the transcripts anew.
@Suite(.timeLimit(.minutes(15))) struct DebuggerTests {
  static let folder = Conformance.packageRoot + "/Tests/Golden/debug/"

  static let sessions = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".commands") }.sorted() ?? []

  /// The arguments stand in the first line, behind `#`.
  static func arguments(_ commands: String) -> [String] {
    let line = commands.prefix { $0 != "\n" }.dropFirst(2)
    return ["debug"] + line.split(separator: " ").map(String.init)
      + ["--clock", "virtual", "--execution-name", "golden", "--start-time", "2026-03-02T09:00:00Z", "--seed", "1"]
  }

  @Test(arguments: sessions) func readsAsItsTranscript(_ session: String) throws {
    let commands = try String(contentsOfFile: Self.folder + session, encoding: .utf8)
    let process = try Program.start(Self.arguments(commands))
    process.input.fileHandleForWriting.write(Data(commands.drop { $0 != "\n" }.dropFirst().utf8))
    try process.input.fileHandleForWriting.close()
    let outcome = process.finish()
    let transcript = outcome.errors + "--- standard output, exit code \(outcome.exitCode)\n" + outcome.output
    let file = Self.folder + session.replacingOccurrences(of: ".commands", with: ".transcript")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" { try Data(transcript.utf8).write(to: URL(filePath: file)) }
    let expected = try String(contentsOfFile: file, encoding: .utf8)
    #expect(transcript == expected, "\(Self.firstDifference(transcript, expected))")
  }

  private static func firstDifference(_ actual: String, _ expected: String) -> String {
    let (left, right) = (actual.split(separator: "\n", omittingEmptySubsequences: false), expected.split(separator: "\n", omittingEmptySubsequences: false))
    for (number, pair) in zip(left, right).enumerated() where pair.0 != pair.1 { return "line \(number + 1): \(pair.0) instead of \(pair.1)" }
    return "\(left.count) lines instead of \(right.count)"
  }

  @Test func takesAScript() throws {
    let commands = try String(contentsOfFile: Self.folder + "orders.commands", encoding: .utf8)
    let transcript = try String(contentsOfFile: Self.folder + "orders.transcript", encoding: .utf8)
    let process = try Program.start(Self.arguments(commands) + ["--script", Self.folder + "orders.commands"])
    try process.input.fileHandleForWriting.close()
    #expect(transcript.hasPrefix(process.finish().errors))
    #expect(try Program.run("debug", "docs/example/orders.asl.json", "--script", "/nowhere").errors.contains("cannot read the script /nowhere"))
    let both = try Program.run("debug", "-")
    #expect(both.exitCode == 2 && both.errors.contains("standard input gives the commands"))
  }

  /// In a terminal: a prompt, an empty line that repeats, Ctrl-C that stops a wait in real time.
  @Test func worksInATerminal() throws {
    guard let tmux = Self.tool("tmux"), let mkfifo = Self.tool("mkfifo") else {
      print("debug: no tmux here; the debugger is not tried in a terminal")
      return
    }
    let folder = try TemporaryFolder()
    let definition = try folder.write(
      """
      {"StartAt": "First", "States": {
        "First": {"Type": "Pass", "Next": "Rest"},
        "Rest": {"Type": "Wait", "Seconds": 86400, "Next": "Last"},
        "Last": {"Type": "Pass", "End": true}}}
      """, to: "rest.asl.json")
    let fifo = folder.path + "/screen"
    try Self.call(mkfifo, [fifo])
    let server = ["-L", "sfn-debug-\(UUID().uuidString.prefix(8))", "-f", "/dev/null"]
    try Self.call(tmux, server + ["new-session", "-d", "-x", "120", "-y", "40", "cat"])
    defer { try? Self.call(tmux, server + ["kill-server"]) }
    // What the terminal gets is copied into the pipe, so that reading waits for it.
    try Self.call(tmux, server + ["pipe-pane", "-o", "cat > '\(fifo)'"])
    let screen = try #require(FileHandle(forReadingAtPath: fifo))
    try Self.call(tmux, server + ["respawn-pane", "-k", "env NO_COLOR=1 '\(Program.path)' debug '\(definition)' --execution-name terminal; cat"])
    var seen = ""
    func expect(_ text: String) throws {
      while !seen.contains(text) {
        let bytes = screen.availableData
        try #require(!bytes.isEmpty, "the terminal has ended before \"\(text)\": \(seen)")
        seen += String(decoding: bytes, as: UTF8.self)
      }
      seen = String(seen[seen.range(of: text)!.upperBound...])
    }
    func type(_ keys: String...) throws { try Self.call(tmux, server + ["send-keys"] + keys) }
    try expect("(debug) ")
    try type("start", "Enter")
    try expect("at \"First\", Pass")
    try expect("(debug) ")
    try type("step", "Enter")
    try expect("at \"Rest\", Wait")
    try expect("(debug) ")
    try type("Enter")
    try expect("waits until")
    try type("C-c")
    try expect("interrupted; the clock stands still")
    try expect("(debug) ")
    try type("back", "Enter")
    try expect("at \"Rest\", Wait")
    try expect("(debug) ")
    try type("quit", "Enter")
    try expect("the execution is stopped where it stands")
  }

  private static func tool(_ name: String) -> String? {
    ["/usr/bin/", "/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Not by `Process`: the server that tmux leaves behind would have all signals blocked, as the threads of tests have, and never end.
  private static func call(_ path: String, _ arguments: [String]) throws {
    var process = pid_t()
    let words = ([path] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    try #require(posix_spawn(&process, path, nil, &attributes, words + [nil], environ) == 0, "\(path) \(arguments)")
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    try #require(status == 0, "\(path) \(arguments)")
  }
}

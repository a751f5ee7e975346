import Foundation
import Testing

/// A shell in a terminal of its own, by tmux: keys go in, and the screen is read as a person sees it.
///
/// Nothing sleeps: whenever the terminal has written something, the screen is looked at again.
final class TerminalSession {
  /// Why there is no terminal; nil when there is one.
  static let unavailable: String? = {
    let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return paths.contains { FileManager.default.isExecutableFile(atPath: "\($0)/tmux") } ? nil : "tmux is not installed"
  }()

  private let socket = "sfn-" + UUID().uuidString.prefix(8).lowercased()
  private let folder: TemporaryFolder
  private let output: Int32

  /// How long a text may take to appear.
  static let patience: Int32 = 30_000

  init(columns: Int = 80, rows: Int = 24) throws {
    folder = try TemporaryFolder()
    let pipe = folder.path + "/output"
    try #require(mkfifo(pipe, 0o600) == 0)
    output = open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    try #require(output >= 0)
    try tmux("-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "env", "-u", "NO_COLOR", "TERM=screen-256color", "PS1=ready> ", "sh", "-i")
    try tmux("pipe-pane", "-o", "exec cat > \(pipe)")
    send("cd \(folder.path)", "Enter")
    try wait(for: "ready> ")
  }

  deinit {
    _ = try? tmux("kill-server")
    close(output)
  }

  /// Types texts and keys, in tmux's names for them: `Enter`, `C-z`, `Down`.
  func send(_ keys: String...) { _ = try? tmux(["send-keys"] + keys) }

  func resize(columns: Int, rows: Int) throws { try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)") }

  /// Waits until the screen fulfils a condition.
  /// - Returns: the screen's lines.
  @discardableResult
  func wait(_ what: String, until isMet: ([String]) -> Bool) throws -> [String] {
    let end = ContinuousClock.now + .milliseconds(Int(Self.patience))
    while true {
      let lines = try screen()
      if isMet(lines) { return lines }
      let left = end - ContinuousClock.now
      var source = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard left > .zero, poll(&source, 1, Int32(left.components.seconds * 1000 + 1)) > 0 else {
        Issue.record("the screen does not show \(what):\n\(lines.joined(separator: "\n"))")
        throw NotShown(what: what)
      }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while read(output, &buffer, buffer.count) > 0 {}
    }
  }

  struct NotShown: Error { var what: String }

  @discardableResult
  func wait(for text: String) throws -> [String] { try wait("\"\(text)\"") { $0.contains { $0.contains(text) } } }

  func screen() throws -> [String] {
    try tmux("capture-pane", "-p").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @discardableResult
  private func tmux(_ arguments: String...) throws -> String { try tmux(arguments) }

  /// Runs tmux to its end. Not by Foundation's `Process`: this takes a program for running as long as the server lives that it has left behind,
  /// because both hold the same open files.
  private func tmux(_ arguments: [String]) throws -> String {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let answer = folder.path + "/answer"
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, answer, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    #if canImport(Glibc)
    // The server outlives this call: it must not keep what other tests have open. What is not open is no error.
    for descriptor in 3..<256 as Range<Int32> { posix_spawn_file_actions_addclose(&actions, descriptor) }
    #endif
    var words: [UnsafeMutablePointer<CChar>?] = (["tmux", "-L", socket] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    try #require(posix_spawnp(&process, "tmux", &actions, nil, &words, environ) == 0, "tmux cannot be started")
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return arguments[0] == "capture-pane" ? try String(contentsOfFile: answer, encoding: .utf8) : ""
  }
}

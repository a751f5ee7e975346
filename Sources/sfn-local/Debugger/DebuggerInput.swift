import DefinitionFiles
import Dispatch

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Where a debugger's commands come from: a script first, then standard input.
///
/// What does not come from a terminal is echoed behind the prompt, so that a transcript reads like a session.
struct DebuggerInput {
  static let prompt = "(debug) "
  /// The longest script that is read.
  static let scriptBytes = 16 << 20

  private var script: [String]
  private let readsInput: Bool
  private let style: Style
  private let queue = DispatchQueue(label: "commands")

  /// - Parameter scriptPath: after its last line commands come from a terminal, if there is one.
  init(scriptPath: String?, style: Style) throws {
    script = []
    self.style = style
    readsInput = scriptPath == nil || isatty(0) == 1
    guard let scriptPath else { return }
    do throws(FileReadError) {
      let text = String(decoding: try FileReaders.disk(scriptPath, Self.scriptBytes), as: UTF8.self)
      script = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init).filter { line in
        let line = Words.trimmed(line)
        return !line.isEmpty && !line.hasPrefix("#")
      }.reversed()
    } catch {
      throw CommandProblem("cannot read the script \(scriptPath): \(error.message)")
    }
  }

  /// The next line; nil at the end.
  mutating func next() async -> String? {
    Terminal.writeError(style.bold(Self.prompt))
    if let line = script.popLast() {
      Terminal.writeError(line.printable() + "\n")
      return line
    }
    guard readsInput else {
      Terminal.writeError("\n")
      return nil
    }
    // Reading blocks a thread; it must be none of those that the engine runs on.
    let line = await withCheckedContinuation { continuation in queue.async { continuation.resume(returning: readLine()) } }
    if isatty(0) != 1 || line == nil { Terminal.writeError((line ?? "").printable() + "\n") }
    return line
  }
}

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A program that answers a task, with where and how it runs.
public struct Command: Sendable, Hashable {
  /// The program and its arguments; never empty.
  public var words: [String]
  /// The working folder; nil for this process's own.
  public var folder: String?
  /// Variables added to the environment of this process. Their values are shown nowhere.
  public var environment: [String: String]
  /// How long the program may take; nil for as long as the task may.
  public var timeout: Duration?

  public init(words: [String], folder: String? = nil, environment: [String: String] = [:], timeout: Duration? = nil) {
    self.words = words
    self.folder = folder
    self.environment = environment
    self.timeout = timeout
  }

  /// The file that the first word names: a path from the working folder when it has a slash, else the first of that name in `PATH`.
  /// - Throws: `CommandProblem` that says what was looked for.
  func program(searchPath: String) throws(CommandProblem) -> String {
    let name = words[0]
    if name.contains("/") {
      let path = name.hasPrefix("/") ? name : (folder ?? ".") + "/" + name
      guard isFile(path) else { throw CommandProblem("the program \(name) is not there\(folder.map { " (looked for in \($0))" } ?? "")") }
      guard access(path, X_OK) == 0 else {
        throw CommandProblem("the program \(name) is not executable; chmod +x \(name), or name its interpreter")
      }
      return path
    }
    var found: String?
    for entry in searchPath.split(separator: ":", omittingEmptySubsequences: false) {
      let path = (entry.isEmpty ? "." : String(entry)) + "/" + name
      guard isFile(path) else { continue }
      if access(path, X_OK) == 0 { return path }
      found = found ?? path
    }
    if let found { throw CommandProblem("the program \(name) is not executable: \(found)") }
    let isHere = isFile((folder ?? ".") + "/" + name)
    throw CommandProblem("the program \(name) is not in PATH" + (isHere ? "; for the one in the working folder write ./\(name)" : ""))
  }

  private func isFile(_ path: String) -> Bool {
    var facts = stat()
    return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG
  }
}

/// Why a program could not be started, in a sentence without its beginning capital and full stop.
struct CommandProblem: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

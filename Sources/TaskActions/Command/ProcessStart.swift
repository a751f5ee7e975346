import CProcess

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The two ends of a pipe; both are closed when a program starts.
struct Pipe {
  var readEnd: Int32
  var writeEnd: Int32

  init() throws(CommandProblem) {
    var ends: [Int32] = [-1, -1]
    guard cprocess_pipe(&ends) == 0 else { throw CommandProblem("there is no pipe for it: \(String(cString: strerror(errno)))") }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  func close() {
    for end in [readEnd, writeEnd] { closeDescriptor(end) }
  }
}

func closeDescriptor(_ descriptor: Int32) {
  #if canImport(Darwin)
    _ = Darwin.close(descriptor)
  #else
    _ = Glibc.close(descriptor)
  #endif
}

/// A started program: its process, which leads a group of its own, and our ends of its streams, which do not block.
struct StartedProcess {
  var process: pid_t
  var input: Int32
  var output: Int32
  var errors: Int32

  /// Starts a program without a shell.
  /// - Parameters:
  ///   - program: the path of the file.
  ///   - environment: all of it, as `NAME=value`.
  /// - Throws: `CommandProblem` in the words of the system.
  init(_ program: String, words: [String], environment: [String], folder: String?) throws(CommandProblem) {
    let pipes = try Self.pipes()
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, pipes[0].readEnd, 0)
    posix_spawn_file_actions_adddup2(&actions, pipes[1].writeEnd, 1)
    posix_spawn_file_actions_adddup2(&actions, pipes[2].writeEnd, 2)
    if let folder { cprocess_addchdir(&actions, folder) }
    // The program starts with no signal blocked or ignored, whatever this process does with its own.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    var flags = Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    #if canImport(Darwin)
      flags |= Int16(POSIX_SPAWN_CLOEXEC_DEFAULT)
    #endif
    posix_spawnattr_setflags(&attributes, flags)

    var process: pid_t = 0
    // A path from our own folder must still be right after the change of folder.
    let file = folder == nil ? program : absolute(program)
    let code = withCStrings(words) { words in
      withCStrings(environment) { environment in posix_spawn(&process, file, &actions, &attributes, words, environment) }
    }
    for descriptor in [pipes[0].readEnd, pipes[1].writeEnd, pipes[2].writeEnd] { closeDescriptor(descriptor) }
    (self.process, input, output, errors) = (process, pipes[0].writeEnd, pipes[1].readEnd, pipes[2].readEnd)
    guard code == 0 else {
      for descriptor in [input, output, errors] { closeDescriptor(descriptor) }
      throw CommandProblem(Self.problem(code, program, folder))
    }
    for descriptor in [input, output, errors] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
  }

  /// Three pipes or none.
  private static func pipes() throws(CommandProblem) -> [Pipe] {
    var pipes: [Pipe] = []
    for _ in 0..<3 {
      do throws(CommandProblem) {
        pipes.append(try Pipe())
      } catch {
        for pipe in pipes { pipe.close() }
        throw error
      }
    }
    return pipes
  }

  private static func problem(_ code: Int32, _ program: String, _ folder: String?) -> String {
    if let folder, access(folder, X_OK) != 0 {
      return "the working folder \(folder) cannot be entered: \(String(cString: strerror(errno)))"
    }
    switch code {
    case ENOENT: return "the program \(program) names an interpreter in its first line that is not there"
    case ENOEXEC: return "the program \(program) is none of this system, and its first line names no interpreter (#!)"
    default: return "the program \(program) cannot be started: \(String(cString: strerror(code)))"
    }
  }
}

private func absolute(_ path: String) -> String {
  guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
  defer { free(folder) }
  return String(cString: folder) + "/" + path
}

/// Hands out texts as an array of C strings that ends in a null pointer.
private func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
  let copies: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
  defer { for copy in copies { free(copy) } }
  return body(copies)
}

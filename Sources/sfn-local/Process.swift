import Dispatch
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Ends the program at once; what was to be cleaned up is done before.
func leave(_ code: Int32) -> Never { exit(code) }

/// Calls `handler` with 1, 2, … for each interrupt (Ctrl-C) or request to end (SIGTERM). Keep the result while it shall last.
func onInterrupt(_ handler: @escaping @Sendable (Int) -> Void) -> [any DispatchSourceSignal] {
  let queue = DispatchQueue(label: "interrupts")
  let count = InterruptCount()
  return [SIGINT, SIGTERM, SIGHUP].map { number in
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler { handler(count.next()) }
    source.resume()
    return source
  }
}

private final class InterruptCount: Sendable {
  private let count = Atomic<Int>(0)
  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

/// A pipe whose reader has gone must not kill the program: writing then fails instead.
func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

/// The process's environment.
func processEnvironment() -> [String: String] {
  var result: [String: String] = [:]
  var entry = environ
  while let text = entry.pointee {
    let pair = String(cString: text)
    if let equals = pair.firstIndex(of: "=") { result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...]) }
    entry += 1
  }
  return result
}

/// A path as seen from the root of the file system.
func absolutePath(_ path: String) -> String {
  if path.hasPrefix("/") { return path }
  guard let folder = getcwd(nil, 0) else { return path }
  defer { free(folder) }
  return String(cString: folder) + "/" + path
}

/// Writes a file beside the one that it then takes the place of, so that a reader sees the old text or the new one.
/// - Returns: what went wrong.
func replaceFile(_ path: String, with text: String) -> String? {
  // A link stays one: the file that it leads to is replaced.
  let target = realpath(path, nil).map { pointer in
    defer { free(pointer) }
    return String(cString: pointer)
  } ?? path
  var status = stat()
  guard stat(target, &status) == 0 else { return String(cString: strerror(errno)) }
  let temporary = target + ".sfn-local-\(getpid())"
  let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL, status.st_mode & 0o7777)
  guard descriptor >= 0 else { return String(cString: strerror(errno)) }
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if written < 0, errno == EINTR { continue }
    guard written > 0 else {
      let problem = String(cString: strerror(errno))
      close(descriptor)
      unlink(temporary)
      return problem
    }
    bytes = bytes.dropFirst(written)
  }
  fchmod(descriptor, status.st_mode & 0o7777)
  close(descriptor)
  guard rename(temporary, target) == 0 else {
    let problem = String(cString: strerror(errno))
    unlink(temporary)
    return problem
  }
  return nil
}

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file's bytes, or nil when there is no such file.
/// - Throws: `AWSConfigurationError` when it cannot be read, is no regular file or is larger than `limit` bytes.
func readFile(_ path: String, limit: Int) throws(AWSConfigurationError) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else {
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw AWSConfigurationError("\(path) cannot be opened: \(String(cString: strerror(errno)))")
  }
  defer { close(descriptor) }
  var facts = stat()
  guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { throw AWSConfigurationError("\(path) is no regular file") }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw AWSConfigurationError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
    if count == 0 { return bytes }
    bytes.append(contentsOf: buffer[..<count])
    guard bytes.count <= limit else { throw AWSConfigurationError("\(path) is larger than \(limit) bytes") }
  }
}

/// A file's text, or nil when there is no such file; bytes that are no UTF-8 become replacement characters.
public func readTextFile(_ path: String, limit: Int) throws(AWSConfigurationError) -> String? {
  try readFile(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
}

/// Puts a file that only its owner may read and write in place of an earlier one; nobody sees half of it.
func writePrivateFile(_ path: String, _ text: String) throws(AWSConfigurationError) {
  let draft = path + ".part\(getpid())"
  func problem() -> AWSConfigurationError { AWSConfigurationError("\(path) cannot be written: \(String(cString: strerror(errno)))") }
  let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
  guard descriptor >= 0 else { throw problem() }
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else {
      let error = problem()
      close(descriptor)
      unlink(draft)
      throw error
    }
    bytes = bytes.dropFirst(count)
  }
  close(descriptor)
  guard rename(draft, path) == 0 else {
    let error = problem()
    unlink(draft)
    throw error
  }
}

/// The absolute path without symbolic links, or nil when nothing is there.
func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// When a file was last changed; nil when it is not there.
func modificationTime(_ path: String) -> WallTime? {
  var facts = stat()
  guard stat(path, &facts) == 0 else { return nil }
  #if canImport(Darwin)
    return WallTime(secondsSinceEpoch: Int64(facts.st_mtimespec.tv_sec))
  #else
    return WallTime(secondsSinceEpoch: Int64(facts.st_mtim.tv_sec))
  #endif
}

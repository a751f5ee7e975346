#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The few things of a file system that are needed here.
enum Files {
  /// Names in a folder, without `.` and `..`; empty when it cannot be read.
  static func entries(of folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String, mode: mode_t = 0o700) throws(PostgresError) {
    if isFolder(path) { return }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeFolder(String(path[..<slash]), mode: mode) }
    guard mkdir(path, mode) == 0 || (errno == EEXIST && isFolder(path)) else { throw failure("make the folder", path) }
  }

  /// The first `limit` bytes of a file, or nil.
  static func read(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while bytes.count < limit {
      let count = chunk.withUnsafeMutableBytes { buffer in
        #if canImport(Darwin)
          Darwin.read(file, buffer.baseAddress, min(buffer.count, limit - bytes.count))
        #elseif canImport(Musl)
          Musl.read(file, buffer.baseAddress, min(buffer.count, limit - bytes.count))
        #else
          Glibc.read(file, buffer.baseAddress, min(buffer.count, limit - bytes.count))
        #endif
      }
      if count <= 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  /// A piece of a file.
  static func read(_ path: String, at offset: Int, count: Int) throws(PostgresError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure("read", path) }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let length = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress?.advanced(by: done), count - done, off_t(offset + done)) }
      guard length > 0 else { throw failure("read", path) }
      done += length
    }
    return bytes
  }

  static func text(_ path: String) -> String? { read(path).map { String(decoding: $0, as: UTF8.self) } }

  static func write(_ text: String, to path: String) throws(PostgresError) { try write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(PostgresError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw failure("write", path) }
    defer { close(file) }
    guard writeAll(file, bytes) else { throw failure("write", path) }
  }

  static func writeAll(_ file: Int32, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        #if canImport(Darwin)
          let count = Darwin.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #elseif canImport(Musl)
          let count = Musl.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #else
          let count = Glibc.write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
        #endif
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        done += count
      }
      return true
    }
  }

  static func rename(_ path: String, to target: String) -> Bool {
    #if canImport(Darwin)
      Darwin.rename(path, target) == 0
    #elseif canImport(Musl)
      Musl.rename(path, target) == 0
    #else
      Glibc.rename(path, target) == 0
    #endif
  }

  /// Removes a file or a folder with all in it.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in entries(of: path) { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  static func failure(_ deed: String, _ path: String) -> PostgresError {
    .lost("cannot \(deed) \(path): \(String(cString: strerror(errno)))")
  }
}

/// A lock on a file; the system gives it up when the process ends, however it ends.
struct FileLock: ~Copyable {
  let file: Int32

  /// Takes the lock if it is free; nil when another process has it.
  ///
  /// - Throws: `PostgresError` when the file cannot be opened.
  init?(trying path: String, shared: Bool = false) throws(PostgresError) {
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Files.failure("open the lock", path) }
    if flock(file, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
      close(file)
      return nil
    }
  }

  /// Whether we are the only one who holds it; it is exclusive then.
  func becomesExclusive() -> Bool { flock(file, LOCK_EX | LOCK_NB) == 0 }

  deinit { close(file) }
}

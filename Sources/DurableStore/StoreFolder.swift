import StatesLanguage
import StatesRuntime


#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The folder of a store: it belongs to one user, since payloads may be private.
enum StoreFolder {
  static func make(_ folder: String) throws(HistoryStoreError) {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += part
      if mkdir(path, 0o700) != 0, errno != EEXIST {
        // A folder above that exists may not be ours to look into; only the last one must be there.
        let problem = errno
        if path != folder, access(path, F_OK) == 0 { path += "/"; continue }
        throw HistoryStoreError(
          .inaccessible, "cannot make the folder \(path) of the store: \(String(cString: strerror(problem)))")
      }
      path += "/"
    }
  }

  /// Makes an empty file that only its owner reads, where there is none. SQLite gives its other files the same rights. That it cannot be made is
  /// found when it is opened.
  static func makeFile(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 { close(descriptor) }
  }

  static func isFile(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Bytes of a file; 0 where there is none.
  static func size(ofFile path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }
}

/// A file that a program holds locked for as long as it lives; the lock goes with the program, however it ends.
struct ProgramLock {
  let name: String
  private let path: String
  private let descriptor: Int32

  private static func folder(in store: String) -> String { store + "/programs" }

  /// Takes a lock of a new name.
  static func take(in store: String) throws(HistoryStoreError) -> ProgramLock {
    let folder = folder(in: store)
    try StoreFolder.make(folder)
    let random = UInt64.random(in: .min ... .max)
    let name = "\(getpid())-\(String(random, radix: 36))"
    let path = folder + "/" + name
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let words = String(cString: strerror(errno))
      if descriptor >= 0 { close(descriptor) }
      throw HistoryStoreError(.inaccessible, "cannot lock \(path): \(words)")
    }
    return ProgramLock(name: name, path: path, descriptor: descriptor)
  }

  /// Whether the program that took a lock is alive. Only a file that is gone, or that nobody holds, says no: who cannot look must not think it dead.
  static func isHeld(_ name: String, in store: String) -> Bool {
    if name.isEmpty { return false }
    let descriptor = open(folder(in: store) + "/" + name, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno != ENOENT }
    defer { close(descriptor) }
    // Shared: several programs that ask at a time do not take each other for the holder.
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  func release() {
    unlink(path)
    close(descriptor)
  }

  /// Removes what a program that is no more has left.
  static func remove(_ name: String, in store: String) { unlink(folder(in: store) + "/" + name) }
}

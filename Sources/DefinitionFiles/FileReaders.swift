#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

public enum FileReaders {
  /// Reads from the file system, at most one byte more than the limit.
  public static let disk: FileReader = { (path, limit) throws(FileReadError) in
    guard let stream = fopen(path, "rb") else { throw FileReadError(String(cString: strerror(errno))) }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    // Room for the whole file at once, where it says how long it is.
    var entry = stat()
    if fstat(fileno(stream), &entry) == 0, entry.st_size > 0 { bytes.reserveCapacity(min(Int(entry.st_size), limit) + 1) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      errno = 0
      let count = fread(&buffer, 1, min(buffer.count, limit + 1 - bytes.count), stream)
      bytes += buffer.prefix(count)
      if count == 0 {
        // A folder opens, but does not read.
        if ferror(stream) != 0 { throw FileReadError(String(cString: strerror(errno))) }
        break
      }
    }
    return bytes
  }

  /// A path as seen from the folder of another file.
  static func path(_ path: String, besides file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}

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

  /// Lists a folder of the file system.
  public static let names: FolderReader = { path in
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } })
    }
    return names
  }

  /// The folder that a file is in, without a slash at its end.
  static func folder(of file: String) -> String {
    guard let slash = file.lastIndex(of: "/") else { return "." }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// A path as seen from the folder of another file.
  static func path(_ path: String, besides file: String) -> String {
    var path = path[...]
    while path.hasPrefix("./") { path = path.dropFirst(2).drop { $0 == "/" } }
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return String(path) }
    return path == "." ? String(file[..<slash]) : String(file[...slash] + path)
  }
}

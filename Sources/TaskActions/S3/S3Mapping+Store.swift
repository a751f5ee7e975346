import StatesLanguage
import StatesRuntime

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Lists and writes in a mapped folder.
extension S3Mapping {
  /// Objects of one page, as S3 answers by default.
  static let pageSize = 1000
  /// The most objects of one bucket that are looked at.
  static let maximumObjects = 1_000_000
  /// How deep folders may stand within one another.
  static let maximumDepth = 64

  /// The objects whose keys begin with a prefix and come after another, in the order of their bytes.
  func objects(bucket: String, prefix: String, after last: String?) throws(AWSCallError) -> StoredObjectPage {
    let root = try rootPath()
    guard isBucketName(bucket) else { throw .unusable("\"\(bucket)\" is no name of a bucket") }
    guard let place = resolvedPath("\(root)/\(bucket)"), isWithin(root, place) else {
      throw missing("NoSuchBucket", "The specified bucket does not exist: s3://\(bucket) is mapped to \(folder)/\(bucket)")
    }
    var keys: [String] = []
    try walk(place, folderKey: "", prefix: prefix, root: root, depth: 0, into: &keys)
    keys.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let last { keys.removeAll { !last.utf8.lexicographicallyPrecedes($0.utf8) } }
    var page: [StoredObject] = []
    for key in keys.prefix(Self.pageSize) {
      let (bytes, path) = try object(bucket: bucket, key: key, maximumBytes: ItemSourceLimits.largestObject)
      let changed = modificationTime(path)?.secondsSinceEpoch ?? 0
      page.append(
        StoredObject(
          key: key, sizeInBytes: bytes.count, lastModified: Timestamp(microseconds: changed * 1_000_000), etag: "\"\(hexadecimal(md5(bytes)))\""))
    }
    return StoredObjectPage(objects: page, nextToken: keys.count > page.count ? page.last?.key : nil)
  }

  /// Writes a file in place of an earlier one; folders that are missing are made, the bucket's own too. Nobody sees half a file.
  func write(_ bytes: [UInt8], bucket: String, key: String) throws(AWSCallError) {
    let name = "s3://\(bucket)/\(key)"
    let root = try rootPath()
    guard isBucketName(bucket) else { throw .unusable("\(name): \"\(bucket)\" is no name of a bucket") }
    guard let segments = Self.segments(of: key) else { throw unusableKey(name) }
    var place = root
    for segment in [bucket] + segments.dropLast() {
      place += "/" + segment
      if resolvedPath(place) == nil, mkdir(place, 0o777) != 0, errno != EEXIST { throw failed(name, place) }
      guard let resolved = resolvedPath(place), isWithin(root, resolved) else {
        throw .unusable("\(name) leaves the folder \(folder) through a symbolic link")
      }
      place = resolved
    }
    let path = place + "/" + (segments.last ?? "")
    let draft = path + ".part\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw failed(name, draft) }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { Self.writeSome(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = failed(name, draft)
        close(descriptor)
        unlink(draft)
        throw error
      }
      written += count
    }
    close(descriptor)
    guard rename(draft, path) == 0 else {
      let error = failed(name, path)
      unlink(draft)
      throw error
    }
  }

  private static func writeSome(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, bytes, count)
    #else
      Glibc.write(descriptor, bytes, count)
    #endif
  }

  private func failed(_ name: String, _ path: String) -> AWSCallError {
    .unusable("\(name) cannot be written: \(path): \(String(cString: strerror(errno)))")
  }

  /// Finds the files below a folder whose keys begin with the prefix. Links that lead out of the mapped folder are passed by.
  private func walk(_ place: String, folderKey: String, prefix: String, root: String, depth: Int, into keys: inout [String]) throws(AWSCallError) {
    guard depth < Self.maximumDepth, let directory = opendir(place) else { return }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let key = folderKey + name
      // Only what leads to the prefix, or below it, matters.
      guard key.utf8.starts(with: prefix.utf8) || prefix.utf8.starts(with: key.utf8) else { continue }
      guard let path = resolvedPath(place + "/" + name), isWithin(root, path) else { continue }
      var facts = stat()
      guard stat(path, &facts) == 0 else { continue }
      if facts.st_mode & S_IFMT == S_IFDIR {
        try walk(path, folderKey: key + "/", prefix: prefix, root: root, depth: depth + 1, into: &keys)
      } else if facts.st_mode & S_IFMT == S_IFREG, key.utf8.starts(with: prefix.utf8) {
        keys.append(key)
        if keys.count > Self.maximumObjects { throw .unusable("\(folder) has more than \(Self.maximumObjects) objects below the prefix \"\(prefix)\"") }
      }
    }
  }
}

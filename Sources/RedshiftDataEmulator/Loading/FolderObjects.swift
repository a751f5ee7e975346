import AWSJSONServer

/// A folder that stands for S3: the object `s3://bucket/key` is the file `<root>/<bucket>/<key>`.
struct FolderObjects: RedshiftObjects {
  let root: String

  /// How deep folders may stand within one another.
  static let maximumDepth = 64
  /// The status and words of S3 for what is not there.
  private static let missingBucket = ObjectFailure(.refused(code: "NoSuchBucket", status: 404), "The specified bucket does not exist")
  private static let missingKey = ObjectFailure(.refused(code: "NoSuchKey", status: 404), "The specified key does not exist.")

  var place: String { "the folder \(root)" }
  var makesBuckets: Bool { true }

  /// There is one page.
  func page(of bucket: ObjectBucket, prefix: String, after token: String?) throws(ObjectFailure) -> ObjectPage {
    // The key of a prefix may end within a name.
    let start = try path(of: prefix, in: bucket)
    guard Files.isFolder("\(root)/\(bucket.name)") else { throw Self.missingBucket }
    let slash = start.lastIndex(of: "/") ?? start.startIndex
    let bucketStart = "\(root)/\(bucket.name)/".utf8.count
    var keys: [String] = []
    func walk(_ folder: String, _ start: String, _ depth: Int) {
      for name in Files.entries(of: folder) where name.hasPrefix(start) {
        let path = folder + "/" + name
        if Files.isFolder(path) {
          if depth < Self.maximumDepth { walk(path, "", depth + 1) }
        } else {
          keys.append(String(decoding: path.utf8.dropFirst(bucketStart), as: UTF8.self))
        }
      }
    }
    walk(String(start[..<slash]), String(start[start.index(after: slash)...]), 0)
    keys.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return ObjectPage(keys: keys)
  }

  func read(_ key: String, in bucket: ObjectBucket, maximumBytes: Int) throws(ObjectFailure) -> [UInt8] {
    let path = try path(of: key, in: bucket)
    guard Files.isFolder("\(root)/\(bucket.name)") else { throw Self.missingBucket }
    guard Files.exists(path), !Files.isFolder(path) else { throw Self.missingKey }
    guard let bytes = Files.read(path, limit: maximumBytes + 1) else { throw Self.failure("read", path) }
    guard bytes.count <= maximumBytes else {
      throw ObjectFailure(.unusable, "\(path) is larger than \(maximumBytes) bytes")
    }
    return bytes
  }

  /// Folders that are missing are made, the bucket's own too. Nobody sees half a file.
  func write(_ bytes: [UInt8], to key: String, in bucket: ObjectBucket) throws(ObjectFailure) {
    let path = try path(of: key, in: bucket)
    // Beside the buckets, so that no prefix finds it.
    let draft = "\(root)/.sfn-local-\(RandomIdentifier.uuid())"
    do throws(PostgresError) {
      if let slash = path.lastIndex(of: "/") { try Files.makeFolder(String(path[..<slash]), mode: 0o777) }
      try Files.write(bytes, to: draft, mode: 0o666)
    } catch {
      Files.remove(draft)
      throw ObjectFailure(.unusable, error.message)
    }
    guard Files.rename(draft, to: path) else {
      let failure = Self.failure("write", path)
      Files.remove(draft)
      throw failure
    }
  }

  func remove(_ key: String, from bucket: ObjectBucket) throws(ObjectFailure) {
    let path = try path(of: key, in: bucket)
    // A folder is no object.
    if !Files.isFolder(path) { Files.remove(path) }
  }

  /// - Throws: when the key leads out of the folder.
  private func path(of key: String, in bucket: ObjectBucket) throws(ObjectFailure) -> String {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(".."), !parts.contains("."), bucket.name != "..", bucket.name != ".", !bucket.name.contains("/") else {
      throw ObjectFailure(.unusable, "s3://\(bucket.name)/\(key) leads out of the folder that stands for s3://")
    }
    return "\(root)/\(bucket.name)/\(key)"
  }

  private static func failure(_ deed: String, _ path: String) -> ObjectFailure { ObjectFailure(.unusable, Files.failure(deed, path).message) }
}

/// A folder that stands for S3: the object `s3://bucket/key` is the file `folder/bucket/key`.
public struct S3Mapping: Sendable, Hashable {
  public let folder: String
  public init(folder: String) { self.folder = folder }

  /// The file's bytes and its path.
  /// - Throws: `AWSCallError.service` with S3's own codes when bucket or key are not there; `unusable` for names that leave the folder.
  func object(bucket: String, key: String, maximumBytes: Int) throws(AWSCallError) -> (bytes: [UInt8], path: String) {
    let name = "s3://\(bucket)/\(key)"
    guard isBucketName(bucket) else { throw .unusable("\(name): \"\(bucket)\" is no name of a bucket") }
    guard Self.segments(of: key) != nil else { throw unusableKey(name) }
    let root = try rootPath()
    guard resolvedPath("\(root)/\(bucket)") != nil else {
      throw missing("NoSuchBucket", "The specified bucket does not exist: \(name) is mapped to \(folder)/\(bucket)/\(key)")
    }
    let written = "\(root)/\(bucket)/\(key)"
    guard let path = resolvedPath(written) else {
      throw missing("NoSuchKey", "The specified key does not exist: \(name) is mapped to \(folder)/\(bucket)/\(key)")
    }
    guard isWithin(root, path) else {
      throw .unusable("\(name) leaves the folder \(folder) through a symbolic link")
    }
    do throws(AWSConfigurationError) {
      guard let bytes = try readFile(path, limit: maximumBytes) else {
        throw AWSConfigurationError("\(path) has gone")
      }
      return (bytes, path)
    } catch {
      throw .unusable("\(name): \(error.message)")
    }
  }

  /// The parts of a key, nil when one of them cannot be the name of a file.
  static func segments(of key: String) -> [String]? {
    let segments = key.split(separator: "/", omittingEmptySubsequences: false)
    guard !key.isEmpty, !key.utf8.contains(0), !segments.contains(".."), !segments.contains("."), !segments.contains("") else { return nil }
    return segments.map { String($0) }
  }

  func unusableKey(_ name: String) -> AWSCallError {
    .unusable("\(name) cannot stand for a file of \(folder): its key is empty or has an empty, \".\" or \"..\" part")
  }

  func rootPath() throws(AWSCallError) -> String {
    guard let root = resolvedPath(folder) else { throw .unusable("the folder \(folder), which is mapped to s3://, does not exist") }
    return root
  }

  func isWithin(_ root: String, _ path: String) -> Bool { path.hasPrefix(root == "/" ? "/" : root + "/") }

  func missing(_ code: String, _ message: String) -> AWSCallError {
    .service(AWSServiceError(service: .s3, code: code, message: message, status: 404, requestID: nil))
  }
}

/// An `s3://bucket/key` address.
struct S3Address: Sendable, Hashable {
  var bucket: String
  var key: String

  /// nil when the text has another form.
  init?(_ text: String) {
    guard text.hasPrefix("s3://") else { return nil }
    let rest = text.dropFirst("s3://".count)
    guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex, rest.index(after: slash) < rest.endIndex else { return nil }
    bucket = String(rest[..<slash])
    key = String(rest[rest.index(after: slash)...])
  }
}

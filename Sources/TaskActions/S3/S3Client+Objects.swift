import StatesLanguage
import StatesRuntime

extension S3Client {
  /// The largest answer to a list, in bytes; a page of 1,000 keys of 1,024 characters has less.
  static let maximumListBytes = 16 << 20

  /// One page of ListObjectsV2, up to 1,000 objects.
  func listObjects(bucket: String, prefix: String, after token: String?) async throws(AWSCallError) -> StoredObjectPage {
    guard isBucketName(bucket) else { throw .unusable("expected a bucket's name, got \"\(bucket)\"") }
    var query = [(name: "list-type", value: "2")]
    if !prefix.isEmpty { query.append(("prefix", prefix)) }
    if let token { query.append(("continuation-token", token)) }
    query.sort { $0.name < $1.name }
    let response = try await send("GET", bucket: bucket, path: "/", query: query, maximumBytes: Self.maximumListBytes)
    let text = String(decoding: response.body, as: UTF8.self)
    var objects: [StoredObject] = []
    var rest = text[...]
    while let start = rest.firstRange(ofText: "<Contents>"), let end = rest[start.upperBound...].firstRange(ofText: "</Contents>") {
      let entry = String(rest[start.upperBound..<end.lowerBound])
      rest = rest[end.upperBound...]
      guard let key = xmlElement("Key", in: entry), let size = xmlElement("Size", in: entry).flatMap({ Int($0) }) else {
        throw .unusable("S3 answered a list of s3://\(bucket) with an entry that has no key and size")
      }
      objects.append(
        StoredObject(
          key: key, sizeInBytes: size, lastModified: xmlElement("LastModified", in: entry).flatMap { Timestamp(iso8601: $0) } ?? Timestamp(microseconds: 0),
          etag: xmlElement("ETag", in: entry) ?? "", storageClass: xmlElement("StorageClass", in: entry) ?? "STANDARD"))
    }
    return StoredObjectPage(objects: objects, nextToken: xmlElement("NextContinuationToken", in: text))
  }

  /// Writes one object, in place of an earlier one.
  func putObject(_ bytes: [UInt8], bucket: String, key: String) async throws(AWSCallError) {
    guard isBucketName(bucket), !key.isEmpty else {
      throw .unusable("expected a bucket's name and a key, got \"\(bucket)\" and \"\(key)\"")
    }
    _ = try await send(
      "PUT", bucket: bucket, path: "/" + percentEncoded(key, keeping: "/"), headers: ["Content-Type": "application/json"], body: bytes,
      maximumBytes: 1 << 20)
  }
}

import StatesLanguage
package import StatesRuntime

extension S3Client {
  /// The largest answer to a list, in bytes; a page of 1,000 keys of 1,024 characters has less.
  static let maximumListBytes = 16 << 20

  /// One page of ListObjectsV2, up to 1,000 objects.
  package func listObjects(
    bucket: String, prefix: String, after token: String?, region: BucketRegion = .anywhere
  ) async throws(AWSCallError) -> StoredObjectPage {
    guard isBucketName(bucket) else { throw .unusable("expected a bucket's name, got \"\(bucket)\"") }
    var query = [(name: "list-type", value: "2")]
    if !prefix.isEmpty { query.append(("prefix", prefix)) }
    if let token { query.append(("continuation-token", token)) }
    query.sort { $0.name < $1.name }
    let response = try await send("GET", bucket: bucket, path: "/", query: query, maximumBytes: Self.maximumListBytes, region: region)
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

  /// Bytes of an object that are asked for at a time.
  static let rangeBytes = 32 << 20

  /// Reads a whole object, a range at a time, so that no request takes long. One that changes meanwhile is a failure.
  package func readObject(bucket: String, key: String, region: BucketRegion = .anywhere, maximumBytes: Int) async throws(AWSCallError) -> [UInt8] {
    guard isBucketName(bucket), !key.isEmpty else {
      throw .unusable("expected a bucket's name and a key, got \"\(bucket)\" and \"\(key)\"")
    }
    var bytes: [UInt8] = []
    var tag: String?
    while true {
      var headers: HTTPHeaders = ["Range": "bytes=\(bytes.count)-\(bytes.count + Self.rangeBytes - 1)"]
      headers["If-Match"] = tag
      let response: HTTPResponse
      do throws(AWSCallError) {
        // A server that knows no ranges sends everything.
        response = try await send(
          "GET", bucket: bucket, path: "/" + percentEncoded(key, keeping: "/"), headers: headers, maximumBytes: max(maximumBytes, Self.rangeBytes),
          region: region)
      } catch {
        // An object without a byte has no range.
        if bytes.isEmpty, case .service(let refusal) = error, refusal.code == "InvalidRange" { return [] }
        throw error
      }
      bytes += response.body
      guard bytes.count <= maximumBytes else { throw .unusable("s3://\(bucket)/\(key) is larger than \(maximumBytes) bytes") }
      let size = response.headers["Content-Range"].flatMap { $0.split(separator: "/").last.flatMap { Int($0) } }
      guard response.status == 206, let size, bytes.count < size, !response.body.isEmpty else { return bytes }
      tag = response.headers["ETag"]
    }
  }

  /// Removes one object; one that is not there is no failure.
  package func deleteObject(bucket: String, key: String, region: BucketRegion = .anywhere) async throws(AWSCallError) {
    guard isBucketName(bucket), !key.isEmpty else {
      throw .unusable("expected a bucket's name and a key, got \"\(bucket)\" and \"\(key)\"")
    }
    _ = try await send("DELETE", bucket: bucket, path: "/" + percentEncoded(key, keeping: "/"), maximumBytes: 1 << 20, region: region)
  }

  /// Writes one object, in place of an earlier one.
  package func putObject(
    _ bytes: [UInt8], bucket: String, key: String, contentType: String = "application/json", region: BucketRegion = .anywhere
  ) async throws(AWSCallError) {
    guard isBucketName(bucket), !key.isEmpty else {
      throw .unusable("expected a bucket's name and a key, got \"\(bucket)\" and \"\(key)\"")
    }
    _ = try await send(
      "PUT", bucket: bucket, path: "/" + percentEncoded(key, keeping: "/"), headers: ["Content-Type": contentType], body: bytes,
      maximumBytes: 1 << 20, region: region)
  }
}

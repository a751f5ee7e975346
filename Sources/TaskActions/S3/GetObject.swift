import JSONTypes
import StatesInterpreter
import StatesRuntime

/// Reads an object; its bytes are given as text.
struct GetObject: TaskAction {
  static let resource = "arn:aws:states:::aws-sdk:s3:getObject"
  let objects: S3Objects

  /// Parameters by where they travel: in a header or in the query.
  private static let headers = [
    "IfMatch": "If-Match", "IfModifiedSince": "If-Modified-Since", "IfNoneMatch": "If-None-Match",
    "IfUnmodifiedSince": "If-Unmodified-Since",
    "Range": "Range", "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
    "SSECustomerKey": "x-amz-server-side-encryption-customer-key", "SSECustomerKeyMD5": "x-amz-server-side-encryption-customer-key-MD5",
    "RequestPayer": "x-amz-request-payer", "ExpectedBucketOwner": "x-amz-expected-bucket-owner", "ChecksumMode": "x-amz-checksum-mode",
  ]
  private static let query = [
    "PartNumber": "partNumber", "ResponseCacheControl": "response-cache-control",
    "ResponseContentDisposition": "response-content-disposition",
    "ResponseContentEncoding": "response-content-encoding", "ResponseContentLanguage": "response-content-language",
    "ResponseContentType": "response-content-type", "ResponseExpires": "response-expires", "VersionId": "versionId",
  ]
  private static let times: Set = ["IfModifiedSince", "IfUnmodifiedSince", "ResponseExpires"]

  static let shape = IntegrationShape(
    fields: [.init("Bucket", required: true), .init("Key", required: true)] + headers.keys.sorted().map { .init($0) }
      + query.keys.sorted().map { .init($0, $0 == "PartNumber" ? .integer : .string) })

  /// Members of the result in the service's order, with the header that each comes in.
  private enum Member { case text, integer, boolean, httpDate }
  private static let members: [(name: String, header: String, kind: Member)] = [
    ("AcceptRanges", "accept-ranges", .text), ("BucketKeyEnabled", "x-amz-server-side-encryption-bucket-key-enabled", .boolean),
    ("CacheControl", "cache-control", .text), ("ChecksumCRC32", "x-amz-checksum-crc32", .text),
    ("ChecksumCRC32C", "x-amz-checksum-crc32c", .text),
    ("ChecksumCRC64NVME", "x-amz-checksum-crc64nvme", .text), ("ChecksumSHA1", "x-amz-checksum-sha1", .text),
    ("ChecksumSHA256", "x-amz-checksum-sha256", .text), ("ChecksumType", "x-amz-checksum-type", .text),
    ("ContentDisposition", "content-disposition", .text), ("ContentEncoding", "content-encoding", .text),
    ("ContentLanguage", "content-language", .text), ("ContentLength", "content-length", .integer), ("ContentRange", "content-range", .text),
    ("ContentType", "content-type", .text), ("DeleteMarker", "x-amz-delete-marker", .boolean), ("ETag", "etag", .text),
    ("Expiration", "x-amz-expiration", .text), ("Expires", "expires", .text), ("LastModified", "last-modified", .httpDate),
    ("MissingMeta", "x-amz-missing-meta", .integer), ("ObjectLockLegalHoldStatus", "x-amz-object-lock-legal-hold", .text),
    ("ObjectLockMode", "x-amz-object-lock-mode", .text), ("ObjectLockRetainUntilDate", "x-amz-object-lock-retain-until-date", .text),
    ("PartsCount", "x-amz-mp-parts-count", .integer), ("ReplicationStatus", "x-amz-replication-status", .text),
    ("RequestCharged", "x-amz-request-charged", .text), ("Restore", "x-amz-restore", .text),
    ("SSECustomerAlgorithm", "x-amz-server-side-encryption-customer-algorithm", .text),
    ("SSECustomerKeyMD5", "x-amz-server-side-encryption-customer-key-md5", .text),
    ("SSEKMSKeyId", "x-amz-server-side-encryption-aws-kms-key-id", .text), ("ServerSideEncryption", "x-amz-server-side-encryption", .text),
    ("StorageClass", "x-amz-storage-class", .text), ("TagCount", "x-amz-tagging-count", .integer), ("VersionId", "x-amz-version-id", .text),
    ("WebsiteRedirectLocation", "x-amz-website-redirect-location", .text),
  ]
  static let modelledErrors: Set<String> = ["NoSuchKeyException", "NoSuchBucketException", "InvalidObjectStateException"]

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    let request = try Self.shape.request(from: call.input)
    var headers = HTTPHeaders()
    var query: [(name: String, value: String)] = []
    for (name, value) in request {
      let written = value.asString ?? value.jsonText
      let text = Self.times.contains(name) ? WallTime(iso8601: written)?.httpDateText ?? written : written
      if let header = Self.headers[name] { headers[header] = text }
      if let item = Self.query[name] { query.append((item, text)) }
    }
    do throws(AWSCallError) {
      let response = try await objects.get(
        bucket: request["Bucket"]?.asString ?? "", key: request["Key"]?.asString ?? "", headers: headers, query: query, pace: CallPace(reporter))
      reporter.progress("read \(response.body.count) bytes")
      return result(response)
    } catch {
      throw taskFailure(error, .s3, modelled: Self.modelledErrors)
    }
  }

  private func result(_ response: HTTPResponse) -> JSONValue {
    var result = JSONObject()
    for member in Self.members {
      guard let text = response.headers[member.header] else { continue }
      switch member.kind {
      case .text: result[member.name] = .string(text)
      case .integer: result[member.name] = Int64(text).map { .int($0) }
      case .boolean: result[member.name] = .bool(text.lowercased() == "true")
      case .httpDate: result[member.name] = .string(WallTime(httpDate: text)?.iso8601Text ?? text)
      }
    }
    var metadata = JSONObject()
    for field in response.headers.fields where field.name.lowercased().hasPrefix("x-amz-meta-") {
      metadata[field.name.lowercased().dropFirst("x-amz-meta-".count).description] = .string(field.value)
    }
    result["Metadata"] = .object(metadata)
    result["Body"] = .string(String(decoding: response.body, as: UTF8.self))
    return .object(result)
  }
}

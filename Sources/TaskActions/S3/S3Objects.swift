/// Where objects are read from: the mapped folder when there is one, else S3.
public struct S3Objects: Sendable {
  /// Largest object that a task reads, in bytes. A state's payload holds far less.
  public static let maximumObjectBytes = 16 << 20

  public var mapping: S3Mapping?
  public var client: S3Client

  public init(mapping: S3Mapping?, client: S3Client) {
    self.mapping = mapping
    self.client = client
  }

  /// The object as S3 would answer. Of a mapped file come length, type, ETag and time of change; `headers` and `query` do not apply to it.
  func get(
    bucket: String, key: String, headers: HTTPHeaders = [:], query: [(name: String, value: String)] = []
  ) async throws(AWSCallError) -> HTTPResponse {
    guard let mapping else {
      return try await client.getObject(bucket: bucket, key: key, headers: headers, query: query, maximumBytes: Self.maximumObjectBytes)
    }
    let (bytes, path) = try mapping.object(bucket: bucket, key: key, maximumBytes: Self.maximumObjectBytes)
    var answer: HTTPHeaders = [
      "Accept-Ranges": "bytes", "Content-Length": String(bytes.count), "Content-Type": "binary/octet-stream",
      "ETag": "\"\(hexadecimal(md5(bytes)))\"",
    ]
    if let time = modificationTime(path) { answer["Last-Modified"] = time.httpDateText }
    return HTTPResponse(status: 200, headers: answer, body: bytes)
  }
}

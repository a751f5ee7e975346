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

  /// The object as S3 would answer.
  func get(
    bucket: String, key: String, headers: HTTPHeaders = [:], query: [(name: String, value: String)] = [], pace: CallPace? = nil
  ) async throws(AWSCallError) -> HTTPResponse {
    let limit = Self.maximumObjectBytes
    if let mapping { return try mapping.answer(bucket: bucket, key: key, headers: headers, query: query, maximumBytes: limit) }
    return try await client.getObject(bucket: bucket, key: key, headers: headers, query: query, maximumBytes: limit, pace: pace)
  }
}

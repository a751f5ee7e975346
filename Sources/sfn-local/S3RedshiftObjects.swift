import RedshiftDataEmulator
import TaskActions

/// S3, or an endpoint that speaks as it does, as the place of the objects that COPY reads and UNLOAD writes.
///
/// A bucket of another region is refused, as the cluster does, unless the statement says where it is.
struct S3RedshiftObjects: RedshiftObjects {
  private let client: S3Client
  let place: String
  var makesBuckets: Bool { false }

  /// Longest time for one request: an upload has up to 256 MB.
  static let requestTimeout = Duration.seconds(300)

  init(settings: AWSClientSettings) {
    var settings = settings
    settings.options.totalTimeout = Self.requestTimeout
    client = S3Client(settings: settings, transport: HTTPClient())
    place = settings.target(of: .s3).place ?? "S3"
  }

  func page(of bucket: ObjectBucket, prefix: String, after token: String?) async throws(ObjectFailure) -> ObjectPage {
    try await call(bucket) { (client, region) throws(AWSCallError) in
      let page = try await client.listObjects(bucket: bucket.name, prefix: prefix, after: token, region: region)
      return ObjectPage(keys: page.objects.map(\.key), nextToken: page.nextToken)
    }
  }

  func read(_ key: String, in bucket: ObjectBucket, maximumBytes: Int) async throws(ObjectFailure) -> [UInt8] {
    try await call(bucket) { (client, region) throws(AWSCallError) in
      try await client.readObject(bucket: bucket.name, key: key, region: region, maximumBytes: maximumBytes)
    }
  }

  func write(_ bytes: [UInt8], to key: String, in bucket: ObjectBucket) async throws(ObjectFailure) {
    try await call(bucket) { (client, region) throws(AWSCallError) in
      try await client.putObject(bytes, bucket: bucket.name, key: key, contentType: "binary/octet-stream", region: region)
    }
  }

  func remove(_ key: String, from bucket: ObjectBucket) async throws(ObjectFailure) {
    try await call(bucket) { (client, region) throws(AWSCallError) in
      try await client.deleteObject(bucket: bucket.name, key: key, region: region)
    }
  }

  private func call<Value>(
    _ bucket: ObjectBucket, _ work: (S3Client, BucketRegion) async throws(AWSCallError) -> Value
  ) async throws(ObjectFailure) -> Value {
    do throws(AWSCallError) {
      return try await work(client, bucket.region.map { .named($0) } ?? .own)
    } catch {
      throw failure(error)
    }
  }

  private func failure(_ error: AWSCallError) -> ObjectFailure {
    switch error {
    case .service(let refusal):
      let (request, extended) = (refusal.requestID ?? "", refusal.extendedRequestID ?? "")
      // S3 tells of another region by a redirection, or when it looks at the signature.
      if refusal.status == 301 || refusal.status == 307 || refusal.code == "AuthorizationHeaderMalformed" && refusal.bucketRegion != nil {
        return ObjectFailure(
          .otherRegion(bucketRegion: refusal.bucketRegion, status: 301, requestID: request, extendedRequestID: extended), refusal.message)
      }
      return ObjectFailure(
        .refused(code: refusal.code, status: refusal.status, requestID: request, extendedRequestID: extended), refusal.message)
    case .transport(let problem, _): return ObjectFailure(.unanswered(curlError: curlError(problem.kind)), "\(error)")
    case .credentials, .noTarget, .unusable, .cancelled: return ObjectFailure(.unusable, "\(error)")
    }
  }

  /// libcurl's numbers, as Redshift's errors name them.
  private func curlError(_ kind: HTTPError.Kind) -> Int {
    switch kind {
    case .invalidRequest: 3
    case .unavailable: 2
    case .dns: 6
    case .connect: 7
    case .tls: 35
    case .timeout: 28
    case .reset: 56
    case .truncated: 18
    case .tooLarge: 63
    case .badResponse: 8
    case .cancelled: 42
    }
  }
}

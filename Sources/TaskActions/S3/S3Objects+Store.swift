import StatesLanguage
public import StatesRuntime

enum ItemSourceLimits {
  /// Bytes of the largest object that is listed with its ETag, which is a digest of all of it.
  static let largestObject = 1 << 30
}

/// Distributed Maps read and write here.
extension S3Objects: ObjectStore {
  public func object(bucket: String, key: String, versionID: String?, maximumBytes: Int) async throws(ObjectStoreError) -> [UInt8] {
    do throws(AWSCallError) {
      if let mapping { return try mapping.object(bucket: bucket, key: key, maximumBytes: maximumBytes).bytes }
      let query = versionID.map { [(name: "versionId", value: $0)] } ?? []
      return try await client.getObject(bucket: bucket, key: key, query: query, maximumBytes: maximumBytes).body
    } catch {
      throw ObjectStoreError(error)
    }
  }

  public func objects(bucket: String, prefix: String, after token: String?) async throws(ObjectStoreError) -> StoredObjectPage {
    do throws(AWSCallError) {
      if let mapping { return try mapping.objects(bucket: bucket, prefix: prefix, after: token) }
      return try await client.listObjects(bucket: bucket, prefix: prefix, after: token)
    } catch {
      throw ObjectStoreError(error)
    }
  }

  public func write(_ bytes: [UInt8], bucket: String, key: String) async throws(ObjectStoreError) {
    do throws(AWSCallError) {
      if let mapping { return try mapping.write(bytes, bucket: bucket, key: key) }
      try await client.putObject(bytes, bucket: bucket, key: key)
    } catch {
      throw ObjectStoreError(error)
    }
  }
}

extension ObjectStoreError {
  fileprivate init(_ error: AWSCallError) {
    switch error {
    case .service(let refusal): self.init(code: refusal.code, message: refusal.requestID == nil ? refusal.message : refusal.cause)
    case .noTarget:
      self.init(code: "NoTarget", message: "\(error). To work with a folder of this machine instead, give --s3-root DIR.")
    case .transport, .credentials, .unusable, .cancelled: self.init(code: "Unusable", message: "\(error)")
    }
  }
}

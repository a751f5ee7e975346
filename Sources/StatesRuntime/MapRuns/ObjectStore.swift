public import StatesLanguage

/// Where a distributed Map reads its items from and writes its results to: buckets that hold objects by their keys.
///
/// Given to an engine with `ActionRegistry.objectStore`.
public protocol ObjectStore: Sendable {
  /// The bytes of an object.
  /// - Parameters:
  ///   - versionID: the version that is meant; the newest for nil. Stores without versions may ignore it.
  ///   - maximumBytes: the largest object accepted.
  func object(bucket: String, key: String, versionID: String?, maximumBytes: Int) async throws(ObjectStoreError) -> [UInt8]

  /// The objects whose keys begin with `prefix`, in the order of their keys' bytes, a page at a time.
  /// - Parameter token: what the page before gave; nil for the first page.
  func objects(bucket: String, prefix: String, after token: String?) async throws(ObjectStoreError) -> StoredObjectPage

  /// Writes an object, in place of an earlier one.
  func write(_ bytes: [UInt8], bucket: String, key: String) async throws(ObjectStoreError)
}

/// What a list tells of an object.
public struct StoredObject: Sendable, Hashable {
  public var key: String
  public var sizeInBytes: Int
  public var lastModified: Timestamp
  /// With its quotation marks.
  public var etag: String
  public var storageClass: String

  public init(key: String, sizeInBytes: Int, lastModified: Timestamp, etag: String, storageClass: String = "STANDARD") {
    self.key = key
    self.sizeInBytes = sizeInBytes
    self.lastModified = lastModified
    self.etag = etag
    self.storageClass = storageClass
  }
}

/// A part of a list.
public struct StoredObjectPage: Sendable, Hashable {
  public var objects: [StoredObject]
  /// Gives the next page; nil after the last one.
  public var nextToken: String?

  public init(objects: [StoredObject], nextToken: String?) {
    self.objects = objects
    self.nextToken = nextToken
  }
}

/// Why a store did not do what it was asked.
public struct ObjectStoreError: Error, Hashable, Sendable {
  /// The store's own code, such as `NoSuchKey`.
  public var code: String
  public var message: String

  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

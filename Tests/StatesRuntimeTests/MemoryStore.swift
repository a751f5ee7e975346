import StatesLanguage
import StatesRuntime
import Synchronization

/// Buckets in memory. Lists come in pages of two.
final class MemoryStore: ObjectStore {
  private let objects: Mutex<[String: [UInt8]]>
  private let reads = Mutex<[String]>([])

  init(_ texts: [String: String] = [:], bytes: [String: [UInt8]] = [:]) {
    objects = Mutex(texts.mapValues { Array($0.utf8) }.merging(bytes) { $1 })
  }

  /// Keys are `bucket/key`.
  subscript(name: String) -> String? { objects.withLock { $0[name] }.map { String(decoding: $0, as: UTF8.self) } }
  var names: [String] { objects.withLock { $0.keys.sorted() } }
  /// What was read, in order.
  var read: [String] { reads.withLock { $0 } }

  func object(bucket: String, key: String, versionID: String?, maximumBytes: Int) async throws(ObjectStoreError) -> [UInt8] {
    reads.withLock { $0.append(key) }
    guard let bytes = objects.withLock({ $0["\(bucket)/\(key)"] }) else { throw ObjectStoreError(code: "NoSuchKey", message: "no \(key)") }
    return bytes
  }

  func objects(bucket: String, prefix: String, after token: String?) async throws(ObjectStoreError) -> StoredObjectPage {
    let all = objects.withLock { objects in
      objects.filter { $0.key.hasPrefix("\(bucket)/\(prefix)") }.map { name, bytes in
        StoredObject(key: String(name.dropFirst(bucket.count + 1)), sizeInBytes: bytes.count, lastModified: Timestamp(microseconds: 7_500_000), etag: "\"e\"")
      }
    }
    let rest = all.sorted { $0.key < $1.key }.filter { $0.key > token ?? "" }
    return StoredObjectPage(objects: Array(rest.prefix(2)), nextToken: rest.count > 2 ? rest[1].key : nil)
  }

  func write(_ bytes: [UInt8], bucket: String, key: String) async throws(ObjectStoreError) {
    if bucket == "refused" { throw ObjectStoreError(code: "AccessDenied", message: "no access") }
    objects.withLock { $0["\(bucket)/\(key)"] = bytes }
  }
}

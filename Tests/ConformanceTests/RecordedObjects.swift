import JSONTypes
import StatesRuntime
import Synchronization

/// The objects of a recorded case, and those that its executions write.
final class RecordedObjects: ObjectStore {
  private let objects: Mutex<[String: [UInt8]]>

  init(_ testCase: JSONValue) {
    var objects: [String: [UInt8]] = [:]
    for object in testCase["s3"]?.asArray ?? [] {
      objects["\(object["Bucket"]?.asString ?? "")/\(object["Key"]?.asString ?? "")"] = Array((object["Body"]?.asString ?? "").utf8)
    }
    self.objects = Mutex(objects)
  }

  func object(bucket: String, key: String, versionID: String?, maximumBytes: Int) async throws(ObjectStoreError) -> [UInt8] {
    guard let bytes = objects.withLock({ $0["\(bucket)/\(key)"] }) else {
      throw ObjectStoreError(code: "NoSuchKey", message: "the case has no object \(bucket)/\(key)")
    }
    return bytes
  }

  func objects(bucket: String, prefix: String, after token: String?) async throws(ObjectStoreError) -> StoredObjectPage {
    throw ObjectStoreError(code: "NotImplemented", message: "no recorded case lists objects")
  }

  func write(_ bytes: [UInt8], bucket: String, key: String) async throws(ObjectStoreError) {
    objects.withLock { $0["\(bucket)/\(key)"] = bytes }
  }
}

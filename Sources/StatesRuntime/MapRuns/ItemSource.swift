import Gzip
import JSONTypes
import StatesLanguage

/// Reads what an ItemReader names, a portion at a time: objects are fetched when their items are due, one after the other.
actor ItemSource {
  /// The largest object that is read, in bytes; the service takes objects of 10 GB.
  static let maximumObjectBytes = 1 << 30

  struct Item: Sendable {
    var value: JSONValue
    /// `S3://bucket` or `S3://bucket/key`, for `$$.Map.Item.Source`.
    var source: String
  }

  private struct ObjectName: Sendable {
    var bucket: String
    var key: String
    var versionID: String?
    var text: String { "s3://\(bucket)/\(key)" }
  }

  private let reader: ItemReader
  private let arguments: JSONValue
  private let store: any ObjectStore
  private var itemsLeft: Int
  private var isStarted = false
  /// The items of the object that is read, and its name.
  private var current: (cursor: ItemCursor, source: String)?
  /// Objects that are yet to be read, from `nextObject` on.
  private var objects: [ObjectName] = []
  private var nextObject = 0
  private var format: ItemReader.Format
  /// A list that is yet to be continued.
  private var isListing = false
  private var listToken: String?

  /// - Parameter maxItems: 0 for all.
  init(_ reader: ItemReader, arguments: JSONValue, maxItems: Int, store: any ObjectStore) {
    self.reader = reader
    self.arguments = arguments
    self.store = store
    itemsLeft = maxItems == 0 ? ItemReader.maximumItems : min(maxItems, ItemReader.maximumItems)
    format = reader.format ?? ItemReader.Format(.json)
  }

  /// The next items, at least one unless none is left.
  func next(atMost count: Int) async throws(ItemReaderFailure) -> [Item] {
    if !isStarted { try await start() }
    var items: [Item] = []
    while items.count < count, itemsLeft > 0 {
      if let (cursor, source) = current {
        var cursor = cursor
        // The text is not copied while it is read.
        current = nil
        guard let value = try cursor.next() else { continue }
        current = (cursor, source)
        items.append(Item(value: value, source: source))
        itemsLeft -= 1
      } else if nextObject < objects.count {
        nextObject += 1
        try await open(objects[nextObject - 1])
      } else if isListing {
        try await list()
      } else {
        break
      }
    }
    return items
  }

  private func start() async throws(ItemReaderFailure) {
    isStarted = true
    if itemsLeft < 0 { throw ItemReaderFailure("field MaxItems must be positive") }
    if format.inputType == .parquet {
      throw ItemReaderFailure("Parquet files cannot be read here. Convert the data to CSV or JSONL and give that InputType.")
    }
    let bucket = try text("Bucket")
    switch reader.resource {
    case .listObjects: isListing = true
    case .getObject:
      let object = ObjectName(bucket: bucket, key: try text("Key"), versionID: arguments["VersionId"]?.asString)
      if format.inputType == .manifest || reader.manifestType != nil {
        try await follow(object)
      } else {
        objects = [object]
      }
    }
  }

  private func text(_ field: String) throws(ItemReaderFailure) -> String {
    guard case .string(let text)? = arguments[field], !text.isEmpty else {
      let found = arguments[field].map { ", found \($0.jsonText)" } ?? ", which is missing"
      throw ItemReaderFailure("The ItemReader needs a string for '\(field)'\(found).")
    }
    return text
  }

  // MARK: Objects

  private func bytes(of object: ObjectName) async throws(ItemReaderFailure) -> [UInt8] {
    let bytes: [UInt8]
    do throws(ObjectStoreError) {
      bytes = try await store.object(
        bucket: object.bucket, key: object.key, versionID: object.versionID, maximumBytes: Self.maximumObjectBytes)
    } catch {
      throw ItemReaderFailure(error.message)
    }
    guard Gzip.isCompressed(bytes) else { return bytes }
    do throws(GzipError) {
      return try Gzip.decompress(bytes, maximumBytes: Self.maximumObjectBytes)
    } catch {
      throw ItemReaderFailure("\(object.text): \(error.message)")
    }
  }

  private func open(_ object: ObjectName) async throws(ItemReaderFailure) {
    let source = "S3://\(object.bucket)/\(object.key)"
    current = (try ItemCursor(try await bytes(of: object), format, name: object.text), source)
  }

  // MARK: Lists

  private func list() async throws(ItemReaderFailure) {
    let bucket = try text("Bucket")
    let page: StoredObjectPage
    do throws(ObjectStoreError) {
      page = try await store.objects(bucket: bucket, prefix: arguments["Prefix"]?.asString ?? "", after: listToken)
    } catch {
      throw ItemReaderFailure(error.message)
    }
    listToken = page.nextToken
    isListing = page.nextToken != nil
    if reader.loadsObjects {
      // What stands for a folder holds no items.
      objects = page.objects.filter { !$0.key.hasSuffix("/") }.map { ObjectName(bucket: bucket, key: $0.key) }
      nextObject = 0
    } else {
      current = (.values(page.objects.map(\.item)[...]), "S3://\(bucket)")
    }
  }

  // MARK: Manifests

  /// Finds the files that a manifest names: those of an inventory, or those that a query has written.
  private func follow(_ manifest: ObjectName) async throws(ItemReaderFailure) {
    let bytes = try await bytes(of: manifest)
    if reader.manifestType == .athena { return try followLines(bytes, manifest) }
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw ItemReaderFailure("\(manifest.text) is no JSON text: line \(error.line), column \(error.column): \(error.message)")
    }
    guard value["fileFormat"]?.asString == "CSV", let schema = value["fileSchema"]?.asString, let files = value["files"]?.asArray else {
      throw ItemReaderFailure(
        "\(manifest.text) is no manifest of an inventory in CSV: expected the members fileFormat \"CSV\", fileSchema and files.")
    }
    // `arn:aws:s3:::bucket`
    let bucket = value["destinationBucket"]?.asString.map { String($0.split(separator: ":").last ?? "") } ?? manifest.bucket
    let columns = schema.split(separator: ",").map { String($0.drop { $0 == " " }) }
    format = ItemReader.Format(.csv, csvHeaders: .given(columns))
    objects = files.compactMap { file in file["key"]?.asString.map { ObjectName(bucket: bucket, key: $0) } }
  }

  private func followLines(_ bytes: [UInt8], _ manifest: ObjectName) throws(ItemReaderFailure) {
    if format.inputType == .manifest { throw ItemReaderFailure("The ManifestType ATHENA_DATA needs the InputType of the data: CSV or JSONL.") }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" && $0 != "\"" }
      let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
      guard text.hasPrefix("s3://"), parts.count == 4, !parts[2].isEmpty, !parts[3].isEmpty else {
        throw ItemReaderFailure("\(manifest.text) must have s3://bucket/key on each line, found \"\(text.prefix(100))\".")
      }
      objects.append(ObjectName(bucket: String(parts[2]), key: String(parts[3])))
    }
  }
}

extension StoredObject {
  /// Source: AWS Step Functions Developer Guide, "ItemReader (Map)", Amazon S3 objects.
  fileprivate var item: JSONValue {
    [
      "Etag": .string(etag), "Key": .string(key), "LastModified": .int(lastModified.microseconds / 1_000_000), "Size": .int(Int64(sizeInBytes)),
      "StorageClass": .string(storageClass),
    ]
  }
}

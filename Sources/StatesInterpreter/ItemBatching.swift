public import JSONTypes
import StatesLanguage

/// `ItemBatcher`, its numbers read and its `BatchInput` evaluated: groups of items become the input of one iteration.
///
/// Source: AWS Step Functions Developer Guide, "ItemBatcher (Map)".
public struct ItemBatching: Sendable, Hashable {
  /// Items of one batch.
  public var mostItems: Int
  /// Bytes of one batch as JSON text. An item that is too long alone makes a batch of its own.
  public var mostBytes: Int
  public var batchInput: JSONValue?

  public init(mostItems: Int, mostBytes: Int, batchInput: JSONValue? = nil) {
    self.mostItems = mostItems
    self.mostBytes = mostBytes
    self.batchInput = batchInput
  }
}

/// Puts items together, one after the other, into inputs of the form `{"BatchInput": …, "Items": […]}`.
public struct ItemBatcher: Sendable {
  private let batching: ItemBatching
  private let head: JSONObject
  private let headBytes: Int
  private var batch: [JSONValue] = []
  private var bytes: Int

  public init(_ batching: ItemBatching) {
    self.batching = batching
    head = batching.batchInput.map { ["BatchInput": $0] } ?? [:]
    headBytes = head.isEmpty ? #"{"Items":[]}"#.utf8.count : JSONValue.object(head).jsonByteCount + #","Items":[]"#.utf8.count
    bytes = headBytes
  }

  /// How many items wait for the batch to be full.
  public var waiting: Int { batch.count }

  /// Takes an item in.
  /// - Returns: the batch before it, when the item has no place in it.
  public mutating func add(_ item: JSONValue) -> JSONValue? {
    let size = item.jsonByteCount
    var full: JSONValue?
    // A comma stands before each item but the first.
    if batch.count >= max(1, batching.mostItems) || (!batch.isEmpty && bytes + 1 + size > batching.mostBytes) { full = close() }
    bytes += batch.isEmpty ? size : 1 + size
    batch.append(item)
    return full
  }

  /// The batch that is open; nil when there is none.
  public mutating func close() -> JSONValue? {
    guard !batch.isEmpty else { return nil }
    var object = head
    object["Items"] = .array(batch)
    batch = []
    bytes = headBytes
    return .object(object)
  }
}

extension Execution {
  func batching(_ batcher: MapState.ItemBatcher, seeing input: JSONValue, frame: Int) throws(ExecutionEnd) -> ItemBatching {
    ItemBatching(
      mostItems: try integer(batcher.maxItemsPerBatch, "MaxItemsPerBatch", frame: frame) ?? .max,
      mostBytes: try integer(batcher.maxInputBytesPerBatch, "MaxInputBytesPerBatch", frame: frame) ?? settings.limits.payloadBytes,
      batchInput: try batcher.batchInput.map { template throws(ExecutionEnd) in try evaluate(template, on: input, frame: frame) })
  }

  func batches(of items: [JSONValue], _ batching: ItemBatching) -> [JSONValue] {
    var batcher = ItemBatcher(batching)
    var batches = items.compactMap { batcher.add($0) }
    if let last = batcher.close() { batches.append(last) }
    return batches
  }
}

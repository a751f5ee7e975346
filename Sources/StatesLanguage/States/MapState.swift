import JSONTypes

/// A Map state: its item processor runs once for each item of an array.
///
/// Spec: Amazon States Language, "Map State".
public final class MapState: Sendable {
  /// `ItemBatcher`: groups of items become the input of one iteration.
  public struct ItemBatcher: Sendable {
    public var batchInput: Template?
    public var maxItemsPerBatch: NumberField?
    public var maxInputBytesPerBatch: NumberField?
  }

  public let common: StateCommon
  public let work: WorkFields
  /// The number of the item processor in `StateMachine.subMachines`.
  public let itemProcessor: Int
  /// JSONata: `Items`, the array itself; default the state's input.
  public let items: JSONataTemplate?
  /// Where the array is; default `$`, the effective input.
  public let itemsPath: PathExpression?
  /// `ItemSelector`, or `Parameters` in its old place.
  public let itemSelector: Template?
  public let itemBatcher: ItemBatcher?
  /// Iterations at a time; 0 or absent means as many as the service allows.
  public let maxConcurrency: NumberField?
  public let toleratedFailureCount: NumberField?
  public let toleratedFailurePercentage: NumberField?
  /// Set when each iteration is an execution of its own.
  public let distributed: DistributedMap?

  /// How many iterations of an inline Map the service runs at a time.
  public static let inlineConcurrency = 40

  init(
    common: StateCommon, work: WorkFields, itemProcessor: Int, items: JSONataTemplate?, itemsPath: PathExpression?, itemSelector: Template?,
    itemBatcher: ItemBatcher?, maxConcurrency: NumberField?, toleratedFailureCount: NumberField?, toleratedFailurePercentage: NumberField?,
    distributed: DistributedMap?
  ) {
    self.common = common
    self.work = work
    self.itemProcessor = itemProcessor
    self.items = items
    self.itemsPath = itemsPath
    self.itemSelector = itemSelector
    self.itemBatcher = itemBatcher
    self.maxConcurrency = maxConcurrency
    self.toleratedFailureCount = toleratedFailureCount
    self.toleratedFailurePercentage = toleratedFailurePercentage
    self.distributed = distributed
  }
}

extension StateMachineParser {
  mutating func parseMap(_ reading: StateReading, _ common: StateCommon, _ scope: inout SubMachineGraph) -> MapState? {
    let work = parseWork(reading, &scope)
    if let old = reading.node.member("Parameters"), let new = reading.node.member("ItemSelector") {
      report(
        "exclusive-fields", "ItemSelector and Parameters, its old name, exclude each other", at: old.keyRange, pointer: reading.pointer,
        notes: [Diagnostic.Note("ItemSelector stands here", at: new.keyRange)])
    }
    let itemSelector = parseTemplate("ItemSelector", of: reading.node, reading.pointer, language: reading.language) ?? work.parameters
    let itemsPath = parseReference("ItemsPath", of: reading.node, reading.pointer)
    let maxConcurrency = parseNumber("MaxConcurrency", of: reading.node, reading.pointer, language: reading.language)
    let count = parseNumber("ToleratedFailureCount", of: reading.node, reading.pointer, language: reading.language)
    let percentage = parseNumber("ToleratedFailurePercentage", of: reading.node, reading.pointer, language: reading.language)
    let batcher = parseItemBatcher(reading)
    let items = parseOutput(of: reading.node, field: "Items", reading.pointer, language: reading.language)
    guard let processor = parseItemProcessor(reading) else { return nil }
    return MapState(
      common: common, work: work, itemProcessor: processor.subMachine, items: items, itemsPath: itemsPath, itemSelector: itemSelector,
      itemBatcher: batcher, maxConcurrency: maxConcurrency, toleratedFailureCount: count, toleratedFailurePercentage: percentage,
      distributed: processor.distributed)
  }

  private mutating func parseItemProcessor(_ reading: StateReading) -> (subMachine: Int, distributed: DistributedMap?)? {
    let members = ["ItemProcessor", "Iterator"].compactMap { reading.node.member($0) }
    guard let member = members.first else {
      report("missing-field", "a Map state needs the field \"ItemProcessor\"", at: reading.place, pointer: reading.pointer)
      return nil
    }
    if members.count > 1 {
      report(
        "exclusive-fields", "ItemProcessor and Iterator, its old name, exclude each other", at: members[1].keyRange, pointer: reading.pointer)
    }
    guard member.value.members != nil else { return nil }
    let pointer = reading.pointer(member.key)
    checkFields(of: member.value, owner: .itemProcessor, language: reading.language, pointer: pointer, place: member.keyRange)
    let distributed = parseDistributedMap(reading, member.value, pointer)
    let outer = expressOwner
    if distributed?.executionType == .express { expressOwner = "an EXPRESS child of the Map \"\(reading.name)\"" }
    defer { expressOwner = outer }
    return parseSubMachine(member.value, owner: reading.index, pointer: pointer).map { ($0, distributed) }
  }

  private mutating func parseItemBatcher(_ reading: StateReading) -> MapState.ItemBatcher? {
    guard let node = reading.node["ItemBatcher"], node.members != nil else { return nil }
    let pointer = reading.pointer("ItemBatcher")
    checkFields(of: node, owner: .itemBatcher, language: reading.language, pointer: pointer, place: node.range.opening)
    let items = parseNumber("MaxItemsPerBatch", of: node, pointer, language: reading.language)
    let bytes = parseNumber("MaxInputBytesPerBatch", of: node, pointer, language: reading.language)
    if items == nil, bytes == nil, !["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"].contains(where: node.has) {
      report("missing-field", "ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch", at: node.range.opening, pointer: pointer)
    }
    return MapState.ItemBatcher(
      batchInput: parseTemplate("BatchInput", of: node, pointer, language: reading.language, location: "ItemBatcher/BatchInput"), maxItemsPerBatch: items, maxInputBytesPerBatch: bytes)
  }
}

public import JSONTypes
public import StatesLanguage

/// What a Map state in the mode DISTRIBUTED hands over to its Map Run.
public struct MapRunStart: Sendable, Hashable {
  public var mapRunArn: String
  public var items: Items
  public var batching: ItemBatching?
  /// `Parameters` or `Arguments` of the ResultWriter; nil when the results go into the state's output.
  public var resultWriter: JSONValue?
  /// Children at a time.
  public var maxConcurrency: Int
  /// Items that may fail without failing the Map Run; nil when the definition names no number.
  public var toleratedFailureCount: Int?
  public var toleratedFailurePercentage: Double?

  public enum Items: Sendable, Hashable {
    /// Those of the state's input.
    case given([JSONValue])
    /// Those that the ItemReader reads with these arguments. 0 stands for all; the service refuses a negative number while it reads.
    case read(arguments: JSONValue, maxItems: Int)
  }
}

/// A Map Run as the core asks the world for it: read the items, run an execution for each item or batch, collect what comes of them.
///
/// The answer is `Signal.mapRunSucceeded` with the state's result, or `mapRunFailed`.
public struct MapRunCall: Sendable, Hashable {
  /// The event that opened this effect.
  public var id: EventID
  /// The Map state, by its number.
  public var state: Int
  public var start: MapRunStart
}

extension Execution {
  /// Hands the items of a Map in the mode DISTRIBUTED over, or what its ItemReader is told.
  ///
  /// Numbers are read once the state has started, but for `MaxConcurrency`. Source: recorded histories.
  mutating func runDistributed(_ state: MapState, _ distributed: DistributedMap, frame: Int) throws(ExecutionEnd) {
    let input = try effectiveInput(state.common, frame: frame).value
    // With an ItemReader, `ItemsPath` means nothing. Source: recorded histories.
    let items = distributed.itemReader == nil ? try items(of: state, input: input, frame: frame) : []
    let limit = try integer(state.maxConcurrency, "MaxConcurrency", frame: frame) ?? 0
    var start = MapStart(
      items: [], length: items.count, effectiveInput: input,
      maxConcurrency: limit > 0 ? min(limit, DistributedMap.concurrency) : DistributedMap.concurrency)
    try emit(.mapStateStarted(state: state.common.index, start), frame: frame, after: frames[frame].lastEvent)
    try readTolerance(of: state, into: &start, frame: frame)
    var source = MapRunStart.Items.given(items)
    if let reader = distributed.itemReader {
      let arguments = try reader.arguments.map { template throws(ExecutionEnd) in try evaluate(template, on: input, frame: frame) }
      source = .read(arguments: arguments ?? .emptyObject, maxItems: try maxItems(reader.maxItems, frame: frame))
    }
    var random = SeededRandom(seed: settings.seed, number: lastEventID)
    let run = MapRunStart(
      mapRunArn: settings.mapRunArn(label: settings.label(of: state), uuid: random.uuid()), items: source,
      batching: try state.itemBatcher.map { batcher throws(ExecutionEnd) in try batching(batcher, seeing: input, frame: frame) },
      resultWriter: try distributed.resultWriter?.arguments.map { template throws(ExecutionEnd) in try evaluate(template, on: input, frame: frame) },
      maxConcurrency: start.maxConcurrency, toleratedFailureCount: start.toleratedFailureCount,
      toleratedFailurePercentage: start.toleratedFailurePercentage)
    try emit(.mapRunStarted(state: state.common.index, run), frame: frame, after: frames[frame].lastEvent)
  }

  /// Unlike other numbers, one below 0 is left to the reader, which fails.
  private func maxItems(_ field: NumberField?, frame: Int) throws(ExecutionEnd) -> Int {
    guard case .path(let path)? = field else { return try integer(field, "MaxItems", frame: frame) ?? 0 }
    let value = try value(of: path, frame: frame)
    guard let number = value.asString.flatMap({ Int64($0) }) ?? value.asInt else {
      throw runtime("The MaxItemsPath field refers to value \"\(shown(value))\" which is not a valid integer: \(path.text)", frame: frame)
    }
    return Int(number)
  }

  /// The input that `ItemSelector` makes of an item; the item itself without one.
  ///
  /// It sees what the Map state sees, which waits for the Map Run meanwhile.
  /// - Parameters:
  ///   - index: the number of the item, from 0.
  ///   - source: where it comes from: `STATE_DATA`, `S3://bucket` or `S3://bucket/key`.
  ///   - effect: the id of the open Map Run.
  /// - Throws: how the Map Run fails.
  public func itemInput(_ item: JSONValue, index: Int, source: String, of effect: EventID) throws(ItemInputFailure) -> JSONValue {
    guard case .mapRun(let call)? = openEffects[effect], let frame = effectFrames[effect], case .map(let state) = machine.states[call.state],
      let selector = state.itemSelector
    else { return item }
    var sight = Sight(item: (item, index))
    sight.itemSource = source
    sight.randomNumber = Int(bitPattern: UInt(truncatingIfNeeded: settings.childSeed(of: call, index: index)))
    do throws(ExecutionEnd) {
      return try evaluate(selector, on: try effectiveInput(state.common, frame: frame).value, frame: frame, sight)
    } catch {
      throw ItemInputFailure(error: error.error)
    }
  }
}

/// Why an item could not become an input.
public struct ItemInputFailure: Error, Sendable, Hashable {
  public var error: ErrorOutput
}

extension ExecutionSettings {
  /// What a child of a Map Run is told about itself.
  /// - Parameter index: the number of the item or batch, from 0.
  public func child(of call: MapRunCall, index: Int, type: WorkflowType) -> ExecutionSettings {
    var random = SeededRandom(seed: childSeed(of: call, index: index))
    var child = self
    let run = call.start.mapRunArn.split(separator: ":", omittingEmptySubsequences: false)
    let name = run.count > 6 ? String(run[6]) : stateMachineName
    child.name = random.uuid()
    child.stateMachineName = name
    child.stateMachineArn = arn("stateMachine", name)
    switch type {
    case .standard:
      child.type = .standard
      child.executionArn = arn("execution", name) + ":" + child.name
    case .express:
      child.type = .express
      child.executionArn = arn("express", name) + ":" + child.name + ":" + random.uuid()
    }
    child.seed = random.next()
    return child
  }

  /// A generator for each item of each Map Run, independent of all others.
  func childSeed(of call: MapRunCall, index: Int) -> UInt64 {
    var random = SeededRandom(seed: seed, number: call.id)
    var own = SeededRandom(seed: random.next(), number: index)
    return own.next()
  }

  /// The label of a Map state; without one, a text that follows from the machine's ARN and the state's name, as the service makes one up.
  func label(of state: MapState) -> String {
    if let label = state.distributed?.label { return label }
    var seed: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(stateMachineArn)#\(state.common.name)".utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var random = SeededRandom(seed: seed)
    return random.uuid()
  }

  func mapRunArn(label: String, uuid: String) -> String { arn("mapRun", "\(stateMachineName)/\(label)") + ":" + uuid }

  private func arn(_ kind: String, _ name: String) -> String {
    let parts = stateMachineArn.split(separator: ":", omittingEmptySubsequences: false)
    return (parts.prefix(5) + [Substring(kind), Substring(name)]).joined(separator: ":")
  }
}

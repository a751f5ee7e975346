import JSONTypes
import StatesInterpreter
import StatesLanguage

/// One Map Run at work. It decides what is to do next; the engine's loop does it.
///
/// Items come in portions, become inputs one after the other, and each input is run by a child while there is room for it. What is held
/// at a time is a portion of items, the children that run, and what is to be written of those that have ended.
struct MapRun {
  /// Items that are read, or looked at, before children are started again.
  static let portion = 256

  enum Step {
    case start(index: Int, input: JSONValue)
    case read(ItemSource)
    case write([ResultFile], bucket: String)
    /// Stop these children, by the numbers of their runs.
    case stop([Int])
    /// Nothing to do until a child ends, or what was asked for has come.
    case wait
    case end(Signal)
  }

  private struct Input {
    var value: JSONValue
    var items: Int
  }

  let call: MapRunCall
  private(set) var summary: MapRunSummary
  private let stateName: String
  private var source: ItemSource?
  /// Items that are read and not yet inputs, from `nextItem` on.
  private var items: [ItemSource.Item]
  private var nextItem = 0
  private var itemIndex = 0
  private var batcher: ItemBatcher?
  private var inputs: [Input] = []
  private var nextInput = 0
  private var inputIndex = 0
  /// The children that run: which input each has, and how many items.
  private var children: [Int: (index: Int, items: Int)] = [:]
  private var results: MapRunResults
  private var filesToWrite: [ResultFile] = []
  private var isReading = false
  private var isWriting = false
  private var failure: ErrorOutput?
  private var isStopping = false
  private var isFinishing = false
  /// The tasks that read and write for this Map Run; cancelled with it.
  var tasks: [Task<Void, Never>] = []

  /// - Throws: how the Map Run fails before its first item.
  init(_ call: MapRunCall, of execution: Execution, store: (any ObjectStore)?, at now: Timestamp) {
    self.call = call
    summary = MapRunSummary(call, of: execution, at: now)
    guard case .map(let state) = execution.machine.states[call.state], let distributed = state.distributed else {
      preconditionFailure("only a distributed Map has a Map Run")
    }
    stateName = state.common.name
    batcher = call.start.batching.map { ItemBatcher($0) }
    var failure: ErrorOutput?
    var destination: MapRunResults.Destination?
    if let arguments = call.start.resultWriter {
      if let bucket = arguments["Bucket"]?.asString, store != nil {
        let prefix = arguments["Prefix"]?.asString ?? ""
        let uuid = call.start.mapRunArn.split(separator: ":").last ?? ""
        destination = MapRunResults.Destination(bucket: bucket, folder: (prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/") + uuid + "/")
      } else {
        failure = ErrorOutput(
          error: ErrorName.resultWriterFailed.rawValue,
          cause: store == nil ? Self.noStore("ResultWriter", stateName) : "The ResultWriter needs a string for 'Bucket'.")
      }
    }
    results = MapRunResults(
      distributed.resultWriter, mapRunArn: call.start.mapRunArn, destination: destination, limit: execution.settings.limits.payloadBytes)
    switch call.start.items {
    case .given(let values):
      items = values.map { ItemSource.Item(value: $0, source: "STATE_DATA") }
      summary.items.pending = values.count
      summary.isRead = true
    case .read(let arguments, let maxItems):
      items = []
      if let reader = distributed.itemReader, let store {
        source = ItemSource(reader, arguments: arguments, maxItems: maxItems, store: store)
      } else {
        failure = failure ?? ErrorOutput(error: ErrorName.itemReaderFailed.rawValue, cause: Self.noStore("ItemReader", stateName))
      }
    }
    self.failure = failure
  }

  private static func noStore(_ field: String, _ state: String) -> String {
    "The \(field) of the state '\(state)' has no store to work with here: give the folder that stands for S3 with --s3-root DIR, "
      + "or set ActionRegistry.objectStore."
  }

  // MARK: What is to do

  /// - Parameter execution: the one that the Map state belongs to, to make inputs of items.
  mutating func step(seeing execution: Execution) -> Step {
    if isWriting { return .wait }
    if let step = stepOfWriting() { return step }
    if failure != nil { return stepOfFailure(seeing: execution) }
    if children.count < call.start.maxConcurrency {
      do throws(ItemInputFailure) {
        if let input = try input(seeing: execution) {
          let index = inputIndex
          inputIndex += 1
          return .start(index: index, input: input.value)
        }
      } catch {
        failure = error.error
        return stepOfFailure(seeing: execution)
      }
      if let step = stepOfReading() { return step }
    }
    if !children.isEmpty || isReading { return .wait }
    if results.isTooLarge { failure = tooLarge }
    return finish()
  }

  /// All else is stopped before the Map Run fails; what was never run is written down as pending.
  private mutating func stepOfFailure(seeing execution: Execution) -> Step {
    if !isStopping, !children.isEmpty {
      isStopping = true
      return .stop(children.keys.sorted())
    }
    if !children.isEmpty || isReading { return .wait }
    while results.destination != nil, !isFinishing {
      do throws(ItemInputFailure) {
        guard let input = try input(seeing: execution) else { break }
        if let file = results.addPending(input.value, index: inputIndex) { filesToWrite.append(file) }
        inputIndex += 1
        if let step = stepOfWriting() { return step }
      } catch {
        // An item that is why the Map Run fails has no input that could be written down.
      }
    }
    if results.destination != nil, !isFinishing, let step = stepOfReading() { return step }
    return finish()
  }

  private mutating func stepOfWriting() -> Step? {
    guard !filesToWrite.isEmpty, let destination = results.destination else { return nil }
    isWriting = true
    defer { filesToWrite = [] }
    return .write(filesToWrite, bucket: destination.bucket)
  }

  private mutating func stepOfReading() -> Step? {
    if isReading { return .wait }
    guard !summary.isRead, let source else { return nil }
    isReading = true
    return .read(source)
  }

  private mutating func finish() -> Step {
    if !isFinishing {
      isFinishing = true
      filesToWrite += results.finish()
      if let step = stepOfWriting() { return step }
    }
    if let failure { return .end(.mapRunFailed(call.id, failure)) }
    return .end(.mapRunSucceeded(call.id, results.stateResult))
  }

  private var tooLarge: ErrorOutput {
    ErrorOutput(
      error: ErrorName.dataLimitExceeded.rawValue,
      cause: "The state/task '\(stateName)' returned a result with a size exceeding the maximum number of bytes service limit.")
  }

  // MARK: Inputs

  /// The next input; nil when items must be read first, or none is left.
  private mutating func input(seeing execution: Execution) throws(ItemInputFailure) -> Input? {
    while nextInput == inputs.count {
      inputs.removeAll(keepingCapacity: true)
      nextInput = 0
      guard nextItem < items.count else {
        guard summary.isRead, let count = batcher?.waiting, let batch = batcher?.close() else { return nil }
        append(Input(value: batch, items: count))
        break
      }
      let item = items[nextItem]
      nextItem += 1
      let value = try execution.itemInput(item.value, index: itemIndex, source: item.source, of: call.id)
      itemIndex += 1
      if batcher == nil {
        append(Input(value: value, items: 1))
      } else if let count = batcher?.waiting, let batch = batcher?.add(value) {
        append(Input(value: batch, items: count))
      }
    }
    nextInput += 1
    return inputs[nextInput - 1]
  }

  private mutating func append(_ input: Input) {
    inputs.append(input)
    summary.executions.pending += 1
  }

  // MARK: What has come

  mutating func didStart(_ child: Int) {
    let count = inputs[nextInput - 1].items
    children[child] = (inputIndex - 1, count)
    summary.executions.start(1)
    summary.items.start(count)
  }

  mutating func didRead(_ read: Result<[ItemSource.Item], ItemReaderFailure>) {
    isReading = false
    switch read {
    case .success(let more):
      if !isWriting { tasks = [] }
      items = more
      nextItem = 0
      summary.items.pending += more.count
      summary.isRead = more.count < Self.portion
      if summary.isRead { checkTolerance() }
    case .failure(let error):
      source = nil
      failure = failure ?? ErrorOutput(error: ErrorName.itemReaderFailed.rawValue, cause: error.cause)
    }
  }

  mutating func didEnd(_ child: Int, _ result: ExecutionResult) {
    guard let (index, count) = children.removeValue(forKey: child) else { return }
    summary.executions.end(result.status, 1)
    summary.items.end(result.status, count)
    if let file = results.add(result, index: index) { filesToWrite.append(file) }
    checkTolerance()
  }

  /// A percentage counts once all items are known.
  private mutating func checkTolerance() {
    let failed = summary.items.unsuccessful
    guard failure == nil, failed > 0 else { return }
    let (count, percentage) = (call.start.toleratedFailureCount, call.start.toleratedFailurePercentage)
    var isExceeded = count == nil && percentage == nil
    if let count, failed > count { isExceeded = true }
    if let percentage, summary.isRead, Double(failed) * 100 > percentage * Double(summary.items.total) { isExceeded = true }
    guard isExceeded else { return }
    failure = ErrorOutput(
      error: ErrorName.exceedToleratedFailureThreshold.rawValue, cause: "The specified tolerated failure threshold was exceeded")
  }

  mutating func didWrite(_ error: ObjectStoreError?) {
    isWriting = false
    if !isReading { tasks = [] }
    guard let error else { return }
    failure = failure ?? ErrorOutput(error: ErrorName.resultWriterFailed.rawValue, cause: error.message)
    // What could not be written once is not tried again.
    isFinishing = true
  }

  /// The Map Run is over.
  mutating func end(_ status: MapRunSummary.Status, at now: Timestamp) {
    summary.status = status
    summary.stoppedAt = now
    if status == .succeeded {
      summary.items.resultsWritten = summary.items.ended
      summary.executions.resultsWritten = summary.executions.ended
    }
    if status == .aborted {
      summary.executions.aborted += summary.executions.running
      summary.items.aborted += summary.items.running
      summary.executions.running = 0
      summary.items.running = 0
    }
  }

  /// The children that run, by the numbers of their runs.
  var runningChildren: [Int] { children.keys.sorted() }
}

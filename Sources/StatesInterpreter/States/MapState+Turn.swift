import JSONPath
import JSONTypes
import StatesLanguage

extension Execution {
  /// Finds the items and starts as many iterations as may run at a time.
  mutating func run(_ state: MapState, frame: Int) throws(ExecutionEnd) {
    if let distributed = state.distributed { return try runDistributed(state, distributed, frame: frame) }
    let input = try effectiveInput(state.common, frame: frame)
    var items = try items(of: state, input: input.value, frame: frame)
    if let batcher = state.itemBatcher { items = batches(of: items, try batching(batcher, seeing: input.value, frame: frame)) }
    var start = MapStart(items: items, length: items.count, effectiveInput: input.value, maxConcurrency: MapState.inlineConcurrency)
    if let limit = try integer(state.maxConcurrency, "MaxConcurrency", frame: frame), limit > 0 {
      start.maxConcurrency = min(limit, MapState.inlineConcurrency)
    }
    let entered = frames[frame].lastEvent
    do throws(ExecutionEnd) {
      try readTolerance(of: state, into: &start, frame: frame)
    } catch {
      // Unlike MaxConcurrency, these are read once the state has started. Source: recorded histories.
      var error = error
      error.previous = try emit(.mapStateStarted(state: state.common.index, start), frame: frame, after: entered)
      throw error
    }
    let started = try emit(.mapStateStarted(state: state.common.index, start), frame: frame, after: entered)
    for _ in 0..<min(start.maxConcurrency, items.count) { try startIteration(of: state, frame: frame, after: started) }
    if items.isEmpty { try finish(state, frame: frame, after: started) }
  }

  /// The array that `ItemsPath` names, or the effective input itself.
  func items(of state: MapState, input: JSONValue, frame: Int) throws(ExecutionEnd) -> [JSONValue] {
    if state.common.queryLanguage == .jsonata { return try jsonataItems(of: state, frame: frame) }
    var value = input
    if let path = state.itemsPath {
      var scope = scope(frame, input: input, for: path)
      do throws(EvaluationError) {
        value = try path.evaluate(in: &scope)
      } catch {
        guard path.usesInput, let reference = try? ReferencePath(parsing: path.text) else {
          throw runtime("Invalid path '\(path.text)' : \(error.message)", frame: frame)
        }
        throw conflict(reference, with: input, frame: frame)
      }
    }
    guard case .array(let items) = value else {
      throw runtime("Reference path \"\(state.itemsPath?.text ?? "$")\" must point to array.", frame: frame)
    }
    return items
  }

  /// What `Items` gives, or the state's input.
  private func jsonataItems(of state: MapState, frame: Int) throws(ExecutionEnd) -> [JSONValue] {
    guard let template = state.items else {
      let input = frames[frame].data.value
      guard case .array(let items) = input else {
        throw query("Map state input must be an array but was: \(input.jsonText)", location: nil, frame: frame)
      }
      return items
    }
    let value = try evaluate(template, frame: frame)
    guard case .array(let items) = value else {
      throw query(
        "The JSONata expression '\(template.expressionText ?? "")' specified for the field 'Items' returned an unexpected result type. "
          + "Expected 'array', but was '\(value.jsonataType)' for value: \(value.jsonText)", location: "Items", frame: frame)
    }
    return items
  }

  private mutating func startIteration(of state: MapState, frame: Int, after previous: EventID) throws(ExecutionEnd) {
    guard let children = frames[frame].children, let start = children.start, children.next < start.items.count else { return }
    let index = children.next
    let item = start.items[index]
    var input = Payload(measuring: item)
    if let selector = state.itemSelector {
      input = Payload(measuring: try evaluate(selector, on: start.effectiveInput, frame: frame, Sight(item: (item, index))))
      try limit(input: input, frame: frame)
    }
    let child = freeFrames.last ?? frames.count
    let started = try emit(.mapIterationStarted(state: state.common.index, index: index), frame: frame, after: previous)
    try enter(machine.subMachines[state.itemProcessor].startAt, with: input, frame: child, after: started)
  }

  /// An iteration has reached its end.
  mutating func iterationEnded(of state: MapState, frame: Int, parent: Int, after last: EventID) throws(ExecutionEnd) {
    try emit(.mapIterationSucceeded(state: state.common.index, index: frames[frame].index), frame: frame, after: last)
    try iterationIsOver(of: state, frame: parent)
  }

  /// Starts the next iteration, or ends the state after the last one.
  mutating func iterationIsOver(of state: MapState, frame: Int) throws(ExecutionEnd) {
    guard let children = frames[frame].children else { return }
    if children.next < children.outputs.count {
      try startIteration(of: state, frame: frame, after: children.lastInner)
    } else if children.isFinished {
      try finish(state, frame: frame, after: frames[frame].lastEvent)
    }
  }

  private mutating func finish(_ state: MapState, frame: Int, after last: EventID) throws(ExecutionEnd) {
    guard let children = frames[frame].children else { return }
    try emit(.mapStateSucceeded(state: state.common.index), frame: frame, after: last)
    var outputs = children.outputs
    if !children.isMissing.isEmpty {
      outputs = outputs.enumerated().filter { !children.isMissing.contains($0.offset) }.map(\.element)
    }
    let result = Payload(.array(outputs), bytesAtMost: children.outputBytes)
    try complete(frame, state.common, state.work, result: result, after: last)
  }

  // MARK: Fields

  /// An integer written out or read by a path; nil when the field is absent.
  func integer(_ field: NumberField?, _ name: String, frame: Int) throws(ExecutionEnd) -> Int? {
    switch field {
    case nil: return nil
    case .literal(let value): return Int(exactly: value)
    case .expression(let template):
      let value = try evaluate(template, frame: frame)
      guard let number = value.asInt, number >= 0 else { throw unexpected(value, of: template, name, expected: "integer", frame: frame) }
      return Int(number)
    case .path(let path):
      let value = try value(of: path, frame: frame)
      guard let number = value.asString.flatMap({ Int64($0) }) ?? value.asInt else {
        throw runtime("The \(name)Path field refers to value \"\(shown(value))\" which is not a valid integer: \(path.text)", frame: frame)
      }
      if number < 0 { throw runtime("\(name) cannot be negative.", frame: frame) }
      return Int(number)
    }
  }

  func readTolerance(of state: MapState, into start: inout MapStart, frame: Int) throws(ExecutionEnd) {
    start.toleratedFailureCount = try integer(state.toleratedFailureCount, "ToleratedFailureCount", frame: frame)
    switch state.toleratedFailurePercentage {
    case nil: break
    case .literal(let value): start.toleratedFailurePercentage = value
    case .expression(let template):
      let value = try evaluate(template, frame: frame)
      guard let number = value.asDouble, (0...100).contains(number) else {
        throw unexpected(value, of: template, "ToleratedFailurePercentage", expected: "number", frame: frame)
      }
      start.toleratedFailurePercentage = number
    case .path(let path):
      let value = try value(of: path, frame: frame)
      guard let number = value.asString.flatMap({ Double($0) }) ?? value.asDouble else {
        throw runtime(
          "The ToleratedFailurePercentagePath field refers to value \"\(shown(value))\" which is not a valid float: \(path.text)", frame: frame)
      }
      guard (0...100).contains(number) else { throw runtime("ToleratedFailurePercentage must be between 0 and 100.", frame: frame) }
      start.toleratedFailurePercentage = number
    }
  }

  private func unexpected(_ value: JSONValue, of template: JSONataTemplate, _ field: String, expected: String, frame: Int) -> ExecutionEnd {
    query(
      "The JSONata expression '\(template.expressionText ?? "")' specified for the field '\(field)' returned an unexpected result type. "
        + "Expected '\(expected)', but was '\(value.jsonataType)' for value: \(value.jsonText)", location: field, frame: frame)
  }
}

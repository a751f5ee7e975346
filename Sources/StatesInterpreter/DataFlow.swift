import JSONPath
import JSONTypes
import StatesLanguage

/// How data passes through a state: `InputPath`, `ResultPath`, `OutputPath` and `Output`, and the limit on its size.
///
/// Spec: Amazon States Language, "Input and Output Processing".
extension Execution {
  /// The raw input after `InputPath`.
  func effectiveInput(_ common: StateCommon, frame: Int) throws(ExecutionEnd) -> Payload {
    switch common.inputPath {
    case .whole: return frames[frame].data
    case .discard: return Payload(.emptyObject, bytesAtMost: 2)
    case .path(let path): return try select(path, from: frames[frame].data, frame: frame)
    }
  }

  /// What `OutputPath` leaves of the output, or what `Output` makes of it.
  func effectiveOutput(_ common: StateCommon, _ output: Payload, frame: Int, _ sight: Sight = Sight()) throws(ExecutionEnd) -> Payload {
    if let template = common.output { return Payload(measuring: try evaluate(template, frame: frame, sight)) }
    switch common.outputPath {
    case .whole: return output
    case .discard: return Payload(.emptyObject, bytesAtMost: 2)
    case .path(let path): return try select(path, from: output, frame: frame)
    }
  }

  private func select(_ path: PathExpression, from payload: Payload, frame: Int) throws(ExecutionEnd) -> Payload {
    if path.usesInput, payload.value.isNull { throw runtime("Unable to apply Path transformation to null or empty input.", frame: frame) }
    var scope = scope(frame, input: payload.value, for: path)
    let value: JSONValue
    do throws(EvaluationError) {
      value = try path.evaluate(in: &scope)
    } catch {
      throw runtime("Invalid path '\(path.text)' : \(error.message)", frame: frame)
    }
    // A part of the payload has no longer text than the whole; anything else is measured.
    let isPart = !path.usesContext && path.isReferencePath && path.variables.isEmpty
    return isPart ? Payload(value, bytesAtMost: payload.bytesAtMost) : Payload(measuring: value)
  }

  /// The result put into the raw input where `ResultPath` says.
  func combine(_ raw: Payload, with result: Payload, at path: ResultPathField, frame: Int) throws(ExecutionEnd) -> Payload {
    switch path {
    case .whole: return result
    case .discard: return raw
    case .path(let path):
      var value = raw.value
      do throws(JSONPathError) {
        try path.insert(result.value, into: &value)
      } catch {
        throw conflict(path, with: raw.value, frame: frame)
      }
      // The path's names, its quotes, colons and braces come on top of both texts.
      return Payload(value, bytesAtMost: raw.bytesAtMost + result.bytesAtMost + 6 * path.text.utf8.count + 16)
    }
  }

  /// The failure of a state whose reference path does not fit the data. The service names the step that cannot be taken, or the whole path
  /// when the data is neither object nor array. Source: causes reported from the service.
  func conflict(_ path: ReferencePath, with input: JSONValue, frame: Int) -> ExecutionEnd {
    var current: JSONValue? = input
    var failing: ReferencePath.Segment?
    if input.asObject != nil || input.asArray != nil {
      failing = path.segments.first { segment in
        switch segment {
        case .member(let name): current = current?[name]
        case .element(let index): current = current?.asArray.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
        return current == nil
      }
    }
    let what =
      switch failing {
      case nil: "ReferencePath \(path.text)"
      case .member(let name): "step \"\(name)\""
      case .element(let index): "step \"\(index)\""
      }
    return ExecutionEnd(
      kind: .state(frame),
      ErrorOutput(error: ErrorName.referencePathConflict.rawValue, cause: "Unable to apply \(what) to input \(input.jsonText)"),
      after: frames[frame].lastEvent)
  }

  /// Ends a state that has done its work: `ResultSelector`, `ResultPath`, `OutputPath`, or `Output`; then `Assign`.
  mutating func complete(_ frame: Int, _ common: StateCommon, _ work: WorkFields, result: Payload, after previous: EventID) throws(ExecutionEnd) {
    let sight = Sight(result: result.value)
    var selected = result
    if let selector = work.resultSelector {
      selected = Payload(measuring: try evaluate(selector, on: result.value, frame: frame))
    }
    let combined = try combine(frames[frame].data, with: selected, at: work.resultPath, frame: frame)
    let output = try effectiveOutput(common, combined, frame: frame, sight)
    let assigned = try assignments(common.assign, on: result.value, frame: frame, sight)
    try leave(frame, with: output, assigned: assigned, to: common.transition, after: previous)
  }

  /// The variables that `Assign` sets, nil when there are none; all right sides see the values at entry.
  func assignments(_ template: Template?, on value: JSONValue, frame: Int, _ sight: Sight = Sight()) throws(ExecutionEnd) -> JSONObject? {
    guard let template else { return nil }
    guard case .object(let object) = try evaluate(template, on: value, frame: frame, sight), !object.isEmpty else { return nil }
    try limit(assigned: object, frame: frame)
    return object
  }

  /// Fails the execution when one `Assign` has more bytes than a payload may have, or when all variables of the scope have more than theirs.
  ///
  /// Source: AWS Step Functions Developer Guide, "Passing data between states with variables", limits.
  private func limit(assigned: JSONObject, frame: Int) throws(ExecutionEnd) {
    let limits = settings.limits
    func tooMany(_ what: String, _ bytes: Int, _ limit: Int) -> ExecutionEnd {
      ExecutionEnd(
        ErrorOutput(error: ErrorName.dataLimitExceeded.rawValue, cause: "\(what) \(bytes) bytes; at most \(limit) are allowed."),
        after: frames[frame].lastEvent)
    }
    let name = machine.states[frames[frame].state].name
    if assigned.contains(where: { Payload($0.value, bytesAtMost: .max).isNestedTooDeeply }) {
      throw ExecutionEnd(tooDeep("A variable that the state '\(name)' assigns"), after: frames[frame].lastEvent)
    }
    let bytes = assigned.reduce(0) { $0 + $1.value.jsonByteCount }
    guard bytes <= limits.payloadBytes else { throw tooMany("Assign of the state '\(name)' gives its variables", bytes, limits.payloadBytes) }
    // So few variables, none above its own limit, cannot pass the sum: nothing to measure.
    let variables = frames[frame].variables
    let (most, overflow) = (variables.count + assigned.count).multipliedReportingOverflow(by: limits.payloadBytes)
    guard overflow ? limits.variableBytes < .max : most > limits.variableBytes else { return }
    let total = variables.reduce(bytes) { assigned[$1.key] == nil ? $0 + $1.value.jsonByteCount : $0 }
    guard total <= limits.variableBytes else { throw tooMany("After the state '\(name)' all variables would have", total, limits.variableBytes) }
  }

  /// Fails the execution when an output is larger than the limit; measures only when the bound on its size has passed it.
  func limit(_ payload: inout Payload, state: Int, after previous: EventID) throws(ExecutionEnd) {
    if payload.isNestedTooDeeply { throw ExecutionEnd(tooDeep("The output of the state '\(machine.states[state].name)'"), after: previous) }
    guard payload.bytesAtMost > settings.limits.payloadBytes else { return }
    payload.bytesAtMost = payload.value.jsonByteCount
    guard payload.bytesAtMost > settings.limits.payloadBytes else { return }
    throw ExecutionEnd(tooLarge(machine.states[state].name), after: previous)
  }

  /// Fails the execution when what a template made of a state's input is larger than the limit.
  ///
  /// Source: AWS Step Functions Developer Guide, "Error names", States.DataLimitExceeded.
  func limit(input: Payload, frame: Int) throws(ExecutionEnd) {
    if input.isNestedTooDeeply {
      throw ExecutionEnd(tooDeep("The input of the state '\(machine.states[frames[frame].state].name)'"), after: frames[frame].lastEvent)
    }
    guard input.bytesAtMost > settings.limits.payloadBytes else { return }
    let bytes = input.value.jsonByteCount
    guard bytes > settings.limits.payloadBytes else { return }
    throw ExecutionEnd(
      ErrorOutput(
        error: ErrorName.dataLimitExceeded.rawValue,
        cause: "The input of the state '\(machine.states[frames[frame].state].name)' has \(bytes) bytes after its template; "
          + "at most \(settings.limits.payloadBytes) are allowed."), after: frames[frame].lastEvent)
  }

  func tooDeep(_ what: String) -> ErrorOutput {
    ErrorOutput(
      error: ErrorName.dataLimitExceeded.rawValue, cause: "\(what) nests arrays and objects more than \(Payload.maximumNesting) levels deep.")
  }

  func tooLarge(_ name: String) -> ErrorOutput {
    ErrorOutput(
      error: ErrorName.dataLimitExceeded.rawValue,
      cause: "The state/task '\(name)' returned a result with a size exceeding the maximum number of bytes service limit.")
  }
}

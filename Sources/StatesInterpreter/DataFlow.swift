import JSONPath
import JSONTypes
import StatesLanguage

/// How data passes through a state: `InputPath`, templates, `ResultPath`, `OutputPath`, and the limit on its size.
///
/// Spec: Amazon States Language, "Input and Output Processing".
extension Execution {
  /// What an expression of the frame's current state sees.
  func scope(_ frame: Int, input: JSONValue, usesContext: Bool) -> EvaluationScope {
    EvaluationScope(
      input: input, context: usesContext ? contextObject(frame) : .emptyObject, variables: frames[frame].variables,
      random: SeededRandom(seed: settings.seed, number: lastEventID))
  }

  /// The raw input after `InputPath`.
  func effectiveInput(_ common: StateCommon, frame: Int) throws(ExecutionEnd) -> Payload {
    switch common.inputPath {
    case .whole: return frames[frame].data
    case .discard: return Payload(.emptyObject, bytesAtMost: 2)
    case .path(let path): return try select(path, from: frames[frame].data, frame: frame)
    }
  }

  /// What `OutputPath` leaves of the output.
  func effectiveOutput(_ common: StateCommon, _ output: Payload, frame: Int) throws(ExecutionEnd) -> Payload {
    switch common.outputPath {
    case .whole: return output
    case .discard: return Payload(.emptyObject, bytesAtMost: 2)
    case .path(let path): return try select(path, from: output, frame: frame)
    }
  }

  private func select(_ path: PathExpression, from payload: Payload, frame: Int) throws(ExecutionEnd) -> Payload {
    if path.usesInput, payload.value.isNull { throw runtime("Unable to apply Path transformation to null or empty input.", frame: frame) }
    var scope = scope(frame, input: payload.value, usesContext: path.usesContext)
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

  /// A payload template applied.
  ///
  /// - Parameters:
  ///   - item: the item of the iteration that the template is for, with its index.
  ///   - taskToken: the token of the callback that the template asks for.
  func evaluate(
    _ template: PayloadTemplate, seeing input: JSONValue, frame: Int, item: (value: JSONValue, index: Int)? = nil, taskToken: String? = nil
  ) throws(ExecutionEnd) -> JSONValue {
    var scope = scope(frame, input: input, usesContext: template.usesContext)
    if template.usesContext {
      if let item { addItem(item.value, index: item.index, to: &scope.context) }
      if let taskToken { add(["Token": .string(taskToken)], as: "Task", to: &scope.context) }
    }
    do throws(EvaluationError) {
      return try template.evaluate(in: &scope)
    } catch {
      throw runtime(message(error, input: input), frame: frame)
    }
  }

  /// The cause text of a failed expression within a template.
  ///
  /// Source: causes recorded from the service.
  func message(_ error: EvaluationError, input: JSONValue) -> String {
    if let call = error.call {
      if error.kind == .notFound {
        return "The function '\(call)' had the following error: The JsonPath argument for the field '\(error.expression)' could not be found in the input '\(input.jsonText)'"
      }
      return "There was an error while evaluating the intrinsic function: \(call). \(error.message)"
    }
    if error.kind == .notFound, let field = error.field {
      return "The JSONPath '\(error.expression)' specified for the field '\(field)' could not be found in the input '\(input.jsonText)'"
    }
    return error.message
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

  /// `ResultSelector`, `ResultPath` and `OutputPath` of a state that has done its work.
  func output(of work: WorkFields, _ common: StateCommon, result: Payload, frame: Int) throws(ExecutionEnd) -> Payload {
    var result = result
    if let selector = work.resultSelector {
      result = Payload(measuring: try evaluate(selector, seeing: result.value, frame: frame))
    }
    return try effectiveOutput(common, try combine(frames[frame].data, with: result, at: work.resultPath, frame: frame), frame: frame)
  }

  /// The variables that `Assign` sets; all right sides see the values at entry.
  func assignments(_ template: PayloadTemplate?, seeing value: JSONValue, frame: Int) throws(ExecutionEnd) -> JSONObject? {
    guard let template else { return nil }
    guard case .object(let object) = try evaluate(template, seeing: value, frame: frame), !object.isEmpty else { return nil }
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
    guard payload.bytesAtMost > settings.limits.payloadBytes else { return }
    payload.bytesAtMost = payload.value.jsonByteCount
    guard payload.bytesAtMost > settings.limits.payloadBytes else { return }
    throw ExecutionEnd(tooLarge(machine.states[state].name), after: previous)
  }

  /// Fails the execution when what a template made of a state's input is larger than the limit.
  ///
  /// Source: AWS Step Functions Developer Guide, "Error names", States.DataLimitExceeded.
  func limit(input: Payload, frame: Int) throws(ExecutionEnd) {
    guard input.bytesAtMost > settings.limits.payloadBytes else { return }
    let bytes = input.value.jsonByteCount
    guard bytes > settings.limits.payloadBytes else { return }
    throw ExecutionEnd(
      ErrorOutput(
        error: ErrorName.dataLimitExceeded.rawValue,
        cause: "The input of the state '\(machine.states[frames[frame].state].name)' has \(bytes) bytes after its template; "
          + "at most \(settings.limits.payloadBytes) are allowed."), after: frames[frame].lastEvent)
  }

  func tooLarge(_ name: String) -> ErrorOutput {
    ErrorOutput(
      error: ErrorName.dataLimitExceeded.rawValue,
      cause: "The state/task '\(name)' returned a result with a size exceeding the maximum number of bytes service limit.")
  }

  /// The end of the execution by `States.Runtime`, which no state can catch.
  func runtime(_ message: String, frame: Int, after previous: EventID? = nil) -> ExecutionEnd {
    let current = frames[frame]
    return ExecutionEnd(
      ErrorOutput(
        error: ErrorName.runtime.rawValue,
        cause:
          "An error occurred while executing the state '\(machine.states[current.state].name)' (entered at the event id #\(current.enteredEvent)). \(message)"
      ), after: previous ?? current.lastEvent)
  }

  // MARK: The context object

  /// `$$`, in the order of the service.
  ///
  /// Source: AWS Step Functions Developer Guide, "Accessing execution data from the Context object"; recorded outputs.
  func contextObject(_ frame: Int) -> JSONValue {
    let current = frames[frame]
    let state = machine.states[current.state]
    var entered: JSONObject = ["Name": .string(state.name), "EnteredTime": .string(current.enteredAt.iso8601)]
    if state.work != nil { entered["RetryCount"] = .int(Int64(current.retryCount)) }
    let object: JSONObject = [
      "Execution": [
        "Id": .string(settings.executionArn), "Input": input, "StartTime": .string(startedAt.iso8601), "Name": .string(settings.name),
        "RoleArn": .string(settings.roleArn), "RedriveCount": 0,
      ],
      "StateMachine": ["Id": .string(settings.stateMachineArn), "Name": .string(settings.stateMachineName)],
      "State": .object(entered),
    ]
    var context = JSONValue.object(object)
    var up = frame
    while up >= 0 {
      if let item = frames[up].item {
        addItem(item, index: frames[up].index, to: &context)
        break
      }
      up = frames[up].parent
    }
    return context
  }

  private func addItem(_ item: JSONValue, index: Int, to context: inout JSONValue) {
    add(["Item": ["Index": .int(Int64(index)), "Value": item]], as: "Map", to: &context)
  }

  private func add(_ value: JSONValue, as key: String, to context: inout JSONValue) {
    guard case .object(var object) = context else { return }
    context = .null
    object[key] = value
    context = .object(object)
  }
}

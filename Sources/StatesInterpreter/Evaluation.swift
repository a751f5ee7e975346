import JSONPath
import JSONTypes
import StatesLanguage

/// How a state's expressions are evaluated, and how the service words their failures.
extension Execution {
  /// What an expression sees besides the state's input and the variables.
  struct Sight {
    /// The result of the state's work: `$` of `ResultSelector`, `$states.result`.
    var result: JSONValue?
    /// How the work failed: `$states.errorOutput`.
    var errorOutput: JSONValue?
    /// The item of the iteration that a template is for.
    var item: (value: JSONValue, index: Int)?
    /// Where the item comes from, in a distributed Map.
    var itemSource: String?
    /// What randomness follows from, where many values come from one event.
    var randomNumber: Int?
    /// The token of the callback that a template asks for.
    var taskToken: String?
  }

  /// A template of either language applied.
  ///
  /// - Parameter input: what `$` is in JSONPath; JSONata sees the state's input as `$states.input`.
  func evaluate(_ template: Template, on input: JSONValue, frame: Int, _ sight: Sight = Sight()) throws(ExecutionEnd) -> JSONValue {
    switch template {
    case .jsonPath(let template): try evaluate(template, on: input, frame: frame, sight)
    case .jsonata(let template): try evaluate(template, frame: frame, sight)
    }
  }

  func evaluate(_ template: PayloadTemplate, on input: JSONValue, frame: Int, _ sight: Sight = Sight()) throws(ExecutionEnd) -> JSONValue {
    var scope = scope(frame, input: input, context: template.usesContext ? contextObject(frame, sight) : nil)
    if let number = sight.randomNumber { scope.random = SeededRandom(seed: settings.seed, number: number) }
    do throws(EvaluationError) {
      return try template.evaluate(in: &scope)
    } catch {
      throw runtime(message(error, input: input), frame: frame)
    }
  }

  func evaluate(_ template: JSONataTemplate, frame: Int, _ sight: Sight = Sight()) throws(ExecutionEnd) -> JSONValue {
    if let constant = template.constant { return constant }
    var states: JSONObject = ["input": frames[frame].data.value]
    if template.usesContext { states["context"] = contextObject(frame, sight) }
    if let result = sight.result { states["result"] = result }
    if let error = sight.errorOutput { states["errorOutput"] = error }
    var scope = JSONataScope(
      states: .object(states), variables: frames[frame].variables,
      random: SeededRandom(seed: settings.seed, number: sight.randomNumber ?? lastEventID), now: now)
    do throws(EvaluationError) {
      return try template.evaluate(in: &scope)
    } catch {
      throw query(error.message, location: error.field, frame: frame)
    }
  }

  /// What an expression of JSONPath sees.
  func scope(_ frame: Int, input: JSONValue, context: JSONValue? = nil) -> EvaluationScope {
    EvaluationScope(
      input: input, context: context ?? .emptyObject, variables: frames[frame].variables,
      random: SeededRandom(seed: settings.seed, number: lastEventID))
  }

  func scope(_ frame: Int, input: JSONValue, for path: PathExpression) -> EvaluationScope {
    scope(frame, input: input, context: path.usesContext ? contextObject(frame) : nil)
  }

  /// A field's path on the state's raw input.
  func value(of path: PathExpression, frame: Int) throws(ExecutionEnd) -> JSONValue {
    var scope = scope(frame, input: frames[frame].data.value, for: path)
    do throws(EvaluationError) {
      return try path.evaluate(in: &scope)
    } catch {
      throw runtime("Invalid path '\(path.text)' : \(error.message)", frame: frame)
    }
  }

  // MARK: Failures

  /// The cause text of a failed expression of JSONPath.
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

  /// The end of the execution by `States.Runtime`, which no state can catch.
  func runtime(_ message: String, frame: Int) -> ExecutionEnd {
    ExecutionEnd(ErrorOutput(error: ErrorName.runtime.rawValue, cause: attributed(message, frame)), after: frames[frame].lastEvent)
  }

  /// A failed expression of JSONata: the state fails with `States.QueryEvaluationError`.
  /// - Parameter location: the field, as `Output/total`; nil when no field is at fault.
  func query(_ message: String, location: String?, frame: Int) -> ExecutionEnd {
    ExecutionEnd(
      kind: .query(frame, location: location), ErrorOutput(error: ErrorName.queryEvaluationError.rawValue, cause: attributed(message, frame)),
      after: frames[frame].lastEvent)
  }

  private func attributed(_ message: String, _ frame: Int) -> String {
    let current = frames[frame]
    return "An error occurred while executing the state '\(machine.states[current.state].name)' (entered at the event id #\(current.enteredEvent)). \(message)"
  }

  // MARK: The context object

  /// `$$` and `$states.context`, in the order of the service.
  ///
  /// Source: AWS Step Functions Developer Guide, "Accessing execution data from the Context object"; recorded outputs.
  func contextObject(_ frame: Int, _ sight: Sight = Sight()) -> JSONValue {
    let current = frames[frame]
    let state = machine.states[current.state]
    var entered: JSONObject = ["Name": .string(state.name), "EnteredTime": .string(current.enteredAt.iso8601)]
    if state.work != nil { entered["RetryCount"] = .int(Int64(current.retryCount)) }
    var execution: JSONObject = [
      "Id": .string(settings.executionArn), "Input": input, "StartTime": .string(startedAt.iso8601), "Name": .string(settings.name),
      "RoleArn": .string(settings.roleArn), "RedriveCount": .int(Int64(redriveCount)),
    ]
    if let redrivenAt { execution["RedriveTime"] = .string(redrivenAt.iso8601) }
    var object: JSONObject = [
      "Execution": .object(execution),
      "StateMachine": ["Id": .string(settings.stateMachineArn), "Name": .string(settings.stateMachineName)],
      "State": .object(entered),
    ]
    if let token = sight.taskToken { object["Task"] = ["Token": .string(token)] }
    var item = sight.item
    var up = frame
    while item == nil, up >= 0 {
      if let value = frames[up].item { item = (value, frames[up].index) }
      up = frames[up].parent
    }
    if let item {
      var entry: JSONObject = ["Index": .int(Int64(item.index)), "Value": item.value]
      if let source = sight.itemSource { entry["Source"] = .string(source) }
      object["Map"] = ["Item": .object(entry)]
    }
    return .object(object)
  }
}

import JSONTypes
import StatesLanguage

extension Execution {
  /// The longest wait in seconds that the service takes; beyond it a Wait state fails.
  static var longestWait: Int64 { Int64(Int32.max) }

  mutating func run(_ state: WaitState, frame: Int) throws(ExecutionEnd) {
    // Known now, so that a path which leads nowhere fails the state before it waits.
    let input = try effectiveInput(state.common, frame: frame).value
    let until: Timestamp
    switch state.duration {
    case .seconds(let seconds): until = now.advanced(bySeconds: seconds)
    case .timestamp(let timestamp): until = timestamp
    case .secondsExpression(let template):
      let value = try evaluate(template, frame: frame)
      guard let seconds = value.asInt, seconds >= 0 else {
        let text = "The JSONata expression '\(template.expressionText ?? "")' specified for the field 'Seconds' returned an unexpected result type. "
        throw query(text + "Expected 'non-negative integer', but was '\(value.jsonataType)' for value: \(value.jsonText)", location: "Seconds", frame: frame)
      }
      until = now.advanced(bySeconds: seconds)
    case .timestampExpression(let template):
      let value = try evaluate(template, frame: frame)
      guard case .string(let text) = value, let timestamp = Timestamp(iso8601: text) else {
        throw query(
          "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: \(shown(value))", location: "Timestamp",
          frame: frame)
      }
      until = timestamp
    case .secondsPath(let path):
      let value = try parameter(path, "SecondsPath", of: input, frame: frame)
      guard let seconds = longValue(value) else {
        throw runtime("The SecondsPath parameter cannot be parsed as a long value: \(path.text) == \(shown(value))", frame: frame)
      }
      guard seconds >= 0 else {
        throw runtime("The SecondsPath parameter references a negative value: \(path.text) == \(shown(value))", frame: frame)
      }
      until = now.advanced(bySeconds: seconds)
    case .timestampPath(let path):
      let value = try parameter(path, "TimestampPath", of: input, frame: frame)
      guard case .string(let text) = value, let timestamp = Timestamp(iso8601: text) else {
        throw runtime(
          "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: \(path.text) == \(shown(value))",
          frame: frame)
      }
      until = timestamp
    }
    if until.microseconds.subtractingReportingOverflow(now.microseconds).partialValue > Self.longestWait * 1_000_000 {
      throw runtime("Wait state delay is too long.", frame: frame)
    }
    try emit(.waitStarted(until: until), frame: frame, after: frames[frame].lastEvent)
  }

  /// The time has come.
  mutating func waited(_ state: WaitState, frame: Int) throws(ExecutionEnd) {
    let input = try effectiveInput(state.common, frame: frame)
    let output = try effectiveOutput(state.common, input, frame: frame)
    let assigned = try assignments(state.common.assign, on: input.value, frame: frame)
    try leave(frame, with: output, assigned: assigned, to: state.common.transition, after: frames[frame].lastEvent)
  }

  private func parameter(_ path: PathExpression, _ field: String, of input: JSONValue, frame: Int) throws(ExecutionEnd) -> JSONValue {
    var scope = scope(frame, input: input, for: path)
    do throws(EvaluationError) {
      return try path.evaluate(in: &scope)
    } catch {
      throw runtime("The \(field) parameter does not reference an input value: \(path.text)", frame: frame)
    }
  }

  /// A number as a long, or a text of digits, which the service takes as well.
  private func longValue(_ value: JSONValue) -> Int64? {
    switch value {
    case .int(let number): number
    case .string(let text): Int64(text)
    default: nil
    }
  }

  /// A value as causes show it: a string bare, all else as JSON.
  func shown(_ value: JSONValue) -> String { value.asString ?? value.jsonText }
}

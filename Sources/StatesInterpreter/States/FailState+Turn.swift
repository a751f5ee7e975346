import JSONTypes
import StatesLanguage

extension Execution {
  mutating func run(_ state: FailState, frame: Int) throws(ExecutionEnd) {
    let error = ErrorOutput(
      error: try text(state.error, field: "ErrorPath", frame: frame), cause: try text(state.cause, field: "CausePath", frame: frame))
    try fail(frame, with: error, after: frames[frame].lastEvent)
  }

  func text(_ text: FailState.Text?, field: String, frame: Int) throws(ExecutionEnd) -> String? {
    switch text {
    case nil: return nil
    case .literal(let text): return text
    case .expression(let template):
      guard case .string(let text) = try evaluate(template, frame: frame) else {
        let field = String(field.dropLast("Path".count))
        throw query("The \(field) field must be a string.", location: field, frame: frame)
      }
      return text
    case .path(let path):
      let input = frames[frame].data.value
      var scope = scope(frame, input: input, for: path)
      let value: JSONValue
      do throws(EvaluationError) {
        value = try path.evaluate(in: &scope)
      } catch {
        var error = error
        if error.kind == .notFound, !path.isIntrinsic { error.field = field }
        throw runtime(message(error, input: input), frame: frame)
      }
      guard case .string(let text) = value else {
        throw runtime("The \(field) parameter does not reference a string value: \(path.text) == \(value.jsonText)", frame: frame)
      }
      return text
    }
  }
}

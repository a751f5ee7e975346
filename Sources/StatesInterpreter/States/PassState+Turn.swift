import JSONTypes
import StatesLanguage

extension Execution {
  mutating func run(_ state: PassState, frame: Int) throws(ExecutionEnd) {
    var result = try effectiveInput(state.common, frame: frame)
    if let parameters = state.parameters {
      result = Payload(measuring: try evaluate(parameters, on: result.value, frame: frame))
    }
    if let fixed = state.result { result = Payload(fixed, bytesAtMost: state.resultBytes) }
    let combined = try combine(frames[frame].data, with: result, at: state.resultPath, frame: frame)
    let output = try effectiveOutput(state.common, combined, frame: frame)
    let assigned = try assignments(state.common.assign, on: result.value, frame: frame)
    try leave(frame, with: output, assigned: assigned, to: state.common.transition, after: frames[frame].lastEvent)
  }
}

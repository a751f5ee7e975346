import StatesLanguage

extension Execution {
  mutating func run(_ state: SucceedState, frame: Int) throws(ExecutionEnd) {
    let output = try effectiveOutput(state.common, try effectiveInput(state.common, frame: frame), frame: frame)
    try leave(frame, with: output, to: .end, after: frames[frame].lastEvent)
  }
}

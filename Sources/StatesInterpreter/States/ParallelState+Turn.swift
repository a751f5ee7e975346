import JSONTypes
import StatesLanguage

extension Execution {
  /// Starts every branch on the same input.
  mutating func run(_ state: ParallelState, frame: Int) throws(ExecutionEnd) {
    var input = try effectiveInput(state.common, frame: frame)
    if let template = state.work.parameters {
      input = Payload(measuring: try evaluate(template, on: input.value, frame: frame))
      try limit(input: input, frame: frame)
    }
    let started = try emit(.parallelStateStarted(state: state.common.index), frame: frame, after: frames[frame].lastEvent)
    for child in children(of: frame) {
      try enter(machine.subMachines[frames[child].subMachine].startAt, with: input, frame: child, after: started)
    }
  }

  /// A branch has ended; after the last one the state goes on with all outputs in the order of the branches.
  mutating func branchEnded(of state: ParallelState, frame: Int) throws(ExecutionEnd) {
    guard let children = frames[frame].children, children.isFinished else { return }
    let last = frames[frame].lastEvent
    try emit(.parallelStateSucceeded(state: state.common.index), frame: frame, after: last)
    let result = Payload(.array(children.outputs), bytesAtMost: children.outputBytes)
    try complete(frame, state.common, state.work, result: result, after: last)
  }
}

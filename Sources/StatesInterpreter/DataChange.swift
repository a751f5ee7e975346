public import JSONTypes
import StatesLanguage

/// A change of a frame's data from outside, by whoever debugs or repeats an execution.
public enum DataChange: Sendable, Hashable {
  /// The input of the state that was entered.
  case input(Payload)
  /// What the work of the current state shall count as its result, in place of its own. Task, Parallel and Map states have one.
  case result(Payload)
  /// What the current state shall put out, in place of its own output.
  case output(Payload)
  /// A variable of the frame, by its name without `$`. Branches and iterations below have copies of their own.
  case variable(String, JSONValue)

  /// What is changed, in a word.
  public var part: String {
    switch self {
    case .input: "input"
    case .result: "result"
    case .output: "output"
    case .variable: "variable"
    }
  }

  public var value: JSONValue {
    switch self {
    case .input(let payload), .result(let payload), .output(let payload): payload.value
    case .variable(_, let value): value
    }
  }
}

extension Execution {
  /// Whether a frame has what a change is about.
  func takes(_ change: DataChange, frame: Int) -> Bool {
    guard status == .running, frames.indices.contains(frame), frames[frame].phase == .ready || frames[frame].phase == .waiting else { return false }
    switch change {
    case .input, .variable: return true
    case .result: return machine.states[frames[frame].state].work != nil
    case .output: return machine.states[frames[frame].state].type != .fail
    }
  }
}

extension Frame {
  var changedResult: Payload? {
    for case .result(let payload) in changes { return payload }
    return nil
  }
  var changedOutput: Payload? {
    for case .output(let payload) in changes { return payload }
    return nil
  }
}

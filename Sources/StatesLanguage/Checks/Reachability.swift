import JSONTypes

extension StateMachineParser {
  /// Every state is reachable from its scope's `StartAt`, and the scope can end.
  ///
  /// Source: AWS Step Functions API Reference, ValidateStateMachineDefinition: MISSING_TRANSITION_TARGET, MISSING_END_STATE.
  mutating func check(_ scope: SubMachineGraph) {
    guard !scope.isBroken, let start = scope.start else { return }
    if !scope.isTerminal.contains(true) {
      report(
        "no-terminal-state", "no state here ends the \(scope.pointer.isEmpty ? "machine" : "branch"): one must have \"End\": true, or be Succeed or Fail",
        at: scope.place, pointer: scope.pointer + "/States")
      return
    }
    var isReached = Array(repeating: false, count: scope.names.count)
    var open = [start]
    isReached[start] = true
    while let state = open.popLast() {
      for next in scope.edges[state] where !isReached[next] {
        isReached[next] = true
        open.append(next)
      }
    }
    for (state, reached) in isReached.enumerated() where !reached && !scope.isRepeated.contains(state) {
      report(
        "unreachable-state", "no transition leads to the state \"\(scope.names[state])\"", at: scope.places[state],
        pointer: scope.pointer + "/States/" + scope.names[state].pointerToken)
    }
  }
}

public import JSONTypes
public import StatesLanguage

/// Why an execution cannot be forked at an event.
public struct ForkProblem: Error, Sendable, Hashable {
  public var message: String
}

/// The beginning of another execution, taken from the history of one.
public enum HistoryFork {
  /// The facts that a new execution begins with: those of another up to and with an event, moved in time so that the event happens now. Deadlines
  /// move along.
  ///
  /// What was open at that moment is open in the new execution: its tasks are asked for again, under the new execution's name.
  ///
  /// - Parameters:
  ///   - history: of the other execution, in the numbers of `machine`.
  ///   - event: best that of a state's entry; 1 begins anew.
  ///   - input: takes the place of the input of the state that the event enters, or of the execution for event 1.
  ///   - machine: the definition to go on with.
  ///   - settings: of the new execution.
  /// - Throws: when the execution is in the midst of a step there, with the events at which it is not.
  public static func facts(
    of history: [HistoryEvent], from executionArn: String, at event: EventID, input: JSONValue?, machine: StateMachine, subMachine: Int,
    settings: ExecutionSettings, now: Timestamp
  ) throws(ForkProblem) -> [HistoryEvent] {
    guard let last = history.last?.id, event >= 1, event <= last else {
      throw ForkProblem(message: "there is no event \(event); the history has the events 1 to \(history.last?.id ?? 0)")
    }
    // Nothing can go on from the start alone: its first state belongs to it.
    guard let end = history.firstIndex(where: { !$0.kind.isInternal && $0.id == max(event, 2) }) else {
      throw ForkProblem(message: "the execution has no state that it has entered")
    }
    var facts = Array(history[...end])
    let execution = Execution(of: machine, subMachine: subMachine, settings: settings, replaying: facts)
    guard !execution.isFinished, execution.isSettled else {
      throw ForkProblem(message: "at event \(event) the execution is in the midst of a step\(hint(history, end, machine, subMachine, settings))")
    }
    if let input { try replace(&facts, input: input, at: event, machine: machine) }
    let shift = now.microseconds - facts[end].timestamp.microseconds
    for index in facts.indices { facts[index].shift(by: shift) }
    facts.append(
      HistoryEvent(
        id: facts[end].id, previousEventID: facts[end].id, timestamp: now, frame: 0, kind: .executionForked(from: executionArn, event: event)))
    return facts
  }

  private static func replace(_ facts: inout [HistoryEvent], input: JSONValue, at event: EventID, machine: StateMachine) throws(ForkProblem) {
    let payload = Payload(measuring: input)
    guard case .stateEntered(let state, _) = facts[facts.count - 1].kind else {
      throw ForkProblem(message: "an input is for an event that enters a state; event \(event) is \(facts[facts.count - 1].type(in: machine))")
    }
    facts[facts.count - 1].kind = .stateEntered(state: state, input: payload)
    if event == 1 { facts[0].kind = .executionStarted(input: payload) }
  }

  /// The nearest events around one at which the execution can be taken up.
  private static func hint(
    _ history: [HistoryEvent], _ end: Int, _ machine: StateMachine, _ subMachine: Int, _ settings: ExecutionSettings
  ) -> String {
    var execution = Execution(of: machine, subMachine: subMachine, settings: settings)
    var before: Int?
    var after: Int?
    for (index, fact) in history.enumerated() {
      execution.apply(fact)
      if fact.kind.isInternal || execution.isFinished || !execution.isSettled { continue }
      if index < end { before = index }
      if index > end {
        after = index
        break
      }
    }
    let near = [before, after].compactMap { $0 }.map { "\(history[$0].id) (\(history[$0].type(in: machine)))" }
    return near.isEmpty ? "" : "; near it are \(near.joined(separator: " and "))"
  }
}

extension HistoryEvent {
  fileprivate mutating func shift(by microseconds: Int64) {
    func moved(_ time: Timestamp) -> Timestamp { Timestamp(microseconds: time.microseconds &+ microseconds) }
    timestamp = moved(timestamp)
    switch kind {
    case .waitStarted(let until): kind = .waitStarted(until: moved(until))
    case .retryScheduled(let retrier, let until, let error): kind = .retryScheduled(retrier: retrier, until: moved(until), error)
    default: break
    }
  }
}

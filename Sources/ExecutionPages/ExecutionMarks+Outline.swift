public import StateGraphs

extension ExecutionMarks {
  /// How the states of a graph are marked after an execution.
  public init(_ outline: ExecutionOutline) {
    var visits: [String: [Int]] = [:]
    var last: [Int?: Int] = [:]
    for (number, span) in outline.spans.enumerated() {
      guard let state = span.state else { continue }
      visits[state, default: []].append(number)
      last[span.parent] = number
    }
    var taken: Set<Pair> = []
    for (from, to) in outline.successions {
      taken.insert(Pair(from: outline.spans[from].state ?? "", to: outline.spans[to].state ?? ""))
    }
    let following = Set(outline.successions.map(\.to))
    for (number, span) in outline.spans.enumerated() where !following.contains(number) {
      if let state = span.state { taken.insert(Pair(from: "", to: state)) }
    }
    // The last state of a branch, an iteration or the whole that ended well has gone to its end.
    for (parent, number) in last {
      let isDone = parent.map { outline.spans[$0].status == .succeeded } ?? outline.hasSucceeded
      if isDone, let state = outline.spans[number].state { taken.insert(Pair(from: state, to: "")) }
    }
    self.init(outcomes: visits.mapValues { StateOutcome(Self.status(of: $0, in: outline), visits: $0.count) }, taken: taken)
  }

  /// The status of the last visit. Where that is one of many side by side, as in a Map, a failure or a visit under way among them counts more.
  private static func status(of visits: [Int], in outline: ExecutionOutline) -> StateOutcome.Status {
    guard let last = visits.last else { return .running }
    func container(_ visit: Int) -> Int? { outline.spans[visit].parent.flatMap { outline.spans[$0].parent } }
    guard let around = container(last) else { return outline.spans[last].status }
    let beside = Set(visits.filter { container($0) == around }.map { outline.spans[$0].status })
    return [.failed, .running].first { beside.contains($0) } ?? outline.spans[last].status
  }
}

extension ExecutionOutline {
  /// Whether the history ends with the success of the execution.
  var hasSucceeded: Bool { events.last.map { Event($0).type == "ExecutionSucceeded" } ?? false }
}

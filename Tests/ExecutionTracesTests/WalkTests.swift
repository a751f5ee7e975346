import ExecutionTraces
import JSONTypes
import StatesInterpreter
import StatesLanguage
import Testing

/// Ways from step to step, and what is shown of a step.
@Suite struct WalkTests {
  static let loop = """
    {"StartAt": "Set", "States": {
      "Set": {"Type": "Pass", "Assign": {"x": 1, "gone": {"a": 1}}, "Next": "Each"},
      "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "ItemProcessor": {"StartAt": "One", "States": {
        "One": {"Type": "Pass", "Assign": {"x": 2}, "Next": "Two"},
        "Two": {"Type": "Pass", "Parameters": {"seen.$": "$", "x.$": "$x"}, "End": true}}}, "ResultPath": "$.results", "Next": "After"},
      "After": {"Type": "Pass", "Assign": {"gone": {"b": 2}}, "Next": "Stop"},
      "Stop": {"Type": "Fail", "Error": "Enough", "Cause": "no more"}}}
    """

  private func trace() throws -> ExecutionTrace {
    let machine = try Examples.machine(Self.loop)
    var simulation = Simulation(of: machine, input: ["items": ["a", "b"], "keep": true], settings: Examples.settings, seed: 1)
    simulation.run()
    return try Examples.trace(Examples.serviceText(simulation.history, machine))
  }

  private func step(_ trace: ExecutionTrace, _ type: String, _ state: String, _ number: Int = 1) throws -> Int {
    let found = trace.events.indices.filter { trace.events[$0].type.name == type && trace.state(at: $0)?.name == state }
    return try #require(found.count >= number ? found[number - 1] : nil)
  }

  @Test func intoAndOutOfIterations() throws {
    let trace = try trace()
    let each = try step(trace, "MapStateEntered", "Each")
    let first = try #require(trace.into(each))
    #expect(trace.events[first].type.name == "MapIterationStarted")
    #expect(trace.pathText(of: trace.places[first].frame) == "Each[0]")
    let second = try #require(trace.sibling(of: first, .forward))
    #expect(trace.pathText(of: trace.places[second].frame) == "Each[1]")
    #expect(trace.sibling(of: second, .forward) == nil)
    #expect(trace.sibling(of: second, .back) == first)
    #expect(trace.out(of: second) == each)
    #expect(trace.outEnd(of: second) == (try step(trace, "MapStateExited", "Each")))
    #expect(trace.out(of: each) == nil)
    #expect(trace.into(try step(trace, "PassStateEntered", "After")) == nil)
  }

  @Test func visitsFailuresAndIDs() throws {
    let trace = try trace()
    let one = try step(trace, "PassStateEntered", "One")
    let again = try step(trace, "PassStateEntered", "One", 2)
    #expect(trace.sameState(from: one, .forward) == again)
    #expect(trace.sameState(from: again, .forward) == nil)
    #expect(trace.sameState(from: again, .back) == one)
    #expect(trace.visit(at: again)?.number == 2)
    let stop = try step(trace, "FailStateEntered", "Stop")
    #expect(trace.failure(from: 0, .forward) == stop)
    #expect(trace.failure(from: stop, .forward) == trace.events.count - 1)
    #expect(trace.failure(from: stop, .back) == nil)
    #expect(trace.step(withID: 3) == 2)
    #expect(trace.step(withID: 0) == nil && trace.step(withID: 900) == nil)
    #expect(trace.step(nearestToID: 900) == trace.events.count - 1)
    #expect(trace.step(nearestToID: 0) == 0)
  }

  @Test func searchLooksIntoEverything() throws {
    let trace = try trace()
    #expect(trace.search(TraceSearch("no more"), from: 0, .forward) == trace.events.count - 1)
    #expect(trace.search(TraceSearch("stop"), from: 0, .forward) == (try step(trace, "FailStateEntered", "Stop")))
    #expect(trace.search(TraceSearch("STOP"), from: 0, .forward) == nil)
    // Past the end it begins anew.
    #expect(trace.search(TraceSearch("ExecutionStarted"), from: 5, .forward) == 0)
    #expect(trace.search(TraceSearch(""), from: 0, .forward) == nil)
  }

  @Test func dataOfAStep() throws {
    let trace = try trace()
    let two = trace.data(at: try step(trace, "PassStateExited", "Two"))
    #expect(two.input?.value == "a")
    #expect(two.output?.value == ["seen": "a", "x": 2])
    #expect(two.changes == [JSONChange(path: [], kind: .changed(from: "a", to: ["seen": "a", "x": 2]))])
    #expect(two.variables.map(\.name) == ["gone", "x"])
    #expect(two.variables.map(\.payload.value) == [["a": 1], 2])

    let each = trace.data(at: try step(trace, "MapStateExited", "Each"))
    #expect(each.changes.map(\.pathText) == ["$.results"])
    // What an iteration sets, its machine does not see.
    #expect(each.variables.map(\.payload.value) == [["a": 1], 1])

    let after = trace.data(at: try step(trace, "PassStateExited", "After"))
    #expect(after.changes.isEmpty)
    #expect(after.variableChanges.map(\.pathText) == ["$.gone.b", "$.gone.a"])
    #expect(after.variableChanges.map(\.kind) == [.added(2), .removed(1)])

    let end = trace.data(at: trace.events.count - 1)
    #expect(end.error == ErrorOutput(error: "Enough", cause: "no more"))
    let before = trace.data(at: try step(trace, "PassStateEntered", "Two"))
    #expect(before.output == nil)
    #expect(before.variables.map(\.payload.value) == [["a": 1], 2])
  }

  @Test(arguments: [
    ("[1,2,3]", "[1,3]", ["$[1] -2"]),
    ("[1,3]", "[1,2,3]", ["$[1] +2"]),
    ("[{\"a\":1},2]", "[{\"a\":5},2]", ["$[0].a 1>5"]),
    ("{\"a b\":{\"c\":1}}", "{\"a b\":{\"c\":\"1\"},\"d\":null}", ["$[\"a b\"].c 1>\"1\"", "$.d +null"]),
    ("1", "1.0", []),
    ("{}", "[]", ["$ {}>[]"]),
  ]) func changes(_ old: String, _ new: String, _ expected: [String]) throws {
    let changes = JSONChange.changes(from: try JSONValue(parsing: old), to: try JSONValue(parsing: new))
    let texts = changes.map { change in
      switch change.kind {
      case .added(let value): "\(change.pathText) +\(value)"
      case .removed(let value): "\(change.pathText) -\(value)"
      case .changed(let from, let to): "\(change.pathText) \(from)>\(to)"
      }
    }
    #expect(texts == expected)
    #expect(JSONChange.changes(from: [1, 2, 3, 4], to: [], limit: 2).count == 2)
  }
}

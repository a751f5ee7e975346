import Foundation
import JSONTypes
import StateGraphs
import TestSupport
import Testing

/// What holds for every layout, over random definitions and those of the conformance cases.
@Suite struct LayoutTests {
  @Test func holdsOverRandomGraphs() throws {
    for seed in 1...220 as ClosedRange<UInt64> {
      let definition = RandomGraph.definition(seed: seed, states: 1 + Int(seed % 45))
      let graph = try #require(StateGraph(definition: definition, title: "random"))
      try check(graph, "seed \(seed)")
    }
  }

  @Test func holdsForTheDefinitionsOfTheConformanceCases() throws {
    guard let folder = Conformance.folder, FileManager.default.fileExists(atPath: folder + "/validate/manifest.jsonl") else {
      print("validate: no definitions here (set SFN_CONFORMANCE to their folder); this test has nothing to draw")
      return
    }
    var drawn = 0
    for entry in try Conformance.cases("validate/manifest.jsonl") where entry["format"] == "json" {
      guard let file = entry["file"]?.asString, let bytes = FileManager.default.contents(atPath: folder + "/validate/" + file) else { continue }
      guard let value = parsed(String(decoding: bytes, as: UTF8.self)), let graph = StateGraph(definition: SyntaxNode(value), title: file) else { continue }
      try check(graph, file)
      drawn += 1
    }
    #expect(drawn > 50)
  }

  private func parsed(_ text: String) -> JSONValue? { do throws(JSONSyntaxError) { return try JSONValue(parsing: text) } catch { return nil } }

  /// What a reader of the drawing relies on.
  private func check(_ graph: StateGraph, _ place: String) throws {
    for edge in graph.edges {
      #expect(graph.nodes.indices.contains(edge.from) && graph.nodes.indices.contains(edge.to), "\(place)")
      #expect(graph.nodes[edge.from].scope == graph.nodes[edge.to].scope, "\(place): an edge leads out of its scope")
    }
    let layout = GraphLayout(of: graph)
    #expect(layout.boxes.count == graph.nodes.count, "\(place)")
    #expect(layout.lines.count == graph.edges.count, "\(place)")
    let frames = Dictionary(uniqueKeysWithValues: layout.boxes.map { ($0.node, $0.frame) })
    let regions = Dictionary(uniqueKeysWithValues: layout.regions.map { ($0.scope, $0.frame) })
    let whole = Rectangle(x: 0, y: 0, width: layout.size.width, height: layout.size.height)
    for (number, scope) in graph.scopes.enumerated() {
      let boxes = scope.nodes.compactMap { frames[$0] }
      let labels = layout.labels.filter { graph.nodes[graph.edges[$0.edge].from].scope == number }.map(\.frame)
      let all = boxes + labels
      for (index, frame) in all.enumerated() {
        for other in all[(index + 1)...] where frame.overlaps(other) { Issue.record("\(place): \(frame) overlaps \(other)") }
        let outer = scope.owner == nil ? whole : try #require(regions[number])
        #expect(outer.contains(frame), "\(place): \(frame) is not within \(outer)")
      }
      if let owner = scope.owner {
        let (outer, region) = (try #require(frames[owner]), try #require(regions[number]))
        #expect(outer.contains(region), "\(place): \(region) is not within \(outer)")
      }
    }
    let lines = Dictionary(uniqueKeysWithValues: layout.lines.map { ($0.edge, $0) })
    for line in layout.lines {
      let edge = graph.edges[line.edge]
      let (from, to) = (try #require(frames[edge.from]), try #require(frames[edge.to]))
      let whole = line.paths + layout.onward(from: line, lines: lines)
      let (first, last) = (try #require(whole.first), try #require(whole.last))
      for (before, after) in zip(whole.dropFirst(line.paths.count - 1), whole.dropFirst(line.paths.count)) { #expect(before.end == after.start, "\(place): a line breaks off") }
      #expect(abs(first.start.x - from.midX) < 0.01 && abs(first.start.y - from.maxY) < 0.01, "\(place): a line does not leave its state")
      #expect(abs(last.end.x - to.midX) < 0.01 && abs(last.end.y - to.y) < 0.01, "\(place): a line does not reach its state")
      for path in whole { checkClear(path, of: layout, graph, edge, place) }
    }
    #expect(GraphLayout(of: graph) == layout, "\(place): two layouts of one graph differ")
  }

  /// The upright pieces of a line go through no box of its scope.
  private func checkClear(_ path: LinePath, of layout: GraphLayout, _ graph: StateGraph, _ edge: StateGraph.Edge, _ place: String) {
    let others = layout.boxes.filter { graph.nodes[$0.node].scope == graph.nodes[edge.from].scope }
    var at = path.start
    for step in path.steps {
      switch step {
      case .curve(_, _, let point): at = point
      case .line(let point):
        let (low, high) = (min(at.y, point.y), max(at.y, point.y))
        for box in others where at.x == point.x && box.frame.x < at.x && at.x < box.frame.maxX && low < box.frame.maxY - 0.01 && box.frame.y + 0.01 < high {
          Issue.record("\(place): a line goes through \(graph.nodes[box.node].name)")
        }
        at = point
      }
    }
  }

  @Test func manyCatchersOfOneStateShareTheirLine() throws {
    var states = JSONObject()
    for number in 0..<40 {
      states["S\(number)"] = [
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": .string(number == 39 ? "Done" : "S\(number + 1)"),
        "Catch": [["ErrorEquals": ["States.ALL"], "Next": "Mend"]],
      ]
    }
    states["Mend"] = ["Type": "Fail"]
    states["Done"] = ["Type": "Succeed"]
    let graph = try #require(StateGraph(definition: SyntaxNode(["StartAt": "S0", "States": .object(states)]), title: "many"))
    let layout = GraphLayout(of: graph)
    // One way down for all of them: the drawing is a few boxes wide, not forty lines.
    #expect(layout.size.width < 700, "\(layout.size)")
    #expect(layout.lines.filter { $0.joins != nil }.count >= 37)
  }

  /// A handler that every state of a long chain leads to, and catchers that lead anywhere: what would need more dummies than states can pay for.
  @Test func longLinesAreBounded() throws {
    var states = JSONObject()
    for number in 0..<1200 {
      states["S\(number)"] = ["Type": "Task", "Next": .string("S\(number + 1)"), "Catch": [["ErrorEquals": ["E"], "Next": .string("S\(number * 1237 % 1200)")]]]
    }
    states["S1200"] = ["Type": "Succeed"]
    let graph = try #require(StateGraph(definition: SyntaxNode(["StartAt": "S0", "States": .object(states)]), title: "long"))
    let layout = GraphLayout(of: graph)
    #expect(layout.boxes.count == 1202)
    #expect(layout.lines.count == 2401)
  }

  @Test func aLargeGraphIsFinished() throws {
    let graph = try #require(StateGraph(definition: RandomGraph.definition(seed: 7, states: 750), title: "large"))
    #expect(graph.stateCount >= 500)
    #expect(GraphLayout(of: graph).boxes.count == graph.nodes.count)
  }
}

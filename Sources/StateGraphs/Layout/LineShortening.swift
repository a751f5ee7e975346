/// Moves boxes and lines aside, within the room that their neighbours leave, so that links become shorter.
///
/// The alignments of `HorizontalPlacement` keep things straight, but may leave them far apart. Here the sum of all links' widths, weighted, only
/// ever falls: first what moves is one box or one line of dummies, then everything that stands above one another, which so stays straight.
/// After the objective of Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed Graphs" (1993), section 4.
struct LineShortening {
  private let graph: LayeredGraph
  private let distance: (Int, Int) -> Double
  private var position: [Int]
  private(set) var middles: [Double]
  /// For each vertex, the vertices it is linked with and how much their distance counts.
  private var links: [[(vertex: Int, weight: Double)]]
  /// Dummies of one line stay together: for each vertex the number of its line, or -1.
  private var lineOf: [Int]
  private var lines: [[Int]] = []

  /// Fewer in graphs that have more than so many vertices.
  private static let sweeps = (small: 10, large: 3, border: 20_000)

  static func shorten(_ middles: [Double], of graph: LayeredGraph, distance: @escaping (Int, Int) -> Double) -> [Double] {
    var shortening = LineShortening(middles, graph, distance)
    shortening.run()
    return shortening.middles
  }

  private init(_ middles: [Double], _ graph: LayeredGraph, _ distance: @escaping (Int, Int) -> Double) {
    self.graph = graph
    self.distance = distance
    self.middles = middles
    position = Array(repeating: 0, count: middles.count)
    links = Array(repeating: [], count: middles.count)
    lineOf = Array(repeating: -1, count: middles.count)
    for layer in graph.layers { for (index, vertex) in layer.enumerated() { position[vertex] = index } }
    for upper in middles.indices {
      for lower in graph.below[upper] { link(upper, lower, weight: weight(upper, lower)) }
    }
    for turn in graph.turns { link(turn.box, turn.dummy, weight: 0.5) }
    for dummy in graph.boxCount..<max(graph.boxCount, middles.count) {
      let before = graph.above[dummy].first { graph.isDummy($0) && middles[$0] == middles[dummy] }
      if let before {
        lineOf[dummy] = lineOf[before]
        lines[lineOf[before]].append(dummy)
      } else {
        lineOf[dummy] = lines.count
        lines.append([dummy])
      }
    }
  }

  private mutating func link(_ a: Int, _ b: Int, weight: Double) {
    links[a].append((b, weight))
    links[b].append((a, weight))
  }

  /// Lines are rather straight, then boxes above one another; a label is rather near to where it comes from.
  private func weight(_ upper: Int, _ lower: Int) -> Double {
    switch (graph.isDummy(upper), graph.isDummy(lower)) {
    case (true, true): 8
    case (true, false), (false, true): 1
    case (false, false): graph.isLabel(lower) ? 2 : graph.isLabel(upper) ? 1.5 : 4
    }
  }

  private mutating func run() {
    for sweep in 0..<(middles.count > Self.sweeps.border ? Self.sweeps.large : Self.sweeps.small) {
      var units: [[Int]]
      if sweep % 3 == 2 {
        units = blocks()
      } else {
        units = (0..<graph.boxCount).map { [$0] } + lines
      }
      // What stands outermost on the side to which most is drawn moves first.
      units.sort { (middles[$0[0]], $0[0]) < (middles[$1[0]], $1[0]) }
      var hasMoved = false
      for unit in units where move(unit) { hasMoved = true }
      for unit in units.reversed() where move(unit) { hasMoved = true }
      if !hasMoved, sweep > 2 { return }
    }
  }

  /// Everything that is linked and stands exactly above one another.
  private func blocks() -> [[Int]] {
    var block = Array(repeating: -1, count: middles.count)
    var result: [[Int]] = []
    for start in middles.indices where block[start] < 0 {
      block[start] = result.count
      var members = [start]
      var next = 0
      while next < members.count {
        let vertex = members[next]
        next += 1
        for (neighbour, _) in links[vertex] where block[neighbour] < 0 && abs(middles[neighbour] - middles[vertex]) < 0.01 {
          block[neighbour] = result.count
          members.append(neighbour)
        }
        if lineOf[vertex] >= 0 {
          for dummy in lines[lineOf[vertex]] where block[dummy] < 0 {
            block[dummy] = result.count
            members.append(dummy)
          }
        }
      }
      result.append(members)
    }
    return result
  }

  /// Moves some vertices together to where their links are shortest.
  private mutating func move(_ unit: [Int]) -> Bool {
    let own = unit.count == 1 ? [] : Set(unit)
    var pulls: [(shift: Double, weight: Double)] = []
    for vertex in unit {
      for (neighbour, weight) in links[vertex] where unit.count == 1 || !own.contains(neighbour) {
        pulls.append((middles[neighbour] - middles[vertex], weight))
      }
    }
    guard !pulls.isEmpty else { return false }
    var shift = Self.median(&pulls)
    if abs(shift) < 0.01 { return false }
    for vertex in unit {
      let layer = graph.layers[graph.ranks[vertex]]
      let index = position[vertex]
      if shift < 0, index > 0, !own.contains(layer[index - 1]) {
        shift = max(shift, min(0, middles[layer[index - 1]] + distance(layer[index - 1], vertex) - middles[vertex]))
      } else if shift > 0, index + 1 < layer.count, !own.contains(layer[index + 1]) {
        shift = min(shift, max(0, middles[layer[index + 1]] - distance(vertex, layer[index + 1]) - middles[vertex]))
      }
    }
    if abs(shift) < 0.01 { return false }
    for vertex in unit { middles[vertex] += shift }
    return true
  }

  /// The weighted median; of a range of equal worth the end nearest to 0.
  private static func median(_ pulls: inout [(shift: Double, weight: Double)]) -> Double {
    pulls.sort { $0.shift < $1.shift }
    let half = pulls.reduce(0) { $0 + $1.weight } / 2
    var sum = 0.0
    for (index, pull) in pulls.enumerated() {
      sum += pull.weight
      if sum > half + 1e-9 { return pull.shift }
      if sum > half - 1e-9 {
        let other = index + 1 < pulls.count ? pulls[index + 1].shift : pull.shift
        if pull.shift <= 0, other >= 0 { return 0 }
        return abs(pull.shift) < abs(other) ? pull.shift : other
      }
    }
    return 0
  }
}

/// Gives every box and dummy its x: lines upright, boxes above one another where they can be.
///
/// After Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2001): four alignments (from above and below, from the left and the
/// right), of which each vertex takes the mean of the middle two. Each is made compact by longest paths over its blocks.
struct HorizontalPlacement {
  private let graph: LayeredGraph
  /// Pairs of joined vertices, upper first, that are not aligned because they would cut through a line of dummies.
  private var conflicts: Set<Pair> = []

  private struct Pair: Hashable {
    var upper: Int
    var lower: Int
  }

  static let boxGap = 26.0
  static let lineGap = 15.0

  /// - Returns: the middle of each vertex, the leftmost side at 0.
  static func middles(of graph: LayeredGraph) -> [Double] {
    var placement = HorizontalPlacement(graph: graph)
    placement.findConflicts()
    var middles = placement.balanced()
    placement.pullBackLines(&middles)
    middles = LineShortening.shorten(middles, of: graph, distance: placement.distance)
    let left = graph.sizes.indices.map { middles[$0] - graph.sizes[$0].width / 2 }.min() ?? 0
    return middles.map { $0 - left }
  }

  private init(graph: LayeredGraph) { self.graph = graph }

  private func distance(_ left: Int, _ right: Int) -> Double {
    let gap = graph.isDummy(left) || graph.isDummy(right) ? Self.lineGap : Self.boxGap
    return (graph.sizes[left].width + graph.sizes[right].width) / 2 + gap
  }

  /// Marks links that cross a piece between two dummies.
  private mutating func findConflicts() {
    var position = Array(repeating: 0, count: graph.sizes.count)
    for layer in graph.layers { for (index, vertex) in layer.enumerated() { position[vertex] = index } }
    for (upperLayer, layer) in zip(graph.layers, graph.layers.dropFirst()) {
      var low = 0
      var scanned = 0
      for (index, vertex) in layer.enumerated() {
        let inner = graph.isDummy(vertex) ? graph.above[vertex].first(where: graph.isDummy) : nil
        guard inner != nil || index == layer.count - 1 else { continue }
        let high = inner.map { position[$0] } ?? upperLayer.count
        while scanned <= index {
          let lower = layer[scanned]
          for upper in graph.above[lower] where !(graph.isDummy(upper) && graph.isDummy(lower)) {
            if position[upper] < low || position[upper] > high { conflicts.insert(Pair(upper: upper, lower: lower)) }
          }
          scanned += 1
        }
        low = high
      }
    }
  }

  private func balanced() -> [Double] {
    var all: [[Double]] = []
    for isFromBelow in [false, true] {
      for isFromRight in [false, true] {
        var layers = isFromBelow ? graph.layers.reversed() : graph.layers
        if isFromRight { layers = layers.map { $0.reversed() } }
        let middles = compact(layers, roots: align(layers, isFromBelow: isFromBelow))
        all.append(isFromRight ? middles.map { -$0 } : middles)
      }
    }
    // All are shifted to the narrowest one: those from the left at their left side, the others at their right.
    let bounds = all.map { middles in
      graph.sizes.indices.reduce((low: Double.infinity, high: -Double.infinity)) { bounds, vertex in
        let half = graph.sizes[vertex].width / 2
        return (min(bounds.low, middles[vertex] - half), max(bounds.high, middles[vertex] + half))
      }
    }
    guard let narrowest = bounds.min(by: { $0.high - $0.low < $1.high - $1.low }) else { return [] }
    for (index, bound) in bounds.enumerated() {
      let shift = index.isMultiple(of: 2) ? narrowest.low - bound.low : narrowest.high - bound.high
      for vertex in all[index].indices { all[index][vertex] += shift }
    }
    return graph.sizes.indices.map { vertex in
      let sorted = all.map { $0[vertex] }.sorted()
      return (sorted[1] + sorted[2]) / 2
    }
  }

  /// Whether the label of a catcher stands beside the way on, rather than right below its state.
  private func isAside(_ upper: Int, _ lower: Int) -> Bool {
    graph.isLabel(lower) && graph.below[upper].contains { !graph.isLabel($0) }
  }

  /// Blocks of vertices that stand above one another, each by its root.
  private func align(_ layers: [[Int]], isFromBelow: Bool) -> [Int] {
    var position = Array(repeating: 0, count: graph.sizes.count)
    for layer in layers { for (index, vertex) in layer.enumerated() { position[vertex] = index } }
    var root = Array(graph.sizes.indices)
    var isAligned = Array(repeating: false, count: graph.sizes.count)
    for layer in layers {
      var last = -1
      for vertex in layer {
        var neighbours = isFromBelow ? graph.below[vertex] : graph.above[vertex]
        // On a line of dummies, the line itself counts and not its tributaries.
        if graph.isDummy(vertex), let inner = neighbours.first(where: graph.isDummy) { neighbours = [inner] }
        neighbours.removeAll { isFromBelow ? isAside(vertex, $0) : isAside($0, vertex) }
        guard !neighbours.isEmpty else { continue }
        neighbours.sort { position[$0] < position[$1] }
        for index in [(neighbours.count - 1) / 2, neighbours.count / 2] where root[vertex] == vertex {
          let neighbour = neighbours[index]
          let pair = isFromBelow ? Pair(upper: vertex, lower: neighbour) : Pair(upper: neighbour, lower: vertex)
          guard !isAligned[neighbour], position[neighbour] > last, !conflicts.contains(pair) else { continue }
          isAligned[neighbour] = true
          root[vertex] = root[neighbour]
          last = position[neighbour]
        }
      }
    }
    return root
  }

  /// The blocks as far left as they can be, then pulled to their right neighbours.
  private func compact(_ layers: [[Int]], roots: [Int]) -> [Double] {
    var right: [[(block: Int, distance: Double)]] = Array(repeating: [], count: roots.count)
    var leftCount = Array(repeating: 0, count: roots.count)
    for layer in layers {
      for (left, vertex) in zip(layer, layer.dropFirst()) {
        right[roots[left]].append((roots[vertex], distance(left, vertex)))
        leftCount[roots[vertex]] += 1
      }
    }
    var order = roots.indices.filter { roots[$0] == $0 && leftCount[$0] == 0 }
    var x = Array(repeating: 0.0, count: roots.count)
    var next = 0
    while next < order.count {
      let block = order[next]
      next += 1
      for (neighbour, distance) in right[block] {
        x[neighbour] = max(x[neighbour], x[block] + distance)
        leftCount[neighbour] -= 1
        if leftCount[neighbour] == 0 { order.append(neighbour) }
      }
    }
    for block in order.reversed() {
      if let room = right[block].map({ x[$0.block] - $0.distance }).min() { x[block] = max(x[block], room) }
    }
    return roots.map { x[$0] }
  }

  /// A line that leads back is drawn straight, as near to its boxes as its neighbours allow.
  private func pullBackLines(_ middles: inout [Double]) {
    var position = Array(repeating: 0, count: graph.sizes.count)
    for layer in graph.layers { for (index, vertex) in layer.enumerated() { position[vertex] = index } }
    var boxesOfDummy: [Int: [Int]] = [:]
    for turn in graph.turns { boxesOfDummy[turn.dummy, default: []].append(turn.box) }
    for line in graph.backLines {
      var low = -Double.infinity
      var high = Double.infinity
      for dummy in line {
        let layer = graph.layers[graph.ranks[dummy]]
        let index = position[dummy]
        if index > 0 { low = max(low, middles[layer[index - 1]] + distance(layer[index - 1], dummy)) }
        if index + 1 < layer.count { high = min(high, middles[layer[index + 1]] - distance(dummy, layer[index + 1])) }
      }
      guard low <= high, let first = line.first else { continue }
      let wish = line.flatMap { boxesOfDummy[$0] ?? [] }.map { middles[$0] }.max() ?? middles[first]
      let x = min(max(wish, low), high)
      for dummy in line { middles[dummy] = x }
    }
  }
}

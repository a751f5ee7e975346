/// Orders the layers so that few links cross.
///
/// Layers are sorted by the barycentres of their neighbours, downwards and upwards by turns; neighbours then change places where that helps. The
/// best order met is kept. After Sugiyama, Tagawa and Toda (1981); crossings are counted as in Barth, Mutzel and Jünger, "Simple and Efficient
/// Bilayer Cross Counting" (2004).
struct CrossingReduction {
  private var graph: LayeredGraph
  private var position: [Int]
  /// For the first and last dummy of a line that leads back: the box beside which it should stand.
  private var companions: [Int: Int] = [:]

  /// Sweeps over all layers, at most; fewer in graphs that have more than so many vertices, where each takes long.
  private static let sweeps = (small: 12, large: 3, border: 20_000)
  /// Larger graphs are not searched for pairs to exchange.
  private static let largestForExchange = 4_000

  static func reduce(_ graph: inout LayeredGraph) {
    var reduction = CrossingReduction(graph)
    graph.layers = reduction.run()
  }

  private init(_ graph: LayeredGraph) {
    self.graph = graph
    position = Array(repeating: 0, count: graph.sizes.count)
    for turn in graph.turns { companions[turn.dummy] = turn.box }
    for layer in graph.layers { place(layer) }
  }

  private mutating func place(_ layer: [Int]) {
    for (index, vertex) in layer.enumerated() { position[vertex] = index }
  }

  private mutating func run() -> [[Int]] {
    var best = graph.layers
    var fewest = crossings()
    var idle = 0
    let sweeps = graph.sizes.count > Self.sweeps.border ? Self.sweeps.large : Self.sweeps.small
    for sweep in 0..<sweeps where fewest > 0 || sweep < 2 {
      let isDownwards = sweep.isMultiple(of: 2)
      for index in isDownwards ? Array(graph.layers.indices) : graph.layers.indices.reversed() { sort(index, isDownwards: isDownwards) }
      if graph.sizes.count <= Self.largestForExchange { exchange() }
      let count = crossings()
      if count < fewest {
        (best, fewest, idle) = (graph.layers, count, 0)
      } else {
        idle += 1
        if idle > 3 { break }
      }
    }
    return best
  }

  private mutating func sort(_ index: Int, isDownwards: Bool) {
    let layer = graph.layers[index]
    var keys: [(key: Double, vertex: Int)] = []
    var barycentres: [Int: Double] = [:]
    for vertex in layer {
      let neighbours = isDownwards ? graph.above[vertex] : graph.below[vertex]
      guard !neighbours.isEmpty else { continue }
      barycentres[vertex] = neighbours.reduce(0.0) { $0 + fraction($1) } / Double(neighbours.count)
    }
    for vertex in layer {
      let key =
        barycentres[vertex] ?? companions[vertex].map { (barycentres[$0] ?? fraction($0)) + 1e-6 } ?? fraction(vertex)
      keys.append((key, vertex))
    }
    keys.sort { ($0.key, position[$0.vertex]) < ($1.key, position[$1.vertex]) }
    graph.layers[index] = keys.map(\.vertex)
    place(graph.layers[index])
  }

  /// Where the vertex stands in its layer, from 0 to 1: layers have different numbers of vertices.
  private func fraction(_ vertex: Int) -> Double {
    (Double(position[vertex]) + 0.5) / Double(graph.layers[graph.ranks[vertex]].count)
  }

  private mutating func exchange() {
    for _ in 0..<4 {
      var hasImproved = false
      for index in graph.layers.indices where graph.layers[index].count > 1 {
        for left in 0..<(graph.layers[index].count - 1) {
          let (u, v) = (graph.layers[index][left], graph.layers[index][left + 1])
          let now = pairCrossings(u, v, graph.above) + pairCrossings(u, v, graph.below)
          if now == 0 { continue }
          if pairCrossings(v, u, graph.above) + pairCrossings(v, u, graph.below) < now {
            graph.layers[index].swapAt(left, left + 1)
            position[u] = left + 1
            position[v] = left
            hasImproved = true
          }
        }
      }
      if !hasImproved { return }
    }
  }

  /// Crossings between the links of two neighbours when `u` stands left of `v`.
  private func pairCrossings(_ u: Int, _ v: Int, _ neighbours: [[Int]]) -> Int {
    let (left, right) = (neighbours[u], neighbours[v])
    if left.count * right.count > 400 { return 0 }
    var count = 0
    for a in left { for b in right where position[a] > position[b] { count += 1 } }
    return count
  }

  private func crossings() -> Int {
    var total = 0
    for index in graph.layers.indices.dropLast() {
      var ends: [Int] = []
      for vertex in graph.layers[index] { ends += graph.below[vertex].map { position[$0] }.sorted() }
      total += inversions(of: ends, below: graph.layers[index + 1].count)
    }
    return total
  }

  /// Pairs in the wrong order, counted with a tree of sums.
  private func inversions(of ends: [Int], below count: Int) -> Int {
    var sums = Array(repeating: 0, count: count + 1)
    var total = 0
    for (number, end) in ends.enumerated() {
      var index = end + 1
      var notGreater = 0
      while index > 0 {
        notGreater += sums[index]
        index -= index & -index
      }
      total += number - notGreater
      index = end + 1
      while index <= count {
        sums[index] += 1
        index += index & -index
      }
    }
    return total
  }
}

/// Gives the layers of a placed graph their heights, and each link its line.
struct LineRouting {
  let graph: LayeredGraph
  let middles: [Double]
  /// The top and bottom of each layer.
  private var bands: [(top: Double, bottom: Double)] = []
  /// How far below its layer, or above it, a line turns round.
  private var turnDepths: [Turn: Double] = [:]
  private(set) var height = 0.0

  private struct Turn: Hashable {
    var box: Int
    var dummy: Int
    var isAtTop: Bool
  }

  static let gap = 32.0
  private static let trackGap = 7.0
  private static let firstTrack = 13.0
  /// A box in a layer of higher ones hangs at most this far below the layer's top.
  private static let drop = 16.0

  init(graph: LayeredGraph, middles: [Double]) {
    self.graph = graph
    self.middles = middles
    let turns = turnTracks()
    var y = 0.0
    for (rank, layer) in graph.layers.enumerated() {
      let tracks = (turns.below[rank] ?? 0) + (turns.above[rank] ?? 0)
      if rank == 0 { y = tracks == 0 ? 0 : Self.firstTrack + Double(tracks) * Self.trackGap }
      if rank > 0 { y += Self.gap + Double(tracks) * Self.trackGap + slopeRoom(above: rank) }
      let height = layer.map { graph.sizes[$0].height }.max() ?? 0
      bands.append((y, y + height))
      y += height
    }
    let last = turns.below[graph.layers.count] ?? 0
    height = y + (last == 0 ? 0 : Self.firstTrack + Double(last) * Self.trackGap)
  }

  /// Lines that go far to a side need more height to be told apart.
  private func slopeRoom(above rank: Int) -> Double {
    var longest = 0.0
    for vertex in graph.layers[rank] {
      for upper in graph.above[vertex] { longest = max(longest, abs(middles[upper] - middles[vertex])) }
    }
    return min(60, longest / 16)
  }

  /// Lays the turns of each gap between layers on tracks, the shortest nearest to the boxes.
  /// - Returns: for each rank, the number of tracks that hang from the layer above it, and that stand on it.
  private mutating func turnTracks() -> (below: [Int: Int], above: [Int: Int]) {
    var groups: [Int: [Turn]] = [:]
    var ends = Set(graph.backLines.compactMap(\.first))
    for turn in graph.turns {
      let rank = graph.ranks[turn.dummy]
      // The first turn of a line is at its target, where it comes from above; all others are where its sources join it from below.
      let isAtTop = ends.remove(turn.dummy) != nil
      groups[isAtTop ? -rank - 1 : rank + 1, default: []].append(Turn(box: turn.box, dummy: turn.dummy, isAtTop: isAtTop))
    }
    var counts: (below: [Int: Int], above: [Int: Int]) = ([:], [:])
    for (key, turns) in groups {
      func span(_ turn: Turn) -> (low: Double, high: Double) {
        (min(middles[turn.box], middles[turn.dummy]), max(middles[turn.box], middles[turn.dummy]))
      }
      var tracks: [[(low: Double, high: Double)]] = []
      for turn in turns.sorted(by: { (span($0).high - span($0).low, $0.dummy, $0.box) < (span($1).high - span($1).low, $1.dummy, $1.box) }) {
        let own = span(turn)
        let track = tracks.firstIndex { $0.allSatisfy { own.high + 6 < $0.low || $0.high + 6 < own.low } } ?? tracks.count
        if track == tracks.count { tracks.append([]) }
        tracks[track].append(own)
        turnDepths[turn] = Self.firstTrack + Double(track) * Self.trackGap
      }
      if key < 0 { counts.above[-key - 1] = tracks.count } else { counts.below[key] = tracks.count }
    }
    return counts
  }

  /// The top of a box.
  func top(of box: Int) -> Double {
    let band = bands[graph.ranks[box]]
    return band.top + min((band.bottom - band.top - graph.sizes[box].height) / 2, Self.drop)
  }

  private func bottom(of box: Int) -> Double { top(of: box) + graph.sizes[box].height }

  /// Where a line has been drawn already: by which edge, and after how many steps of its path.
  typealias Drawn = [Int: GraphLayout.Join]

  /// The line of a link: whole, or up to where it joins one that is drawn.
  /// - Parameter edge: under which its dummies are entered as drawn.
  func line(of number: Int, edge: Int, drawn: inout Drawn) -> (path: LinePath, joins: GraphLayout.Join?) {
    let link = graph.links[number]
    let route = graph.routes[number]
    let (from, to) = (middles[link.from], middles[link.to])
    var path = LinePath(from: Point(from, bottom(of: link.from)))
    path.addLine(to: Point(from, bands[graph.ranks[link.from]].bottom))
    var isFirst = true
    for dummy in route.isBack ? Array(route.dummies.reversed()) : Array(route.dummies) {
      let x = middles[dummy]
      let band = bands[graph.ranks[dummy]]
      let (near, far) = route.isBack ? (band.bottom, band.top) : (band.top, band.bottom)
      if isFirst, route.isBack {
        path.addTurn(to: Point(x, near), depth: turnDepths[Turn(box: link.from, dummy: dummy, isAtTop: false)] ?? Self.firstTrack)
      } else {
        path.addCurve(to: Point(x, near))
      }
      isFirst = false
      if let join = drawn[dummy] { return (path, join) }
      drawn[dummy] = GraphLayout.Join(edge: edge, steps: path.steps.count)
      path.addLine(to: Point(x, far))
    }
    if route.isBack, let last = route.dummies.first {
      path.addTurn(to: Point(to, bands[graph.ranks[last]].top), depth: -(turnDepths[Turn(box: link.to, dummy: last, isAtTop: true)] ?? Self.firstTrack))
    } else {
      path.addCurve(to: Point(to, bands[graph.ranks[link.to]].top))
    }
    path.addLine(to: Point(to, top(of: link.to)))
    return (path, nil)
  }
}

extension LinePath {
  /// Goes on by `depth` (upwards when negative), aside, and back to the height of `point`, with round corners.
  fileprivate mutating func addTurn(to point: Point, depth: Double) {
    let from = end
    let y = (depth > 0 ? max(from.y, point.y) : min(from.y, point.y)) + depth
    let side: Double = point.x < from.x ? -1 : 1
    let upright: Double = depth < 0 ? -1 : 1
    let radius = min(7, abs(point.x - from.x) / 2, abs(depth))
    let bend = radius * 0.45
    addLine(to: Point(from.x, y - upright * radius))
    steps.append(.curve(Point(from.x, y - upright * bend), Point(from.x + side * bend, y), Point(from.x + side * radius, y)))
    addLine(to: Point(point.x - side * radius, y))
    steps.append(.curve(Point(point.x - side * bend, y), Point(point.x, y - upright * bend), Point(point.x, y - upright * radius)))
    addLine(to: point)
  }
}

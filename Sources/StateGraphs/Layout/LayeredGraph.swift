/// One scope's boxes in layers, from top to bottom.
///
/// The steps are those of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981): links that lead
/// back are found by a depth-first search, each box is put below all that lead to it, links over several layers get a dummy in each layer
/// between, and the layers are ordered to reduce crossings.
///
/// Two things are our own. Links of one lane to one target share their dummies, so that two hundred catchers of one handler are one line with
/// two hundred tributaries. And a link that leads back goes up beside the boxes, with a dummy in the layers of both its ends, so that it leaves
/// at the bottom and arrives at the top as all others do.
struct LayeredGraph {
  struct Link: Hashable {
    var from: Int
    var to: Int
    /// Links with the same lane and target are drawn as one where they can.
    var lane: Int
  }

  /// The way of a link through the dummies.
  struct Route {
    var isBack: Bool
    /// Those of its line that it passes, by their numbers; a link that leads back passes them from the last to the first.
    var dummies: Range<Int> = 0..<0
  }

  /// No more dummies are made than this; the longest lines then go straight, whatever stands between.
  static let maximumDummies = 60_000

  /// Boxes first, then dummies.
  private(set) var sizes: [Size]
  let boxCount: Int
  /// Boxes from this one on are labels of links.
  private let firstLabel: Int
  let links: [Link]
  private(set) var ranks: [Int]
  private(set) var routes: [Route] = []
  /// Neighbours in the layer above and below, each once. Those of a dummy on its own line come first.
  private(set) var above: [[Int]]
  private(set) var below: [[Int]]
  /// The dummy next to which a link turns round: its box in the same layer.
  private(set) var turns: [(box: Int, dummy: Int)] = []
  /// Dummies of lines that lead back, from the top down.
  private(set) var backLines: [[Int]] = []
  /// The layers in their order.
  var layers: [[Int]] = []

  static let lineWidth = 2.0

  func isDummy(_ vertex: Int) -> Bool { vertex >= boxCount }

  func isLabel(_ vertex: Int) -> Bool { vertex >= firstLabel && vertex < boxCount }

  /// - Parameter firstLabel: boxes from this one on are labels of links.
  init(sizes: [Size], firstLabel: Int, links: [Link]) {
    self.sizes = sizes
    self.firstLabel = firstLabel
    self.links = links
    boxCount = sizes.count
    ranks = Array(repeating: 0, count: boxCount)
    above = Array(repeating: [], count: boxCount)
    below = Array(repeating: [], count: boxCount)
    let search = DepthFirst(count: boxCount, links: links)
    rankBoxes(search)
    addDummies(search)
    layers = Array(repeating: [], count: (ranks.max() ?? -1) + 1)
    var place = Array(repeating: 0, count: self.sizes.count)
    for (position, vertex) in search.preorder.enumerated() { place[vertex] = position * 2 }
    for (link, route) in zip(links, routes) {
      let own = (route.isBack ? place[link.to] : place[link.from]) + 1
      for dummy in route.isBack ? route.dummies.reversed() : Array(route.dummies) {
        // From here on, the line has been met by another link.
        if place[dummy] != 0 { break }
        place[dummy] = own
      }
    }
    for vertex in self.sizes.indices.sorted(by: { (place[$0], $0) < (place[$1], $1) }) { layers[ranks[vertex]].append(vertex) }
  }

  /// Every box as high as what leads to it allows.
  private mutating func rankBoxes(_ search: DepthFirst) {
    // Against the order in which a depth-first search leaves the boxes, all links but those that lead back go forward.
    var outgoing = Array(repeating: [Int](), count: boxCount)
    for (number, link) in links.enumerated() where !search.isBack[number] { outgoing[link.from].append(link.to) }
    for vertex in search.postorder.reversed() {
      for target in outgoing[vertex] { ranks[target] = max(ranks[target], ranks[vertex] + 1) }
    }
  }

  private struct Line: Hashable {
    var target: Int
    var lane: Int
    var isBack: Bool
  }

  private mutating func addDummies(_ search: DepthFirst) {
    // The longest link of each line decides where its dummies are.
    var reach: [Line: Int] = [:]
    var order: [Line] = []
    for (number, link) in links.enumerated() {
      let isBack = search.isBack[number]
      if !isBack, ranks[link.to] - ranks[link.from] < 2 { continue }
      let line = Line(target: link.to, lane: link.lane, isBack: isBack)
      let rank = ranks[link.from]
      if let known = reach[line] {
        reach[line] = isBack ? max(known, rank) : min(known, rank)
      } else {
        reach[line] = rank
        order.append(line)
      }
    }
    var dummies: [Line: (first: Int, rank: Int)] = [:]
    func layers(of line: Line) -> ClosedRange<Int> {
      let far = reach[line] ?? 0
      return line.isBack ? ranks[line.target]...far : (far + 1)...(ranks[line.target] - 1)
    }
    var room = Self.maximumDummies
    if order.reduce(0, { $0 + layers(of: $1).count }) > room {
      order = order.enumerated().sorted { (layers(of: $0.element).count, $0.offset) < (layers(of: $1.element).count, $1.offset) }.map(\.element)
    }
    for line in order {
      let layers = layers(of: line)
      room -= layers.count
      if room < 0 { break }
      let first = sizes.count
      dummies[line] = (first, layers.lowerBound)
      for rank in layers {
        sizes.append(Size(Self.lineWidth, 0))
        ranks.append(rank)
        above.append([])
        below.append([])
        if rank > layers.lowerBound { join(sizes.count - 2, sizes.count - 1) }
      }
      if line.isBack {
        backLines.append(Array(first..<sizes.count))
        turns.append((line.target, first))
      } else {
        join(sizes.count - 1, line.target)
      }
    }
    var seen: Set<[Int]> = []
    for (number, link) in links.enumerated() {
      let isBack = search.isBack[number]
      guard let (first, rank) = dummies[Line(target: link.to, lane: link.lane, isBack: isBack)], isBack || ranks[link.to] - ranks[link.from] > 1 else {
        if ranks[link.to] - ranks[link.from] == 1, seen.insert([link.from, link.to]).inserted { join(link.from, link.to) }
        routes.append(Route(isBack: isBack))
        continue
      }
      if isBack {
        let entry = first + ranks[link.from] - rank
        if seen.insert([link.from, entry]).inserted { turns.append((link.from, entry)) }
        routes.append(Route(isBack: true, dummies: first..<(entry + 1)))
      } else {
        let entry = first + ranks[link.from] + 1 - rank
        if seen.insert([link.from, entry]).inserted { join(link.from, entry) }
        routes.append(Route(isBack: false, dummies: entry..<(first + ranks[link.to] - rank)))
      }
    }
  }

  private mutating func join(_ upper: Int, _ lower: Int) {
    below[upper].append(lower)
    above[lower].append(upper)
  }
}

/// A depth-first search over all boxes, from the first one on.
private struct DepthFirst {
  var isBack: [Bool]
  var preorder: [Int] = []
  var postorder: [Int] = []

  init(count: Int, links: [LayeredGraph.Link]) {
    isBack = Array(repeating: false, count: links.count)
    var outgoing = Array(repeating: [Int](), count: count)
    var isTarget = Array(repeating: false, count: count)
    for (number, link) in links.enumerated() {
      outgoing[link.from].append(number)
      isTarget[link.to] = true
    }
    enum Mark { case new, open, done }
    var marks = Array(repeating: Mark.new, count: count)
    // Boxes that nothing leads to come first, so that what only a circle leads to is entered last.
    for root in (0..<count).filter({ !isTarget[$0] }) + (0..<count).filter({ isTarget[$0] }) where marks[root] == .new {
      var stack = [(vertex: root, next: 0)]
      marks[root] = .open
      preorder.append(root)
      while let (vertex, next) = stack.last {
        guard next < outgoing[vertex].count else {
          marks[vertex] = .done
          postorder.append(vertex)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let number = outgoing[vertex][next]
        let target = links[number].to
        switch marks[target] {
        case .new:
          marks[target] = .open
          preorder.append(target)
          stack.append((target, 0))
        case .open: isBack[number] = true
        case .done: break
        }
      }
    }
  }
}

/// Where everything of a graph is drawn. The same graph always gives the same layout.
public struct GraphLayout: Sendable, Hashable {
  public struct Box: Sendable, Hashable {
    public var node: Int
    public var frame: Rectangle
    /// The name in its lines, then the line below it.
    public var nameLines: [String]
    public var detail: String
  }
  /// The area of a branch or an item processor within its state.
  public struct Region: Sendable, Hashable {
    public var scope: Int
    public var frame: Rectangle
  }
  public struct Label: Sendable, Hashable {
    public var edge: Int
    public var frame: Rectangle
    public var lines: [String]
  }
  public struct Line: Sendable, Hashable {
    public var edge: Int
    /// One path, or two with the label between.
    public var paths: [LinePath]
    /// Where the last path ends on the line of another edge with the same target; nil when it reaches the target itself.
    public var joins: Join?
  }
  /// A place on the line of an edge: behind so many steps of its last path, or within the last of them.
  public struct Join: Sendable, Hashable {
    public var edge: Int
    public var steps: Int
  }

  public internal(set) var size = Size(0, 0)
  /// An outer box stands before those within it.
  public internal(set) var boxes: [Box] = []
  public internal(set) var regions: [Region] = []
  public internal(set) var labels: [Label] = []
  public internal(set) var lines: [Line] = []

  public init(of graph: StateGraph) {
    guard !graph.scopes.isEmpty else { return }
    self = Self.scope(0, of: graph).moved(by: Point(Metrics.margin, Metrics.margin))
    size = Size(size.width + 2 * Metrics.margin, size.height + 2 * Metrics.margin)
  }

  private init() {}

  func moved(by offset: Point) -> GraphLayout {
    func move(_ frame: Rectangle) -> Rectangle { Rectangle(x: frame.x + offset.x, y: frame.y + offset.y, width: frame.width, height: frame.height) }
    var result = self
    for index in result.boxes.indices { result.boxes[index].frame = move(result.boxes[index].frame) }
    for index in result.regions.indices { result.regions[index].frame = move(result.regions[index].frame) }
    for index in result.labels.indices { result.labels[index].frame = move(result.labels[index].frame) }
    for index in result.lines.indices { result.lines[index].paths = result.lines[index].paths.map { $0.moved(by: offset) } }
    return result
  }

  private mutating func add(_ other: GraphLayout) {
    boxes += other.boxes
    regions += other.regions
    labels += other.labels
    lines += other.lines
  }

  /// The way of a line from where it joins another to the target, one path for each line that it goes along.
  public func onward(from line: Line, lines byEdge: [Int: Line]) -> [LinePath] {
    var result: [LinePath] = []
    var join = line.joins
    var at = line.paths.last?.end
    while let next = join, let start = at, let path = byEdge[next.edge]?.paths.last {
      var rest = LinePath(from: start)
      // The step within which the lines meet may go on behind that place.
      if next.steps > 0, case .line(let point) = path.steps[next.steps - 1] { rest.addLine(to: point) }
      rest.steps += path.steps[next.steps...]
      result.append(rest)
      at = rest.end
      join = byEdge[next.edge]?.joins
    }
    return result
  }

  // MARK: One scope

  private static func scope(_ number: Int, of graph: StateGraph) -> GraphLayout {
    let scope = graph.scopes[number]
    let contents = scope.nodes.map { NodeContent(of: $0, in: graph) }
    let places = Dictionary(uniqueKeysWithValues: scope.nodes.enumerated().map { ($0.element, $0.offset) })
    var sizes = contents.map(\.size)
    var links: [LayeredGraph.Link] = []
    var labelled: [(edge: Int, lines: [String], box: Int)] = []
    /// The number of each edge's last link, and that of the one before its label.
    var linksOfEdges: [(edge: Int, first: Int?, last: Int)] = []
    for edge in scope.edges {
      guard let from = places[graph.edges[edge].from], let to = places[graph.edges[edge].to] else { continue }
      let lane = graph.edges[edge].isCatch ? 1 : 0
      let lines = Metrics.labelLines(of: graph.edges[edge])
      if lines.isEmpty {
        links.append(LayeredGraph.Link(from: from, to: to, lane: lane))
        linksOfEdges.append((edge, nil, links.count - 1))
      } else {
        let box = sizes.count
        sizes.append(Metrics.size(ofLabel: lines))
        labelled.append((edge, lines, box))
        links.append(LayeredGraph.Link(from: from, to: box, lane: lane))
        links.append(LayeredGraph.Link(from: box, to: to, lane: lane))
        linksOfEdges.append((edge, links.count - 2, links.count - 1))
      }
    }
    var layered = LayeredGraph(sizes: sizes, firstLabel: contents.count, links: links)
    CrossingReduction.reduce(&layered)
    let middles = HorizontalPlacement.middles(of: layered)
    let routing = LineRouting(graph: layered, middles: middles)

    var result = GraphLayout()
    for (index, content) in contents.enumerated() {
      let frame = Rectangle(x: middles[index] - content.size.width / 2, y: routing.top(of: index), width: content.size.width, height: content.size.height)
      result.boxes.append(Box(node: scope.nodes[index], frame: frame, nameLines: content.nameLines, detail: content.detail))
      if let inner = content.inner { result.add(inner.moved(by: Point(frame.x, frame.y))) }
    }
    for (edge, lines, box) in labelled {
      let size = sizes[box]
      result.labels.append(Label(edge: edge, frame: Rectangle(x: middles[box] - size.width / 2, y: routing.top(of: box), width: size.width, height: size.height), lines: lines))
    }
    var drawn: LineRouting.Drawn = [:]
    for (edge, first, last) in linksOfEdges {
      var unshared: LineRouting.Drawn = [:]
      let before = first.map { routing.line(of: $0, edge: edge, drawn: &unshared).path }
      let (path, joins) = routing.line(of: last, edge: edge, drawn: &drawn)
      result.lines.append(Line(edge: edge, paths: [before].compactMap(\.self) + [path], joins: joins))
    }
    let right = zip(middles, layered.sizes).map { $0 + $1.width / 2 }.max() ?? 0
    result.size = Size(right, routing.height)
    return result
  }

  /// What stands in a node's box.
  private struct NodeContent {
    var size: Size
    var nameLines: [String] = []
    var detail = ""
    var inner: GraphLayout?

    init(of number: Int, in graph: StateGraph) {
      let node = graph.nodes[number]
      switch node.kind {
      case .start, .end:
        size = Size(Metrics.dot, Metrics.dot)
        return
      case .state(let type):
        nameLines = Metrics.nameLines(node.name)
        detail = Metrics.detail([type.isEmpty ? "no type" : type, node.detail].filter { !$0.isEmpty }.joined(separator: " · "))
      case .missing:
        nameLines = Metrics.nameLines(node.name)
        detail = "no such state"
      }
      size = Metrics.size(ofName: nameLines, detail: detail)
      if node.scopes.isEmpty { return }
      let header = size
      let rows = NodeContent.rows(node.scopes.map { ($0, GraphLayout.scope($0, of: graph)) })
      var inner = GraphLayout()
      let width = max(header.width, rows.map { $0.reduce(Metrics.padding) { $0 + $1.frame.width + Metrics.padding } }.max() ?? 0)
      var y = header.height
      for row in rows {
        let height = row.map(\.frame.height).max() ?? 0
        let used = row.reduce(Double(row.count - 1) * Metrics.padding) { $0 + $1.frame.width }
        var x = (width - used) / 2
        for (scope, layout, frame) in row {
          inner.regions.append(Region(scope: scope, frame: Rectangle(x: x, y: y, width: frame.width, height: height)))
          inner.add(layout.moved(by: Point(x + (frame.width - layout.size.width) / 2, y + Metrics.padding)))
          x += frame.width + Metrics.padding
        }
        y += height + Metrics.padding
      }
      size = Size(width, y)
      inner.size = size
      self.inner = inner
    }

    /// Branches side by side, in several rows when there are many.
    private static func rows(_ scopes: [(Int, GraphLayout)]) -> [[(scope: Int, layout: GraphLayout, frame: Size)]] {
      let framed = scopes.map { (scope: $0.0, layout: $0.1, frame: Size($0.1.size.width + 2 * Metrics.padding, $0.1.size.height + 2 * Metrics.padding)) }
      let area = framed.reduce(0) { $0 + $1.frame.width * $1.frame.height }
      let widest = framed.map(\.frame.width).max() ?? 0
      let limit = max(widest, (area * 2.5).squareRoot(), Metrics.rowWidth)
      var rows: [[(scope: Int, layout: GraphLayout, frame: Size)]] = []
      var width = Double.infinity
      for scope in framed {
        if width + scope.frame.width > limit {
          rows.append([])
          width = 0
        }
        rows[rows.count - 1].append(scope)
        width += scope.frame.width + Metrics.padding
      }
      return rows
    }
  }
}

extension StateGraph.Edge {
  var isCatch: Bool { if case .catch = kind { true } else { false } }
}

/// Sizes of what is drawn, in pixels.
enum Metrics {
  static let margin = 16.0
  static let dot = 16.0
  static let padding = 14.0
  /// Branches stand in one row up to this width.
  static let rowWidth = 1_400.0
  static let nameSize = 13.0
  static let nameLine = 16.0
  static let detailSize = 11.0
  static let labelSize = 11.0
  static let labelLine = 14.0
  static let textWidth = 196.0
  /// Left of a box's text: its border, the symbol of its type and blanks.
  static let textLeft = 38.0
  static let textRight = 14.0
  static let labelWidth = 168.0

  static func nameLines(_ name: String) -> [String] {
    let lines = ShownText.wrapped(name, size: nameSize, isBold: true, width: textWidth, lines: 3)
    return lines.isEmpty ? [" "] : lines
  }

  static func detail(_ text: String) -> String { ShownText.cut(ShownText.visible(String(text.prefix(200))), size: detailSize, width: textWidth) }

  static func size(ofName lines: [String], detail: String) -> Size {
    let widest = max(lines.map { ShownText.width($0, size: nameSize, isBold: true) }.max() ?? 0, ShownText.width(detail, size: detailSize))
    return Size((textLeft + max(widest, 60) + textRight).rounded(.up), 10 + Double(lines.count) * nameLine + 14 + 8)
  }

  static func labelLines(of edge: StateGraph.Edge) -> [String] {
    switch edge.kind {
    case .start, .next, .end: []
    case .default: ["default"]
    case .rule, .catch: ShownText.wrapped(edge.label.isEmpty ? "?" : edge.label, size: labelSize, width: labelWidth, lines: 3)
    }
  }

  static func size(ofLabel lines: [String]) -> Size {
    Size((lines.map { ShownText.width($0, size: labelSize) }.max() ?? 0).rounded(.up) + 8, Double(lines.count) * labelLine + 4)
  }
}

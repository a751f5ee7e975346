extension StateGraph {
  /// The graph as a drawing in SVG 1.1 that needs nothing besides.
  ///
  /// - Parameters:
  ///   - marks: how an execution went through it.
  ///   - isAlone: false within a page, which has `GraphStyle` in its own style sheet; each state then bears its number in `data-node`.
  public func svg(marks: ExecutionMarks? = nil, isAlone: Bool = true) -> String {
    SVGWriter(graph: self, layout: GraphLayout(of: self), marks: marks, isAlone: isAlone).text()
  }
}

private struct SVGWriter {
  let graph: StateGraph
  let layout: GraphLayout
  let marks: ExecutionMarks?
  let isAlone: Bool
  let linesByEdge: [Int: GraphLayout.Line]

  init(graph: StateGraph, layout: GraphLayout, marks: ExecutionMarks?, isAlone: Bool) {
    self.graph = graph
    self.layout = layout
    self.marks = marks
    self.isAlone = isAlone
    linesByEdge = Dictionary(uniqueKeysWithValues: layout.lines.map { ($0.edge, $0) })
  }

  func text() -> String {
    let (width, height) = (number(layout.size.width), number(layout.size.height))
    let title = "State machine \(graph.title)"
    var out = isAlone ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : ""
    out += "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph\(marks == nil ? "" : " marked")\" width=\"\(width)\" height=\"\(height)\""
    out += " viewBox=\"0 0 \(width) \(height)\" role=\"\(isAlone ? "img" : "group")\" aria-labelledby=\"graph-title graph-description\">\n"
    out += "<title id=\"graph-title\">\(xml(ShownText.visible(title)))</title>\n<desc id=\"graph-description\">\(xml(ShownText.visible(description)))</desc>\n"
    if isAlone {
      out += "<style>\(GraphStyle.alone)</style>\n<rect width=\"\(width)\" height=\"\(height)\" fill=\"var(--paper)\"/>\n"
    }
    // Containers lie below the lines, which lie below labels; an outer one comes before those within it.
    let areas = Dictionary(grouping: layout.regions, by: { graph.scopes[$0.scope].owner })
    for box in layout.boxes where !graph.nodes[box.node].scopes.isEmpty {
      out += self.box(box)
      for region in areas[box.node] ?? [] { out += rectangle(region.frame, radius: 6, classes: "area") }
    }
    for line in layout.lines where !isTaken(line) { out += self.line(line, isTaken: false) }
    for line in layout.lines where isTaken(line) { out += self.line(line, isTaken: true) }
    for label in layout.labels { out += self.label(label) }
    for box in layout.boxes where graph.nodes[box.node].scopes.isEmpty { out += self.box(box) }
    return out + "</svg>\n"
  }

  private var description: String {
    let count = graph.stateCount
    let first = graph.edges.first { $0.kind == .start }.map { graph.nodes[$0.to].name }
    return "\(count) state\(count == 1 ? "" : "s")" + (first.map { ", beginning with \($0)" } ?? "") + "."
  }

  // MARK: Boxes

  private func box(_ box: GraphLayout.Box) -> String {
    let node = graph.nodes[box.node]
    let frame = box.frame
    let type: String
    switch node.kind {
    case .start: return "<circle class=\"dot\" cx=\"\(number(frame.midX))\" cy=\"\(number(frame.y + frame.height / 2))\" r=\"7\"/>\n"
    case .end:
      let centre = "cx=\"\(number(frame.midX))\" cy=\"\(number(frame.y + frame.height / 2))\""
      return "<circle class=\"ring\" \(centre) r=\"7\"/><circle class=\"dot\" \(centre) r=\"3.6\"/>\n"
    case .state(let name): type = Symbol.paths[name] == nil ? "unknown" : name
    case .missing: type = "missing"
    }
    let outcome = marks?.outcomes[node.name]
    let status = marks == nil ? "" : " " + (outcome?.status.rawValue ?? "unvisited")
    var out = "<g class=\"state type-\(type)\(type == "missing" ? " missing" : "")\(status)\""
    if !isAlone, case .state = node.kind { out += " data-node=\"\(box.node)\" tabindex=\"0\" role=\"button\" aria-label=\"\(xml(spoken(node, outcome)))\"" }
    out += ">"
    out += "<title>\(xml(([ShownText.visible(node.name), box.detail] + [node.comment].compactMap(\.self).map { ShownText.visible(String($0.prefix(500))) }).joined(separator: "\n")))</title>"
    if type == "Map" {
      out += rectangle(Rectangle(x: frame.x + 4, y: frame.y + 4, width: frame.width, height: frame.height), radius: 8, classes: "behind")
    }
    out += rectangle(frame, radius: 8, classes: "box")
    if let path = Symbol.paths[type] {
      out += "<path class=\"symbol\" transform=\"translate(\(number(frame.x + 12)) \(number(frame.y + 15)))\" d=\"\(path)\"/>"
    }
    var y = frame.y + 10
    for line in box.nameLines {
      y += Metrics.nameLine
      out += "<text class=\"name\" x=\"\(number(frame.x + Metrics.textLeft))\" y=\"\(number(y - 2))\">\(xml(line))</text>"
    }
    out += "<text class=\"detail\" x=\"\(number(frame.x + Metrics.textLeft))\" y=\"\(number(y + 13))\">\(xml(box.detail))</text>"
    if let outcome { out += badge(outcome, at: frame) }
    return out + "</g>\n"
  }

  private func spoken(_ node: StateGraph.Node, _ outcome: StateOutcome?) -> String {
    let name = ShownText.visible(node.name)
    guard marks != nil else { return name }
    guard let outcome else { return "\(name), not visited" }
    return "\(name), \(outcome.status.rawValue), \(outcome.visits) visit\(outcome.visits == 1 ? "" : "s")"
  }

  /// How often the state was visited, with a mark for how that ended: colours alone are not enough for everybody.
  private func badge(_ outcome: StateOutcome, at frame: Rectangle) -> String {
    let mark =
      switch outcome.status {
      case .succeeded: "✓"
      case .caught: "!"
      case .failed: "✗"
      case .aborted: "–"
      case .running: "●"
      }
    let text = outcome.visits > 1 ? "\(mark) \(outcome.visits)" : mark
    let width = max(18, ShownText.width(text, size: 10, isBold: true) + 10)
    let pill = Rectangle(x: frame.maxX - width - 6, y: frame.y - 8, width: width, height: 16)
    return "<g class=\"badge\">" + rectangle(pill, radius: 8, classes: "")
      + "<text x=\"\(number(pill.midX))\" y=\"\(number(pill.y + 11.6))\" text-anchor=\"middle\">\(text)</text></g>"
  }

  // MARK: Lines

  private func isTaken(_ line: GraphLayout.Line) -> Bool {
    guard let marks else { return false }
    let edge = graph.edges[line.edge]
    return marks.taken.contains(ExecutionMarks.Pair(from: graph.nodes[edge.from].name, to: graph.nodes[edge.to].name))
  }

  private func line(_ line: GraphLayout.Line, isTaken: Bool) -> String {
    let edge = graph.edges[line.edge]
    let classes = (edge.isCatch ? " catch" : "") + (isTaken ? " taken" : "")
    var out = ""
    let onward = isTaken ? layout.onward(from: line, lines: linesByEdge) : []
    for path in line.paths + onward { out += "<path class=\"line\(classes)\" d=\"\(data(path))\"/>" }
    if isTaken || line.joins == nil, let tip = (line.paths + onward).last?.end {
      out += "<path class=\"tip\(classes)\" d=\"M\(number(tip.x - 4.5)) \(number(tip.y - 8))L\(number(tip.x)) \(number(tip.y))L\(number(tip.x + 4.5)) \(number(tip.y - 8))z\"/>"
    }
    return out + "\n"
  }

  private func data(_ path: LinePath) -> String {
    func text(_ point: Point) -> String { "\(number(point.x)) \(number(point.y))" }
    var data = "M" + text(path.start)
    for step in path.steps {
      switch step {
      case .line(let point): data += "L" + text(point)
      case .curve(let a, let b, let point): data += "C\(text(a)) \(text(b)) \(text(point))"
      }
    }
    return data
  }

  private func label(_ label: GraphLayout.Label) -> String {
    let edge = graph.edges[label.edge]
    var out = "<g class=\"edge\"><title>\(xml(ShownText.visible(edge.isCatch ? "Catch " + edge.label : edge.label.isEmpty ? "Default" : edge.label)))</title>"
    for (index, line) in label.lines.enumerated() {
      let y = label.frame.y + Double(index + 1) * Metrics.labelLine - 1
      out += "<text class=\"label\(edge.isCatch ? " catch" : "")\" x=\"\(number(label.frame.midX))\" y=\"\(number(y))\" text-anchor=\"middle\">\(xml(line))</text>"
    }
    return out + "</g>\n"
  }

  // MARK: Texts

  private func rectangle(_ frame: Rectangle, radius: Double, classes: String) -> String {
    "<rect\(classes.isEmpty ? "" : " class=\"\(classes)\"") x=\"\(number(frame.x))\" y=\"\(number(frame.y))\" width=\"\(number(frame.width))\" height=\"\(number(frame.height))\" rx=\"\(number(radius))\"/>"
  }

  /// At most one digit behind the point.
  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let text = "\(tenths.magnitude / 10)" + (tenths % 10 == 0 ? "" : ".\(tenths.magnitude % 10)")
    return tenths < 0 ? "-" + text : text
  }

  private func xml(_ text: String) -> String { ShownText.markup(text) }
}

/// Pictures of the types, in a square of 16 pixels.
private enum Symbol {
  static let paths: [String: String] = [
    "Task": "M9 1L3 9.5h4.5L6.5 15L13 6.5H8.3z",
    "Choice": "M8 1L15 8L8 15L1 8zM8 5.4v5.2M5.4 8h5.2",
    "Wait": "M8 1.5a6.5 6.5 0 1 0 .01 0zM8 4.5V8l2.6 1.8",
    "Pass": "M1.5 8h12.5M9.5 3.5L14 8l-4.5 4.5",
    "Succeed": "M8 1.5a6.5 6.5 0 1 0 .01 0zM5 8.2l2.2 2.2L11.2 6",
    "Fail": "M8 1.5a6.5 6.5 0 1 0 .01 0zM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8",
    "Parallel": "M2 8h2.5M4.5 2.5v11M4.5 2.5H12M4.5 8H14M4.5 13.5H12",
    "Map": "M2 5h9v9H2zM5 2h9v9",
  ]
}

extension ShownText {
  /// The text for XML and HTML, in an element or an attribute; characters that neither may hold become U+FFFD.
  package static func markup(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      default:
        let isForbidden = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE
        result.unicodeScalars.append(isForbidden ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }
}

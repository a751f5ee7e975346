extension StateGraph {
  /// The graph in the language of Graphviz, with a cluster for each Parallel and Map state and each of their branches.
  ///
  /// Source: Graphviz documentation, "DOT Language"; attributes `compound`, `lhead`, `ltail`.
  public func dot() -> String {
    var out = "digraph {\n  compound=true\n  node [shape=box style=rounded fontname=Helvetica fontsize=11]\n  edge [fontname=Helvetica fontsize=9]\n"
    out += "  graph [fontname=Helvetica fontsize=11 label=\(Self.dotText(title)) labelloc=t]\n"
    if !scopes.isEmpty { write(scope: 0, depth: 1, into: &out) }
    return out + "}\n"
  }

  private func write(scope number: Int, depth: Int, into out: inout String) {
    let blank = String(repeating: "  ", count: depth)
    for node in scopes[number].nodes {
      switch nodes[node].kind {
      case .start: out += "\(blank)n\(node) [shape=circle style=filled fillcolor=black width=0.15 label=\"\"]\n"
      case .end: out += "\(blank)n\(node) [shape=doublecircle style=filled fillcolor=black width=0.1 label=\"\"]\n"
      case .missing: out += "\(blank)n\(node) [style=\"rounded,dashed\" color=red label=\(Self.dotText(nodes[node].name, "no such state"))]\n"
      case .state(let type):
        let text = Self.dotText(nodes[node].name, [type, nodes[node].detail].filter { !$0.isEmpty }.joined(separator: " · "))
        guard !nodes[node].scopes.isEmpty else {
          out += "\(blank)n\(node) [\(type == "Choice" ? "shape=diamond style=solid " : "")label=\(text)]\n"
          continue
        }
        out += "\(blank)subgraph cluster_n\(node) {\n\(blank)  label=\(text)\n\(blank)  style=rounded\n"
        for (index, scope) in nodes[node].scopes.enumerated() {
          if type == "Parallel" { out += "\(blank)  subgraph cluster_s\(scope) {\n\(blank)    label=\"branch \(index + 1)\"\n\(blank)    style=dashed\n" }
          write(scope: scope, depth: depth + (type == "Parallel" ? 2 : 1), into: &out)
          if type == "Parallel" { out += "\(blank)  }\n" }
        }
        out += "\(blank)}\n"
      }
    }
    for edge in scopes[number].edges.map({ edges[$0] }) {
      var attributes: [String] = []
      switch edge.kind {
      case .start, .next, .end: break
      case .default: attributes.append("label=default")
      case .rule, .catch: attributes.append("label=\(Self.dotText(ShownText.cutCharacters(edge.label, 80)))")
      }
      if edge.isCatch { attributes.append("style=dashed") }
      if !nodes[edge.from].scopes.isEmpty { attributes.append("ltail=cluster_n\(edge.from)") }
      if !nodes[edge.to].scopes.isEmpty { attributes.append("lhead=cluster_n\(edge.to)") }
      out += "\(blank)n\(anchor(edge.from, isLast: true)) -> n\(anchor(edge.to, isLast: false))\(attributes.isEmpty ? "" : " [\(attributes.joined(separator: " "))]")\n"
    }
  }

  /// A node within a container by which edges hold on to it: no edge can end at a cluster itself.
  private func anchor(_ node: Int, isLast: Bool) -> Int {
    guard let scope = nodes[node].scopes.first else { return node }
    let within = scopes[scope].nodes
    let wanted = within.first { nodes[$0].kind == (isLast ? .end : .start) } ?? within.last
    return wanted.map { anchor($0, isLast: isLast) } ?? node
  }

  /// A quoted text of one or two lines. Graphviz acts on backslashes and on HTML's entities.
  private static func dotText(_ lines: String...) -> String {
    let texts = lines.filter { !$0.isEmpty }.map { line in
      var result = ""
      for scalar in ShownText.visible(ShownText.cutCharacters(line, 200)).unicodeScalars {
        switch scalar {
        case "\\": result += "\\\\"
        case "\"": result += "\\\""
        case "&": result += "&amp;"
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result
    }
    return "\"" + texts.joined(separator: "\\n") + "\""
  }
}

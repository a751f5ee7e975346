extension StateGraph {
  /// The graph as a Mermaid flowchart, as GitHub and others draw it within Markdown.
  ///
  /// A flowchart and not a state diagram: only its texts can hold any character, by their codes, and names never serve as identifiers, so that
  /// a state may be called `end`. Source: Mermaid documentation, "Flowcharts Syntax", "Entity codes to escape characters".
  public func mermaid() -> String {
    var out = "flowchart TD\n"
    if !scopes.isEmpty { write(scope: 0, depth: 1, into: &out) }
    return out
  }

  private func write(scope number: Int, depth: Int, into out: inout String) {
    let blank = String(repeating: "  ", count: depth)
    for node in scopes[number].nodes {
      switch nodes[node].kind {
      case .start: out += "\(blank)n\(node)((\" \"))\n"
      case .end: out += "\(blank)n\(node)(((\" \")))\n"
      case .missing: out += "\(blank)n\(node)[\"\(Self.mermaidText(nodes[node].name))<br>no such state\"]\n"
      case .state(let type):
        // The title of a subgraph has room for one line.
        let between = nodes[node].scopes.isEmpty ? "<br>" : " · "
        let text = "\(Self.mermaidText(nodes[node].name))\(between)\(Self.mermaidText([type, nodes[node].detail].filter { !$0.isEmpty }.joined(separator: " · ")))"
        if nodes[node].scopes.isEmpty {
          let (open, close) =
            switch type {
            case "Choice": ("{{\"", "\"}}")
            case "Succeed", "Fail": ("([\"", "\"])")
            default: ("[\"", "\"]")
            }
          out += "\(blank)n\(node)\(open)\(text)\(close)\n"
        } else {
          out += "\(blank)subgraph n\(node) [\"\(text)\"]\n"
          for (index, scope) in nodes[node].scopes.enumerated() {
            if type == "Parallel" { out += "\(blank)  subgraph s\(scope) [\"branch \(index + 1)\"]\n" }
            write(scope: scope, depth: depth + (type == "Parallel" ? 2 : 1), into: &out)
            if type == "Parallel" { out += "\(blank)  end\n" }
          }
          out += "\(blank)end\n"
        }
      }
    }
    for edge in scopes[number].edges.map({ edges[$0] }) {
      let label: String
      switch edge.kind {
      case .start, .next, .end: label = ""
      case .default: label = "default"
      case .rule, .catch: label = ShownText.cutCharacters(edge.label, 80)
      }
      let arrow = edge.isCatch ? "-.->" : "-->"
      out += "\(blank)n\(edge.from) \(arrow)\(label.isEmpty ? "" : "|\"\(Self.mermaidText(label))\"|") n\(edge.to)\n"
    }
  }

  /// The text with all but letters, digits and a few harmless signs as entity codes.
  private static func mermaidText(_ text: String) -> String {
    var result = ""
    for scalar in ShownText.visible(ShownText.cutCharacters(text, 200)).unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", ",", ":", "-", "_", "=", "/", "+", "?", "!": result.unicodeScalars.append(scalar)
      default:
        if scalar.value < 0x80 { result += "#\(scalar.value);" } else { result.unicodeScalars.append(scalar) }
      }
    }
    return result.isEmpty ? " " : result
  }
}

extension ShownText {
  /// The text with at most so many characters.
  static func cutCharacters(_ text: String, _ limit: Int) -> String { text.count > limit ? text.prefix(limit - 1) + "…" : text }
}

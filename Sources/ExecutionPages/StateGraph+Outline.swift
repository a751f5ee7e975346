import StateGraphs

extension StateGraph {
  /// The part of a state machine that an execution has shown: for a history that comes without its definition.
  init?(observedIn outline: ExecutionOutline, title: String) {
    guard outline.spans.contains(where: \.isVisit) else { return nil }
    self.init(title: title)
    struct Place: Hashable {
      var owner: Int?
      var branch: Int
    }
    var scopes: [Place: Int] = [Place(owner: nil, branch: 0): 0]
    var nodes: [String: Int] = [:]
    var nodeOfSpan: [Int: Int] = [:]
    var edges: Set<[Int]> = []
    let before = Dictionary(outline.successions.map { ($0.to, $0.from) }, uniquingKeysWith: { first, _ in first })
    for (number, span) in outline.spans.enumerated() {
      guard case .visit(let name, let type) = span.kind else { continue }
      var place = Place(owner: nil, branch: 0)
      if let parent = span.parent {
        if case .branch(let branch) = outline.spans[parent].kind { place.branch = branch }
        place.owner = outline.spans[parent].parent.flatMap { nodeOfSpan[$0] }
      }
      let scope = scopes[place] ?? addScope(owner: place.owner)
      if scopes[place] == nil { scopes[place] = scope }
      let start = self.scopes[scope].nodes.first ?? addNode(.start, in: scope)
      let node = nodes[name] ?? addNode(.state(type: type), name: name, in: scope)
      nodes[name] = node
      nodeOfSpan[number] = node
      let from = before[number].flatMap { nodeOfSpan[$0] } ?? start
      if self.nodes[from].scope == self.nodes[node].scope, edges.insert([from, node]).inserted {
        addEdge(from == start ? .start : .next, from: from, to: node, in: self.nodes[node].scope)
      }
    }
  }
}

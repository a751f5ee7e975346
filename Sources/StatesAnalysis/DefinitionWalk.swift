import JSONTypes
import StatesLanguage

/// All states of a definition as they are written, whatever else is wrong with it, and how they follow each other.
struct DefinitionWalk {
  /// A state. All checks go over all of them, so it is one reference.
  final class Site {
    let name: String
    let nameRange: SourceRange
    let node: SyntaxNode
    let pointer: String
    let type: StateType
    let language: QueryLanguage
    /// The number of the scope that it stands in.
    let scope: Int
    /// Whether it runs in an EXPRESS workflow.
    let isExpress: Bool
    /// What a task's `Resource` names, where that is written out.
    let resource: TaskResource?
    /// The scopes that it owns: branches, an item processor.
    fileprivate(set) var inner: [Int] = []

    fileprivate init(
      _ member: SyntaxNode.Member, pointer: String, type: StateType, language: QueryLanguage, scope: Int, isExpress: Bool, resource: TaskResource?
    ) {
      (name, nameRange, node) = (member.key, member.keyRange, member.value)
      (self.pointer, self.type, self.language, self.scope) = (pointer, type, language, scope)
      (self.isExpress, self.resource) = (isExpress, resource)
    }
  }

  /// A `StartAt` with its `States`.
  struct Scope {
    var pointer: String
    /// The Parallel or Map state around it.
    var owner: Int?
    /// Its states, as numbers into `sites`.
    var sites: [Int] = []
    /// For each of its states the states that follow, counted within the scope.
    var edges: [[Int]] = []
    /// For each of its states the number of its cycle; nil when it is in none.
    var cycle: [Int?] = []
  }

  let root: SyntaxNode
  private(set) var sites: [Site] = []
  private(set) var scopes: [Scope] = []
  /// Many states call the same: an ARN is read once.
  private var resources: [String: TaskResource?] = [:]

  init(_ root: SyntaxNode, type: WorkflowType) {
    self.root = root
    let language = QueryLanguage(meantBy: root["QueryLanguage"]) ?? .jsonPath
    read(root, pointer: "", owner: nil, language: language, isExpress: type == .express)
  }

  @discardableResult
  private mutating func read(_ node: SyntaxNode, pointer: String, owner: Int?, language: QueryLanguage, isExpress: Bool) -> Int? {
    guard let members = node["States"]?.members else { return nil }
    let number = scopes.count
    scopes.append(Scope(pointer: pointer, owner: owner))
    var locals: [String: Int] = [:]
    var kept: [(member: Int, type: StateType)] = []
    kept.reserveCapacity(members.count)
    locals.reserveCapacity(members.count)
    for position in members.indices {
      guard let type = members[position].value["Type"]?.text.flatMap({ StateType(rawValue: $0) }) else { continue }
      if locals[members[position].key] == nil { locals[members[position].key] = kept.count }
      kept.append((position, type))
    }
    var edges: [[Int]] = []
    edges.reserveCapacity(kept.count)
    sites.reserveCapacity(sites.count + kept.count)
    for (position, type) in kept {
      let member = members[position]
      let index = sites.count
      // No state of a JSONata machine goes back to JSONPath; one that says so is reported as that.
      let own = language == .jsonata ? nil : QueryLanguage(meantBy: member.value["QueryLanguage"])
      let resource = type == .task ? resource(of: member.value) : nil
      sites.append(
        Site(
          member, pointer: pointer + "/States/" + member.key.pointerToken, type: type, language: own ?? language, scope: number, isExpress: isExpress,
          resource: resource))
      scopes[number].sites.append(index)
      edges.append(Self.targets(of: member.value, among: locals))
    }
    scopes[number].edges = edges
    scopes[number].cycle = Cycles.components(of: edges)
    for index in scopes[number].sites { readInner(of: index, language: language) }
    return number
  }

  private mutating func readInner(of index: Int, language: QueryLanguage) {
    let site = sites[index]
    switch site.type {
    case .parallel:
      for (number, branch) in (site.node["Branches"]?.elements ?? []).enumerated() {
        let inner = read(branch, pointer: "\(site.pointer)/Branches/\(number)", owner: index, language: language, isExpress: site.isExpress)
        if let inner { sites[index].inner.append(inner) }
      }
    case .map:
      for field in ["ItemProcessor", "Iterator"] {
        guard let processor = site.node[field] else { continue }
        let type = processor["ProcessorConfig"]?["ExecutionType"]?.text
        let inner = read(
          processor, pointer: "\(site.pointer)/\(field)", owner: index, language: language,
          isExpress: type.map { $0 == WorkflowType.express.rawValue } ?? site.isExpress)
        if let inner { sites[index].inner.append(inner) }
      }
    case .task, .pass, .wait, .choice, .succeed, .fail: break
    }
  }

  private mutating func resource(of state: SyntaxNode) -> TaskResource? {
    guard let text = state["Resource"]?.text else { return nil }
    if let known = resources[text] { return known }
    let resource = IntegrationCheck.known(text)
    resources[text] = .some(resource)
    return resource
  }

  private static func targets(of state: SyntaxNode, among locals: [String: Int]) -> [Int] {
    var targets: [Int] = []
    func add(_ node: SyntaxNode?) {
      if let name = node?.text, let target = locals[name] { targets.append(target) }
    }
    add(state["Next"])
    add(state["Default"])
    for rule in state["Choices"]?.elements ?? [] { add(rule["Next"]) }
    for catcher in state["Catch"]?.elements ?? [] { add(catcher["Next"]) }
    return targets
  }
}

/// Strongly connected components, by Tarjan's algorithm with a stack of its own.
enum Cycles {
  /// For each node the number of its component, nil where no way leads from the node back to it.
  static func components(of edges: [[Int]]) -> [Int?] {
    var order = [Int](repeating: -1, count: edges.count)
    var low = [Int](repeating: 0, count: edges.count)
    var isOpen = [Bool](repeating: false, count: edges.count)
    var open: [Int] = []
    var result = [Int?](repeating: nil, count: edges.count)
    var next = 0
    var components = 0
    for root in edges.indices where order[root] < 0 {
      var work: [(node: Int, edge: Int)] = [(root, 0)]
      while let (node, edge) = work.last {
        if edge == 0 {
          order[node] = next
          low[node] = next
          next += 1
          open.append(node)
          isOpen[node] = true
        }
        if edge < edges[node].count {
          work[work.count - 1].edge = edge + 1
          let target = edges[node][edge]
          if order[target] < 0 {
            work.append((target, 0))
          } else if isOpen[target] {
            low[node] = min(low[node], order[target])
          }
          continue
        }
        work.removeLast()
        if let parent = work.last?.node { low[parent] = min(low[parent], low[node]) }
        guard low[node] == order[node] else { continue }
        var members: [Int] = []
        while let member = open.popLast() {
          isOpen[member] = false
          members.append(member)
          if member == node { break }
        }
        if members.count > 1 || edges[node].contains(node) {
          for member in members { result[member] = components }
          components += 1
        }
      }
    }
    return result
  }
}

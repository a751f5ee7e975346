/// A state machine as a graph: states are nodes, transitions are edges, and the states within a Parallel or Map state stand in scopes of their own.
///
/// It is made from the definition as it was read, not from a checked machine, so that a definition with mistakes can be drawn too.
public struct StateGraph: Sendable, Hashable {
  public struct Node: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
      /// Where a scope begins.
      case start
      /// Where a scope ends well.
      case end
      /// A state; the type as written, which need not be one that exists.
      case state(type: String)
      /// A name that a transition leads to and that no state of the scope has.
      case missing
    }
    public var kind: Kind
    /// The state's name; empty for start and end.
    public var name: String
    /// What the state does, in a few words: `lambda:invoke`, `30 s`.
    public var detail: String
    public var comment: String?
    /// The scope that it stands in.
    public var scope: Int
    /// The scopes within it: a Parallel state's branches, a Map state's item processor.
    public var scopes: [Int] = []
  }

  public struct Edge: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
      case start, next, end
      /// A rule of a Choice, counted from 0.
      case rule(Int)
      case `default`
      /// An entry of a Catch, counted from 0.
      case `catch`(Int)
    }
    public var kind: Kind
    /// Numbers of nodes, both of one scope.
    public var from: Int
    public var to: Int
    /// The condition of a rule, the errors of a catcher; empty for the others.
    public var label: String
  }

  /// States that follow one another: the machine itself, a branch or an item processor. No edge leads from one scope into another.
  public struct Scope: Sendable, Hashable {
    /// The Parallel or Map state that it belongs to; nil for the machine itself.
    public var owner: Int?
    public var nodes: [Int] = []
    public var edges: [Int] = []
  }

  public internal(set) var title = ""
  public internal(set) var nodes: [Node] = []
  public internal(set) var edges: [Edge] = []
  /// The machine itself first; an inner scope stands behind its outer one.
  public internal(set) var scopes: [Scope] = []

  /// A graph with one empty scope.
  package init(title: String) {
    self.title = title
    scopes = [Scope(owner: nil)]
  }

  /// How many states there are, those within others included.
  public var stateCount: Int { nodes.count { if case .state = $0.kind { true } else { false } } }

  package mutating func addNode(_ kind: Node.Kind, name: String = "", detail: String = "", comment: String? = nil, in scope: Int) -> Int {
    nodes.append(Node(kind: kind, name: name, detail: detail, comment: comment, scope: scope))
    scopes[scope].nodes.append(nodes.count - 1)
    return nodes.count - 1
  }

  package mutating func addEdge(_ kind: Edge.Kind, from: Int, to: Int, label: String = "", in scope: Int) {
    edges.append(Edge(kind: kind, from: from, to: to, label: label))
    scopes[scope].edges.append(edges.count - 1)
  }

  package mutating func addScope(owner: Int?) -> Int {
    scopes.append(Scope(owner: owner))
    if let owner { nodes[owner].scopes.append(scopes.count - 1) }
    return scopes.count - 1
  }
}

/// How an execution went through a state.
public struct StateOutcome: Sendable, Hashable {
  public enum Status: String, Sendable, Hashable, CaseIterable {
    case succeeded, caught, failed, aborted, running
  }
  /// Of the state's last visit.
  public var status: Status
  public var visits: Int

  public init(_ status: Status, visits: Int) {
    self.status = status
    self.visits = visits
  }
}

/// What an execution adds to a graph: states by how they ended, and which transitions were taken.
public struct ExecutionMarks: Sendable, Hashable {
  public var outcomes: [String: StateOutcome]
  /// Pairs of names; the empty one stands for a scope's start and end.
  public var taken: Set<Pair>

  public struct Pair: Sendable, Hashable {
    public var from: String
    public var to: String
    public init(from: String, to: String) {
      self.from = from
      self.to = to
    }
  }

  public init(outcomes: [String: StateOutcome], taken: Set<Pair>) {
    self.outcomes = outcomes
    self.taken = taken
  }
}

import JSONTypes

/// Makes nodes of a resolved syntax tree.
final class Compiler: StackUser {
  var stackFloor: UInt
  private(set) var symbols: SymbolTable
  /// Names that some `:=`, parameter, `@`, `#` or `%` binds.
  private let boundNames: Set<String>
  /// For each scope being compiled: whether variables are bound directly in it.
  private var scopeBinds: [Bool] = [false]
  /// `$eval` may bind variables anywhere, so every block gets its scope.
  private let usesEval: Bool
  private let inEval: Bool

  /// - Parameters:
  ///   - symbols: those of the expression around this one, for `$eval`.
  ///   - inEval: the variables of the place may be bound by the expression around this one.
  static func compile(
    _ tree: Syntax, symbols: SymbolTable, facts: ExpressionFacts, inEval: Bool = false
  ) throws(Failure) -> (node: any Node, symbols: SymbolTable) {
    let compiler = Compiler(symbols: symbols, facts: facts, inEval: inEval)
    let node = try compiler.compile(tree)
    return (node, compiler.symbols)
  }

  private init(symbols: SymbolTable, facts: ExpressionFacts, inEval: Bool) {
    self.symbols = symbols
    self.inEval = inEval
    boundNames = facts.boundNames
    usesEval = facts.references.contains { $0.name == "eval" } || inEval
    stackFloor = Self.floorHere()
  }

  private func compile(_ tree: Syntax) throws(Failure) -> any Node {
    if isStackLow { return try onFreshStack { () throws(Failure) in try self.compile(tree) } }
    let base = try node(tree)
    if tree.kind == .path { return base }
    let predicates = try predicates(tree.predicates ?? [])
    let group = try tree.grouping.map { group throws(Failure) in try grouping(group.pairs, position: group.position) }
    if predicates.isEmpty, group == nil, !tree.keepsArray { return base }
    return SelectionNode(base, predicates: predicates, group: group, keepsArray: tree.keepsArray)
  }

  private func compile(_ tree: Syntax?) throws(Failure) -> any Node {
    guard let tree else { throw Failure("S0206") }
    return try compile(tree) as any Node
  }

  private func all(_ trees: [Syntax]) throws(Failure) -> [any Node] {
    var nodes: [any Node] = []
    for tree in trees { nodes.append(try compile(tree)) }
    return nodes
  }

  private func predicates(_ stages: [Syntax.Stage]) throws(Failure) -> [Predicate] {
    var predicates: [Predicate] = []
    for case .filter(let condition, _) in stages { predicates.append(Predicate(try compile(condition))) }
    return predicates
  }

  private func grouping(_ pairs: [(key: Syntax, value: Syntax)], position: Int) throws(Failure) -> Grouping {
    var compiled: [Grouping.Pair] = []
    for (key, value) in pairs {
      let isFixed = key.kind == .string && key.predicates == nil && key.grouping == nil
      compiled.append(Grouping.Pair(key: try compile(key), fixedKey: isFixed ? key.text : nil, value: try compile(value)))
    }
    return Grouping(pairs: compiled, position: position)
  }

  private func variable(_ name: String) -> VariableNode { VariableNode(symbols.number(of: name), mayBeBound: inEval || boundNames.contains(name)) }

  private func node(_ tree: Syntax) throws(Failure) -> any Node {
    switch tree.kind {
    case .number: return NumberNode(tree.literal.asDouble ?? 0)
    case .string: return StringNode(tree.text)
    case .literal: return LiteralNode(tree.literal)
    case .variable: return tree.text.isEmpty ? ContextNode() : variable(tree.text)
    case .parent: return variable(tree.slot?.label ?? "")
    case .name: return FieldNode(tree.text)
    case .wildcard: return WildcardNode()
    case .descendants: return DescendantsNode()
    case .regularExpression:
      guard let pattern = tree.pattern else { throw Failure("S0206", position: tree.position) }
      return RegularExpressionNode(pattern, position: tree.position)
    case .binary: return try binary(tree)
    case .unary: return NegationNode(try compile(tree.left), position: tree.position)
    case .array:
      var items: [ArrayNode.Item] = []
      for child in tree.children { items.append(ArrayNode.Item(node: try compile(child), isArray: child.kind == .array)) }
      return ArrayNode(items, isConstructed: tree.isConstructedArray)
    case .object: return ObjectNode(try grouping(tree.pairs, position: tree.position))
    case .condition:
      return ConditionNode(
        try compile(tree.left), try compile(tree.right), try tree.third.map { third throws(Failure) in try compile(third) as any Node })
    case .coalescing, .elvis: return DefaultNode(try compile(tree.left), try compile(tree.right), needsTruth: tree.kind == .elvis)
    case .block:
      scopeBinds.append(usesEval)
      let expressions = try all(tree.children)
      return BlockNode(expressions, hasScope: scopeBinds.removeLast())
    case .bind:
      scopeBinds[scopeBinds.count - 1] = true
      return BindNode(symbols.number(of: tree.left?.text ?? ""), try compile(tree.right))
    case .function:
      return CallNode(
        try compile(tree.left), try all(tree.children), position: tree.position, procedurePosition: tree.left?.position ?? tree.position,
        name: Self.name(of: tree.left), missedName: missedName(tree.left), isTailCall: tree.isTailCall)
    case .partial:
      var arguments: [(any Node)?] = []
      for child in tree.children { arguments.append(child.kind == .placeholder ? nil : try compile(child) as any Node) }
      return PartialNode(
        try compile(tree.left), arguments, position: tree.position, name: Self.name(of: tree.left), missedName: missedName(tree.left))
    case .lambda:
      scopeBinds.append(false)
      defer { scopeBinds.removeLast() }
      return LambdaNode(tree.children.map { symbols.number(of: $0.text) }, try compile(tree.left), signature: tree.signature)
    case .apply:
      // A call on the right side gets its first argument from the left; as in the reference, predicates behind it do not count.
      let left = try compile(tree.left)
      if let right = tree.right, right.kind == .function { return ApplyNode(left, try node(right), position: tree.position) }
      return ApplyNode(left, try compile(tree.right), position: tree.position)
    case .transform:
      return TransformNode(
        try compile(tree.left), try compile(tree.right), try tree.third.map { third throws(Failure) in try compile(third) as any Node },
        position: tree.position, updatePosition: tree.right?.position ?? tree.position,
        deletionPosition: tree.third?.position ?? tree.position, clone: symbols.number(of: "clone"))
    case .path: return try path(tree)
    case .sort:
      var terms: [SortNode.Term] = []
      for term in tree.terms { terms.append(SortNode.Term(expression: try compile(term.expression), descending: term.descending)) }
      return SortNode(terms, position: tree.position)
    case .placeholder, .symbol: throw Failure("S0201", position: tree.position, token: .string(tree.text))
    case .end, .dot, .filter, .group, .order, .focus, .index: throw Failure("S0206", position: tree.position, token: .string(tree.text))
    }
  }

  private func binary(_ tree: Syntax) throws(Failure) -> any Node {
    let left = try compile(tree.left)
    let right = try compile(tree.right)
    let position = tree.position
    if let symbol = ArithmeticNode.Operator(rawValue: tree.text) { return ArithmeticNode(symbol, left, right, position: position) }
    if let symbol = ComparisonNode.Operator(rawValue: tree.text) { return ComparisonNode(symbol, left, right, position: position) }
    switch tree.text {
    case "=", "!=": return EqualityNode(left, right, isNegated: tree.text == "!=", position: position)
    case "&": return ConcatenationNode(left, right, position: position)
    case "and", "or": return LogicNode(left, right, isAnd: tree.text == "and", position: position)
    case "in": return InclusionNode(left, right, position: position)
    case "..": return RangeNode(left, right, position: position)
    default: throw Failure("S0204", position: position, token: .string(tree.text))
    }
  }

  // MARK: Paths

  private func path(_ tree: Syntax) throws(Failure) -> any Node {
    let group = try tree.grouping.map { group throws(Failure) in try grouping(group.pairs, position: group.position) }
    if tree.steps.count == 1, let step = tree.steps.first, step.kind == .name, step.stages == nil, step.predicates == nil, step.grouping == nil,
      !step.bindsTuple, !step.keepsArray, !tree.keepsSingletonArray, !tree.bindsTuple, group == nil, tree.predicates == nil
    {
      return FieldNode(step.text)
    }
    var steps: [Step] = []
    for step in tree.steps {
      var stages: [Step.Stage] = []
      for stage in step.stages ?? [] {
        switch stage {
        case .filter(let condition, _): stages.append(.filter(Predicate(try compile(condition))))
        case .index(let name): stages.append(.index(symbols.number(of: name)))
        }
      }
      let isPlainField = step.kind == .name && step.predicates == nil && step.grouping == nil && !step.keepsArray
      steps.append(
        Step(
          node: try compile(step), field: isPlainField ? JSONKey(step.text) : nil, stages: stages, focus: step.focusName.map { symbols.number(of: $0) },
          index: step.indexName.map { symbols.number(of: $0) }, ancestor: step.ancestor.map { symbols.number(of: $0.label) },
          bindsTuple: step.bindsTuple, isConstructedArray: step.isConstructedArray))
    }
    let path = PathNode(
      steps: steps, keepsSingletonArray: tree.keepsSingletonArray, group: group, yieldsTuples: tree.bindsTuple,
      startsAtVariable: tree.steps.first?.kind == .variable)
    let predicates = try predicates(tree.predicates ?? [])
    return predicates.isEmpty && !tree.keepsArray ? path : SelectionNode(path, predicates: predicates, group: nil, keepsArray: tree.keepsArray)
  }

  // MARK: Names

  private static func name(of procedure: Syntax?) -> JSONValue? {
    guard let procedure else { return nil }
    switch procedure.kind {
    case .path: return procedure.steps.first.map { .string($0.text) }
    case .lambda, .block, .condition, .coalescing, .elvis, .transform, .bind, .apply: return .none
    default: return procedure.shown
    }
  }

  private func missedName(_ procedure: Syntax?) -> NameID? {
    guard let procedure, procedure.kind == .path, let first = procedure.steps.first, first.kind == .name else { return nil }
    return symbols.number(of: first.text)
  }
}

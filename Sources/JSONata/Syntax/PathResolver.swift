import JSONTypes

/// Arranges a parsed expression for evaluation: chains of `.` become paths with an array of steps, predicates and groupings go to
/// their steps, each `%` finds the step that it means, and calls in tail position are marked.
final class PathResolver: StackUser {
  var stackFloor: UInt
  private var parents: [Syntax] = []

  static func resolve(_ tree: Syntax) throws(Failure) -> Syntax {
    let resolver = PathResolver()
    let result = try resolver.resolve(tree)
    if result.kind == .parent || result.seekingParent != nil {
      throw Failure("S0217", position: result.position, token: .string(result.kind == .parent ? "parent" : "path"))
    }
    return result
  }

  private init() { stackFloor = Self.floorHere() }

  private func resolve(_ node: Syntax) throws(Failure) -> Syntax {
    if isStackLow { return try onFreshStack { () throws(Failure) in try self.resolve(node) } }
    let result = try arrange(node)
    if node.keepsArray { result.keepsArray = true }
    return result
  }

  private func resolved(_ node: Syntax?) throws(Failure) -> Syntax {
    guard let node else { throw Failure("S0206") }
    return try resolve(node)
  }

  private func arrange(_ node: Syntax) throws(Failure) -> Syntax {
    switch node.kind {
    case .dot: return try dot(node)
    case .filter: return try filter(node)
    case .group: return try group(node)
    case .order: return try order(node)
    case .focus, .index: return try positionalBinding(node)
    case .name:
      let path = Self.path(of: node)
      path.keepsSingletonArray = node.keepsArray
      return path
    case .symbol:
      // The words of operators are names where an operand stands.
      node.kind = .name
      return try arrange(node)
    case .string, .number, .literal, .variable, .regularExpression, .wildcard, .descendants, .placeholder, .path, .sort: return node
    case .parent:
      node.slot = Syntax.Slot(label: "!\(parents.count)", index: parents.count)
      parents.append(node)
      return node
    case .end: throw Failure("S0207", position: node.position, token: "(end)")
    case .unary:
      let operand = try resolved(node.left)
      if operand.kind == .number, operand.predicates == nil, operand.grouping == nil, let number = operand.literal.asDouble {
        let negated = Syntax(.number, literal: JSONValue(number: -number), at: operand.position)
        negated.keepsArray = operand.keepsArray
        return negated
      }
      node.left = operand
      pushAncestry(node, operand)
      return node
    case .array:
      for index in node.children.indices {
        node.children[index] = try resolve(node.children[index])
        pushAncestry(node, node.children[index])
      }
      return node
    case .object:
      for index in node.pairs.indices {
        let key = try resolve(node.pairs[index].key)
        pushAncestry(node, key)
        let value = try resolve(node.pairs[index].value)
        pushAncestry(node, value)
        node.pairs[index] = (key, value)
      }
      return node
    case .function, .partial:
      for index in node.children.indices {
        node.children[index] = try resolve(node.children[index])
        pushAncestry(node, node.children[index])
      }
      node.left = try resolved(node.left)
      return node
    case .lambda:
      let body = try resolved(node.left)
      Self.markTailCalls(body)
      node.left = body
      return node
    case .transform:
      node.left = try resolved(node.left)
      node.right = try resolved(node.right)
      if node.third != nil { node.third = try resolved(node.third) }
      return node
    case .block:
      for index in node.children.indices {
        let part = try resolve(node.children[index])
        node.children[index] = part
        pushAncestry(node, part)
        if part.isConstructedArray || part.steps.first?.isConstructedArray == true { node.isConstructedArray = true }
      }
      return node
    case .condition:
      try resolveOperands(node)
      if node.third != nil {
        let third = try resolved(node.third)
        node.third = third
        pushAncestry(node, third)
      }
      return node
    case .binary, .coalescing, .elvis:
      try resolveOperands(node)
      return node
    case .bind:
      let value = try resolved(node.right)
      node.right = value
      pushAncestry(node, value)
      return node
    case .apply:
      let left = try resolved(node.left)
      let right = try resolved(node.right)
      node.left = left
      node.right = right
      node.keepsArray = left.keepsArray || right.keepsArray
      return node
    }
  }

  private func resolveOperands(_ node: Syntax) throws(Failure) {
    let left = try resolved(node.left)
    node.left = left
    pushAncestry(node, left)
    let right = try resolved(node.right)
    node.right = right
    pushAncestry(node, right)
  }

  private static func path(of step: Syntax) -> Syntax {
    let path = Syntax(.path, at: step.position)
    path.steps = [step]
    return path
  }

  // MARK: Paths

  private func dot(_ node: Syntax) throws(Failure) -> Syntax {
    let first = try resolved(node.left)
    let path = first.kind == .path ? first : Self.path(of: first)
    if first.kind == .parent, let slot = first.slot { path.seekingParent = [slot] }
    let rest = try resolved(node.right)
    if rest.kind == .path {
      path.steps += rest.steps
    } else {
      if let predicates = rest.predicates {
        rest.stages = predicates
        rest.predicates = nil
      }
      path.steps.append(rest)
    }
    for step in path.steps {
      switch step.kind {
      case .number, .literal: throw Failure("S0213", position: step.position, value: step.literal)
      case .string: step.kind = .name
      default: break
      }
      if step.keepsArray { path.keepsSingletonArray = true }
    }
    if let first = path.steps.first, first.kind == .array { first.isConstructedArray = true }
    if let last = path.steps.last, last.kind == .array { last.isConstructedArray = true }
    try resolveAncestry(path)
    return path
  }

  private func filter(_ node: Syntax) throws(Failure) -> Syntax {
    let result = try resolved(node.left)
    let isPath = result.kind == .path
    let step = isPath ? result.steps[result.steps.count - 1] : result
    if step.grouping != nil { throw Failure("S0209", position: node.position) }
    let predicate = try resolved(node.right)
    if let slots = predicate.seekingParent {
      for slot in slots {
        if slot.level == 1 { _ = try seekParent(step, slot) } else { slot.level -= 1 }
      }
      pushAncestry(step, predicate)
    }
    let stage = Syntax.Stage.filter(predicate, position: node.position)
    if isPath { step.stages = (step.stages ?? []) + [stage] } else { step.predicates = (step.predicates ?? []) + [stage] }
    return result
  }

  private func group(_ node: Syntax) throws(Failure) -> Syntax {
    let result = try resolved(node.left)
    if result.grouping != nil { throw Failure("S0210", position: node.position) }
    var pairs: [(key: Syntax, value: Syntax)] = []
    for pair in node.pairs { pairs.append((try resolve(pair.key), try resolve(pair.value))) }
    result.grouping = Syntax.Group(pairs: pairs, position: node.position)
    return result
  }

  private func order(_ node: Syntax) throws(Failure) -> Syntax {
    var result = try resolved(node.left)
    if result.kind != .path { result = Self.path(of: result) }
    let step = Syntax(.sort, at: node.position)
    for term in node.terms {
      let expression = try resolve(term.expression)
      pushAncestry(step, expression)
      step.terms.append(Syntax.Term(expression: expression, descending: term.descending))
    }
    result.steps.append(step)
    try resolveAncestry(result)
    return result
  }

  private func positionalBinding(_ node: Syntax) throws(Failure) -> Syntax {
    var result = try resolved(node.left)
    let step = result.kind == .path ? result.steps[result.steps.count - 1] : result
    let name = node.right?.text ?? ""
    if node.kind == .focus {
      if step.stages != nil || step.predicates != nil { throw Failure("S0215", position: node.position) }
      if step.kind == .sort { throw Failure("S0216", position: node.position) }
      if node.keepsArray { step.keepsArray = true }
      step.focusName = name
    } else {
      if result.kind != .path {
        result = Self.path(of: result)
        if let predicates = step.predicates {
          step.stages = predicates
          step.predicates = nil
        }
      }
      if let stages = step.stages { step.stages = stages + [.index(name)] } else { step.indexName = name }
    }
    step.bindsTuple = true
    return result
  }

  // MARK: Tail calls

  private static func markTailCalls(_ node: Syntax) {
    var node = node
    while node.predicates == nil, node.grouping == nil, !node.keepsArray {
      switch node.kind {
      case .function:
        node.isTailCall = true
        return
      case .condition:
        if let third = node.third { markTailCalls(third) }
        guard let then = node.right else { return }
        node = then
      case .coalescing, .elvis:
        guard let other = node.right else { return }
        node = other
      case .block:
        guard let last = node.children.last else { return }
        node = last
      default: return
      }
    }
  }

  // MARK: Parents

  /// Walks back from a step to the one whose context the slot means.
  private func seekParent(_ node: Syntax, _ slot: Syntax.Slot) throws(Failure) -> Syntax.Slot {
    var slot = slot
    switch node.kind {
    case .name, .wildcard:
      slot.level -= 1
      if slot.level == 0 {
        if let known = node.ancestor { parents[slot.index].slot?.label = known.label }
        node.ancestor = slot
        node.bindsTuple = true
      }
    case .parent: slot.level += 1
    case .block:
      if let last = node.children.last {
        node.bindsTuple = true
        slot = try seekParent(last, slot)
      }
    case .path:
      node.bindsTuple = true
      var index = node.steps.count - 1
      slot = try seekParent(node.steps[index], slot)
      index -= 1
      while slot.level > 0, index >= 0 {
        slot = try seekParent(node.steps[index], slot)
        index -= 1
      }
    default: throw Failure("S0217", position: node.position, token: .string(node.shownKind))
    }
    return slot
  }

  private func pushAncestry(_ result: Syntax, _ value: Syntax) {
    guard value.seekingParent != nil || value.kind == .parent else { return }
    var slots = value.seekingParent ?? []
    if value.kind == .parent, let slot = value.slot { slots.append(slot) }
    result.seekingParent = (result.seekingParent ?? []) + slots
  }

  private func resolveAncestry(_ path: Syntax) throws(Failure) {
    guard let last = path.steps.last else { return }
    var slots = last.seekingParent ?? []
    if last.kind == .parent, let slot = last.slot { slots.append(slot) }
    for slot in slots {
      var slot = slot
      var index = path.steps.count - 2
      while slot.level > 0 {
        if index < 0 {
          path.seekingParent = (path.seekingParent ?? []) + [slot]
          break
        }
        var step = path.steps[index]
        index -= 1
        // Steps that bind the focus leave the context where it was: of several in a row only the first counts.
        while index >= 0, step.focusName != nil, path.steps[index].focusName != nil {
          step = path.steps[index]
          index -= 1
        }
        slot = try seekParent(step, slot)
      }
    }
  }
}

extension Syntax {
  /// The kind in the words of the reference's messages.
  fileprivate var shownKind: String {
    switch kind {
    case .array, .object, .unary: "unary"
    case .binary: "binary"
    case .variable: "variable"
    case .function: "function"
    case .descendants: "descendant"
    case .condition, .coalescing, .elvis: "condition"
    case .string: "string"
    case .number: "number"
    case .literal: "value"
    case .lambda: "lambda"
    case .bind: "bind"
    case .apply: "apply"
    case .sort: "sort"
    default: text
    }
  }
}

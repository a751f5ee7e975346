import JSONTypes

/// A step of a path.
final class Step: Sendable {
  enum Stage: Sendable {
    case filter(Predicate)
    /// `#$name` behind a predicate.
    case index(NameID)
  }
  let node: any Node
  /// The member's name when the step is a plain field.
  let field: JSONKey?
  let stages: [Stage]
  /// `@$name`
  let focus: NameID?
  /// `#$name`
  let index: NameID?
  /// Under this name a `%` finds the context of the step.
  let ancestor: NameID?
  let bindsTuple: Bool
  let isConstructedArray: Bool
  /// Nothing but a field, or an expression, of each item: no predicates, no array constructor.
  let isPlain: Bool

  init(
    node: any Node, field: JSONKey?, stages: [Stage], focus: NameID?, index: NameID?, ancestor: NameID?, bindsTuple: Bool, isConstructedArray: Bool
  ) {
    self.node = node
    self.field = field
    self.stages = stages
    self.focus = focus
    self.index = index
    self.ancestor = ancestor
    self.bindsTuple = bindsTuple
    self.isConstructedArray = isConstructedArray
    isPlain = stages.isEmpty && !isConstructedArray
  }
}

/// One field of the context: the commonest path.
final class FieldNode: Node {
  let name: JSONKey
  init(_ name: String) { self.name = JSONKey(name) }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    switch input {
    case .jsonObject(let object): return object[name].map { Value($0) } ?? .undefined
    case .record(let record): return record[name.text].asPathResult
    case .jsonArray, .list, .tuples: return try run.field(name, of: input.items, isLast: true)
    default: return .undefined
    }
  }
}

extension Value {
  /// A member as the result of a path: a sequence within an object starts anew.
  @inline(__always) var asPathResult: Value {
    guard case .list(var list) = self, list.flags.contains(.sequence) else { return self }
    list.flags = list.flags.intersection([.sequence, .holdsFunctions])
    return .list(list)
  }
}

extension Run {
  /// A field of each item, arrays flattened into one sequence.
  func field(_ name: JSONKey, of items: Items, isLast: Bool) throws(Failure) -> Value {
    var gathered = StepResults()
    switch items {
    case .json(let elements):
      try charge(steps: elements.count)
      for element in elements {
        switch element {
        case .object(let object):
          if let member = object[name] { gathered.append(Value(member)) }
        case .array(let inner): gathered.append(try collapsed(lookup(name, in: .json(inner))))
        default: break
        }
      }
    case .values(let elements):
      try charge(steps: elements.count)
      for element in elements {
        switch element {
        case .jsonObject(let object):
          if let member = object[name] { gathered.append(Value(member)) }
        case .record(let record): gathered.append(record[name.text])
        default:
          if let inner = element.arrayItems { gathered.append(try collapsed(lookup(name, in: inner))) }
        }
      }
    }
    return try gathered.finish(self, isLast: isLast)
  }

  /// `$lookup` in each item of an array.
  func lookup(_ name: JSONKey, in items: Items) throws(Failure) -> Value {
    if isStackLow { return try onFreshStack { () throws(Failure) in try self.lookup(name, in: items) } }
    try charge(steps: items.count)
    var found: [Value] = []
    for item in items {
      let member: Value
      if let inner = item.arrayItems { member = try lookup(name, in: inner) } else { member = item.member(name) }
      if member.isUndefined { continue }
      if let members = member.arrayItems { found.append(contentsOf: members.values) } else { found.append(member) }
    }
    return try sequence(found)
  }

  @inline(__always) func collapsed(_ value: Value) -> Value {
    if case .list(let list) = value, list.flags.contains(.sequence) { return list.collapsed }
    return value
  }
}

/// What a step found for the items before it, arrays flattened.
struct StepResults {
  private var items: [Value] = []
  private var count = 0
  /// Some item is a list, an object made by the evaluation or a function.
  private var hasNested = false
  /// The only result, while it is an array that was no sequence.
  private var soleArray: Value?

  @inline(__always) mutating func append(_ value: Value) {
    switch value {
    case .undefined: return
    case .jsonArray(let elements):
      count += 1
      if count == 1 {
        soleArray = value
        return
      }
      spill()
      items.append(contentsOf: elements.lazy.map { Value($0) })
    case .list(let list):
      count += 1
      if count == 1, !list.flags.contains(.sequence) {
        soleArray = value
        return
      }
      spill()
      hasNested = true
      if list.flags.contains(.constructed) { items.append(value) } else { items.append(contentsOf: list.items) }
    case .record, .function:
      count += 1
      if count == 2 { spill() }
      hasNested = true
      items.append(value)
    default:
      count += 1
      if count == 2 { spill() }
      items.append(value)
    }
  }

  private mutating func spill() {
    guard let array = soleArray else { return }
    soleArray = nil
    switch array {
    case .jsonArray(let elements): items.append(contentsOf: elements.lazy.map { Value($0) })
    case .list(let list):
      hasNested = true
      if list.flags.contains(.constructed) { items.append(array) } else { items.append(contentsOf: list.items) }
    default: break
    }
  }

  /// The last step of a path gives a single array as it is.
  mutating func finish(_ run: Run, isLast: Bool) throws(Failure) -> Value {
    if isLast, let soleArray { return soleArray }
    spill()
    if hasNested { return try run.sequence(items) }
    try run.charge(elements: items.count)
    return .list(List(scalars: items, .sequence))
  }
}

/// `step.step.…`
final class PathNode: Node {
  let steps: [Step]
  /// Some step bears `[]`.
  let keepsSingletonArray: Bool
  let group: Grouping?
  /// The path is itself a step whose bindings the path around it needs.
  let yieldsTuples: Bool
  let startsAtVariable: Bool
  let hasTuples: Bool
  /// Set for `$variable.field`, the commonest path that begins with a variable of the expression.
  private let variableField: (name: NameID, field: JSONKey)?
  /// The step from which on there are only plain fields.
  private let firstOfFields: Int
  /// The names of the fields; without meaning for the steps before them.
  private let fields: [JSONKey]

  init(steps: [Step], keepsSingletonArray: Bool, group: Grouping?, yieldsTuples: Bool, startsAtVariable: Bool) {
    self.steps = steps
    self.keepsSingletonArray = keepsSingletonArray
    self.group = group
    self.yieldsTuples = yieldsTuples
    self.startsAtVariable = startsAtVariable
    hasTuples = steps.contains { $0.bindsTuple }
    fields = steps.map { $0.field ?? "" }
    firstOfFields = steps.lastIndex { $0.field == nil || !$0.isPlain }.map { $0 + 1 } ?? 0
    if !hasTuples, !keepsSingletonArray, group == nil, steps.count == 2, let variable = steps[0].node as? VariableNode, variable.mayBeBound,
      steps[0].isPlain, steps[1].isPlain, let field = steps[1].field
    {
      variableField = (variable.name, field)
    } else {
      variableField = nil
    }
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if let variableField, let value = frame.lookup(variableField.name, member: variableField.field) { return value }
    if hasTuples { return try evaluateTuples(input, frame, run) }
    var result = try evaluateSteps(input, frame, run)
    if keepsSingletonArray { result = try keepingSingleton(result, run) }
    if let group { result = try group.evaluate(result, frame, run) }
    return result
  }

  private func evaluateSteps(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var index = 0
    var current = input
    // As long as there is one item, and steps are fields, nothing needs to be gathered.
    single: while index < steps.count {
      let step = steps[index]
      guard step.isPlain else { break }
      var next: Value
      if let field = step.field {
        switch current {
        case .jsonObject(let object): next = object[field].map { Value($0) } ?? .undefined
        case .record(let record): next = record[field.text].asPathResult
        case .jsonArray, .list, .tuples: break single
        default: next = .undefined
        }
      } else if index == 0, startsAtVariable {
        next = try run.evaluate(step.node, current, frame)
        if case .list(let list) = next, list.flags.contains(.constructed) { next = try run.sequence([next]) }
      } else {
        break
      }
      index += 1
      if next.isUndefined { return .undefined }
      current = next
    }
    if index == steps.count {
      // A single array stays as it is, unless it is a sequence.
      if index == 1, startsAtVariable { return current.asPathResult }
      return current
    }
    var items = current.arrayItems ?? .values([current])
    if index == 0, startsAtVariable { items = .values([input]) }
    if index >= firstOfFields {
      // Fields to the end: each item is followed down, without a list for every step.
      var gathered = StepResults()
      try run.charge(steps: items.count * (steps.count - index))
      switch items {
      case .json(let elements): for element in elements { try follow(element, from: index, into: &gathered, run) }
      case .values(let elements): for element in elements { try follow(element, from: index, into: &gathered, run) }
      }
      return try gathered.finish(run, isLast: true)
    }
    var result = Value.undefined
    while index < steps.count {
      let step = steps[index]
      if index == 0, step.isConstructedArray {
        result = try run.evaluate(step.node, input, frame)
      } else {
        result = try evaluate(step, items, frame, run, isLast: index == steps.count - 1)
      }
      guard let found = result.arrayItems else {
        if result.isUndefined { break }
        items = .values([result])
        index += 1
        continue
      }
      if found.isEmpty { break }
      items = found
      index += 1
    }
    return result
  }

  private func follow(_ item: JSONValue, from index: Int, into gathered: inout StepResults, _ run: Run) throws(Failure) {
    guard case .object(let object) = item else {
      if case .array = item { try follow(Value(item), from: index, into: &gathered, run) }
      return
    }
    guard let next = object[fields[index]] else { return }
    if index + 1 == steps.count { return gathered.append(Value(next)) }
    guard case .array(let elements) = next else { return try follow(next, from: index + 1, into: &gathered, run) }
    try run.charge(steps: elements.count)
    for element in elements { try follow(element, from: index + 1, into: &gathered, run) }
  }

  private func follow(_ item: Value, from index: Int, into gathered: inout StepResults, _ run: Run) throws(Failure) {
    var current = item
    var index = index
    while true {
      let field = fields[index]
      let next: Value
      switch current {
      case .jsonObject(let object): next = object[field].map { Value($0) } ?? .undefined
      case .record(let record): next = record[field.text]
      case .jsonArray, .list, .tuples: next = run.collapsed(try run.lookup(field, in: current.items))
      default: return
      }
      index += 1
      if index == steps.count { return gathered.append(next) }
      switch next {
      case .jsonArray(let elements):
        try run.charge(steps: elements.count)
        for element in elements { try follow(element, from: index, into: &gathered, run) }
        return
      case .list(let list) where !list.flags.contains(.constructed):
        try run.charge(steps: list.items.count)
        for element in list.items { try follow(element, from: index, into: &gathered, run) }
        return
      default: current = next
      }
    }
  }

  func evaluate(_ step: Step, _ items: Items, _ frame: Frame, _ run: Run, isLast: Bool) throws(Failure) -> Value {
    if let sort = step.node as? SortNode {
      var result = try sort.sort(items, frame, run)
      for case .filter(let predicate) in step.stages { result = try predicate.select(from: result, frame, run) }
      return result
    }
    if let field = step.field, step.stages.isEmpty { return try run.field(field, of: items, isLast: isLast) }
    var gathered = StepResults()
    for item in items {
      var result = try run.evaluate(step.node, item, frame)
      for case .filter(let predicate) in step.stages { result = try predicate.select(from: result, frame, run) }
      gathered.append(result)
    }
    return try gathered.finish(run, isLast: isLast)
  }

  func keepingSingleton(_ value: Value, _ run: Run) throws(Failure) -> Value {
    guard case .list(var list) = value else { return value }
    if list.flags.contains(.constructed), !list.flags.contains(.sequence) { return try run.list([value], [.sequence, .keepSingleton]) }
    list.flags.insert(.keepSingleton)
    return .list(list)
  }
}

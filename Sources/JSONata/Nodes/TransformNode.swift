import JSONTypes

/// `|pattern|update, delete|`: a function that gives a changed copy of its argument.
final class TransformNode: Node {
  let pattern: any Node
  let update: any Node
  let deletion: (any Node)?
  let position: Int
  let updatePosition: Int
  let deletionPosition: Int
  /// The name `clone`, which the expression may bind to something else.
  let clone: NameID
  init(_ pattern: any Node, _ update: any Node, _ deletion: (any Node)?, position: Int, updatePosition: Int, deletionPosition: Int, clone: NameID) {
    self.pattern = pattern
    self.update = update
    self.deletion = deletion
    self.position = position
    self.updatePosition = updatePosition
    self.deletionPosition = deletionPosition
    self.clone = clone
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    return try run.function(.transform(self, frame, input))
  }

  func transform(_ argument: Value, _ frame: Frame, _ input: Value, _ run: Run) throws(Failure) -> Value {
    switch argument {
    case .undefined: return argument
    case .jsonArray, .jsonObject, .list, .record: break
    default: throw Failure("T0410", value: argument.scalarJSON, details: ["index": 1])
    }
    guard case .function(let clone) = frame.lookup(clone) ?? run.globals[Int(clone)] else { throw Failure("T2013", position: position) }
    var copy = argument
    if case .builtin = clone.kind {} else { copy = try run.apply(.function(clone), [argument], context: .null, frame) }
    // Within the copy objects have an identity, so that what the pattern finds can be changed in place.
    copy = try run.changeableCopy(copy)
    let matches = try run.evaluate(pattern, copy, frame)
    for match in matches.items {
      let update = try run.evaluate(update, match, frame)
      if !update.isUndefined {
        guard let members = update.members else {
          throw Failure("T2011", position: updatePosition, value: try run.json(update))
        }
        if case .record(let record) = match {
          for (key, value) in members { record.set(key, try run.changeableCopy(value)) }
          if record.depth > List.maximumDepth { throw run.depthExceeded }
        }
      }
      guard let deletion else { continue }
      let names = try run.evaluate(deletion, match, frame)
      for name in names.items {
        guard case .string(let key) = name else { throw Failure("T2012", position: deletionPosition, value: try run.json(names)) }
        if case .record(let record) = match { record.remove(key) }
      }
    }
    return copy
  }
}

extension Run {
  /// A copy all of whose objects are records of its own.
  func changeableCopy(_ value: Value) throws(Failure) -> Value {
    if isStackLow { return try onFreshStack { () throws(Failure) in try self.changeableCopy(value) } }
    switch value {
    case .jsonObject(let object):
      var keys: [String] = []
      var values: [Value] = []
      keys.reserveCapacity(object.count)
      values.reserveCapacity(object.count)
      for (key, member) in object {
        keys.append(key)
        values.append(try changeableCopy(Value(member)))
      }
      return try record(keys, values)
    case .record(let record):
      var values: [Value] = []
      values.reserveCapacity(record.count)
      for member in record.values { values.append(try changeableCopy(member)) }
      return try self.record(record.keys, values)
    case .jsonArray, .list:
      let items = value.items
      var copies: [Value] = []
      copies.reserveCapacity(items.count)
      for item in items { copies.append(try changeableCopy(item)) }
      return try list(copies)
    default: return value
    }
  }

  private func record(_ keys: [String], _ values: [Value]) throws(Failure) -> Value {
    try charge(elements: keys.count + 1)
    let depth = (values.map(\.depth).max() ?? 0) + 1
    if depth > List.maximumDepth { throw depthExceeded }
    return .record(Record(keys: keys, values: values, depth: depth))
  }
}

import JSONTypes

/// `{key: value, …}`: an object from the context, or from the items of an expression before it, grouped by key.
struct Grouping: Sendable {
  struct Pair: Sendable {
    let key: any Node
    /// The key when it is a text as written.
    let fixedKey: String?
    let value: any Node
  }
  let pairs: [Pair]
  let position: Int
  /// No key can come twice, so nothing needs to be grouped when there is one item.
  private let hasDistinctFixedKeys: Bool
  /// Some key as written is an array index, which JavaScript puts in front.
  private let needsOrder: Bool
  /// The keys as written.
  private let shape: JSONObjectShape

  init(pairs: [Pair], position: Int) {
    self.pairs = pairs
    self.position = position
    let fixed = pairs.compactMap(\.fixedKey)
    hasDistinctFixedKeys = fixed.count == pairs.count && Set(fixed).count == fixed.count
    shape = JSONObjectShape(uniqueKeys: hasDistinctFixedKeys ? fixed : [])
    needsOrder = fixed.contains { arrayIndex($0) != nil }
  }

  func evaluate(_ value: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    if case .tuples(let stream) = value { return try group(stream, frame, run) }
    let items = value.arrayItems ?? .values([value])
    if hasDistinctFixedKeys, items.count <= 1 { return try object(from: items.isEmpty ? .undefined : items[0], frame, run) }
    var groups = Groups<Value>()
    // An empty array still makes one object.
    for item in items.isEmpty ? Items.values([.undefined]) : items {
      for index in pairs.indices {
        guard let key = try key(index, item, frame, run) else { continue }
        try groups.add(item, key: key, pair: index, position: position)
      }
    }
    var builder = ObjectBuilder()
    for entry in groups.entries {
      let data = entry.items.count == 1 ? entry.items[0] : try run.appended(entry.items)
      let member = try run.evaluate(pairs[entry.pair].value, data, frame)
      if !member.isUndefined { builder.set(entry.key, member) }
    }
    return try run.object(builder)
  }

  /// The object of one item, whose keys are known to differ.
  private func object(from item: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var values: [JSONValue] = []
    values.reserveCapacity(pairs.count)
    var index = 0
    while index < pairs.count {
      let member = try run.evaluate(pairs[index].value, item, frame)
      // What is missing, or no plain data, needs keys of its own.
      guard let json = member.scalarJSON else { return try object(from: item, startingWith: values, index, member, frame, run) }
      values.append(json)
      index += 1
    }
    try run.charge(elements: values.count)
    let object = JSONObject(shape, values: values)
    return .jsonObject(needsOrder ? object.inJavaScriptOrder() : object)
  }

  /// Goes on when a member is missing or no plain data.
  private func object(
    from item: Value, startingWith first: [JSONValue], _ index: Int, _ member: Value, _ frame: Frame, _ run: Run
  ) throws(Failure) -> Value {
    var keys: [String] = []
    var values: [Value] = []
    keys.reserveCapacity(pairs.count)
    values.reserveCapacity(pairs.count)
    var depth: UInt16 = 0
    var isPlain = true
    func add(_ value: Value, at index: Int) {
      if value.isUndefined { return }
      keys.append(pairs[index].fixedKey ?? "")
      values.append(value)
      depth = max(depth, value.depth)
      if isPlain, value.scalarJSON == nil { isPlain = false }
    }
    for (index, value) in first.enumerated() { add(Value(value), at: index) }
    add(member, at: index)
    for index in pairs.indices[(index + 1)...] { add(try run.evaluate(pairs[index].value, item, frame), at: index) }
    try run.charge(elements: keys.count)
    if depth >= List.maximumDepth { throw run.depthExceeded }
    if isPlain {
      let entries = zip(keys, values).compactMap { key, value in value.scalarJSON.map { JSONObject.Entry(key: key, value: $0) } }
      let object = JSONObject(uniqueEntries: entries)
      return .jsonObject(needsOrder ? object.inJavaScriptOrder() : object)
    }
    let record = Record(keys: keys, values: values, depth: depth + 1)
    return .record(needsOrder ? record.inJavaScriptOrder() : record)
  }

  private func group(_ stream: TupleStream, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var groups = Groups<Tuple>()
    for tuple in stream.tuples {
      let scope = Frame(parent: frame, bindings: tuple.bindings)
      for index in pairs.indices {
        guard let key = try key(index, tuple.item, scope, run) else { continue }
        try groups.add(tuple, key: key, pair: index, position: position)
      }
    }
    var builder = ObjectBuilder()
    for entry in groups.entries {
      // What the tuples of a group bound becomes arrays, item and variable alike.
      let item = try run.appended(entry.items.map(\.item))
      var bindings = entry.items[0].bindings
      if entry.items.count > 1 {
        for position in bindings.indices {
          let name = bindings[position].name
          bindings[position].value = try run.appended(entry.items.map { tuple in tuple.bindings.first { $0.name == name }?.value ?? .undefined })
        }
      }
      let member = try run.evaluate(pairs[entry.pair].value, item, Frame(parent: frame, bindings: bindings))
      if !member.isUndefined { builder.set(entry.key, member) }
    }
    return try run.object(builder)
  }

  private func key(_ index: Int, _ item: Value, _ frame: Frame, _ run: Run) throws(Failure) -> String? {
    if let fixed = pairs[index].fixedKey { return fixed }
    let key = try run.evaluate(pairs[index].key, item, frame)
    if case .string(let text) = key { return text }
    if key.isUndefined { return nil }
    throw Failure("T1003", position: position, value: try run.json(key))
  }
}

/// Items by key, in the order in which the keys came.
private struct Groups<Item> {
  struct Entry {
    let key: String
    let pair: Int
    var items: [Item]
  }
  private(set) var entries: [Entry] = []
  private var positions = JSONObject()

  mutating func add(_ item: Item, key: String, pair: Int, position: Int) throws(Failure) {
    if case .int(let found)? = positions[key] {
      guard entries[Int(found)].pair == pair else { throw Failure("D1009", position: position, value: .string(key)) }
      entries[Int(found)].items.append(item)
    } else {
      positions[key] = .int(Int64(entries.count))
      entries.append(Entry(key: key, pair: pair, items: [item]))
    }
  }
}

extension Run {
  /// Values appended to one another as `$append` does: arrays are joined, nothing is left out.
  func appended(_ values: [Value]) throws(Failure) -> Value {
    let present = values.count { !$0.isUndefined }
    if present <= 1 { return values.first { !$0.isUndefined } ?? .undefined }
    var joined: [Value] = []
    joined.reserveCapacity(present)
    for value in values where !value.isUndefined {
      if let items = value.arrayItems { joined.append(contentsOf: items.values) } else { joined.append(value) }
    }
    return try list(joined)
  }
}

/// `{…}` as an expression of its own.
final class ObjectNode: Node {
  let grouping: Grouping
  init(_ grouping: Grouping) { self.grouping = grouping }
  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value { try grouping.evaluate(input, frame, run) }
}

/// `[…]` as an expression of its own.
final class ArrayNode: Node {
  struct Item: Sendable {
    let node: any Node
    /// It is an array constructor itself, which stays an array within this one.
    let isArray: Bool
  }
  let items: [Item]
  /// It is a step of a path, which then does not flatten it.
  let isConstructed: Bool
  init(_ items: [Item], isConstructed: Bool) {
    self.items = items
    self.isConstructed = isConstructed
  }

  func evaluate(_ input: Value, _ frame: Frame, _ run: Run) throws(Failure) -> Value {
    var elements: [Value] = []
    elements.reserveCapacity(items.count)
    for item in items {
      let value = try run.evaluate(item.node, input, frame)
      if value.isUndefined { continue }
      if !item.isArray, let members = value.arrayItems {
        if elements.isEmpty, case .values(let values) = members { elements = values } else { elements.append(contentsOf: members.values) }
      } else {
        elements.append(value)
      }
    }
    return try run.list(elements, isConstructed ? .constructed : [])
  }
}

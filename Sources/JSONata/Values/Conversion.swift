import JSONTypes

extension Run {
  /// The value as data for the outside. A function is no data: alone it is nothing, or an error as in Step Functions; in an object it is left
  /// out, in an array it becomes null.
  func output(_ value: Value) throws(Failure) -> JSONValue? {
    switch value {
    case .function where profile == .stepFunctions: throw Failure(JSONataError.Code.unsupportedResult)
    case .undefined, .tailCall, .function: return .none
    default:
      let result = try json(value)
      // What the evaluation nested may hold parts of the input that nest deeply themselves.
      if value.depth > 64, result.isNested(deeperThan: JSONValue.maximumNesting) { throw depthExceeded }
      return result
    }
  }

  func json(_ value: Value) throws(Failure) -> JSONValue {
    switch value {
    case .null, .undefined, .tailCall, .function: return .null
    case .bool(let value): return .bool(value)
    case .number(let value):
      if value.isFinite { return JSONValue(number: value) }
      // Observed of Step Functions, which prints such numbers as text; JSON.stringify prints null.
      return profile == .stepFunctions ? .string(numberText(value)) : .null
    case .exactInteger(let value): return value
    case .string(let value): return .string(value)
    case .jsonArray(let value): return .array(value)
    case .jsonObject(let value): return .object(value)
    case .list(let list):
      if isStackLow { return try onFreshStack { () throws(Failure) in try self.json(value) } }
      return .array(try jsonElements(list.items))
    case .tuples(let stream): return .array(try jsonElements(stream.tuples.map(\.item)))
    case .record(let record):
      if isStackLow { return try onFreshStack { () throws(Failure) in try self.json(value) } }
      var entries: [JSONObject.Entry] = []
      entries.reserveCapacity(record.count)
      for position in 0..<record.count {
        let member = record.values[position]
        switch member {
        case .undefined, .function: continue
        default: break
        }
        entries.append(JSONObject.Entry(key: record.keys[position], value: try json(member)))
      }
      return .object(JSONObject(uniqueEntries: entries))
    }
  }

  private func jsonElements(_ items: [Value]) throws(Failure) -> [JSONValue] {
    var elements: [JSONValue] = []
    elements.reserveCapacity(items.count)
    for item in items { elements.append(try json(item)) }
    return elements
  }
}

extension Run {
  /// JSONata's equality: arrays and objects member by member, functions by identity.
  func isEqual(_ left: Value, _ right: Value) throws(Failure) -> Bool {
    switch (left, right) {
    case (.undefined, .undefined), (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.number(let a), .number(let b)): return a == b
    case (.string(let a), .string(let b)): return a.isSameText(as: b)
    case (.function(let a), .function(let b)): return a === b
    case (.number, .exactInteger), (.exactInteger, .number), (.exactInteger, .exactInteger): return left.anyNumber == right.anyNumber
    default: break
    }
    if isStackLow { return try onFreshStack { () throws(Failure) in try self.isEqual(left, right) } }
    if let a = left.arrayItems, let b = right.arrayItems {
      guard a.count == b.count else { return false }
      try charge(steps: a.count)
      for index in 0..<a.count {
        guard try isEqual(a[index], b[index]) else { return false }
      }
      return true
    }
    guard let count = left.memberCount, count == right.memberCount else { return false }
    try charge(steps: count)
    for (key, value) in left.members ?? [] {
      guard right.hasMember(key), try isEqual(value, right.member(key)) else { return false }
    }
    return true
  }

  /// JSONata's truth; nil for undefined.
  func truth(_ value: Value) throws(Failure) -> Bool? {
    switch value {
    case .undefined: return nil
    case .bool(let value): return value
    case .null, .function, .tailCall: return false
    case .number(let number):
      guard number.isFinite || number.isNaN else { throw Failure("D1001", value: .some(.null)) }
      return number != 0 && !number.isNaN
    case .exactInteger: return true
    case .string(let text): return !text.isEmpty
    case .jsonObject(let object): return !object.isEmpty
    case .record(let record): return record.count > 0
    case .jsonArray, .list, .tuples:
      if isStackLow { return try onFreshStack { () throws(Failure) in try self.truth(value) } }
      for item in value.items where try truth(item) == true { return true }
      return false
    }
  }

  @inline(__always) func isTrue(_ value: Value) throws(Failure) -> Bool {
    if case .bool(let value) = value { return value }
    return try truth(value) ?? false
  }
}

extension Value {
  var memberCount: Int? {
    switch self {
    case .jsonObject(let object): object.count
    case .record(let record): record.count
    default: nil
    }
  }

  func hasMember(_ key: String) -> Bool {
    switch self {
    case .jsonObject(let object): object.position(of: key) != nil
    case .record(let record): record.keys.contains { $0.isSameText(as: key) }
    default: false
    }
  }

  /// The member of an object, or undefined.
  @inline(__always) func member(_ key: JSONKey) -> Value {
    switch self {
    case .jsonObject(let object): object[key].map { Value($0) } ?? .undefined
    case .record(let record): record[key.text]
    default: .undefined
    }
  }

  func member(_ key: String) -> Value {
    switch self {
    case .jsonObject(let object): object[key].map { Value($0) } ?? .undefined
    case .record(let record): record[key]
    default: .undefined
    }
  }
}

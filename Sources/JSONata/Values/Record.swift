import JSONTypes

/// An object made by the evaluation. Its members change only while a transform (`|…|…|`) works on its own copy.
final class Record {
  private(set) var keys: [String]
  private(set) var values: [Value]
  /// Positions by key; made when there are many keys.
  private var index: JSONObject?
  /// Levels of lists and records made by the evaluation, this one included.
  private(set) var depth: UInt16
  private(set) var holdsFunctions = false

  private static let linearLimit = 12

  /// Takes keys that the caller knows to be unique.
  init(keys: [String], values: [Value], depth: UInt16) {
    self.keys = keys
    self.values = values
    self.depth = depth
    holdsFunctions = values.contains { $0.mayHoldFunctions }
    rebuildIndex()
  }

  var count: Int { keys.count }

  private func rebuildIndex() {
    guard keys.count > Self.linearLimit else {
      index = nil
      return
    }
    index = JSONObject(uniqueEntries: keys.indices.map { JSONObject.Entry(key: keys[$0], value: .int(Int64($0))) })
  }

  private func position(of key: String) -> Int? {
    if let index {
      if case .int(let position)? = index[key] { return Int(position) }
      return nil
    }
    return keys.firstIndex { $0.isSameText(as: key) }
  }

  /// The member, or undefined.
  subscript(key: String) -> Value { position(of: key).map { values[$0] } ?? .undefined }

  func set(_ key: String, _ value: Value) {
    depth = max(depth, value.depth &+ 1)
    if value.mayHoldFunctions { holdsFunctions = true }
    if let position = position(of: key) {
      values[position] = value
    } else {
      keys.append(key)
      values.append(value)
      rebuildIndex()
    }
  }

  func remove(_ key: String) {
    guard let position = position(of: key) else { return }
    keys.remove(at: position)
    values.remove(at: position)
    rebuildIndex()
  }
}

/// Gathers the members of an object that an expression makes, and gives it the lightest form.
struct ObjectBuilder {
  private var object = JSONObject()
  private var others: Record?

  /// Levels of lists and records below the object.
  var depth: UInt16 { others.map { $0.depth - 1 } ?? 0 }

  /// A later value of the same key replaces the earlier one at its place.
  mutating func set(_ key: String, _ value: Value) {
    if let others {
      others.set(key, value)
    } else if let json = value.scalarJSON {
      object[key] = json
    } else {
      let record = Record(keys: Array(object.keys), values: object.values.map { Value($0) }, depth: 1)
      record.set(key, value)
      others = record
    }
  }

  var isEmpty: Bool { others == nil && object.isEmpty }
  var count: Int { others?.count ?? object.count }

  /// The object; members whose keys are array indices come first, in ascending order, as JavaScript has it.
  func finish() -> Value {
    if let others { return .record(others.inJavaScriptOrder()) }
    return .jsonObject(object.inJavaScriptOrder())
  }
}

extension Value {
  /// The JSON of a value that needs no conversion: anything but functions and what the evaluation made.
  @inline(__always) var scalarJSON: JSONValue? {
    switch self {
    case .null: return .some(.null)
    case .bool(let value): return .bool(value)
    case .number(let value):
      guard value.isFinite else { return .none }
      return JSONValue(number: value)
    case .exactInteger(let value): return value
    case .string(let value): return .string(value)
    case .jsonArray(let value): return .array(value)
    case .jsonObject(let value): return .object(value)
    case .undefined, .list, .record, .function, .tuples, .tailCall: return .none
    }
  }
}

extension JSONValue {
  /// A finite number as JavaScript prints it: integral doubles become integers.
  @inline(__always) init(number value: Double) {
    if let integer = Int64(exactly: value), integer.magnitude <= 1 << 53 {
      self = .int(integer)
    } else {
      self = .double(value)
    }
  }
}

/// Whether JavaScript orders this key among the array indices: digits without a leading zero, below 2^32 - 1.
func arrayIndex(_ key: String) -> UInt32? {
  guard let first = key.utf8.first, 0x30...0x39 ~= first, key.utf8.count <= 10 else { return nil }
  if first == 0x30 { return key.utf8.count == 1 ? 0 : nil }
  var value: UInt64 = 0
  for byte in key.utf8 {
    guard 0x30...0x39 ~= byte else { return nil }
    value = value * 10 + UInt64(byte - 0x30)
  }
  return value < UInt64(UInt32.max) ? UInt32(value) : nil
}

/// The order in which JavaScript lists these keys, or nil when it is the given one.
func javaScriptOrder(_ keys: some Sequence<String>) -> [Int]? {
  var indices: [(UInt32, Int)] = []
  var count = 0
  var inOrder = true
  for key in keys {
    if let index = arrayIndex(key) {
      if count != indices.count || indices.last.map({ $0.0 > index }) == true { inOrder = false }
      indices.append((index, count))
    }
    count += 1
  }
  if inOrder { return nil }
  indices.sort { $0.0 < $1.0 }
  let first = indices.map(\.1)
  let taken = Set(first)
  return first + (0..<count).filter { !taken.contains($0) }
}

extension JSONObject {
  func inJavaScriptOrder() -> JSONObject {
    guard let order = javaScriptOrder(keys) else { return self }
    return JSONObject(uniqueEntries: order.map { Entry(key: self[$0].key, value: self[$0].value) })
  }
}

extension Record {
  func inJavaScriptOrder() -> Record {
    guard let order = javaScriptOrder(keys) else { return self }
    return Record(keys: order.map { keys[$0] }, values: order.map { values[$0] }, depth: depth)
  }
}

extension Value {
  /// The members of an object in JavaScript's order; nil for anything else.
  var members: [(key: String, value: Value)]? {
    switch self {
    case .jsonObject(let object): object.inJavaScriptOrder().map { ($0.key, Value($0.value)) }
    case .record(let record):
      {
        let ordered = record.inJavaScriptOrder()
        return ordered.keys.indices.map { (ordered.keys[$0], ordered.values[$0]) }
      }()
    default: nil
    }
  }
}

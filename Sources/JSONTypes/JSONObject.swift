/// The members of a JSON object in the order of insertion; keys are unique.
///
/// One pointer wide. Reading a member compares a few keys, or looks into a hash table when there are many.
/// Changing a value of an object that nobody shares happens in place; of a shared one it copies the values but not the keys.
@frozen
public struct JSONObject: Sendable {
  @frozen
  public struct Entry: Sendable {
    public let key: String
    public var value: JSONValue
    @inlinable public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  @usableFromInline
  enum Slot: Sendable {
    /// Slot 0. The size is forgotten when a member changes.
    case keys(JSONKeys, size: JSONSize?)
    case value(JSONValue)
    /// Its content is being changed.
    case taken
  }

  /// Nothing for an empty object, else the keys followed by their values.
  @usableFromInline var slots: [Slot]

  @inlinable public init() { slots = [] }

  /// Later duplicates replace earlier values at the first position.
  public init(_ pairs: some Sequence<(String, JSONValue)>) {
    self.init()
    for (key, value) in pairs { self[key] = value }
  }

  /// Takes entries whose keys the caller knows to be unique.
  public init(uniqueEntries: [Entry]) {
    self.init()
    guard !uniqueEntries.isEmpty else { return }
    var keys = JSONKeys()
    keys.cells.reserveCapacity(uniqueEntries.count)
    for entry in uniqueEntries { keys.append(entry.key) }
    slots.reserveCapacity(uniqueEntries.count + 1)
    slots.append(.keys(keys, size: nil))
    for entry in uniqueEntries { slots.append(.value(entry.value)) }
  }

  /// As many values as keys, moved out of memory.
  init(keys: JSONKeys, movingValuesFrom first: UnsafeMutablePointer<JSONValue>, count: Int, size: JSONSize?) {
    slots = []
    slots.reserveCapacity(count + 1)
    slots.append(.keys(keys, size: size))
    for index in 0..<count { slots.append(.value((first + index).move())) }
  }

  @inlinable public var count: Int { slots.isEmpty ? 0 : slots.count &- 1 }
  @inlinable public var isEmpty: Bool { slots.isEmpty }
  public var keys: some RandomAccessCollection<String> { keyList.cells.lazy.map(\.text) }
  public var values: some RandomAccessCollection<JSONValue> { slots.dropFirst().lazy.map(\.member) }

  /// The position of a key, or nil.
  public func position(of key: String) -> Int? {
    guard case .keys(let keys, _)? = slots.first else { return nil }
    return keys.position(of: key)
  }

  /// Reading gives nil for an absent key. Assigning nil removes it; a new key goes to the end.
  public subscript(key: String) -> JSONValue? {
    get { position(of: key).map { slots[$0 + 1].member } }
    set {
      if let position = position(of: key) {
        if let newValue {
          forgetSize()
          slots[position + 1] = .value(newValue)
        } else {
          remove(at: position)
        }
      } else if let newValue {
        append(newKey: key, newValue)
      }
    }
  }

  /// Edits the value of a key in place (null when the key is new), without copying what is not shared.
  public mutating func edit<R, E: Error>(_ key: String, _ body: (inout JSONValue) throws(E) -> R) throws(E) -> R {
    if let position = position(of: key) { return try edit(at: position, body) }
    append(newKey: key, .null)
    return try edit(at: count - 1, body)
  }

  /// Edits the value at a position in place, without copying what is not shared.
  public mutating func edit<R, E: Error>(at position: Int, _ body: (inout JSONValue) throws(E) -> R) throws(E) -> R {
    forgetSize()
    // The value is moved out, so that the body has the only reference to it.
    var value = slots[position + 1].member
    slots[position + 1] = .taken
    defer { slots[position + 1] = .value(value) }
    return try body(&value)
  }

  /// An object with the same keys whose values the body makes from those of this one.
  public func mapValues<E: Error>(_ body: (JSONValue) throws(E) -> JSONValue) throws(E) -> JSONObject {
    var result = JSONObject()
    guard case .keys(let keys, _)? = slots.first else { return result }
    result.slots.reserveCapacity(slots.count)
    result.slots.append(.keys(keys, size: nil))
    for index in 1..<slots.count { result.slots.append(.value(try body(slots[index].member))) }
    return result
  }

  /// Makes room for as many members in all.
  public mutating func reserveCapacity(_ count: Int) { slots.reserveCapacity(count + 1) }
}

extension JSONObject.Slot {
  @usableFromInline
  var member: JSONValue {
    @inline(__always) get {
      guard case .value(let value) = self else { preconditionFailure("a member was read while it was edited") }
      return value
    }
  }
}

extension JSONObject {
  var keyList: JSONKeys { if case .keys(let keys, _)? = slots.first { keys } else { JSONKeys() } }

  /// The size of the compact text and the nesting, when the object is as it was parsed.
  var knownSize: JSONSize? { if case .keys(_, let size)? = slots.first { size } else { nil } }

  private mutating func forgetSize() {
    if case .keys(let keys, .some) = slots[0] { slots[0] = .keys(keys, size: nil) }
  }

  private mutating func append(newKey key: String, _ value: JSONValue) {
    if slots.isEmpty {
      var keys = JSONKeys()
      keys.append(key)
      slots = [.keys(keys, size: nil), .value(value)]
      return
    }
    guard case .keys(var keys, _) = slots[0] else { preconditionFailure("an object's first slot holds its keys") }
    slots[0] = .taken
    keys.append(key)
    slots[0] = .keys(keys, size: nil)
    slots.append(.value(value))
  }

  private mutating func remove(at position: Int) {
    guard count > 1, case .keys(var keys, _) = slots[0] else {
      slots = []
      return
    }
    slots[0] = .taken
    keys.remove(at: position)
    slots[0] = .keys(keys, size: nil)
    slots.remove(at: position + 1)
  }
}

extension JSONObject: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }
  public subscript(position: Int) -> (key: String, value: JSONValue) {
    guard case .keys(let keys, _) = slots[0] else { preconditionFailure("an object's first slot holds its keys") }
    return (keys.cells[position].text, slots[position + 1].member)
  }
}

extension JSONObject: Hashable {
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count, !left.isEmpty else { return left.count == right.count }
    let leftKeys = left.keyList
    let rightKeys = right.keyList
    let sameKeys = leftKeys.isIdentical(to: rightKeys)
    for (position, cell) in leftKeys.cells.enumerated() {
      // The same key at the same place is the common case.
      if sameKeys || rightKeys.cells[position].hash == cell.hash && rightKeys.cells[position].text.isSameText(as: cell.text) {
        if left.slots[position + 1].member != right.slots[position + 1].member { return false }
      } else {
        guard let other = rightKeys.position(of: cell.text, hash: cell.hash),
          right.slots[other + 1].member == left.slots[position + 1].member
        else { return false }
      }
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for (key, value) in self {
      var inner = Hasher()
      inner.combine(key)
      inner.combine(value)
      sum &+= inner.finalize()
    }
    hasher.combine(sum)
  }
}

extension JSONObject: CustomStringConvertible {
  /// The compact JSON text.
  public var description: String { JSONValue.object(self).jsonText }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

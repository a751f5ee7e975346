/// A key that is hashed once, for reading the member of that name from many objects.
public struct JSONKey: Hashable, Sendable {
  public let text: String
  let hash: UInt32

  public init(_ text: String) {
    self.text = text
    hash = text.bytesHash
  }
}

extension JSONKey: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension JSONObject {
  /// The member of a key, or nil.
  public subscript(key: JSONKey) -> JSONValue? {
    slots.withUnsafeBufferPointer { slots in
      guard !slots.isEmpty, let first = slots.baseAddress else { return nil }
      var found = JSONKeys.Sighting.unsure
      if case .keys(let keys, _) = first.pointee { found = keys.sight(key.text, hash: key.hash) }
      switch found {
      case .at(let position): return first[position &+ 1].member
      case .absent: return nil
      case .unsure: return position(of: key.text, hash: key.hash).map { first[$0 &+ 1].member }
      }
    }
  }
}

extension JSONObject {
  @inline(never)
  private func position(of key: String, hash: UInt32) -> Int? { keyList.position(of: key, hash: hash) }
}

extension JSONKeys {
  enum Sighting {
    case at(Int)
    case absent
    /// Some key has the same hash but lies elsewhere in memory: its bytes must be compared.
    case unsure
  }

  /// Looks for a key without touching its text, and so without counting a reference.
  @inline(__always)
  func sight(_ key: String, hash: UInt32) -> Sighting {
    cells.withUnsafeBufferPointer { cells in
      if cells.count <= Self.linearLimit {
        for position in cells.indices where cells[position].hash == hash {
          return cells[position].text.isSameStorage(as: key) ? .at(position) : .unsure
        }
        return .absent
      }
      var position = Int(cells[Self.bucket(of: hash, cellCount: cells.count)].head)
      while position >= 0 {
        if cells[position].hash == hash { return cells[position].text.isSameStorage(as: key) ? .at(position) : .unsure }
        position = Int(cells[position].next)
      }
      return .absent
    }
  }
}

/// The keys of objects of one make, hashed once and shared by all of them.
public struct JSONObjectShape: Sendable {
  fileprivate let keys: JSONKeys

  /// Takes keys that the caller knows to be unique.
  public init(uniqueKeys: some Sequence<String>) {
    var keys = JSONKeys()
    for key in uniqueKeys { keys.append(key) }
    self.keys = keys
  }
}

extension JSONObject {
  /// An object with a value for each key of a shape.
  public init(_ shape: JSONObjectShape, values: [JSONValue]) {
    precondition(values.count == shape.keys.count, "\(values.count) values for \(shape.keys.count) keys")
    self.init()
    guard !values.isEmpty else { return }
    slots.reserveCapacity(values.count + 1)
    slots.append(.keys(shape.keys, size: nil))
    for value in values { slots.append(.value(value)) }
  }
}

extension JSONValue {
  /// The member of an object, or nil when this is no object or lacks the key.
  public subscript(key: JSONKey) -> JSONValue? { if case .object(let object) = self { object[key] } else { nil } }
}

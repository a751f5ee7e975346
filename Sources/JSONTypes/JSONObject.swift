/// The members of a JSON object in the order of insertion; keys are unique.
///
/// Up to 16 members are searched one by one; above that a hash table of positions is kept beside them.
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

  @usableFromInline var entries: [Entry]
  /// Open addressing: position + 1, or 0 for a free slot. Empty while `entries` is small.
  @usableFromInline var table: [Int32]

  @usableFromInline static var linearLimit: Int { 16 }

  @inlinable public init() {
    entries = []
    table = []
  }

  /// Later duplicates replace earlier values at the first position.
  @inlinable public init(_ pairs: some Sequence<(String, JSONValue)>) {
    self.init()
    for (key, value) in pairs { self[key] = value }
  }

  /// Takes entries whose keys the caller knows to be unique.
  @inlinable public init(uniqueEntries: [Entry]) {
    entries = uniqueEntries
    table = []
    if entries.count > Self.linearLimit { rebuildTable() }
  }

  @inlinable public var count: Int { entries.count }
  @inlinable public var isEmpty: Bool { entries.isEmpty }
  @inlinable public var keys: some Sequence<String> { entries.lazy.map(\.key) }
  @inlinable public var values: some Sequence<JSONValue> { entries.lazy.map(\.value) }

  /// The position of a key, or nil.
  @inlinable public func position(of key: String) -> Int? {
    if table.isEmpty {
      for position in entries.indices where entries[position].key.isSameText(as: key) { return position }
      return nil
    }
    let mask = table.count &- 1
    var slot = key.hashValue & mask
    while true {
      let stored = Int(table[slot])
      if stored == 0 { return nil }
      if entries[stored &- 1].key.isSameText(as: key) { return stored &- 1 }
      slot = (slot &+ 1) & mask
    }
  }

  /// Reading gives nil for an absent key. Assigning nil removes it; a new key goes to the end.
  @inlinable public subscript(key: String) -> JSONValue? {
    get { position(of: key).map { entries[$0].value } }
    set {
      if let position = position(of: key) {
        if let newValue {
          entries[position].value = newValue
        } else {
          entries.remove(at: position)
          if !table.isEmpty { rebuildTable() }
        }
      } else if let newValue {
        append(newKey: key, newValue)
      }
    }
  }

  /// Edits the value of a key in place (null when the key is new), without copying what is not shared.
  @inlinable public mutating func edit<R, E: Error>(_ key: String, _ body: (inout JSONValue) throws(E) -> R) throws(E) -> R {
    if let position = position(of: key) { return try body(&entries[position].value) }
    append(newKey: key, .null)
    return try body(&entries[entries.count - 1].value)
  }

  @inlinable mutating func append(newKey key: String, _ value: JSONValue) {
    entries.append(Entry(key: key, value: value))
    if !table.isEmpty && entries.count * 2 <= table.count {
      insertIntoTable(position: entries.count - 1)
    } else if entries.count > Self.linearLimit {
      rebuildTable()
    }
  }

  @inlinable mutating func rebuildTable() {
    guard entries.count > Self.linearLimit else {
      table = []
      return
    }
    var size = 64
    while size < entries.count * 4 { size *= 2 }
    table = [Int32](repeating: 0, count: size)
    for position in entries.indices { insertIntoTable(position: position) }
  }

  @inlinable mutating func insertIntoTable(position: Int) {
    let mask = table.count &- 1
    var slot = entries[position].key.hashValue & mask
    while table[slot] != 0 { slot = (slot &+ 1) & mask }
    table[slot] = Int32(position + 1)
  }
}

extension JSONObject: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { entries.count }
  @inlinable public subscript(position: Int) -> (key: String, value: JSONValue) {
    let entry = entries[position]
    return (entry.key, entry.value)
  }
}

extension JSONObject: Hashable {
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.entries.count == right.entries.count else { return false }
    for (index, entry) in left.entries.enumerated() {
      // The same key at the same place is the common case.
      let other = right.entries[index]
      if other.key == entry.key {
        if other.value != entry.value { return false }
      } else {
        guard let value = right[entry.key], value == entry.value else { return false }
      }
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for entry in entries {
      var inner = Hasher()
      inner.combine(entry.key)
      inner.combine(entry.value)
      sum &+= inner.finalize()
    }
    hasher.combine(sum)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

/// The keys of an object in their order, with an index above a few.
///
/// Objects of the same make share one list: the parser gives all records of an array the same keys, and a copy of an object
/// in which only values change keeps them. The list is copied when a key is added to or taken from one object among several.
@usableFromInline
struct JSONKeys: Sendable {
  @usableFromInline
  struct Cell: Sendable {
    @usableFromInline let text: String
    let hash: UInt32
    /// No character of the key needs an escape.
    let isPlain: Bool
    /// The position of the first key whose hash falls into the bucket with this cell's number, or -1.
    var head: Int32
    /// The next key in the same bucket as this one, or -1.
    var next: Int32
  }

  /// As many buckets as cells, rounded down to a power of two.
  @usableFromInline var cells: [Cell] = []

  /// Up to this many keys are compared one by one.
  static var linearLimit: Int { 8 }

  init() {}

  var count: Int { cells.count }

  func position(of key: String) -> Int? { position(of: key, hash: key.bytesHash) }

  func position(of key: String, hash: UInt32) -> Int? {
    cells.withUnsafeBufferPointer { cells in
      if cells.count <= Self.linearLimit {
        for position in cells.indices where cells[position].hash == hash && cells[position].text.isSameText(as: key) {
          return position
        }
        return nil
      }
      var position = Int(cells[Self.bucket(of: hash, cellCount: cells.count)].head)
      while position >= 0 {
        if cells[position].hash == hash && cells[position].text.isSameText(as: key) { return position }
        position = Int(cells[position].next)
      }
      return nil
    }
  }

  /// Adds a key that the list does not hold.
  mutating func append(_ key: String) { append(key, hash: key.bytesHash) }

  mutating func append(_ key: String, hash: UInt32) {
    let isPlain = key.withBytes { bytes in !bytes.contains { $0.needsEscape } }
    cells.append(Cell(text: key, hash: hash, isPlain: isPlain, head: -1, next: -1))
    guard cells.count > Self.linearLimit else { return }
    if cells.count == Self.linearLimit + 1 || cells.count & (cells.count - 1) == 0 {
      rebuildIndex()
    } else {
      link(cells.count - 1)
    }
  }

  mutating func remove(at position: Int) {
    cells.remove(at: position)
    rebuildIndex()
  }

  /// Whether both are one list in memory.
  func isIdentical(to other: JSONKeys) -> Bool {
    cells.withUnsafeBufferPointer { left in other.cells.withUnsafeBufferPointer { right in left.baseAddress == right.baseAddress } }
  }

  static func bucket(of hash: UInt32, cellCount: Int) -> Int {
    let bits = Int.bitWidth - 1 - cellCount.leadingZeroBitCount
    return Int(hash) & (1 << bits - 1)
  }

  private mutating func rebuildIndex() {
    guard cells.count > Self.linearLimit else { return }
    for position in cells.indices { cells[position].head = -1 }
    for position in cells.indices { link(position) }
  }

  private mutating func link(_ position: Int) {
    let bucket = Self.bucket(of: cells[position].hash, cellCount: cells.count)
    cells[position].next = cells[bucket].head
    cells[bucket].head = Int32(position)
  }
}

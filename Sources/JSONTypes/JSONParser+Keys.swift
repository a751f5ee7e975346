extension JSONParser {
  /// A key with its colon, up to the value.
  @inline(__always)
  mutating func parseKey() throws(JSONSyntaxError) {
    guard next < end, next.pointee == UInt8(ascii: "\"") else {
      throw failure("expected a key in double quotes, found \(nextCharacter)")
    }
    let frame = frames.top
    if frame.pointee.kind == .object, let make = makes.follow(frame.pointee.make, next + 1, end) {
      frame.pointee.make = make
      let count = makes[make].pointee.sourceCount
      next += count &+ 2
      compactByteCount &+= makes[make].pointee.compactCount
    } else {
      try parseNewKey()
    }
    if next < end, next.pointee == UInt8(ascii: ":") {
      next += 1
    } else {
      skipBlanks()
      guard next < end, next.pointee == UInt8(ascii: ":") else { throw failure("expected ':' after the key, found \(nextCharacter)") }
      next += 1
    }
    compactByteCount &+= 1
    skipBlanks()
  }

  /// A key that no object had in this place.
  @inline(never)
  private mutating func parseNewKey() throws(JSONSyntaxError) {
    let source = next + 1
    let before = compactByteCount
    let key = try parseText()
    let sourceCount = next - source - 1
    let hash = key.bytesHash
    let compactCount = compactByteCount - before
    let frame = frames.top
    if frame.pointee.kind == .object {
      // An escape makes the text differ from the key: such keys are not looked for in the text.
      let isPlain = key.utf8.count == sourceCount
      if isPlain, let make = makes.add(
        key, hash: hash, source: source, sourceCount: sourceCount, compactCount: compactCount, after: frame.pointee.make)
      {
        frame.pointee.make = make
        return
      }
      frame.pointee.kind = .irregularObject
      irregularKeys.append(makes.keys(of: frame.pointee.make))
    }
    let last = irregularKeys.count - 1
    if let position = irregularKeys[last].position(of: key, hash: hash) {
      frame.pointee.replaced = Int32(position)
      // Key, colon and comma of this member will not be written.
      compactByteCount = before - 2
    } else {
      irregularKeys[last].append(key, hash: hash)
    }
  }

  /// Puts the value of a duplicate key into the place of the earlier one.
  mutating func settleIrregularValue() {
    let frame = frames.top
    let position = Int(frame.pointee.replaced)
    guard position >= 0 else { return }
    frame.pointee.replaced = -1
    let value = values.pop()
    let place = values.base + frame.pointee.height + position
    compactByteCount -= place.pointee.jsonByteCount
    let wasNested = place.pointee.nesting > 0
    place.pointee = value
    if wasNested {
      let members = UnsafeBufferPointer(start: values.base + frame.pointee.height, count: values.count - frame.pointee.height)
      frame.pointee.innerDepth = Int32(members.lazy.map(\.nesting).max() ?? 0)
    }
  }
}

/// The makes of objects that a text has shown so far: which keys follow which.
///
/// A tree over sequences of keys. An object walks down from its root with each key; objects that end at the same node share a
/// list of keys. The values of one key have a root of their own, as they mostly are of one make. Where there are too many ways
/// to go on, as in objects that serve as dictionaries, the object leaves the tree.
struct ObjectMakes: ~Copyable {
  typealias Index = Int32

  struct Node {
    let key: String
    let hash: UInt32
    /// The key in the text, without quotes.
    let source: UnsafePointer<UInt8>?
    let sourceCount: Int
    /// With quotes and escapes, as it will be written.
    let compactCount: Int
    /// Nearer to the root, or -1 for a root.
    let parent: Index
    /// Keys from the root up to this one.
    let depth: Int32
    /// The root for objects within the value of this key, or -1.
    var innerRoot: Index = -1
    /// The way that was taken last, then the others.
    var firstChild: Index = -1
    var nextSibling: Index = -1
    var childCount: Int32 = 0
    var keys: JSONKeys?
  }

  /// Longer objects look their keys up in a table.
  static let maximumDepth = 64
  static let maximumChildren = 8
  static let maximumNodes = 4096

  private var nodes = Stack<Node>(capacity: 32)

  init() { addRoot() }

  private mutating func addRoot() {
    nodes.push(Node(key: "", hash: 0, source: nil, sourceCount: 0, compactCount: 0, parent: -1, depth: 0, keys: JSONKeys()))
  }

  /// Where the objects within the value of a key begin.
  @inline(__always)
  mutating func root(below index: Index) -> Index {
    let root = self[index].pointee.innerRoot
    return root >= 0 ? root : makeRoot(below: index)
  }

  @inline(never)
  private mutating func makeRoot(below index: Index) -> Index {
    guard nodes.count < Self.maximumNodes else { return 0 }
    addRoot()
    self[index].pointee.innerRoot = Index(nodes.count - 1)
    return self[index].pointee.innerRoot
  }

  subscript(index: Index) -> UnsafeMutablePointer<Node> {
    @inline(__always) get { nodes.base + Int(index) }
  }

  /// The node below `parent` whose key stands at `text`, followed by its closing quote.
  @inline(__always)
  func follow(_ parent: Index, _ text: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Index? {
    let first = self[parent].pointee.firstChild
    guard first >= 0 else { return nil }
    if stands(first, text, end) { return first }
    return followOther(parent, first, text, end)
  }

  @inline(__always)
  private func stands(_ index: Index, _ text: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
    let count = self[index].pointee.sourceCount
    return end - text > count && text[count] == UInt8(ascii: "\"") && areEqual(text, self[index].pointee.source!, count: count)
  }

  @inline(never)
  private func followOther(_ parent: Index, _ first: Index, _ text: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Index? {
    var previous = first
    var index = self[first].pointee.nextSibling
    while index >= 0 {
      if stands(index, text, end) {
        self[previous].pointee.nextSibling = self[index].pointee.nextSibling
        self[index].pointee.nextSibling = first
        self[parent].pointee.firstChild = index
        return index
      }
      previous = index
      index = self[index].pointee.nextSibling
    }
    return nil
  }

  /// A new way from `parent`; nil when there is no room or the key came before in this object.
  mutating func add(
    _ key: String, hash: UInt32, source: UnsafePointer<UInt8>, sourceCount: Int, compactCount: Int, after parent: Index
  ) -> Index? {
    guard nodes.count < Self.maximumNodes, self[parent].pointee.childCount < Self.maximumChildren,
      self[parent].pointee.depth < Self.maximumDepth
    else { return nil }
    var ancestor = parent
    while self[ancestor].pointee.parent >= 0 {
      if self[ancestor].pointee.hash == hash, self[ancestor].pointee.key.isSameText(as: key) { return nil }
      ancestor = self[ancestor].pointee.parent
    }
    let index = Index(nodes.count)
    nodes.push(
      Node(
        key: key, hash: hash, source: source, sourceCount: sourceCount, compactCount: compactCount, parent: parent,
        depth: self[parent].pointee.depth + 1, nextSibling: self[parent].pointee.firstChild))
    self[parent].pointee.firstChild = index
    self[parent].pointee.childCount += 1
    return index
  }

  /// The keys from the root to a node, made once.
  mutating func keys(of index: Index) -> JSONKeys {
    if let keys = self[index].pointee.keys { return keys }
    var path: [Index] = []
    var ancestor = index
    while self[ancestor].pointee.parent >= 0 {
      path.append(ancestor)
      ancestor = self[ancestor].pointee.parent
    }
    var keys = JSONKeys()
    keys.cells.reserveCapacity(path.count)
    for ancestor in path.reversed() { keys.append(self[ancestor].pointee.key, hash: self[ancestor].pointee.hash) }
    self[index].pointee.keys = keys
    return keys
  }
}

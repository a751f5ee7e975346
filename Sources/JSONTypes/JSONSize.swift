/// How large a value is: what the quotas on payloads and nesting are checked against.
@usableFromInline
struct JSONSize: Hashable, Sendable {
  /// The UTF-8 length of the compact text.
  var byteCount: Int32
  /// Levels of arrays and objects: 0 for a scalar, 1 for `[]`.
  var depth: Int32

  /// Nil when the text is too long to be remembered; it is then counted each time.
  init?(byteCount: Int, depth: Int) {
    guard let byteCount = Int32(exactly: byteCount), let depth = Int32(exactly: depth) else { return nil }
    self.byteCount = byteCount
    self.depth = depth
  }
}

extension JSONValue {
  /// The UTF-8 length of `jsonText`, without building it.
  ///
  /// Constant time for scalars that are not strings and for objects as the parser made them, which remember their size;
  /// an edited object asks its members, so the cost is that of the members of the objects and arrays that were built or edited
  /// since. Strings are scanned for characters that need an escape. Whoever checks one value often should keep the count beside it.
  public var jsonByteCount: Int {
    switch self {
    case .null, .bool(true): return 4
    case .bool(false): return 5
    case .int(let value): return value.decimalByteCount
    case .double(let value): return DoubleText.byteCount(of: value)
    case .bigInteger(let digits): return digits.utf8.count
    case .string(let text): return text.jsonByteCount
    case .array(let elements):
      var sum = elements.isEmpty ? 2 : elements.count + 1
      for element in elements { sum += element.jsonByteCount }
      return sum
    case .object(let object):
      if let size = object.knownSize { return Int(size.byteCount) }
      guard !object.isEmpty else { return 2 }
      var sum = 1
      for cell in object.keyList.cells { sum += (cell.isPlain ? cell.text.utf8.count + 2 : cell.text.jsonByteCount) + 2 }
      for index in 1..<object.slots.count { sum += object.slots[index].member.jsonByteCount }
      return sum
    }
  }

  /// Whether arrays and objects nest deeper than `limit` levels (`[]` has one). Looks no deeper than that, and not into objects
  /// as the parser made them, which remember their nesting.
  ///
  /// Values are released level by level on the thread's stack, so whoever nests values step by step bounds them by this.
  public func isNested(deeperThan limit: Int) -> Bool {
    switch self {
    case .null, .bool, .int, .double, .bigInteger, .string: return false
    case .array(let elements): return limit < 1 || elements.contains { $0.isNested(deeperThan: limit - 1) }
    case .object(let object):
      if let size = object.knownSize { return Int(size.depth) > limit }
      return limit < 1 || object.slots.dropFirst().contains { $0.member.isNested(deeperThan: limit - 1) }
    }
  }
}

extension JSONValue {
  /// Levels of arrays and objects, 0 for a scalar.
  var nesting: Int {
    switch self {
    case .null, .bool, .int, .double, .bigInteger, .string: return 0
    case .array(let elements): return 1 + (elements.lazy.map(\.nesting).max() ?? 0)
    case .object(let object):
      if let size = object.knownSize { return Int(size.depth) }
      return 1 + (object.slots.dropFirst().lazy.map(\.member.nesting).max() ?? 0)
    }
  }
}

extension String {
  /// The UTF-8 length of this text as a JSON string, with its quotes.
  var jsonByteCount: Int {
    withBytes { bytes in
      var count = bytes.count + 2
      guard let start = bytes.baseAddress else { return count }
      var index = 0
      while index &+ ByteWord.width <= bytes.count {
        let mask = ByteWord.specialBytes(of: ByteWord.load(start + index))
        if mask == 0 {
          index &+= ByteWord.width
        } else {
          index &+= ByteWord.bytesBeforeHit(mask)
          count &+= bytes[index].escapeGrowth
          index &+= 1
        }
      }
      while index < bytes.count {
        count &+= bytes[index].escapeGrowth
        index &+= 1
      }
      return count
    }
  }
}

extension UInt8 {
  /// How many bytes more than itself this byte takes in a JSON string.
  var escapeGrowth: Int {
    guard needsEscape else { return 0 }
    switch self {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x08, 0x09, 0x0A, 0x0C, 0x0D: return 1
    default: return 5
    }
  }
}

extension Int64 {
  var decimalByteCount: Int {
    var count = self < 0 ? 2 : 1
    var rest = magnitude
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count
  }
}

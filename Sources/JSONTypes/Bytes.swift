/// Reading UTF-8 a word of eight bytes at a time.
///
/// A word is taken as a vector of bytes; the highest bit of a byte in a mask says that the byte was hit.
/// Masks are exact up to their lowest hit, which is all that a scan needs.
/// Source: Mycroft's test for a zero byte, as in Warren, "Hacker's Delight", section 6-1.
enum ByteWord {
  static let width = 8
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highBits: UInt64 = 0x8080_8080_8080_8080

  @inline(__always)
  static func load(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  static func store(_ word: UInt64, to pointer: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: word.littleEndian, as: UInt64.self)
  }

  /// Marks quotes, backslashes and control characters: what may not stand in a JSON string as it is.
  @inline(__always)
  static func specialBytes(of word: UInt64) -> UInt64 {
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let quoteHits = (quotes &- ones) & ~quotes
    let backslashHits = (backslashes &- ones) & ~backslashes
    let controlHits = (word &- ones &* 0x20) & ~word
    return (quoteHits | backslashHits | controlHits) & highBits
  }

  /// How many bytes lie before the lowest hit of a mask that is not zero.
  @inline(__always)
  static func bytesBeforeHit(_ mask: UInt64) -> Int { mask.trailingZeroBitCount >> 3 }
}

extension UInt8 {
  /// Whether a JSON string cannot hold this byte as it is.
  @inline(__always)
  var needsEscape: Bool { self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}

/// Whether two stretches of `count` bytes are the same.
@inline(__always)
func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int) -> Bool {
  if count >= ByteWord.width {
    var index = 0
    while index &+ ByteWord.width <= count {
      if ByteWord.load(left + index) != ByteWord.load(right + index) { return false }
      index &+= ByteWord.width
    }
    // The rest, together with bytes that were compared before.
    let last = count &- ByteWord.width
    return ByteWord.load(left + last) == ByteWord.load(right + last)
  }
  for index in 0..<count where left[index] != right[index] { return false }
  return true
}

extension String {
  /// Equality of the stored text. Swift's `==` also takes canonically equivalent spellings (`é` as one scalar or two) as equal; JSON does not.
  public func isSameText(as other: String) -> Bool {
    if isSameStorage(as: other) { return true }
    let count = utf8.count
    guard count == other.utf8.count else { return false }
    return withBytes { left in other.withBytes { right in count == 0 || areEqual(left.baseAddress!, right.baseAddress!, count: count) } }
  }

  /// Whether both are one text in memory, or short texts that stand in the value itself: equal without looking at bytes.
  @inline(__always)
  func isSameStorage(as other: String) -> Bool {
    guard MemoryLayout<String>.size == MemoryLayout<(UInt64, UInt64)>.size else { return false }
    return unsafeBitCast(self, to: (UInt64, UInt64).self) == unsafeBitCast(other, to: (UInt64, UInt64).self)
  }

  /// Lends the UTF-8 bytes.
  @inline(__always)
  func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    // Only strings bridged from another runtime are not stored as UTF-8.
    var copy = self
    return copy.withUTF8(body)
  }

  /// A hash of the bytes that differs from process to process, so that no payload can be made of colliding keys.
  var bytesHash: UInt32 {
    withBytes { bytes in
      var hash = textHashSeed ^ UInt64(truncatingIfNeeded: bytes.count)
      guard var next = bytes.baseAddress else { return UInt32(truncatingIfNeeded: hash) }
      var rest = bytes.count
      while rest >= ByteWord.width {
        hash = mixed(hash, ByteWord.load(next))
        next += ByteWord.width
        rest &-= ByteWord.width
      }
      var tail: UInt64 = 0
      while rest > 0 {
        rest &-= 1
        tail = tail << 8 | UInt64(next[rest])
      }
      hash = mixed(hash, tail)
      return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
  }
}

/// Multiplies to 128 bits and folds them.
@inline(__always)
private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
  let product = (hash ^ word ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
  return product.high ^ product.low
}

private let textHashSeed = UInt64(truncatingIfNeeded: Hasher().finalize())

/// A growing buffer of UTF-8.
struct TextBuffer: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }
  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func removeAll() { count = 0 }

  /// Room for so many bytes more; where to write them.
  @inline(__always)
  mutating func reserve(_ more: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity &- count < more { grow(by: more) }
    return base + count
  }

  @inline(never)
  private mutating func grow(by more: Int) {
    let larger = max(capacity * 2, count + more)
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    copy.update(from: base, count: count)
    base.deallocate()
    base = copy
    capacity = larger
  }

  /// After writing into reserved room.
  @inline(__always)
  mutating func advance(_ written: Int) { count &+= written }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1).pointee = byte
    count &+= 1
  }

  @inline(__always)
  mutating func append(_ start: UnsafePointer<UInt8>, count more: Int) {
    reserve(more).update(from: start, count: more)
    count &+= more
  }

  mutating func append(_ text: StaticString) { append(text.utf8Start, count: text.utf8CodeUnitCount) }

  mutating func append(_ text: String) {
    // Borrowing `self` inside of the closure is not possible; the room is made before.
    let target = reserve(text.utf8.count)
    text.withBytes { bytes in
      if let start = bytes.baseAddress { target.update(from: start, count: bytes.count) }
    }
    count &+= text.utf8.count
  }

  mutating func append(_ scalar: Unicode.Scalar) {
    if scalar.value < 0x80 { return append(UInt8(scalar.value)) }
    for unit in UTF8.encode(scalar)! { append(unit) }
  }
}

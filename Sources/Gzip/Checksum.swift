import CZlib

/// The checksum of gzip and PNG: CRC-32 (ISO 3309). It finds every change of a single bit, and of bits that stand close together.
package struct Checksum: Sendable {
  private var sum = UInt32(crc32(0, nil, 0))

  package init() {}

  package var value: UInt32 { sum }

  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    sum = UInt32(crc32_z(UInt(sum), start.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  package mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  package mutating func add(_ number: Int64) {
    withUnsafeBytes(of: number.littleEndian) { add($0) }
  }
}

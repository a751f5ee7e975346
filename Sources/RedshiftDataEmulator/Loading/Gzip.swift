/// RFC 1952 and 1951: reads any gzip member; writes members whose blocks are stored, which every reader takes.
enum Gzip {
  private static let broken = PostgresError(sqlState: "22000", message: "the object is not in gzip format or is damaged")

  /// - Parameter limit: bytes that the result may have.
  static func decompress(_ bytes: [UInt8], limit: Int) throws(PostgresError) -> [UInt8] {
    var output: [UInt8] = []
    var start = 0
    repeat {
      guard bytes.count >= start + 18, bytes[start] == 0x1F, bytes[start + 1] == 0x8B, bytes[start + 2] == 8 else { throw broken }
      let flags = bytes[start + 3]
      var index = start + 10
      if flags & 4 != 0 {
        guard index + 2 <= bytes.count else { throw broken }
        index += 2 + Int(bytes[index]) + Int(bytes[index + 1]) << 8
      }
      for flag: UInt8 in [8, 16] where flags & flag != 0 {
        while index < bytes.count, bytes[index] != 0 { index += 1 }
        index += 1
      }
      if flags & 2 != 0 { index += 2 }
      guard index < bytes.count else { throw broken }
      var inflater = Inflater(bytes: bytes, position: index, limit: limit)
      inflater.output = output
      let before = output.count
      output = []
      guard inflater.run() else { throw broken }
      output = inflater.output
      let end = inflater.position
      guard end + 8 <= bytes.count else { throw broken }
      let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[end + $1]) << (8 * UInt32($1)) }
      guard sum == checksum(output[before...]) else { throw broken }
      start = end + 8
    } while start < bytes.count
    return output
  }

  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    var index = 0
    repeat {
      let end = min(index + 65535, bytes.count)
      let length = UInt16(end - index)
      output.append(end == bytes.count ? 1 : 0)
      for word in [length, ~length] { output += [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)] }
      output += bytes[index..<end]
      index = end
    } while index < bytes.count
    for word in [checksum(bytes[...]), UInt32(truncatingIfNeeded: bytes.count)] {
      for shift in stride(from: 0, to: 32, by: 8) { output.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
    }
    return output
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
  }

  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { ($0 >> 8) ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }
}

/// RFC 1951.
private struct Inflater {
  let bytes: [UInt8]
  var position: Int
  let limit: Int
  var output: [UInt8] = []
  private var bits: UInt32 = 0
  private var bitCount: UInt32 = 0

  init(bytes: [UInt8], position: Int, limit: Int) {
    self.bytes = bytes
    self.position = position
    self.limit = limit
  }

  /// A code of Huffman's kind: how many codes there are of each length, and their symbols in order.
  private struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []
    init(_ lengths: ArraySlice<Int>) {
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      for length in 1..<16 { for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) } }
    }
  }

  private mutating func take(_ count: UInt32) -> Int? {
    while bitCount < count {
      guard position < bytes.count else { return nil }
      bits |= UInt32(bytes[position]) << bitCount
      position += 1
      bitCount += 8
    }
    let value = bits & ((1 << count) - 1)
    bits >>= count
    bitCount -= count
    return Int(value)
  }

  private mutating func symbol(_ code: Code) -> Int? {
    var value = 0
    var first = 0
    var index = 0
    for length in 1..<16 {
      guard let bit = take(1) else { return nil }
      value |= bit
      let count = code.counts[length]
      if value - count < first { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    return nil
  }

  /// False for what is damaged or too long.
  mutating func run() -> Bool {
    while true {
      guard let isLast = take(1), let kind = take(2) else { return false }
      switch kind {
      case 0: guard stored() else { return false }
      case 1: guard compressed(Self.fixedLengths, Self.fixedDistances) else { return false }
      case 2:
        guard let (lengths, distances) = codes(), compressed(lengths, distances) else { return false }
      default: return false
      }
      if isLast == 1 { return true }
    }
  }

  private static let fixedLengths = Code(
    ([Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8))[
      ...])
  private static let fixedDistances = Code([Int](repeating: 5, count: 30)[...])

  private mutating func stored() -> Bool {
    bits = 0
    bitCount = 0
    guard position + 4 <= bytes.count else { return false }
    let length = Int(bytes[position]) | Int(bytes[position + 1]) << 8
    position += 4
    guard position + length <= bytes.count, output.count + length <= limit else { return false }
    output += bytes[position..<(position + length)]
    position += length
    return true
  }

  private mutating func codes() -> (Code, Code)? {
    guard let literals = take(5), let distances = take(5), let count = take(4) else { return nil }
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<(count + 4) {
      guard let length = take(3) else { return nil }
      lengths[order[index]] = length
    }
    let code = Code(lengths[...])
    var all: [Int] = []
    let total = literals + 257 + distances + 1
    while all.count < total {
      guard let symbol = symbol(code) else { return nil }
      switch symbol {
      case 0..<16: all.append(symbol)
      case 16:
        guard let last = all.last, let times = take(2) else { return nil }
        all += [Int](repeating: last, count: times + 3)
      case 17:
        guard let times = take(3) else { return nil }
        all += [Int](repeating: 0, count: times + 3)
      default:
        guard let times = take(7) else { return nil }
        all += [Int](repeating: 0, count: times + 11)
      }
    }
    guard all.count == total else { return nil }
    return (Code(all[..<(literals + 257)]), Code(ArraySlice(Array(all[(literals + 257)...]))))
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  private static let lengthBits: [UInt32] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
    24577,
  ]
  private static let distanceBits: [UInt32] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]

  private mutating func compressed(_ lengths: Code, _ distances: Code) -> Bool {
    while true {
      guard let found = symbol(lengths) else { return false }
      if found == 256 { return true }
      if found < 256 {
        output.append(UInt8(found))
      } else {
        guard found - 257 < Self.lengthBases.count, let extra = take(Self.lengthBits[found - 257]), let code = symbol(distances), code < 30,
          let more = take(Self.distanceBits[code])
        else { return false }
        let length = Self.lengthBases[found - 257] + extra
        let distance = Self.distanceBases[code] + more
        guard distance <= output.count else { return false }
        for _ in 0..<length { output.append(output[output.count - distance]) }
      }
      guard output.count <= limit else { return false }
    }
  }
}

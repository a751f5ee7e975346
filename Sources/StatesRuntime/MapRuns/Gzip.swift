struct GzipError: Error, Hashable {
  var message: String
}

/// Texts compressed with gzip (RFC 1952), as inventories are written.
enum Gzip {
  static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.count > 18 && bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8 }

  /// - Throws: `GzipError` for a damaged text, or one that has more than `maximumBytes`.
  static func decompress(_ bytes: [UInt8], maximumBytes: Int) throws(GzipError) -> [UInt8] {
    var output: [UInt8] = []
    var position = 0
    // A file may hold several members, one after the other.
    while isCompressed(Array(bytes[position..<min(bytes.count, position + 19)])) {
      position = try header(bytes, position)
      let start = output.count
      var inflater = Inflater(bytes, position: position, maximumBytes: maximumBytes)
      try inflater.inflate(into: &output)
      position = inflater.endPosition
      guard position + 8 <= bytes.count else { throw GzipError(message: "the compressed text ends too early") }
      let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[position + $1]) << (8 * $1) }
      guard crc32(output[start...]) == sum else { throw GzipError(message: "the compressed text is damaged: its checksum is wrong") }
      position += 8
    }
    return output
  }

  /// - Returns: where the data of the member begins.
  private static func header(_ bytes: [UInt8], _ start: Int) throws(GzipError) -> Int {
    let flags = bytes[start + 3]
    var position = start + 10
    if flags & 4 != 0, position + 1 < bytes.count { position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8 }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while position < bytes.count, bytes[position] != 0 { position += 1 }
      position += 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position < bytes.count else { throw GzipError(message: "the compressed text ends too early") }
    return position
  }

  private static let crcTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
  }

  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { $0 >> 8 ^ crcTable[Int(($0 ^ UInt32($1)) & 0xFF)] }
  }
}

/// Undoes DEFLATE (RFC 1951).
struct Inflater {
  private let bytes: [UInt8]
  private let maximumBytes: Int
  private var position: Int
  private var bits: UInt32 = 0
  private var bitCount = 0

  init(_ bytes: [UInt8], position: Int, maximumBytes: Int) {
    self.bytes = bytes
    self.position = position
    self.maximumBytes = maximumBytes
  }

  /// The first whole byte after the data. Bits are fetched a byte at a time, so at most a part of one is left over.
  var endPosition: Int { position }

  mutating func inflate(into output: inout [UInt8]) throws(GzipError) {
    let start = output.count
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored(into: &output)
      case 1: try inflateBlock(into: &output, from: start, Self.fixedLengths, Self.fixedDistances)
      case 2:
        let (lengths, distances) = try readCodes()
        try inflateBlock(into: &output, from: start, lengths, distances)
      default: throw damaged
      }
    }
  }

  private var damaged: GzipError { GzipError(message: "the compressed text is damaged") }

  private mutating func take(_ count: Int) throws(GzipError) -> Int {
    while bitCount < count {
      guard position < bytes.count else { throw GzipError(message: "the compressed text ends too early") }
      bits |= UInt32(bytes[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    defer {
      bits >>= UInt32(count)
      bitCount -= count
    }
    return Int(bits & (1 << UInt32(count) - 1))
  }

  private mutating func copyStored(into output: inout [UInt8]) throws(GzipError) {
    bits = 0
    bitCount = 0
    guard position + 4 <= bytes.count else { throw damaged }
    let count = Int(bytes[position]) | Int(bytes[position + 1]) << 8
    let check = Int(bytes[position + 2]) | Int(bytes[position + 3]) << 8
    position += 4
    guard count ^ check == 0xFFFF, position + count <= bytes.count, output.count + count <= maximumBytes else { throw damaged }
    output.append(contentsOf: bytes[position..<position + count])
    position += count
  }

  private mutating func inflateBlock(
    into output: inout [UInt8], from start: Int, _ lengths: HuffmanCode, _ distances: HuffmanCode
  ) throws(GzipError) {
    while true {
      let symbol = try decode(lengths)
      if symbol == 256 { return }
      guard output.count < maximumBytes else { throw GzipError(message: "the text has more than \(maximumBytes) bytes once it is decompressed") }
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      guard symbol - 257 < Self.lengthBases.count else { throw damaged }
      let length = Self.lengthBases[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
      let code = try decode(distances)
      guard code < Self.distanceBases.count else { throw damaged }
      let distance = Self.distanceBases[code] + (try take(Self.distanceBits[code]))
      guard distance <= output.count - start else { throw damaged }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }

  private mutating func decode(_ code: HuffmanCode) throws(GzipError) -> Int {
    var value = 0
    var first = 0
    var index = 0
    for length in 1..<HuffmanCode.longest {
      value |= try take(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw damaged
  }

  /// The codes of a block that brings its own.
  private mutating func readCodes() throws(GzipError) -> (HuffmanCode, HuffmanCode) {
    let literals = try take(5) + 257
    let distances = try take(5) + 1
    let count = try take(4) + 4
    var lengths = Array(repeating: 0, count: 19)
    for number in Self.codeOrder.prefix(count) { lengths[number] = try take(3) }
    let code = HuffmanCode(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      let symbol = try decode(code)
      switch symbol {
      case 0..<16: all.append(symbol)
      case 16:
        guard let last = all.last else { throw damaged }
        all += Array(repeating: last, count: 3 + (try take(2)))
      case 17: all += Array(repeating: 0, count: 3 + (try take(3)))
      default: all += Array(repeating: 0, count: 11 + (try take(7)))
      }
    }
    guard all.count == literals + distances else { throw damaged }
    return (HuffmanCode(Array(all[..<literals])), HuffmanCode(Array(all[literals...])))
  }

  private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengthBases = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
  private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
  private static let distanceBases = (0..<30).map { $0 < 2 ? $0 + 1 : (2 + $0 % 2) << ($0 / 2 - 1) + 1 }
  private static let distanceBits = (0..<30).map { max(0, $0 / 2 - 1) }
  private static let fixedLengths = HuffmanCode((0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  private static let fixedDistances = HuffmanCode(Array(repeating: 5, count: 30))
}

/// A canonical Huffman code: how many codes each length has, and their symbols in order.
private struct HuffmanCode: Sendable {
  static let longest = 16
  var counts = Array(repeating: 0, count: HuffmanCode.longest)
  var symbols: [Int] = []

  init(_ lengths: [Int]) {
    for length in 1..<Self.longest {
      for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
      counts[length] = lengths.count { $0 == length }
    }
  }
}

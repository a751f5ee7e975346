/// Digests of bytes, by the names that Step Functions gives them.
///
/// Source: RFC 1321 (MD5), FIPS 180-4 (SHA).
package enum MessageDigest: String, Sendable, CaseIterable {
  case md5 = "MD5"
  case sha1 = "SHA-1"
  case sha256 = "SHA-256"
  case sha384 = "SHA-384"
  case sha512 = "SHA-512"

  /// In lower-case hexadecimal digits.
  package func hexadecimal(of bytes: [UInt8]) -> String { Self.hexadecimal(digest(of: bytes)) }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  package func digest(of bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .md5: Self.md5(bytes)
    case .sha1: Self.sha1(bytes)
    case .sha256: Self.sha256(bytes)
    case .sha384: Array(Self.sha512(bytes, initial: Self.initial384).prefix(48))
    case .sha512: Self.sha512(bytes, initial: Self.initial512)
    }
  }

  // MARK: Blocks

  /// The message with its end mark and length, in whole blocks.
  private static func padded(_ bytes: [UInt8], block: Int, lengthBytes: Int, bigEndian: Bool) -> [UInt8] {
    var padded = bytes
    padded.append(0x80)
    while padded.count % block != block - lengthBytes { padded.append(0) }
    let bits = UInt64(bytes.count) * 8
    var length = [UInt8](repeating: 0, count: lengthBytes)
    for index in 0..<8 { length[bigEndian ? lengthBytes - 1 - index : index] = UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index))) }
    return padded + length
  }

  private static func word<Word: FixedWidthInteger & UnsignedInteger>(_ bytes: [UInt8], _ start: Int, bigEndian: Bool) -> Word {
    let count = Word.bitWidth / 8
    var word: Word = 0
    for index in 0..<count { word |= Word(bytes[start + index]) << Word(8 * (bigEndian ? count - 1 - index : index)) }
    return word
  }

  private static func bytes<Word: FixedWidthInteger & UnsignedInteger>(_ words: [Word], bigEndian: Bool) -> [UInt8] {
    words.flatMap { word in withUnsafeBytes(of: bigEndian ? word.bigEndian : word.littleEndian) { Array($0) } }
  }

  @inline(__always) private static func left(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
  @inline(__always) private static func right(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
  @inline(__always) private static func right(_ word: UInt64, _ count: UInt64) -> UInt64 { word >> count | word << (64 - count) }

  // MARK: MD5

  private static let md5Shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  private static let md5Constants: [UInt32] = (0..<64).map { UInt32(CMath.sine(Double($0 + 1)).magnitude * 4_294_967_296) }

  private static func md5(_ bytes: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
    let message = padded(bytes, block: 64, lengthBytes: 8, bigEndian: false)
    for start in stride(from: 0, to: message.count, by: 64) {
      let words: [UInt32] = (0..<16).map { word(message, start + 4 * $0, bigEndian: false) }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      for round in 0..<64 {
        let mixed: UInt32
        let index: Int
        switch round / 16 {
        case 0: (mixed, index) = (b & c | ~b & d, round)
        case 1: (mixed, index) = (d & b | ~d & c, (5 * round + 1) % 16)
        case 2: (mixed, index) = (b ^ c ^ d, (3 * round + 5) % 16)
        default: (mixed, index) = (c ^ (b | ~d), 7 * round % 16)
        }
        let sum = a &+ mixed &+ md5Constants[round] &+ words[index]
        (a, d, c) = (d, c, b)
        b = b &+ left(sum, md5Shifts[round / 16 * 4 + round % 4])
      }
      state = zip(state, [a, b, c, d]).map { $0 &+ $1 }
    }
    return Self.bytes(state, bigEndian: false)
  }

  // MARK: SHA-1

  private static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
    let message = padded(bytes, block: 64, lengthBytes: 8, bigEndian: true)
    for start in stride(from: 0, to: message.count, by: 64) {
      var words: [UInt32] = (0..<16).map { word(message, start + 4 * $0, bigEndian: true) }
      for index in 16..<80 { words.append(left(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1)) }
      var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
      for round in 0..<80 {
        let (mixed, constant): (UInt32, UInt32) =
          switch round / 20 {
          case 0: (b & c | ~b & d, 0x5A82_7999)
          case 1: (b ^ c ^ d, 0x6ED9_EBA1)
          case 2: (b & c | b & d | c & d, 0x8F1B_BCDC)
          default: (b ^ c ^ d, 0xCA62_C1D6)
          }
        let sum = left(a, 5) &+ mixed &+ e &+ constant &+ words[round]
        (e, d, c, b, a) = (d, c, left(b, 30), a, sum)
      }
      state = zip(state, [a, b, c, d, e]).map { $0 &+ $1 }
    }
    return Self.bytes(state, bigEndian: true)
  }

  // MARK: SHA-2

  /// The first bits of the fractional parts of the cube roots of the first 80 primes.
  private static let constants: [UInt64] = [
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b,
    0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1,
    0x9bdc06a725c71235, 0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65, 0x2de92c6f592b0275,
    0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
    0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b, 0xa2bfe8a14cf10364, 0xa81a664bbc423001,
    0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8,
    0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec, 0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915,
    0xc67178f2e372532b, 0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
    0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c, 0x4cc5d4becb3e42b6,
    0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
  ]
  private static let initial512: [UInt64] = [
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b,
    0x5be0cd19137e2179,
  ]
  private static let initial384: [UInt64] = [
    0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7,
    0x47b5481dbefa4fa4,
  ]

  private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    // The constants of SHA-256 are the upper halves of those of SHA-512.
    let constants = Self.constants.prefix(64).map { UInt32($0 >> 32) }
    var state = initial512.map { UInt32($0 >> 32) }
    let message = padded(bytes, block: 64, lengthBytes: 8, bigEndian: true)
    for start in stride(from: 0, to: message.count, by: 64) {
      var words: [UInt32] = (0..<16).map { word(message, start + 4 * $0, bigEndian: true) }
      for index in 16..<64 {
        let (x, y) = (words[index - 15], words[index - 2])
        let low = right(x, 7) ^ right(x, 18) ^ x >> 3
        let high = right(y, 17) ^ right(y, 19) ^ y >> 10
        words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
      }
      var v = state
      for round in 0..<64 {
        let sum1 = right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)
        let choice = v[4] & v[5] ^ ~v[4] & v[6]
        let first = v[7] &+ sum1 &+ choice &+ constants[round] &+ words[round]
        let sum0 = right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)
        let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
        v = [first &+ sum0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
      }
      state = zip(state, v).map { $0 &+ $1 }
    }
    return Self.bytes(state, bigEndian: true)
  }

  private static func sha512(_ bytes: [UInt8], initial: [UInt64]) -> [UInt8] {
    var state = initial
    let message = padded(bytes, block: 128, lengthBytes: 16, bigEndian: true)
    for start in stride(from: 0, to: message.count, by: 128) {
      var words: [UInt64] = (0..<16).map { word(message, start + 8 * $0, bigEndian: true) }
      for index in 16..<80 {
        let (x, y) = (words[index - 15], words[index - 2])
        let low = right(x, 1) ^ right(x, 8) ^ x >> 7
        let high = right(y, 19) ^ right(y, 61) ^ y >> 6
        words.append(words[index - 16] &+ low &+ words[index - 7] &+ high)
      }
      var v = state
      for round in 0..<80 {
        let sum1 = right(v[4], 14) ^ right(v[4], 18) ^ right(v[4], 41)
        let choice = v[4] & v[5] ^ ~v[4] & v[6]
        let first = v[7] &+ sum1 &+ choice &+ constants[round] &+ words[round]
        let sum0 = right(v[0], 28) ^ right(v[0], 34) ^ right(v[0], 39)
        let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
        v = [first &+ sum0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
      }
      state = zip(state, v).map { $0 &+ $1 }
    }
    return Self.bytes(state, bigEndian: true)
  }
}

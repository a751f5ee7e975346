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
    0x428a_2f98_d728_ae22, 0x7137_4491_23ef_65cd, 0xb5c0_fbcf_ec4d_3b2f, 0xe9b5_dba5_8189_dbbc, 0x3956_c25b_f348_b538, 0x59f1_11f1_b605_d019,
    0x923f_82a4_af19_4f9b,
    0xab1c_5ed5_da6d_8118, 0xd807_aa98_a303_0242, 0x1283_5b01_4570_6fbe, 0x2431_85be_4ee4_b28c, 0x550c_7dc3_d5ff_b4e2, 0x72be_5d74_f27b_896f,
    0x80de_b1fe_3b16_96b1,
    0x9bdc_06a7_25c7_1235, 0xc19b_f174_cf69_2694, 0xe49b_69c1_9ef1_4ad2, 0xefbe_4786_384f_25e3, 0x0fc1_9dc6_8b8c_d5b5, 0x240c_a1cc_77ac_9c65,
    0x2de9_2c6f_592b_0275,
    0x4a74_84aa_6ea6_e483, 0x5cb0_a9dc_bd41_fbd4, 0x76f9_88da_8311_53b5, 0x983e_5152_ee66_dfab, 0xa831_c66d_2db4_3210, 0xb003_27c8_98fb_213f,
    0xbf59_7fc7_beef_0ee4,
    0xc6e0_0bf3_3da8_8fc2, 0xd5a7_9147_930a_a725, 0x06ca_6351_e003_826f, 0x1429_2967_0a0e_6e70, 0x27b7_0a85_46d2_2ffc, 0x2e1b_2138_5c26_c926,
    0x4d2c_6dfc_5ac4_2aed,
    0x5338_0d13_9d95_b3df, 0x650a_7354_8baf_63de, 0x766a_0abb_3c77_b2a8, 0x81c2_c92e_47ed_aee6, 0x9272_2c85_1482_353b, 0xa2bf_e8a1_4cf1_0364,
    0xa81a_664b_bc42_3001,
    0xc24b_8b70_d0f8_9791, 0xc76c_51a3_0654_be30, 0xd192_e819_d6ef_5218, 0xd699_0624_5565_a910, 0xf40e_3585_5771_202a, 0x106a_a070_32bb_d1b8,
    0x19a4_c116_b8d2_d0c8,
    0x1e37_6c08_5141_ab53, 0x2748_774c_df8e_eb99, 0x34b0_bcb5_e19b_48a8, 0x391c_0cb3_c5c9_5a63, 0x4ed8_aa4a_e341_8acb, 0x5b9c_ca4f_7763_e373,
    0x682e_6ff3_d6b2_b8a3,
    0x748f_82ee_5def_b2fc, 0x78a5_636f_4317_2f60, 0x84c8_7814_a1f0_ab72, 0x8cc7_0208_1a64_39ec, 0x90be_fffa_2363_1e28, 0xa450_6ceb_de82_bde9,
    0xbef9_a3f7_b2c6_7915,
    0xc671_78f2_e372_532b, 0xca27_3ece_ea26_619c, 0xd186_b8c7_21c0_c207, 0xeada_7dd6_cde0_eb1e, 0xf57d_4f7f_ee6e_d178, 0x06f0_67aa_7217_6fba,
    0x0a63_7dc5_a2c8_98a6,
    0x113f_9804_bef9_0dae, 0x1b71_0b35_131c_471b, 0x28db_77f5_2304_7d84, 0x32ca_ab7b_40c7_2493, 0x3c9e_be0a_15c9_bebc, 0x431d_67c4_9c10_0d4c,
    0x4cc5_d4be_cb3e_42b6,
    0x597f_299c_fc65_7e2a, 0x5fcb_6fab_3ad6_faec, 0x6c44_198c_4a47_5817,
  ]
  private static let initial512: [UInt64] = [
    0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1, 0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
  ]
  private static let initial384: [UInt64] = [
    0xcbbb_9d5d_c105_9ed8, 0x629a_292a_367c_d507, 0x9159_015a_3070_dd17, 0x152f_ecd8_f70e_5939, 0x6733_2667_ffc0_0b31, 0x8eb4_4a87_6858_1511,
    0xdb0c_2e0d_64f9_8fa7,
    0x47b5_481d_befa_4fa4,
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

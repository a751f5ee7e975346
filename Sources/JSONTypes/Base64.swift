/// Base64 with padding (RFC 4648, section 4), as Java's basic encoder and decoder treat it.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  /// The value of each byte of the alphabet, 255 for others.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
    return values
  }()

  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var buffer: UInt32 = 0
    var held = 0
    func append(_ count: Int) {
      for index in 0..<4 {
        text.append(index < count ? alphabet[Int(buffer >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
      }
    }
    for byte in bytes {
      buffer = buffer << 8 | UInt32(byte)
      held += 1
      if held == 3 {
        append(4)
        buffer = 0
        held = 0
      }
    }
    if held > 0 {
      buffer <<= UInt32(8 * (3 - held))
      append(held + 1)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil when the text has other characters, or padding that does not fit; padding may be left out.
  package static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer: UInt32 = 0
    var held = 0
    var padding = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      let value = values[Int(byte)]
      guard value != 255, padding == 0 else { return nil }
      buffer = buffer << 6 | UInt32(value)
      held += 1
      if held == 4 {
        bytes.append(contentsOf: [UInt8(truncatingIfNeeded: buffer >> 16), UInt8(truncatingIfNeeded: buffer >> 8), UInt8(truncatingIfNeeded: buffer)])
        buffer = 0
        held = 0
      }
    }
    switch (held, padding) {
    case (0, 0): break
    case (2, 0), (2, 2): bytes.append(UInt8(truncatingIfNeeded: buffer >> 4))
    case (3, 0), (3, 1): bytes.append(contentsOf: [UInt8(truncatingIfNeeded: buffer >> 10), UInt8(truncatingIfNeeded: buffer >> 2)])
    default: return nil
    }
    return bytes
  }
}

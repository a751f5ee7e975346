import JSONTypes

/// Base64 and percent-encoding.
enum EncodingFunctions {
  static let table: [Builtin] = [
    Builtin("base64encode", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      // As the reference: the low byte of each UTF-16 unit.
      return try call.result(Base64.encode(text.utf16.map { UInt8(truncatingIfNeeded: $0) }))
    },
    Builtin("base64decode", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      var decoded = String.UnicodeScalarView()
      for byte in bytes(ofBase64: text) { decoded.append(Unicode.Scalar(byte)) }
      return try call.result(String(decoded))
    },
    Builtin("encodeUrlComponent", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(encoded(text, keeping: unreserved))
    },
    Builtin("encodeUrl", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(encoded(text, keeping: unreserved.union(reserved)))
    },
    Builtin("decodeUrlComponent", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(try decoded(text, keeping: [], function: "decodeUrlComponent"))
    },
    Builtin("decodeUrl", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(try decoded(text, keeping: reserved, function: "decodeUrl"))
    },
  ]

  // MARK: Base64

  /// Lenient as the reference: both alphabets, everything else is passed over, padding ends the text.
  private static func bytes(ofBase64 text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var value = 0
    var bits = 0
    for byte in text.utf8 {
      let digit: Int
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = Int(byte) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = Int(byte) - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Int(byte) + 4
      case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
      case UInt8(ascii: "="): return bytes
      default: continue
      }
      value = (value << 6 | digit) & 0xFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: value >> bits))
      }
    }
    return bytes
  }

  // MARK: Percent-encoding

  private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()".utf8)
  private static let reserved = Set(";/?:@&=+$,#".utf8)
  private static let hexDigits = Array("0123456789ABCDEF".utf8)

  private static func encoded(_ text: String, keeping kept: Set<UInt8>) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
      if kept.contains(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  private static func decoded(_ text: String, keeping kept: Set<UInt8>, function: String) throws(Failure) -> String {
    let malformed = Failure("D3140", value: .string(text), details: ["functionName": .string(function)])
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    func escape(at index: Int) -> UInt8? {
      guard index + 2 < bytes.count, bytes[index] == UInt8(ascii: "%") else { return nil }
      guard let high = Character(Unicode.Scalar(bytes[index + 1])).hexDigitValue, bytes[index + 1] < 0x80 else { return nil }
      guard let low = Character(Unicode.Scalar(bytes[index + 2])).hexDigitValue, bytes[index + 2] < 0x80 else { return nil }
      return UInt8(high << 4 | low)
    }
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "%") else {
        decoded.append(bytes[index])
        index += 1
        continue
      }
      guard let first = escape(at: index) else { throw malformed }
      if kept.contains(first) {
        decoded += bytes[index..<index + 3]
        index += 3
        continue
      }
      // The escapes of one character follow one another.
      let count = first < 0x80 ? 1 : first & 0xE0 == 0xC0 ? 2 : first & 0xF0 == 0xE0 ? 3 : first & 0xF8 == 0xF0 ? 4 : 0
      guard count > 0 else { throw malformed }
      var character: [UInt8] = []
      for place in 0..<count {
        guard let byte = escape(at: index + 3 * place) else { throw malformed }
        character.append(byte)
      }
      guard String(validating: character, as: UTF8.self) != nil else { throw malformed }
      decoded += character
      index += 3 * count
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}

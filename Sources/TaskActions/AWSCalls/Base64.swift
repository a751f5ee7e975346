private let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

/// Source: RFC 4648, section 4.
func base64(_ bytes: [UInt8]) -> String {
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for index in 0..<4 {
      text.append(index <= group.count ? alphabet[bits >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes of a text in base 64 with or without its padding; nil for any other text.
func base64Bytes(_ text: String) -> [UInt8]? {
  let digits = Array(text.utf8).trimmingPadding
  guard digits.count % 4 != 1 else { return nil }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(digits.count * 3 / 4)
  var (bits, count) = (0, 0)
  for digit in digits {
    guard let value = base64Value(digit) else { return nil }
    bits = (bits << 6 | value) & 0xFFFF
    count += 6
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(bits >> count & 0xFF))
    }
  }
  return bytes
}

private func base64Value(_ digit: UInt8) -> Int? {
  switch digit {
  case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(digit) - 65
  case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(digit) - 71
  case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(digit) + 4
  case UInt8(ascii: "+"): 62
  case UInt8(ascii: "/"): 63
  default: nil
  }
}

extension [UInt8] {
  fileprivate var trimmingPadding: ArraySlice<UInt8> {
    var rest = self[...]
    for _ in 0..<2 where rest.last == UInt8(ascii: "=") { rest = rest.dropLast() }
    return rest
  }
}

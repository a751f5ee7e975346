/// Percent-encoding as AWS signs it: everything but `A-Z a-z 0-9 - . _ ~` becomes `%XX` in capitals.
func percentEncoded(_ text: String, keeping kept: String = "") -> String {
  percentEncoded(text.utf8, keeping: kept)
}

func percentEncoded(_ bytes: some Sequence<UInt8>, keeping kept: String = "") -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var encoded: [UInt8] = []
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      encoded.append(byte)
    case _ where kept.utf8.contains(byte):
      encoded.append(byte)
    default:
      encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: encoded, as: UTF8.self)
}

/// The bytes behind `%XX`; a percent sign that starts no such triple stays.
func percentDecoded(_ text: some StringProtocol) -> [UInt8] {
  let bytes = Array(text.utf8)
  var decoded: [UInt8] = []
  var index = 0
  while index < bytes.count {
    if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = hexDigit(bytes[index + 1]),
      let low = hexDigit(bytes[index + 2])
    {
      decoded.append(high << 4 | low)
      index += 3
    } else {
      decoded.append(bytes[index])
      index += 1
    }
  }
  return decoded
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

extension StringProtocol {
  /// The first place of a text in this one, compared byte by byte.
  func firstRange(ofText sought: String) -> Range<Index>? {
    var start = startIndex
    while true {
      if self[start...].utf8.starts(with: sought.utf8) {
        let end = utf8.index(start, offsetBy: sought.utf8.count)
        return start..<end
      }
      guard start < endIndex else { return nil }
      start = utf8.index(after: start)
    }
  }
}

/// The encodings of a COPY's objects, as UTF-8.
extension CopyCommand.Encoding {
  /// - Throws: `PostgresError` when an object is not in this encoding.
  func utf8(_ bytes: [UInt8], of url: String) throws(PostgresError) -> [UInt8] {
    switch self {
    case .utf8: return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    case .iso88591: return bytes.reduce(into: []) { $0 += $1 < 0x80 ? [$1] : [0xC0 | $1 >> 6, 0x80 | $1 & 0x3F] }
    case .utf16le, .utf16be:
      let isLittle = self == .utf16le
      return try units(bytes[...], isLittle: isLittle, url)
    case .utf16:
      guard bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) else {
        throw PostgresError(sqlState: "XX000", message: "\(url): the file does not begin with a byte order mark, as ENCODING UTF16 expects; UTF16LE or UTF16BE does without")
      }
      return try units(bytes[...], isLittle: bytes[0] == 0xFF, url)
    }
  }

  private func units(_ bytes: ArraySlice<UInt8>, isLittle: Bool, _ url: String) throws(PostgresError) -> [UInt8] {
    guard bytes.count % 2 == 0 else { throw PostgresError(sqlState: "XX000", message: "\(url): a file in UTF-16 has an even number of bytes, found \(bytes.count)") }
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for index in stride(from: bytes.startIndex, to: bytes.endIndex, by: 2) {
      let (low, high) = isLittle ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
      units.append(UInt16(high) << 8 | UInt16(low))
    }
    if units.first == 0xFEFF { units.removeFirst() }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}

import JSONTypes

/// Functions that look at texts and cut them. Lengths and positions count Unicode code points.
enum StringFunctions {
  static let table: [Builtin] = [
    Builtin("string", "<x-b?:s>", parameters: 2, arity: 1) { call throws(Failure) in
      let pretty = if case .bool(true) = call[1] { true } else { false }
      guard let text = try call.run.text(of: call[0], pretty: pretty) else { return .undefined }
      return try call.result(text)
    },
    Builtin("substring", "<s-nn?:s>", parameters: 3) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(substring(text, from: try call.number(1) ?? .nan, count: try call.number(2)))
    },
    Builtin("substringBefore", "<s-s:s>", parameters: 2) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      guard let part = try call.text(1), let place = text.range(of: part) else { return .string(text) }
      return try call.result(String(text[..<place.lowerBound]))
    },
    Builtin("substringAfter", "<s-s:s>", parameters: 2) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      guard let part = try call.text(1), let place = text.range(of: part) else { return .string(text) }
      return try call.result(String(text[place.upperBound...]))
    },
    Builtin("lowercase", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(lowercased(text))
    },
    Builtin("uppercase", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(text.uppercased())
    },
    Builtin("length", "<s-:n>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      try call.run.charge(steps: text.utf8.count >> 6)
      return .number(Double(text.unicodeScalars.count))
    },
    Builtin("trim", "<s-:s>", parameters: 1) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      let words = text.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
      return try call.result(words.map { String($0) ?? "" }.joined(separator: " "))
    },
    Builtin("pad", "<s-ns?:s>", parameters: 3) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      return try call.result(try pad(text, to: try call.number(1) ?? 0, with: try call.text(2) ?? " ", call))
    },
    Builtin("join", "<a<s>s?:s>", parameters: 2) { call throws(Failure) in
      guard let items = call.items(0) else { return .undefined }
      let separator = try call.text(1) ?? ""
      var joined = ""
      for (index, item) in items.enumerated() {
        guard case .string(let text) = item else { throw call.mismatch(0) }
        try call.run.charge(bytes: text.utf8.count + separator.utf8.count)
        if index > 0 { joined += separator }
        joined += text
      }
      return .string(joined)
    },
  ]

  private static func substring(_ text: String, from start: Double, count: Double?) -> String {
    let scalars = text.unicodeScalars
    let length = Double(scalars.count)
    var start = start
    if length + start < 0 { start = 0 }
    var end = length
    if let count {
      if count <= 0 { return "" }
      end = start >= 0 ? start + count : length + start + count
    }
    // As JavaScript's slice: fractions are cut off, negative positions count from the end, what is no number is zero.
    func position(_ value: Double) -> Int {
      let whole = value.isNaN ? 0 : value.rounded(.towardZero)
      return Int(whole < 0 ? max(length + whole, 0) : min(whole, length))
    }
    let lower = position(start)
    let upper = position(end)
    guard lower < upper else { return "" }
    let from = scalars.index(scalars.startIndex, offsetBy: lower)
    return String(scalars[from..<scalars.index(from, offsetBy: upper - lower)])
  }

  private static func pad(_ text: String, to width: Double, with characters: String, _ call: Arguments) throws(Failure) -> String {
    let missing = (abs(width) - Double(text.unicodeScalars.count)).rounded(.down)
    guard missing >= 1 else { return text }
    let fill = Array((characters.isEmpty ? " " : characters).unicodeScalars)
    let bytes = fill.reduce(0) { $0 + UTF8.width($1) }
    let produced = missing / Double(fill.count) * Double(bytes)
    try call.run.charge(bytes: produced < 1e15 ? Int(produced) : Int(1e15))
    var padding = String.UnicodeScalarView()
    for index in 0..<Int(missing) { padding.append(fill[index % fill.count]) }
    return width > 0 ? text + String(padding) : String(padding) + text
  }

  /// JavaScript's toLowerCase: as Swift's, but a capital sigma at the end of a word becomes a final one.
  private static func lowercased(_ text: String) -> String {
    guard text.unicodeScalars.contains("Σ") else { return text.lowercased() }
    var lowered = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      guard scalar == "Σ" else {
        lowered.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        continue
      }
      let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }?.properties.isCased == true
      let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }?.properties.isCased == true
      lowered.append(before && !after ? "ς" : "σ")
    }
    return String(lowered)
  }
}

extension String {
  /// The first place of a text at or after an index; an empty one is found at once.
  func range(of part: String, from start: Index? = nil) -> Range<Index>? {
    let start = start ?? startIndex
    if part.isEmpty { return start..<start }
    let offset = utf8.distance(from: startIndex, to: start)
    let found = withBytes { bytes in part.withBytes { bytes[offset...].firstOffset(of: $0) } }
    guard let found else { return nil }
    let lower = utf8.index(startIndex, offsetBy: found)
    return lower..<utf8.index(lower, offsetBy: part.utf8.count)
  }

  /// Lends the UTF-8 bytes.
  @inline(__always)
  func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    var copy = self
    return copy.withUTF8(body)
  }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
  /// Where bytes first stand, counted in the buffer that this is a part of.
  func firstOffset(of needle: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let bytes = base.baseAddress, let first = needle.first else { return nil }
    var offset = startIndex
    while offset + needle.count <= endIndex {
      guard let place = CMemory.position(of: first, in: bytes + offset, count: endIndex - offset - needle.count + 1) else { return nil }
      offset += place
      var matched = 1
      while matched < needle.count, bytes[offset + matched] == needle[matched] { matched += 1 }
      if matched == needle.count { return offset }
      offset += 1
    }
    return nil
  }
}

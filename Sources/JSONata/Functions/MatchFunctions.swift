import JSONTypes

/// `$contains`, `$match`, `$replace`, `$split`: with texts, regular expressions, and functions that stand for them.
enum MatchFunctions {
  static let table: [Builtin] = [
    Builtin("contains", "<s-(sf):b>", parameters: 2) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      switch call[1] {
      case .undefined: return .undefined
      case .string(let part):
        try call.run.charge(steps: text.utf8.count >> 6)
        return .bool(text.range(of: part) != nil)
      default:
        guard let matcher = try call.function(1) else { return .undefined }
        return .bool(try call.firstMatch(matcher, in: text) != nil)
      }
    },
    Builtin("match", "<s-f<s:o>n?:a<o>>", parameters: 3) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      let limit = try limit(call, 2, "D3040")
      guard let matcher = try call.function(1) else { return .undefined }
      var found: [Value] = []
      var match = limit > 0 ? try call.firstMatch(matcher, in: text) : nil
      while let current = match, Double(found.count) < limit {
        let groups = try call.run.list(current.groups.map { $0.map { .string($0) } ?? .undefined })
        found.append(
          .record(
            Record(keys: ["match", "index", "groups"], values: [.string(current.text), .number(Double(current.start)), groups], depth: 2)))
        match = Double(found.count) < limit ? try call.match(after: current) : nil
      }
      return try call.run.sequence(found)
    },
    Builtin("replace", "<s-(sf)(sf)n?:s>", parameters: 4) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      if case .string(let pattern) = call[1], pattern.isEmpty { throw Failure("D3010", value: "", details: ["index": 2]) }
      let limit = try limit(call, 3, "D3011")
      if limit <= 0 { return .string(text) }
      if case .string(let pattern) = call[1] { return try replace(pattern, in: text, limit, call) }
      return try replaceMatches(in: text, limit, call)
    },
    Builtin("split", "<s-(sf)n?:a<s>>", parameters: 3) { call throws(Failure) in
      guard let text = try call.text(0) else { return .undefined }
      let limit = try limit(call, 2, "D3020")
      let parts: [Value]
      switch call[1] {
      case _ where limit <= 0: parts = []
      case .undefined: parts = [.string(text)]
      case .string(let separator): parts = split(text, by: separator, limit.rounded(.down))
      default: parts = try splitAtMatches(text, limit, call)
      }
      try call.run.charge(bytes: text.utf8.count)
      return try call.run.list(parts)
    },
  ]

  /// A limit on results; no limit is infinite, a negative one an error.
  private static func limit(_ call: Arguments, _ index: Int, _ code: String) throws(Failure) -> Double {
    guard let limit = try call.number(index) else { return .infinity }
    if limit < 0 { throw Failure(code, value: JSONValue(number: limit), details: ["index": .int(Int64(index + 1))]) }
    return limit
  }

  // MARK: Replacing

  private static func replace(_ pattern: String, in text: String, _ limit: Double, _ call: Arguments) throws(Failure) -> Value {
    var result = ""
    var position = text.startIndex
    var count = 0.0
    while count < limit, let place = text.range(of: pattern, from: position) {
      guard let replacement = try call.text(2) else { throw Failure("D3012") }
      try call.run.charge(bytes: replacement.utf8.count + 1)
      result += text[position..<place.lowerBound]
      result += replacement
      position = place.upperBound
      count += 1
    }
    result += text[position...]
    return try call.result(result)
  }

  private static func replaceMatches(in text: String, _ limit: Double, _ call: Arguments) throws(Failure) -> Value {
    guard let matcher = try call.function(1) else { return .undefined }
    var result = ""
    var position = TextCursor(text)
    var count = 0.0
    var match = try call.firstMatch(matcher, in: text)
    while let current = match, count < limit {
      result += position.text(upTo: current.start)
      let substitute: String
      switch call[2] {
      case .string(let template): substitute = expand(template, current)
      case .function(let function):
        let value = try call.run.collapsed(call.call(function, [current.value(call.run)]))
        guard case .string(let text) = value else { throw Failure("D3012", value: try call.run.json(value)) }
        substitute = text
      default: throw Failure("D3012", value: try call.run.json(call[2]))
      }
      try call.run.charge(bytes: substitute.utf8.count + 1)
      result += substitute
      position.skip(to: current.start + current.text.utf16.count)
      count += 1
      match = try call.match(after: current)
    }
    result += position.rest
    return try call.result(result)
  }

  /// `$0`, `$1`, …, `$$` in a replacement. Of the digits behind a `$` as many count as the number of groups has,
  /// one less if they would name a group beyond the last.
  private static func expand(_ template: String, _ match: FoundMatch) -> String {
    let scalars = Array(template.unicodeScalars)
    var result = String.UnicodeScalarView()
    var position = 0
    let groups = match.groups
    let maximumDigits = String(max(groups.count, 1)).utf8.count
    func number(_ count: Int) -> (value: Int, digits: Int)? {
      var value = 0
      var digits = 0
      while digits < count, position + digits < scalars.count, "0"..."9" ~= scalars[position + digits] {
        value = value * 10 + Int(scalars[position + digits].value - 0x30)
        digits += 1
      }
      return digits == 0 ? nil : (value, digits)
    }
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      guard scalar == "$" else {
        result.append(scalar)
        continue
      }
      if position < scalars.count, scalars[position] == "$" {
        result.append("$")
        position += 1
      } else if position < scalars.count, scalars[position] == "0" {
        result.append(contentsOf: match.text.unicodeScalars)
        position += 1
      } else if var index = number(maximumDigits) {
        if maximumDigits > 1, index.value > groups.count, let shorter = number(maximumDigits - 1) { index = shorter }
        if 1...max(1, groups.count) ~= index.value, index.value <= groups.count, let text = groups[index.value - 1] {
          result.append(contentsOf: text.unicodeScalars)
        }
        position += String(index.value).utf8.count
      } else {
        result.append("$")
      }
    }
    return String(result)
  }

  // MARK: Splitting

  private static func split(_ text: String, by separator: String, _ limit: Double) -> [Value] {
    var parts: [Value] = []
    if separator.isEmpty {
      for scalar in text.unicodeScalars {
        if Double(parts.count) >= limit { break }
        parts.append(.string(String(scalar)))
      }
      return parts
    }
    text.withBytes { bytes in
      separator.withBytes { separator in
        var offset = 0
        while Double(parts.count) < limit {
          let end = bytes[offset...].firstOffset(of: separator)
          parts.append(.string(String(decoding: bytes[offset..<(end ?? bytes.count)], as: UTF8.self)))
          guard let end else { break }
          offset = end + separator.count
        }
      }
    }
    return parts
  }

  private static func splitAtMatches(_ text: String, _ limit: Double, _ call: Arguments) throws(Failure) -> [Value] {
    guard let matcher = try call.function(1) else { return [] }
    guard var match = try call.firstMatch(matcher, in: text) else { return [.string(text)] }
    var parts: [Value] = []
    var position = TextCursor(text)
    while Double(parts.count) < limit {
      parts.append(.string(String(position.text(upTo: match.start))))
      position.skip(to: match.end)
      guard let next = try call.match(after: match) else {
        if Double(parts.count) < limit { parts.append(.string(String(position.rest))) }
        break
      }
      match = next
    }
    return parts
  }
}

/// Walks through a text by UTF-16 positions.
private struct TextCursor {
  let text: String
  private var index: String.Index
  private var offset = 0

  init(_ text: String) {
    self.text = text
    index = text.startIndex
  }

  private func index(at target: Int) -> String.Index {
    let utf16 = text.utf16
    if target >= offset { return utf16.index(index, offsetBy: target - offset, limitedBy: utf16.endIndex) ?? utf16.endIndex }
    return utf16.index(utf16.startIndex, offsetBy: max(0, target), limitedBy: utf16.endIndex) ?? utf16.endIndex
  }

  /// What stands before a position; like JavaScript's `substring`, it takes the two places in their order.
  func text(upTo target: Int) -> Substring {
    let other = index(at: target)
    return other < index ? text[other..<index] : text[index..<other]
  }

  mutating func skip(to target: Int) {
    index = index(at: target)
    offset = text.utf16.distance(from: text.utf16.startIndex, to: index)
  }

  var rest: Substring { text[index...] }
}

import JSONTypes

enum NumberFunctions {
  static let table: [Builtin] = [
    Builtin("number", "<(nsb)-:n>", parameters: 1) { call throws(Failure) in
      switch call[0] {
      case .undefined, .number, .exactInteger: return call[0]
      case .bool(let value): return .number(value ? 1 : 0)
      case .string(let text):
        if let number = number(text) { return .number(number) }
      default: break
      }
      throw Failure("D3030", value: try call.run.json(call[0]), details: ["index": 1])
    },
    Builtin("floor", "<n-:n>", parameters: 1) { call throws(Failure) in try map(call) { $0.rounded(.down) } },
    Builtin("ceil", "<n-:n>", parameters: 1) { call throws(Failure) in try map(call) { $0.rounded(.up) } },
    Builtin("abs", "<n-:n>", parameters: 1) { call throws(Failure) in try map(call) { $0.magnitude } },
    Builtin("round", "<n-n?:n>", parameters: 2) { call throws(Failure) in
      let places = try call.number(1) ?? 0
      return try map(call) { rounded($0, places: Int(max(-400, min(400, places)))) }
    },
    Builtin("sqrt", "<n-:n>", parameters: 1) { call throws(Failure) in
      if let number = try call.number(0), number < 0 { throw Failure("D3060", value: JSONValue(number: number), details: ["index": 1]) }
      return try map(call) { $0.squareRoot() }
    },
    Builtin("power", "<n-n:n>", parameters: 2) { call throws(Failure) in
      guard let base = try call.number(0) else { return .undefined }
      let exponent = try call.number(1) ?? .nan
      let result = CMath.power(base, exponent)
      guard result.isFinite else {
        throw Failure("D3061", value: try call.run.json(call[0]), details: ["index": 1, "exp": try call.run.json(call[1])])
      }
      return .number(result)
    },
    Builtin("formatBase", "<n-n?:s>", parameters: 2) { call throws(Failure) in
      guard let number = try call.number(0) else { return .undefined }
      let radix = rounded(try call.number(1) ?? 10, places: 0)
      guard 2...36 ~= radix else { throw Failure("D3100", value: JSONValue(number: radix)) }
      return .string(digits(of: rounded(number, places: 0), radix: Int(radix)))
    },
    Builtin("random", "<:n>", parameters: 0) { call throws(Failure) in .number(call.run.random.nextUnit()) },
  ]

  private static func map(_ call: Arguments, _ function: (Double) -> Double) throws(Failure) -> Value {
    guard let number = try call.number(0) else { return .undefined }
    let result = function(number)
    return .number(result == 0 ? 0 : result)
  }

  /// Digits with an optional sign, fraction and exponent, or an integer with the prefix 0x, 0o or 0b.
  static func number(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    if bytes.count > 2, bytes[0] == UInt8(ascii: "0"),
      let radix = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2][bytes[1] | 0x20]
    {
      var value = 0.0
      for byte in bytes[2...] {
        guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { return nil }
        value = value * Double(radix) + Double(digit)
      }
      return value
    }
    var index = 0
    func digits() -> Bool {
      let start = index
      while index < bytes.count, 0x30...0x39 ~= bytes[index] { index += 1 }
      return index > start
    }
    if bytes.first == UInt8(ascii: "-") { index = 1 }
    guard digits() else { return nil }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      guard digits() else { return nil }
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
      guard digits() else { return nil }
    }
    guard index == bytes.count, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// Rounds half to even, at a place counted behind the decimal point. The point is moved in the number's digits, since
  /// multiplying would add errors of its own.
  static func rounded(_ value: Double, places: Int) -> Double {
    guard value.isFinite else { return value }
    let shifted = moved(value, by: places).rounded(.toNearestOrEven)
    guard shifted.isFinite else { return value }
    let result = moved(shifted, by: -places)
    return result == 0 ? 0 : result
  }

  private static func moved(_ value: Double, by places: Int) -> Double {
    guard places != 0 else { return value }
    let text = "\(value)"
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "e")) else { return Double("\(text)e\(places)") ?? value }
    let exponent = Int(text[text.utf8.index(after: mark)...]) ?? 0
    return Double("\(text[..<mark])e\(exponent + places)") ?? value
  }

  private static func digits(of value: Double, radix: Int) -> String {
    guard value.isFinite, radix != 10 else { return numberText(value) }
    var rest = value.magnitude
    if let integer = UInt64(exactly: rest) { return (value < 0 ? "-" : "") + String(integer, radix: radix) }
    var digits: [UInt8] = []
    while rest >= 1 {
      let digit = Int(rest.truncatingRemainder(dividingBy: Double(radix)))
      digits.append(UInt8(digit < 10 ? 48 + digit : 87 + digit))
      rest = (rest / Double(radix)).rounded(.down)
    }
    return (value < 0 ? "-" : "") + String(decoding: digits.reversed(), as: UTF8.self)
  }
}

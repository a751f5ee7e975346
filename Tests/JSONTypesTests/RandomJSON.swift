import JSONTypes

/// Values that follow from a seed: every kind, every plane of Unicode, extreme numbers.
struct RandomJSON {
  var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func value(depth: Int = 4) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .int(integer())
    case 3, 4: return .double(double())
    case 5: return .bigInteger((Bool.random(using: &random) ? "-" : "") + "9" + (0..<Int.random(in: 19...60, using: &random)).map { _ in "\(random.next() % 10)" }.joined())
    case 6: return .string(text())
    case 7: return .array((0..<Int.random(in: 0...6, using: &random)).map { _ in value(depth: depth - 1) })
    default: return .object(object(depth: depth))
    }
  }

  mutating func object(depth: Int) -> JSONObject {
    let count = Int.random(in: 0..<20, using: &random) == 0 ? 100 : Int.random(in: 0...9, using: &random)
    var object = JSONObject()
    for _ in 0..<count { object[key()] = value(depth: count > 20 ? 0 : depth - 1) }
    return object
  }

  /// Mostly one of few, so that objects are of one make.
  mutating func key() -> String {
    Int.random(in: 0..<3, using: &random) == 0 ? text() : ["id", "name", "a rather long key of a member", "", "é", "x"].randomElement(using: &random)!
  }

  mutating func integer() -> Int64 {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: [Int64.min, .max, 0, -1, 999_999_999_999_999_999, 1_000_000_000_000_000_000].randomElement(using: &random)!
    case 1: Int64(truncatingIfNeeded: random.next())
    default: Int64.random(in: -1000...1000, using: &random)
    }
  }

  mutating func double() -> Double {
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      return [
        0.0, -0.0, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, 1e7, 1e-3, 9_999_999.999999998, 1e23, 0x1p53,
        0x1p63, .pi, 1.0E-5,
      ].randomElement(using: &random)!
    case 1, 2:
      let value = Double(bitPattern: random.next())
      return value.isFinite ? value : 0.1
    case 3: return Double(Int.random(in: -100_000...100_000, using: &random)) / 100
    case 4: return Double.random(in: -1...1, using: &random)
    default: return Double(Int.random(in: -1_000_000...1_000_000, using: &random))
    }
  }

  mutating func text() -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...24, using: &random) { scalars.append(scalar()) }
    return String(scalars)
  }

  mutating func scalar() -> Unicode.Scalar {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: Unicode.Scalar(UInt8.random(in: 0..<0x20, using: &random))
    case 1: ["\"", "\\", "/", "\u{7F}", "\u{2028}", "\u{FEFF}", "\u{301}"].randomElement(using: &random)!
    case 2: Unicode.Scalar(UInt32.random(in: 0x80..<0x800, using: &random))!
    case 3: Unicode.Scalar(UInt32.random(in: 0x800..<0x11_0000, using: &random)) ?? "\u{FFFD}"
    default: Unicode.Scalar(UInt8.random(in: 0x20..<0x7F, using: &random))
    }
  }
}

extension JSONValue {
  /// Equality of representation: `1` is not `1.0`, `0.0` is not `-0.0`, and the order of keys counts.
  func isIdentical(to other: JSONValue) -> Bool {
    switch (self, other) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern
    case (.bigInteger(let a), .bigInteger(let b)): a == b
    case (.string(let a), .string(let b)): Array(a.utf8) == Array(b.utf8)
    case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isIdentical(to: $1) }
    case (.object(let a), .object(let b)):
      a.count == b.count && zip(a, b).allSatisfy { Array($0.key.utf8) == Array($1.key.utf8) && $0.value.isIdentical(to: $1.value) }
    default: false
    }
  }
}

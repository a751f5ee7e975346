extension JSONValue {
  /// A double as Java's `Double.toString` writes it, which is what Step Functions prints: `1.0`, `0.1`, `1.0E10`, `1.0E-5`.
  /// What JSON cannot write, infinities and NaN, becomes `null`.
  public static func text(of value: Double) -> String {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DoubleText.maximumByteCount) { buffer in
      let count = DoubleText.write(value, to: buffer.baseAddress!)
      return String(decoding: UnsafeBufferPointer(rebasing: buffer[..<count]), as: UTF8.self)
    }
  }
}

/// The shortest decimal that reads back to the same double, in Java's layout: plain from 10⁻³ up to 10⁷, otherwise scientific,
/// always with a point.
///
/// Source: Java SE 19 and later, `Double.toString`.
enum DoubleText {
  /// A sign, 17 digits, a point, `E`, a sign, three digits.
  static let maximumByteCount = 26

  static func byteCount(of value: Double) -> Int {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumByteCount) { write(value, to: $0.baseAddress!) }
  }

  /// Writes at most `maximumByteCount` bytes; returns how many.
  static func write(_ value: Double, to target: UnsafeMutablePointer<UInt8>) -> Int {
    guard value.isFinite else { return write("null", to: target) }
    var out = target
    if value.sign == .minus {
      out.pointee = UInt8(ascii: "-")
      out += 1
    }
    let magnitude = value.magnitude
    if magnitude == 0 { return out - target + write("0.0", to: out) }
    let decimal = Decimal(magnitude)
    let count = decimal.significand.decimalDigitCount
    /// The value is 0.DIGITS × 10^point.
    let point = count + decimal.exponent
    if magnitude >= 1e-3, magnitude < 1e7 {
      out += writePlain(decimal.significand, count: count, point: point, to: out)
    } else {
      out += writeScientific(decimal.significand, count: count, point: point, to: out)
    }
    return out - target
  }

  private static func writePlain(_ digits: UInt64, count: Int, point: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if point <= 0 {
      let zeros = 2 - point
      for index in 0..<zeros { target[index] = UInt8(ascii: "0") }
      target[1] = UInt8(ascii: ".")
      digits.writeDigits(to: target + zeros, count: count)
      return zeros + count
    }
    if count <= point {
      digits.writeDigits(to: target, count: count)
      for index in count..<point { target[index] = UInt8(ascii: "0") }
      return point + write(".0", to: target + point)
    }
    // One place more than the digits; those before the point move to the left.
    digits.writeDigits(to: target + 1, count: count)
    for index in 0..<point { target[index] = target[index + 1] }
    target[point] = UInt8(ascii: ".")
    return count + 1
  }

  private static func writeScientific(_ digits: UInt64, count: Int, point: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
    digits.writeDigits(to: target + 1, count: count)
    target[0] = target[1]
    target[1] = UInt8(ascii: ".")
    var out = target + count + 1
    if count == 1 {
      out.pointee = UInt8(ascii: "0")
      out += 1
    }
    out.pointee = UInt8(ascii: "E")
    out += 1
    let exponent = point - 1
    if exponent < 0 {
      out.pointee = UInt8(ascii: "-")
      out += 1
    }
    let exponentDigits = UInt64(exponent.magnitude)
    let exponentCount = exponentDigits.decimalDigitCount
    exponentDigits.writeDigits(to: out, count: exponentCount)
    return out - target + exponentCount
  }

  private static func write(_ text: StaticString, to target: UnsafeMutablePointer<UInt8>) -> Int {
    target.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    return text.utf8CodeUnitCount
  }
}

extension DoubleText {
  /// significand × 10^exponent, without trailing zeros in the significand.
  struct Decimal {
    var significand: UInt64
    var exponent: Int

    /// The shortest decimal for a positive finite double.
    init(_ magnitude: Double) {
      // Decimals of up to fifteen digits name different doubles, so one that reads back is the shortest there is.
      // Whole numbers below 2⁵³ are their own shortest decimal.
      if magnitude < 0x1p53, magnitude >= 1e-3 {
        let whole = UInt64(magnitude)
        if Double(whole) == magnitude {
          self.init(whole, 0)
          return
        }
        if magnitude < 1e9 {
          let millionths = UInt64(magnitude * 1e6 + 0.5)
          if Double(millionths) / 1e6 == magnitude {
            self.init(millionths, -6)
            return
          }
        }
      }
      self.init(shortestOf: magnitude)
    }

    private init(_ significand: UInt64, _ exponent: Int) {
      self.significand = significand
      self.exponent = exponent
      while self.significand % 10 == 0 {
        self.significand /= 10
        self.exponent += 1
      }
    }

    /// Takes the digits from Swift's description, which are the shortest; only the layout differs from Java's.
    private init(shortestOf magnitude: Double) {
      var significand: UInt64 = 0
      var fractionDigits = 0
      var exponent = 0
      var isFraction = false
      var isExponent = false
      var isNegative = false
      for byte in magnitude.description.utf8 {
        switch byte {
        case UInt8(ascii: "."): isFraction = true
        case UInt8(ascii: "e"): isExponent = true
        case UInt8(ascii: "-"): isNegative = true
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
          if isExponent {
            exponent = exponent * 10 + Int(byte & 15)
          } else {
            significand = significand * 10 + UInt64(byte & 15)
            if isFraction { fractionDigits += 1 }
          }
        default: break
        }
      }
      self.init(significand, (isNegative ? -exponent : exponent) - fractionDigits)
      if self.significand < 10, magnitude < 0x1p-1062 { useTwoDigits(for: magnitude) }
    }

    /// Java writes at least two digits. Where one digit is enough to tell a double from its neighbours but two come closer,
    /// which only the smallest subnormals allow, it takes the closer two: `4.9E-324`, not `5.0E-324`.
    private mutating func useTwoDigits(for magnitude: Double) {
      // In units of the smallest double, 4.94… × 10⁻³²⁴.
      var scaled = Double(magnitude.bitPattern) * 4.940656458412465442
      var tens = -324
      while scaled >= 100 {
        scaled /= 10
        tens += 1
      }
      if scaled < 10 {
        scaled *= 10
        tens -= 1
      }
      self = Decimal(UInt64(scaled + 0.5), tens)
    }
  }
}

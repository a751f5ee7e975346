/// A moment, in microseconds since 1970-01-01T00:00:00Z on the proleptic Gregorian calendar without leap seconds.
public struct Timestamp: Sendable, Hashable, Comparable {
  public var microseconds: Int64

  @inlinable public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

  /// This moment plus a span in seconds, kept within what a timestamp can hold.
  public func advanced(bySeconds seconds: Int64) -> Timestamp {
    let (span, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (sum, overflow2) = microseconds.addingReportingOverflow(span)
    return overflow || overflow2 ? Timestamp(microseconds: seconds < 0 ? .min : .max) : Timestamp(microseconds: sum)
  }

  /// This moment plus a span, kept within what a timestamp can hold; what is less than a microsecond does not count.
  public func advanced(by duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    let whole = advanced(bySeconds: seconds)
    let (sum, overflow) = whole.microseconds.addingReportingOverflow(attoseconds / 1_000_000_000_000)
    return overflow ? whole : Timestamp(microseconds: sum)
  }
}

extension Timestamp {
  /// Reads an ISO 8601 extended date-time with offset, as the service does: `2016-08-18T17:33:00Z`, `…T17:33:00.123+02:00`.
  /// Seconds and fraction may be left out; letters may be lower case; the date must exist.
  ///
  /// Source: the causes recorded from the service name an "ISO-8601 extended offset date-time format string".
  /// - Returns: nil for any other text, above all one without `T` or without an offset.
  public init?(iso8601 text: String) {
    var text = text
    let value = text.withUTF8 { bytes -> Int64? in
      var reader = DateTimeReader(bytes)
      guard let value = reader.readDateTime(), reader.isAtEnd else { return nil }
      return value
    }
    guard let value else { return nil }
    self.init(microseconds: value)
  }

  /// `2019-03-26T20:14:13.192Z`: UTC with milliseconds, the form of the context object.
  public var iso8601: String {
    let milliseconds = microseconds.floorDivided(by: 1000)
    let days = milliseconds.floorDivided(by: 86_400_000)
    var rest = milliseconds - days * 86_400_000
    let (year, month, day) = civil(fromDays: days)
    let fraction = rest % 1000
    rest /= 1000
    func padded(_ value: Int64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2)
      + ":" + padded(rest % 60, 2) + "." + padded(fraction, 3) + "Z"
  }
}

extension Timestamp {
  /// A time as a definition must write it: with its seconds, which other readers of ISO 8601 can do without.
  ///
  /// Spec: RFC 3339, section 5.6.
  init?(literal text: String) {
    guard text.utf8.count(where: { $0 == UInt8(ascii: ":") }) >= (text.utf8.last.map { $0 | 0x20 } == UInt8(ascii: "z") ? 2 : 3) else { return nil }
    self.init(iso8601: text)
  }
}

/// Days since 1970-01-01 of a date; years may be negative.
private func days(year: Int64, month: Int64, day: Int64) -> Int64 {
  // Years begin in March, so that the leap day is the last.
  let shifted = month <= 2 ? year - 1 : year
  let era = shifted.floorDivided(by: 400)
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
  let shifted = days + 719_468
  let era = shifted.floorDivided(by: 146_097)
  let dayOfEra = shifted - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthIndex = (5 * dayOfYear + 2) / 153
  let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
  return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
}

extension Int64 {
  func floorDivided(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor != 0 && (self < 0) != (divisor < 0) ? quotient - 1 : quotient
  }
}

/// Reads the parts of a date-time; each method moves on only past what it understood.
private struct DateTimeReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Character) -> Bool {
    guard position < bytes.count, let expected = character.asciiValue, bytes[position] == expected || bytes[position] == expected | 0x20 else {
      return false
    }
    position += 1
    return true
  }

  mutating func number(digits: Int, in range: ClosedRange<Int64>) -> Int64? {
    guard position + digits <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + digits] {
      guard byte &- 0x30 < 10 else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    position += digits
    return range.contains(value) ? value : nil
  }

  mutating func readDateTime() -> Int64? {
    guard let year = number(digits: 4, in: 0...9999), take("-"), let month = number(digits: 2, in: 1...12), take("-"),
      let day = number(digits: 2, in: 1...31), civil(fromDays: days(year: year, month: month, day: day)) == (year, month, day),
      take("T"), let hour = number(digits: 2, in: 0...23), take(":"), let minute = number(digits: 2, in: 0...59)
    else { return nil }
    var second: Int64 = 0
    var micro: Int64 = 0
    if take(":") {
      guard let value = number(digits: 2, in: 0...59) else { return nil }
      second = value
      if take(".") {
        var digits = 0
        while position < bytes.count, bytes[position] &- 0x30 < 10 {
          if digits < 6 { micro = micro * 10 + Int64(bytes[position] - 0x30) }
          digits += 1
          position += 1
        }
        guard (1...9).contains(digits) else { return nil }
        for _ in digits..<max(6, digits) { micro *= 10 }
      }
    }
    guard let offset = readOffset() else { return nil }
    let seconds = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    return seconds * 1_000_000 + micro
  }

  /// Seconds east of UTC.
  mutating func readOffset() -> Int64? {
    if take("Z") { return 0 }
    guard position < bytes.count else { return nil }
    let sign: Int64
    switch bytes[position] {
    case UInt8(ascii: "+"): sign = 1
    case UInt8(ascii: "-"): sign = -1
    default: return nil
    }
    position += 1
    guard let hours = number(digits: 2, in: 0...18), take(":"), let minutes = number(digits: 2, in: 0...59) else { return nil }
    var seconds: Int64 = 0
    if take(":") {
      guard let value = number(digits: 2, in: 0...59) else { return nil }
      seconds = value
    }
    let offset = hours * 3600 + minutes * 60 + seconds
    return offset <= 18 * 3600 ? sign * offset : nil
  }
}

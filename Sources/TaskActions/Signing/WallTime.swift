#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A moment of the civil clock (UTC), to the nanosecond, as the signer and AWS's timestamps need it.
public struct WallTime: Sendable, Hashable, Comparable {
  public var secondsSinceEpoch: Int64
  /// 0 to 999,999,999.
  public var nanoseconds: Int64

  public init(secondsSinceEpoch: Int64, nanoseconds: Int64 = 0) {
    self.secondsSinceEpoch = secondsSinceEpoch
    self.nanoseconds = nanoseconds
  }

  public static var now: WallTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(secondsSinceEpoch: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }

  public static func < (left: WallTime, right: WallTime) -> Bool {
    (left.secondsSinceEpoch, left.nanoseconds) < (right.secondsSinceEpoch, right.nanoseconds)
  }

  public func advanced(bySeconds seconds: Int64) -> WallTime {
    WallTime(secondsSinceEpoch: secondsSinceEpoch + seconds, nanoseconds: nanoseconds)
  }

  /// `20261122T120000Z`.
  var basicText: String {
    let (year, month, day, hour, minute, second) = civil
    return padded(year, 4) + padded(month, 2) + padded(day, 2) + "T" + padded(hour, 2) + padded(minute, 2) + padded(second, 2) + "Z"
  }

  /// `2026-11-22T12:00:00Z`.
  public var text: String { iso8601Text }

  /// `2026-11-22T12:00:00.123Z`: with 0, 3, 6 or 9 digits of the second, as Java's `Instant` writes itself.
  var iso8601Text: String {
    let (year, month, day, hour, minute, second) = civil
    var text =
      padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" + padded(hour, 2) + ":" + padded(minute, 2) + ":"
      + padded(second, 2)
    if nanoseconds != 0 {
      let (digits, value) =
        nanoseconds % 1_000_000 == 0 ? (3, nanoseconds / 1_000_000) : nanoseconds % 1000 == 0 ? (6, nanoseconds / 1000) : (9, nanoseconds)
      text += "." + padded(value, digits)
    }
    return text + "Z"
  }

  /// `Sun, 22 Nov 2026 12:00:00 GMT`.
  var httpDateText: String {
    let (year, month, day, hour, minute, second) = civil
    let days = secondsSinceEpoch >= 0 ? secondsSinceEpoch / 86400 : (secondsSinceEpoch - 86399) / 86400
    // 1 January 1970 was a Thursday.
    let weekday = Self.weekdays[Int(((days + 4) % 7 + 7) % 7)]
    return
      "\(weekday), \(padded(day, 2)) \(Self.months[Int(month - 1)]) \(padded(year, 4)) \(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)) GMT"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Reads the date of an HTTP header, `Sun, 22 Nov 2026 12:00:00 GMT`; nil for anything else.
  init?(httpDate text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT" || parts[5] == "UTC", let day = Int64(parts[1]),
      (1...31).contains(day),
      let month = Self.months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]), (1...9999).contains(year)
    else { return nil }
    let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
    guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    self.init(secondsSinceEpoch: daysSinceEpoch(year, Int64(month + 1), day) * 86400 + hour * 3600 + minute * 60 + second)
  }

  /// Reads `2026-11-22T12:00:00Z` with an optional fraction, or the basic form without separators; nil for anything else.
  init?(iso8601 text: String) {
    let digits = text.utf8.filter { (0x30...0x39).contains($0) }.map { Int64($0 - 0x30) }
    let head = text.utf8.filter {
      !(0x30...0x39).contains($0) && $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ".")
    }
    guard head.elementsEqual("TZ".utf8), digits.count >= 14, digits.count <= 23 else { return nil }
    func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
    guard (1...12).contains(number(4..<6)), (1...31).contains(number(6..<8)), number(8..<10) < 24, number(10..<12) < 60,
      number(12..<14) <= 60
    else { return nil }
    var fraction = number(14..<digits.count)
    for _ in digits.count..<23 { fraction *= 10 }
    let days = daysSinceEpoch(number(0..<4), number(4..<6), number(6..<8))
    self.init(secondsSinceEpoch: days * 86400 + number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14), nanoseconds: fraction)
  }

  /// The moment that a JSON number of epoch seconds names, to the millisecond, as AWS's JSON protocol counts; nil when it is no such moment.
  init?(epochSeconds: Double) {
    let milliseconds = (epochSeconds * 1000).rounded()
    guard milliseconds.isFinite, abs(milliseconds) < 2.5e14 else { return nil }
    let whole = Int64(milliseconds)
    let seconds = whole >= 0 ? whole / 1000 : (whole - 999) / 1000
    self.init(secondsSinceEpoch: seconds, nanoseconds: (whole - seconds * 1000) * 1_000_000)
  }

  private var civil: (year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64) {
    let days = secondsSinceEpoch >= 0 ? secondsSinceEpoch / 86400 : (secondsSinceEpoch - 86399) / 86400
    let rest = secondsSinceEpoch - days * 86400
    // Counts from 1 March of year 0, so that the leap day ends a year.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, rest / 3600, rest / 60 % 60, rest % 60)
  }
}

private func daysSinceEpoch(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
  let shiftedYear = month <= 2 ? year - 1 : year
  let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
  let yearOfEra = shiftedYear - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func padded(_ number: Int64, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

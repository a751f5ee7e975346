/// A point in time in the Gregorian calendar, UTC.
struct CalendarDate {
  let year: Int
  /// 1…12
  let month: Int
  let day: Int
  let hour: Int
  let minute: Int
  let second: Int
  let millisecond: Int
  /// Days since 1970-01-01.
  let dayNumber: Int

  /// Nil beyond the 100,000,000 days around 1970 that JavaScript's dates reach.
  init?(milliseconds: Double) {
    guard milliseconds.magnitude <= 8.64e15 else { return nil }
    let total = Int(milliseconds.rounded(.towardZero))
    let days = Self.floorDivide(total, 86_400_000)
    var rest = total - days * 86_400_000
    dayNumber = days
    millisecond = rest % 1000
    rest /= 1000
    second = rest % 60
    minute = rest / 60 % 60
    hour = rest / 3600
    // Years begin in March, so that the leap day is the last.
    let shifted = days + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  static func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }

  /// Days since 1970-01-01; months and days may lie outside of their ranges.
  static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let year = year + floorDivide(month - 1, 12)
    let month = month - 12 * floorDivide(month - 1, 12)
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// 1 is Monday, 7 Sunday.
  static func weekday(_ dayNumber: Int) -> Int { dayNumber + 3 - 7 * floorDivide(dayNumber + 3, 7) + 1 }

  /// The Monday of the first week of a month, or of a year (its first month): the week that holds the first Thursday.
  static func firstWeek(year: Int, month: Int) -> Int {
    let first = dayNumber(year: year, month: month, day: 1)
    let weekday = weekday(first)
    return weekday > 4 ? first + 8 - weekday : first - weekday + 1
  }
}

enum ISO8601 {
  /// Milliseconds since 1970 of `2018-12-31T23:59:59.999Z` and its shorter forms; not a number when a field is out of its range;
  /// nil when the text has another form.
  static func milliseconds(of text: String) -> Double? {
    let bytes = Array(text.utf8)
    var index = 0
    func digits(_ count: Int) -> Int? {
      guard index + count <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[index..<index + count] {
        guard 0x30...0x39 ~= byte else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      index += count
      return value
    }
    func next(_ scalar: Unicode.Scalar) -> Bool {
      guard index < bytes.count, bytes[index] == UInt8(ascii: scalar) else { return false }
      index += 1
      return true
    }
    guard let year = digits(4) else { return nil }
    var month = 1
    var day = 1
    var (hour, minute, second, fraction) = (0, 0, 0, 0)
    if next("-") {
      guard let value = digits(2) else { return nil }
      month = value
      if next("-") {
        guard let value = digits(2) else { return nil }
        day = value
      }
    }
    if next("T") {
      guard let h = digits(2), next(":"), let m = digits(2), next(":"), let s = digits(2) else { return nil }
      (hour, minute, second) = (h, m, s)
    }
    if next(".") {
      var place = 100
      let start = index
      while index < bytes.count, 0x30...0x39 ~= bytes[index] {
        fraction += Int(bytes[index] - 0x30) * place
        place /= 10
        index += 1
      }
      guard index > start else { return nil }
    }
    var offset = 0
    if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
      let sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
      index += 1
      guard let hours = digits(2) else { return nil }
      _ = next(":")
      guard let minutes = digits(2) else { return nil }
      offset = sign * (hours * 60 + minutes)
    } else {
      _ = next("Z")
    }
    guard index == bytes.count else { return nil }
    let isMidnight = hour == 24 && minute == 0 && second == 0 && fraction == 0
    guard 1...12 ~= month, 1...31 ~= day, 0...23 ~= hour || isMidnight, minute < 60, second < 60 else { return .nan }
    let days = CalendarDate.dayNumber(year: year, month: month, day: day)
    return Double(days * 86_400_000 + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction)
  }
}

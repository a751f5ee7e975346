/// How dates and times are written in the objects of a COPY: what DATEFORMAT and TIMEFORMAT say.
///
/// Source: Redshift's guide, "DATEFORMAT and TIMEFORMAT strings", "Using automatic recognition with DATEFORMAT and TIMEFORMAT".
enum TimeFormat: Hashable, Sendable {
  /// `YYYY-MM-DD`, `YYYY-MM-DD HH:MI:SS`.
  case standard
  /// Whatever the database recognizes.
  case automatic
  case epochSeconds, epochMilliseconds
  case pattern([Element])

  enum Element: Hashable, Sendable {
    case year, shortYear, month, monthName, day, hour, hourOfTwelve, minute, second, fraction, halfOfDay, offset
    /// This character itself.
    case character(Character)
  }

  /// - Parameter knowsEpoch: whether it is TIMEFORMAT.
  /// Nil for a text without any part of a date or time.
  init?(_ text: String, knowsEpoch: Bool) {
    switch text.lowercased() {
    case "auto": self = .automatic
    case "epochsecs" where knowsEpoch: self = .epochSeconds
    case "epochmillisecs" where knowsEpoch: self = .epochMilliseconds
    default:
      let elements = Self.elements(of: text)
      guard elements.contains(where: { if case .character = $0 { false } else { true } }) else { return nil }
      self = .pattern(elements)
    }
  }

  /// The longest names come first.
  private static let names: [(String, Element)] = [
    ("YYYY", .year), ("YY", .shortYear), ("MONTH", .monthName), ("MON", .monthName), ("MM", .month), ("MI", .minute), ("MS", .fraction), ("DD", .day),
    ("HH24", .hour), ("HH12", .hourOfTwelve), ("HH", .hour), ("SS", .second), ("US", .fraction), ("OF", .offset), ("AM", .halfOfDay), ("PM", .halfOfDay),
  ]

  private static func elements(of text: String) -> [Element] {
    var elements: [Element] = []
    var rest = Substring(text)
    while let first = rest.first {
      let upper = rest.prefix(5).uppercased()
      // `SS.SSS` is how many write a fraction.
      if upper.hasPrefix("S"), elements.last == .character("."), elements.contains(.second) {
        elements.append(.fraction)
        rest = rest.drop { $0 == "S" || $0 == "s" }
      } else if let (name, element) = names.first(where: { upper.hasPrefix($0.0) }) {
        elements.append(element)
        rest = rest.dropFirst(name.count)
      } else {
        elements.append(.character(first))
        rest.removeFirst()
      }
    }
    return elements
  }

  /// What a value means, as the database reads it.
  ///
  /// - Parameter hasTime: false for a DATE, which leaves away what comes behind it.
  /// - Returns: `2024-01-31`, `2024-01-31 10:20:30.5+00`; nil for a value of another form.
  func normalized(_ value: String, hasTime: Bool) -> String? {
    switch self {
    case .automatic: return value
    case .epochSeconds: return Self.moment(value, unitsInSecond: 1)
    case .epochMilliseconds: return Self.moment(value, unitsInSecond: 1000)
    case .standard: return Self.standard(value, hasTime: hasTime)
    case .pattern(let elements):
      var reader = TimeReader(value)
      return reader.moment(elements, hasTime: hasTime)
    }
  }

  private static func standard(_ value: String, hasTime: Bool) -> String? {
    var reader = TimeReader(value)
    guard let year = reader.number(4, exactly: true), reader.takes(in: "-/."), let month = reader.number(2, exactly: true), reader.takes(in: "-/."),
      let day = reader.number(2, exactly: true), isDate(year, month, day)
    else { return nil }
    let date = "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
    guard hasTime else { return date }
    let time = reader.rest.drop { $0 == " " }
    if time.isEmpty { return reader.rest.isEmpty ? date : date + " 00:00:00" }
    guard reader.rest.first == " ", time.first?.isNumber == true, time.allSatisfy({ $0.isNumber || ":.+-".contains($0) }) else { return nil }
    return date + " " + time
  }

  /// Seconds since 1970, or parts of them.
  private static func moment(_ value: String, unitsInSecond: Int64) -> String? {
    let parts = value.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int64(parts[0]), abs(whole / unitsInSecond) < 9_000_000_000_000 else { return nil }
    let seconds = whole >= 0 ? whole / unitsInSecond : -((-whole + unitsInSecond - 1) / unitsInSecond)
    var micros = (whole - seconds * unitsInSecond) * (1_000_000 / unitsInSecond)
    if parts.count == 2 {
      guard parts[1].allSatisfy(\.isNumber), whole >= 0 else { return nil }
      let fraction = Int64((parts[1] + "000000").prefix(6)) ?? 0
      micros += fraction / unitsInSecond
    }
    let days = seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400)
    let rest = seconds - days * 86400
    let date = Moment.date(ofDay: Int(days))
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2)) \(digits(Int(rest / 3600), 2)):\(digits(Int(rest / 60 % 60), 2)):"
      + "\(digits(Int(rest % 60), 2))" + (micros == 0 ? "" : "." + digits(Int(micros), 6)) + "+00"
  }

  static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }

  static func isDate(_ year: Int, _ month: Int, _ day: Int) -> Bool {
    guard year >= 1, (1...12).contains(month), day >= 1 else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return day <= days
  }
}

/// Reads a value along the elements of a format.
private struct TimeReader {
  private(set) var rest: Substring

  init(_ value: String) { rest = Substring(value) }

  /// A number of at most so many digits.
  mutating func number(_ count: Int, exactly: Bool = false) -> Int? {
    let digits = rest.prefix(count).prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, !exactly || digits.count == count, let number = Int(digits) else { return nil }
    rest = rest.dropFirst(digits.count)
    return number
  }

  mutating func takes(in characters: String) -> Bool {
    guard let first = rest.first, characters.contains(first) else { return false }
    rest.removeFirst()
    return true
  }

  private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

  /// The date and time in the database's own form; nil where the value goes another way than the format.
  mutating func moment(_ elements: [TimeFormat.Element], hasTime: Bool) -> String? {
    var (year, month, day, hour, minute, second) = (1, 1, 1, 0, 0, 0)
    var fraction = ""
    var offset = ""
    var isAfternoon: Bool?
    for (place, element) in elements.enumerated() {
      // What is left away at the end is zero.
      if rest.isEmpty, elements[..<place].contains(.day) || elements[..<place].contains(.month) { break }
      switch element {
      case .character(let character):
        guard rest.first == character else { return nil }
        rest.removeFirst()
      case .year:
        guard let number = number(4) else { return nil }
        year = number
      case .shortYear:
        guard let number = number(2) else { return nil }
        year = number + (number < 70 ? 2000 : 1900)
      case .month:
        guard let number = number(2) else { return nil }
        month = number
      case .monthName:
        let letters = rest.prefix { $0.isASCII && $0.isLetter }
        guard letters.count >= 3, let index = Self.months.firstIndex(of: letters.prefix(3).uppercased()) else { return nil }
        month = index + 1
        rest = rest.dropFirst(letters.count)
      case .day:
        guard let number = number(2) else { return nil }
        day = number
      case .hour, .hourOfTwelve:
        guard let number = number(2) else { return nil }
        hour = number
      case .minute:
        guard let number = number(2) else { return nil }
        minute = number
      case .second:
        guard let number = number(2) else { return nil }
        second = number
        // A fraction may stand behind the seconds, whether the format has one or not.
        if rest.first == ".", !elements[place...].contains(.fraction) {
          rest.removeFirst()
          fraction = takeDigits()
        }
      case .fraction: fraction = takeDigits()
      case .halfOfDay:
        let word = rest.prefix(2).uppercased()
        guard word == "AM" || word == "PM" else { return nil }
        isAfternoon = word == "PM"
        rest = rest.dropFirst(2)
      case .offset:
        offset = String(rest.prefix { $0 == "+" || $0 == "-" || $0 == ":" || $0.isNumber || $0 == "Z" || $0 == "z" })
        guard !offset.isEmpty else { return nil }
        rest = rest.dropFirst(offset.count)
      }
    }
    if let isAfternoon {
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard TimeFormat.isDate(year, month, day), hour < 24, minute < 60, second < 60 else { return nil }
    // What stands behind a date is left away, but only where it can be a time.
    guard rest.allSatisfy({ $0 == " " }) || (!hasTime && (rest.first == " " || rest.first == "T")) else { return nil }
    let date = "\(TimeFormat.digits(year, 4))-\(TimeFormat.digits(month, 2))-\(TimeFormat.digits(day, 2))"
    guard hasTime else { return date }
    return "\(date) \(TimeFormat.digits(hour, 2)):\(TimeFormat.digits(minute, 2)):\(TimeFormat.digits(second, 2))"
      + (fraction.isEmpty ? "" : "." + fraction.prefix(6)) + (offset.isEmpty ? "" : offset)
  }

  private mutating func takeDigits() -> String {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return String(digits)
  }
}

import JSONTypes

extension DatePicture {
  /// - Parameters:
  ///   - picture: ISO 8601 with milliseconds when nil.
  ///   - timeZone: an offset such as `+0530`; UTC when nil.
  static func text(of milliseconds: Double, picture: String?, timeZone: String?) throws(Failure) -> String {
    try DatePicture(picture ?? "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]").text(of: milliseconds, timeZone: timeZone)
  }

  func text(of milliseconds: Double, timeZone: String?) throws(Failure) -> String {
    let offset = timeZone.map { leadingInteger($0) } ?? 0
    let hours = offset.isNaN ? 0 : (offset / 100).rounded(.towardZero)
    let minutes = offset.isNaN ? 0 : offset.truncatingRemainder(dividingBy: 100)
    guard let date = CalendarDate(milliseconds: milliseconds + (hours * 60 + minutes) * 60_000) else {
      throw Failure("D1001", value: JSONValue(number: milliseconds))
    }
    var text = ""
    for part in parts {
      switch part {
      case .literal(let literal): text += literal
      case .marker(let marker):
        switch marker.component {
        case "Z", "z": text += try zone(marker, hours, minutes)
        case "P":
          let half = date.hour >= 12 ? "pm" : "am"
          text += marker.names == .upper ? half.uppercased() : half
        case "C", "E": text += "ISO"
        default: text += try component(marker, date)
        }
      }
    }
    return text
  }

  private func component(_ marker: Marker, _ date: CalendarDate) throws(Failure) -> String {
    var value = date.value(of: marker.component)
    if marker.component == "Y", let digits = marker.yearDigits, digits < 10 {
      var modulus = 1
      for _ in 0..<digits { modulus *= 10 }
      value %= modulus
    }
    guard let names = marker.names else { return try marker.integer?.text(of: Double(value)) ?? "" }
    var name: String
    switch marker.component {
    case "M", "x": name = Self.months[value - 1]
    case "F": name = Self.days[value - 1]
    default: throw Failure("D3133", value: .string(String(marker.component)))
    }
    if names == .upper { name = name.uppercased() } else if names == .lower { name = name.lowercased() }
    if let width = marker.maximumWidth { name = String(name.prefix(width)) }
    return name
  }

  private func zone(_ marker: Marker, _ hours: Double, _ minutes: Double) throws(Failure) -> String {
    let offset = hours * 100 + minutes
    if offset == 0, marker.isTraditional { return "Z" }
    guard let integer = marker.integer else { throw Failure("D3133", value: .string(String(marker.component))) }
    var text: String
    if integer.isRegular {
      text = try integer.text(of: offset)
    } else {
      switch integer.mandatoryDigits {
      case 1, 2:
        text = try integer.text(of: hours)
        if minutes != 0 { text += ":" + (try IntegerPicture("00").text(of: minutes.magnitude)) }
      case 3, 4: text = try integer.text(of: offset)
      default: throw Failure("D3134", value: .int(Int64(integer.mandatoryDigits)))
      }
    }
    if offset >= 0 { text = "+" + text }
    return marker.component == "z" ? "GMT" + text : text
  }
}

extension CalendarDate {
  /// The number that a component of a picture stands for.
  func value(of component: Unicode.Scalar) -> Int {
    switch component {
    case "Y": return year
    case "M": return month
    case "D": return day
    case "d": return dayNumber - Self.dayNumber(year: year, month: 1, day: 1) + 1
    case "F": return Self.weekday(dayNumber)
    case "W":
      return week(
        first: Self.firstWeek(year: year, month: 1), next: Self.firstWeek(year: year + 1, month: 1),
        previous: Self.firstWeek(year: year - 1, month: 1))
    case "w":
      return week(
        first: Self.firstWeek(year: year, month: month), next: Self.firstWeek(year: year, month: month + 1),
        previous: Self.firstWeek(year: year, month: month - 1))
    case "X":
      if dayNumber < Self.firstWeek(year: year, month: 1) { return year - 1 }
      return dayNumber >= Self.firstWeek(year: year + 1, month: 1) ? year + 1 : year
    case "x":
      if dayNumber < Self.firstWeek(year: year, month: month) { return month == 1 ? 12 : month - 1 }
      return dayNumber >= Self.firstWeek(year: year, month: month + 1) ? month % 12 + 1 : month
    case "H": return hour
    case "h": return hour % 12 == 0 ? 12 : hour % 12
    case "P": return hour >= 12 ? 1 : 0
    case "m": return minute
    case "s": return second
    case "f": return millisecond
    default: return 0
    }
  }

  /// The number of the week within a period whose first week begins at `first`.
  private func week(first: Int, next: Int, previous: Int) -> Int {
    if dayNumber < first { return (dayNumber - previous) / 7 + 1 }
    return dayNumber >= next ? 1 : (dayNumber - first) / 7 + 1
  }
}

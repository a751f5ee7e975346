import JSONTypes
import RegularExpressions

extension DatePicture {
  /// Milliseconds since 1970 of a text that has the picture's form, or nil when it has another.
  ///
  /// What the picture leaves out is taken from `now` where it is more significant than what is given, else it is zero.
  func milliseconds(of text: String, now: Double) throws(Failure) -> Double? {
    var pattern = "^"
    var markers: [Marker] = []
    for part in parts {
      switch part {
      case .literal(let literal): pattern += Self.escaped(literal)
      case .marker(let marker):
        pattern += "(" + (try self.pattern(of: marker)) + ")"
        markers.append(marker)
      }
    }
    let match: RegularExpression.Match?
    do throws(RegularExpressionError) {
      match = try RegularExpression(pattern + "$", options: .caseInsensitive).firstMatch(in: text)
    } catch {
      throw Failure(JSONataError.Code.matchLimit, value: .string(error.message))
    }
    guard let match else { return nil }
    var values: [Unicode.Scalar: Double] = [:]
    for (index, marker) in markers.enumerated() {
      guard let found = match.text(ofGroup: index + 1) else { continue }
      if let value = try value(of: String(found), marker) { values[marker.component] = value }
    }
    return values.isEmpty ? nil : try Self.milliseconds(values, now: now)
  }

  private static func escaped(_ literal: String) -> String {
    var text = ""
    for scalar in literal.unicodeScalars {
      if ".*+?^${}()|[]\\/".unicodeScalars.contains(scalar) { text += "\\" }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  private func pattern(of marker: Marker) throws(Failure) -> String {
    switch marker.component {
    case "Z", "z":
      var pattern = marker.component == "z" ? "GMT[-+][0-9]+" : "[-+][0-9]+"
      if let integer = marker.integer, integer.isRegular, let separator = integer.separators.first {
        pattern += Self.escaped(String(separator.character)) + "[0-9]+"
      }
      return marker.isTraditional ? "(?:" + pattern + "|Z)" : pattern
    default:
      if let integer = marker.integer { return try integer.pattern() }
      guard "MxFP".unicodeScalars.contains(marker.component) else { throw Failure("D3133", value: .string(String(marker.component))) }
      return "[a-zA-Z]+"
    }
  }

  private func value(of text: String, _ marker: Marker) throws(Failure) -> Double? {
    switch marker.component {
    case "Z", "z": return zoneMinutes(text, marker)
    case "f" where marker.names == nil:
      if case .decimal? = marker.integer?.style, text.utf8.count > 3 { return leadingInteger(text.prefix(3)) }
    default: break
    }
    if let integer = marker.integer {
      let value = try integer.value(of: text)
      return value.isNaN ? nil : value
    }
    func position(_ names: [String]) -> Double? {
      names.firstIndex { name in
        let shown = marker.maximumWidth.map { String(name.prefix($0)) } ?? name
        return shown.lowercased() == text.lowercased()
      }.map { Double($0 + 1) }
    }
    switch marker.component {
    case "M", "x": return position(Self.months)
    case "F": return position(Self.days)
    default: return text.lowercased() == "am" ? 0 : text.lowercased() == "pm" ? 1 : nil
    }
  }

  private func zoneMinutes(_ text: String, _ marker: Marker) -> Double {
    let digits = text.utf8.drop { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
    guard let first = digits.first else { return 0 }
    let sign: Double = first == UInt8(ascii: "-") ? -1 : 1
    let rest = String(decoding: Array(digits.dropFirst()), as: UTF8.self)
    if let integer = marker.integer, integer.isRegular, let separator = integer.separators.first,
      let mark = rest.unicodeScalars.firstIndex(of: separator.character)
    {
      return sign * (leadingInteger(rest[..<mark]) * 60 + leadingInteger(rest[rest.unicodeScalars.index(after: mark)...]))
    }
    if rest.utf8.count <= 2 { return sign * leadingInteger(rest) * 60 }
    return sign * (leadingInteger(rest.prefix(2)) * 60 + leadingInteger(rest.dropFirst(2)))
  }

  /// Puts a point in time together from the components given.
  private static func milliseconds(_ given: [Unicode.Scalar: Double], now: Double) throws(Failure) -> Double {
    var values = given
    func has(_ components: String) -> Bool { components.unicodeScalars.contains { (given[$0] ?? 0) != 0 } }
    /// Some of these components are given, and none of the others of its kind.
    func matches(_ components: String, of all: String) -> Bool {
      let others = String(all.unicodeScalars.filter { !components.unicodeScalars.contains($0) }.map { Character($0) })
      return has(components) && !has(others)
    }
    let dateKinds = "YXMxWwdD"
    let isDayOfMonth = matches("YMD", of: dateKinds)
    let isDayOfYear = !isDayOfMonth && matches("Yd", of: dateKinds)
    let isWeekOfMonth = matches("Xxw", of: dateKinds)
    let isWeekOfYear = !isWeekOfMonth && matches("XW", of: dateKinds)
    let isTwelveHours = !matches("Hmsf", of: "PHhmsf") && matches("Phmsf", of: "PHhmsf")
    if isWeekOfMonth || isWeekOfYear { throw Failure("D3136") }

    let order = (isDayOfYear ? "Yd" : "YMD") + (isTwelveHours ? "Phmsf" : "Hmsf")
    guard let current = CalendarDate(milliseconds: now) else { throw Failure("D1001", value: JSONValue(number: now)) }
    var started = false
    var ended = false
    for component in order.unicodeScalars {
      if values[component] != nil {
        started = true
        if ended { throw Failure("D3136") }
      } else if started {
        values[component] = "MDd".unicodeScalars.contains(component) ? 1 : 0
        ended = true
      } else {
        values[component] = Double(current.value(of: component))
      }
    }
    func whole(_ component: Unicode.Scalar) -> Int { Int(max(-1e9, min(1e9, values[component] ?? 0))) }
    if isTwelveHours { values["H"] = (values["h"] == 12 ? 0 : values["h"] ?? 0) + (values["P"] == 1 ? 12 : 0) }
    let days =
      isDayOfYear
      ? CalendarDate.dayNumber(year: whole("Y"), month: 1, day: 1) + whole("d") - 1
      : CalendarDate.dayNumber(year: whole("Y"), month: max(whole("M"), 1), day: whole("D"))
    let zone = values["Z"] ?? values["z"] ?? 0
    return Double(days) * 86_400_000 + ((Double(whole("H")) * 60 + Double(whole("m")) - zone) * 60 + Double(whole("s"))) * 1000
      + Double(whole("f"))
  }
}

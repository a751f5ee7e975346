/// How Redshift writes intervals whose type says what they count: `1 years 2 mons`, `1 days 2 hours 3 mins 4.5 secs`.
///
/// Source: Redshift's guide, "Interval data types and literals".
struct IntervalText: Hashable {
  /// Years and months, else days to seconds.
  private let isYearToMonth: Bool

  var typeName: String { isYearToMonth ? "intervaly2m" : "intervald2s" }

  /// - Parameter modifier: of PostgreSQL's type; nil comes back for an interval of any fields.
  init?(modifier: Int) {
    // PostgreSQL: MONTH is bit 1 of the fields, YEAR bit 2, those from DAY on are others.
    guard modifier >= 0 else { return nil }
    let fields = modifier >> 16 & 0x7FFF
    guard fields != 0x7FFF, fields != 0 else { return nil }
    isYearToMonth = fields & ~0b110 == 0
  }

  /// - Parameter text: in PostgreSQL's style, `1 year 2 mons 3 days 04:05:06.7`.
  func written(_ text: String) -> String {
    var values: [Substring: Int] = [:]
    var clock: (sign: String, hours: Int, minutes: Int, seconds: Substring) = ("", 0, 0, "0")
    let words = text.split(separator: " ")
    for (index, word) in words.enumerated() {
      let parts = word.split(separator: ":")
      if parts.count == 3 {
        clock = (word.hasPrefix("-") ? "-" : "", abs(Int(parts[0]) ?? 0), Int(parts[1]) ?? 0, parts[2])
      } else if index + 1 < words.count, let number = Int(word) {
        let unit = words[index + 1]
        values[unit.hasSuffix("s") ? unit.dropLast() : unit] = number
      }
    }
    if isYearToMonth { return "\(values["year"] ?? 0) years \(values["mon"] ?? 0) mons" }
    var seconds = clock.seconds.drop { $0 == "0" }
    if seconds.isEmpty || seconds.first == "." { seconds = "0" + seconds }
    if !seconds.contains(".") { seconds += ".0" }
    func signed(_ value: Int) -> String { value == 0 ? "0" : clock.sign + "\(value)" }
    let isZero = seconds.allSatisfy { $0 == "0" || $0 == "." }
    return "\(values["day"] ?? 0) days \(signed(clock.hours)) hours \(signed(clock.minutes)) mins \(isZero ? "" : clock.sign)\(seconds) secs"
  }
}

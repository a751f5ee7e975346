/// Whole numbers as English words, Roman numerals and letters, and back.
enum Numerals {
  // MARK: Words

  private static let small = [
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen", "Fourteen",
    "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
  ]
  private static let smallOrdinals = [
    "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh", "Twelfth",
    "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth",
  ]
  private static let tens = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
  private static let magnitudes = ["Thousand", "Million", "Billion", "Trillion"]

  /// In title case, as `One Hundred and Twenty-Three`.
  static func words(_ value: Double, ordinal: Bool) -> String { words(value, follows: false, ordinal: ordinal) }

  private static func words(_ value: Double, follows: Bool, ordinal: Bool) -> String {
    guard value.isFinite else { return numberText(value) }
    if value < 20 { return (follows ? " and " : "") + (ordinal ? smallOrdinals : small)[Int(value)] }
    if value < 100 {
      let ten = tens[Int(value) / 10 - 2]
      let rest = Int(value) % 10
      let lead = follows ? " and " : ""
      if rest > 0 { return lead + ten + "-" + words(Double(rest), follows: false, ordinal: ordinal) }
      return lead + (ordinal ? ten.dropLast() + "ieth" : ten[...])
    }
    let unit: Double
    let name: String
    if value < 1000 {
      unit = 100
      name = "Hundred"
    } else {
      // Beyond the last word it is counted in itself: a thousand trillion.
      let index = min(magnitudes.count, Int(CMath.decimalLogarithm(value) / 3))
      unit = CMath.power(10, Double(3 * index))
      name = magnitudes[index - 1]
    }
    let count = (value / unit).rounded(.down)
    let rest = value - count * unit
    let text = (follows ? ", " : "") + words(count, follows: false, ordinal: false) + " " + name
    if rest > 0 { return text + words(rest, follows: true, ordinal: ordinal) }
    return ordinal ? text + "th" : text
  }

  private static let wordValues: [String: Double] = {
    var values: [String: Double] = ["hundred": 100, "hundredth": 100]
    for (index, word) in small.enumerated() { values[word.lowercased()] = Double(index) }
    for (index, word) in smallOrdinals.enumerated() { values[word.lowercased()] = Double(index) }
    for (index, word) in tens.enumerated() {
      values[word.lowercased()] = Double(20 + 10 * index)
      values[word.dropLast().lowercased() + "ieth"] = Double(20 + 10 * index)
    }
    for (index, word) in magnitudes.enumerated() {
      values[word.lowercased()] = CMath.power(10, Double(3 * index + 3))
      values[word.lowercased() + "th"] = CMath.power(10, Double(3 * index + 3))
    }
    return values
  }()

  /// A pattern for one word; longer ones come first, so that none is taken for its beginning.
  static let wordPattern = (wordValues.keys + ["and"]).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }.joined(separator: "|")

  static func number(ofWords text: String) -> Double {
    let parts = text.lowercased().split { $0.isWhitespace || ",-\\".contains($0) }.map(String.init).filter { $0 != "and" }
    if parts.isEmpty { return .nan }
    var segments: [Double] = [0]
    for part in parts {
      guard let value = wordValues[part] else { return .nan }
      var top = segments.removeLast()
      if value < 100 {
        if top >= 1000 {
          segments.append(top)
          top = 0
        }
        segments.append(top + value)
      } else {
        segments.append(top * value)
      }
    }
    return segments.reduce(0, +)
  }

  // MARK: Roman numerals

  private static let romanSteps: [(Int, String)] = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
    (1, "I"),
  ]

  static func roman(_ value: Int) -> String {
    var rest = value
    var text = ""
    for (step, numeral) in romanSteps {
      while rest >= step {
        text += numeral
        rest -= step
      }
    }
    return text
  }

  static func number(ofRoman text: String) -> Double {
    let values: [Character: Double] = ["M": 1000, "D": 500, "C": 100, "L": 50, "X": 10, "V": 5, "I": 1]
    var sum = 0.0
    var highest = 1.0
    for letter in text.reversed() {
      guard let value = values[letter] else { return .nan }
      if value < highest {
        sum -= value
      } else {
        highest = value
        sum += value
      }
    }
    return sum
  }

  // MARK: Letters

  /// A, B, …, Z, AA, AB, …
  static func letters(_ value: Double, first: Unicode.Scalar) -> String {
    var letters: [Unicode.Scalar] = []
    var rest = value
    while rest > 0, rest.isFinite {
      letters.append(Unicode.Scalar(first.value + UInt32((rest - 1).truncatingRemainder(dividingBy: 26))) ?? first)
      rest = ((rest - 1) / 26).rounded(.down)
    }
    return String(letters.reversed())
  }

  static func number(ofLetters text: String, first: Unicode.Scalar) -> Double {
    text.unicodeScalars.reduce(0) { $0 * 26 + Double(Int($1.value) - Int(first.value) + 1) }
  }
}

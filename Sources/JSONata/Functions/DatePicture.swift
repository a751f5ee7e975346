import JSONTypes
import RegularExpressions

/// A picture such as `[D1o] [MNn] [Y0001]` for points in time.
///
/// Source: XPath and XQuery Functions and Operators 3.1, 9.8 "Formatting dates and times"; JSONata adds `X` and `x`, the year and month
/// that an ISO week belongs to.
struct DatePicture {
  enum Part {
    case literal(String)
    case marker(Marker)
  }

  struct Marker {
    let component: Unicode.Scalar
    /// Names instead of numbers, in this case.
    var names: IntegerPicture.Case?
    var integer: IntegerPicture?
    var maximumWidth: Int?
    /// `t` as second modifier: a zone of zero is written as `Z`.
    var isTraditional = false
    /// Digits of the year that are shown; nil for all.
    var yearDigits: Int?
  }

  private(set) var parts: [Part] = []

  init(_ picture: String) throws(Failure) {
    var literal: [Unicode.Scalar] = []
    let scalars = Array(picture.unicodeScalars)
    var index = 0
    func flush(_ parts: inout [Part]) {
      guard !literal.isEmpty else { return }
      // A doubled bracket stands for one.
      var text: [Unicode.Scalar] = []
      for scalar in literal where !(scalar == "]" && text.last == "]" && (text.count < 2 || text[text.count - 2] != "]")) { text.append(scalar) }
      parts.append(.literal(String(text)))
      literal = []
    }
    while index < scalars.count {
      guard scalars[index] == "[" else {
        literal.append(scalars[index])
        index += 1
        continue
      }
      if index + 1 < scalars.count, scalars[index + 1] == "[" {
        flush(&parts)
        parts.append(.literal("["))
        index += 2
        continue
      }
      flush(&parts)
      guard let end = scalars[index...].firstIndex(of: "]") else { throw Failure("D3135") }
      let marker = try Self.marker(scalars[(index + 1)..<end].filter { !$0.properties.isWhitespace })
      // Digits that follow digits at once must have a fixed width to be read.
      if marker.integer != nil, "YMDdFWwXxHhmsf".unicodeScalars.contains(marker.component), case .marker(var previous)? = parts.last,
        let width = previous.integer?.mandatoryDigits
      {
        previous.integer?.parseWidth = width
        parts[parts.count - 1] = .marker(previous)
      }
      parts.append(.marker(marker))
      index = end + 1
    }
    flush(&parts)
  }

  private static let defaults: [Unicode.Scalar: String] = [
    "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1", "h": "1", "P": "n", "m": "01", "s": "01",
    "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
  ]

  private static func marker(_ text: [Unicode.Scalar]) throws(Failure) -> Marker {
    guard let component = text.first, let standard = defaults[component] else {
      throw Failure("D3132", value: .string(text.first.map { String($0) } ?? ""))
    }
    var marker = Marker(component: component)
    var minimumWidth: Int?
    var modifier = Array(text.dropFirst())
    if let comma = modifier.lastIndex(of: ",") {
      let widths = modifier[(comma + 1)...].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      func width(_ text: ArraySlice<Unicode.Scalar>) -> Int? {
        let value = leadingInteger(String(Array(text)))
        return value.isNaN ? nil : Int(max(0, min(value, 10_000)))
      }
      minimumWidth = width(widths[0])
      if widths.count > 1 { marker.maximumWidth = width(widths[1]) }
      modifier = Array(modifier[..<comma])
    }
    var second: Unicode.Scalar?
    if modifier.count > 1, let last = modifier.last, "atco".unicodeScalars.contains(last) {
      second = last
      modifier.removeLast()
      marker.isTraditional = last == "t"
    }
    let first = modifier.isEmpty ? standard : String(modifier)
    if first.utf8.first == UInt8(ascii: "n") {
      marker.names = .lower
    } else if first.utf8.first == UInt8(ascii: "N") {
      marker.names = first.utf8.dropFirst().first == UInt8(ascii: "n") ? .title : .upper
    } else if "YMDdFWwXxHhmsf".unicodeScalars.contains(component) {
      var integer = try IntegerPicture(second.map { first + ";" + String($0) } ?? first)
      if let minimumWidth, integer.mandatoryDigits < minimumWidth { integer.mandatoryDigits = minimumWidth }
      if component == "Y" {
        if let width = marker.maximumWidth {
          marker.yearDigits = width
          integer.mandatoryDigits = width
        } else if integer.mandatoryDigits + integer.optionalDigits >= 2 {
          marker.yearDigits = integer.mandatoryDigits + integer.optionalDigits
        }
      }
      marker.integer = integer
    } else if component == "Z" || component == "z" {
      marker.integer = try IntegerPicture(first)
    }
    return marker
  }

  static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]
}

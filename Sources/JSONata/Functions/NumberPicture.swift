import JSONTypes

/// A picture such as `#,##0.00;(#,##0.00)` that lays out a number.
///
/// Source: XPath and XQuery Functions and Operators 3.1, 4.7 "Formatting numbers".
struct NumberPicture {
  /// The characters that have a meaning in pictures, which options may replace.
  private struct Symbols {
    var decimalSeparator: Unicode.Scalar = "."
    var groupingSeparator: Unicode.Scalar = ","
    var exponentSeparator: Unicode.Scalar = "e"
    var minusSign = "-"
    var percent = "%"
    var perMille = "‰"
    var zeroDigit: Unicode.Scalar = "0"
    var digit: Unicode.Scalar = "#"
    var patternSeparator: Unicode.Scalar = ";"
    var infinity = "Infinity"
    var notANumber = "NaN"

    init(_ options: Value) {
      func scalar(_ name: String, _ property: inout Unicode.Scalar) {
        if case .string(let text) = options.member(name), let first = text.unicodeScalars.first { property = first }
      }
      func text(_ name: String, _ property: inout String) {
        if case .string(let text) = options.member(name) { property = text }
      }
      scalar("decimal-separator", &decimalSeparator)
      scalar("grouping-separator", &groupingSeparator)
      scalar("exponent-separator", &exponentSeparator)
      text("minus-sign", &minusSign)
      text("percent", &percent)
      text("per-mille", &perMille)
      scalar("zero-digit", &zeroDigit)
      scalar("digit", &digit)
      scalar("pattern-separator", &patternSeparator)
      text("infinity", &infinity)
      text("NaN", &notANumber)
    }

    func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= zeroDigit.value && scalar.value < zeroDigit.value + 10 }
    func isDigitOrOptional(_ scalar: Unicode.Scalar) -> Bool { isDigit(scalar) || scalar == digit }
    func isActive(_ scalar: Unicode.Scalar) -> Bool {
      isDigitOrOptional(scalar) || scalar == decimalSeparator || scalar == exponentSeparator || scalar == groupingSeparator
        || scalar == patternSeparator
    }
  }

  /// One of the at most two parts of a picture.
  private struct SubPicture {
    let scalars: [Unicode.Scalar]
    var prefix: [Unicode.Scalar]
    let suffix: [Unicode.Scalar]
    let active: [Unicode.Scalar]
    let mantissa: [Unicode.Scalar]
    let exponent: [Unicode.Scalar]?
    let integer: [Unicode.Scalar]
    let fraction: [Unicode.Scalar]

    init(_ scalars: [Unicode.Scalar], _ symbols: Symbols) {
      self.scalars = scalars
      func marksActivePart(_ scalar: Unicode.Scalar) -> Bool { symbols.isActive(scalar) && scalar != symbols.exponentSeparator }
      let first = scalars.firstIndex(where: marksActivePart) ?? 0
      let end = scalars.lastIndex(where: marksActivePart).map { $0 + 1 } ?? scalars.count
      prefix = Array(scalars[..<first])
      suffix = Array(scalars[end...])
      active = Array(scalars[first..<end])
      if suffix.first == symbols.exponentSeparator {
        // It separates nothing, which is a mistake.
        mantissa = active
        exponent = []
      } else if let mark = active.firstIndex(of: symbols.exponentSeparator) {
        mantissa = Array(active[..<mark])
        exponent = Array(active[(mark + 1)...])
      } else {
        mantissa = active
        exponent = nil
      }
      if let point = mantissa.firstIndex(of: symbols.decimalSeparator) {
        integer = Array(mantissa[..<point])
        fraction = Array(mantissa[(point + 1)...])
      } else {
        integer = mantissa
        fraction = []
      }
    }

    /// How often a sign of one or more characters stands in the part.
    func count(of sign: String) -> Int {
      let sign = Array(sign.unicodeScalars)
      guard !sign.isEmpty, scalars.count >= sign.count else { return 0 }
      return (0...(scalars.count - sign.count)).count { scalars[$0..<$0 + sign.count].elementsEqual(sign) }
    }
  }

  /// What a part says about the layout.
  private struct Layout {
    var minimumInteger: Int
    let scaling: Int
    var minimumFraction: Int
    var maximumFraction: Int
    let minimumExponent: Int
    let integerGroups: [Int]
    let regularGroup: Int
    let fractionGroups: [Int]
  }

  private let symbols: Symbols
  private let parts: [SubPicture]

  init(_ picture: String, options: Value) throws(Failure) {
    let symbols = Symbols(options)
    let pieces = Array(picture.unicodeScalars).split(separator: symbols.patternSeparator, omittingEmptySubsequences: false)
    guard pieces.count <= 2 else { throw Failure("D3080") }
    self.symbols = symbols
    parts = pieces.map { SubPicture(Array($0), symbols) }
    for part in parts { if let code = Self.mistake(in: part, symbols) { throw Failure(code) } }
  }

  /// The code of the last rule that the part breaks, in the order of the specification.
  private static func mistake(in part: SubPicture, _ symbols: Symbols) -> String? {
    var code: String?
    let percents = part.count(of: symbols.percent)
    let perMilles = part.count(of: symbols.perMille)
    let hasPercent = percents > 0
    let hasPerMille = perMilles > 0
    if part.scalars.count(where: { $0 == symbols.decimalSeparator }) > 1 { code = "D3081" }
    if percents > 1 { code = "D3082" }
    if perMilles > 1 { code = "D3083" }
    if hasPercent, hasPerMille { code = "D3084" }
    if !part.mantissa.contains(where: symbols.isDigitOrOptional) { code = "D3085" }
    if !part.active.allSatisfy(symbols.isActive) { code = "D3086" }
    if let point = part.scalars.firstIndex(of: symbols.decimalSeparator) {
      let neighbours = [point - 1, point + 1].filter(part.scalars.indices.contains)
      if neighbours.contains(where: { part.scalars[$0] == symbols.groupingSeparator }) { code = "D3087" }
    } else if part.integer.last == symbols.groupingSeparator {
      code = "D3088"
    }
    if zip(part.scalars, part.scalars.dropFirst()).contains(where: { $0 == symbols.groupingSeparator && $1 == symbols.groupingSeparator }) {
      code = "D3089"
    }
    if let optional = part.integer.firstIndex(of: symbols.digit), part.integer[..<optional].contains(where: symbols.isDigit) { code = "D3090" }
    if let optional = part.fraction.lastIndex(of: symbols.digit), part.fraction[optional...].contains(where: symbols.isDigit) { code = "D3091" }
    if let exponent = part.exponent {
      if !exponent.isEmpty, hasPercent || hasPerMille { code = "D3092" }
      if exponent.isEmpty || !exponent.allSatisfy(symbols.isDigit) { code = "D3093" }
    }
    return code
  }

  private func layout(_ part: SubPicture) -> Layout {
    let integerGroups = part.integer.indices.filter { part.integer[$0] == symbols.groupingSeparator }
      .map { part.integer[$0...].count(where: symbols.isDigitOrOptional) }
    let fractionGroups = part.fraction.indices.filter { part.fraction[$0] == symbols.groupingSeparator }
      .map { part.fraction[..<$0].count(where: symbols.isDigitOrOptional) }
    let scaling = part.integer.count(where: symbols.isDigit)
    var layout = Layout(
      minimumInteger: scaling, scaling: scaling, minimumFraction: part.fraction.count(where: symbols.isDigit),
      maximumFraction: part.fraction.count(where: symbols.isDigitOrOptional),
      minimumExponent: part.exponent?.count(where: symbols.isDigit) ?? 0, integerGroups: integerGroups,
      regularGroup: regularInterval(integerGroups), fractionGroups: fractionGroups)
    if layout.minimumInteger == 0, layout.maximumFraction == 0 {
      if part.exponent != nil {
        layout.minimumFraction = 1
        layout.maximumFraction = 1
      } else {
        layout.minimumInteger = 1
      }
    }
    if part.exponent != nil, layout.minimumInteger == 0, part.integer.contains(symbols.digit) { layout.minimumInteger = 1 }
    if layout.minimumInteger == 0, layout.minimumFraction == 0 { layout.minimumFraction = 1 }
    return layout
  }

  // MARK: Formatting

  func text(of value: Double) -> String {
    if value.isNaN { return symbols.notANumber }
    let isNegative = value < 0
    let part = isNegative && parts.count > 1 ? parts[1] : parts[0]
    var prefix = String(part.prefix)
    if isNegative, parts.count == 1 { prefix = symbols.minusSign + prefix }
    let suffix = String(part.suffix)
    if value.isInfinite { return prefix + symbols.infinity + suffix }
    let layout = layout(part)
    var mantissa = value.magnitude
    if part.count(of: symbols.percent) > 0 { mantissa *= 100 } else if part.count(of: symbols.perMille) > 0 { mantissa *= 1000 }
    var exponent: Int?
    if layout.minimumExponent > 0 {
      var power = 0
      let upper = CMath.power(10, Double(layout.scaling))
      let lower = CMath.power(10, Double(layout.scaling - 1))
      if mantissa > 0, mantissa.isFinite {
        while mantissa < lower {
          mantissa *= 10
          power -= 1
        }
        while mantissa > upper {
          mantissa /= 10
          power += 1
        }
      }
      exponent = power
    }
    var text = digits(of: NumberFunctions.rounded(mantissa, places: layout.maximumFraction), layout)
    if let exponent {
      var digits = String(exponent.magnitude)
      if digits.utf8.count < layout.minimumExponent { digits = String(repeating: "0", count: layout.minimumExponent - digits.utf8.count) + digits }
      text += String(symbols.exponentSeparator) + (exponent < 0 ? symbols.minusSign : "") + String(digits.unicodeScalars.map(localDigit))
    }
    return prefix + text + suffix
  }

  private func localDigit(_ digit: Unicode.Scalar) -> Unicode.Scalar { Unicode.Scalar(symbols.zeroDigit.value + digit.value - 0x30) ?? digit }

  /// The digits with separators.
  private func digits(of value: Double, _ layout: Layout) -> String {
    let halves = CMath.fixedText(value, fractionDigits: layout.maximumFraction).split(separator: ".", omittingEmptySubsequences: false)
    var integer = Array(halves[0].unicodeScalars.drop { $0 == "0" })
    var fraction = halves.count > 1 ? Array(halves[1].unicodeScalars) : []
    while fraction.last == "0" { fraction.removeLast() }
    if integer.count < layout.minimumInteger { integer = [Unicode.Scalar](repeating: "0", count: layout.minimumInteger - integer.count) + integer }
    while fraction.count < layout.minimumFraction { fraction.append("0") }
    integer = integer.map(localDigit)
    fraction = fraction.map(localDigit)
    var result: [Unicode.Scalar] = []
    for (index, digit) in integer.enumerated() {
      let toTheRight = integer.count - index
      let isBoundary =
        layout.regularGroup > 0 ? toTheRight % layout.regularGroup == 0 : layout.integerGroups.contains(toTheRight)
      if index > 0, isBoundary { result.append(symbols.groupingSeparator) }
      result.append(digit)
    }
    if !fraction.isEmpty {
      result.append(symbols.decimalSeparator)
      for (index, digit) in fraction.enumerated() {
        if layout.fractionGroups.contains(index) { result.append(symbols.groupingSeparator) }
        result.append(digit)
      }
    }
    return String(result)
  }
}

extension String {
  init(_ scalars: [Unicode.Scalar]) {
    var view = UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}

/// The interval at which separators stand, or 0 when they do not stand at every multiple of one.
func regularInterval(_ positions: [Int]) -> Int {
  func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
  guard let first = positions.first else { return 0 }
  let interval = positions.dropFirst().reduce(first, divisor)
  guard interval > 0 else { return 0 }
  for index in 1...positions.count where !positions.contains(index * interval) { return 0 }
  return interval
}

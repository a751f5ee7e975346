/// What is known of a number's type, for the scale of a quotient: PostgreSQL keeps digits by the values, Redshift by the types.
///
/// Source: Redshift's guide, "Computations with numeric values".
enum NumberType: Hashable, Sendable {
  /// By its digits as a decimal: 5, 10 or 19.
  case integer(Int)
  case decimal(precision: Int, scale: Int)
  /// A floating-point number, no number, or not known.
  case other

  static let maximumPrecision = 38
  /// A division keeps at least so many digits behind the point.
  static let minimumScale = 4

  private var digits: (precision: Int, scale: Int)? {
    switch self {
    case .integer(let precision): (precision, 0)
    case .decimal(let precision, let scale): (precision, scale)
    case .other: nil
    }
  }

  func combined(_ symbol: String, _ other: NumberType) -> NumberType {
    if case .integer(let a) = self, case .integer(let b) = other { return .integer(max(a, b)) }
    guard let (p1, s1) = digits, let (p2, s2) = other.digits else { return .other }
    var precision: Int
    var scale: Int
    switch symbol {
    case "+", "-":
      scale = max(s1, s2)
      precision = max(p1 - s1, p2 - s2) + 1 + scale
    case "*": (precision, scale) = (p1 + p2 + 1, s1 + s2)
    case "/":
      scale = max(Self.minimumScale, s1 + p2 - s2 + 1)
      precision = p1 - s1 + s2 + scale
      if precision > Self.maximumPrecision { scale = max(Self.maximumPrecision + scale - precision, Self.minimumScale) }
    default: return .other
    }
    precision = min(precision, Self.maximumPrecision)
    return .decimal(precision: precision, scale: min(scale, Self.maximumPrecision))
  }

  /// Of a value that is one of both, as in COALESCE.
  func either(_ other: NumberType) -> NumberType {
    if case .integer(let a) = self, case .integer(let b) = other { return .integer(max(a, b)) }
    guard let (p1, s1) = digits, let (p2, s2) = other.digits else { return .other }
    let scale = max(s1, s2)
    return .decimal(precision: min(max(p1 - s1, p2 - s2) + scale, Self.maximumPrecision), scale: scale)
  }

  /// Of a column, by PostgreSQL's type and modifier.
  init(type: UInt32, modifier: Int) {
    switch FieldCoding.Kind(rawValue: type) {
    case .int2: self = .integer(5)
    case .int4: self = .integer(10)
    case .int8: self = .integer(19)
    case .numeric where modifier >= 4: self = .decimal(precision: (modifier - 4) >> 16, scale: (modifier - 4) & 0x7FF)
    default: self = .other
    }
  }

  /// Of a literal.
  init(literal: String) {
    let parts = literal.split(separator: ".", omittingEmptySubsequences: false)
    guard literal.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }), parts.count <= 2 else {
      self = .other
      return
    }
    if parts.count == 2 {
      self = .decimal(precision: max(1, parts[0].count) + parts[1].count, scale: parts[1].count)
    } else {
      self = Int32(literal) != nil ? .integer(10) : Int64(literal) != nil ? .integer(19) : .decimal(precision: literal.count, scale: 0)
    }
  }

  /// Of a type's name as in a cast: `decimal`, `(8, 2)`.
  init(name: String, arguments: [Node]?) {
    switch Translator.typeNames[name] {
    case "int2": self = .integer(5)
    case "int4": self = .integer(10)
    case "int8": self = .integer(19)
    case "numeric":
      let numbers = (arguments ?? []).splitAtCommas().compactMap { $0.first.flatMap { Int($0.firstToken.text) } }
      self = .decimal(precision: numbers.first ?? 18, scale: numbers.count > 1 ? numbers[1] : 0)
    default: self = .other
    }
  }
}

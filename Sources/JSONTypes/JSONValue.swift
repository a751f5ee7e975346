/// A JSON value, the currency of every target.
///
/// Numbers keep what matters to Step Functions, which reads JSON with Jackson: integers that fit 64 bits,
/// doubles (`1.0` stays `1.0`), and integers of any length as their digits.
/// Objects keep the order of their keys but `==` ignores it.
@frozen
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  /// An integer beyond 64 bits, as its decimal digits with an optional leading minus.
  case bigInteger(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue: Hashable {
  /// Equality of values: numbers by value across representations (`1 == 1.0`), objects without regard to key order.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.double(let a), .double(let b)): a == b
    case (.int(let a), .double(let b)), (.double(let b), .int(let a)): Double(a) == b && Int64(exactly: b) == a
    case (.bigInteger(let a), .bigInteger(let b)): a == b
    case (.bigInteger(let a), .double(let b)), (.double(let b), .bigInteger(let a)): Double(a) == b
    case (.string(let a), .string(let b)): a.isSameText(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .int, .double, .bigInteger: hasher.combine(asDouble)
    case .string(let value): hasher.combine(value)
    case .array(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value)
    }
  }
}

extension JSONValue {
  public static let emptyObject = JSONValue.object(JSONObject())

  @inlinable public var isNull: Bool { if case .null = self { true } else { false } }
  @inlinable public var asString: String? { if case .string(let value) = self { value } else { nil } }
  @inlinable public var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
  @inlinable public var asArray: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  @inlinable public var asObject: JSONObject? { if case .object(let value) = self { value } else { nil } }
  @inlinable public var isNumber: Bool {
    switch self {
    case .int, .double, .bigInteger: true
    default: false
    }
  }
  /// The number as a double (nearest, for integers that no double holds), or nil for anything else.
  @inlinable public var asDouble: Double? {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    case .bigInteger(let text): Double(text)
    default: nil
    }
  }
  /// The number as a 64-bit integer when it is one exactly (`5` and `5.0`), else nil.
  @inlinable public var asInt: Int64? {
    switch self {
    case .int(let value): value
    case .double(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// The member of an object, or nil when this is no object or lacks the key.
  @inlinable public subscript(key: String) -> JSONValue? {
    if case .object(let object) = self { object[key] } else { nil }
  }
  /// The element of an array, or nil when this is no array or is shorter.
  @inlinable public subscript(index: Int) -> JSONValue? {
    if case .array(let array) = self, array.indices.contains(index) { array[index] } else { nil }
  }
}

extension JSONValue {
  /// Changes an array in place, without copying what is not shared; nil when this is none.
  public mutating func editArray<R, E: Error>(_ body: (inout [JSONValue]) throws(E) -> R) throws(E) -> R? {
    guard case .array(var elements) = self else { return nil }
    // Moved out, so that the body has the only reference.
    self = .null
    defer { self = .array(elements) }
    return try body(&elements)
  }

  /// Changes an object in place, without copying what is not shared; nil when this is none.
  public mutating func editObject<R, E: Error>(_ body: (inout JSONObject) throws(E) -> R) throws(E) -> R? {
    guard case .object(var object) = self else { return nil }
    self = .null
    defer { self = .object(object) }
    return try body(&object)
  }
}

extension JSONValue: CustomStringConvertible {
  /// The compact JSON text.
  public var description: String { jsonText }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
  public init(nilLiteral: ()) { self = .null }
}

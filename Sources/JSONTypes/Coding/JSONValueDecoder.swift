/// Makes values of Swift types from JSON values.
///
/// Numbers convert where nothing is lost: `5` and `5.0` decode as `Int`, any number as `Double`; what does not fit is an error.
/// Errors are Swift's `DecodingError`, with the path to the place.
public struct JSONValueDecoder: Sendable {
  /// What the types being decoded may ask for.
  public var userInfo: [CodingUserInfoKey: any Sendable]

  public init(userInfo: [CodingUserInfoKey: any Sendable] = [:]) {
    self.userInfo = userInfo
  }

  /// - Throws: `DecodingError`, or what the type's own `init(from:)` throws.
  public func decode<T: Decodable>(_ type: T.Type, from value: JSONValue) throws -> T {
    if let value = value as? T { return value }
    return try T(from: ValueDecoder(value: value, codingPath: [], userInfo: userInfo))
  }
}

/// Reads one value at one path.
struct ValueDecoder: Decoder {
  let value: JSONValue
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any]

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let object) = value else { throw mismatch([String: JSONValue].self, expected: "an object") }
    return KeyedDecodingContainer(KeyedValues<Key>(object: object, decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([JSONValue].self, expected: "an array") }
    return UnkeyedValues(elements: elements, decoder: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  /// For a value below this one.
  func decoder(for value: JSONValue, at key: any CodingKey) -> ValueDecoder {
    ValueDecoder(value: value, codingPath: codingPath + [key], userInfo: userInfo)
  }

  func mismatch(_ type: any Any.Type, expected: String) -> DecodingError {
    let context = DecodingError.Context(codingPath: codingPath, debugDescription: "expected \(expected), found \(value.kindDescription)")
    return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  func corrupted(_ description: String) -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: codingPath, debugDescription: description))
  }
}

extension ValueDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value.isNull }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let value) = value else { throw mismatch(type, expected: "true or false") }
    return value
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .string(let text) = value else { throw mismatch(type, expected: "a string") }
    return text
  }

  func decode(_ type: Double.Type) throws -> Double {
    guard let number = value.asDouble else { throw mismatch(type, expected: "a number") }
    guard number.isFinite else { throw corrupted("the number \(value.jsonText) does not fit into \(type)") }
    return number
  }

  func decode(_ type: Float.Type) throws -> Float {
    let number = Float(try decode(Double.self))
    guard number.isFinite else { throw corrupted("the number \(value.jsonText) does not fit into \(type)") }
    return number
  }

  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: Int128.Type) throws -> Int128 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
  func decode(_ type: UInt128.Type) throws -> UInt128 { try integer(type) }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: self) }

  private func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
    let result: T?
    switch value {
    case .int(let number): result = T(exactly: number)
    case .double(let number): result = T(exactly: number)
    case .bigInteger(let digits): result = T(digits)
    default: throw mismatch(type, expected: "an integer")
    }
    guard let result else { throw corrupted("the number \(value.jsonText) does not fit into \(type)") }
    return result
  }
}

extension JSONValue {
  /// What this is, for messages: `an object`.
  var kindDescription: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int, .double, .bigInteger: "the number \(jsonText)"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

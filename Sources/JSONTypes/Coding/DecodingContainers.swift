/// The members of an object.
struct KeyedValues<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: JSONObject
  let decoder: ValueDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { object.position(of: key.stringValue) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try member(key).isNull }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try T(from: decoder(at: key)) }
  // For these two the protocol's own answer, that they are not supported, would come before the generic one.
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try decoder(at: key).decode(type) }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try decoder(at: key).decode(type) }

  func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type, forKey key: Key) throws -> KeyedDecodingContainer<NestedKey> {
    try decoder(at: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try decoder(at: key).unkeyedContainer() }

  /// An absent `super` reads as null, as with Foundation.
  func superDecoder() throws -> any Decoder {
    decoder.decoder(for: object[SuperKey.name] ?? .null, at: SuperKey())
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    decoder.decoder(for: object[key.stringValue] ?? .null, at: key)
  }

  private func decoder(at key: Key) throws -> ValueDecoder { decoder.decoder(for: try member(key), at: key) }

  private func member(_ key: Key) throws -> JSONValue {
    if let value = object[key.stringValue] { return value }
    let present = object.keys.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
    let context = DecodingError.Context(
      codingPath: codingPath,
      debugDescription: "expected a key \"\(key.stringValue)\", found \(object.isEmpty ? "none" : "only \(present)")\(object.count > 20 ? ", …" : "")")
    throw DecodingError.keyNotFound(key, context)
  }
}

/// The elements of an array, one after the other.
struct UnkeyedValues: UnkeyedDecodingContainer {
  let elements: [JSONValue]
  let decoder: ValueDecoder
  private(set) var currentIndex = 0

  init(elements: [JSONValue], decoder: ValueDecoder) {
    self.elements = elements
    self.decoder = decoder
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  mutating func decodeNil() throws -> Bool {
    guard try current(Any?.self).value.isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next(type) { try T(from: $0) } }
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try next(type) { try $0.decode(type) } }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try next(type) { try $0.decode(type) } }

  /// The index moves on only when the element could be decoded.
  private mutating func next<R>(_ type: any Any.Type, _ body: (ValueDecoder) throws -> R) throws -> R {
    let result = try body(try current(type))
    currentIndex += 1
    return result
  }

  mutating func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) throws -> KeyedDecodingContainer<NestedKey> {
    try next(JSONObject.self) { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next([JSONValue].self) { try $0.unkeyedContainer() } }

  mutating func superDecoder() throws -> any Decoder { try next((any Decoder).self) { $0 } }

  private func current(_ type: any Any.Type) throws -> ValueDecoder {
    let key = IndexKey(currentIndex)
    guard !isAtEnd else {
      let context = DecodingError.Context(
        codingPath: codingPath + [key], debugDescription: "expected another element, found the end of an array of \(elements.count)")
      throw DecodingError.valueNotFound(type, context)
    }
    return decoder.decoder(for: elements[currentIndex], at: key)
  }
}

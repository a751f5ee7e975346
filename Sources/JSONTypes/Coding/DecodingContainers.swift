/// The members of an object.
struct KeyedValues<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let object: JSONObject
  let decoder: ValueDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { object.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { object.position(of: key.stringValue) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try member(key).isNull }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try T(from: decoder(at: key)) }

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

  /// The index moves on only when the element could be decoded.
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let result = try T(from: try current(type))
    currentIndex += 1
    return result
  }

  mutating func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try current(JSONObject.self).container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try current([JSONValue].self).unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let result = try current((any Decoder).self)
    currentIndex += 1
    return result
  }

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

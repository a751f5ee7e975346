/// The members of an object.
struct KeyedNodes<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: ValueEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil(forKey key: Key) { encoder.node.member(key.stringValue).set(.null) }

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try value.encode(to: encoder(at: key)) }
  // For these two the protocol's own answer, that they are not supported, would come before the generic one.
  func encode(_ value: Int128, forKey key: Key) { encoder(at: key).encode(value) }
  func encode(_ value: UInt128, forKey key: Key) { encoder(at: key).encode(value) }

  func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type, forKey key: Key) -> KeyedEncodingContainer<NestedKey> {
    encoder(at: key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(at: key).unkeyedContainer() }

  func superEncoder() -> any Encoder { encoder(at: SuperKey()) }

  func superEncoder(forKey key: Key) -> any Encoder { encoder(at: key) }

  private func encoder(at key: any CodingKey) -> ValueEncoder { encoder.encoder(for: encoder.node.member(key.stringValue), at: key) }
}

/// The elements of an array, one after the other.
struct UnkeyedNodes: UnkeyedEncodingContainer {
  let encoder: ValueEncoder

  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.node.count }

  func encodeNil() { encoder.node.append().set(.null) }

  func encode<T: Encodable>(_ value: T) throws { try value.encode(to: nextEncoder()) }
  func encode(_ value: Int128) { nextEncoder().encode(value) }
  func encode(_ value: UInt128) { nextEncoder().encode(value) }

  func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
    nextEncoder().container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nextEncoder().unkeyedContainer() }

  func superEncoder() -> any Encoder { nextEncoder() }

  private func nextEncoder() -> ValueEncoder {
    let key = IndexKey(count)
    return encoder.encoder(for: encoder.node.append(), at: key)
  }
}

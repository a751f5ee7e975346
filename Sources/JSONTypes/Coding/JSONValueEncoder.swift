/// Makes JSON values from values of Swift types. Keys come in the order in which they are encoded.
///
/// Errors are Swift's `EncodingError`, with the path to the place: infinities and NaN, which JSON cannot write, and types that
/// encode nothing.
public struct JSONValueEncoder: Sendable {
  /// What the types being encoded may ask for.
  public var userInfo: [CodingUserInfoKey: any Sendable]

  public init(userInfo: [CodingUserInfoKey: any Sendable] = [:]) {
    self.userInfo = userInfo
  }

  /// - Throws: `EncodingError`, or what the type's own `encode(to:)` throws.
  public func encode(_ value: some Encodable) throws -> JSONValue {
    if let value = value as? JSONValue { return value }
    let node = EncodedNode()
    try value.encode(to: ValueEncoder(node: node, codingPath: [], userInfo: userInfo))
    guard let result = node.value else {
      throw EncodingError.invalidValue(
        value, EncodingError.Context(codingPath: [], debugDescription: "\(type(of: value)) encoded nothing"))
    }
    return result
  }
}

/// A value that is being built. Containers of one encoder add to the same node.
final class EncodedNode {
  private enum Content {
    case nothing
    case scalar(JSONValue)
    case array([EncodedNode])
    case object([(key: String, node: EncodedNode)])
  }

  private var content = Content.nothing
  /// Positions of an object's keys.
  private var positions: [String: Int] = [:]

  /// Nil when nothing was encoded.
  var value: JSONValue? {
    switch content {
    case .nothing: nil
    case .scalar(let value): value
    // An element that encodes nothing is an empty object, as with Foundation.
    case .array(let nodes): .array(nodes.map { $0.value ?? .emptyObject })
    case .object(let members): .object(JSONObject(members.lazy.map { ($0.key, $0.node.value ?? .emptyObject) }))
    }
  }

  var count: Int { if case .array(let nodes) = content { nodes.count } else { 0 } }

  func set(_ value: JSONValue) { content = .scalar(value) }

  func becomeArray() {
    switch content {
    case .nothing: content = .array([])
    case .array: break
    case .scalar, .object: preconditionFailure("a value encodes itself as an array after something else")
    }
  }

  func becomeObject() {
    switch content {
    case .nothing: content = .object([])
    case .object: break
    case .scalar, .array: preconditionFailure("a value encodes itself as an object after something else")
    }
  }

  func append() -> EncodedNode {
    let node = EncodedNode()
    if case .array(var nodes) = content {
      content = .nothing
      nodes.append(node)
      content = .array(nodes)
    }
    return node
  }

  /// The node of a key; a second one for the same key replaces the first.
  func member(_ key: String) -> EncodedNode {
    let node = EncodedNode()
    if case .object(var members) = content {
      content = .nothing
      if let position = positions[key] {
        members[position].node = node
      } else {
        positions[key] = members.count
        members.append((key, node))
      }
      content = .object(members)
    }
    return node
  }
}

/// Writes one value at one path.
struct ValueEncoder: Encoder {
  let node: EncodedNode
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any]

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.becomeObject()
    return KeyedEncodingContainer(KeyedNodes<Key>(encoder: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.becomeArray()
    return UnkeyedNodes(encoder: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  /// For a value below this one.
  func encoder(for node: EncodedNode, at key: any CodingKey) -> ValueEncoder {
    ValueEncoder(node: node, codingPath: codingPath + [key], userInfo: userInfo)
  }
}

extension ValueEncoder: SingleValueEncodingContainer {
  func encodeNil() { node.set(.null) }
  func encode(_ value: Bool) { node.set(.bool(value)) }
  func encode(_ value: String) { node.set(.string(value)) }
  func encode(_ value: Float) throws {
    // The shortest decimal of the float, not that of the double nearest to it: 0.1 stays 0.1.
    try encode(Double(value.description) ?? Double(value))
  }

  func encode(_ value: Double) throws {
    guard value.isFinite else {
      throw EncodingError.invalidValue(
        value, EncodingError.Context(codingPath: codingPath, debugDescription: "JSON has no number for \(value)"))
    }
    node.set(.double(value))
  }

  func encode(_ value: Int) { integer(value) }
  func encode(_ value: Int8) { integer(value) }
  func encode(_ value: Int16) { integer(value) }
  func encode(_ value: Int32) { integer(value) }
  func encode(_ value: Int64) { integer(value) }
  func encode(_ value: Int128) { integer(value) }
  func encode(_ value: UInt) { integer(value) }
  func encode(_ value: UInt8) { integer(value) }
  func encode(_ value: UInt16) { integer(value) }
  func encode(_ value: UInt32) { integer(value) }
  func encode(_ value: UInt64) { integer(value) }
  func encode(_ value: UInt128) { integer(value) }

  func encode<T: Encodable>(_ value: T) throws { try value.encode(to: self) }

  private func integer(_ value: some FixedWidthInteger) {
    node.set(Int64(exactly: value).map(JSONValue.int) ?? .bigInteger(String(value)))
  }
}

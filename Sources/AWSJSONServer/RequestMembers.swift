package import JSONTypes

/// The members of a request's body, read with the types its shape asks for. Absent and null are the same.
///
/// A member of another JSON type is a `SerializationException`, as at AWS, which checks types before values.
package struct RequestMembers: Sendable {
  private let object: JSONObject

  package init(_ value: JSONValue) throws(AWSJSONError) {
    guard let object = value.asObject else { throw Self.mismatch(value, "a Structure") }
    self.object = object
  }

  package func string(_ key: String) throws(AWSJSONError) -> String? {
    guard let value = member(key) else { return nil }
    guard let text = value.asString else { throw Self.mismatch(value, "a String") }
    return text
  }

  package func integer(_ key: String) throws(AWSJSONError) -> Int? {
    guard let value = member(key) else { return nil }
    guard value.isNumber, let number = value.asInt else { throw Self.mismatch(value, "an Integer") }
    return Int(number)
  }

  package func bool(_ key: String) throws(AWSJSONError) -> Bool? {
    guard let value = member(key) else { return nil }
    guard let flag = value.asBool else { throw Self.mismatch(value, "a Boolean") }
    return flag
  }

  package func strings(_ key: String) throws(AWSJSONError) -> [String]? {
    guard let value = member(key) else { return nil }
    guard let elements = value.asArray else { throw Self.mismatch(value, "a List") }
    var texts: [String] = []
    for element in elements {
      guard let text = element.asString else { throw Self.mismatch(element, "a String") }
      texts.append(text)
    }
    return texts
  }

  package func structures(_ key: String) throws(AWSJSONError) -> [RequestMembers]? {
    guard let value = member(key) else { return nil }
    guard let elements = value.asArray else { throw Self.mismatch(value, "a List") }
    var structures: [RequestMembers] = []
    for element in elements { structures.append(try RequestMembers(element)) }
    return structures
  }

  private func member(_ key: String) -> JSONValue? {
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  private static func mismatch(_ value: JSONValue, _ wanted: String) -> AWSJSONError {
    let found =
      switch value {
      case .null: "NULL_VALUE"
      case .bool(true): "TRUE_VALUE"
      case .bool(false): "FALSE_VALUE"
      case .int, .bigInteger: "NUMBER_VALUE"
      case .double: "DECIMAL_VALUE"
      case .string: "STRING_VALUE"
      case .array: "START_ARRAY"
      case .object: "START_OBJECT"
      }
    return .serialization("\(found) can not be converted to \(wanted)")
  }
}

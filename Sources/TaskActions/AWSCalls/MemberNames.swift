import JSONTypes
import StatesRuntime

/// Parameters and results between the names of Step Functions, which are PascalCase at every level but the keys of maps,
/// and those of a service.
///
/// Source: AWS Step Functions Developer Guide, "Learning to use AWS service SDK integrations".
struct MemberNames: Sendable {
  let facts: ServiceFacts

  /// A structure as the service wants it.
  /// - Parameter parent: the operation, or the member that holds the structure.
  /// - Throws: `States.Runtime` in AWS's words for a member that is not written in PascalCase.
  func wire(_ object: JSONObject, under parent: String, _ problems: inout [String]) -> JSONObject {
    var result = JSONObject()
    for (name, value) in object where !value.isNull {
      guard name.first?.isLowercase != true else {
        problems.append("The field '\(name)' is not supported by Step Functions")
        continue
      }
      let member = facts.member(name, under: parent)
      result[member.wireName] = wire(value, member.kind, name, &problems)
    }
    return result
  }

  private func wire(_ value: JSONValue, _ kind: ServiceFacts.Kind, _ name: String, _ problems: inout [String]) -> JSONValue {
    switch (kind, value) {
    case (.document, _): return value
    // A JSON value where a text is expected is written as its text.
    case (.plain, .object), (.plain, .array): return .string(value.jsonText)
    case (.blob, .string(let text)): return .string(Base64.encode(text.utf8))
    case (.blob, .object), (.blob, .array): return .string(Base64.encode(value.jsonBytes))
    case (.epochTime, .string(let text)):
      guard let time = WallTime(iso8601: text) else { return value }
      return time.nanoseconds == 0 ? .int(time.secondsSinceEpoch) : .double(Double(time.secondsSinceEpoch) + Double(time.nanoseconds) / 1e9)
    case (.nested, .object(let object)): return .object(wire(object, under: name, &problems))
    case (.map, .object(let object)):
      return .object(JSONObject(object.filter { !$0.value.isNull }.map { ($0.key, wire($0.value, .nested, name, &problems)) }))
    case (.nested, .array(let elements)), (.map, .array(let elements)): return .array(elements.map { wire($0, kind, name, &problems) })
    default: return value
    }
  }

  /// A structure of an answer as Step Functions gives it; members that are null are left out.
  func result(_ object: JSONObject, under parent: String) -> JSONObject {
    var result = JSONObject()
    for (wireName, value) in object where !value.isNull {
      let name = facts.name(onWire: wireName)
      result[name] = self.result(value, facts.member(name, under: parent).kind, name)
    }
    return result
  }

  private func result(_ value: JSONValue, _ kind: ServiceFacts.Kind, _ name: String) -> JSONValue {
    switch (kind, value) {
    case (.document, _): return value
    case (.blob, .string(let text)): return Base64.decode(text).map { .string(String(decoding: $0, as: UTF8.self)) } ?? value
    case (.epochTime, _):
      return value.asDouble.flatMap { WallTime(epochSeconds: $0) }.map { .string($0.iso8601Text) } ?? value
    case (.map, .object(let object)):
      return .object(JSONObject(object.filter { !$0.value.isNull }.map { ($0.key, result($0.value, .nested, name)) }))
    case (_, .object(let object)): return .object(result(object, under: name))
    case (_, .array(let elements)): return .array(elements.map { result($0, kind, name) })
    default: return value
    }
  }
}

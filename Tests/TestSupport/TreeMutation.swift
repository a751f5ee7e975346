public import JSONTypes

/// Trees that are nearly what they were: members and elements dropped, renamed, added, and given each other's values.
public enum TreeMutation {
  /// All values within a value.
  public static func parts(of value: JSONValue) -> [JSONValue] {
    [value] + (value.asObject?.values.map(\.self) ?? value.asArray ?? []).flatMap { parts(of: $0) }
  }

  /// - Parameter parts: where values are taken from.
  public static func mutate(_ value: JSONValue, _ parts: [JSONValue], _ random: inout SeededRandom) -> JSONValue {
    if Int.random(in: 0..<8, using: &random) == 0 {
      return [.null, 0, -1, true, "", "$", "$.x", "{% $x %}", [], [:], .double(1e300), parts.randomElement(using: &random)!].randomElement(using: &random)!
    }
    switch value {
    case .object(let object):
      var entries = object.map { ($0.key, $0.value) }
      guard !entries.isEmpty else { return value }
      let index = Int.random(in: 0..<entries.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: entries.remove(at: index)
      case 1: entries[index].0 = entries.randomElement(using: &random)!.0 + ["", "x", "Path", ".$"].randomElement(using: &random)!
      case 2: entries.append((["Next", "End", "Type", "Catch", "Retry", "Branches", "Choices", "ItemProcessor"].randomElement(using: &random)!, parts.randomElement(using: &random)!))
      default: entries[index].1 = mutate(entries[index].1, parts, &random)
      }
      return .object(JSONObject(entries))
    case .array(var elements):
      guard !elements.isEmpty else { return value }
      let index = Int.random(in: 0..<elements.count, using: &random)
      elements[index] = mutate(elements[index], parts, &random)
      return .array(elements)
    default: return parts.randomElement(using: &random)!
    }
  }

  /// One change at any of the values within a value, each as likely as any other: most are far from the root, where much stays as it was.
  public static func mutateAnywhere(_ value: JSONValue, _ parts: [JSONValue], _ random: inout SeededRandom) -> JSONValue {
    var left = Int.random(in: 0..<self.parts(of: value).count, using: &random)
    func walk(_ value: JSONValue) -> JSONValue {
      left -= 1
      if left == -1 { return parts.randomElement(using: &random)! }
      switch value {
      case .object(let object): return .object(JSONObject(object.map { ($0.key, left < 0 ? $0.value : walk($0.value)) }))
      case .array(let elements): return .array(elements.map { left < 0 ? $0 : walk($0) })
      default: return value
      }
    }
    return walk(value)
  }
}

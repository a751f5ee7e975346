import JSONTypes

/// The condition of a choice rule as one line: `$.status = "FAILED"`.
///
/// Spec: Amazon States Language, "Choice State", "Boolean expression", "Data-test expression".
enum ConditionLabel {
  static func text(of rule: SyntaxNode) -> String { text(of: rule, isNested: false) }

  private static func text(of rule: SyntaxNode, isNested: Bool) -> String {
    if let condition = rule["Condition"] {
      if let text = condition.text { return StateDetail.expression(text) }
      return condition.value.jsonText
    }
    for (key, word) in [("And", " and "), ("Or", " or ")] {
      guard let elements = rule[key]?.elements else { continue }
      let joined = elements.map { text(of: $0, isNested: elements.count > 1) }.joined(separator: word)
      return isNested && elements.count > 1 ? "(\(joined))" : joined
    }
    if let inner = rule["Not"] { return "not (\(text(of: inner, isNested: false)))" }
    guard let variable = rule["Variable"]?.text else { return "" }
    let known = ["Variable", "Next", "Comment", "Assign", "Output"]
    guard let member = rule.members?.first(where: { !known.contains($0.key) }) else { return variable }
    return comparison(variable, member.key, member.value)
  }

  private static let tests: [String: String] = [
    "IsPresent": "present", "IsNull": "null", "IsString": "a string", "IsNumeric": "a number", "IsBoolean": "a boolean", "IsTimestamp": "a timestamp",
  ]
  private static let orders: [String: String] = [
    "Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "≤", "GreaterThanEquals": "≥", "Matches": "matches",
  ]

  private static func comparison(_ variable: String, _ name: String, _ value: SyntaxNode) -> String {
    if let test = tests[name] {
      if case .bool(false) = value.kind { return "\(variable) is not \(test)" }
      return "\(variable) is \(test)"
    }
    var order = name[...]
    for type in ["String", "Numeric", "Boolean", "Timestamp"] where order.hasPrefix(type) {
      order = order.dropFirst(type.count)
      break
    }
    let isPath = order.hasSuffix("Path")
    if isPath { order = order.dropLast(4) }
    let operand = isPath ? value.text ?? value.value.jsonText : value.value.jsonText
    return "\(variable) \(orders[String(order)] ?? name) \(operand)"
  }
}

import JSONTypes
import StatesLanguage

/// Source: AWS CloudFormation User Guide, "Condition functions".
extension TemplateEvaluator {
  /// Whether a condition of the template holds. A condition that cannot be known counts as false; a finding says why.
  mutating func condition(named name: String, _ range: SourceRange) -> Bool {
    if let known = conditions[name] { return known }
    guard let member = root["Conditions"]?.member(name) else {
      let names = root["Conditions"]?.members?.map(\.key) ?? []
      report("template-condition", "the template has no condition \(name)", range, suggestion: NearestWord.find(name, among: names))
      return false
    }
    guard open.insert("condition " + name).inserted else {
      report("template-circle", "the condition \(name) depends on itself", member.keyRange)
      return false
    }
    let value = holds(member.value)
    open.remove("condition " + name)
    conditions[name] = value
    return value
  }

  private mutating func holds(_ node: SyntaxNode) -> Bool {
    guard let members = node.members, members.count == 1, let call = members.first else {
      report("template-condition", "expected a condition such as Fn::Equals, found \(node.typeName)", node.range)
      return false
    }
    switch call.key {
    case "Condition":
      guard let name = call.value.text else {
        report("template-condition", "expected the name of a condition, found \(call.value.typeName)", call.value.range)
        return false
      }
      return condition(named: name, call.value.range)
    case "Fn::Equals":
      guard let arguments = call.value.elements, arguments.count == 2 else {
        report("template-condition", "Fn::Equals takes a list of two values", call.value.range)
        return false
      }
      let left = evaluate(arguments[0])
      let right = evaluate(arguments[1])
      if let left = left.text, let right = right.text { return left.isSameText(as: right) }
      if let left = left.list, let right = right.list { return left.map(\.text) == right.map(\.text) }
      return false
    case "Fn::Not":
      guard let arguments = call.value.elements, arguments.count == 1 else {
        report("template-condition", "Fn::Not takes a list of one condition", call.value.range)
        return false
      }
      return !holds(arguments[0])
    case "Fn::And", "Fn::Or":
      guard let arguments = call.value.elements, (2...10).contains(arguments.count) else {
        report("template-condition", "\(call.key) takes a list of two to ten conditions", call.value.range)
        return false
      }
      var values: [Bool] = []
      for argument in arguments { values.append(holds(argument)) }
      return call.key == "Fn::And" ? values.allSatisfy { $0 } : values.contains(true)
    default:
      report(
        "template-condition", "expected a condition, found \(call.key)", call.keyRange,
        suggestion: NearestWord.find(call.key, among: ["Condition", "Fn::Equals", "Fn::Not", "Fn::And", "Fn::Or"]))
      return false
    }
  }

  /// Whether a resource is created.
  mutating func isCreated(_ resource: SyntaxNode) -> Bool {
    guard let name = resource["Condition"] else { return true }
    guard let text = name.text else { return true }
    return condition(named: text, name.range)
  }
}

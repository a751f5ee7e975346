import JSONTypes

extension StateMachineParser {
  mutating func parseChoice(_ reading: StateReading, _ common: StateCommon, _ scope: inout SubMachineGraph) -> ChoiceState? {
    let local = reading.index - scope.first
    var choices: [ChoiceState.Rule] = []
    let elements = reading.node["Choices"]?.elements ?? []
    if elements.isEmpty { scope.isBroken = true }
    for (number, element) in elements.enumerated() {
      let pointer = reading.pointer("Choices") + "/\(number)"
      guard expectObject(element, "a choice rule", pointer) else {
        scope.isBroken = true
        continue
      }
      checkFields(of: element, owner: .choiceRule, language: reading.language, pointer: pointer, place: element.range.opening)
      let condition =
        reading.language == .jsonata ? parseExpression(element, number, reading, pointer) : parseCondition(element, reading, pointer)
      guard let next = element["Next"], let name = next.text,
        let index = resolve(name, field: "Next", at: next, pointer: pointer + "/Next", from: local, &scope)
      else {
        scope.isBroken = true
        continue
      }
      if let condition {
        choices.append(
          ChoiceState.Rule(
            condition: condition, next: index,
            assign: parseAssign(of: element, pointer, language: reading.language, location: "Choices[\(number)]/Assign"),
            output: parseOutput(of: element, field: "Output", pointer, language: reading.language, location: "Choices[\(number)]/Output"),
            comment: element["Comment"]?.text))
      }
    }
    var fallback: Int?
    if let node = reading.node["Default"] {
      if let name = node.text {
        fallback = resolve(name, field: "Default", at: node, pointer: reading.pointer("Default"), from: local, &scope)
      } else {
        scope.isBroken = true
      }
    }
    return choices.count == elements.count ? ChoiceState(common: common, choices: choices, default: fallback) : nil
  }

  /// A rule of JSONata: `Condition`, an expression or a boolean.
  private mutating func parseExpression(_ node: SyntaxNode, _ number: Int, _ reading: StateReading, _ pointer: String) -> ChoiceCondition? {
    guard let condition = node["Condition"] else {
      report("missing-field", "a choice rule needs the field \"Condition\"", at: node.range.opening, pointer: pointer)
      return nil
    }
    let count = diagnostics.count
    let template = JSONataTemplate.compile(
      condition, field: "Choices[\(number)]/Condition", pointer: pointer + "/Condition", into: &diagnostics)
    if let constant = template.constant, constant.asBool == nil, diagnostics.count == count {
      report(
        "wrong-type", "expected a JSONata expression {% … %} or a boolean for Condition, found \(condition.described)", at: condition.range,
        pointer: pointer + "/Condition")
    }
    return .expression(template)
  }

  /// A rule of JSONPath: And, Or, Not, or a variable with one operator.
  private mutating func parseCondition(_ node: SyntaxNode, _ reading: StateReading, _ pointer: String) -> ChoiceCondition? {
    guard reading.language == .jsonPath, let members = node.members else { return nil }
    let kinds = members.filter { ["And", "Or", "Not", "Variable"].contains($0.key) }
    guard let member = kinds.first else {
      report("choice-shape", "a choice rule needs Variable with an operator, or one of And, Or, Not", at: node.range.opening, pointer: pointer)
      return nil
    }
    if kinds.count > 1 {
      report("choice-shape", "\(kinds[1].key) and \(member.key) exclude each other in one rule", at: kinds[1].keyRange, pointer: pointer + "/" + kinds[1].key)
      return nil
    }
    let operators = members.filter { ComparisonOperators.all[$0.key] != nil }
    if member.key != "Variable", let first = operators.first {
      report("choice-shape", "\(first.key) needs a Variable, and \(member.key) has none", at: first.keyRange, pointer: pointer + "/" + first.key)
      return nil
    }
    switch member.key {
    case "And": return parseNested(member, reading, pointer).map(ChoiceCondition.and)
    case "Or": return parseNested(member, reading, pointer).map(ChoiceCondition.or)
    case "Not":
      let inner = pointer + "/Not"
      guard member.value.members != nil else { return nil }
      checkFields(of: member.value, owner: .nestedRule, language: reading.language, pointer: inner, place: member.value.range.opening)
      return parseCondition(member.value, reading, inner).map(ChoiceCondition.not)
    default: return parseComparison(member, operators, reading, pointer)
    }
  }

  private mutating func parseNested(_ member: SyntaxNode.Member, _ reading: StateReading, _ pointer: String) -> [ChoiceCondition]? {
    guard let elements = member.value.elements else { return nil }
    var conditions: [ChoiceCondition] = []
    for (number, element) in elements.enumerated() {
      let inner = pointer + "/\(member.key)/\(number)"
      guard expectObject(element, "a choice rule", inner) else { continue }
      checkFields(of: element, owner: .nestedRule, language: reading.language, pointer: inner, place: element.range.opening)
      if let condition = parseCondition(element, reading, inner) { conditions.append(condition) }
    }
    return conditions.count == elements.count ? conditions : nil
  }

  private mutating func parseComparison(
    _ variable: SyntaxNode.Member, _ operators: [SyntaxNode.Member], _ reading: StateReading, _ pointer: String
  ) -> ChoiceCondition? {
    guard let path = parsePath(variable.value, pointer: pointer + "/Variable") else { return nil }
    guard let member = operators.first else {
      report("choice-shape", "a rule with a Variable needs an operator such as StringEquals or IsPresent", at: variable.keyRange, pointer: pointer)
      return nil
    }
    if operators.count > 1 {
      report("choice-shape", "a rule has one operator; \(member.key) stands before", at: operators[1].keyRange, pointer: pointer + "/" + operators[1].key)
      return nil
    }
    guard let found = ComparisonOperators.all[member.key] else { return nil }
    let inner = pointer + "/" + member.key
    let value = member.value
    switch found {
    case .isPresent, .isNull, .isType:
      guard case .bool(let expected) = value.kind else { return nil }
      switch found {
      case .isPresent: return .comparison(variable: path, .isPresent(expected))
      case .isNull: return .comparison(variable: path, .isNull(expected))
      case .isType(let type): return .comparison(variable: path, .isType(type, expected))
      case .ordered, .stringMatches: return nil
      }
    case .stringMatches:
      guard let text = value.text else { return nil }
      do throws(StringPatternError) {
        return .comparison(variable: path, .stringMatches(try StringPattern(text)))
      } catch {
        report("invalid-pattern", error.message, at: value.range, pointer: inner)
        return nil
      }
    case .ordered(let type, let order, isPath: true):
      return parsePath(value, pointer: inner).map { .comparison(variable: path, .ordered(type, order, .path($0))) }
    case .ordered(let type, let order, isPath: false):
      if type == .timestamp {
        guard let text = value.text else { return nil }
        if Timestamp(literal: text) == nil {
          reportTimestamp(text, at: value, pointer: inner)
          return nil
        }
      }
      return .comparison(variable: path, .ordered(type, order, .literal(value.value)))
    }
  }
}

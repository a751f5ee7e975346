import JSONTypes
import StatesLanguage

extension Execution {
  mutating func run(_ state: ChoiceState, frame: Int) throws(ExecutionEnd) {
    let input = try effectiveInput(state.common, frame: frame)
    var scope = scope(frame, input: input.value, context: state.usesContext ? contextObject(frame) : nil)
    for rule in state.choices {
      if try holds(rule.condition, &scope, frame: frame) {
        return try go(to: rule.next, output: rule.output, assign: rule.assign, input, state, frame: frame)
      }
    }
    guard let fallback = state.default else {
      throw runtime("Failed to transition out of the state. The state does not point to a next state.", frame: frame)
    }
    try go(to: fallback, output: state.common.output, assign: state.common.assign, input, state, frame: frame)
  }

  private mutating func go(
    to next: Int, output template: JSONataTemplate?, assign: Template?, _ input: Payload, _ state: ChoiceState, frame: Int
  ) throws(ExecutionEnd) {
    let output: Payload
    switch state.common.queryLanguage {
    case .jsonPath: output = try effectiveOutput(state.common, input, frame: frame)
    case .jsonata: output = try template.map { template throws(ExecutionEnd) in Payload(measuring: try evaluate(template, frame: frame)) } ?? input
    }
    let assigned = try assignments(assign, on: input.value, frame: frame)
    try leave(frame, with: output, assigned: assigned, to: .next(next), after: frames[frame].lastEvent)
  }

  // MARK: Conditions

  func holds(_ condition: ChoiceCondition, _ scope: inout EvaluationScope, frame: Int) throws(ExecutionEnd) -> Bool {
    switch condition {
    case .and(let conditions):
      for condition in conditions { if try !holds(condition, &scope, frame: frame) { return false } }
      return true
    case .or(let conditions):
      for condition in conditions { if try holds(condition, &scope, frame: frame) { return true } }
      return false
    case .not(let condition): return try !holds(condition, &scope, frame: frame)
    case .expression(let template):
      let value = try evaluate(template, frame: frame)
      guard case .bool(let holds) = value else {
        throw query(
          "The JSONata expression '\(template.expressionText ?? "")' specified for the field '\(template.location ?? "Condition")' returned an unexpected result type. "
            + "Expected 'boolean', but was '\(value.jsonataType)' for value: \(value.jsonText)", location: template.location, frame: frame)
      }
      return holds
    case .comparison(let variable, let comparison):
      if case .isPresent(let expected) = comparison {
        do throws(EvaluationError) {
          let value = try variable.evaluate(in: &scope)
          // A path that may select several values finds none by giving an empty list.
          return (variable.isReferencePath || value != .array([])) == expected
        } catch {
          return !expected
        }
      }
      let value = try operand(variable, &scope, frame: frame)
      switch comparison {
      case .isPresent: return false
      case .isNull(let expected): return value.isNull == expected
      case .isType(let type, let expected): return value.isOf(type) == expected
      case .stringMatches(let pattern): return value.asString.map(pattern.matches) ?? false
      case .ordered(let type, let order, .literal(let other)): return compare(value, other, as: type, order)
      case .ordered(let type, let order, .path(let path)): return compare(value, try operand(path, &scope, frame: frame), as: type, order)
      }
    }
  }

  private func operand(_ path: PathExpression, _ scope: inout EvaluationScope, frame: Int) throws(ExecutionEnd) -> JSONValue {
    do throws(EvaluationError) {
      return try path.evaluate(in: &scope)
    } catch {
      throw runtime("Invalid path '\(path.text)': The choice state's condition path references an invalid value.", frame: frame)
    }
  }

  /// Values of another type than the operator's compare as false, never as an error.
  private func compare(_ left: JSONValue, _ right: JSONValue, as type: ChoiceCondition.ValueType, _ order: ChoiceCondition.Order) -> Bool {
    switch type {
    case .string:
      guard case .string(let a) = left, case .string(let b) = right else { return false }
      if case .equals = order { return a.isSameText(as: b) }
      // By UTF-16 code units, as Java compares.
      return order.holds(a.utf16.lexicographicallyPrecedes(b.utf16), b.utf16.lexicographicallyPrecedes(a.utf16))
    case .boolean:
      guard case .bool(let a) = left, case .bool(let b) = right else { return false }
      return a == b
    case .numeric:
      if case .int(let a) = left, case .int(let b) = right { return order.holds(a < b, b < a) }
      guard let a = left.asDouble, let b = right.asDouble else { return false }
      return order.holds(a < b, b < a)
    case .timestamp:
      guard case .string(let a) = left, case .string(let b) = right, let first = Timestamp(iso8601: a), let second = Timestamp(iso8601: b) else {
        return false
      }
      return order.holds(first < second, second < first)
    }
  }
}

extension ChoiceCondition.Order {
  func holds(_ isLess: Bool, _ isGreater: Bool) -> Bool {
    switch self {
    case .equals: !isLess && !isGreater
    case .lessThan: isLess
    case .greaterThan: isGreater
    case .lessThanEquals: !isGreater
    case .greaterThanEquals: !isLess
    }
  }
}

extension JSONValue {
  /// The type in the words of causes about JSONata.
  var jsonataType: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .int, .double, .bigInteger: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }

  func isOf(_ type: ChoiceCondition.ValueType) -> Bool {
    switch (type, self) {
    case (.string, .string), (.boolean, .bool), (.numeric, .int), (.numeric, .double), (.numeric, .bigInteger): true
    case (.timestamp, .string(let text)): Timestamp(iso8601: text) != nil
    default: false
    }
  }
}

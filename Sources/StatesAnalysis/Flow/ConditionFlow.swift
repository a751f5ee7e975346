import JSONPath
import JSONTypes
import StatesLanguage

/// How a condition can turn out, given the shapes of what it reads.
struct Outlook {
  var canHold: Bool
  var canFail: Bool
  /// It cannot be evaluated: a variable leads to nothing, and only `IsPresent` bears that.
  var breaks = false

  static let unknown = Outlook(canHold: true, canFail: true)
}

extension FlowEvaluator {
  mutating func outlook(of condition: ChoiceCondition, at pointer: String) -> Outlook {
    switch condition {
    case .expression(let template):
      let shape = shape(of: template, at: place(pointer, "Condition")) ?? .any
      guard shape.kinds == .boolean, let truth = shape.truth else { return .unknown }
      return Outlook(canHold: truth, canFail: !truth)
    case .not(let inner):
      let inner = outlook(of: inner, at: place(pointer, "Not"))
      return inner.breaks ? inner : Outlook(canHold: inner.canFail, canFail: inner.canHold)
    case .and(let conditions): return outlook(ofAll: conditions, at: place(pointer, "And"))
    case .or(let conditions): return outlook(ofAny: conditions, at: place(pointer, "Or"))
    case .comparison(let variable, let comparison): return outlook(variable, comparison, at: pointer)
    }
  }

  /// Conditions are asked in their order, until one does not hold.
  private mutating func outlook(ofAll conditions: [ChoiceCondition], at pointer: String) -> Outlook {
    var all = Outlook(canHold: true, canFail: false)
    for (index, condition) in conditions.enumerated() {
      let isAsked = !all.canFail
      let outlook = quietly(unless: isAsked) { $0.outlook(of: condition, at: $0.place(pointer, String(index))) }
      if outlook.breaks {
        if isAsked { return outlook }
        // Whether it is asked is not known: then it never holds, but it may be passed by.
        return Outlook(canHold: false, canFail: true)
      }
      all.canHold = all.canHold && outlook.canHold
      all.canFail = all.canFail || outlook.canFail
    }
    return all
  }

  private mutating func outlook(ofAny conditions: [ChoiceCondition], at pointer: String) -> Outlook {
    var any = Outlook(canHold: false, canFail: true)
    for (index, condition) in conditions.enumerated() {
      let isAsked = !any.canHold
      let outlook = quietly(unless: isAsked) { $0.outlook(of: condition, at: $0.place(pointer, String(index))) }
      if outlook.breaks {
        if isAsked { return outlook }
        any.canFail = false
        return any
      }
      any.canHold = any.canHold || outlook.canHold
      any.canFail = any.canFail && outlook.canFail
    }
    return any
  }

  private mutating func outlook(_ variable: PathExpression, _ comparison: ChoiceCondition.Comparison, at pointer: String) -> Outlook {
    if case .isPresent(let expected) = comparison {
      // Asking whether something is there is no mistake.
      let selection = quietly(unless: false) { $0.select(variable, at: pointer) }
      let canBeThere = !selection.isMissing
      return Outlook(canHold: expected ? canBeThere : selection.mayMiss, canFail: expected ? selection.mayMiss : canBeThere)
    }
    let selection = select(variable, at: place(pointer, "Variable"))
    if selection.isMissing { return Outlook(canHold: false, canFail: false, breaks: true) }
    let shape = selection.shape
    func isKind(_ kinds: Shape.Kinds, _ expected: Bool) -> Outlook {
      let canBe = !shape.kinds.isDisjoint(with: kinds)
      let canBeOther = !shape.kinds.isSubset(of: kinds)
      return Outlook(canHold: expected ? canBe : canBeOther, canFail: expected ? canBeOther : canBe)
    }
    switch comparison {
    case .isPresent: return .unknown
    case .isNull(let expected): return isKind(.null, expected)
    case .isType(let type, let expected):
      switch type {
      case .string: return isKind(.string, expected)
      case .numeric: return isKind(.number, expected)
      case .boolean: return isKind(.boolean, expected)
      case .timestamp: return shape.kinds.contains(.string) ? .unknown : isKind(.string, expected)
      }
    case .stringMatches: return shape.kinds.contains(.string) ? .unknown : Outlook(canHold: false, canFail: true)
    case .ordered(let type, let order, let operand):
      let kind: Shape.Kinds =
        switch type {
        case .string, .timestamp: .string
        case .numeric: .number
        case .boolean: .boolean
        }
      // Values of other kinds compare as false.
      guard shape.kinds.contains(kind) else { return Outlook(canHold: false, canFail: true) }
      switch operand {
      case .path(let path):
        _ = select(path, at: pointer)
        return .unknown
      case .literal(let value):
        guard order == .equals else { return .unknown }
        if type == .string, let text = value.asString, let texts = shape.texts {
          return Outlook(canHold: texts.contains(text), canFail: shape.kinds != .string || texts.count > 1 || !texts.contains(text))
        }
        if type == .boolean, let wanted = value.asBool, let truth = shape.truth {
          return Outlook(canHold: truth == wanted, canFail: shape.kinds != .boolean || truth != wanted)
        }
        return .unknown
      }
    }
  }

  /// Evaluates without noting what is wrong, unless it is evaluated for certain.
  private mutating func quietly<T>(unless isCertain: Bool, _ body: (inout FlowEvaluator) -> T) -> T {
    if isCertain { return body(&self) }
    var quiet = self
    return body(&quiet)
  }

  /// The input after a condition did not hold: a text that it asked for is ruled out.
  func ruledOut(_ condition: ChoiceCondition) -> Shape {
    guard case .comparison(let variable, .ordered(.string, .equals, .literal(.string(let text)))) = condition,
      variable.isReferencePath, case .input = variable.source, let path = try? ReferencePath(parsing: variable.text), !path.segments.isEmpty
    else { return input }
    var steps: [PathQuery.OutlineStep] = []
    for case .member(let name) in path.segments { steps.append(.member(name)) }
    let found = input.select(steps)
    guard steps.count == path.segments.count, var texts = found.shape.texts, found.shape.kinds == .string,
      texts.remove(text) != nil, !texts.isEmpty
    else { return input }
    return input.inserting(.text(texts), at: path.segments[...]) ?? input
  }
}

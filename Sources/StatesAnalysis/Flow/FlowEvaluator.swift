import JSONata
import JSONPath
import JSONTypes
import StatesLanguage

/// What an expression gives when all that is known are the shapes of what it reads; and what is wrong with it for certain.
struct FlowEvaluator {
  enum Problem: Equatable {
    /// The path leads to nothing, whatever comes.
    case missing(String)
    case undefined(String)
    /// Some way to the state does not assign it.
    case perhapsUndefined(String)
  }

  var input: Shape
  var context: Shape
  var scope: VariableScope
  /// JSONata: `$states.result`, and `$states.errorOutput` in a catcher.
  var result: Shape = .any
  /// Whether problems are wanted, and with them the places of what is evaluated.
  let isReporting: Bool
  /// Whether there is anything to say, when problems are not wanted.
  private(set) var hasProblems = false
  private(set) var problems: [(problem: Problem, pointer: String)] = []

  init(input: Shape, context: Shape, scope: VariableScope, result: Shape = .any, isReporting: Bool) {
    (self.input, self.context, self.scope, self.result, self.isReporting) = (input, context, scope, result, isReporting)
  }

  private mutating func note(_ problem: @autoclosure () -> Problem, _ pointer: String) {
    if isReporting { problems.append((problem(), pointer)) } else { hasProblems = true }
  }

  func place(_ pointer: String, _ token: @autoclosure () -> String) -> String { isReporting ? pointer + "/" + token() : "" }

  // MARK: JSONPath

  mutating func select(_ path: PathExpression, at pointer: String) -> Selection {
    if path.text == "$" { return Selection(shape: input, mayMiss: false) }
    return select(path.source, at: pointer)
  }

  private mutating func select(_ source: ExpressionSource, at pointer: String) -> Selection {
    switch source {
    case .input(let query): return found(input.select(query.outline), query.text, pointer)
    case .context(let query): return found(context.select(query.outline), "$" + query.text, pointer)
    case .variable(let name, let query):
      guard let shape = variable(name, at: pointer) else { return .unknown }
      return found(shape.select(query.outline), "$\(name)\(query.text.dropFirst())", pointer)
    case .call(let name, let arguments): return Selection(shape: call(name, arguments, at: pointer), mayMiss: false)
    }
  }

  private mutating func found(_ selection: Selection, _ text: @autoclosure () -> String, _ pointer: String) -> Selection {
    if selection.isMissing { note(.missing(text()), pointer) }
    return selection
  }

  /// The shape of a variable; nil where none is known.
  mutating func variable(_ name: String, at pointer: String) -> Shape? {
    guard let known = scope[name] else {
      if !scope.isOpen { note(.undefined(name), pointer) }
      return nil
    }
    if !known.isSure { note(.perhapsUndefined(name), pointer) }
    return known.shape
  }

  private mutating func call(_ name: String, _ arguments: [ExpressionSource.Argument], at pointer: String) -> Shape {
    var shapes: [Shape] = []
    for argument in arguments {
      switch argument {
      case .literal(let value): shapes.append(Shape(of: value))
      case .source(let source):
        let selection = select(source, at: pointer)
        shapes.append(selection.isMissing ? .any : selection.shape)
      }
    }
    switch name {
    case "States.Format", "States.JsonToString", "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.UUID": return .string
    case "States.ArrayLength", "States.MathRandom", "States.MathAdd": return .number
    case "States.ArrayContains": return .boolean
    case "States.Array": return Shape(.array, elements: Shape.Elements(items: shapes))
    case "States.ArrayRange": return .array(of: .number)
    case "States.StringSplit": return .array(of: .string)
    case "States.ArrayPartition": return .array(of: .array)
    case "States.ArrayUnique": return .array
    case "States.JsonMerge": return Self.merged(shapes)
    default: return .any
    }
  }

  private static func merged(_ shapes: [Shape]) -> Shape {
    guard shapes.count > 1, let first = shapes[0].members, let second = shapes[1].members else { return Shape(.object) }
    var known: [String: Shape.Member] = [:]
    for (key, member) in first.known {
      let twin = second.isOpen ? Shape.any : second.known[key]?.shape ?? .never
      known[key] = Shape.Member(member.shape.joined(with: twin), isSure: member.isSure)
    }
    for (key, member) in second.known {
      if member.isSure {
        known[key] = member
      } else if known[key] == nil {
        known[key] = Shape.Member(first.isOpen ? .any : member.shape, isSure: false)
      }
    }
    return .object(known, isOpen: first.isOpen || second.isOpen)
  }

  // MARK: Templates

  mutating func shape(of template: Template?, at pointer: String) -> Shape? {
    template.map { shape(of: $0.outline, at: pointer) }
  }

  mutating func shape(of outline: TemplateOutline, at pointer: String) -> Shape {
    switch outline {
    case .constant(let value): return Shape(of: value)
    case .open: return .any
    case .path(let path, _):
      let selection = select(path, at: pointer)
      // An element beyond the end is null in a template.
      return selection.isMissing ? .any : selection.mayMiss ? selection.shape.joined(with: .null) : selection.shape
    case .jsonata(let expression): return shape(of: expression, at: pointer)
    case .object(let members):
      var known: [String: Shape.Member] = [:]
      for member in members {
        var key = member.key
        if case .path(_, let field) = member.value { key = field }
        known[member.key] = Shape.Member(shape(of: member.value, at: place(pointer, key.pointerToken)))
      }
      return .object(known)
    case .array(let items):
      var shapes: [Shape] = []
      for (index, item) in items.enumerated() { shapes.append(shape(of: item, at: place(pointer, String(index)))) }
      return Shape(.array, elements: Shape.Elements(items: shapes))
    }
  }

  // MARK: JSONata

  private static let functions = Set(JSONataExpression.functionNames(in: .stepFunctions))

  mutating func shape(of template: JSONataTemplate?, at pointer: String) -> Shape? {
    template.map { shape(of: $0.outline, at: pointer) }
  }

  private mutating func shape(of expression: JSONataExpression, at pointer: String) -> Shape {
    for name in expression.variables where !name.isEmpty && name != "$" && name != StateMachine.reservedVariable && !Self.functions.contains(name) {
      // A call of an unknown function is reported as such.
      if !expression.calledFunctions.contains(name) { _ = variable(name, at: pointer) }
    }
    let selection = select(expression.outline)
    if selection.isMissing, case .reference(let variable, let path) = expression.outline {
      note(.missing((["$" + variable] + path).joined(separator: ".")), pointer)
    }
    return selection.isMissing ? .any : selection.shape
  }

  private func select(_ outline: ExpressionOutline) -> Selection {
    switch outline {
    case .literal(let value): return Selection(shape: Shape(of: value), mayMiss: false)
    case .array: return Selection(shape: .array, mayMiss: false)
    case .string: return Selection(shape: .string, mayMiss: false)
    case .number: return Selection(shape: .number, mayMiss: true)
    case .boolean: return Selection(shape: .boolean, mayMiss: true)
    case .object(let members):
      var known: [String: Shape.Member] = [:]
      for member in members {
        let selection = select(member.value)
        if !selection.isMissing { known[member.key] = Shape.Member(selection.shape, isSure: !selection.mayMiss) }
      }
      return Selection(shape: .object(known), mayMiss: false)
    case .choice(let first, let second):
      let left = select(first)
      let right = second.map(select) ?? Selection(shape: .never, mayMiss: true)
      let joined = left.shape.joined(with: right.shape)
      return Selection(shape: joined.isNever ? .any : joined, mayMiss: left.mayMiss || right.mayMiss)
    case .reference(let variable, let path): return select(variable, path)
    case .unknown: return .unknown
    }
  }

  private func select(_ variable: String, _ path: [String]) -> Selection {
    var names = path[...]
    let start: Shape
    if variable == StateMachine.reservedVariable {
      switch names.popFirst() {
      case "input": start = input
      case "result", "errorOutput": start = result
      default: return .unknown
      }
    } else {
      guard let known = scope[variable], known.isSure else { return .unknown }
      start = known.shape
    }
    var current = Selection(shape: start, mayMiss: false)
    for name in names {
      // A path goes into the elements of arrays.
      if current.shape.kinds.contains(.array) { return .unknown }
      let next = current.shape.member(name)
      current = Selection(shape: next.shape, mayMiss: current.mayMiss || next.mayMiss)
      if current.isMissing { return current }
    }
    // An array of one value and that value alone are one to JSONata.
    return current.shape.kinds.contains(.array) ? .unknown : current
  }
}

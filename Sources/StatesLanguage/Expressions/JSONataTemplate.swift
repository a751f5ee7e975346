import JSONata
public import JSONTypes

/// A JSON value of a JSONata state in which each string of the form `{% … %}` is replaced by the value of its expression. Compiled once.
///
/// Source: AWS Step Functions Developer Guide, "Transforming data with JSONata in Step Functions".
public struct JSONataTemplate: Sendable {
  /// Whether evaluation reads `$states.context`.
  public let usesContext: Bool
  private let root: Node

  private indirect enum Node: Sendable {
    case constant(JSONValue)
    /// Not known yet; the machine is not run.
    case open
    case expression(JSONataExpression, location: String)
    case object([(key: String, node: Node)])
    case array([Node])

    var value: JSONValue? { if case .constant(let value) = self { value } else { nil } }
  }

  /// The value when the template holds no expression.
  public var constant: JSONValue? { root.value }

  /// The text between the delimiters when the whole template is one expression.
  public var expressionText: String? { if case .expression(let expression, _) = root { expression.source } else { nil } }

  /// The field that the expression stands in, when the whole template is one.
  public var location: String? { if case .expression(_, let location) = root { location } else { nil } }

  /// The text between `{%` and `%}`, without the blanks around it; nil for a string that is no expression.
  package static func expressionText(in text: String) -> Substring? {
    guard text.hasPrefix("{%"), text.hasSuffix("%}"), text.utf8.count >= 4 else { return nil }
    var inner = text.dropFirst(2).dropLast(2)
    while let first = inner.first, first.isWhitespace { inner.removeFirst() }
    while let last = inner.last, last.isWhitespace { inner.removeLast() }
    return inner
  }

  /// Whether a text has a delimiter of an expression at one of its ends. With blanks before it, a whole expression is a text like any other to
  /// AWS, and accepted.
  static func isMeantAsExpression(_ text: String) -> Bool {
    text.hasPrefix("{%") || (text.hasSuffix("%}") && !text.drop { $0.isWhitespace }.hasPrefix("{%"))
  }

  /// Reads a template. What is wrong with it becomes a diagnostic at the string that is wrong.
  ///
  /// - Parameters:
  ///   - field: the name of the field, with which locations in causes begin: `Output`, `Catch[1]/Output`.
  ///   - pointer: the JSON pointer of the template in the definition.
  static func compile(_ node: SyntaxNode, field: String, pointer: String, into diagnostics: inout [Diagnostic]) -> JSONataTemplate {
    var usesContext = false
    let root = compile(node, field, pointer, &usesContext, &diagnostics)
    return JSONataTemplate(usesContext: usesContext, root: root)
  }

  private static func compile(
    _ node: SyntaxNode, _ location: String, _ pointer: String, _ usesContext: inout Bool, _ diagnostics: inout [Diagnostic]
  ) -> Node {
    switch node.kind {
    case .string(let text):
      guard let source = expressionText(in: text) else {
        if isMeantAsExpression(text) {
          diagnostics.append(
            Diagnostic(
              "invalid-jsonata", .error, "a JSONata expression stands between {% and %}, with nothing before and behind", at: node.range, pointer: pointer))
        }
        return .constant(.string(text))
      }
      let place = ExpressionPlace(of: source, in: text, at: node)
      return expression(String(source), place, location, pointer, &usesContext, &diagnostics)
    case .object(let members):
      let nodes = members.map { member in
        (key: member.key, node: compile(member.value, "\(location)/\(member.key)", "\(pointer)/\(member.key.pointerToken)", &usesContext, &diagnostics))
      }
      let constants = nodes.compactMap { pair in pair.node.value.map { (pair.key, $0) } }
      return constants.count == nodes.count ? .constant(.object(JSONObject(constants))) : .object(nodes)
    case .array(let elements):
      let nodes = elements.enumerated().map { compile($1, "\(location)[\($0)]", "\(pointer)/\($0)", &usesContext, &diagnostics) }
      let constants = nodes.compactMap(\.value)
      return constants.count == nodes.count ? .constant(.array(constants)) : .array(nodes)
    case .invalid:
      diagnostics.append(.open(nil, at: node.range, pointer: pointer))
      return .open
    case .null, .bool, .number: return .constant(node.value)
    }
  }

  private static func expression(
    _ source: String, _ place: ExpressionPlace, _ location: String, _ pointer: String, _ usesContext: inout Bool, _ diagnostics: inout [Diagnostic]
  ) -> Node {
    func report(_ code: String, _ message: String, _ range: SourceRange) {
      diagnostics.append(Diagnostic(code, .error, message, at: range, pointer: pointer))
    }
    do throws(JSONataError) {
      let expression = try JSONataExpression(parsing: source)
      if let position = expression.defaultOperator {
        report(
          "invalid-jsonata", "the operators ?? and ?: are not in the release of JSONata that the service runs, 2.0.6", place.token(endingAt: position))
      }
      if let reference = expression.references.first(where: { $0.name.isEmpty || $0.name == "$" }) {
        report(
          "unsupported-jsonata", "\(reference.name.isEmpty ? "$" : "$$") at the top level is not supported; write $states.input",
          place.token(endingAt: reference.position))
      }
      if let field = expression.bareNames.first {
        report(
          "unsupported-jsonata", "\(field.name) stands alone at the top level, where there is nothing to read it from; write $states.input.\(field.name)",
          place.token(endingAt: field.position))
      }
      // A condition's location is Choices[0]/Condition, a catcher's Catch[0]/Output.
      if !location.hasPrefix("Catch["), let reference = expression.references.first(where: { $0.name == "states" && $0.path.first == "errorOutput" }) {
        report(
          "unsupported-jsonata", "$states.errorOutput is there only in Assign and Output of a catcher",
          place.reference(endingAt: reference.position, fields: 1))
      }
      check(expression, location, place, pointer, &diagnostics)
      if expression.references.contains(where: { $0.name == "states" && ($0.path.isEmpty || $0.path[0] == "context") }) { usesContext = true }
      return .expression(expression, location: location)
    } catch {
      if source.hasPlaceholder {
        diagnostics.append(.open(source, at: place.whole, pointer: pointer))
        return .open
      }
      report("invalid-jsonata", "not a JSONata expression: \(error.code): \(error.message)", place.place(of: error))
      return .constant(.null)
    }
  }

  package var outline: TemplateOutline {
    func outline(_ node: Node) -> TemplateOutline {
      switch node {
      case .constant(let value): .constant(value)
      case .open: .open
      case .expression(let expression, _): .jsonata(expression)
      case .object(let members): .object(members.map { ($0.key, outline($0.node)) })
      case .array(let nodes): .array(nodes.map(outline))
      }
    }
    return outline(root)
  }

  /// Whether a fixed string of the template, or an expression, has this text within it.
  func mentions(_ text: String) -> Bool {
    func mentions(_ node: Node) -> Bool {
      switch node {
      case .constant(let value): value.mentions(text)
      case .open: false
      case .expression(let expression, _): expression.source.contains(text)
      case .object(let members): members.contains { mentions($0.node) }
      case .array(let nodes): nodes.contains(where: mentions)
      }
    }
    return mentions(root)
  }

  /// - Throws: `EvaluationError` of kind `query` in the service's words, with the location as its `field`.
  public func evaluate(in scope: inout JSONataScope) throws(EvaluationError) -> JSONValue {
    try Self.evaluate(root, in: &scope)
  }

  private static func evaluate(_ node: Node, in scope: inout JSONataScope) throws(EvaluationError) -> JSONValue {
    switch node {
    case .constant(let value): return value
    case .open: return .null
    case .object(let members):
      var object = JSONObject()
      for member in members { object[member.key] = try evaluate(member.node, in: &scope) }
      return .object(object)
    case .array(let nodes):
      var elements: [JSONValue] = []
      elements.reserveCapacity(nodes.count)
      for node in nodes { elements.append(try evaluate(node, in: &scope)) }
      return .array(elements)
    case .expression(let expression, let location):
      let head = "The JSONata expression '\(expression.source)' specified for the field '\(location)'"
      let value: JSONValue?
      do throws(JSONataError) {
        value = try expression.evaluate(input: nil, bindings: scope.bindings, environment: &scope.environment)
      } catch where error.code == JSONataError.Code.unsupportedResult {
        throw EvaluationError(.query, "\(head) returned an unsupported result type.", expression: expression.source, field: location)
      } catch {
        throw EvaluationError(
          .query, "\(head) threw an error during evaluation. \(error.code): \(error.message)", expression: expression.source, field: location)
      }
      guard let value else {
        throw EvaluationError(.query, "\(head) returned nothing (undefined).", expression: expression.source, field: location)
      }
      return value
    }
  }
}

/// What the expressions of a JSONata state see: the variables in scope and `$states`.
public struct JSONataScope {
  var bindings: [String: JSONValue]
  var environment: EvaluationEnvironment

  /// - Parameters:
  ///   - states: the reserved variable, with `input`, `context` and where they exist `result` and `errorOutput`.
  ///   - now: what `$now()` tells.
  public init(states: JSONValue, variables: [String: JSONValue], random: SeededRandom, now: Timestamp) {
    bindings = variables
    bindings["states"] = states
    environment = EvaluationEnvironment(random: random, now: Double(now.microseconds / 1000), profile: .stepFunctions)
  }
}

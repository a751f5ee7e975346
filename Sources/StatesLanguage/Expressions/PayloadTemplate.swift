public import JSONTypes

/// A JSON value in which each member whose key ends in `.$` is replaced by the value of the path or intrinsic function that it holds.
/// Compiled once; parts without expressions are built once and shared by all results.
///
/// Spec: Amazon States Language, "Payload Template".
public struct PayloadTemplate: Sendable {
  /// Whether evaluation reads `EvaluationScope.context`.
  public let usesContext: Bool
  /// The names of the variables that evaluation reads, without `$`, each once.
  public let variables: [String]
  private let root: Node

  private indirect enum Node: Sendable {
    case constant(JSONValue)
    /// Not known yet; the machine is not run.
    case open
    case expression(PathExpression, field: String)
    /// The members as an object whose keys all results share, and what makes their values.
    case object(JSONObject, [Node])
    case array([Node])

    /// What stands here when it holds no expression.
    var value: JSONValue? { if case .constant(let value) = self { value } else { nil } }
  }

  /// Whether the template holds no expression, so that each evaluation gives the same value.
  public var isConstant: Bool { if case .constant = root { true } else { false } }

  /// Reads a template. What is wrong with it becomes a diagnostic at the value that is wrong; such a member is null in the result.
  ///
  /// - Parameter pointer: the JSON pointer of the template in the definition, to which members are added; spelled out only where something is wrong.
  public static func compile(
    _ node: SyntaxNode, pointer: @autoclosure () -> String, into diagnostics: inout [Diagnostic]
  ) -> PayloadTemplate {
    var paths = KnownPaths()
    return compile(node, pointer: pointer(), paths: &paths, into: &diagnostics)
  }

  static func compile(
    _ node: SyntaxNode, pointer: @autoclosure () -> String, paths: inout KnownPaths, into diagnostics: inout [Diagnostic]
  ) -> PayloadTemplate {
    var reads = PathExpression.Reads()
    let root = Self.node(node, pointer, &reads, &paths, &diagnostics)
    return PayloadTemplate(usesContext: reads.context, variables: reads.variables, root: root)
  }

  /// - Throws: what `PathExpression.evaluate` throws, with the key of the member as written in `field`.
  public func evaluate(in scope: inout EvaluationScope) throws(EvaluationError) -> JSONValue {
    try Self.evaluate(root, in: &scope)
  }

  private static func evaluate(_ node: Node, in scope: inout EvaluationScope) throws(EvaluationError) -> JSONValue {
    switch node {
    case .constant(let value): return value
    case .open: return .null
    case .expression(let expression, let field):
      do throws(EvaluationError) {
        return try expression.evaluate(in: &scope)
      } catch {
        // An element beyond the end of an array is null to the service, as a path alone; within a call it is missing.
        if error.isIndexOutOfBounds, error.call == nil { return .null }
        var error = error
        error.field = field
        throw error
      }
    case .object(let keys, let nodes):
      var index = 0
      return .object(
        try keys.mapValues { (_) throws(EvaluationError) in
          defer { index += 1 }
          return try evaluate(nodes[index], in: &scope)
        })
    case .array(let nodes):
      var elements: [JSONValue] = []
      elements.reserveCapacity(nodes.count)
      for node in nodes { elements.append(try evaluate(node, in: &scope)) }
      return .array(elements)
    }
  }

  /// Whether a fixed string of the template has this text within it.
  func mentions(_ text: String) -> Bool {
    func mentions(_ node: Node) -> Bool {
      switch node {
      case .constant(let value): value.mentions(text)
      case .expression, .open: false
      case .object(_, let nodes), .array(let nodes): nodes.contains(where: mentions)
      }
    }
    return mentions(root)
  }

  package var outline: TemplateOutline {
    func outline(_ node: Node) -> TemplateOutline {
      switch node {
      case .constant(let value): .constant(value)
      case .open: .open
      case .expression(let expression, let field): .path(expression, field: field)
      case .object(let keys, let nodes): .object(zip(keys.keys, nodes).map { ($0, outline($1)) })
      case .array(let nodes): .array(nodes.map(outline))
      }
    }
    return outline(root)
  }

  // MARK: Compiling

  private static func node(
    _ syntax: SyntaxNode, _ pointer: () -> String, _ reads: inout PathExpression.Reads, _ paths: inout KnownPaths,
    _ diagnostics: inout [Diagnostic]
  ) -> Node {
    switch syntax.kind {
    case .object(let members): return object(members, pointer, &reads, &paths, &diagnostics)
    case .array(let elements):
      let nodes = elements.enumerated().map { number, element in node(element, { "\(pointer())/\(number)" }, &reads, &paths, &diagnostics) }
      let constants = nodes.compactMap(\.value)
      return constants.count == nodes.count ? .constant(.array(constants)) : .array(nodes)
    case .invalid:
      diagnostics.append(.open(nil, at: syntax.range, pointer: pointer()))
      return .open
    default: return .constant(syntax.value)
    }
  }

  private static func object(
    _ members: [SyntaxNode.Member], _ pointer: () -> String, _ reads: inout PathExpression.Reads, _ paths: inout KnownPaths,
    _ diagnostics: inout [Diagnostic]
  ) -> Node {
    var keys = JSONObject()
    var nodes: [Node] = []
    var writtenKeys: [String] = []
    for member in members {
      func place() -> String { pointer() + "/" + escaped(member.key) }
      let isExpression = member.key.utf8.count >= 2 && member.key.utf8.suffix(2).elementsEqual(".$".utf8)
      let key = isExpression ? String(decoding: member.key.utf8.dropLast(2), as: UTF8.self) : member.key
      let compiled =
        isExpression
        ? expression(member, in: pointer, &reads, &paths, &diagnostics)
        : member.value.isStructure ? node(member.value, place, &reads, &paths, &diagnostics) : .constant(member.value.value)
      if let position = keys.position(of: key) {
        // The same key twice is the parser's to report; here only `a` beside `a.$`.
        if writtenKeys[position] != member.key {
          diagnostics.append(
            Diagnostic(
              "duplicate-template-field", .error,
              "the fields '\(writtenKeys[position])' and '\(member.key)' both give '\(key)'; remove one of them",
              at: member.keyRange, pointer: place()))
        }
        nodes[position] = compiled
      } else {
        keys[key] = JSONValue.null
        writtenKeys.append(member.key)
        nodes.append(compiled)
      }
    }
    guard nodes.allSatisfy({ $0.value != nil }) else { return .object(keys, nodes) }
    for (position, node) in nodes.enumerated() { keys.edit(at: position) { $0 = node.value ?? .null } }
    return .constant(.object(keys))
  }

  private static func expression(
    _ member: SyntaxNode.Member, in pointer: () -> String, _ reads: inout PathExpression.Reads, _ paths: inout KnownPaths,
    _ diagnostics: inout [Diagnostic]
  ) -> Node {
    var place: String { pointer() + "/" + escaped(member.key) }
    guard case .string(let text) = member.value.kind else {
      if member.value.isInvalid {
        diagnostics.append(.open(nil, at: member.value.range, pointer: place))
        return .open
      }
      diagnostics.append(
        Diagnostic(
          "invalid-template-value", .error,
          "The value for the field '\(member.key)' must be a STRING that contains a JSONPath or an intrinsic function call, found "
            + "\(member.value.value.typeName)", at: member.value.range, pointer: place))
      return .constant(.null)
    }
    do throws(ExpressionSyntaxError) {
      let expression = try paths.path(text, allowingIntrinsics: true)
      if expression.isOpen {
        diagnostics.append(.open(text, at: member.value.range, pointer: place))
        return .open
      }
      reads.add(expression.form)
      return .expression(expression, field: member.key)
    } catch {
      if text.hasPlaceholder {
        diagnostics.append(.open(text, at: member.value.range, pointer: place))
        return .open
      }
      let isPath = text.utf8.first == UInt8(ascii: "$")
      diagnostics.append(
        Diagnostic(
          isPath ? "invalid-path" : "invalid-intrinsic", .error,
          "The value for the field '\(member.key)' must be a valid JSONPath or a valid intrinsic function call: \(error.message)",
          at: member.value.range(ofWordAt: error.offset), pointer: place))
      return .constant(.null)
    }
  }

  /// Spec: RFC 6901, section 3.
  private static func escaped(_ key: String) -> String {
    var result = ""
    for scalar in key.unicodeScalars {
      switch scalar {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension JSONValue {
  /// Whether a string within has this text within it.
  func mentions(_ text: String) -> Bool {
    switch self {
    case .string(let string): string.contains(text)
    case .array(let elements): elements.contains { $0.mentions(text) }
    case .object(let object): object.values.contains { $0.mentions(text) }
    case .null, .bool, .int, .double, .bigInteger: false
    }
  }
}

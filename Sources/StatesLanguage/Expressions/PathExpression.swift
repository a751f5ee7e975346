import JSONPath
public import JSONTypes

/// Why a text is no expression of the language, and where.
public struct ExpressionSyntaxError: Error, Hashable, Sendable {
  /// What was expected and what came, without a full stop.
  public let message: String
  /// Bytes of the expression's text before the place of the error.
  public let offset: Int
  init(_ message: String, at offset: Int) {
    self.message = message
    self.offset = offset
  }
}

/// What a field of the JSONPath query language holds, parsed once: a path into the input (`$.a`), the context object (`$$.Execution.Id`)
/// or a variable (`$name.a`), or, where a field allows it, a call of an intrinsic function.
///
/// Spec: Amazon States Language, "Paths", "The Context Object", "Intrinsic Functions"; variables: AWS Step Functions Developer Guide,
/// "Passing data between states with variables".
public struct PathExpression: Sendable {
  /// As written in the definition.
  public let text: String
  /// Whether evaluation reads `EvaluationScope.context`.
  public let usesContext: Bool
  /// Whether evaluation reads `EvaluationScope.input`.
  public let usesInput: Bool
  /// The names of the variables that evaluation reads, without `$`, each once.
  public let variables: [String]
  let form: Form

  enum Form: Sendable {
    case input(PathQuery)
    case context(PathQuery)
    case variable(String, PathQuery)
    case call(IntrinsicCall)
  }

  /// Reads a path, or with `allowingIntrinsics` also a call such as `States.Format('{}', $.a)`.
  ///
  /// - Throws: `ExpressionSyntaxError` with the place in the text.
  public init(parsing text: String, allowingIntrinsics: Bool = false) throws(ExpressionSyntaxError) {
    self.text = text
    if text.utf8.first == UInt8(ascii: "$") {
      form = try Self.path(text, at: 0)
    } else if allowingIntrinsics {
      var parser = IntrinsicParser(text)
      form = .call(try parser.parse())
    } else {
      throw ExpressionSyntaxError(
        text.utf8.starts(with: "States.".utf8) ? "intrinsic functions are not allowed here; expected a path that begins with '$'"
          : "expected a path that begins with '$'", at: 0)
    }
    var reads = Reads()
    reads.add(form)
    isReferencePath = Self.isReference(form)
    usesInput = reads.input
    usesContext = reads.context
    variables = reads.variables
  }

  /// Whether this is a path that can name only one value: `$`, `$.a`, `$.list[3]`, also from the context object or a variable.
  public let isReferencePath: Bool

  private static func isReference(_ form: Form) -> Bool {
    switch form {
    case .input(let query), .context(let query), .variable(_, let query): (try? ReferencePath(parsing: query.text)) != nil
    case .call: false
    }
  }

  /// Whether this is a call of an intrinsic function.
  public var isIntrinsic: Bool { if case .call = form { true } else { false } }

  /// The name of the intrinsic function that is called; nil for a path.
  package var calledFunction: String? { if case .call(let call) = form { call.function.name } else { nil } }

  /// Whether this is a path into the context object.
  package var isContextPath: Bool { if case .context = form { true } else { false } }

  /// Whether this is `$`, the whole input.
  public var isWholeInput: Bool { text == "$" }

  /// - Throws: `EvaluationError` of kind `notFound` in the words of the JSONPath library, whose `expression` is the path that failed (inside of
  ///   an intrinsic the argument); of kind `invalidArgument` when a function refuses its arguments.
  public func evaluate(in scope: inout EvaluationScope) throws(EvaluationError) -> JSONValue {
    switch form {
    case .call(let call):
      do throws(EvaluationError) {
        return try call.evaluate(in: &scope, expression: text)
      } catch {
        var error = error
        error.call = text
        throw error
      }
    case .input, .context, .variable: return try Self.evaluate(form, text, in: &scope)
    }
  }

  static func evaluate(_ form: Form, _ text: String, in scope: inout EvaluationScope) throws(EvaluationError) -> JSONValue {
    do throws(JSONPathError) {
      switch form {
      case .input(let query): return try query.evaluate(on: scope.input)
      case .context(let query): return try query.evaluate(on: scope.context)
      case .variable(let name, let query):
        if let value = scope.variables[name] { return try query.evaluate(on: value) }
      case .call: break
      }
    } catch {
      // Jayway's "not found" is a kind of its "invalid path", and Step Functions words both alike.
      let kind: EvaluationError.Kind = error.kind == .notFound || error.kind == .invalidPath ? .notFound : .invalidArgument
      var failure = EvaluationError(kind, error.message, expression: text)
      failure.isIndexOutOfBounds = error.isIndexOutOfBounds
      throw failure
    }
    let name = if case .variable(let name, _) = form { name } else { "" }
    throw EvaluationError(.notFound, "The variable '$\(name)' is not defined", expression: text)
  }

  /// Reads a path that begins with `$`. `offset` is where it stands in a larger text.
  static func path(_ text: String, at offset: Int) throws(ExpressionSyntaxError) -> Form {
    let bytes = text.utf8
    let afterRoot = bytes.index(after: bytes.startIndex)
    // Blanks at the end do not count.
    guard bytes[afterRoot...].contains(where: { $0 > 0x20 }) else { return .input(try query(text, removed: 0, at: offset)) }
    switch bytes[afterRoot] {
    case UInt8(ascii: "$"): return .context(try query("$" + text[bytes.index(after: afterRoot)...], removed: 1, at: offset))
    case UInt8(ascii: "."), UInt8(ascii: "["): return .input(try query(text, removed: 0, at: offset))
    default:
      let rest = text.unicodeScalars[afterRoot...]
      let name = rest.prefix { $0 == "_" || $0.properties.isIDContinue }
      guard let first = name.first, first == "_" || first.properties.isIDStart else {
        throw ExpressionSyntaxError("expected '.', '[', a second '$' or the name of a variable after '$'", at: offset + 1)
      }
      guard name.count <= Limits.variableName else {
        throw ExpressionSyntaxError("a variable's name has at most \(Limits.variableName) characters", at: offset + 1)
      }
      return .variable(String(name), try query("$" + text[name.endIndex...], removed: String(name).utf8.count, at: offset))
    }
  }

  private static func query(_ text: String, removed: Int, at offset: Int) throws(ExpressionSyntaxError) -> PathQuery {
    // Jayway passes over both, as later releases do not: a last dot, and a name in brackets that is not closed.
    if let last = text.utf8.lastIndex(where: { $0 > 0x20 }), text.utf8[last] == UInt8(ascii: "."), text.utf8[..<last].last != UInt8(ascii: ".") {
      throw ExpressionSyntaxError("a path does not end with '.'", at: offset + removed + text.utf8.distance(from: text.utf8.startIndex, to: last))
    }
    if let bracket = text.utf8.firstRange(of: "['".utf8), !text.utf8.contains(UInt8(ascii: "?")), text.utf8.count(where: { $0 == UInt8(ascii: "'") }) % 2 == 1 {
      throw ExpressionSyntaxError(
        "expected a closing ' after the name in brackets", at: offset + removed + text.utf8.distance(from: text.utf8.startIndex, to: bracket.lowerBound))
    }
    do throws(JSONPathError) {
      return try PathQuery(parsing: text)
    } catch {
      throw ExpressionSyntaxError(error.message, at: offset + removed + (error.offset ?? 0))
    }
  }

  /// Bounds of AWS.
  public enum Limits {
    /// Unicode characters of a variable's name.
    public static let variableName = 80
    /// Intrinsic functions within intrinsic functions.
    public static let intrinsicNesting = 10
  }

  /// What an expression reads apart from the input.
  struct Reads {
    var input = false
    var context = false
    var variables: [String] = []

    mutating func add(_ form: Form) {
      switch form {
      case .input: input = true
      case .context: context = true
      case .variable(let name, _): if !variables.contains(name) { variables.append(name) }
      case .call(let call):
        for argument in call.arguments {
          switch argument {
          case .literal: break
          case .path(let form, _): add(form)
          case .call(let inner): add(.call(inner))
          }
        }
      }
    }
  }
}

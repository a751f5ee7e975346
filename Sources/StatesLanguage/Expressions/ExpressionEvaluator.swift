import JSONata
import JSONPath
public import JSONTypes

/// Evaluates one expression apart from any workflow: what stands behind `sfn-local eval` and its line protocol.
public struct ExpressionEvaluator: Sendable {
  public enum Language: String, Sendable, CaseIterable {
    /// A path: `$…` on the data, `$$…` on the context object, `$name…` on a variable.
    case jsonPath = "jsonpath"
    /// A call of an intrinsic function.
    case intrinsic
    /// JSONata as Step Functions runs it.
    case jsonata

    /// The language that an expression is written in: `{% … %}` is JSONata, `$…` a path, all else a call.
    public init(of text: String) {
      self = JSONataTemplate.expressionText(in: text) != nil ? .jsonata : text.hasPrefix("$") ? .jsonPath : .intrinsic
    }
  }

  /// What a path is used for.
  public enum Usage: String, Sendable, CaseIterable {
    /// Any path.
    case path
    /// A Reference Path, which must name one place; backslash escapes are known.
    case reference
  }

  public enum Answer: Sendable, Hashable {
    case value(JSONValue)
    /// The expression has no value and that is no error; only JSONata knows it.
    case undefined
    /// `INVALID` for an expression that is none, else the error name that a workflow would see.
    case failure(code: String, message: String)
  }

  /// What `$` stands for; nil when there is no input.
  public var input: JSONValue?
  /// What `$$` stands for; nil when there is no context object.
  public var context: JSONValue?
  /// By their names without `$`.
  public var variables: [String: JSONValue]
  public var random: SeededRandom
  public var usage: Usage
  /// What JSONata's `$now()` tells.
  public var now = Timestamp(microseconds: 0)

  public init(
    input: JSONValue?, context: JSONValue? = nil, variables: [String: JSONValue] = [:], random: SeededRandom = SeededRandom(seed: 0),
    usage: Usage = .path
  ) {
    self.input = input
    self.context = context
    self.variables = variables
    self.random = random
    self.usage = usage
  }

  /// Evaluates an expression. Each call draws on the same random numbers.
  public func evaluate(_ text: String, as language: Language) -> Answer {
    do throws(EvaluationError) {
      switch language {
      case .jsonPath where usage == .reference && !text.utf8.starts(with: "$$".utf8): return .value(try reference(text))
      // A path without a root is read as the JSONPath library reads it.
      case .jsonPath where text.utf8.first != UInt8(ascii: "$"): return .value(try barePath(text))
      case .jsonPath: return .value(try evaluated(text, allowingIntrinsics: false))
      case .intrinsic: return .value(try evaluated(text, allowingIntrinsics: true))
      case .jsonata: return jsonata(JSONataTemplate.expressionText(in: text).map { String($0) } ?? text)
      }
    } catch {
      let code =
        switch error.kind {
        case .notFound: "States.Runtime"
        case .invalidArgument: "States.IntrinsicFailure"
        case .query: "INVALID"
        }
      return .failure(code: code, message: error.detail.map { "\(error.message) (\($0))" } ?? error.message)
    }
  }

  private func evaluated(_ text: String, allowingIntrinsics: Bool) throws(EvaluationError) -> JSONValue {
    let expression: PathExpression
    do throws(ExpressionSyntaxError) {
      expression = try PathExpression(parsing: text, allowingIntrinsics: allowingIntrinsics)
    } catch {
      throw EvaluationError(.query, "\(error.message) (at byte \(error.offset))", expression: text)
    }
    if expression.usesContext, context == nil {
      throw EvaluationError(.notFound, "the expression reads the context object ($$), but none is given", expression: text)
    }
    if expression.usesInput, input == nil {
      throw EvaluationError(.notFound, "the expression reads the input ($), but none is given", expression: text)
    }
    var scope = EvaluationScope(input: input ?? .null, context: context ?? .null, variables: variables, random: random)
    return try expression.evaluate(in: &scope)
  }

  private func jsonata(_ text: String) -> Answer {
    var environment = EvaluationEnvironment(random: random, now: Double(now.microseconds / 1000), profile: .stepFunctions)
    do throws(JSONataError) {
      let value = try JSONataExpression(parsing: text).evaluate(input: input, bindings: variables, environment: &environment)
      return value.map(Answer.value) ?? .undefined
    } catch {
      return .failure(code: error.code, message: error.message + (error.position.map { " (at character \($0))" } ?? ""))
    }
  }

  private func reference(_ text: String) throws(EvaluationError) -> JSONValue {
    do throws(JSONPathError) {
      return try ReferencePath(parsing: text).value(in: input ?? .null)
    } catch {
      throw EvaluationError(
        error.offset == nil ? .notFound : .query, error.message + (error.offset.map { " (at byte \($0))" } ?? ""), expression: text)
    }
  }

  private func barePath(_ text: String) throws(EvaluationError) -> JSONValue {
    do throws(JSONPathError) {
      return try PathQuery(parsing: text).evaluate(on: input ?? .null)
    } catch {
      throw EvaluationError(error.offset == nil ? .notFound : .query, error.message, expression: text)
    }
  }
}

extension ExpressionEvaluator {
  /// Nesting of a request's JSON.
  public static let maximumRequestDepth = 1_000

  /// Answers one line of the protocol: a JSON object with `id`, `language`, `expr`, and optionally `data`, `bindings`, `context`, `usage`.
  ///
  /// The answer is one line without a line end: `{"id":…,"result":…}`, `{"id":…,"undefined":true}` or `{"id":…,"error":{"code":…,"message":…}}`.
  /// A request that is none gets an error as well, with the id when it has one.
  ///
  /// - Parameters:
  ///   - now: what JSONata's `$now()` tells.
  ///   - clock: milliseconds of a steady clock, for time limits.
  public static func answer(line: String, now: Timestamp = Timestamp(microseconds: 0), clock: () -> Double = { 0 }) -> String {
    // JSONata answers for itself: its limits and error members are of its own.
    if line.contains("\"jsonata\""), (try? JSONValue(parsing: line, maximumDepth: maximumRequestDepth))?["language"] == "jsonata" {
      return JSONataExpression.answer(line: line, now: Double(now.microseconds / 1000), seed: 0, clock: clock)
    }
    let request: JSONValue
    do throws(JSONSyntaxError) {
      request = try JSONValue(parsing: line, maximumDepth: maximumRequestDepth)
    } catch {
      return text(of: .failure(code: "INVALID_REQUEST", message: "the line is not JSON: \(error.message) (byte \(error.offset))"), id: .null)
    }
    return text(of: answer(request), id: request["id"] ?? .null)
  }

  private static func answer(_ request: JSONValue) -> Answer {
    func refuse(_ message: String) -> Answer { .failure(code: "INVALID_REQUEST", message: message) }
    guard case .object = request else { return refuse("expected an object with language and expr, found \(request.typeName)") }
    guard case .string(let expression)? = request["expr"] else { return refuse("expected a string as expr") }
    guard let language = request["language"]?.asString.flatMap(Language.init) else {
      let names = Language.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      return refuse("expected one of \(names) as language, found \(request["language"]?.jsonText ?? "nothing")")
    }
    guard let usage = request["usage"].map({ $0.asString.flatMap(Usage.init) }) ?? .path else {
      return refuse("expected \"path\" or \"reference\" as usage, found \(request["usage"]?.jsonText ?? "nothing")")
    }
    var variables: [String: JSONValue] = [:]
    switch request["bindings"] {
    case nil, .null: break
    case .object(let bindings): for (name, value) in bindings { variables[name] = value }
    case .some(let other): return refuse("expected an object as bindings, found \(other.typeName)")
    }
    return ExpressionEvaluator(input: request["data"], context: request["context"], variables: variables, usage: usage)
      .evaluate(expression, as: language)
  }

  private static func text(of answer: Answer, id: JSONValue) -> String {
    var object: JSONObject = ["id": id]
    switch answer {
    case .value(let value): object["result"] = value
    case .undefined: object["undefined"] = true
    case .failure(let code, let message): object["error"] = ["code": .string(code), "message": .string(message)]
    }
    return JSONValue.object(object).jsonText
  }
}

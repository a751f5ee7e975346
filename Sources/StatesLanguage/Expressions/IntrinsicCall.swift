import JSONTypes

/// A call of an intrinsic function with its arguments, ready to be evaluated any number of times.
///
/// A class, since calls nest and are shared by many evaluations; it never changes.
final class IntrinsicCall: Sendable {
  enum Argument: Sendable {
    case literal(JSONValue)
    case path(PathExpression.Form, String)
    case call(IntrinsicCall)
  }

  let function: IntrinsicFunction
  let arguments: [Argument]
  /// The template of `States.Format` when it stands in the text (its escapes are gone from the literal), or what is wrong with it:
  /// the service tells that only when it evaluates the call.
  let template: Result<FormatTemplate, IntrinsicFailure>?

  init(_ function: IntrinsicFunction, _ arguments: [Argument], template: Result<FormatTemplate, IntrinsicFailure>?) {
    self.function = function
    self.arguments = arguments
    self.template = template
  }

  func evaluate(in scope: inout EvaluationScope, expression: String) throws(EvaluationError) -> JSONValue {
    switch function.body {
    case .none(let body): return body(&scope.random)
    case .one(let body):
      let first = try value(of: arguments[0], in: &scope, expression)
      do throws(IntrinsicFailure) { return try body(first) } catch { throw refusal(error, expression) }
    case .two(let body):
      let first = try value(of: arguments[0], in: &scope, expression)
      let second = try value(of: arguments[1], in: &scope, expression)
      do throws(IntrinsicFailure) { return try body(first, second) } catch { throw refusal(error, expression) }
    case .three(let body):
      let first = try value(of: arguments[0], in: &scope, expression)
      let second = try value(of: arguments[1], in: &scope, expression)
      let third = try value(of: arguments[2], in: &scope, expression)
      do throws(IntrinsicFailure) { return try body(first, second, third) } catch { throw refusal(error, expression) }
    case .many(let body):
      let values = try allValues(in: &scope, expression)
      do throws(IntrinsicFailure) { return try body(values, &scope.random) } catch { throw refusal(error, expression) }
    case .format:
      let values = try allValues(in: &scope, expression)
      do throws(IntrinsicFailure) {
        let template = if let template { try template.get() } else { try FormatTemplate(value: values[0]) }
        return .string(try template.text(with: values.dropFirst()))
      } catch { throw refusal(error, expression) }
    }
  }

  @inline(__always)
  private func value(of argument: Argument, in scope: inout EvaluationScope, _ expression: String) throws(EvaluationError) -> JSONValue {
    switch argument {
    case .literal(let value): value
    case .path(let form, let text): try PathExpression.evaluate(form, text, in: &scope)
    case .call(let call): try call.evaluate(in: &scope, expression: expression)
    }
  }

  private func allValues(in scope: inout EvaluationScope, _ expression: String) throws(EvaluationError) -> [JSONValue] {
    var values: [JSONValue] = []
    values.reserveCapacity(arguments.count)
    for argument in arguments { values.append(try value(of: argument, in: &scope, expression)) }
    return values
  }

  private func refusal(_ failure: IntrinsicFailure, _ expression: String) -> EvaluationError {
    EvaluationError(
      .invalidArgument, "Invalid arguments in \(function.name)" + (failure.quoted.map { ": \($0)" } ?? ""), expression: expression,
      detail: failure.detail)
  }
}

/// Why a function refuses its arguments.
struct IntrinsicFailure: Error {
  /// What was expected and what came.
  let detail: String
  /// What AWS adds to its own words.
  var quoted: String?
  init(_ detail: String, quoted: String? = nil) {
    self.detail = detail
    self.quoted = quoted
  }
}

/// The template of `States.Format`: texts with a place for one argument between each two.
struct FormatTemplate: Sendable {
  private let texts: [String]
  /// How many arguments it takes.
  var places: Int { texts.count - 1 }

  /// From the text of a literal, escapes included (`\'`, `\{`, `\}`, `\\`).
  init(_ text: some StringProtocol) throws(IntrinsicFailure) {
    var texts: [String] = []
    var current = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      switch scalar {
      case "\\":
        guard let next = scalars.next() else {
          current.append(scalar)
          break
        }
        if next != "'", next != "{", next != "}", next != "\\" { current.append(scalar) }
        current.append(next)
      case "{":
        guard scalars.next() == "}" else { throw IntrinsicFailure("expected '}' after '{' in the template; write \\{ for the brace itself") }
        texts.append(String(current))
        current = String.UnicodeScalarView()
      case "}": throw IntrinsicFailure("'}' without '{' in the template; write \\} for the brace itself")
      default: current.append(scalar)
      }
    }
    texts.append(String(current))
    self.texts = texts
  }

  init(value: JSONValue) throws(IntrinsicFailure) {
    guard case .string(let text) = value else { throw IntrinsicFailure("the template must be a string, but is \(value.typeName)") }
    try self.init(text)
  }

  func text(with values: ArraySlice<JSONValue>) throws(IntrinsicFailure) -> String {
    guard values.count == texts.count - 1 else {
      throw IntrinsicFailure(
        "the template has \(texts.count - 1) {} for \(values.count) arguments", quoted: "number of arguments do not match the occurrences of {}.")
    }
    var result = texts[0]
    for (value, text) in zip(values, texts.dropFirst()) {
      switch value {
      case .string(let string): result += string
      case .null, .bool, .int, .double, .bigInteger: result += value.jsonText
      case .array, .object:
        throw IntrinsicFailure("a {} takes a string, number, boolean or null, not \(value.typeName); use States.JsonToString for it")
      }
      result += text
    }
    return result
  }
}

extension JSONValue {
  /// As words of a message: `an array`.
  var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .int, .double, .bigInteger: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

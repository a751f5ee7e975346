public import JSONTypes

/// Why a text is no expression, or why an expression gave no value.
///
/// Codes and wording are those of the reference implementation (docs.jsonata.org, "Error codes"): S… while parsing, T… for types,
/// D… while evaluating. Where the reference has no code, the ones of `Code` are used.
public struct JSONataError: Error, Hashable, Sendable {
  /// Such as `T2001`.
  public let code: String
  /// The UTF-16 units of the expression before the place: the end of the token at fault; nil when the place is unknown.
  public let position: Int?
  /// The operator, name or function at fault.
  public let token: String?
  /// The value at fault.
  public let value: JSONValue?
  /// What is wrong, in the words of the reference implementation.
  public let message: String

  /// Codes of errors that the reference leaves without one, and of exhausted budgets.
  public enum Code {
    /// Calls or expressions nested beyond `EvaluationBudgets.depth`.
    public static let depth = "D1011"
    /// Evaluation beyond `EvaluationBudgets.steps` or its deadline.
    public static let time = "D1012"
    /// More produced than `EvaluationBudgets.memory` allows.
    public static let memory = "D2015"
    /// A pattern between slashes that is no regular expression.
    public static let regularExpression = "S0303"
    /// An expression longer or nested deeper than `JSONataExpression.Limits` allow.
    public static let expressionSize = "S0501"
    /// A match that cost too much.
    public static let matchLimit = "D1005"
    /// `$parse` of a text that is no JSON.
    public static let parse = "D3150"
    /// An argument of `$partition`, `$range`, `$hash` or `$parse` out of its range.
    public static let argument = "D3151"
    /// The result is a function, which is no data. Only with the profile `.stepFunctions`; elsewhere such a result is nothing.
    public static let unsupportedResult = "D3152"
  }
}

extension JSONataError: CustomStringConvertible {
  public var description: String { "\(code): \(message)" + (position.map { " (at \($0))" } ?? "") }
}

/// An error on its way up: one word, so that throwing costs little where nothing is thrown.
final class Failure: Error, Sendable {
  let code: String
  let position: Int?
  let token: JSONValue?
  let value: JSONValue?
  /// Further words for the message, by the names it uses.
  let details: [String: JSONValue]
  /// Replaces the message of the code.
  let message: String?

  init(
    _ code: String, position: Int? = nil, token: JSONValue? = nil, value: JSONValue? = nil, details: [String: JSONValue] = [:],
    message: String? = nil
  ) {
    self.code = code
    self.position = position
    self.token = token
    self.value = value
    self.details = details
    self.message = message
  }

  /// The same with what is missing filled in.
  func orElse(position: Int?, token: JSONValue?) -> Failure {
    Failure(
      code, position: self.position ?? position, token: self.token ?? token, value: value, details: details, message: message)
  }

  func at(_ position: Int?, token: JSONValue? = nil) -> Failure {
    Failure(code, position: position ?? self.position, token: token ?? self.token, value: value, details: details, message: message)
  }

  var error: JSONataError {
    let tokenText: String? =
      switch token {
      case nil: nil
      case .string(let text)?: text
      case let other?: other.jsonText
      }
    return JSONataError(code: code, position: position, token: tokenText, value: value, message: text)
  }

  var text: String {
    if let message { return message }
    guard let template = errorMessages[code] else { return code }
    var text = ""
    var rest = template[...]
    while let open = rest.utf8.firstIndex(of: UInt8(ascii: "{")), let close = rest.utf8[open...].firstIndex(of: UInt8(ascii: "}")) {
      text += rest[..<open]
      let name = rest[rest.utf8.index(after: open)..<close]
      let plain = name.utf8.first == UInt8(ascii: "!")
      let key = String(plain ? name.dropFirst() : name)
      let word: JSONValue? = key == "token" ? token : key == "value" ? value : details[key]
      if plain, case .string(let word)? = word {
        text += word
      } else {
        text += word.map { $0.compactJavaScriptText } ?? "undefined"
      }
      rest = rest[rest.utf8.index(after: close)...]
    }
    return text + rest
  }
}

extension JSONValue {
  /// Numbers as JavaScript prints them, the rest as JSON; long values are cut.
  fileprivate var compactJavaScriptText: String {
    if case .double(let number) = self { return numberText(number) }
    let text = jsonText
    guard text.utf8.count > 1_000 else { return text }
    return String(text.prefix(1_000)) + "…"
  }
}

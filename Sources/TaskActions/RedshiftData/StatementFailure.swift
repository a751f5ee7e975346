import JSONTypes
import StatesRuntime

/// What a task says of a statement, or a batch, that ended otherwise than well. The cause is a JSON text that begins with a sentence for people.
struct StatementFailure {
  private let description: JSONObject
  private let parts: [JSONValue]
  private let isAborted: Bool
  /// The sub-statement that the failure is about; nil for a single statement.
  private let index: Int?

  /// Characters of SQL and of an error in a cause, and of shortened SQL in a result.
  static let excerptLength = 1000
  /// Characters of the errors of further statements.
  static let shortLength = 200
  /// Longest cause, in characters, as on AWS.
  static let maximumCauseLength = 32_768
  /// Sub-statements that a cause lists; the Data API has no more.
  static let maximumParts = 40

  init(_ description: JSONObject) {
    self.description = description
    parts = description["SubStatements"]?.asArray ?? []
    isAborted = description["Status"]?.asString == "ABORTED"
    index = Self.first("FAILED", in: parts) ?? (isAborted ? Self.first("ABORTED", in: parts) : nil)
  }

  private static func first(_ status: String, in parts: [JSONValue]) -> Int? { parts.firstIndex { $0["Status"]?.asString == status } }

  var failure: TaskFailure {
    var text = cause(withErrorsOfParts: true).jsonText
    if text.utf16.count > Self.maximumCauseLength { text = cause(withErrorsOfParts: false).jsonText }
    return TaskFailure(error: isAborted ? StatementToEnd.abortedName : StatementToEnd.failedName, cause: text)
  }

  private func cause(withErrorsOfParts hasErrors: Bool) -> JSONValue {
    let part = index.map { parts[$0] }
    let error = part?["Error"]?.asString ?? description["Error"]?.asString ?? "the service gave no error text"
    var cause: JSONObject = ["Message": .string(message(error))]
    if let index { cause["Index"] = .int(Int64(index + 1)) }
    cause["Id"] = part?["Id"] ?? description["Id"]
    if let sql = part?["QueryString"]?.asString ?? description["QueryString"]?.asString {
      cause["QueryString"] = .string(Self.excerpt(sql, around: Self.position(in: error)))
    }
    cause["Error"] = .string(Self.excerpt(error))
    cause["Status"] = description["Status"]
    if !parts.isEmpty {
      cause["SubStatements"] = .array(
        parts.prefix(Self.maximumParts).enumerated().map { number, part in
          var short = JSONObject()
          for key in ["Id", "Status", "ResultRows", "Duration"] { if let value = part[key] { short[key] = value } }
          if hasErrors, number != index, part["Status"]?.asString == "FAILED", let error = part["Error"]?.asString {
            short["Error"] = .string(Self.excerpt(error, length: Self.shortLength))
          }
          return .object(short)
        })
    }
    return .object(cause)
  }

  private func message(_ error: String) -> String {
    let verb = isAborted ? "was aborted" : "failed"
    guard let index else { return Self.excerpt("the statement \(verb): \(error)") }
    let others = parts.count { $0["Status"]?.asString == "FAILED" } - 1
    let more = others > 0 ? " (and \(others) more)" : ""
    return Self.excerpt("statement \(index + 1) of \(parts.count) \(verb)\(more): \(error)")
  }

  /// The place in its SQL that an error names, in characters from 1: `Position: 17`.
  private static func position(in error: String) -> Int? {
    guard let mark = error.firstRange(ofText: "Position: ") else { return nil }
    return Int(error[mark.upperBound...].prefix { $0.isASCII && $0.isNumber })
  }

  /// A part of a text: its begin, or what stands around a position.
  static func excerpt(_ text: String, length: Int = excerptLength, around position: Int? = nil) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > length else { return text }
    var start = 0
    if let position, position > length { start = min(position - length / 2, scalars.count - length) }
    let part = scalars.dropFirst(max(0, start)).prefix(length)
    return (start > 0 ? "…" : "") + String(part) + (start + length < scalars.count ? "…" : "")
  }
}

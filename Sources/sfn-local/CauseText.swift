import JSONTypes

/// Causes of failures for people to read.
enum CauseText {
  /// A cause that is a JSON text is laid out, texts within it as well.
  static func readable(_ cause: String) -> String {
    guard cause.hasPrefix("{") || cause.hasPrefix("["), let value = parsed(cause) else { return cause }
    return unfolded(value, depth: 0).prettyText
  }

  private static func unfolded(_ value: JSONValue, depth: Int) -> JSONValue {
    switch value {
    case .object(let object) where depth < 8:
      return .object(JSONObject(object.map { ($0.key, unfolded($0.value, depth: depth + 1)) }))
    case .array(let elements) where depth < 8: return .array(elements.map { unfolded($0, depth: depth + 1) })
    case .string(let text) where text.hasPrefix("{") || text.hasPrefix("["): return parsed(text).map { unfolded($0, depth: depth + 1) } ?? value
    // A text of several lines, such as a stack trace, is shown as its lines.
    case .string(let text) where text.contains("\n"):
      let lines = text.split(separator: "\n")
      return lines.count == 1 ? .string(String(lines[0])) : .array(lines.map { .string(String($0)) })
    default: return value
    }
  }

  private static func parsed(_ text: String) -> JSONValue? {
    do throws(JSONSyntaxError) { return try JSONValue(parsing: text) } catch { return nil }
  }
}

import JSONTypes
import RegularExpressions

/// The condition of `[?(…)]`: alternatives (`||`) of conjunctions (`&&`).
///
/// Jayway 2.0.0 drops parentheses around criteria, so `a && (b || c)` is `(a && b) || c`, and reads criteria from the last to the first.
struct PathFilter: Sendable {
  private let alternatives: [[Criterion]]

  /// - Parameter text: with its brackets, `[?(@.a == 1)]`.
  init(_ text: String, nesting: Int, offset: Int) throws(JSONPathError) {
    var inner = Self.trim(Substring(text.unicodeScalars.dropFirst().dropLast()))
    guard inner.unicodeScalars.first == "?" else { throw JSONPathError(.invalidPath, "Filter must start with '[?' and end with ']'. \(text)", at: offset) }
    inner = Self.trim(Substring(inner.unicodeScalars.dropFirst()))
    guard inner.unicodeScalars.first == "(", inner.unicodeScalars.last == ")", inner.unicodeScalars.count > 1 else {
      throw JSONPathError(.invalidPath, "Filter must start with '[?(' and end with ')]'. \(text)", at: offset)
    }
    inner = Self.trim(Substring(inner.unicodeScalars.dropFirst().dropLast()))
    var alternatives: [[Criterion]] = [[]]
    var rest = inner.utf8[...]
    var start = rest.startIndex
    func criterion(_ end: String.UTF8View.Index) throws(JSONPathError) -> Criterion {
      let text = Self.clean(inner[start..<end])
      guard !text.isEmpty else { throw JSONPathError(.invalidPath, "expected a criterion such as @.name == 'value' in the filter \(text)", at: offset) }
      return try Criterion(text, nesting: nesting, offset: offset)
    }
    while let byte = rest.first {
      let next = rest.dropFirst()
      if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|"), next.first == byte {
        alternatives[alternatives.count - 1].append(try criterion(rest.startIndex))
        if byte == UInt8(ascii: "|") { alternatives.append([]) }
        rest = next.dropFirst()
        start = rest.startIndex
      } else {
        rest = next
      }
    }
    alternatives[alternatives.count - 1].append(try criterion(rest.endIndex))
    self.alternatives = alternatives
  }

  func accepts(_ item: JSONValue, root: JSONValue) throws(JSONPathError) -> Bool {
    for conjunction in alternatives.reversed() {
      var holds = true
      for criterion in conjunction.reversed() where try !criterion.accepts(item, root: root) {
        holds = false
        break
      }
      if holds { return true }
    }
    return false
  }

  static func trim(_ text: Substring) -> Substring {
    var scalars = text.unicodeScalars
    while let first = scalars.first, first.value <= 0x20 { scalars.removeFirst() }
    while let last = scalars.last, last.value <= 0x20 { scalars.removeLast() }
    return Substring(scalars)
  }

  /// Without opening brackets before and closing parentheses behind.
  private static func clean(_ text: Substring) -> Substring {
    var scalars = trim(text).unicodeScalars
    while let first = scalars.first, first == "[" || first == "?" || first == "(" || first == " " { scalars.removeFirst() }
    while let last = scalars.last, last == ")" || last == " " { scalars.removeLast() }
    return Substring(scalars)
  }
}

/// One comparison or the question whether a path exists.
private enum Criterion: Sendable {
  case exists(PathQuery, Bool)
  case relation(Operand, Operator, Operand)

  enum Operand: Sendable {
    case path(PathQuery, fromRoot: Bool)
    /// A text in single quotes without them, or anything else as it stands: Jayway compares it by the type of the other side.
    case literal(String)
    case pattern(RegularExpression)
  }

  /// In the order in which Jayway looks for them.
  enum Operator: String, Sendable, CaseIterable {
    case equal = "=="
    case greaterOrEqual = ">="
    case lessOrEqual = "<="
    case notEqual = "!="
    case less = "<"
    case greater = ">"
    case matches = "=~"
  }

  init(_ text: Substring, nesting: Int, offset: Int) throws(JSONPathError) {
    for operation in Operator.allCases {
      guard let range = text.firstOccurrence(of: operation.rawValue) else { continue }
      let left = PathFilter.trim(text[..<range.lowerBound])
      let right = PathFilter.trim(text[range.upperBound...])
      if Self.isNegated(right) {
        throw JSONPathError(.invalidPath, "Invalid negation! Can only be used for existence check e.g [?(!@.foo)]", at: offset)
      }
      self = .relation(
        try Self.operand(Self.isNegated(left) ? left.dropFirst() : left, nesting: nesting, offset: offset), operation, try Self.operand(right, nesting: nesting, offset: offset))
      return
    }
    let isNegative = Self.isNegated(text)
    guard case .path(let query, _) = try Self.operand(isNegative ? text.dropFirst() : text, nesting: nesting, offset: offset) else {
      throw JSONPathError(.invalidPath, "expected a path or a comparison (== != < <= > >= =~) in the filter, found '\(text)'", at: offset)
    }
    self = .exists(query, !isNegative)
  }

  private static func isNegated(_ text: Substring) -> Bool { text.utf8.starts(with: "!@".utf8) }

  private static func operand(_ text: Substring, nesting: Int, offset: Int) throws(JSONPathError) -> Operand {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { return .literal("") }
    switch first {
    case "$", "@":
      let query: PathQuery
      do throws(JSONPathError) { query = try PathQuery(String(text), nesting: nesting + 1) } catch {
        throw JSONPathError(error.kind, error.message, at: offset)
      }
      guard query.isDefinite else { throw JSONPathError(.invalidPath, "the predicate path: \(text) is not definite", at: offset) }
      return .path(query, fromRoot: first == "$")
    case "'" where last == "'":
      guard scalars.count > 1 else { throw JSONPathError(.invalidPath, "expected a closing single quote in the filter", at: offset) }
      return .literal(String(scalars.dropFirst().dropLast()))
    case "/":
      let isCaseInsensitive = scalars.count > 2 && last == "i" && scalars.dropLast().last == "/"
      guard last == "/" || isCaseInsensitive else { return .literal(String(text)) }
      guard scalars.count > 1 else { throw JSONPathError(.invalidPath, "expected a closing '/' in the filter", at: offset) }
      do throws(RegularExpressionError) {
        return .pattern(
          try RegularExpression(
            String(scalars.dropFirst().dropLast(isCaseInsensitive ? 2 : 1)), flavor: .java, options: isCaseInsensitive ? .caseInsensitive : []))
      } catch {
        throw JSONPathError(.invalidPath, "invalid regular expression \(text): \(error.message)", at: offset)
      }
    default: return .literal(String(text))
    }
  }

  func accepts(_ item: JSONValue, root: JSONValue) throws(JSONPathError) -> Bool {
    switch self {
    case .exists(let query, let isExpected):
      // An existing null does not count; and a path from the root starts at the item here, as in Jayway.
      let value = try query.value(in: item, needsAllProperties: true)
      return (value.map { !$0.isNull } ?? false) == isExpected
    case .relation(let left, let operation, let right):
      if operation == .matches { return try matches(left, right, item, root) }
      guard let actual = try value(of: left, item, root), let expected = try value(of: right, item, root) else { return false }
      return try Self.holds(operation, expected: expected, actual: actual)
    }
  }

  /// Nil when a path leads to nothing.
  private func value(of operand: Operand, _ item: JSONValue, _ root: JSONValue) throws(JSONPathError) -> JSONValue? {
    switch operand {
    case .path(let query, let fromRoot): try query.value(in: fromRoot ? root : item, needsAllProperties: false)
    case .literal(let text): .string(text)
    case .pattern: throw JSONPathError(.invalidValue, "a regular expression can only stand beside =~")
    }
  }

  private static func holds(_ operation: Operator, expected: JSONValue, actual: JSONValue) throws(JSONPathError) -> Bool {
    if operation != .equal, operation != .notEqual, expected.isNull != actual.isNull { return false }
    guard let order = try FilterOrder.compare(expected, actual) else { return false }
    switch operation {
    case .equal: return order == 0
    case .notEqual: return order != 0
    case .less: return order > 0
    case .lessOrEqual: return order >= 0
    case .greater: return order < 0
    case .greaterOrEqual: return order <= 0
    case .matches: return false
    }
  }

  private func matches(_ left: Operand, _ right: Operand, _ item: JSONValue, _ root: JSONValue) throws(JSONPathError) -> Bool {
    let pattern: RegularExpression
    let target: Operand
    switch (left, right) {
    case (let other, .pattern(let expression)), (.pattern(let expression), let other):
      pattern = expression
      target = other
    default: throw JSONPathError(.invalidValue, "expected a regular expression such as /abc.*/i beside =~")
    }
    guard let value = try value(of: target, item, root), !value.isNull else { return false }
    do throws(RegularExpressionError) {
      return try pattern.matchesWhole(value.asString ?? value.jsonText)
    } catch {
      throw JSONPathError(.limit, error.message)
    }
  }
}

extension PathQuery {
  /// The value of a definite path, or nil when it leads to nothing.
  fileprivate func value(in root: JSONValue, needsAllProperties: Bool) throws(JSONPathError) -> JSONValue? {
    var evaluator = PathEvaluator(query: self, root: root, isForgiving: true, needsAllProperties: needsAllProperties)
    do throws(JSONPathError) {
      try evaluator.visit(root, at: 0)
      return evaluator.results.last
    } catch {
      if error.kind == .notFound { return nil }
      throw error
    }
  }
}

extension Substring {
  fileprivate func firstOccurrence(of text: String) -> Range<Index>? {
    let wanted = Array(text.utf8)
    var start = utf8.startIndex
    while start != utf8.endIndex {
      if utf8[start...].starts(with: wanted) { return start..<utf8.index(start, offsetBy: wanted.count) }
      start = utf8.index(after: start)
    }
    return nil
  }
}

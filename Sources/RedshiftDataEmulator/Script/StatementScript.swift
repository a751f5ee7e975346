import JSONTypes

/// A file that says how statements go and which requests go wrong, for tests of what calls the Data API.
///
/// ```json
/// {
///   "clock": "virtual",
///   "otherwise": "database",
///   "statements": [
///     {"sql": "select count(*) from orders*", "seconds": 2, "columns": ["n"], "rows": [[3]]},
///     {"sql": "insert into *", "times": 1, "error": "division by zero"},
///     {"sql": "*", "statuses": [["SUBMITTED", 1], ["PICKED", 1], ["STARTED", 5], ["FINISHED"]], "affected": 0}
///   ],
///   "faults": [{"on": "ExecuteStatement", "times": 2, "fault": "throttling"}]
/// }
/// ```
struct StatementScript: Sendable {
  /// How one element of what is submitted goes.
  struct Rule: Sendable {
    var sql: TextPattern?
    var name: TextPattern?
    /// How often it holds; nil is for ever.
    var times: Int?
    /// From its start to its end.
    var seconds: Double = 0
    /// What the whole statement shows, each for some seconds; the last one stays.
    var statuses: [(status: StatementStatus, seconds: Double)] = []
    var columns: [Column] = []
    /// Nil for a statement without a result.
    var rows: [[JSONValue]]?
    var affected = 0
    /// The text behind `ERROR: `.
    var error: String?
  }

  struct Column: Sendable {
    var name: String
    var kind: FieldCoding.Kind
  }

  /// Something that goes wrong with requests.
  struct Fault: Sendable {
    enum Kind: String, Sendable, CaseIterable {
      case throttling
      case internalError = "internal-error"
      case internalErrorAfterTaking = "internal-error-after-taking"
      case unavailable
      case reset
      case resetAfterTaking = "reset-after-taking"
      case truncated
      case slow
      case expiredToken = "expired-token"
      case clockSkew = "clock-skew"
    }

    var kind: Kind
    /// Nil for all operations.
    var operation: String?
    var sql: TextPattern?
    /// Requests that are let through before it begins.
    var skip = 0
    /// How often it happens; nil is for ever.
    var times: Int?
    /// For `slow`.
    var seconds: Double = 1
  }

  var hasVirtualClock = false
  /// Whether what no rule matches runs in the database; otherwise it fails.
  var usesDatabase = false
  var rules: [Rule] = []
  var faults: [Fault] = []

  /// The rules for the elements of a statement, each used up by one.
  ///
  /// - Returns: nil for an element that no rule matches.
  mutating func take(_ record: StatementRecord) -> [Rule?] {
    record.sqls.map { sql in
      guard
        let index = rules.firstIndex(where: { rule in
          rule.times != 0 && rule.sql?.matches(sql) ?? true && rule.name?.matches(record.name ?? "") ?? true
        })
      else { return nil }
      if let times = rules[index].times { rules[index].times = times - 1 }
      return rules[index]
    }
  }

  /// What goes wrong with a request; counts it.
  mutating func fault(_ operation: String, _ input: JSONValue) -> Fault? {
    let texts = (input["Sql"]?.asString).map { [$0] } ?? (input["Sqls"]?.asArray ?? []).compactMap(\.asString)
    for index in faults.indices {
      let fault = faults[index]
      guard fault.times != 0, fault.operation == nil || fault.operation == operation,
        fault.sql.map({ pattern in texts.contains { pattern.matches($0) } }) ?? true
      else { continue }
      if fault.skip > 0 {
        faults[index].skip -= 1
        continue
      }
      if let times = fault.times { faults[index].times = times - 1 }
      return fault
    }
    return nil
  }
}

/// A text with `*` for any characters. Case does not matter, runs of blanks are one.
struct TextPattern: Sendable {
  private let parts: [String]

  init(_ text: String) { parts = Self.folded(text).split(separator: "*", omittingEmptySubsequences: false).map(String.init) }

  private static func folded(_ text: String) -> String {
    text.lowercased().split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" || $0 == "\r" }.joined(separator: " ")
  }

  func matches(_ text: String) -> Bool {
    let text = Self.folded(text)
    guard parts.count > 1 else { return text == parts[0] }
    guard text.hasPrefix(parts[0]) else { return false }
    var rest = text.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard let range = part.isEmpty ? rest.startIndex..<rest.startIndex : rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}

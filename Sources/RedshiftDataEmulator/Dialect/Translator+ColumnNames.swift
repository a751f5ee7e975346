extension Translator {
  /// The name that Redshift gives a column that is one call of these functions; PostgreSQL would name it after what stands for the call.
  static func columnName(_ item: [Node]) -> String? {
    // A quotient of decimals becomes a call.
    if item.contains(where: { $0.isSymbol("/") }) { return "?column?" }
    if item.count > 2, item[item.count - 1].isWord("super"), item[item.count - 2].isSymbol("::"), item[0].token?.isName != true { return "super" }
    guard item.count > 1, item[0].token?.kind == .word, item[1].parentheses != nil else { return item.count == 1 ? names[item[0].word] : nil }
    // Behind the call only what belongs to it: WITHIN GROUP, IGNORE NULLS, OVER.
    for node in item[2...] where node.parentheses == nil && !["within", "group", "ignore", "respect", "nulls", "over"].contains(node.word) {
      return nil
    }
    return names[item[0].word]
  }

  /// Whether an item is nothing but a path into a document, and perhaps a cast of it.
  static func isPath(_ item: [Node]) -> Bool {
    guard item.dropFirst().contains(where: { $0.isSymbol(".") || $0.brackets != nil }) else { return false }
    for (index, node) in item.enumerated() {
      if node.isSymbol("::") { return index > 0 }
      guard node.name != nil || node.isSymbol(".") || node.brackets != nil || (node.parentheses != nil && index < 2) else { return false }
    }
    return true
  }

  private static let names: [String: String] = [
    "listagg": "listagg", "median": "median", "dateadd": "date_add", "date_add": "date_add", "datediff": "date_diff", "date_diff": "date_diff",
    "extract": "date_part", "decode": "case", "percentile_cont": "percentile_cont", "percentile_disc": "percentile_disc",
    "ratio_to_report": "ratio_to_report", "first_value": "first_value", "last_value": "last_value", "lag": "lag", "lead": "lead",
    "nth_value": "nth_value", "avg": "avg", "array": "array", "object": "object", "concat": "concat", "sysdate": "timestamp",
    "textlen": "textlen", "date_part": "pgdate_part", "current_date": "date", "any_value": "any_value", "grouping_id": "grouping", "pgdate_part": "pgdate_part", "try_cast": "try_cast",
  ]
}

import StatesLanguage

/// Findings that only follow from another one: a mistyped field is missing under its right name, too.
enum Consequences {
  static func removed(from diagnostics: [Diagnostic]) -> [Diagnostic] {
    /// By the object's pointer, the fields that were probably meant.
    var meant: [String: [String]] = [:]
    for diagnostic in diagnostics where diagnostic.code == "unknown-field" {
      guard let field = diagnostic.suggestion, let slash = diagnostic.pointer.lastIndex(of: "/") else { continue }
      meant[String(diagnostic.pointer[..<slash]), default: []].append(field)
    }
    guard !meant.isEmpty else { return diagnostics }
    return diagnostics.filter { diagnostic in
      guard let fields = meant[diagnostic.pointer] else { return true }
      return !fields.contains { follows(diagnostic, from: $0) }
    }
  }

  private static func follows(_ diagnostic: Diagnostic, from field: String) -> Bool {
    switch diagnostic.code {
    case "missing-field", "missing-parameter": diagnostic.message.contains("\"\(field)\"")
    case "missing-transition": field == "Next" || field == "End"
    // A rule without an operator, or without a test at all.
    case "choice-shape": diagnostic.message.contains(" needs ")
    default: false
    }
  }
}

import JSONTypes
import StatesLanguage

/// Findings that only follow from another one: a mistyped field is missing under its right name, too.
enum Consequences {
  /// - Parameter unread: where the text could not be read as it stands: what was taken for it is of a wrong type, too.
  static func removed(from diagnostics: [Diagnostic], unread: Set<SourceRange>) -> [Diagnostic] {
    let diagnostics = unread.isEmpty ? diagnostics : diagnostics.filter { $0.code != "wrong-type" || !unread.contains($0.range) }
    /// By the object's pointer, the fields and parameters that were probably meant.
    var meant: [Substring: [String]] = [:]
    /// By sub-machine, as the pointers of its states begin, the transitions that are mistyped.
    var torn: [Substring: [String]] = [:]
    for diagnostic in diagnostics where diagnostic.code == "unknown-field" || diagnostic.code == "unknown-parameter" {
      guard let slash = diagnostic.pointer.lastIndex(of: "/") else { continue }
      // Whatever is near to no field is meant for one all the same.
      meant[diagnostic.pointer[..<slash], default: []].append(diagnostic.suggestion ?? "")
      guard let field = diagnostic.suggestion else { continue }
      if transitions.contains(field), let scope = scope(of: diagnostic.pointer) { torn[scope, default: []].append(diagnostic.pointer) }
    }
    /// Where a query language is mistyped, so that it is not known which fields there are.
    let unclear = diagnostics.filter { $0.code == "unknown-value" && $0.pointer.hasSuffix("/QueryLanguage") }.map { $0.pointer.dropLast("QueryLanguage".count) }
    guard !meant.isEmpty || !unclear.isEmpty else { return diagnostics }
    return diagnostics.filter { diagnostic in
      if diagnostic.code == "wrong-query-language", unclear.contains(where: { diagnostic.pointer.hasPrefix($0) }) { return false }
      // Another state was to lead there.
      if diagnostic.code == "unreachable-state", let scope = scope(of: diagnostic.pointer),
        torn[scope]?.contains(where: { !$0.hasPrefix(diagnostic.pointer + "/") }) ?? false
      {
        return false
      }
      guard let fields = meant[diagnostic.pointer[...]] else { return true }
      return !fields.contains { follows(diagnostic, from: $0) }
    }
  }

  private static let transitions: Set<String> = ["Next", "Default", "Choices", "Catch"]

  /// The pointer up to the last `/States/`.
  private static func scope(of pointer: String) -> Substring? {
    var end: String.Index?
    var index = pointer.startIndex
    while let next = pointer[index...].firstRange(of: "/States/") {
      end = next.lowerBound
      index = pointer.index(after: next.lowerBound)
    }
    return end.map { pointer[..<$0] }
  }

  private static func follows(_ diagnostic: Diagnostic, from field: String) -> Bool {
    switch diagnostic.code {
    case "missing-field", "missing-parameter": !field.isEmpty && diagnostic.message.contains(field)
    case "missing-transition": field == "Next" || field == "End"
    // A rule without an operator, or without a test at all.
    case "choice-shape": diagnostic.message.contains(" needs ")
    default: false
    }
  }
}

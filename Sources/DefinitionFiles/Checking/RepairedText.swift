package import StatesLanguage

/// A text with the fixes of its findings carried out.
package enum RepairedText {
  /// Fixes that overlap one that was taken before them are left out.
  ///
  /// - Returns: the new text and the fixes that it has; nil when there are none.
  package static func apply(_ diagnostics: [Diagnostic], to text: String) -> (text: String, fixes: [Diagnostic.Fix])? {
    var bytes = Array(text.utf8)
    var taken: [Diagnostic.Fix] = []
    var edits: [Diagnostic.Fix.Edit] = []
    for diagnostic in diagnostics {
      guard let fix = diagnostic.fix, !taken.contains(fix) else { continue }
      let isFree = fix.edits.allSatisfy { edit in
        edit.start >= 0 && edit.end <= bytes.count && edit.start <= edit.end && !edits.contains { $0.start < edit.end && edit.start < $0.end || $0.start == edit.start }
      }
      guard isFree else { continue }
      taken.append(fix)
      edits += fix.edits
    }
    guard !taken.isEmpty else { return nil }
    for edit in edits.sorted(by: { $0.start > $1.start }) { bytes.replaceSubrange(edit.start..<edit.end, with: Array(edit.replacement.utf8)) }
    guard let result = String(validating: bytes, as: UTF8.self) else { return nil }
    return (result, taken)
  }
}

extension Diagnostic.Fix.Edit {
  fileprivate var start: Int { range.lowerBound.offset }
  fileprivate var end: Int { range.upperBound.offset }
}

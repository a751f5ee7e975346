import JSONTypes
import StatesLanguage

extension Diagnostic {
  /// An error about a file.
  init(_ code: String, _ message: String, at range: SourceRange, notes: [Note] = [], suggestion: String? = nil) {
    self.init(code, .error, message, at: range, notes: notes, suggestion: suggestion)
  }
}

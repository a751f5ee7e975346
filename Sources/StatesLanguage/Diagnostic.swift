public import JSONTypes

/// One finding about a definition, at a place in the text that the user wrote.
///
/// Diagnostics are collected and returned, never thrown: a parser yields what it understood and what it did not.
public struct Diagnostic: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable, CaseIterable {
    /// AWS refuses the definition, or an execution must fail.
    case error
    /// Accepted, but almost surely a mistake.
    case warning
    /// Lint: how it could be better. Shown on request.
    case advice
  }

  /// A further place that explains the finding.
  public struct Note: Sendable, Hashable {
    public var message: String
    public var range: SourceRange?
    public init(_ message: String, at range: SourceRange? = nil) {
      self.message = message
      self.range = range
    }
  }

  /// A change of the text that mends what was found.
  public struct Fix: Sendable, Hashable {
    /// A stretch of the file and what takes its place; an empty stretch is an insertion.
    public struct Edit: Sendable, Hashable {
      public var range: SourceRange
      public var replacement: String
      public init(_ range: SourceRange, _ replacement: String) {
        self.range = range
        self.replacement = replacement
      }
    }

    /// What it does, as a command: `rename "Parametrs" to "Parameters"`.
    public var title: String
    /// In the order of their places, without overlaps.
    public var edits: [Edit]
    public init(_ title: String, _ edits: [Edit]) {
      self.title = title
      self.edits = edits
    }
  }

  /// The stable rule code in kebab case, for example `unknown-next`.
  public var code: String
  public var severity: Severity
  /// What was expected, what came and what to do; no full stop at the end.
  public var message: String
  public var range: SourceRange
  /// JSON pointer (RFC 6901) to the place inside the definition, for example `/States/A/Next`.
  public var pointer: String
  public var notes: [Note]
  /// The word that was probably meant.
  public var suggestion: String?
  /// Whether no other word could have been meant.
  package var isSuggestionCertain = false
  /// How to mend it where that is safe: nothing else could have been meant.
  public var fix: Fix?

  public init(
    _ code: String, _ severity: Severity = .error, _ message: String, at range: SourceRange, pointer: String = "",
    notes: [Note] = [], suggestion: String? = nil, fix: Fix? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.range = range
    self.pointer = pointer
    self.notes = notes
    self.suggestion = suggestion
    self.fix = fix
  }
}

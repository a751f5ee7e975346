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

  public init(
    _ code: String, _ severity: Severity = .error, _ message: String, at range: SourceRange, pointer: String = "",
    notes: [Note] = [], suggestion: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.range = range
    self.pointer = pointer
    self.notes = notes
    self.suggestion = suggestion
  }
}

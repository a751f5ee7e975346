/// What is wrong with a text, where, and what to do about it.
public struct SyntaxProblem: Hashable, Sendable {
  /// What was expected and what came, as a sentence without a full stop.
  public var message: String
  public var range: SourceRange
  /// What to do, as a sentence without a full stop.
  public var hint: String

  public init(_ message: String, _ range: SourceRange, hint: String) {
    self.message = message
    self.range = range
    self.hint = hint
  }
}

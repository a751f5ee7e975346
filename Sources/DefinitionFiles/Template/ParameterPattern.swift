/// A parameter's `AllowedPattern`.
enum ParameterPattern {
  /// Longer patterns and values are not tried.
  private static let longestText = 4_096

  /// Whether the whole value matches; nil when the pattern cannot be read.
  static func matches(_ pattern: String, _ value: String) -> Bool? {
    guard pattern.utf8.count <= longestText, value.utf8.count <= longestText, let expression = try? Regex(pattern) else { return nil }
    return (try? expression.matchingSemantics(.unicodeScalar).wholeMatch(in: value)) != nil
  }
}

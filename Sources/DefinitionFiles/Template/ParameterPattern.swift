import RegularExpressions

/// A parameter's `AllowedPattern`.
///
/// Source: AWS CloudFormation User Guide, "Parameters": a regular expression of Java that matches the whole value.
enum ParameterPattern {
  /// Longer patterns and values are not tried.
  private static let longestText = 4_096

  /// Whether the whole value matches; nil when the pattern cannot be read, or a match costs too much.
  static func matches(_ pattern: String, _ value: String) -> Bool? {
    guard pattern.utf8.count <= longestText, value.utf8.count <= longestText else { return nil }
    do throws(RegularExpressionError) {
      return try RegularExpression(pattern, flavor: .java).matchesWhole(value)
    } catch {
      return nil
    }
  }
}

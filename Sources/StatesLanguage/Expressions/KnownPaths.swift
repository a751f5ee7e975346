import JSONPath

/// The paths of a definition that were read already. Many states have the same ones, and share what was read.
struct KnownPaths {
  private var paths: [String: PathExpression] = [:]
  private var references: [String: ReferencePath] = [:]

  /// - Parameter allowingIntrinsics: whether a call of an intrinsic function is taken, too. What is no path is read each time.
  mutating func path(_ text: String, allowingIntrinsics: Bool) throws(ExpressionSyntaxError) -> PathExpression {
    guard text.utf8.first == UInt8(ascii: "$") else { return try PathExpression(parsing: text, allowingIntrinsics: allowingIntrinsics) }
    if let known = paths[text], known.text.utf8.elementsEqual(text.utf8) { return known }
    let path = try PathExpression(parsing: text)
    paths[text] = path
    return path
  }

  mutating func reference(_ text: String) throws(JSONPathError) -> ReferencePath {
    if let known = references[text], known.text.utf8.elementsEqual(text.utf8) { return known }
    let path = try ReferencePath(parsing: text)
    references[text] = path
    return path
  }
}

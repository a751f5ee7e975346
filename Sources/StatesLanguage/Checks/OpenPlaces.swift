import JSONTypes

/// Values that are not known yet: a `${…}` that a template fills in later, or what only a deployment knows, in a place that the language reads.
///
/// Nothing certain can be said about them, so `validate` says nothing; a machine with one of them cannot be run.
extension Diagnostic {
  /// The code by which these findings are told from others.
  static let openCode = "substitution-open"

  /// - Parameter text: what stands there; nil where it could not be read.
  static func open(_ text: String?, at range: SourceRange, pointer: String) -> Diagnostic {
    let name = text.flatMap(\.firstPlaceholder)
    return Diagnostic(
      openCode, .error,
      name.map { "${\($0)} has no value; give it one with --substitution \($0)=VALUE, or in DefinitionSubstitutions" }
        ?? "the value that stands here is not known", at: range, pointer: pointer)
  }
}

extension StateMachineParser {
  /// Takes note of a place whose value decides where an execution goes, or what data it goes with. From there the data cannot be followed.
  mutating func leaveOpen(_ node: SyntaxNode, pointer: String) {
    diagnostics.append(.open(node.text, at: node.range, pointer: pointer))
    canBeFollowed = false
  }

  /// Takes note of a field whose value could not be read, unless the one that reads it does.
  mutating func checkOpen(_ node: SyntaxNode, field: String, pointer: () -> String) {
    switch field {
    case "Resource", "Parameters", "Arguments", "ResultSelector", "ItemSelector", "Output", "Comment", "Credentials", "TimeoutSeconds",
      "HeartbeatSeconds":
      diagnostics.append(.open(node.text, at: node.range, pointer: pointer() + "/" + field.pointerToken))
    default: leaveOpen(node, pointer: pointer() + "/" + field.pointerToken)
    }
  }
}

extension PathExpression {
  /// Whether it is a path in which a name is left open. In the texts of a call anything may stand.
  var isOpen: Bool { !isIntrinsic && text.utf8.contains(UInt8(ascii: "{")) && text.hasPlaceholder }
}

extension SyntaxNode {
  var isInvalid: Bool { if case .invalid = kind { true } else { false } }
}

extension String {
  /// The name in the first `${…}`.
  fileprivate var firstPlaceholder: String? {
    guard let start = firstIndex(of: "$"), let end = self[start...].firstIndex(of: "}") else { return nil }
    guard self[start...].hasPrefix("${") else { return String(self[index(after: start)...]).firstPlaceholder }
    return String(self[index(start, offsetBy: 2)..<end])
  }
}

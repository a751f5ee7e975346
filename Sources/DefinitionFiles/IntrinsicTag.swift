import JSONTypes

/// CloudFormation's short forms: a YAML tag that stands for an object with one member.
enum IntrinsicTag {
  /// The key of the long form, or nil for a tag that CloudFormation does not know.
  static func longForm(_ tag: String) -> String? {
    guard tag.hasPrefix("!") else { return nil }
    let name = String(tag.dropFirst())
    if name == "Ref" || name == "Condition" { return name }
    return functions.contains(name) ? "Fn::" + name : nil
  }

  static let functions: Set<String> = [
    "And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "GetAtt", "GetAZs", "If", "ImportValue",
    "Join", "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub", "ToJsonString", "Transform", "ValueOf", "ValueOfAll",
  ]

  static var known: [String] { ["!Ref", "!Condition"] + functions.sorted().map { "!" + $0 } }

  /// `!GetAtt Name.Attribute` has the list of both as its argument.
  static func argument(_ node: SyntaxNode, of function: String) -> SyntaxNode {
    guard function == "Fn::GetAtt", case .string(let text) = node.kind, let dot = text.firstIndex(of: ".") else { return node }
    let parts = [String(text[..<dot]), String(text[text.index(after: dot)...])]
    return SyntaxNode(.array(parts.map { SyntaxNode(.string($0), node.range) }), node.range)
  }
}

import JSONTypes

/// `Assign` of a state, a rule of a Choice or a catcher: variables and their values.
///
/// Source: AWS Step Functions Developer Guide, "Passing data between states with variables".
extension StateMachineParser {
  /// - Parameter location: the field's name in the service's words.
  mutating func parseAssign(of node: SyntaxNode, _ pointer: String, language: QueryLanguage, location: String = "Assign") -> Template? {
    for member in node["Assign"]?.members ?? [] {
      let isDynamic = language == .jsonPath && member.key.hasSuffix(".$")
      check(variable: isDynamic ? String(member.key.dropLast(2)) : member.key, at: member.keyRange, "\(pointer)/Assign/\(member.key.pointerToken)")
    }
    return parseTemplate("Assign", of: node, pointer, language: language, location: location)
  }

  private mutating func check(variable name: String, at range: SourceRange, _ pointer: String) {
    if name == StateMachine.reservedVariable {
      report("reserved-variable-name", "the variable \"\(name)\" belongs to Step Functions; choose another name", at: range, pointer: pointer)
    } else if name.count > StateMachine.maximumNameLength {
      report(
        "invalid-variable-name", "expected a variable's name of at most \(StateMachine.maximumNameLength) characters, found \(name.count)", at: range,
        pointer: pointer)
    } else if let first = name.unicodeScalars.first, first.properties.isIDStart, name.unicodeScalars.allSatisfy(\.properties.isIDContinue) {
      return
    } else {
      report(
        "invalid-variable-name", "expected a variable's name of letters, digits and _ that begins with a letter, found \"\(name)\"", at: range,
        pointer: pointer)
    }
  }
}

import JSONTypes
import StatesLanguage

/// Texts that look like what they are not: a path where nothing reads it, an expression of the other language.
///
/// Source: AWS Step Functions API Reference, ValidateStateMachineDefinition: NO_DOLLAR, NO_PATH, PASS_RESULT_IS_STATIC.
enum TextCheck {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    for site in walk.sites {
      for member in site.node.members ?? [] {
        let pointer = site.pointer + "/" + member.key
        switch member.key {
        case "Comment", "Type", "Next", "Default", "Branches", "ItemProcessor", "Iterator", "Resource", "Label": continue
        case "Result" where site.language == .jsonPath: checkResult(member, site, &findings)
        case "Choices" where site.language == .jsonPath: checkChoices(member.value, pointer, &findings)
        case "Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials", "ItemReader", "ItemBatcher", "ResultWriter", "Catch":
          if site.language == .jsonPath { checkTemplate(member.value, pointer, &findings) } else { checkJSONata(member.value, pointer, &findings) }
        default:
          if site.language == .jsonata { checkJSONata(member.value, pointer, &findings) } else { checkNoJSONata(member.value, pointer, &findings) }
        }
      }
    }
  }

  /// `$.name`, `$['name']`, `$$.State.Name`.
  static func isPath(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "$"), !text.hasPlaceholder else { return false }
    guard text.hasPrefix("$.") || text.hasPrefix("$[") || text.hasPrefix("$$.") else { return false }
    return (try? PathExpression(parsing: text)) != nil
  }

  /// `States.Format('{}', $.name)`.
  static func isCall(_ text: String) -> Bool {
    text.hasPrefix("States.") && text.contains("(") && (try? PathExpression(parsing: text, allowingIntrinsics: true))?.isIntrinsic ?? false
  }

  private static func isExpression(_ text: String) -> Bool { text.hasPrefix("{%") && text.hasSuffix("%}") }

  // MARK: JSONPath

  private static func checkTemplate(_ node: SyntaxNode, _ pointer: String, _ findings: inout Findings) {
    switch node.kind {
    case .object(let members):
      for member in members {
        let inner = pointer + "/" + member.key.pointerToken
        guard !member.key.hasSuffix(".$"), member.key != "Comment", member.key != "ResultPath", !member.key.hasSuffix("Path"),
          let text = member.value.text
        else {
          checkTemplate(member.value, inner, &findings)
          continue
        }
        if isPath(text) || isCall(text) {
          findings.report(
            "no-dollar", .warning, "\"\(member.key)\" is the text \"\(text)\" itself: only a key that ends in .$ has its value read", at: member.value.range,
            pointer: inner, suggestion: member.key + ".$")
        } else {
          checkNoJSONata(member.value, inner, &findings)
        }
      }
    case .array(let elements): for (number, element) in elements.enumerated() { checkTemplate(element, "\(pointer)/\(number)", &findings) }
    default: break
    }
  }

  private static func checkNoJSONata(_ node: SyntaxNode, _ pointer: String, _ findings: inout Findings) {
    switch node.kind {
    case .string(let text) where isExpression(text):
      findings.report(
        "jsonata-in-jsonpath", .warning, "{% … %} is plain text here: the query language of the state is JSONPath", at: node.range, pointer: pointer)
    case .object(let members):
      for member in members where member.key != "Comment" { checkNoJSONata(member.value, pointer + "/" + member.key.pointerToken, &findings) }
    case .array(let elements): for (number, element) in elements.enumerated() { checkNoJSONata(element, "\(pointer)/\(number)", &findings) }
    default: break
    }
  }

  /// `Result` is handed on as it is written.
  private static func checkResult(_ member: SyntaxNode.Member, _ site: DefinitionWalk.Site, _ findings: inout Findings) {
    func looksRead(_ node: SyntaxNode) -> Bool {
      switch node.kind {
      case .string(let text): isPath(text) || isCall(text) || isExpression(text)
      case .object(let members):
        members.contains { ($0.key.hasSuffix(".$") && $0.value.text.map { isPath($0) || isCall($0) } ?? false) || looksRead($0.value) }
      case .array(let elements): elements.contains(where: looksRead)
      default: false
      }
    }
    guard looksRead(member.value) else { return }
    findings.report(
      "pass-result-static", .warning, "Result is handed on as it is written: nothing in it is read as a path; Parameters does that",
      at: member.value.range, pointer: site.pointer + "/Result", suggestion: "Parameters")
  }

  private static func checkChoices(_ node: SyntaxNode, _ pointer: String, _ findings: inout Findings) {
    switch node.kind {
    case .array(let elements): for (number, element) in elements.enumerated() { checkChoices(element, "\(pointer)/\(number)", &findings) }
    case .object(let members):
      for member in members {
        let inner = pointer + "/" + member.key
        switch member.key {
        case "And", "Or", "Not": checkChoices(member.value, inner, &findings)
        case "Assign": checkTemplate(member.value, inner, &findings)
        case "Next", "Comment", "Variable": continue
        default:
          guard let text = member.value.text, !member.key.hasSuffix("Path"), isPath(text) else { continue }
          findings.report(
            "no-path", .warning, "\(member.key) compares with the text \"\(text)\" itself; \(member.key)Path compares with what the path leads to",
            at: member.value.range, pointer: inner, suggestion: member.key + "Path")
        }
      }
    default: break
    }
  }

  // MARK: JSONata

  private static func checkJSONata(_ node: SyntaxNode, _ pointer: String, _ findings: inout Findings) {
    switch node.kind {
    case .string(let text):
      let trimmed = text.trimmingBlanks
      if trimmed.utf8.count < text.utf8.count, isExpression(String(trimmed)) {
        findings.report(
          "jsonata-as-text", .warning, "this is plain text: an expression begins with {% and ends with %}, without blanks around", at: node.range,
          pointer: pointer, suggestion: String(trimmed))
      }
    case .object(let members):
      for member in members where member.key != "Comment" {
        let inner = pointer + "/" + member.key.pointerToken
        if member.key.hasSuffix(".$"), let text = member.value.text, text.hasPrefix("$") || isCall(text) {
          findings.report(
            "path-in-jsonata", .warning, "\"\(member.key)\" is a key like any other here: the query language of the state is JSONata", at: member.keyRange,
            pointer: inner)
        } else {
          checkJSONata(member.value, inner, &findings)
        }
      }
    case .array(let elements): for (number, element) in elements.enumerated() { checkJSONata(element, "\(pointer)/\(number)", &findings) }
    default: break
    }
  }
}

extension String {
  var trimmingBlanks: Substring {
    var text = self[...]
    while let first = text.unicodeScalars.first, first.properties.isWhitespace { text.unicodeScalars.removeFirst() }
    while let last = text.unicodeScalars.last, last.properties.isWhitespace { text.unicodeScalars.removeLast() }
    return text
  }
}

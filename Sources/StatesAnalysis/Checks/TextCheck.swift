import JSONTypes
import StatesLanguage

/// Texts that look like what they are not: a path where nothing reads it, an expression of the other language, a call that cannot succeed.
///
/// Source: AWS Step Functions API Reference, ValidateStateMachineDefinition: NO_DOLLAR, NO_PATH, PASS_RESULT_IS_STATIC.
struct TextCheck {
  private let site: DefinitionWalk.Site
  /// The keys and numbers from the state to where the walk stands; the pointer is spelled out only where something is found.
  private var path: [String] = []

  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    for site in walk.sites {
      var check = TextCheck(site)
      check.run(&findings)
    }
  }

  private init(_ site: DefinitionWalk.Site) { self.site = site }

  private mutating func run(_ findings: inout Findings) {
    let isJSONPath = site.language == .jsonPath
    // What holds no text is looked at by none of these.
    for member in site.node.members ?? [] where member.value.mayHoldText {
      switch member.key {
      case "Comment", "Type", "Next", "End", "Default", "Branches", "ItemProcessor", "Iterator", "Resource", "Label": continue
      case "Result" where isJSONPath: checkResult(member, &findings)
      case "Choices" where isJSONPath: descend(member.key) { $0.checkChoices(member.value, &findings) }
      case "Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials", "ItemReader", "ItemBatcher", "ResultWriter", "Catch":
        descend(member.key) { isJSONPath ? $0.checkTemplate(member.value, &findings) : $0.checkJSONata(member.value, &findings) }
      case "ErrorPath", "CausePath":
        if let text = member.value.text { ExpressionCheck.check(text, member.value, at: site.pointer + "/" + member.key, &findings) }
      default:
        descend(member.key) { isJSONPath ? $0.checkNoJSONata(member.value, &findings) : $0.checkJSONata(member.value, &findings) }
      }
    }
  }

  private mutating func descend(_ token: String, _ body: (inout TextCheck) -> Void) {
    path.append(token)
    body(&self)
    path.removeLast()
  }

  private mutating func descend(into elements: [SyntaxNode], _ body: (inout TextCheck, SyntaxNode) -> Void) {
    for (number, element) in elements.enumerated() where element.mayHoldText {
      path.append(String(number))
      body(&self, element)
      path.removeLast()
    }
  }

  private var pointer: String { path.reduce(into: site.pointer) { $0 += "/" + $1.pointerToken } }

  private func warn(_ code: String, _ message: String, at range: SourceRange, _ findings: inout Findings, suggestion: String? = nil) {
    findings.report(code, .warning, message, at: range, pointer: pointer, suggestion: suggestion)
  }

  // MARK: What texts look like

  /// `$.name`, `$['name']`, `$$.State.Name`.
  private static func isPath(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "$"), text.hasPrefix("$.") || text.hasPrefix("$[") || text.hasPrefix("$$."), !text.hasPlaceholder else {
      return false
    }
    return (try? PathExpression(parsing: text)) != nil
  }

  /// `States.Format('{}', $.name)`.
  private static func isCall(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "S"), text.hasPrefix("States."), text.contains("(") else { return false }
    return (try? PathExpression(parsing: text, allowingIntrinsics: true))?.isIntrinsic ?? false
  }

  private static func isExpression(_ text: some StringProtocol) -> Bool { text.hasPrefix("{%") && text.hasSuffix("%}") }

  // MARK: JSONPath

  private mutating func checkTemplate(_ node: SyntaxNode, _ findings: inout Findings) {
    switch node.kind {
    case .object(let members):
      for member in members where member.value.mayHoldText && member.key != "Comment" && member.key != "ResultPath" {
        descend(member.key) { $0.checkMember(member, &findings) }
      }
    case .array(let elements): descend(into: elements) { $0.checkTemplate($1, &findings) }
    default: break
    }
  }

  private mutating func checkMember(_ member: SyntaxNode.Member, _ findings: inout Findings) {
    guard let text = member.value.text else { return checkTemplate(member.value, &findings) }
    if member.key.hasSuffix(".$") { return ExpressionCheck.check(text, member.value, at: pointer, &findings) }
    guard !member.key.hasSuffix("Path") else { return }
    if Self.isPath(text) || Self.isCall(text) {
      warn(
        "no-dollar", "\"\(member.key)\" is the text \"\(text)\" itself: only a key that ends in .$ has its value read", at: member.value.range, &findings,
        suggestion: member.key + ".$")
    } else {
      checkNoJSONata(member.value, &findings)
    }
  }

  private mutating func checkNoJSONata(_ node: SyntaxNode, _ findings: inout Findings) {
    switch node.kind {
    case .string(let text) where Self.isExpression(text):
      warn("jsonata-in-jsonpath", "{% … %} is plain text here: the query language of the state is JSONPath", at: node.range, &findings)
    case .object(let members):
      for member in members where member.value.mayHoldText && member.key != "Comment" {
        descend(member.key) { $0.checkNoJSONata(member.value, &findings) }
      }
    case .array(let elements): descend(into: elements) { $0.checkNoJSONata($1, &findings) }
    default: break
    }
  }

  /// `Result` is handed on as it is written.
  private func checkResult(_ member: SyntaxNode.Member, _ findings: inout Findings) {
    func looksRead(_ node: SyntaxNode) -> Bool {
      switch node.kind {
      case .string(let text): Self.isPath(text) || Self.isCall(text) || Self.isExpression(text)
      case .object(let members):
        members.contains { ($0.key.hasSuffix(".$") && $0.value.text.map { Self.isPath($0) || Self.isCall($0) } ?? false) || looksRead($0.value) }
      case .array(let elements): elements.contains(where: looksRead)
      default: false
      }
    }
    guard looksRead(member.value) else { return }
    findings.report(
      "pass-result-static", .warning, "Result is handed on as it is written: nothing in it is read as a path; Parameters does that",
      at: member.value.range, pointer: site.pointer + "/Result", suggestion: "Parameters")
  }

  private mutating func checkChoices(_ node: SyntaxNode, _ findings: inout Findings) {
    switch node.kind {
    case .array(let elements): descend(into: elements) { $0.checkChoices($1, &findings) }
    case .object(let members):
      for member in members {
        switch member.key {
        case "And", "Or", "Not": descend(member.key) { $0.checkChoices(member.value, &findings) }
        case "Assign": descend(member.key) { $0.checkTemplate(member.value, &findings) }
        case "Next", "Comment", "Variable": continue
        default:
          guard let text = member.value.text, !member.key.hasSuffix("Path"), Self.isPath(text) else { continue }
          descend(member.key) {
            $0.warn(
              "no-path", "\(member.key) compares with the text \"\(text)\" itself; \(member.key)Path compares with what the path leads to",
              at: member.value.range, &findings, suggestion: member.key + "Path")
          }
        }
      }
    default: break
    }
  }

  // MARK: JSONata

  private mutating func checkJSONata(_ node: SyntaxNode, _ findings: inout Findings) {
    switch node.kind {
    case .string(let text):
      guard let first = text.unicodeScalars.first, first.properties.isWhitespace else { return }
      let trimmed = text.trimmingBlanks
      guard Self.isExpression(trimmed) else { return }
      warn(
        "jsonata-as-text", "this is plain text: an expression begins with {% and ends with %}, without blanks around", at: node.range, &findings,
        suggestion: String(trimmed))
    case .object(let members):
      for member in members where member.value.mayHoldText && member.key != "Comment" {
        descend(member.key) { check in
          guard member.key.hasSuffix(".$"), let text = member.value.text, text.hasPrefix("$") || Self.isCall(text) else {
            return check.checkJSONata(member.value, &findings)
          }
          check.warn(
            "path-in-jsonata", "\"\(member.key)\" is a key like any other here: the query language of the state is JSONata", at: member.keyRange, &findings)
        }
      }
    case .array(let elements): descend(into: elements) { $0.checkJSONata($1, &findings) }
    default: break
    }
  }
}

extension SyntaxNode {
  /// A string, or what may have one within.
  fileprivate var mayHoldText: Bool {
    switch kind {
    case .string, .object, .array: true
    case .null, .bool, .number, .invalid: false
    }
  }
}

extension String {
  fileprivate var trimmingBlanks: Substring {
    var text = self[...]
    while let first = text.unicodeScalars.first, first.properties.isWhitespace { text.unicodeScalars.removeFirst() }
    while let last = text.unicodeScalars.last, last.properties.isWhitespace { text.unicodeScalars.removeLast() }
    return text
  }
}

import JSONTypes
import StatesLanguage

/// What is accepted and yet cannot go well: a token that nobody gets, texts that are longer than an error may be.
enum TaskCheck {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    for site in walk.sites {
      switch site.type {
      case .task: checkToken(site, &findings)
      case .fail: checkTexts(site, &findings)
      case .pass, .wait, .choice, .succeed, .parallel, .map: break
      }
    }
  }

  /// Source: AWS Step Functions Developer Guide, "Wait for a callback with task token".
  private static func checkToken(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    guard site.resource?.pattern == .waitForTaskToken, let parameters = site.node[site.language == .jsonata ? "Arguments" : "Parameters"] else { return }
    // The token may come by the context object or within a variable, whose value is not looked at.
    guard !parameters.contains(where: { $0.mayHoldToken }) else { return }
    findings.report(
      "unused-task-token", .warning, "the task waits for its token to come back, and gives it to nobody: pass $$.Task.Token on", at: site.nameRange,
      pointer: site.pointer + (site.language == .jsonata ? "/Arguments" : "/Parameters"))
  }

  /// Source: AWS Step Functions API Reference, the shapes of errors and causes.
  private static func checkTexts(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    for (field, limit) in [("Error", 256), ("Cause", 32_768)] {
      guard let node = site.node[field], let text = node.text, text.utf8.count > limit, text.unicodeScalars.count > limit else { continue }
      findings.report(
        "text-too-long", .warning, "\(field) has at most \(limit) characters, this one has \(text.unicodeScalars.count)", at: node.range,
        pointer: site.pointer + "/" + field)
    }
  }
}

extension SyntaxNode {
  /// Whether any string within is one that the condition holds for.
  func contains(where condition: (String) -> Bool) -> Bool {
    switch kind {
    case .string(let text): condition(text)
    case .object(let members): members.contains { $0.value.contains(where: condition) }
    case .array(let elements): elements.contains { $0.contains(where: condition) }
    default: false
    }
  }
}

extension String {
  /// Whether the text may be, or read, a task's token.
  fileprivate var mayHoldToken: Bool {
    if contains("Task") || self == "$$" || contains("states.context") || hasPlaceholder { return true }
    guard hasPrefix("$") || hasPrefix("{%") || hasPrefix("States.") else { return false }
    return unicodeScalars.split(separator: "$", omittingEmptySubsequences: false).dropFirst().contains { piece in
      guard let first = piece.first else { return false }
      return first.properties.isIDStart && !piece.starts(with: "states.".unicodeScalars)
    }
  }
}

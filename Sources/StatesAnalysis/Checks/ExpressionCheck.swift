import JSONata
import JSONTypes
import StatesLanguage

/// Expressions that parse, and yet cannot give a value: functions that do not exist, arguments of the wrong kind or number.
enum ExpressionCheck {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    for site in walk.sites {
      for member in site.node.members ?? [] {
        switch member.key {
        case "Comment", "Type", "Next", "Branches", "ItemProcessor", "Iterator", "Resource": continue
        default: visit(member.value, site, field: member.key, pointer: site.pointer + "/" + member.key, key: member.key, &findings)
        }
      }
    }
  }

  private static func visit(
    _ node: SyntaxNode, _ site: DefinitionWalk.Site, field: String, pointer: String, key: String, _ findings: inout Findings
  ) {
    switch node.kind {
    case .string(let text):
      if site.language == .jsonata {
        guard let source = text.jsonataSource, let expression = try? JSONataExpression(parsing: source) else { return }
        check(expression, site, field, node, pointer, &findings)
      } else if key.hasSuffix(".$") || key.hasSuffix("Path"), text.hasPrefix("States."), !text.hasPlaceholder,
        let path = try? PathExpression(parsing: text, allowingIntrinsics: true)
      {
        for problem in path.literalProblems { findings.report("invalid-intrinsic", .error, problem, at: node.range, pointer: pointer) }
        // The service tells these only when it evaluates the call.
        for problem in path.formatProblems { findings.report("impossible-call", .warning, problem, at: node.range, pointer: pointer) }
      }
    case .object(let members):
      for member in members where member.key != "Comment" {
        visit(member.value, site, field: field, pointer: pointer + "/" + member.key.pointerToken, key: member.key, &findings)
      }
    case .array(let elements):
      for (number, element) in elements.enumerated() { visit(element, site, field: field, pointer: "\(pointer)/\(number)", key: key, &findings) }
    default: break
    }
  }

  private static let functions = Set(JSONataExpression.functionNames(in: .stepFunctions))
  /// The fields of `$states`.
  private static let fields: Set<String> = ["input", "result", "errorOutput", "context"]
  /// Where the result of the state's work can be read.
  private static let resultFields: Set<String> = ["Output", "Assign"]

  private static func check(
    _ expression: JSONataExpression, _ site: DefinitionWalk.Site, _ field: String, _ node: SyntaxNode, _ pointer: String, _ findings: inout Findings
  ) {
    func warn(_ code: String, _ message: String, _ suggestion: String? = nil) {
      findings.report(code, .warning, message, at: node.range, pointer: pointer, suggestion: suggestion)
    }
    for call in expression.calls where call.name != "" && call.name != "$" {
      if call.name == "eval" {
        warn("unsupported-function", "Step Functions has no $eval; $parse reads JSON")
      } else if !functions.contains(call.name) {
        warn("unknown-function", "there is no function $\(call.name)", call.name.closest(among: functions.sorted()).map { "$" + $0 })
      } else if let most = JSONataExpression.maximumArguments(of: call.name, in: .stepFunctions), call.arguments > most {
        warn("wrong-argument-count", "$\(call.name) takes at most \(most) argument\(most == 1 ? "" : "s"), found \(call.arguments)")
      }
    }
    for reference in expression.references where reference.name == StateMachine.reservedVariable {
      guard let name = reference.path.first else { continue }
      if !fields.contains(name) {
        warn(
          "unknown-states-field", "$states has no field \"\(name)\": it has input, result, errorOutput and context",
          name.closest(among: fields.sorted()).map { "$states." + $0 })
      } else if name == "result", !resultFields.contains(field) || ![.task, .parallel, .map].contains(site.type) {
        warn("misplaced-result", "$states.result is there only in Output and Assign of a Task, Parallel or Map state")
      }
    }
  }
}

extension String {
  /// The text between `{%` and `%}`; nil for a string that is no expression.
  var jsonataSource: String? {
    guard hasPrefix("{%"), hasSuffix("%}"), utf8.count >= 4 else { return nil }
    return String(dropFirst(2).dropLast(2))
  }
}

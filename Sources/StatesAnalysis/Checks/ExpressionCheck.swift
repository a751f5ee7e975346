import JSONTypes
import StatesLanguage

/// Calls of intrinsic functions that parse, and yet cannot give a value, since a literal among their arguments is of the wrong kind.
enum ExpressionCheck {
  static func check(_ text: String, _ node: SyntaxNode, at pointer: @autoclosure () -> String, _ findings: inout Findings) {
    guard text.hasPrefix("States."), !text.hasPlaceholder, let path = try? PathExpression(parsing: text, allowingIntrinsics: true) else { return }
    for problem in path.literalProblems { findings.report("invalid-intrinsic", .error, problem, at: node.range, pointer: pointer()) }
    // The service tells these only when it evaluates the call.
    for problem in path.formatProblems { findings.report("impossible-call", .warning, problem, at: node.range, pointer: pointer()) }
  }
}

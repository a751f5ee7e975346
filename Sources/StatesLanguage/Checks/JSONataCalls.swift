import JSONata
import JSONTypes

/// Expressions of JSONata that parse, and yet cannot give a value: functions that do not exist, too many arguments, fields that `$states` lacks.
///
/// AWS accepts them and fails when they are evaluated, so all of these are warnings.
extension JSONataTemplate {
  private static let functions = Set(JSONataExpression.functionNames(in: .stepFunctions))
  private static let sortedFunctions = functions.sorted()
  private static let fields = ["context", "errorOutput", "input", "result"]

  /// - Parameter location: the field in the service's words, `Output` or `Catch[0]/Assign`.
  static func check(
    _ expression: JSONataExpression, _ location: String, _ place: ExpressionPlace, _ pointer: String, _ diagnostics: inout [Diagnostic]
  ) {
    func warn(_ code: String, _ message: String, _ range: SourceRange, _ suggestion: String? = nil) {
      diagnostics.append(Diagnostic(code, .warning, message, at: range, pointer: pointer, suggestion: suggestion))
    }
    for call in expression.calls where call.name != "" && call.name != "$" {
      if call.name == "eval" {
        warn("unsupported-function", "Step Functions has no $eval; $parse reads JSON", place.token(endingAt: call.position))
      } else if !functions.contains(call.name) {
        warn(
          "unknown-function", "there is no function $\(call.name)", place.token(endingAt: call.position),
          call.name.closest(among: sortedFunctions).map { "$" + $0 })
      } else if let most = JSONataExpression.maximumArguments(of: call.name, in: .stepFunctions), call.arguments > most {
        warn(
          "wrong-argument-count", "$\(call.name) takes at most \(most) argument\(most == 1 ? "" : "s"), found \(call.arguments)",
          place.token(endingAt: call.position))
      }
    }
    for reference in expression.references where reference.name == StateMachine.reservedVariable {
      guard let name = reference.path.first else { continue }
      if !fields.contains(name) {
        warn(
          "unknown-states-field", "$states has no field \"\(name)\": it has input, result, errorOutput and context",
          place.reference(endingAt: reference.position, fields: 1), name.closest(among: fields).map { "$states." + $0 })
      } else if name == "result", !location.hasPrefix("Output"), !location.hasPrefix("Assign") {
        warn(
          "misplaced-result", "$states.result is there only once the work is done, in Output and Assign",
          place.reference(endingAt: reference.position, fields: 1))
      }
    }
  }
}

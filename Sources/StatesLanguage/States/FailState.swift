import JSONTypes

/// A Fail state: ends the machine, branch or iteration that it stands in with an error.
///
/// Spec: Amazon States Language, "Fail State".
public final class FailState: Sendable {
  /// A text written out, or read from the data.
  public enum Text: Sendable {
    case literal(String)
    case path(PathExpression)
    case expression(JSONataTemplate)
  }
  public let common: StateCommon
  public let error: Text?
  public let cause: Text?

  init(common: StateCommon, error: Text?, cause: Text?) {
    self.common = common
    self.error = error
    self.cause = cause
  }
}

extension StateMachineParser {
  mutating func parseFail(_ reading: StateReading, _ common: StateCommon) -> FailState {
    FailState(common: common, error: parseText("Error", reading), cause: parseText("Cause", reading))
  }

  /// Source: AWS Step Functions Developer Guide, "Fail workflow state", `ErrorPath` and `CausePath`.
  private static let textFunctions: Set<String> = [
    "States.Format", "States.JsonToString", "States.ArrayGetItem", "States.Base64Encode", "States.Base64Decode", "States.Hash", "States.UUID",
  ]

  private mutating func parseText(_ field: String, _ reading: StateReading) -> FailState.Text? {
    let pathField = field + "Path"
    if let path = reading.node.member(pathField) {
      if let literal = reading.node.member(field) {
        report(
          "exclusive-fields", "\(field) and \(pathField) exclude each other", at: path.keyRange, pointer: reading.pointer,
          notes: [Diagnostic.Note("\(field) stands here", at: literal.keyRange)])
      }
      let parsed = parseReference(pathField, of: reading.node, reading.pointer, allowingIntrinsics: true)
      if let name = parsed?.calledFunction, !Self.textFunctions.contains(name) {
        report(
          "invalid-intrinsic", "\(pathField) takes a function that gives a string, and \(name) does not", at: path.value.range,
          pointer: reading.pointer(pathField))
      }
      return parsed.map(FailState.Text.path)
    }
    if reading.language == .jsonata, let node = reading.node[field], node.text != nil {
      return .expression(JSONataTemplate.compile(node, field: field, pointer: reading.pointer(field), into: &diagnostics))
    }
    return reading.node[field]?.text.map(FailState.Text.literal)
  }
}

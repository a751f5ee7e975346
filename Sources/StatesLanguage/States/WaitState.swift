import JSONTypes

/// A Wait state.
///
/// Spec: Amazon States Language, "Wait State".
public final class WaitState: Sendable {
  public enum Duration: Sendable {
    case seconds(Int64)
    case secondsPath(PathExpression)
    case timestamp(Timestamp)
    case timestampPath(PathExpression)
    case secondsExpression(JSONataTemplate)
    case timestampExpression(JSONataTemplate)
  }
  public let common: StateCommon
  public let duration: Duration

  init(common: StateCommon, duration: Duration) {
    self.common = common
    self.duration = duration
  }
}

extension StateMachineParser {
  mutating func parseWait(_ reading: StateReading, _ common: StateCommon) -> WaitState? {
    let fields = ["Seconds", "Timestamp", "SecondsPath", "TimestampPath"].compactMap { reading.node.member($0) }
    guard let member = fields.first else {
      report(
        "missing-field", "a Wait state needs one of Seconds, Timestamp, SecondsPath, TimestampPath", at: reading.place, pointer: reading.pointer)
      return nil
    }
    if fields.count > 1 {
      report(
        "exclusive-fields", "a Wait state has exactly one of Seconds, Timestamp, SecondsPath, TimestampPath", at: fields[1].keyRange,
        pointer: reading.pointer, notes: [Diagnostic.Note("\(member.key) stands here", at: member.keyRange)])
    }
    if reading.language == .jsonata, member.value.text != nil, member.key == "Seconds" || member.key == "Timestamp" {
      let count = diagnostics.count
      let template = JSONataTemplate.compile(member.value, field: member.key, pointer: reading.pointer(member.key), into: &diagnostics)
      if diagnostics[count...].contains(where: { $0.severity == .error }) { return nil }
      if template.constant == nil {
        return WaitState(common: common, duration: member.key == "Seconds" ? .secondsExpression(template) : .timestampExpression(template))
      }
    }
    switch member.key {
    case "Seconds": return reading.node.integer("Seconds").map { WaitState(common: common, duration: .seconds(Int64($0))) }
    case "SecondsPath":
      return parseReference("SecondsPath", of: reading.node, reading.pointer).map { WaitState(common: common, duration: .secondsPath($0)) }
    case "TimestampPath":
      return parseReference("TimestampPath", of: reading.node, reading.pointer).map { WaitState(common: common, duration: .timestampPath($0)) }
    default:
      guard let text = member.value.text else { return nil }
      guard let timestamp = Timestamp(literal: text) else {
        reportTimestamp(text, at: member.value, pointer: reading.pointer("Timestamp"))
        return nil
      }
      return WaitState(common: common, duration: .timestamp(timestamp))
    }
  }

  mutating func reportTimestamp(_ text: String, at node: SyntaxNode, pointer: String) {
    if text.hasPlaceholder { return leaveOpen(node, pointer: pointer) }
    report("invalid-timestamp", "expected a time such as 2016-08-18T17:33:00Z (RFC 3339, with T and an offset), found \"\(text)\"", at: node.range, pointer: pointer)
  }
}

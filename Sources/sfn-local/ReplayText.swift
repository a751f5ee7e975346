import ExecutionReplay
import JSONTypes
import StatesInterpreter
import StatesLanguage

/// What came of a replay, for people and as JSON.
struct ReplayText {
  let machine: StateMachine
  let source: DiagnosticText
  let style: Style

  /// Places of a difference that are shown.
  static let mostValues = 10

  func text(_ report: ReplayReport) -> String {
    var text = report.ignored.reduce("") { $0 + self.text($1, isIgnored: true) }
    if let difference = report.difference {
      let rest = report.agreeing == 0 ? "No event agrees." : "Events 1 to \(report.agreeing) of \(report.recorded) agree."
      text += self.text(difference, isIgnored: false) + rest + " " + adopted(report) + "\n"
    } else {
      text += "\(style.green("No difference")): all \(report.recorded) events agree"
      if !report.ignored.isEmpty { text += ", but for \(report.ignored.count) that \(report.ignored.count == 1 ? "was" : "were") ignored" }
      text += ". "
      text += report.isComplete ? "The execution ended as \(report.execution.status.rawValue). " : "The recording ends while the execution runs. "
      text += adopted(report) + "\n"
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }

  private func adopted(_ report: ReplayReport) -> String {
    switch report.adopted {
    case 0: ""
    case 1: "One value is the recording's, since it follows from chance, names or exact times."
    default: "\(report.adopted) values are the recording's, since they follow from chance, names or exact times."
    }
  }

  private func text(_ difference: ReplayDifference, isIgnored: Bool) -> String {
    let place = difference.state.map { source.place(machine.states[$0].common.range) } ?? source.path.printable()
    let at = difference.recorded.map { "at event \($0.id), \($0.type.printable())" } ?? "after the last event"
    let head = isIgnored ? style.yellow("ignored") : style.boldRed("difference")
    var text = style.bold("\(place): ") + "\(head) \(at)\n"
    text += "  the recording    \(difference.recordedMeaning.printable())\n"
    text += "  this definition  \(difference.actualMeaning.printable())\n"
    for value in difference.values.prefix(Self.mostValues) {
      text += "  \(value.pathText.printable())\n"
      text += style.red(lines(value.old, mark: "-")) + style.green(lines(value.new, mark: "+"))
    }
    if difference.values.count > Self.mostValues { text += "  … and at \(difference.values.count - Self.mostValues) more places\n" }
    return text
  }

  private func lines(_ value: JSONValue?, mark: String) -> String {
    guard let value else { return "    \(mark) (nothing)\n" }
    var lines = value.prettyText.split(separator: "\n", omittingEmptySubsequences: false).map { "    \(mark) \(String($0).printable())\n" }
    if lines.count > 20 { lines = lines.prefix(18) + ["    \(mark) …\n"] }
    return lines.joined()
  }

  // MARK: JSON

  func json(_ report: ReplayReport) -> JSONValue {
    [
      "agrees": .bool(report.difference == nil), "events": .int(Int64(report.recorded)), "agreeing": .int(Int64(report.agreeing)),
      "complete": .bool(report.isComplete), "status": .string(report.execution.status.rawValue), "adopted": .int(Int64(report.adopted)),
      "difference": report.difference.map(json) ?? .null, "ignored": .array(report.ignored.map(json)),
    ]
  }

  private func json(_ difference: ReplayDifference) -> JSONValue {
    var object: JSONObject = [
      "kind": .string(difference.kind.rawValue),
      "recorded": ["meaning": .string(difference.recordedMeaning), "event": difference.recorded?.json ?? .null],
      "actual": ["meaning": .string(difference.actualMeaning), "event": difference.actualJSON ?? .null],
      "values": .array(
        difference.values.map { value in
          var entry: JSONObject = ["path": .string(value.pathText)]
          if let recorded = value.old { entry["recorded"] = recorded }
          if let actual = value.new { entry["actual"] = actual }
          return .object(entry)
        }),
    ]
    if let state = difference.state {
      let common = machine.states[state].common
      object["state"] = [
        "name": .string(common.name), "file": .string(source.path), "line": .int(Int64(common.range.lowerBound.line)),
        "column": .int(Int64(common.range.lowerBound.column)),
      ]
    }
    return .object(object)
  }
}

import DefinitionFiles
import JSONTypes
import StatesLanguage

/// The findings of a check, in one of the forms that people and programs read.
struct FindingReport {
  enum Format: String, CaseIterable, Sendable { case text, json, sarif, github, junit }

  var files: [CheckedFile]
  /// Whether a warning fails the check.
  var isStrict = false
  /// How many findings of a file are shown; the others are counted.
  var limit = Int.max

  func count(_ severity: Diagnostic.Severity) -> Int { files.reduce(0) { $0 + $1.count(severity) } }
  var definitions: Int { files.reduce(0) { $0 + $1.definitions } }
  var suppressed: Int { files.reduce(0) { $0 + $1.suppressed } }
  var fixable: Int { files.reduce(0) { $0 + $1.findings.count { $0.diagnostic.fix != nil } } }

  /// 0 clean, 1 findings, 2 something could not be read.
  var exitCode: Int32 {
    if files.contains(where: \.couldNotBeRead) { return 2 }
    return files.contains { fails($0) } ? 1 : 0
  }

  private func fails(_ file: CheckedFile) -> Bool { file.findings.contains { fails($0.diagnostic) } }
  func fails(_ diagnostic: Diagnostic) -> Bool { diagnostic.severity == .error || (isStrict && diagnostic.severity == .warning) }

  /// `1 error`, `2 warnings`.
  static func counted(_ number: Int, _ noun: String, _ plural: String? = nil) -> String { "\(number) \(number == 1 ? noun : plural ?? noun + "s")" }

  /// `2 errors, 1 warning`; empty when there is nothing.
  static func counts(errors: Int, warnings: Int, advice: Int) -> String {
    var parts: [String] = []
    if errors > 0 { parts.append(counted(errors, "error")) }
    if warnings > 0 { parts.append(counted(warnings, "warning")) }
    if advice > 0 { parts.append(counted(advice, "piece of advice", "pieces of advice")) }
    return parts.joined(separator: ", ")
  }

  // MARK: Text

  func text(_ style: Style) -> String {
    var result = ""
    for file in files where !file.findings.isEmpty {
      let source = DiagnosticText(path: file.path, source: file.text, style: style)
      for finding in file.findings.prefix(limit) { result += source.text(finding.diagnostic) }
      if file.findings.count > limit {
        let rest = file.findings.dropFirst(limit)
        let counts = Self.counts(
          errors: rest.count { $0.diagnostic.severity == .error }, warnings: rest.count { $0.diagnostic.severity == .warning },
          advice: rest.count { $0.diagnostic.severity == .advice })
        result += style.bold("\(file.path.printable()): ") + "\(rest.count) more findings (\(counts)); --max-findings shows more of them\n"
      }
    }
    return result
  }

  /// The last line: what was looked at and what came of it.
  var summary: String {
    let counts = Self.counts(errors: count(.error), warnings: count(.warning), advice: count(.advice))
    var text: String
    if files.count == 1, let file = files.first {
      text = "\(file.path.printable()): \(counts.isEmpty ? "no problems found" : counts)"
    } else {
      text = "\(Self.counted(files.count, "file")), \(Self.counted(definitions, "state machine")): \(counts.isEmpty ? "no problems found" : counts)"
    }
    if fixable > 0 { text += "; --fix mends \(fixable == 1 ? "1 of them" : "\(fixable) of them")" }
    if suppressed > 0 { text += "; \(suppressed) suppressed" }
    return text + "\n"
  }

  // MARK: JSON

  /// All findings in one list, with a summary.
  var json: JSONValue {
    var list: [JSONValue] = []
    for file in files {
      for finding in file.findings.prefix(limit) { list.append(Self.json(finding, in: file)) }
    }
    let summary: JSONValue = [
      "files": .int(Int64(files.count)), "definitions": .int(Int64(definitions)), "errors": .int(Int64(count(.error))),
      "warnings": .int(Int64(count(.warning))), "advice": .int(Int64(count(.advice))), "suppressed": .int(Int64(suppressed)),
    ]
    return ["diagnostics": .array(list), "summary": summary]
  }

  private static func json(_ finding: CheckedFile.Finding, in file: CheckedFile) -> JSONValue {
    let diagnostic = finding.diagnostic
    var members: [(String, JSONValue)] = [("file", .string(file.path))]
    members += place(diagnostic.range)
    members += [("severity", .string(diagnostic.severity.rawValue)), ("code", .string(diagnostic.code)), ("message", .string(diagnostic.message))]
    if let definition = finding.definition { members.append(("definition", .string(definition))) }
    if file.text != nil { members.append(("pointer", .string(diagnostic.pointer))) }
    if let suggestion = diagnostic.suggestion { members.append(("suggestion", .string(suggestion))) }
    if !diagnostic.notes.isEmpty {
      members.append(
        (
          "notes",
          .array(diagnostic.notes.map { note in .object(JSONObject([("message", .string(note.message))] + (note.range.map(place) ?? []))) })
        ))
    }
    if let fix = diagnostic.fix {
      let edits = fix.edits.map { edit in JSONValue.object(JSONObject(place(edit.range) + [("replacement", .string(edit.replacement))])) }
      members.append(("fix", ["title": .string(fix.title), "edits": .array(edits)]))
    }
    return .object(JSONObject(members))
  }

  private static func place(_ range: SourceRange) -> [(String, JSONValue)] {
    [
      ("line", .int(Int64(range.lowerBound.line))), ("column", .int(Int64(range.lowerBound.column))),
      ("endLine", .int(Int64(range.upperBound.line))), ("endColumn", .int(Int64(range.upperBound.column))),
    ]
  }
}

import DefinitionFiles
import JSONTypes
import StatesLanguage

extension FindingReport {
  /// Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
  func sarif(version: String) -> JSONValue {
    let used = Set(files.flatMap { $0.findings.map(\.diagnostic.code) })
    let rules = RuleCatalogue.all.filter { used.contains($0.code) }
    let indices = Dictionary(rules.enumerated().map { ($0.element.code, $0.offset) }, uniquingKeysWith: { first, _ in first })
    var results: [JSONValue] = []
    for file in files {
      for finding in file.findings.prefix(limit) { results.append(Self.result(finding, file.path, indices)) }
    }
    let driver: JSONValue = [
      "name": "sfn-local", "version": .string(version), "semanticVersion": .string(version), "rules": .array(rules.map(Self.rule)),
    ]
    let notRead = files.filter(\.couldNotBeRead).map { file -> JSONValue in
      [
        "level": "error", "message": ["text": .string(file.findings.first?.diagnostic.message ?? "the file could not be read")],
        "locations": [["physicalLocation": ["artifactLocation": Self.artifact(file.path)]]],
      ]
    }
    let run: JSONValue = [
      "tool": ["driver": driver], "columnKind": "unicodeCodePoints", "results": .array(results),
      "invocations": [["executionSuccessful": .bool(notRead.isEmpty), "toolExecutionNotifications": .array(notRead)]],
    ]
    return ["$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]]
  }

  private static func level(_ severity: Diagnostic.Severity) -> JSONValue {
    switch severity {
    case .error: "error"
    case .warning: "warning"
    case .advice: "note"
    }
  }

  private static func rule(_ rule: Rule) -> JSONValue {
    [
      "id": .string(rule.code), "shortDescription": ["text": .string(rule.summary)], "fullDescription": ["text": .string(rule.explanation)],
      "help": ["text": .string("\(rule.explanation)\n\nSource: \(rule.source)")], "defaultConfiguration": ["level": level(rule.severity)],
    ]
  }

  private static func result(_ finding: CheckedFile.Finding, _ path: String, _ indices: [String: Int]) -> JSONValue {
    let diagnostic = finding.diagnostic
    let hint = diagnostic.suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
    var members: [(String, JSONValue)] = [
      ("ruleId", .string(diagnostic.code)), ("level", level(diagnostic.severity)), ("message", ["text": .string(diagnostic.message + hint)]),
    ]
    if let index = indices[diagnostic.code] { members.insert(("ruleIndex", .int(Int64(index))), at: 1) }
    var location: [(String, JSONValue)] = [("physicalLocation", physical(path, diagnostic.range))]
    if !diagnostic.pointer.isEmpty {
      let name = (finding.definition ?? "") + diagnostic.pointer
      location.append(("logicalLocations", [["fullyQualifiedName": .string(name)]]))
    }
    members.append(("locations", [.object(JSONObject(location))]))
    let related = diagnostic.notes.enumerated().compactMap { index, note in
      note.range.map { range -> JSONValue in
        ["id": .int(Int64(index)), "message": ["text": .string(note.message)], "physicalLocation": physical(path, range)]
      }
    }
    if !related.isEmpty { members.append(("relatedLocations", .array(related))) }
    if let fix = diagnostic.fix {
      let replacements = fix.edits.map { edit -> JSONValue in
        ["deletedRegion": region(edit.range), "insertedContent": ["text": .string(edit.replacement)]]
      }
      let change: JSONValue = ["artifactLocation": artifact(path), "replacements": .array(replacements)]
      members.append(("fixes", [["description": ["text": .string(fix.title)], "artifactChanges": [change]]]))
    }
    return .object(JSONObject(members))
  }

  private static func physical(_ path: String, _ range: SourceRange) -> JSONValue {
    ["artifactLocation": artifact(path), "region": region(range)]
  }

  private static func region(_ range: SourceRange) -> JSONValue {
    let (start, end) = (range.lowerBound, max(range.lowerBound, range.upperBound))
    return [
      "startLine": .int(Int64(start.line)), "startColumn": .int(Int64(start.column)), "endLine": .int(Int64(end.line)),
      "endColumn": .int(Int64(end.column)),
    ]
  }

  private static func artifact(_ path: String) -> JSONValue { ["uri": .string(uri(path))] }

  /// A path as a URI reference (RFC 3986): absolute ones with a scheme.
  static func uri(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}

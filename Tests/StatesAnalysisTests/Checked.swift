import JSONTypes
import StatesAnalysis
import StatesLanguage
import Testing

/// The findings about a definition, as `severity pointer code`, and `-> suggestion` where there is one.
func findings(
  _ text: String, type: WorkflowType = .standard, input: JSONValue? = nil, _ severities: Set<Diagnostic.Severity> = [.error, .warning]
) -> [String] {
  DefinitionCheck.check(SyntaxNode.parse(json: text).node, type: type, input: input).diagnostics.filter { severities.contains($0.severity) }.map {
    "\($0.severity.rawValue) \($0.pointer.isEmpty ? "#" : $0.pointer) \($0.code)" + ($0.suggestion.map { " -> \($0)" } ?? "")
  }
}

/// A row of a table: a definition and its findings.
struct Row: Sendable, CustomTestStringConvertible {
  var definition: String
  var type = WorkflowType.standard
  var input: JSONValue?
  var findings: [String]
  var testDescription: String { definition.count > 160 ? definition.prefix(160) + "…" : definition }

  init(_ definition: String, type: WorkflowType = .standard, input: JSONValue? = nil, _ findings: String...) {
    (self.definition, self.type, self.input, self.findings) = (definition, type, input, findings)
  }

  /// A Task state `S` with these fields, at the end.
  static func task(_ resource: String, _ fields: String, type: WorkflowType = .standard, _ findings: String...) -> Row {
    let more = fields.isEmpty ? "" : ", " + fields
    var row = Row(#"{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "\#(resource)"\#(more), "End": true}, "#.dropLast(2) + "}}", type: type)
    row.findings = findings
    return row
  }

  /// States in their order, as text of members.
  static func states(_ states: String, input: JSONValue? = nil, jsonata: Bool = false, _ findings: String...) -> Row {
    let start = states.drop { $0 != "\"" }.dropFirst().prefix { $0 != "\"" }
    let language = jsonata ? "\"QueryLanguage\": \"JSONata\", " : ""
    var row = Row("{\(language)\"StartAt\": \"\(start)\", \"States\": {\(states)}}", input: input)
    row.findings = findings
    return row
  }
}

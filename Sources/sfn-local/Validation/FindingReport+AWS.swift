import DefinitionFiles
import JSONTypes
import StatesLanguage

extension FindingReport {
  /// The most diagnostics of one answer.
  static let maximumAWSDiagnostics = 100

  /// What ValidateStateMachineDefinition would answer: errors and warnings with the service's codes, places as `/States/A/Choices[0]/Next`.
  /// Source: AWS Step Functions API Reference, ValidateStateMachineDefinition.
  var aws: JSONValue {
    let diagnostics = files.flatMap(\.findings).map(\.diagnostic).filter { $0.severity != .advice }
    let list = diagnostics.prefix(Self.maximumAWSDiagnostics).map { diagnostic -> JSONValue in
      var members: [(String, JSONValue)] = [
        ("severity", .string(diagnostic.severity == .error ? "ERROR" : "WARNING")), ("code", .string(AWSCodes.code(diagnostic))),
        ("message", .string(diagnostic.message)),
      ]
      if let location = AWSCodes.location(diagnostic) { members.append(("location", .string(location))) }
      return .object(JSONObject(members))
    }
    return [
      "result": diagnostics.contains { $0.severity == .error } ? "FAIL" : "OK", "diagnostics": .array(Array(list)),
      "truncated": .bool(diagnostics.count > Self.maximumAWSDiagnostics),
    ]
  }
}

/// The service's words for our rules.
enum AWSCodes {
  private static let codes = [
    "json-syntax": "INVALID_JSON_DESCRIPTION", "empty-file": "SCHEMA_VALIDATION_FAILED", "unknown-next": "MISSING_TRANSITION_TARGET",
    "unreachable-state": "MISSING_TRANSITION_TARGET", "no-terminal-state": "MISSING_END_STATE", "duplicate-state-name": "DUPLICATE_STATE_NAME",
    "invalid-state-name": "INVALID_STATE_NAME", "duplicate-label": "DUPLICATE_LABEL_NAME", "invalid-label": "INVALID_LABEL_NAME",
    "nesting-limit": "TOO_DEEPLY_NESTED", "invalid-jsonata": "INVALID_JSONATA_EXPRESSION",
    "unsupported-jsonata": "UNSUPPORTED_JSONATA_EXPRESSION", "reserved-variable-name": "RESERVED_VARIABLE_NAME",
    "invalid-variable-name": "INVALID_VARIABLE_NAME", "no-dollar": "NO_DOLLAR", "no-path": "NO_PATH",
    "pass-result-is-static": "PASS_RESULT_IS_STATIC",
  ]

  static func code(_ diagnostic: Diagnostic) -> String { codes[diagnostic.code] ?? "SCHEMA_VALIDATION_FAILED" }

  /// `/States/A/Choices[0]/Next`; nil where the service names no place.
  static func location(_ diagnostic: Diagnostic) -> String? {
    switch diagnostic.code {
    case "no-terminal-state", "empty-file": return nil
    case "json-syntax", "yaml-syntax":
      return "[Source: (String); line: \(diagnostic.range.lowerBound.line), column: \(diagnostic.range.lowerBound.column)]"
    default: break
    }
    var result = ""
    for token in diagnostic.pointer.split(separator: "/") {
      if let number = Int(token), number >= 0, !result.isEmpty, !result.hasSuffix("/States") {
        result += "[\(number)]"
      } else {
        result += "/" + unescaped(token)
      }
    }
    return result.isEmpty ? "/" : result
  }

  private static func unescaped(_ token: Substring) -> String {
    var result = ""
    var isEscape = false
    for character in token {
      if isEscape {
        result.append(character == "1" ? "/" : "~")
        isEscape = false
      } else if character == "~" {
        isEscape = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}

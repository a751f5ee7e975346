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
        ("message", .string(AWSCodes.message(diagnostic))),
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
    "pass-result-static": "PASS_RESULT_IS_STATIC",
  ]

  static func code(_ diagnostic: Diagnostic) -> String {
    // The service checks the delimiters of an expression before it reads it.
    if diagnostic.code == "invalid-jsonata", diagnostic.message.contains("between {% and %}") { return "SCHEMA_VALIDATION_FAILED" }
    return codes[diagnostic.code] ?? "SCHEMA_VALIDATION_FAILED"
  }

  /// The service's sentence where it is known; else ours, which says more.
  static func message(_ diagnostic: Diagnostic) -> String {
    let name = diagnostic.message.quotedWord ?? ""
    switch diagnostic.code {
    case "unknown-field": return "Field '\(name)' is not supported"
    case "unknown-next":
      let field = diagnostic.pointer.split(separator: "/").last ?? "Next"
      return "Missing '\(field)' target: \(name)"
    case "unreachable-state": return "State \"\(name)\" is not reachable."
    case "invalid-resource": return "Value is not a valid resource ARN"
    case "not-a-reference-path": return "Value is not a Reference Path"
    case "invalid-timestamp": return "String does not match RFC3339 timestamp"
    case "states-all-position": return "States.ALL must appear alone and at end of list"
    case "empty-value": return "Value cannot be empty"
    default: return diagnostic.message
    }
  }

  /// Rules whose findings the service places at the object that the field is in.
  private static let placedAtObject: Set<String> = [
    "unknown-field", "exclusive-fields", "next-and-end", "wrong-query-language", "choice-shape", "mixed-query-language", "misplaced-field",
  ]
  /// Fields whose values are templates: the service places what is wrong within at the field.
  private static let templates: Set<Substring> = [
    "Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials", "BatchInput", "Arguments", "Output",
  ]

  /// `/States/A/Choices[0]/Next`; nil where the service names no place.
  static func location(_ diagnostic: Diagnostic) -> String? {
    switch diagnostic.code {
    case "no-terminal-state", "empty-file": return nil
    case "json-syntax", "yaml-syntax":
      return "[Source: (String); line: \(diagnostic.range.lowerBound.line), column: \(diagnostic.range.lowerBound.column)]"
    default: break
    }
    var tokens = diagnostic.pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    // A field of JSONPath in a JSONata state is placed at itself, the reverse is an unknown field.
    let isPlacedAtObject =
      placedAtObject.contains(diagnostic.code)
      && !(diagnostic.code == "wrong-query-language" && diagnostic.message.contains("is a field of JSONPath"))
    if isPlacedAtObject, let last = tokens.last, Int(last) == nil, tokens.dropLast().last != "States", diagnostic.code != "choice-shape" || tokens.dropLast().last != "Choices" {
      tokens = tokens.dropLast()
    }
    // A state may be called as a field is.
    if let states = tokens.lastIndex(of: "States"), let template = tokens[states...].dropFirst(2).firstIndex(where: templates.contains) {
      tokens = tokens[...template]
    }
    var result = ""
    for token in tokens {
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

extension String {
  /// What stands in the first pair of double quotes, quotes within taken as they are.
  fileprivate var quotedWord: String? {
    guard let start = firstIndex(of: "\""), let end = lastIndex(of: "\""), start < end else { return nil }
    return String(self[index(after: start)..<end])
  }
}

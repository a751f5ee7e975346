public import JSONTypes

/// What the service checks of a task's parameters before it calls an integration. A violation ends the execution with `States.Runtime`.
///
/// Source: AWS Step Functions Developer Guide, the page of each optimized integration; recorded causes.
public enum IntegrationParameters {
  private struct Rule {
    var required: [String] = []
    /// Fields that map names to lists of texts.
    var textLists: [String] = []
  }

  private static let rules: [String: Rule] = [
    "arn:aws:states:::lambda:invoke": Rule(required: ["FunctionName"]),
    "arn:aws:states:::apigateway:invoke": Rule(required: ["ApiEndpoint", "Method"], textLists: ["Headers", "QueryParameters"]),
  ]

  /// What is wrong, in the service's words; empty when nothing is.
  public static func problems(of parameters: JSONValue, resource: TaskResource) -> [String] {
    guard let rule = rules[resource.integration] else { return [] }
    var problems: [String] = []
    for field in rule.required where parameters[field] == nil { problems.append("The field '\(field)' is required but was missing") }
    for field in rule.textLists {
      guard let value = parameters[field], !value.isNull else { continue }
      let isValid = value.asObject.map { $0.values.allSatisfy { $0.asArray?.allSatisfy { $0.asString != nil } ?? false } } ?? false
      if !isValid { problems.append("The value of the field '\(field)' has an invalid format") }
    }
    return problems
  }
}

import JSONTypes
import StatesLanguage

/// A template's parameter with the value that it has.
struct TemplateParameter {
  enum Value {
    case text(String)
    case list([String])
    /// Neither given nor with a default.
    case missing
    /// Not what the parameter asks for; a finding says so.
    case refused
  }
  var value: Value
  var range: SourceRange
}

/// Source: AWS CloudFormation User Guide, "Parameters"; the types of Systems Manager parameters and of AWS resources are taken as texts.
extension TemplateEvaluator {
  mutating func readParameters() {
    let declared = root["Parameters"]?.members ?? []
    parameterNames = declared.map(\.key)
    for given in options.parameters.keys.sorted() where !parameterNames.contains(given) {
      // The mistake is not in the file: at most the section that lacks the name is shown.
      let known = parameterNames.isEmpty ? "it has none" : "it has \(parameterNames.joined(separator: ", "))"
      report(
        "template-parameter", "--parameter \(given) names no parameter of the template; \(known)", root.member("Parameters")?.keyRange ?? .start,
        suggestion: NearestWord.find(given, among: parameterNames))
    }
    for member in declared {
      let given = options.parameters[member.key]
      // A default is judged where it is used; what was given, at once.
      parameters[member.key] = TemplateParameter(value: given.map { check($0, member) } ?? .missing, range: member.keyRange)
    }
  }

  /// The value of a parameter; nil when the template has none of this name.
  mutating func parameter(_ name: String, _ range: SourceRange) -> TemplateValue? {
    guard var parameter = parameters[name] else { return nil }
    if case .missing = parameter.value, let member = root["Parameters"]?.member(name), let standard = member.value["Default"] {
      let value = TemplateValue(evaluateLiteral(standard).content, range)
      parameter.value = value.text.map { check($0, member) } ?? .refused
      if value.text == nil { report("template-parameter", "the default of the parameter \(name) must be a text or a number", standard.range) }
      parameters[name] = parameter
    }
    switch parameter.value {
    case .text(let text): return TemplateValue(.composed(PlacedText(text, at: range)), range)
    case .list(let elements):
      return TemplateValue(.list(elements.map { TemplateValue(.composed(PlacedText($0, at: range)), range) }), range)
    case .refused: return TemplateValue(.unknown, range)
    case .missing:
      return unresolved(
        name, "template-parameter", "the parameter \(name) has no default; give it a value with --parameter \(name)=VALUE", parameter.range)
    }
  }

  private func evaluateLiteral(_ node: SyntaxNode) -> TemplateValue {
    switch node.kind {
    case .string(let text): TemplateValue(.literal(text), node.range)
    case .number(let value): TemplateValue(.number(value), node.range)
    case .bool(let value): TemplateValue(.bool(value), node.range)
    case .null: TemplateValue(.literal(""), node.range)
    default: TemplateValue(.unknown, node.range)
    }
  }

  private mutating func check(_ text: String, _ member: SyntaxNode.Member) -> TemplateParameter.Value {
    let declaration = member.value
    let type = declaration["Type"]?.text ?? "String"
    let isList = type == "CommaDelimitedList" || type.hasPrefix("List<") || type.contains("<List<")
    let elements = isList ? text.split(separator: ",", omittingEmptySubsequences: false).map { Self.trim($0) } : [text]
    for element in elements {
      guard let problem = problem(element, type, declaration) else { continue }
      let explanation = declaration["ConstraintDescription"]?.text.map { ": " + $0 } ?? ""
      let range = options.parameters[member.key] == nil ? declaration["Default"]?.range ?? member.keyRange : member.keyRange
      report("template-parameter", "the value \"\(element)\" of the parameter \(member.key) \(problem)\(explanation)", range)
      return .refused
    }
    return isList ? .list(elements) : .text(text)
  }

  /// What is wrong with a value, as the rest of a sentence; nil when nothing is.
  private mutating func problem(_ text: String, _ type: String, _ declaration: SyntaxNode) -> String? {
    func number(_ key: String) -> Double? {
      switch declaration[key]?.kind {
      case .number(let value): value.asDouble
      case .string(let text): Double(text)
      default: nil
      }
    }
    // The name of a Systems Manager parameter is not its value.
    let isIndirect = type.hasPrefix("AWS::SSM::Parameter::Value<")
    if let allowed = declaration["AllowedValues"]?.elements, !isIndirect {
      let values = allowed.compactMap { evaluateLiteral($0).text }
      if !values.contains(where: { $0.isSameText(as: text) }) { return "is none of \(values.map { "\"\($0)\"" }.joined(separator: ", "))" }
    }
    if type == "Number" || type == "List<Number>" {
      guard let value = Double(text), value.isFinite else { return "is not a number" }
      if let least = number("MinValue"), value < least { return "is below the smallest value, \(Self.spell(least))" }
      if let most = number("MaxValue"), value > most { return "is above the largest value, \(Self.spell(most))" }
      return nil
    }
    let length = text.unicodeScalars.count
    if let least = number("MinLength"), Double(length) < least { return "is shorter than \(Self.spell(least)) characters" }
    if let most = number("MaxLength"), Double(length) > most { return "is longer than \(Self.spell(most)) characters" }
    if let pattern = declaration["AllowedPattern"], let expression = pattern.text {
      switch ParameterPattern.matches(expression, text) {
      case true?: return nil
      case false?: return "does not match the pattern \(expression)"
      case nil: warn("template-parameter", "the pattern \(expression) cannot be read and is not checked", pattern.range)
      }
    }
    return nil
  }

  private static func spell(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }

  static func trim(_ text: Substring) -> String {
    var text = text
    while let first = text.unicodeScalars.first, first.properties.isWhitespace { text = Substring(text.unicodeScalars.dropFirst()) }
    while let last = text.unicodeScalars.last, last.properties.isWhitespace { text = Substring(text.unicodeScalars.dropLast()) }
    return String(text)
  }
}

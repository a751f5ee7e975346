import JSONTypes
import StatesLanguage

/// `Fn::Sub`. Source: AWS CloudFormation User Guide, "Fn::Sub".
extension TemplateEvaluator {
  mutating func substitute(_ call: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    var template = call.value
    var variables: [String: SyntaxNode] = [:]
    if let arguments = call.value.elements {
      guard arguments.count == 2, let members = arguments[1].members else {
        return unknown("template-function", "Fn::Sub takes a text, or a list of a text and an object with its variables", call.value.range)
      }
      template = arguments[0]
      for member in members { variables[member.key] = member.value }
    }
    guard case .string(let text) = template.kind, let placed = placed(TemplateValue(.literal(text), template.range)) else {
      return unknown("template-function", "Fn::Sub takes a text, found \(template.typeName)", template.range)
    }
    return substitute(placed, variables, range)
  }

  private mutating func substitute(_ template: PlacedText, _ variables: [String: SyntaxNode], _ range: SourceRange) -> TemplateValue {
    let bytes = Array(template.text.utf8)
    /// Each variable is evaluated once; nil where it has no value.
    var values: [String: String?] = [:]
    var result = PlacedText()
    var copied = 0
    var index = 0
    var isUnknown = false
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      // Nothing is closed after this place either.
      guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { break }
      let place = template.range(index..<close + 1)
      result.append(template.slice(copied..<index))
      copied = close + 1
      if bytes[index + 2] == UInt8(ascii: "!") {
        // ${!Literal} stands for ${Literal}.
        result.append(template.slice(index..<index + 2))
        result.append(template.slice(index + 3..<close + 1))
      } else {
        let name = TemplateEvaluator.trim(Substring(String(decoding: bytes[index + 2..<close], as: UTF8.self)))
        let value = if let known = values[name] { known } else { variable(name, variables, place) }
        values.updateValue(value, forKey: name)
        if let value { result.append(value, at: place) } else { isUnknown = true }
      }
      index = copied
      if result.utf8Count > options.limits.fileSizeInBytes { break }
    }
    if isUnknown { return TemplateValue(.unknown, range) }
    result.append(template.slice(copied..<max(copied, bytes.count)))
    return composed(result, range)
  }

  private mutating func variable(_ name: String, _ variables: [String: SyntaxNode], _ place: SourceRange) -> String? {
    let value: TemplateValue
    if let given = variables[name] {
      value = evaluate(given)
    } else if !Self.isVariableName(name) {
      report(
        "template-reference",
        "expected a name of letters, digits, '_', '.' and ':' in ${}, found \"\(name)\"; write ${!…} for a text that CloudFormation must leave alone", place)
      return nil
    } else if let dot = name.firstIndex(of: ".") {
      value = attribute(String(name[name.index(after: dot)...]), of: String(name[..<dot]), place)
    } else {
      value = reference(name, place, also: Array(variables.keys))
    }
    if let text = value.text { return text }
    if !value.isUnknown { report("template-value", "the value of ${\(name)} must be a text, but is \(value.typeName)", place) }
    return nil
  }

  private static func isVariableName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"):
          true
        default: false
        }
      }
  }
}

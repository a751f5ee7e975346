import JSONTypes
import StatesLanguage

/// `Ref`, `Fn::GetAtt` and what resources are called.
extension TemplateEvaluator {
  /// The value of a name: a pseudo parameter, a parameter, or what `Ref` gives for a resource.
  ///
  /// - Parameter variables: further names that could have been meant.
  mutating func reference(_ name: String, _ range: SourceRange, also variables: [String] = []) -> TemplateValue {
    if name.hasPrefix("AWS::") {
      if name == "AWS::NoValue" { return TemplateValue(.absent, range) }
      if name == "AWS::NotificationARNs" { return TemplateValue(.list([]), range) }
      if let value = pseudoParameters[name] { return TemplateValue(.composed(PlacedText(value, at: range)), range) }
    }
    if let value = parameter(name, range) { return value }
    if let resource = resource(name) {
      return resolved(ResourceType.of(resource.value["Type"]?.text ?? "").reference, of: resource, range)
    }
    let generated = generatedReference(name)
    if let generated { return TemplateValue(.composed(PlacedText(generated, at: range)), range) }
    let names = parameterNames + resources.map(\.key) + variables + pseudoParameters.keys
    return missing(
      name, "the template has no parameter or resource \(name)", range, suggestion: NearestWord.find(name, among: names))
  }

  mutating func getAttribute(_ call: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    if let text = call.value.text, let dot = text.firstIndex(of: ".") {
      return attribute(String(text[text.index(after: dot)...]), of: String(text[..<dot]), range)
    }
    guard let arguments = call.value.elements, arguments.count == 2, let name = arguments[0].text else {
      return misused(call, "takes the logical id of a resource and the name of an attribute")
    }
    guard let attributeName = text(arguments[1], for: "the name of an attribute") else { return TemplateValue(.unknown, range) }
    return attribute(attributeName, of: name, range)
  }

  mutating func attribute(_ attribute: String, of logicalID: String, _ range: SourceRange) -> TemplateValue {
    guard let resource = resource(logicalID) else {
      // SAM makes further resources of its own, such as a function's role.
      if let generated = generatedAttribute(attribute, of: logicalID) {
        return TemplateValue(.composed(PlacedText(generated, at: range)), range)
      }
      return missing(
        "\(logicalID).\(attribute)", "the template has no resource \(logicalID)", range,
        suggestion: NearestWord.find(logicalID, among: resources.map(\.key)))
    }
    let type = ResourceType.of(resource.value["Type"]?.text ?? "")
    return resolved(type.attributes[attribute] ?? type.standIn(for: attribute), of: resource, range)
  }

  var partition: String {
    if options.region.hasPrefix("cn-") { return "aws-cn" }
    return options.region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
  }

  var urlSuffix: String { partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com" }

  var pseudoParameters: [String: String] {
    [
      "AWS::Region": options.region, "AWS::AccountId": options.accountID, "AWS::Partition": partition, "AWS::URLSuffix": urlSuffix,
      "AWS::StackName": options.stackName,
      "AWS::StackId":
        "arn:\(partition):cloudformation:\(options.region):\(options.accountID):stack/\(options.stackName)/00000000-0000-0000-0000-000000000000",
    ]
  }

  // MARK: Names

  /// What a resource is called: as its properties say, else after its stack and logical id, where CloudFormation would add random letters.
  mutating func physicalName(_ resource: SyntaxNode.Member) -> String {
    if let known = physicalNames[resource.key] { return known }
    let type = ResourceType.of(resource.value["Type"]?.text ?? "")
    var name = options.stackName + "-" + resource.key
    if let property = type.nameProperty, let node = resource.value["Properties"]?[property] {
      if open.insert("resource " + resource.key).inserted {
        // The name of a resource may stay unknown without harm to what does not use it.
        name = optional { $0.text(node, for: "the name of \(resource.key)") } ?? name
        open.remove("resource " + resource.key)
      } else {
        report("template-circle", "the name of \(resource.key) depends on itself", node.range)
      }
    }
    if type.isLowercase { name = name.lowercased() }
    physicalNames[resource.key] = name
    return name
  }

  func filled(_ pattern: String, name: String, logicalID: String) -> String {
    var result = ""
    var rest = pattern[...]
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      result += rest[..<start]
      switch rest[rest.index(after: start)..<end] {
      case "name": result += name
      case "id": result += logicalID
      case "region": result += options.region
      case "account": result += options.accountID
      case "partition": result += partition
      case "suffix": result += urlSuffix
      default: result += rest[start...end]
      }
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private mutating func resolved(_ pattern: String, of resource: SyntaxNode.Member, _ range: SourceRange) -> TemplateValue {
    let name = pattern.contains("{name}") ? physicalName(resource) : ""
    return TemplateValue(.composed(PlacedText(filled(pattern, name: name, logicalID: resource.key), at: range)), range)
  }

  // MARK: Resources that SAM makes

  private func generatedReference(_ name: String) -> String? {
    guard isServerless else { return nil }
    if name == "ServerlessRestApi" || name == "ServerlessHttpApi" || serverlessOwner(of: name) != nil { return options.stackName + "-" + name }
    return nil
  }

  private func generatedAttribute(_ attribute: String, of name: String) -> String? {
    guard isServerless, serverlessOwner(of: name) != nil, attribute == "Arn" else { return nil }
    return "arn:\(partition):iam::\(options.accountID):role/\(options.stackName)-\(name)"
  }

  /// The function or state machine for which SAM makes the role of this name.
  private func serverlessOwner(of name: String) -> SyntaxNode.Member? {
    guard name.hasSuffix("Role"), let owner = resource(String(name.dropLast(4))) else { return nil }
    return owner.value["Type"]?.text?.hasPrefix("AWS::Serverless::") == true ? owner : nil
  }
}

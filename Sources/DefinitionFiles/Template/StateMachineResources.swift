import JSONTypes
import StatesLanguage

/// The state machines of a template. Sources: AWS CloudFormation Template Reference, "AWS::StepFunctions::StateMachine"; AWS SAM Developer
/// Guide, "AWS::Serverless::StateMachine".
extension TemplateEvaluator {
  private static let types = ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"]

  mutating func loadStateMachines() -> [LoadedDefinition] {
    var machines: [SyntaxNode.Member] = []
    for resource in resources where Self.types.contains(resource.value["Type"]?.text ?? "") && isCreated(resource.value) {
      machines.append(resource)
    }
    if let wanted = options.stateMachine {
      let names = machines.map(\.key)
      machines.removeAll { $0.key != wanted }
      if machines.isEmpty {
        let range = root["Resources"]?.range.lowerBound ?? root.range.lowerBound
        let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
        report(
          "template-state-machine", "the template has no state machine \(wanted); \(known)", SourceRange(range, range),
          suggestion: NearestWord.find(wanted, among: names))
        return []
      }
    } else if machines.isEmpty {
      let range = root["Resources"]?.range.lowerBound ?? root.range.lowerBound
      // Many templates have none; a run says so by itself.
      diagnostics.append(Diagnostic("no-state-machine", .advice, "the template declares no state machine", at: SourceRange(range, range)))
      return []
    }
    var used: Set<String> = []
    var openNames: Set<String> = []
    var definitions = machines.map { load($0, &used, &openNames) }
    let start = machines[0].keyRange
    diagnostics += Substitution.unknownKeys(options.substitutions.keys, used: used, open: openNames, at: start)
    // After the definitions, whose findings weigh more.
    let functions = declaredFunctions()
    for index in definitions.indices { definitions[index].functions = functions }
    return definitions
  }

  private mutating func load(_ resource: SyntaxNode.Member, _ used: inout Set<String>, _ openNames: inout Set<String>) -> LoadedDefinition {
    let isServerless = resource.value["Type"]?.text == "AWS::Serverless::StateMachine"
    let properties = resource.value["Properties"] ?? SyntaxNode(.object([]), resource.value.range)
    var result = LoadedDefinition(
      logicalID: resource.key, name: "", arn: "", type: .standard, roleARN: nil, definition: nil, path: file.path,
      places: DefinitionPlaces(text: file.text, spelling: file.spelling), functions: [], diagnostics: [])

    let declared = substitutions(properties["DefinitionSubstitutions"])
    var substitution = Substitution(
      declared.values.merging(options.substitutions) { _, given in given }, options, isMeantToBeComplete: properties["DefinitionSubstitutions"] != nil)
    if let reading = definition(of: resource, properties, &substitution, &result) {
      result.definition = reading.definition
      result.places = reading.places
      if result.path == file.path { diagnostics += reading.diagnostics } else { result.diagnostics = reading.diagnostics.inOrder }
      if reading.definition != nil {
        for (key, range) in declared.ranges where !substitution.usedKeys.contains(key) {
          warn(
            "substitution-unused", "the substitution \(key) is given, but the definition has no ${\(key)}", range,
            suggestion: NearestWord.find(key, among: Array(substitution.placeholdersWithoutValue)))
        }
      }
    }
    used.formUnion(substitution.usedKeys)
    openNames.formUnion(substitution.placeholdersWithoutValue)

    if let node = properties[isServerless ? "Type" : "StateMachineType"], let name = text(node, for: "the type of the state machine") {
      if let type = WorkflowType(rawValue: name) {
        result.type = type
      } else if !name.mayHoldPlaceholder {
        report(
          "template-value", "expected STANDARD or EXPRESS as the type of the state machine, found \(name)", node.range,
          suggestion: NearestWord.find(name, among: WorkflowType.allCases.map(\.rawValue)))
      }
    }
    result.name = physicalName(resource)
    result.arn = filled("arn:{partition}:states:{region}:{account}:stateMachine:{name}", name: result.name, logicalID: resource.key)
    if let node = properties[isServerless ? "Role" : "RoleArn"] {
      result.roleARN = optional { $0.evaluate(node).text }
    } else if isServerless {
      result.roleARN = filled("arn:{partition}:iam::{account}:role/{name}", name: "\(options.stackName)-\(resource.key)Role", logicalID: resource.key)
    }
    return result
  }

  /// The values of `DefinitionSubstitutions`, and where their keys stand.
  private mutating func substitutions(_ node: SyntaxNode?) -> (values: [String: String], ranges: [(String, SourceRange)]) {
    guard let node else { return ([:], []) }
    let value = evaluate(node)
    guard case .object(let members) = value.content else {
      if !value.isUnknown, !value.isAbsent {
        report("template-value", "expected an object as DefinitionSubstitutions, found \(value.typeName)", node.range)
      }
      return ([:], [])
    }
    var values: [String: String] = [:]
    for member in members {
      if let text = member.value.text {
        values[member.key] = text
      } else if !member.value.isUnknown {
        report("template-value", "expected a text as the substitution \(member.key), found \(member.value.typeName)", member.value.range)
      }
    }
    return (values, members.map { ($0.key, $0.keyRange) })
  }

  // MARK: Definitions

  private mutating func definition(
    of resource: SyntaxNode.Member, _ properties: SyntaxNode, _ substitution: inout Substitution, _ result: inout LoadedDefinition
  ) -> Substitution.Reading? {
    let names = ["DefinitionString", "Definition", "DefinitionUri", "DefinitionS3Location"]
    let given = (properties.members ?? []).filter { names.contains($0.key) }
    guard let member = given.first else {
      report("template-definition", "the state machine \(resource.key) has no definition; give it DefinitionString or Definition", resource.keyRange)
      return nil
    }
    if given.count > 1 {
      report(
        "template-definition", "the state machine \(resource.key) has both \(given[0].key) and \(given[1].key); give it one of them",
        given[1].keyRange)
    }
    switch member.key {
    case "DefinitionString": return definitionString(member, &substitution)
    case "Definition":
      let value = evaluate(member.value)
      guard !value.isUnknown else { return nil }
      guard case .object = value.content else {
        report(
          "template-definition", "expected an object as Definition, found \(value.typeName); a text belongs into DefinitionString",
          member.value.range)
        return nil
      }
      return read(value, &substitution)
    default: return definitionFile(member, &substitution, &result)
    }
  }

  private mutating func definitionString(_ member: SyntaxNode.Member, _ substitution: inout Substitution) -> Substitution.Reading? {
    // Fn::ToJsonString keeps the places of the object that it is given.
    if let members = member.value.members, members.count == 1, let call = members.first, call.key == "Fn::ToJsonString" {
      let value = evaluate(call.value)
      return value.isUnknown ? nil : read(value, &substitution)
    }
    let value = evaluate(member.value)
    guard let text = placed(value) else {
      if !value.isUnknown {
        report(
          "template-definition", "expected a text as DefinitionString, found \(value.typeName); an object belongs into Definition",
          member.value.range)
      }
      return nil
    }
    return substitution.apply(toJSON: text)
  }

  private mutating func read(_ value: TemplateValue, _ substitution: inout Substitution) -> Substitution.Reading {
    var computed: [Int: PlacedText] = [:]
    let node = value.node(in: file.text.texts(file.spelling, source: source)) { range, text in computed[range.lowerBound.offset] = text }
    return substitution.apply(to: node, in: DefinitionPlaces(text: file.text, spelling: file.spelling, computed: computed))
  }

  private mutating func definitionFile(
    _ member: SyntaxNode.Member, _ substitution: inout Substitution, _ result: inout LoadedDefinition
  ) -> Substitution.Reading? {
    let value = evaluate(member.value)
    guard let uri = value.text, !uri.hasPrefix("s3://"), !uri.hasPrefix("https://"), !uri.hasPrefix("http://") else {
      guard !value.isUnknown else { return nil }
      if options.unresolvedValues == .leftOpen {
        warn("definition-unknown", "the definition lies in S3 and is not fetched, so it is not checked", member.value.range)
      } else {
        report(
          "template-definition", "the definition of \(member.key) lies in S3 and is not fetched; name a file beside the template instead",
          member.value.range)
      }
      return nil
    }
    let path = FileReaders.path(uri, besides: file.path)
    switch SourceFile.read(path, options) {
    case .failure(let refusal):
      report(refusal.diagnostic.code, refusal.diagnostic.message, member.value.range)
      return nil
    case .success(let text):
      result.path = path
      let source = SourceFile(path: path, text: text, limits: options.limits)
      return substitution.apply(to: source)
    }
  }

  // MARK: Functions

  /// The Lambda functions that the template declares. Serverless functions take what they lack from `Globals`.
  private mutating func declaredFunctions() -> [DeclaredFunction] {
    var functions: [DeclaredFunction] = []
    for resource in resources {
      let type = resource.value["Type"]?.text
      let isServerless = type == "AWS::Serverless::Function"
      guard isServerless || type == "AWS::Lambda::Function", isCreated(resource.value) else { continue }
      let layers = [isServerless ? root["Globals"]?["Function"] : nil, resource.value["Properties"]].compactMap { $0 }
      let name = physicalName(resource)
      functions.append(
        optional { evaluator in
          var environment: [String: String] = [:]
          for layer in layers { environment.merge(evaluator.environment(layer)) { _, own in own } }
          func text(_ key: String) -> String? {
            layers.last { $0[key] != nil }?[key].flatMap { evaluator.text($0, for: key) }
          }
          return DeclaredFunction(
            logicalID: resource.key, name: name,
            arn: evaluator.filled(ResourceType.of("AWS::Lambda::Function").attributes["Arn"] ?? "", name: name, logicalID: resource.key),
            handler: text("Handler"), runtime: text("Runtime"), environment: environment)
        })
    }
    return functions
  }

  private mutating func environment(_ properties: SyntaxNode) -> [String: String] {
    guard let node = properties["Environment"]?["Variables"], case .object(let members) = evaluate(node).content else { return [:] }
    var variables: [String: String] = [:]
    for member in members {
      if let text = member.value.text {
        variables[member.key] = text
      } else if !member.value.isUnknown {
        report("template-value", "expected a text as the variable \(member.key), found \(member.value.typeName)", member.value.range)
      }
    }
    return variables
  }
}

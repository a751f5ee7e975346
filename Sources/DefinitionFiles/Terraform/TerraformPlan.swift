import JSONTypes
import StatesLanguage

/// State machines in what `terraform show -json` prints of a plan or a state, and in Terraform's own JSON syntax.
/// Sources: Terraform Internals, "JSON Output Format"; Terraform Language Documentation, "JSON Configuration Syntax".
extension DefinitionFile {
  static func isTerraformPlan(_ root: SyntaxNode) -> Bool {
    root["terraform_version"] != nil && (root["planned_values"] != nil || root["values"] != nil || root["format_version"] != nil)
  }

  mutating func loadTerraformPlan(_ root: SyntaxNode, _ source: SourceFile, _ options: LoadOptions) {
    kind = .terraformPlan
    var modules = [root["planned_values"]?["root_module"], root["values"]?["root_module"]].compactMap { $0 }
    while let module = modules.popLast() {
      modules += (module["child_modules"]?.elements ?? []).reversed()
      for resource in module["resources"]?.elements ?? [] where resource["type"]?.text == "aws_sfn_state_machine" {
        guard let values = resource["values"] else { continue }
        let name = resource["address"]?.text ?? resource["name"]?.text ?? "state machine"
        guard options.stateMachine == nil || options.stateMachine == name else { continue }
        var loaded = LoadedDefinition.named(name, path: path, options)
        if let type = values["type"]?.text.flatMap({ WorkflowType(rawValue: $0) }) { loaded.type = type }
        if let definition = values["definition"], let text = definition.text {
          let placed = source.text.scalar(
            text, at: definition.range.lowerBound.offset..<definition.range.upperBound.offset, spelling: source.spelling)
          let read = JSONReader.read(placed, limits: options.limits)
          loaded.definition = read.node
          loaded.places = DefinitionPlaces(text: placed, spelling: .json)
          diagnostics += read.diagnostics
        } else {
          diagnostics.append(
            Diagnostic(
              "definition-unknown", .warning, "the plan does not know the definition of \(name) before it is applied; it is not checked",
              at: resource.range.opening))
        }
        definitions.append(loaded)
      }
    }
  }

  static func isTerraformJSON(_ path: String) -> Bool { SourceFile.hasExtension(path, ["tf.json"]) }

  mutating func loadTerraformJSON(_ root: SyntaxNode, _ source: SourceFile, _ options: LoadOptions) {
    kind = .terraform
    for resource in root["resource"]?["aws_sfn_state_machine"]?.members ?? [] {
      guard options.stateMachine == nil || options.stateMachine == resource.key else { continue }
      var loaded = LoadedDefinition.named(resource.key, path: path, options)
      if let type = resource.value["type"]?.text.flatMap({ WorkflowType(rawValue: $0) }) { loaded.type = type }
      guard let definition = resource.value["definition"], let text = definition.text else { continue }
      let placed = source.text.scalar(
        text, at: definition.range.lowerBound.offset..<definition.range.upperBound.offset, spelling: source.spelling)
      do throws(HCLSyntaxError) {
        let parts = try HCLParser.template(placed, limits: options.limits)
        var reader = TerraformDefinitions(path: path, options: options)
        reader.load(HCLExpression(.template(parts), definition.range), 0, &loaded)
        diagnostics += reader.diagnostics
      } catch {
        diagnostics.append(Diagnostic("terraform-syntax", error.message, at: error.range))
      }
      definitions.append(loaded)
    }
  }
}

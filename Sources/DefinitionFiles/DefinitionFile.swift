public import StatesLanguage
import JSONTypes

/// A file that carries state machine definitions, with what it holds and what is wrong with it.
public struct DefinitionFile: Sendable {
  public enum Kind: Sendable, Hashable {
    case aslJSON
    case aslYAML
    /// A CloudFormation template, in JSON or YAML; also what the CDK synthesizes.
    case cloudFormation
    /// A template of the Serverless Application Model.
    case serverlessApplication
    /// A `serverless.yml` of the Serverless Framework.
    case serverlessFramework
    /// Terraform's own language, or its JSON syntax.
    case terraform
    /// What `terraform show -json` prints.
    case terraformPlan
  }

  public var path: String
  /// Nil when the file could not be read far enough to tell.
  public var kind: Kind?
  /// All state machines of the file, in its order; a plain definition is one.
  public var definitions: [LoadedDefinition]
  /// Findings about the file ``path``, in the order of their places.
  public var diagnostics: [Diagnostic]

  /// Whether anything is wrong with the file or a definition that it names.
  public var hasErrors: Bool {
    diagnostics.contains { $0.severity == .error } || definitions.contains { $0.diagnostics.contains { $0.severity == .error } }
  }

  /// Reads and evaluates a file. What it carries is told by its content, then by its name.
  public static func load(path: String, options: LoadOptions = LoadOptions()) -> DefinitionFile {
    switch SourceFile.read(path, options) {
    case .success(let text): load(path: path, text: text, options: options)
    case .failure(let refusal): DefinitionFile(path: path, kind: nil, definitions: [], diagnostics: [refusal.diagnostic])
    }
  }

  /// The same for a text at hand.
  ///
  /// - Parameter path: for the file's kind and name, and for finding the files that it names.
  public static func load(path: String, text: String, options: LoadOptions = LoadOptions()) -> DefinitionFile {
    var file = DefinitionFile(path: path, kind: nil, definitions: [], diagnostics: [])
    guard text.utf8.count <= options.limits.fileSizeInBytes else {
      file.diagnostics = [SourceFile.tooLarge(options.limits)]
      return file
    }
    if SourceFile.hasExtension(path, ["tf", "tofu"]) {
      file.kind = .terraform
      var terraform = TerraformDefinitions(path: path, text: PlacedText(file: text), options: options)
      file.definitions = terraform.load()
      file.diagnostics = terraform.diagnostics
      file.warnOfNoDefinition()
      file.refuseUnknownValues(options)
      file.refuseLargeDefinitions(options.limits)
      file.diagnostics = file.diagnostics.inOrder
      return file
    }
    let source = SourceFile(path: path, text: text, limits: options.limits)
    file.diagnostics = source.diagnostics
    guard let root = source.root else {
      if source.spelling == .json, text.mayHoldPlaceholder {
        file.kind = .aslJSON
        file.loadPlainDefinition(source, options)
        file.refuseLargeDefinitions(options.limits)
      }
      return file
    }
    if TemplateEvaluator.isTemplate(root) {
      var evaluator = TemplateEvaluator(source, root, options)
      file.kind = evaluator.isServerless ? .serverlessApplication : .cloudFormation
      file.definitions = evaluator.loadStateMachines()
      // Words that only some readers take for booleans matter within definitions; the rest of a template is not ours to judge.
      let ranges = file.definitions.compactMap { $0.path == path ? $0.definition?.range : nil }
      file.diagnostics.removeAll { finding in
        finding.severity != .error && !ranges.contains { $0.lowerBound <= finding.range.lowerBound && finding.range.upperBound <= $0.upperBound }
      }
      file.diagnostics += evaluator.diagnostics
    } else if isTerraformPlan(root) {
      file.loadTerraformPlan(root, source, options)
      file.warnOfNoDefinition()
    } else if isTerraformJSON(path) {
      file.loadTerraformJSON(root, source, options)
      file.warnOfNoDefinition()
    } else if isServerlessFramework(root) {
      file.loadServerlessFramework(root, source, options)
      file.warnOfNoDefinition()
    } else {
      file.kind = source.spelling == .json ? .aslJSON : .aslYAML
      file.loadPlainDefinition(source, options)
    }
    file.refuseUnknownValues(options)
    file.refuseLargeDefinitions(options.limits)
    file.diagnostics = file.diagnostics.inOrder
    return file
  }

  /// A run needs every value. Where values may stay open, what only a deployment knows is a hole in the tree without a finding.
  private mutating func refuseUnknownValues(_ options: LoadOptions) {
    guard options.unresolvedValues == .refused, kind == .terraform || kind == .serverlessFramework else { return }
    for index in definitions.indices {
      var found: [Diagnostic] = []
      definitions[index].definition?.forEachHole { range in
        found.append(
          Diagnostic("value-unknown", "only the deployment knows this value, and a run needs it; write it out, or give --parameter NAME=VALUE for a variable", at: range))
      }
      if definitions[index].path == path { diagnostics += found } else { definitions[index].diagnostics += found }
    }
  }

  private mutating func warnOfNoDefinition() {
    guard definitions.isEmpty, !diagnostics.contains(where: { $0.severity == .error }) else { return }
    diagnostics.append(Diagnostic("no-state-machine", .advice, "the file declares no state machine", at: .start))
  }

  /// Source: AWS Step Functions API Reference, CreateStateMachine, `definition`.
  private mutating func refuseLargeDefinitions(_ limits: DefinitionFileLimits) {
    for index in definitions.indices {
      guard let root = definitions[index].definition else { continue }
      let isSubmittedAsWritten = kind == .aslJSON
      let size = isSubmittedAsWritten ? definitions[index].places.text.utf8Count : root.value.jsonByteCount
      guard size > limits.definitionSizeInBytes else { continue }
      let unit = limits.definitionSizeInBytes == StateMachine.maximumDefinitionBytes ? " (1 MiB)" : ""
      let finding = Diagnostic(
        "definition-too-large", "the definition has \(size) bytes as JSON, but AWS takes at most \(limits.definitionSizeInBytes)\(unit)",
        at: root.range.opening)
      if definitions[index].path == path { diagnostics.append(finding) } else { definitions[index].diagnostics.append(finding) }
    }
  }

  private mutating func loadPlainDefinition(_ source: SourceFile, _ options: LoadOptions) {
    let name = SourceFile.stem(path)
    var substitution = Substitution(options.substitutions, options)
    let read = substitution.apply(to: source)
    diagnostics = (read.diagnostics + substitution.unknownKeys(at: read.definition?.range ?? .start)).inOrder
    definitions = [
      LoadedDefinition(
        logicalID: nil, name: name, arn: "arn:aws:states:\(options.region):\(options.accountID):stateMachine:\(name)", type: .standard,
        roleARN: nil, definition: read.definition, path: path, places: read.places, functions: [], diagnostics: [])
    ]
  }
}

// MARK: Choosing

/// Why no single definition could be chosen; the message lists the choices.
public struct DefinitionChoiceError: Error, Hashable, Sendable {
  public var message: String
}

extension DefinitionFile {
  /// The definition that is meant: the one with this logical id, or the only one.
  ///
  /// - Throws: `DefinitionChoiceError` when the file has none, several and no id was given, or none with this id.
  public func definition(withID logicalID: String?) throws(DefinitionChoiceError) -> LoadedDefinition {
    let choices = definitions.compactMap(\.logicalID)
    if let logicalID {
      if let definition = definitions.first(where: { $0.logicalID == logicalID }) { return definition }
      if choices.isEmpty {
        let hint = definitions.isEmpty ? "" : "; it is a plain definition, so leave --state-machine out"
        throw DefinitionChoiceError(message: "\(path) has no state machine \(logicalID)\(hint)")
      }
      let hint = NearestWord.find(logicalID, among: choices).map { "; did you mean \($0)?" } ?? ""
      throw DefinitionChoiceError(message: "\(path) has no state machine \(logicalID); it has \(choices.joined(separator: ", "))\(hint)")
    }
    guard let first = definitions.first else { throw DefinitionChoiceError(message: "\(path) has no state machine") }
    guard definitions.count == 1 else {
      throw DefinitionChoiceError(
        message: "\(path) has \(definitions.count) state machines; choose one with --state-machine: \(choices.joined(separator: ", "))")
    }
    return first
  }
}

extension SyntaxNode {
  /// The places of values that are not there.
  fileprivate func forEachHole(_ body: (SourceRange) -> Void) {
    switch kind {
    case .invalid: body(range)
    case .array(let elements): for element in elements { element.forEachHole(body) }
    case .object(let members): for member in members { member.value.forEachHole(body) }
    default: break
    }
  }
}

extension [Diagnostic] {
  /// Sorted by place, each finding once; an error hides the same finding as a warning.
  var inOrder: [Diagnostic] {
    var seen: Set<String> = []
    return enumerated()
      .sorted { left, right in
        let (a, b) = (left.element, right.element)
        if a.range.lowerBound != b.range.lowerBound { return a.range.lowerBound < b.range.lowerBound }
        if a.severity != b.severity { return a.severity == .error }
        return left.offset < right.offset
      }
      .map(\.element)
      .filter { seen.insert("\($0.code) \($0.range.lowerBound.line):\($0.range.lowerBound.column) \($0.message)").inserted }
  }
}

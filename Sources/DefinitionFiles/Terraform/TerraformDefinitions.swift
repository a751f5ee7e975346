import JSONTypes
import StatesLanguage

/// The state machines of a Terraform file.
/// Source: Terraform Registry, AWS provider, "aws_sfn_state_machine".
struct TerraformDefinitions {
  private var evaluator: TerraformEvaluator
  private let path: String
  private let options: LoadOptions
  /// Names that are being followed: none leads to itself.
  private var followedNames: Set<String> = []
  private(set) var diagnostics: [Diagnostic]

  init(path: String, text: PlacedText, options: LoadOptions) {
    let module = TerraformModule(path: path, text: text, options: options)
    diagnostics = module.diagnostics
    evaluator = TerraformEvaluator(module, options)
    self.path = path
    self.options = options
  }

  /// For Terraform's JSON syntax, whose expressions stand in strings.
  init(path: String, options: LoadOptions) {
    diagnostics = []
    evaluator = TerraformEvaluator(TerraformModule(path: path), options)
    self.path = path
    self.options = options
  }

  mutating func load() -> [LoadedDefinition] {
    var definitions: [LoadedDefinition] = []
    for block in evaluator.module.files[0].body.blocks {
      guard let (name, argument) = Self.machine(block), options.stateMachine == nil || options.stateMachine == name else { continue }
      guard let value = block.body[argument] else {
        diagnostics.append(
          Diagnostic("terraform-definition", "the state machine \(name) has no argument \(argument)", at: block.range))
        continue
      }
      var loaded = LoadedDefinition.named(name, path: path, options)
      if let text = block.body["type"].flatMap({ evaluator.evaluate($0, 0).text }), let type = WorkflowType(rawValue: text) { loaded.type = type }
      load(value, 0, &loaded)
      definitions.append(loaded)
    }
    return definitions
  }

  /// The name and the argument with the definition, where a block declares a state machine.
  private static func machine(_ block: HCLBody.Block) -> (String, String)? {
    if block.type == "resource", block.labels.count == 2 {
      if block.labels[0] == "aws_sfn_state_machine" { return (block.labels[1], "definition") }
      if block.labels[0] == "awscc_stepfunctions_state_machine" { return (block.labels[1], "definition_string") }
    }
    if block.type == "module", let name = block.labels.first, block.body["source"]?.plainText?.hasSuffix("step-functions/aws") == true,
      block.body["definition"] != nil
    {
      return (name, "definition")
    }
    return nil
  }

  // MARK: Where the text is

  /// Follows an expression to the text that it stands for, so that places are those of that text.
  mutating func load(_ node: HCLExpression, _ file: Int, _ result: inout LoadedDefinition) {
    switch node.kind {
    case .template(let parts):
      if parts.count == 1, case .interpolation(let inner) = parts[0] { return load(inner, file, &result) }
      return read(parts, file, nil, in: evaluator.module.files[file].path, node.range, &result)
    case .call("jsonencode", let arguments) where arguments.count == 1:
      if case .call(let decode, let inner) = arguments[0].kind, decode == "jsondecode" || decode == "yamldecode", inner.count == 1 {
        return load(inner[0], file, &result)
      }
      return readObject(arguments[0], file, &result)
    case .call(let name, let arguments) where ["trimspace", "chomp", "tostring", "nonsensitive"].contains(name) && arguments.count == 1:
      return load(arguments[0], file, &result)
    case .call("file", let arguments) where arguments.count == 1:
      return readFile(arguments[0], nil, file, node.range, &result)
    case .call("templatefile", let arguments) where arguments.count == 2:
      return readFile(arguments[0], evaluator.scope(arguments[1], file, nil), file, node.range, &result)
    case .reference(let names) where names.count == 2 && names[0] == "local":
      if let found = evaluator.local(names[1]) {
        return followed("local " + names[1], node.range, file) { $0.load(found.value, found.file, &result) }
      }
    case .reference(let names) where names.count == 4 && names[0] == "data":
      if let found = evaluator.data(names[1], names[2]) {
        return followed(names[1] + " " + names[2], node.range, file) { $0.loadData(names[1], found.body, found.file, node.range, &result) }
      }
    case .conditional(let condition, let yes, let no):
      if case .bool(let value) = evaluator.evaluate(condition, file).content { return load(value ? yes : no, file, &result) }
    default: break
    }
    report(unknown: node.range, file)
  }

  private mutating func followed(_ name: String, _ range: SourceRange, _ file: Int, _ body: (inout TerraformDefinitions) -> Void) {
    guard followedNames.insert(name).inserted else { return report(unknown: range, file) }
    body(&self)
    followedNames.remove(name)
  }

  private mutating func loadData(_ type: String, _ body: HCLBody, _ file: Int, _ range: SourceRange, _ result: inout LoadedDefinition) {
    if type == "local_file", let name = body["filename"] { return readFile(name, nil, file, range, &result) }
    guard let template = body["template"] else { return report(unknown: range, file) }
    let scope = evaluator.scope(body["vars"], file, nil)
    if case .call("file", let arguments) = template.kind, arguments.count == 1 {
      return readFile(arguments[0], scope, file, template.range, &result)
    }
    // The template of this data source is a text that is expanded once more, with its own variables.
    if case .template(let parts) = template.kind { return read(parts, file, scope, in: evaluator.module.files[file].path, template.range, &result) }
    report(unknown: range, file)
  }

  // MARK: Reading

  private mutating func readFile(
    _ name: HCLExpression, _ scope: TerraformEvaluator.Scope?, _ file: Int, _ range: SourceRange, _ result: inout LoadedDefinition
  ) {
    let named = evaluator.evaluate(name, file)
    guard let name = named.text, !name.mayHoldPlaceholder else { return report(unknown: range, file) }
    let other = FileReaders.path(name, besides: evaluator.module.files[file].path)
    switch SourceFile.read(other, options) {
    case .failure(let refusal):
      if file == 0 {
        // A file that a build makes is not there yet: no reason to fail.
        diagnostics.append(Diagnostic(refusal.diagnostic.code, .warning, refusal.diagnostic.message, at: range))
      }
    case .success(let text):
      result.path = other
      let source = PlacedText(file: text)
      guard let scope else {
        // Without variables the file is no template; it may be YAML for yamldecode.
        var substitution = Substitution([:], options)
        let reading = substitution.apply(to: SourceFile(path: other, text: text, limits: options.limits))
        result.take(reading, at: path)
        return
      }
      do throws(HCLSyntaxError) {
        let parts = try HCLParser.template(source, limits: options.limits)
        let whole = source.range(0..<source.utf8Count)
        read(parts, file, scope, in: other, whole, &result)
      } catch {
        result.diagnostics.append(Diagnostic("terraform-syntax", error.message, at: error.range))
      }
    }
  }

  /// A text in JSON that a template gives.
  private mutating func read(
    _ parts: [HCLTemplatePart], _ file: Int, _ scope: TerraformEvaluator.Scope?, in source: String, _ range: SourceRange,
    _ result: inout LoadedDefinition
  ) {
    var text = TextWithHoles()
    let isWhole = evaluator.expand(parts, file, scope) { piece in
      switch piece {
      case .text(let piece): text.append(piece)
      case .value(let value, let name): text.append(value, name)
      }
    }
    result.path = source
    guard isWhole, text.text.utf8Count <= options.limits.fileSizeInBytes else {
      if source == path { report(unknown: range, 0) }
      return
    }
    let read = JSONReader.read(text.text, limits: options.limits)
    let definition = read.node.map { text.holes.isEmpty ? $0 : $0.invalidated(at: text.holes) }
    let reading = Substitution.Reading(
      definition: definition, places: DefinitionPlaces(text: text.text, spelling: .json), diagnostics: read.diagnostics)
    take(reading, &result)
  }

  private mutating func readObject(_ node: HCLExpression, _ file: Int, _ result: inout LoadedDefinition) {
    let value = evaluator.evaluate(node, file)
    guard !value.isUnknown else { return report(unknown: node.range, file) }
    result.path = evaluator.module.files[file].path
    var computed: [Int: PlacedText] = [:]
    let tree = value.node { range, text in computed[range.lowerBound.offset] = text }
    let reading = Substitution.Reading(
      definition: tree, places: DefinitionPlaces(text: PlacedText(), spelling: .json, computed: computed), diagnostics: [])
    take(reading, &result)
  }

  private mutating func take(_ reading: Substitution.Reading, _ result: inout LoadedDefinition) {
    result.definition = reading.definition
    result.places = reading.places
    if result.path == path { diagnostics += reading.diagnostics } else { result.diagnostics += reading.diagnostics }
  }

  private mutating func report(unknown range: SourceRange, _ file: Int) {
    guard file == 0 else { return }
    diagnostics.append(
      Diagnostic(
        "definition-unknown", options.unresolvedValues == .refused ? .error : .warning,
        "this definition is known to Terraform alone and is not checked; check the plan: terraform show -json PLAN", at: range))
  }
}

/// A JSON text that is put together, with places where a value is not known.
struct TextWithHoles {
  private(set) var text = PlacedText()
  /// Where `null` stands for a value that is not known.
  private(set) var holes: Set<SourcePosition> = []
  private var isInString = false

  mutating func append(_ piece: PlacedText) {
    scan(piece.text)
    text.append(piece)
  }

  mutating func append(_ value: TemplateValue, _ name: String) {
    if let known = value.text {
      scan(known)
      text.append(known, at: value.range)
    } else if isInString {
      text.append("${\(name)}", at: value.range)
    } else {
      holes.insert(value.range.lowerBound)
      text.append("null", at: value.range)
    }
  }

  private mutating func scan(_ text: String) {
    var isEscaped = false
    for byte in text.utf8 {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\"") {
        isInString.toggle()
      } else if byte == UInt8(ascii: "\\"), isInString {
        isEscaped = true
      }
    }
  }
}

extension LoadedDefinition {
  /// A definition that is not read yet, of a resource whose name is known.
  static func named(_ name: String, path: String, _ options: LoadOptions) -> LoadedDefinition {
    LoadedDefinition(
      logicalID: name, name: name, arn: "arn:aws:states:\(options.region):\(options.accountID):stateMachine:\(name)", type: .standard,
      roleARN: nil, definition: nil, path: path, places: DefinitionPlaces(text: PlacedText(), spelling: .json), functions: [], diagnostics: [])
  }

  mutating func take(_ reading: Substitution.Reading, at filePath: String) {
    definition = reading.definition
    places = reading.places
    diagnostics += reading.diagnostics
  }
}

import JSONTypes
import StatesLanguage

/// State machines in a `serverless.yml` with the plugin serverless-step-functions.
/// Source: serverless-step-functions, README, "Setup" and "Adding a custom name for a stateMachine".
extension DefinitionFile {
  static func isServerlessFramework(_ root: SyntaxNode) -> Bool {
    root["StartAt"] == nil && (root["stepFunctions"] != nil || (root["service"] != nil && root["provider"] != nil))
  }

  mutating func loadServerlessFramework(_ root: SyntaxNode, _ source: SourceFile, _ options: LoadOptions) {
    kind = .serverlessFramework
    guard let section = root["stepFunctions"] else { return }
    // One map of machines, or a list of maps, each of which may lie in a file of its own.
    for group in (section["stateMachines"]?.elements ?? [section["stateMachines"]].compactMap { $0 }) {
      guard let (members, file) = resolve(group, source, options) else { continue }
      for machine in members.members ?? [] where options.stateMachine == nil || options.stateMachine == machine.key {
        load(machine, file, options)
      }
    }
  }

  private mutating func load(_ machine: SyntaxNode.Member, _ source: SourceFile, _ options: LoadOptions) {
    guard let (machineNode, machineSource) = resolve(machine.value, source, options) else { return }
    guard let definition = machineNode["definition"] else {
      report("serverless-definition", "the state machine \(machine.key) has no definition", at: machine.keyRange, in: machineSource.path)
      return
    }
    var loaded = LoadedDefinition.named(machine.key, path: machineSource.path, options)
    if let type = machineNode["type"]?.text.flatMap({ WorkflowType(rawValue: $0) }) { loaded.type = type }
    if let (node, origin) = resolve(definition, machineSource, options) {
      loaded.path = origin.path
      var evaluator = TemplateEvaluator(origin, node, options)
      let value = evaluator.evaluate(node)
      var computed: [Int: PlacedText] = [:]
      let tree = value.node(in: origin.text.texts(origin.spelling, source: Array(origin.text.text.utf8))) { range, text in computed[range.lowerBound.offset] = text }
      // Resources that the framework makes are not in the file: what is said about references says nothing.
      loaded.definition = tree.withoutWholeVariables
      loaded.places = DefinitionPlaces(text: origin.text, spelling: origin.spelling, computed: computed)
      if origin.path != path { loaded.diagnostics += origin.diagnostics }
    }
    definitions.append(loaded)
  }

  /// A value, followed into the file that `${file(PATH)}` or `${file(PATH):KEY}` names; nil when it is not known.
  private mutating func resolve(_ node: SyntaxNode, _ source: SourceFile, _ options: LoadOptions) -> (SyntaxNode, SourceFile)? {
    guard let text = node.text else { return (node, source) }
    guard text.hasPrefix("${file("), text.hasSuffix("}"), let close = text.firstIndex(of: ")") else {
      report(
        "definition-unknown", "this value is known to the Serverless Framework alone and is not checked", at: node.range, in: source.path, .warning)
      return nil
    }
    let name = text[text.index(text.startIndex, offsetBy: 7)..<close]
    let keys = text[text.index(after: close)...].dropLast().drop { $0 == ":" }.split(separator: ".")
    let other = FileReaders.path(String(name), besides: source.path)
    switch SourceFile.read(other, options) {
    case .failure(let refusal):
      report(refusal.diagnostic.code, refusal.diagnostic.message, at: node.range, in: source.path)
      return nil
    case .success(let text):
      let file = SourceFile(path: other, text: text, limits: options.limits)
      guard var value = file.root else {
        report("serverless-definition", "\(other) cannot be read; check it by itself", at: node.range, in: source.path)
        return nil
      }
      for key in keys {
        guard let next = value[String(key)] else {
          report("serverless-definition", "\(other) has no \(key)", at: node.range, in: source.path)
          return nil
        }
        value = next
      }
      return (value, file)
    }
  }

  private mutating func report(
    _ code: String, _ message: String, at range: SourceRange, in file: String, _ severity: Diagnostic.Severity = .error
  ) {
    // What concerns another file is said at its beginning, with that file's name.
    if file == path {
      diagnostics.append(Diagnostic(code, severity, message, at: range))
    } else {
      diagnostics.append(Diagnostic(code, severity, "\(file):\(range.lowerBound.line): \(message)", at: .start))
    }
  }
}

extension SyntaxNode {
  /// The tree in which a string that is nothing but one `${…}` is a value that is not known: it may be of any type.
  fileprivate var withoutWholeVariables: SyntaxNode {
    switch kind {
    case .string(let text):
      text.hasPrefix("${") && text.hasSuffix("}") && !text.dropFirst(2).contains("${") ? SyntaxNode(.invalid, range) : self
    case .array(let elements): SyntaxNode(.array(elements.map(\.withoutWholeVariables)), range)
    case .object(let members):
      SyntaxNode(.object(members.map { Member(key: $0.key, keyRange: $0.keyRange, value: $0.value.withoutWholeVariables) }), range)
    default: self
    }
  }
}

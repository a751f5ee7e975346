package import JSONTypes
package import StatesLanguage

/// What is checked, and how strictly.
package struct CheckOptions: Sendable {
  package var load = LoadOptions()
  /// The type of all workflows; nil for what the files say.
  package var type: WorkflowType?
  /// Whether advice is given too.
  package var givesAdvice = false
  /// A configuration for all files; nil to look for one from each file upwards.
  package var configuration: CheckConfiguration?
  /// Whether configuration is looked for at all.
  package var looksForConfiguration = true
  /// What finds mistakes in a definition: the parser alone, or more.
  package var check: @Sendable (SyntaxNode, WorkflowType) -> StateMachineParser.Result = { StateMachineParser.parse($0, type: $1) }

  package init() { load.unresolvedValues = .leftOpen }
}

/// Checks files and folders. Errors in one never hide those of another.
package struct DefinitionChecker {
  package let options: CheckOptions
  private var files: [String: CheckedFile] = [:]
  private var order: [String] = []
  /// Definitions that a template names, and so are checked as it says.
  private var named: Set<String> = []
  private var configurations: ConfigurationSearch
  /// The file that was read last, with the machine that came of it. A program that ends after its last file need not take these large trees
  /// apart, as long as it keeps the checker.
  private var last: (file: DefinitionFile, machine: StateMachine?)?

  package init(_ options: CheckOptions) {
    self.options = options
    configurations = ConfigurationSearch(options)
  }

  /// All files with something to say or to count, by path.
  package var results: [CheckedFile] { order.sorted().compactMap { files[$0] } }

  // MARK: Taking in

  /// A file, whatever it is called, or a folder with all that is below it.
  package mutating func check(path: String) {
    guard FileReaders.isFolder(path) else { return check(file: path) }
    check(folder: path)
  }

  package mutating func check(file path: String) {
    switch SourceFile.read(path, options.load) {
    case .failure(let refusal): add(CheckedFile(unreadable: path, refusal.diagnostic))
    case .success(let text): check(path: path, text: text)
    }
  }

  /// A text at hand.
  package mutating func check(path: String, text: String) {
    take(DefinitionFile.load(path: path, text: text, options: options.load), text)
  }

  /// Bytes that come from no file.
  /// - Parameter kind: a file name that tells what they are; nil to tell it by the content.
  package mutating func check(path: String, bytes: [UInt8], kind: String?) {
    var options = options.load
    let read = options.readFile
    options.readFile = { (name, limit) throws(FileReadError) in name == path ? bytes : try read(name, limit) }
    switch SourceFile.read(path, options) {
    case .failure(let refusal): add(CheckedFile(unreadable: path, refusal.diagnostic))
    case .success(let text):
      let name = kind ?? (DefinitionSearch.looksLikeTerraform(text) ? "stdin.tf" : path)
      var loaded = DefinitionFile.load(path: name, text: text, options: options)
      loaded.path = path
      for index in loaded.definitions.indices where loaded.definitions[index].path == name { loaded.definitions[index].path = path }
      take(loaded, text)
    }
  }

  private mutating func check(folder: String) {
    let search = DefinitionSearch(folder, options.load)
    var plain: [(path: String, text: String)] = []
    for path in search.paths where !configurations.excludes(path) {
      switch SourceFile.read(path, options.load) {
      case .failure(let refusal):
        // Other files that cannot be read are not ours to judge.
        if DefinitionSearch.isNamedDefinition(path) { add(CheckedFile(unreadable: path, refusal.diagnostic)) }
      case .success(let text):
        if DefinitionSearch.isNamedDefinition(path) {
          plain.append((path, text))
        } else if DefinitionSearch.mayHoldDefinition(path, text) {
          let file = DefinitionFile.load(path: path, text: text, options: options.load)
          if DefinitionSearch.isDefinition(file) {
            if file.kind == .aslJSON || file.kind == .aslYAML { plain.append((path, text)) } else { take(file, text) }
          }
        }
      }
    }
    // Last, since templates know their type and the values that they fill in.
    for (path, text) in plain where !named.contains(path) { check(path: path, text: text) }
    if let limit = search.limitReached { add(CheckedFile(unreadable: folder, Diagnostic("folder-limit", limit, at: .start))) }
  }

  // MARK: Checking

  private mutating func take(_ file: DefinitionFile, _ text: String) {
    var own = CheckedFile(path: file.path, text: text)
    own.couldNotBeRead = file.kind == nil && file.diagnostics.contains { $0.code == "file-size" }
    own.findings = file.diagnostics.map { CheckedFile.Finding(diagnostic: $0) }
    var others: [String: CheckedFile] = [:]
    var machine: StateMachine?
    for definition in file.definitions {
      let isOwn = definition.path == file.path
      if !isOwn { named.insert(definition.path) }
      var target = isOwn ? own : others[definition.path] ?? files[definition.path] ?? CheckedFile(path: definition.path, text: readText(definition.path))
      target.definitions += 1
      machine = check(definition, isInTemplate: file.kind != .aslJSON && file.kind != .aslYAML, &target)
      if isOwn { own = target } else { others[definition.path] = target }
    }
    add(own)
    for other in others.values { add(other, replacing: true) }
    last = (file, machine)
  }

  private func readText(_ path: String) -> String? {
    if case .success(let text) = SourceFile.read(path, options.load) { text } else { nil }
  }

  /// - Returns: the machine, nil when there is any error.
  private mutating func check(_ definition: LoadedDefinition, isInTemplate: Bool, _ file: inout CheckedFile) -> StateMachine? {
    guard let root = definition.definition else {
      file.findings += definition.diagnostics.map { CheckedFile.Finding(diagnostic: $0, definition: definition.logicalID) }
      return nil
    }
    let result = options.check(root, options.type ?? definition.type)
    var diagnostics = definition.diagnostics + result.diagnostics
    var suppressions = file.text?.contains(bytes: Suppressions.marker) == true ? Suppressions(in: root) : Suppressions()
    let count = diagnostics.count
    if !suppressions.isEmpty {
      diagnostics.removeAll { suppressions.silence($0) }
      file.suppressed += count - diagnostics.count
      diagnostics += suppressions.findings
    }
    // What nobody hears of hides nothing that follows from it.
    if let configuration = configurations.configuration(for: file.path) {
      let heard = diagnostics.filter { configuration.severities[$0.code] != .some(nil) }
      file.suppressed += diagnostics.count - heard.count
      diagnostics = heard
    }
    let unread = (file.findings.map(\.diagnostic) + definition.diagnostics).lazy.filter { $0.code == "json-syntax" }.map(\.range)
    diagnostics = Consequences.removed(from: diagnostics, unread: Set(unread))
    if let text = file.text, !diagnostics.isEmpty {
      let repairs = Repairs(text: text, root: root)
      for index in diagnostics.indices where diagnostics[index].fix == nil { diagnostics[index].fix = repairs.fix(for: diagnostics[index]) }
    }
    let id = isInTemplate ? definition.logicalID : nil
    file.findings += diagnostics.map { CheckedFile.Finding(diagnostic: $0, definition: id) }
    return result.machine
  }

  /// Weighs the findings as the configuration says, and keeps the file.
  private mutating func add(_ file: CheckedFile, replacing: Bool = false) {
    var file = file
    if !file.couldNotBeRead, let configuration = configurations.configuration(for: file.path) {
      let count = file.findings.count
      file.findings = file.findings.compactMap { finding in
        guard let severity = configuration.severities[finding.diagnostic.code] else { return finding }
        var finding = finding
        guard let severity else { return nil }
        finding.diagnostic.severity = severity
        return finding
      }
      file.suppressed += count - file.findings.count
    }
    if !options.givesAdvice { file.findings.removeAll { $0.diagnostic.severity == .advice } }
    if !replacing, let earlier = files[file.path] {
      file.findings = earlier.findings + file.findings
      file.definitions = max(file.definitions, earlier.definitions)
      file.couldNotBeRead = file.couldNotBeRead || earlier.couldNotBeRead
    }
    file.settle()
    if files.updateValue(file, forKey: file.path) == nil { order.append(file.path) }
    for found in configurations.takeFindings() { add(found) }
  }
}

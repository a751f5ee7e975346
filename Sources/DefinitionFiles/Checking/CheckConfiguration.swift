import JSONTypes
package import StatesLanguage

/// What `.sfn-local.json` or `.sfn-local.yaml` says about checking:
///
/// ```yaml
/// rules:
///   unreachable-state: warning
///   task-without-timeout: off
/// exclude:
///   - generated/
///   - "*.template.json"
/// ```
package struct CheckConfiguration: Sendable {
  static let fileNames = [".sfn-local.json", ".sfn-local.yaml", ".sfn-local.yml"]

  /// The file that it was read from, and its folder, to which excluded paths relate.
  package var path: String
  /// What a rule's findings count as; nil where they count for nothing.
  package var severities: [String: Diagnostic.Severity?] = [:]
  private var excluded: [PathPattern] = []
  /// What is wrong with the file itself.
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var text: String

  /// - Parameter path: JSON or YAML by its name.
  package init(path: String, text: String, limits: DefinitionFileLimits = DefinitionFileLimits()) {
    self.path = path
    self.text = text
    let source = SourceFile(path: path, text: text, limits: limits)
    diagnostics = source.diagnostics
    guard let root = source.root else { return }
    if root.members == nil { report("expected an object with rules or exclude, found \(root.typeName)", root.range) }
    for member in root.members ?? [] {
      switch member.key {
      case "rules": readRules(member.value)
      case "exclude": readExcluded(member.value)
      default:
        report(
          "there is no setting \"\(member.key)\"; known are rules and exclude", member.keyRange,
          suggestion: NearestWord.find(member.key, among: ["rules", "exclude"]))
      }
    }
  }

  private mutating func readRules(_ node: SyntaxNode) {
    guard let members = node.members else { return report("expected an object with the severity of each rule, found \(node.typeName)", node.range) }
    for member in members {
      guard RuleCatalogue.rule(member.key) != nil else {
        diagnostics.append(
          Diagnostic(
            "unknown-rule", .warning, "there is no rule \"\(member.key)\"; sfn-local explain lists all", at: member.keyRange,
            suggestion: RuleCatalogue.nearest(member.key)))
        continue
      }
      // YAML reads an unquoted off as a text or as a boolean.
      if case .bool(false) = member.value.kind {
        severities.updateValue(nil, forKey: member.key)
      } else if let word = member.value.text, word == "off" {
        severities.updateValue(nil, forKey: member.key)
      } else if let severity = member.value.text.flatMap({ Diagnostic.Severity(rawValue: $0) }) {
        severities.updateValue(severity, forKey: member.key)
      } else {
        report("expected error, warning, advice or off for \(member.key), found \(member.value.value.jsonText)", member.value.range)
      }
    }
    diagnostics.removeAll { $0.code == "yaml-boolean-word" }
  }

  private mutating func readExcluded(_ node: SyntaxNode) {
    guard let elements = node.elements else { return report("expected a list of paths, found \(node.typeName)", node.range) }
    for element in elements {
      if let text = element.text { excluded.append(PathPattern(text)) } else { report("expected a path, found \(element.typeName)", element.range) }
    }
  }

  private mutating func report(_ message: String, _ range: SourceRange, suggestion: String? = nil) {
    diagnostics.append(Diagnostic("configuration", message, at: range, suggestion: suggestion))
  }

  func excludes(_ file: String) -> Bool {
    guard !excluded.isEmpty else { return false }
    let folder = FileReaders.folder(of: FileReaders.absolute(path))
    let file = FileReaders.absolute(file)
    let relative = file.hasPrefix(folder + "/") ? String(file.utf8.dropFirst(folder.utf8.count + 1)) ?? file : file
    return excluded.contains { $0.matches(relative) }
  }
}

/// A path with `*`, `**` and `?`. Without a slash it is any file or folder of that name; a folder stands for all that is in it.
struct PathPattern: Sendable {
  private let parts: [[UInt8]]

  init(_ text: String) {
    var text = text[...]
    let isAnywhere = !text.dropLast().contains("/")
    while text.hasPrefix("./") { text = text.dropFirst(2) }
    var parts = text.split(separator: "/").map { Array($0.utf8) }
    if isAnywhere { parts.insert(Array("**".utf8), at: 0) }
    self.parts = parts
  }

  func matches(_ path: String) -> Bool {
    let names = path.split(separator: "/").map { Array($0.utf8) }
    return Self.matches(parts[...], names[...])
  }

  private static func matches(_ parts: ArraySlice<[UInt8]>, _ names: ArraySlice<[UInt8]>) -> Bool {
    // A pattern that ends at a folder stands for all in it.
    guard let part = parts.first else { return true }
    if part == Array("**".utf8) {
      if parts.count == 1 { return true }
      return names.indices.contains { matches(parts.dropFirst(), names[$0...]) }
    }
    guard let name = names.first, nameMatches(part[...], name[...]) else { return false }
    return matches(parts.dropFirst(), names.dropFirst())
  }

  private static func nameMatches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    // Each star is tried at one place at a time, the last one again when what follows it fails.
    var (p, n) = (pattern.startIndex, name.startIndex)
    var star: (pattern: Int, name: Int)?
    while n < name.endIndex {
      if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
        star = (p, n)
        p += 1
      } else if p < pattern.endIndex, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        p = last.pattern + 1
        n = last.name + 1
      } else {
        return false
      }
    }
    while p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") { p += 1 }
    return p == pattern.endIndex
  }
}

/// Finds the configuration of each file: the next one in its folder or above, up to the root of the repository.
struct ConfigurationSearch {
  private let options: CheckOptions
  private var known: [String: CheckConfiguration?] = [:]
  private var findings: [CheckedFile] = []

  init(_ options: CheckOptions) { self.options = options }

  mutating func configuration(for file: String) -> CheckConfiguration? {
    guard options.looksForConfiguration else { return nil }
    if let given = options.configuration {
      if known.updateValue(given, forKey: "") == nil { note(given) }
      return given
    }
    guard !file.hasPrefix("<") else { return look(in: ".") }
    return look(in: FileReaders.folder(of: file))
  }

  mutating func excludes(_ file: String) -> Bool { configuration(for: file)?.excludes(file) ?? false }

  /// What was found wrong with configuration files since the last call.
  mutating func takeFindings() -> [CheckedFile] {
    defer { findings = [] }
    return findings
  }

  private mutating func note(_ configuration: CheckConfiguration) {
    guard !configuration.diagnostics.isEmpty else { return }
    var file = CheckedFile(path: configuration.path, text: configuration.text)
    file.findings = configuration.diagnostics.map { CheckedFile.Finding(diagnostic: $0) }
    findings.append(file)
  }

  private mutating func look(in folder: String) -> CheckConfiguration? {
    var visited: [String] = []
    var current = folder
    var result: CheckConfiguration?
    // A relative path could be followed upwards for ever.
    let depth = FileReaders.absolute(folder).utf8.count { $0 == UInt8(ascii: "/") }
    while true {
      if let found = known[current] {
        result = found
        break
      }
      visited.append(current)
      let prefix = current == "/" ? "/" : current == "." ? "" : current + "/"
      if let configuration = read(prefix) {
        result = configuration
        break
      }
      if current == "/" || visited.count > depth || FileReaders.exists(prefix + ".git") { break }
      current = Self.parent(of: current)
    }
    for folder in visited { known.updateValue(result, forKey: folder) }
    return result
  }

  /// A relative path leads up by `..`.
  private static func parent(of folder: String) -> String {
    if folder == "." { return ".." }
    if folder == ".." || folder.hasSuffix("/..") { return folder + "/.." }
    guard let slash = folder.lastIndex(of: "/") else { return "." }
    return slash == folder.startIndex ? "/" : String(folder[..<slash])
  }

  private mutating func read(_ prefix: String) -> CheckConfiguration? {
    for name in CheckConfiguration.fileNames where FileReaders.exists(prefix + name) {
      let path = prefix + name
      switch SourceFile.read(path, options.load) {
      case .success(let text):
        let configuration = CheckConfiguration(path: path, text: text, limits: options.load.limits)
        note(configuration)
        return configuration
      case .failure(let refusal): findings.append(CheckedFile(unreadable: path, refusal.diagnostic))
      }
    }
    return nil
  }
}

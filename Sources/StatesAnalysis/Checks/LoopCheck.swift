import JSONTypes
import StatesLanguage

/// Loops that cannot end well: data that is put into itself round after round.
///
/// Source: AWS Step Functions Developer Guide, quotas: 262,144 bytes of input or output, and of a variable.
enum LoopCheck {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    for scope in walk.scopes where scope.cycle.contains(where: { $0 != nil }) {
      var cycles: [Int: [DefinitionWalk.Site]] = [:]
      for (local, cycle) in scope.cycle.enumerated() { if let cycle { cycles[cycle, default: []].append(walk.sites[scope.sites[local]]) } }
      for (_, sites) in cycles.sorted(by: { $0.key < $1.key }) {
        checkPayload(sites, &findings)
        checkVariables(sites, &findings)
      }
    }
  }

  private static func report(_ message: String, _ growing: Growing, _ site: DefinitionWalk.Site, _ findings: inout Findings) {
    findings.report("growing-payload", .warning, message, at: growing.range, pointer: site.pointer + "/" + growing.field)
  }

  /// The field that makes data grow.
  private struct Growing {
    var field: String
    var range: SourceRange
  }

  // MARK: What goes from state to state

  private static func checkPayload(_ sites: [DefinitionWalk.Site], _ findings: inout Findings) {
    // A loop keeps what is in it only when no state of it replaces the data.
    let replacing = sites.filter { !keepsInput($0) }
    for site in sites where replacing.allSatisfy({ $0.pointer == site.pointer }) {
      guard let growing = nestedCopy(in: site) ?? copies(in: site) else { continue }
      report("each round of the loop puts all of the data into itself once more, until it is larger than a payload may be", growing, site, &findings)
    }
  }

  private static let input = DataCopies.Source("states", ["input"])

  /// Whether what comes in goes out again, with additions at most.
  private static func keepsInput(_ site: DefinitionWalk.Site) -> Bool {
    guard site.language == .jsonPath else { return keepsInputInJSONata(site) }
    guard isWhole(site.node["InputPath"]) || site.node["ResultPath"] != nil, isWhole(site.node["OutputPath"]) else { return false }
    switch site.type {
    case .wait, .choice: return isWhole(site.node["InputPath"])
    case .pass: return site.node["Result"] == nil && site.node["Parameters"] == nil || !isWhole(site.node["ResultPath"])
    case .task, .parallel, .map: return site.node["ResultPath"] != nil && !isWhole(site.node["ResultPath"])
    case .succeed, .fail: return false
    }
  }

  private static func keepsInputInJSONata(_ site: DefinitionWalk.Site) -> Bool {
    func keeps(_ output: SyntaxNode) -> Bool { DataCopies.use(of: input, in: output, .jsonata) != nil }
    switch site.type {
    case .pass, .wait: return site.node["Output"].map(keeps) ?? true
    case .choice: return ([site.node] + (site.node["Choices"]?.elements ?? [])).compactMap { $0["Output"] }.allSatisfy(keeps)
    case .task, .parallel, .map: return site.node["Output"].map(keeps) ?? false
    case .succeed, .fail: return false
    }
  }

  private static func isWhole(_ node: SyntaxNode?) -> Bool { node == nil || node?.text == "$" }

  /// JSONPath: the whole input as a member of what the state puts out.
  private static func nestedCopy(in site: DefinitionWalk.Site) -> Growing? {
    guard site.language == .jsonPath, site.type == .pass, isWhole(site.node["InputPath"]), isWhole(site.node["OutputPath"]), site.node["Result"] == nil else {
      return nil
    }
    if let parameters = site.node.member("Parameters") {
      guard isWhole(site.node["ResultPath"]), parameters.value.members?.contains(where: { $0.key.hasSuffix(".$") && $0.value.text == "$" }) ?? false else { return nil }
      return Growing(field: "Parameters", range: parameters.keyRange)
    }
    guard let path = site.node.member("ResultPath"), path.value.text?.hasPrefix("$.") ?? false else { return nil }
    return Growing(field: "ResultPath", range: path.keyRange)
  }

  /// JSONata: the input as a member of what the state puts out, or twice in it; or a member of it twice in the same member.
  private static func copies(in site: DefinitionWalk.Site) -> Growing? {
    guard site.language == .jsonata, site.type != .choice, let output = site.node.member("Output") else { return nil }
    let growing = Growing(field: "Output", range: output.keyRange)
    if let use = DataCopies.use(of: input, in: output.value, .jsonata) { return use.isNested || use.count > 1 ? growing : nil }
    for member in output.value.members ?? [] {
      let own = DataCopies.Source("states", ["input", member.key])
      if let use = DataCopies.use(of: own, in: member.value, .jsonata), use.count > 1 { return growing }
    }
    return nil
  }

  // MARK: Variables

  /// A variable that is put into itself twice doubles with each round. Once is what lists are made by.
  private static func checkVariables(_ sites: [DefinitionWalk.Site], _ findings: inout Findings) {
    var assignments: [String: Int] = [:]
    for site in sites {
      let rules = (site.node["Choices"]?.elements ?? []) + (site.node["Catch"]?.elements ?? [])
      for name in ([site.node] + rules).compactMap({ $0["Assign"]?.members }).joined().map({ variable($0, site.language) }) {
        assignments[name, default: 0] += 1
      }
    }
    for site in sites {
      for member in site.node["Assign"]?.members ?? [] {
        let name = variable(member, site.language)
        guard assignments[name] == 1, let use = use(of: name, in: member, site.language), use.count > 1 else { continue }
        report(
          "each round of the loop puts $\(name) into itself \(use.count == 2 ? "twice" : "\(use.count) times"), until it is larger than a variable may be",
          Growing(field: "Assign/" + member.key.pointerToken, range: member.keyRange), site, &findings)
      }
    }
  }

  private static func variable(_ member: SyntaxNode.Member, _ language: QueryLanguage) -> String {
    language == .jsonPath && member.key.hasSuffix(".$") ? String(member.key.dropLast(2)) : member.key
  }

  private static func use(of name: String, in member: SyntaxNode.Member, _ language: QueryLanguage) -> DataCopies.Use? {
    if language == .jsonPath, member.value.text != nil, !member.key.hasSuffix(".$") { return nil }
    return DataCopies.use(of: DataCopies.Source(name), in: member.value, language)
  }
}

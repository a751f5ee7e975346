import JSONTypes
import StatesLanguage

/// Loops that cannot end well: data that is put into itself round after round.
///
/// Source: AWS Step Functions Developer Guide, quotas: 262,144 bytes of input or output.
enum LoopCheck {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    for (number, scope) in walk.scopes.enumerated() where scope.cycle.contains(where: { $0 != nil }) {
      // A loop keeps what is in it only when no state of it replaces the data.
      var replacing: [Int: [Int]] = [:]
      for (local, cycle) in scope.cycle.enumerated() {
        guard let cycle, !keepsInput(walk.sites[scope.sites[local]]) else { continue }
        replacing[cycle, default: []].append(scope.sites[local])
      }
      for (local, cycle) in scope.cycle.enumerated() {
        let site = walk.sites[scope.sites[local]]
        guard let cycle, site.scope == number, let growing = nestedCopy(in: site), replacing[cycle, default: []].allSatisfy({ $0 == scope.sites[local] })
        else { continue }
        findings.report(
          "growing-payload", .warning,
          "each round of the loop puts all of the data into itself once more, until it is larger than a payload may be", at: growing.range,
          pointer: site.pointer + "/" + growing.field)
      }
    }
  }

  /// Whether what comes in goes out again, with additions at most.
  private static func keepsInput(_ site: DefinitionWalk.Site) -> Bool {
    guard site.language == .jsonPath, isWhole(site.node["InputPath"]) || site.node["ResultPath"] != nil, isWhole(site.node["OutputPath"]) else { return false }
    switch site.type {
    case .wait, .choice: return isWhole(site.node["InputPath"])
    case .pass: return site.node["Result"] == nil && site.node["Parameters"] == nil || !isWhole(site.node["ResultPath"])
    case .task, .parallel, .map: return site.node["ResultPath"] != nil && !isWhole(site.node["ResultPath"])
    case .succeed, .fail: return false
    }
  }

  private static func isWhole(_ node: SyntaxNode?) -> Bool { node == nil || node?.text == "$" }

  /// The whole input as a member of what the state puts out.
  private static func nestedCopy(in site: DefinitionWalk.Site) -> (field: String, range: SourceRange)? {
    guard site.language == .jsonPath, site.type == .pass, isWhole(site.node["InputPath"]), isWhole(site.node["OutputPath"]), site.node["Result"] == nil else {
      return nil
    }
    if let parameters = site.node.member("Parameters") {
      guard isWhole(site.node["ResultPath"]), parameters.value.members?.contains(where: { $0.key.hasSuffix(".$") && $0.value.text == "$" }) ?? false else { return nil }
      return ("Parameters", parameters.keyRange)
    }
    guard let path = site.node.member("ResultPath"), path.value.text?.hasPrefix("$.") ?? false else { return nil }
    return ("ResultPath", path.keyRange)
  }
}

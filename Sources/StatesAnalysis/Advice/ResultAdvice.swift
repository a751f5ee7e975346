import JSONTypes
import StatesLanguage

/// A result that a state throws away, and that the next one seems to look for.
enum ResultAdvice {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    // A state that throws its result away gives none itself.
    if walk.sites.contains(where: mayGivePayload) { return }
    for scope in walk.scopes {
      let places = Dictionary(scope.sites.map { (walk.sites[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
      for index in scope.sites {
        let site = walk.sites[index]
        guard site.language == .jsonPath, site.type == .task, case .null? = site.node["ResultPath"]?.kind, isLambda(site),
          let next = site.node["Next"]?.text.flatMap({ places[$0] }), walk.sites[next].language == .jsonPath
        else { continue }
        adviseReads(of: "$.Payload", in: walk.sites[next], after: site, &findings)
      }
    }
  }

  private static func isLambda(_ site: DefinitionWalk.Site) -> Bool {
    site.resource.map { $0.kind == .lambdaFunction || $0.integration.hasSuffix(":states:::lambda:invoke") } ?? false
  }

  /// Whether a member Payload of the data could be another state's.
  private static func mayGivePayload(_ site: DefinitionWalk.Site) -> Bool {
    if case .null? = site.node["ResultPath"]?.kind { return false }
    switch site.type {
    case .task, .parallel, .map: return true
    case .pass: return ["Parameters", "Result", "ResultPath"].contains(where: site.node.has)
    case .wait, .choice, .succeed, .fail: return false
    }
  }

  private static let fields = ["InputPath", "ItemsPath", "Parameters", "ItemSelector", "Choices"]

  private static func adviseReads(of path: String, in site: DefinitionWalk.Site, after source: DefinitionWalk.Site, _ findings: inout Findings) {
    func visit(_ node: SyntaxNode, _ pointer: String) {
      switch node.kind {
      case .string(let text) where text == path || text.hasPrefix(path + ".") || text.hasPrefix(path + "["):
        findings.report(
          "discarded-result", .advice,
          "\(path) is not the result of \"\(source.name)\", whose \"ResultPath\": null throws it away: it can only come from that state's input", at: node.range,
          pointer: pointer, notes: [Diagnostic.Note("thrown away here", at: source.node.member("ResultPath")?.keyRange)])
      case .object(let members): for member in members { visit(member.value, pointer + "/" + member.key.pointerToken) }
      case .array(let elements): for (number, element) in elements.enumerated() { visit(element, "\(pointer)/\(number)") }
      default: break
      }
    }
    for field in fields { if let node = site.node[field] { visit(node, site.pointer + "/" + field) } }
  }
}

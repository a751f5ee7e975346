import JSONTypes
import StatesLanguage

/// What `Resource` names exists and offers the pattern, and its parameters are there.
///
/// Source: AWS's answers "The resource provided … is not recognized." and "The field '…' is required but was missing".
enum IntegrationCheck {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    // Many states call the same: an ARN is judged once.
    var verdicts: [String: Verdict] = [:]
    for site in walk.sites where site.type == .task {
      checkCredentials(site, &findings)
      guard let value = site.node["Resource"], let resource = site.resource else { continue }
      // What this program alone answers is advice of the parser, not a mistake.
      guard resource.kind == .service, !resource.isLocalOnly else { continue }
      let verdict: Verdict
      if let known = verdicts[resource.arn] {
        verdict = known
      } else {
        verdict = judge(resource)
        verdicts[resource.arn] = verdict
      }
      if let problem = verdict.problem {
        // The parser has said already that an EXPRESS workflow has none of these.
        if site.isExpress, problem.code == "unsupported-pattern" { continue }
        findings.report(problem.code, .error, problem.message, at: value.range, pointer: site.pointer + "/Resource", suggestion: problem.suggestion)
      } else {
        checkParameters(site, resource, verdict.action, &findings)
      }
    }
  }

  /// The resource, where the parts that matter here are written out. A partition may be left open.
  static func known(_ text: String) -> TaskResource? { text.withKnownPartition.flatMap { TaskResource($0) } }

  struct Problem {
    var code: String
    var message: String
    var suggestion: String?
  }
  struct Verdict {
    var problem: Problem?
    var action: IntegrationAction?
  }

  static func judge(_ resource: TaskResource) -> Verdict {
    let action = String(resource.resource.dropLast(resource.pattern.rawValue.count))
    guard resource.resourceType.hasPrefix("aws-sdk:") else { return judgeOptimized(resource, action) }
    let service = String(resource.resourceType.dropFirst("aws-sdk:".count))
    let arn = "arn:aws:states:::aws-sdk:"
    switch SDKActions.find(action, of: service) {
    case .unknownService:
      let meant = SDKActions.services.contains(service.lowercased()) ? service.lowercased() : service.closest(among: SDKActions.services)
      return Verdict(
        problem: Problem(
          code: "unknown-integration", message: "no SDK integration has the service \"\(service)\"; its name is the SDK's, in small letters",
          suggestion: meant.map { "\(arn)\($0):\(action)" }))
    case .unknownAction:
      let meant = action.closest(among: SDKActions.actions(of: service))
      return Verdict(
        problem: Problem(
          code: "unknown-integration", message: "the service \(service) has no action \"\(action)\"; actions begin with a small letter",
          suggestion: meant.map { "\(arn)\(service):\($0)\(resource.pattern.rawValue)" }))
    case .known: break
    }
    if resource.pattern == .sync || resource.pattern == .sync2 {
      return Verdict(
        problem: Problem(
          code: "unsupported-pattern", message: "SDK integrations do not offer \(resource.pattern.rawValue); poll, or take the optimized integration"))
    }
    return Verdict()
  }

  private static func judgeOptimized(_ resource: TaskResource, _ action: String) -> Verdict {
    let service = resource.resourceType
    guard let actions = IntegrationTable.actions(of: service) else {
      let isSDK = SDKActions.find(action, of: service) == .known
      return Verdict(
        problem: Problem(
          code: "unknown-integration",
          message: "there is no integration \"\(service)\"" + (isSDK ? "; as an SDK integration it is aws-sdk:\(service):\(action)" : ""),
          suggestion: isSDK ? "arn:aws:states:::aws-sdk:\(service):\(action)" : service.closest(among: IntegrationTable.services)))
    }
    guard let known = actions[action] else {
      return Verdict(
        problem: Problem(
          code: "unknown-integration",
          message: "the integration \(service) has no action \"\(action)\"; it has \(actions.keys.sorted().joined(separator: ", "))",
          suggestion: action.closest(among: actions.keys.sorted())))
    }
    guard known.patterns.contains(resource.pattern) else {
      return Verdict(
        problem: Problem(code: "unsupported-pattern", message: "\(service):\(action) does not offer \(resource.pattern.rawValue)"))
    }
    return Verdict(action: known)
  }

  // MARK: Parameters

  private static func checkParameters(_ site: DefinitionWalk.Site, _ resource: TaskResource, _ action: IntegrationAction?, _ findings: inout Findings) {
    let field = site.language == .jsonata ? "Arguments" : "Parameters"
    guard let member = site.node.member(field) else {
      // Without the field, the state's input is what is sent. Under its name in the other query language it is reported as that.
      if !site.node.has(site.language == .jsonata ? "Parameters" : "Arguments"), let first = action?.required.first?.first {
        findings.report(
          "missing-parameter", .error, "\(resource.resourceType):\(resource.resource) needs the field \"\(field)\" with \(first)", at: site.nameRange,
          pointer: site.pointer)
      }
      return
    }
    guard let parameters = Parameters(member, of: site, field) else { return }
    if let action {
      for names in action.required where !names.contains(where: parameters.has) {
        parameters.reportMissing(names[0], of: resource, .error, &findings)
      }
      for name in action.needed where !parameters.has(name) { parameters.reportMissing(name, of: resource, .warning, &findings) }
      if !action.known.isEmpty { parameters.checkNames(action.known, of: resource, &findings) }
    }
    if resource.resourceType == "aws-sdk:redshiftdata" { checkRedshift(parameters, resource, &findings) }
  }

  private static func checkRedshift(_ parameters: Parameters, _ resource: TaskResource, _ findings: inout Findings) {
    let name = String(resource.resource.dropLast(resource.pattern.rawValue.count))
    guard let action = RedshiftDataParameters.actions[name] else { return }
    for name in action.required where !parameters.has(name) { parameters.reportMissing(name, of: resource, .warning, &findings) }
    parameters.checkNames(action.required + action.others, of: resource, &findings)
    func checkStatement(_ node: SyntaxNode, _ pointer: String) {
      guard let text = node.text, text.utf8.count > RedshiftDataParameters.statementBytes else { return }
      findings.report(
        "parameter-limit", .warning, "a statement has at most \(RedshiftDataParameters.statementBytes) bytes, this one has \(text.utf8.count)",
        at: node.range, pointer: pointer)
    }
    if let sql = parameters.node["Sql"] { checkStatement(sql, parameters.pointer + "/Sql") }
    guard let sqls = parameters.node["Sqls"], let elements = sqls.elements else { return }
    if elements.isEmpty || elements.count > RedshiftDataParameters.statements {
      findings.report(
        "parameter-limit", .warning, "a batch has 1 to \(RedshiftDataParameters.statements) statements, this one has \(elements.count)", at: sqls.range,
        pointer: parameters.pointer + "/Sqls")
    }
    for (number, element) in elements.enumerated() { checkStatement(element, "\(parameters.pointer)/Sqls/\(number)") }
  }

  private static func checkCredentials(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    guard let member = site.node.member("Credentials") else { return }
    if site.resource?.kind == .activity, member.value.members != nil {
      findings.report(
        "misplaced-field", .error, "an activity takes no Credentials: its worker calls Step Functions itself", at: member.keyRange,
        pointer: site.pointer + "/Credentials")
    } else if let parameters = Parameters(member, of: site, "Credentials"), !parameters.has("RoleArn") {
      findings.report(
        "missing-parameter", .error, "Credentials needs the field \"RoleArn\"", at: member.keyRange, pointer: site.pointer + "/Credentials")
    }
  }

  /// An object of parameters whose keys are known.
  private struct Parameters {
    var node: SyntaxNode
    var place: SourceRange
    var pointer: String
    private let isJSONPath: Bool

    init?(_ member: SyntaxNode.Member, of site: DefinitionWalk.Site, _ field: String) {
      guard let members = member.value.members, !members.contains(where: { $0.key.hasPlaceholder }) else { return nil }
      node = member.value
      place = member.keyRange
      pointer = site.pointer + "/" + field
      isJSONPath = site.language == .jsonPath
    }

    func has(_ name: String) -> Bool { node.has(name) || (isJSONPath && node.has(name + ".$")) }

    func reportMissing(_ name: String, of resource: TaskResource, _ severity: Diagnostic.Severity, _ findings: inout Findings) {
      findings.report(
        "missing-parameter", severity, "\(resource.resourceType):\(resource.resource) needs the parameter \"\(name)\"", at: place, pointer: pointer)
    }

    /// A name that is close to a known one is a slip; any other may be newer than this table.
    func checkNames(_ known: [String], of resource: TaskResource, _ findings: inout Findings) {
      for member in node.members ?? [] {
        let name = isJSONPath && member.key.hasSuffix(".$") ? String(member.key.dropLast(2)) : member.key
        guard !known.contains(name) else { continue }
        let meant = name.closest(among: known)
        findings.report(
          "unknown-parameter", meant == nil ? .warning : .error, "\(resource.resourceType):\(resource.resource) has no parameter \"\(name)\"",
          at: member.keyRange, pointer: pointer + "/" + member.key.pointerToken, suggestion: meant)
      }
    }
  }
}

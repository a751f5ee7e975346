import JSONTypes
import StatesLanguage

/// What a definition could do better, though nothing is wrong with it.
///
/// Source: AWS Step Functions Developer Guide, "Best practices for Step Functions", and the page of each state type.
enum Advice {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    adviseMachine(walk, &findings)
    let read = VariableReads(walk)
    for site in walk.sites {
      adviseFields(site, &findings)
      adviseVariables(site, read, &findings)
      switch site.type {
      case .task: adviseTask(site, &findings)
      case .map: adviseMap(site, &findings)
      case .pass, .wait, .choice, .succeed, .fail, .parallel: break
      }
      adviseErrors(site, &findings)
    }
    LoopAdvice.run(walk, &findings)
  }

  static func advise(_ code: String, _ message: String, at range: SourceRange, _ pointer: String, _ findings: inout Findings, suggestion: String? = nil) {
    findings.report(code, .advice, message, at: range, pointer: pointer, suggestion: suggestion)
  }

  private static func adviseMachine(_ walk: DefinitionWalk, _ findings: inout Findings) {
    let loops = walk.scopes.contains { $0.cycle.contains { $0 != nil } }
    guard loops, walk.root.members != nil, walk.root["TimeoutSeconds"] == nil else { return }
    advise(
      "no-machine-timeout", "the machine has a loop and no TimeoutSeconds: an execution may run for a year", at: walk.root.range.opening, "", &findings)
  }

  // MARK: Tasks

  private static func adviseTask(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    guard let member = site.node.member("Resource"), member.value.text != nil else { return }
    let resource = site.resource
    let waits = resource.map { $0.kind == .activity || $0.pattern == .waitForTaskToken } ?? false
    let isTimed = ["TimeoutSeconds", "TimeoutSecondsPath"].contains { site.node[$0] != nil }
    let beats = ["HeartbeatSeconds", "HeartbeatSecondsPath"].contains { site.node[$0] != nil }
    if !isTimed, !(waits && beats) {
      let what = waits ? "waits for an answer from outside, for a year if none comes" : "has no TimeoutSeconds: where nothing answers, it waits"
      advise("no-task-timeout", "the task \(what)", at: site.nameRange, site.pointer, &findings)
    }
    guard let resource else { return }
    if resource.kind == .lambdaFunction {
      advise(
        "lambda-by-arn", "arn:aws:states:::lambda:invoke with FunctionName is the form that AWS recommends: it knows versions, payloads and metadata",
        at: member.value.range, site.pointer + "/Resource", &findings)
    }
    let isLambda = resource.kind == .lambdaFunction || (resource.integration.hasSuffix(":states:::lambda:invoke"))
    if isLambda, site.node["Retry"] == nil {
      advise(
        "lambda-without-retry", "a Lambda call now and then fails for no fault of its own: retry Lambda.ServiceException and Lambda.TooManyRequestsException",
        at: site.nameRange, site.pointer, &findings)
    }
    if resource.resourceType == "states", resource.resource.hasPrefix("startExecution"), let parameters = site.node.member("Parameters"),
      let input = parameters.value["Input"], let members = input.members,
      !members.contains(where: { $0.key.hasPrefix("AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID") })
    {
      advise(
        "unlinked-execution", "the console links the two executions when Input has \"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$\": \"$$.Execution.Id\"",
        at: parameters.keyRange, site.pointer + "/Parameters", &findings)
    }
  }

  // MARK: Fields

  private static func adviseFields(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    guard site.type == .map else { return }
    for (old, new) in [("Iterator", "ItemProcessor"), ("Parameters", "ItemSelector")] {
      guard let member = site.node.member(old), old == "Iterator" || site.language == .jsonPath else { continue }
      findings.report(
        "deprecated-field", .advice, "\(old) is the old name of \(new)", at: member.keyRange, pointer: site.pointer + "/" + old, suggestion: new,
        isCertain: true)
    }
  }

  private static func adviseMap(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    let config = (site.node["ItemProcessor"] ?? site.node["Iterator"])?["ProcessorConfig"]
    guard config?["Mode"]?.text == "DISTRIBUTED", site.node["MaxConcurrency"] == nil, site.node["MaxConcurrencyPath"] == nil else { return }
    advise(
      "unbounded-map", "without MaxConcurrency a distributed Map starts up to 10,000 children at once, whatever they call", at: site.nameRange, site.pointer,
      &findings)
  }

  // MARK: Errors

  private static func adviseErrors(_ site: DefinitionWalk.Site, _ findings: inout Findings) {
    for (number, retrier) in (site.node["Retry"]?.elements ?? []).enumerated() {
      guard case .number(let value)? = retrier["MaxAttempts"]?.kind, let attempts = value.asInt, attempts > 100, retrier["MaxDelaySeconds"] == nil,
        let member = retrier.member("MaxAttempts")
      else { continue }
      advise(
        "unbounded-retry", "\(attempts) attempts with intervals that grow without MaxDelaySeconds go on for longer than an execution may", at: member.value.range,
        "\(site.pointer)/Retry/\(number)/MaxAttempts", &findings)
    }
    for field in ["Retry", "Catch"] {
      for (number, entry) in (site.node[field]?.elements ?? []).enumerated() {
        guard let list = entry["ErrorEquals"], let elements = list.elements, elements.count == 1, elements[0].text == ErrorName.all.rawValue else { continue }
        advise(
          "states-all-hides", field == "Retry"
            ? "States.ALL retries errors that no repetition heals, such as a wrong path or a missing permission; name those that pass"
            : "States.ALL takes every error alike, a slip in the definition too, but not States.Runtime: that one still ends the execution",
          at: list.range, "\(site.pointer)/\(field)/\(number)/ErrorEquals", &findings)
      }
    }
  }

  // MARK: Variables

  private static func adviseVariables(_ site: DefinitionWalk.Site, _ read: VariableReads, _ findings: inout Findings) {
    for member in site.node["Assign"]?.members ?? [] {
      let name = site.language == .jsonPath && member.key.hasSuffix(".$") ? String(member.key.dropLast(2)) : member.key
      guard !read.names.contains(name) else { continue }
      advise("unused-variable", "no state reads the variable $\(name)", at: member.keyRange, site.pointer + "/Assign/" + member.key.pointerToken, &findings)
    }
  }
}

/// The names after a `$` in any text of the definition: all variables that may be read.
struct VariableReads {
  private(set) var names: Set<String> = []

  init(_ walk: DefinitionWalk) { visit(walk.root) }

  private mutating func visit(_ node: SyntaxNode) {
    switch node.kind {
    case .string(let text): read(text)
    case .object(let members): for member in members where member.key != "Comment" { visit(member.value) }
    case .array(let elements): for element in elements { visit(element) }
    default: break
    }
  }

  private mutating func read(_ text: String) {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return }
    for piece in text.unicodeScalars.split(separator: "$", omittingEmptySubsequences: false).dropFirst() {
      let name = piece.prefix { $0 == "_" || $0.properties.isIDContinue }
      if !name.isEmpty { names.insert(String(name)) }
    }
  }
}

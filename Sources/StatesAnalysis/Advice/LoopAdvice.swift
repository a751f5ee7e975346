import JSONTypes
import StatesLanguage

/// Loops that wait for a job: how they end, how often they ask, and what would spare them.
enum LoopAdvice {
  static func run(_ walk: DefinitionWalk, _ findings: inout Findings) {
    for scope in walk.scopes {
      var cycles: [Int: [Int]] = [:]
      for (local, cycle) in scope.cycle.enumerated() { if let cycle { cycles[cycle, default: []].append(scope.sites[local]) } }
      for (_, members) in cycles.sorted(by: { $0.key < $1.key }) {
        adviseChoices(members, walk, &findings)
        adviseBudget(members, walk, &findings)
        advisePolling(members, scope, walk, &findings)
      }
    }
  }

  /// Looks at the Choice states of a loop, where it goes on or ends.
  private static func adviseChoices(_ cycle: [Int], _ walk: DefinitionWalk, _ findings: inout Findings) {
    guard cycle.contains(where: { walk.sites[$0].type == .task }) else { return }
    let isPaused = cycle.contains { pauses(walk.sites[$0]) }
    let names = Set(cycle.map { walk.sites[$0].name })
    for index in cycle where walk.sites[index].type == .choice {
      let site = walk.sites[index]
      if !isPaused {
        Advice.advise(
          "busy-loop", "this loop asks again without a pause: each round costs transitions; a Wait state spaces them out", at: site.nameRange,
          site.pointer, &findings)
      }
      adviseExit(site, names, &findings)
    }
  }

  /// Whether the state takes its time: it waits, or what it does waits.
  private static func pauses(_ site: DefinitionWalk.Site) -> Bool {
    switch site.type {
    case .wait, .parallel, .map: return true
    case .task: return site.resource.map { $0.pattern != .requestResponse || $0.kind == .activity } ?? true
    case .pass, .choice, .succeed, .fail: return false
    }
  }

  // MARK: Ways out

  /// The words by which jobs tell that they have ended, by those that tell whose words they are.
  private static let vocabularies: [(signs: Set<String>, final: Set<String>)] = [
    (["FINISHED", "ABORTED"], ["FINISHED", "FAILED", "ABORTED"]),
    (["TIMED_OUT"], ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]),
    (["CANCELLED", "QUEUED"], ["SUCCEEDED", "FAILED", "CANCELLED"]),
    (["STOPPED", "TIMEOUT"], ["SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT"]),
  ]

  private static func adviseExit(_ site: DefinitionWalk.Site, _ cycle: Set<String>, _ findings: inout Findings) {
    guard let fallback = site.node.member("Default"), let name = fallback.value.text, cycle.contains(name) else { return }
    var asked: Set<String> = []
    for rule in site.node["Choices"]?.elements ?? [] { collect(rule, &asked) }
    guard let words = vocabularies.first(where: { !$0.signs.isDisjoint(with: asked) }) else { return }
    let missing = words.final.subtracting(asked).sorted()
    guard !missing.isEmpty else { return }
    Advice.advise(
      "poll-without-exit", "the loop has no way out when the job ends as \(missing.joined(separator: " or ")): Default goes on asking", at: fallback.value.range,
      site.pointer + "/Default", &findings)
  }

  /// The texts that a rule compares with.
  private static func collect(_ rule: SyntaxNode, _ texts: inout Set<String>) {
    for member in rule.members ?? [] {
      switch member.key {
      case "StringEquals", "StringMatches": if let text = member.value.text { texts.insert(text) }
      case "And", "Or": for element in member.value.elements ?? [] { collect(element, &texts) }
      case "Not": collect(member.value, &texts)
      case "Condition":
        guard let text = member.value.text else { continue }
        for piece in text.split(whereSeparator: { $0 == "'" || $0 == "\"" }) where piece.allSatisfy({ $0.isUppercase || $0 == "_" }) { texts.insert(String(piece)) }
      default: continue
      }
    }
  }

  // MARK: History

  /// Events that an execution's history may have.
  private static let historyEvents = 25_000
  /// A loop that fills the history sooner than this many seconds is worth a word.
  private static let shortest: Int64 = 7 * 24 * 3600

  /// A loop with fixed waits, whose rounds can be counted.
  private static func adviseBudget(_ cycle: [Int], _ walk: DefinitionWalk, _ findings: inout Findings) {
    let sites = cycle.map { walk.sites[$0] }
    guard !(sites.first?.isExpress ?? true), sites.allSatisfy({ [.task, .wait, .choice, .pass].contains($0.type) }), sites.contains(where: { $0.type == .task })
    else { return }
    let waits = sites.filter { $0.type == .wait }
    let seconds = waits.compactMap { $0.node["Seconds"].flatMap { node -> Int64? in if case .number(let value) = node.kind { value.asInt } else { nil } } }
    guard let wait = waits.first, seconds.count == waits.count else { return }
    let pause = seconds.reduce(0, +)
    let events = sites.reduce(0) { $0 + ($1.type == .task ? 5 : 2) }
    let rounds = Int64(historyEvents / max(events, 1))
    let (lasts, overflow) = rounds.multipliedReportingOverflow(by: pause)
    guard !overflow, lasts < shortest else { return }
    let limit = walk.root["TimeoutSeconds"].flatMap { node -> Int64? in if case .number(let value) = node.kind { value.asInt } else { nil } }
    if let limit, limit <= lasts { return }
    Advice.advise(
      "history-budget", "a round of this loop writes about \(events) events and takes \(pause) s: after \(lasts / 60) minutes the history's 25,000 are used up",
      at: wait.nameRange, wait.pointer, &findings)
  }

  /// Optimized integrations that wait for their job, by the action that starts it.
  private static let waiting: [String: String] = [
    "glue:startJobRun": "glue:startJobRun.sync", "aws-sdk:glue:startJobRun": "glue:startJobRun.sync",
    "athena:startQueryExecution": "athena:startQueryExecution.sync", "aws-sdk:athena:startQueryExecution": "athena:startQueryExecution.sync",
    "states:startExecution": "states:startExecution.sync:2", "aws-sdk:sfn:startExecution": "states:startExecution.sync:2",
    "batch:submitJob": "batch:submitJob.sync", "aws-sdk:batch:submitJob": "batch:submitJob.sync", "ecs:runTask": "ecs:runTask.sync",
    "aws-sdk:ecs:runTask": "ecs:runTask.sync", "aws-sdk:codebuild:startBuild": "codebuild:startBuild.sync", "codebuild:startBuild": "codebuild:startBuild.sync",
  ]
  private static let asking: [String: String] = [
    "glue:getJobRun": "glue", "athena:getQueryExecution": "athena", "sfn:describeExecution": "states", "batch:describeJobs": "batch",
    "ecs:describeTasks": "ecs", "codebuild:batchGetBuilds": "codebuild",
  ]

  private static func advisePolling(_ cycle: [Int], _ scope: DefinitionWalk.Scope, _ walk: DefinitionWalk, _ findings: inout Findings) {
    var asked: Set<String> = []
    for index in cycle where walk.sites[index].type == .task {
      guard let resource = walk.sites[index].resource, resource.kind == .service else { continue }
      let service = resource.resourceType.hasPrefix("aws-sdk:") ? String(resource.resourceType.dropFirst(8)) : resource.resourceType
      if let name = asking["\(service):\(resource.resource)"] { asked.insert(name) }
    }
    guard !asked.isEmpty else { return }
    for index in scope.sites where walk.sites[index].type == .task {
      let site = walk.sites[index]
      guard let node = site.node["Resource"], let resource = site.resource, resource.kind == .service, !site.isExpress,
        let better = waiting["\(resource.resourceType):\(resource.resource)"], asked.contains(String(better.prefix { $0 != ":" }))
      else { continue }
      Advice.advise(
        "sync-instead-of-polling", "a loop asks after the job that this task starts: arn:aws:states:::\(better) waits for its end by itself", at: node.range,
        site.pointer + "/Resource", &findings, suggestion: "arn:aws:states:::" + better)
    }
  }
}

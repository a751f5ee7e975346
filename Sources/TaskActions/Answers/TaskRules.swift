import StatesInterpreter
public import StatesLanguage
public import StatesRuntime

/// All rules of a run.
///
/// An exact name beats what comes with the program; patterns answer what nothing else does, the longest first. A later rule beats an
/// earlier one of the same target. A rule for `lambda:invoke` is about the functions that it calls, like `*`.
public struct TaskRules: Sendable {
  static let lambdaInvoke = "arn:aws:states:::lambda:invoke"

  private var functions: [String: TaskRule.Answer] = [:]
  private var integrations: [String: TaskRule.Answer] = [:]
  /// Longest first.
  private var functionPatterns: [(prefix: String, answer: TaskRule.Answer)] = []
  private var integrationPatterns: [(prefix: String, answer: TaskRule.Answer)] = []

  /// - Parameter rules: those of the file first, those of the command line last.
  public init(_ rules: [TaskRule] = []) {
    var functionPatterns: [String: TaskRule.Answer] = [:]
    var integrationPatterns: [String: TaskRule.Answer] = [:]
    for rule in rules {
      switch rule.target {
      case .function(let name): functions[name] = rule.answer
      case .functions(let prefix): functionPatterns[prefix] = rule.answer
      case .integration(Self.lambdaInvoke): functionPatterns[""] = rule.answer
      case .integration(let arn): integrations[arn] = rule.answer
      case .integrations(let prefix): integrationPatterns[prefix] = rule.answer
      }
    }
    func longestFirst(_ patterns: [String: TaskRule.Answer]) -> [(prefix: String, answer: TaskRule.Answer)] {
      patterns.map { ($0.key, $0.value) }.sorted { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }
    (self.functionPatterns, self.integrationPatterns) = (longestFirst(functionPatterns), longestFirst(integrationPatterns))
  }

  public var isEmpty: Bool { functions.isEmpty && integrations.isEmpty && functionPatterns.isEmpty && integrationPatterns.isEmpty }

  /// Whether any rule sends tasks to AWS.
  public var useAWS: Bool {
    let all = Array(functions.values) + Array(integrations.values) + functionPatterns.map(\.answer) + integrationPatterns.map(\.answer)
    return all.contains { if case .aws = $0 { true } else { false } }
  }

  /// What a rule says about a function; `isExact` tells whether it beats what comes with the program.
  public func answer(forFunction name: String) -> (answer: TaskRule.Answer, isExact: Bool)? {
    if let answer = functions[name] { return (answer, true) }
    if let answer = functionPatterns.first(where: { name.hasPrefix($0.prefix) })?.answer { return (answer, false) }
    return integrationPatterns.first { Self.lambdaInvoke.hasPrefix($0.prefix) }.map { ($0.answer, false) }
  }

  /// What a rule says about an integration other than `lambda:invoke`; for a callback it submits the work.
  public func answer(forIntegration arn: String) -> (answer: TaskRule.Answer, isExact: Bool)? {
    guard let resource = TaskResource(arn), Self.isOffered(resource) else { return nil }
    if let answer = integrations[resource.integration] { return (answer, true) }
    if Self.isStart(resource) { return nil }
    return integrationPatterns.first { arn.hasPrefix($0.prefix) }.map { ($0.answer, false) }
  }

  /// Whether the resource is about executions and tokens, which the engine answers: patterns leave it alone.
  public static func isStart(_ resource: TaskResource) -> Bool {
    resource.resourceType == "states" || resource.resourceType == "aws-sdk:sfn"
  }

  /// Registers what the rules say: functions by name, integrations by the ARN that the rules or the machine's tasks name.
  public func register(in registry: inout ActionRegistry, for machine: StateMachine, with services: AnswerServices) {
    for (name, answer) in functions { registry.register(function: name, services.action(forFunction: answer)) }
    let rules = self
    registry.register(otherFunctions: { name in rules.answer(forFunction: name).map { services.action(forFunction: $0.answer) } })
    for (arn, answer) in integrations { registry.register(resource: arn, services.action(for: answer, resource: arn)) }
    let known = Set(registry.resources)
    for case .task(let task) in machine.states {
      let arn = task.resource.integration
      guard !known.contains(arn), let (answer, _) = answer(forIntegration: task.resource.arn) else { continue }
      registry.register(resource: arn, services.action(for: answer, resource: arn))
    }
  }

  /// A callback submits its work to the plain integration; `.sync` would have to follow a service's job.
  private static func isOffered(_ resource: TaskResource) -> Bool {
    resource.kind == .service && (resource.pattern == .requestResponse || resource.pattern == .waitForTaskToken)
  }
}

/// What the answers of rules work with.
public struct AnswerServices: Sendable {
  public var runner: CommandRunner
  /// The environment of programs.
  public var environment: [String: String]
  public var transport: any HTTPTransport
  public var calls: AWSCalls

  public init(runner: CommandRunner, environment: [String: String], transport: any HTTPTransport, calls: AWSCalls) {
    self.runner = runner
    self.environment = environment
    self.transport = transport
    self.calls = calls
  }

  /// An action that answers an integration.
  /// - Parameter resource: its ARN without a pattern. A callback's work is submitted by the same action.
  public func action(for answer: TaskRule.Answer, resource: String) -> any TaskAction {
    guard case .aws = answer else { return action(forFunction: answer) }
    switch ServiceIntegration.named(resource) {
    case .success(let integration): return ServiceCall(integration: integration, calls: calls)
    case .failure(let problem): return UnservedAction(why: problem.message)
    }
  }

  /// An action that answers a function.
  public func action(forFunction answer: TaskRule.Answer) -> any TaskAction {
    switch answer {
    case .command(let command): CommandAction(command: command, runner: runner, environment: environment)
    case .endpoint(let endpoint): WebAction(endpoint: endpoint, transport: transport)
    case .aws: FunctionCall(calls: calls)
    case .fixed(let value): FixedAction(value: value)
    }
  }

  /// Why AWS cannot answer an integration; nil when it can.
  public static func problem(of resource: String) -> String? {
    if case .failure(let problem) = ServiceIntegration.named(resource) { problem.message } else { nil }
  }
}

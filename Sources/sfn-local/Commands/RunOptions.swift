import ArgumentParser
import DefinitionFiles
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import TaskActions

/// What an execution is, and who answers its tasks: the options of every command that runs one.
struct RunOptions: ParsableArguments {
  @OptionGroup var definition: DefinitionArguments

  @Option(parsing: .unconditional, help: ArgumentHelp("The execution's input: JSON, @FILE, or - for standard input.", valueName: "JSON"))
  var input: String = "{}"

  @Option(help: ArgumentHelp("real; virtual: waits take no time; x50: fifty times as fast.", valueName: "CLOCK"))
  var clock: ClockChoice = ClockChoice(.real)

  @Option(help: ArgumentHelp("The state machine's name; by default that of the template or the file.", valueName: "NAME"))
  var name: String?

  @Option(help: ArgumentHelp("The execution's name; by default a random UUID.", valueName: "NAME"))
  var executionName: String?

  @Option(help: ArgumentHelp("STANDARD or EXPRESS; by default what the template says.", valueName: "TYPE"))
  var type: TypeChoice?

  @Option(help: ArgumentHelp("The role that histories and the context object name.", valueName: "ARN"))
  var role: String?

  @Option(help: ArgumentHelp("The moment at which the execution starts (RFC 3339); by default now.", valueName: "TIME"))
  var startTime: TimestampArgument?

  @Option(help: ArgumentHelp("Makes random values and jitter repeat.", valueName: "NUMBER"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("service: the quotas of AWS; none: for benchmarks and experiments.", valueName: "LIMITS"))
  var limits: LimitsChoice = .service

  @Option(help: ArgumentHelp("Answer tasks from a MockConfigFile.json.", valueName: "FILE"))
  var mock: String?

  @Option(name: .customLong("case"), help: ArgumentHelp("The test case of --mock; an empty one mocks nothing.", valueName: "NAME"))
  var testCase: String?

  @Option(
    name: .customLong("machine"),
    help: ArgumentHelp("A machine that this one may start by states:startExecution; those of the same template are known. Repeatable.", valueName: "NAME=FILE"))
  var machines: [KeyValue] = []

  @OptionGroup var tasks: TaskArguments

  @OptionGroup var aws: AWSArguments

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  func validate() throws {
    if testCase != nil && mock == nil { throw ValidationError("--case names a test case of --mock FILE, which is missing") }
    if mock != nil && testCase == nil { throw ValidationError("--mock FILE needs the test case: --case NAME, or --case '' to mock nothing") }
    if definition.definition == "-" && input == "-" { throw ValidationError("the definition and the input cannot both come from standard input") }
    for name in [name, executionName] {
      if let name, let problem = nameProblem(name) { throw ValidationError(problem) }
    }
  }

  /// Reads the files and settles who answers what. Nothing is started or sent yet. What is wrong has been printed.
  /// - Parameter earlier: the definition of an execution that is taken up again; it stands for the file, which may have changed.
  /// - Throws: `ExitCode` 2 or a `CommandProblem`.
  func prepare(earlier: EarlierDefinition? = nil) throws -> PreparedRun {
    let style = Style(color)
    let rules = try tasks.rules(style: style)
    let services = try aws.resolve(definitionPath: definition.definition, callsAWS: rules.useAWS)
    let loaded = try earlier.map { try $0.load(definition, region: services.region, style: style) }
      ?? definition.read(region: services.region, style: style, isLimited: limits == .service)
    let type = earlier?.type ?? type?.type ?? loaded.definition.type
    let (machine, errors, _) = loaded.check(type: type)
    guard let machine else {
      Terminal.writeError("\(style.boldRed("error")): the definition cannot be run: \(errors) error\(errors == 1 ? "" : "s")\n")
      throw ExitCode(2)
    }
    let stateMachineName = earlier?.machine ?? name ?? loaded.definition.name
    let mocked = try mock.map { try mocks($0, machine: stateMachineName) }
    let others = try otherMachines(loaded, region: services.region, style: style)
    let main = Startable(machine: machine, name: stateMachineName, type: type, loaded: loaded)
    let plan = TaskPlan(machines: [main] + others, rules: rules, services: services, mocked: mocked?.stateNames ?? [])
    for warning in plan.warnings(about: tasks.targets) { Terminal.writeError("\(style.yellow("warning")): --task: \(warning.printable())\n") }

    var actions = services.registry(functions: loaded.definition.functions)
    for other in others {
      actions.register(machine: other.machine, name: other.name, type: other.type)
      rules.register(in: &actions, for: other.machine, with: services.answers)
    }
    actions.register(machine: machine, name: stateMachineName, type: type)
    rules.register(in: &actions, for: machine, with: services.answers)
    if let mocked { actions.intercept(mocked.interceptor()) }
    return PreparedRun(
      main: main, others: others, plan: plan, actions: actions, services: services, style: style, mockedStates: mocked?.stateNames ?? [])
  }

  /// What a new execution is told about itself.
  func settings(for run: PreparedRun) -> ExecutionSettings {
    var generator = SystemRandomNumberGenerator()
    let seed = seed ?? generator.next()
    var random = SeededRandom(seed: seed)
    var settings = ExecutionSettings(
      name: executionName ?? random.uuid(), stateMachineName: run.main.name, region: run.services.region,
      roleArn: role ?? run.main.loaded.definition.roleARN, type: run.main.type, seed: seed)
    if limits == .none { settings.limits = .none }
    settings.incarnation = .incarnation()
    return settings
  }

  /// The machines that this one may start: those of the same template, then those of `--machine`.
  private func otherMachines(_ loaded: DefinitionArguments.Loaded, region: String, style: Style) throws -> [Startable] {
    var others: [Startable] = loaded.others.compactMap { other in
      other.machineIfSound.map { Startable(machine: $0, name: other.definition.name, type: other.definition.type, loaded: other) }
    }
    for named in machines {
      var arguments = definition
      arguments.definition = named.value
      arguments.stateMachine = nil
      let loaded = try arguments.read(region: region, style: style, isLimited: limits == .service)
      guard let machine = loaded.check().machine else { throw CommandProblem("the machine \(named.key) of --machine cannot be run") }
      others.append(Startable(machine: machine, name: named.key, type: loaded.definition.type, loaded: loaded))
    }
    return others
  }

  private func mocks(_ path: String, machine: String) throws -> MockConfiguration {
    let file = try readJSON("@" + path, option: "--mock")
    do throws(MockConfiguration.Problem) {
      let isNamed = file["StateMachines"]?[machine] != nil
      return try MockConfiguration(file, machine: isNamed ? machine : nil, testCase: testCase ?? "")
    } catch {
      throw CommandProblem("\(path): \(error.message)")
    }
  }
}

extension String {
  /// A new `ExecutionSettings.incarnation`. It follows from no seed: a run that is to repeat another one is still a run of its own.
  static func incarnation() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }
}

/// A run that may begin.
struct PreparedRun {
  var main: Startable
  /// The machines that it may start.
  var others: [Startable]
  var plan: TaskPlan
  var actions: ActionRegistry
  var services: RunServices
  var style: Style
  /// The states whose tasks a mock answers.
  var mockedStates: Set<String>
}

/// Why a text cannot be the name of a state machine or an execution; nil when it can.
///
/// Source: AWS Step Functions API Reference, StartExecution, `name`.
func nameProblem(_ name: String) -> String? {
  guard (1...80).contains(name.count) else { return "a name has 1 to 80 characters, \"\(name.prefix(100))\" has \(name.count)" }
  let banned = Set("<>{}[]?*\"#%\\^|~`$&,;:/")
  if let bad = name.first(where: { banned.contains($0) || $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) } }) {
    return "the name \"\(name)\" has the character '\(bad)', which names must not have"
  }
  return nil
}

/// A machine that is run, or that another may start.
struct Startable {
  var machine: StateMachine
  var name: String
  var type: WorkflowType
  var loaded: DefinitionArguments.Loaded
}

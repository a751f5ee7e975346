import ArgumentParser
import DefinitionFiles
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime
import Synchronization
import TaskActions

/// Where AWS calls go.
struct AWSArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Send AWS calls to this region of AWS.", valueName: "REGION"))
  var region: String?

  @Option(help: ArgumentHelp("Send AWS calls to AWS with this profile.", valueName: "NAME"))
  var profile: String?

  @Option(help: ArgumentHelp("Send AWS calls to this endpoint.", valueName: "URL"))
  var endpointUrl: String?

  @Option(help: ArgumentHelp("s3://bucket/key is DIR/bucket/key; by default the definition's folder, unless AWS is named.", valueName: "DIR"))
  var s3Root: String?

  @Option(help: S3Place.help)
  var s3: S3Place?

  @Option(help: ArgumentHelp("Where executions and the data of the local Redshift are kept.", valueName: "DIR"))
  var stateDir: String?

  func validate() throws {
    if s3 != nil && s3Root != nil { throw ValidationError("--s3 and --s3-root both say where S3 is; give one of them") }
  }

  /// Settles where calls go; nothing is started or sent yet.
  ///
  /// AWS must be named for this run: by a flag, or by an endpoint variable. A region or profile that merely stands in the environment
  /// does not send statements to an account.
  /// - Parameter callsAWS: whether tasks may be sent to any service of AWS.
  func resolve(definitionPath: String, callsAWS: Bool = false) throws -> RunServices {
    do throws(AWSConfigurationError) {
      let environment = processEnvironment()
      let named = try NamedAWS(
        environment, AWSClientSettings.Flags(profile: profile, region: region, endpointURL: endpointUrl),
        services: AWSService.standard + (callsAWS ? AWSCalls.services.filter { !AWSService.standard.contains($0) } : []))
      let settings = named?.settings ?? AWSClientSettings(localEndpoint: "", for: [])
      let s3Settings = try s3?.settings(region: region, profile: profile, environment: environment)
      var folder = s3Root
      if folder == nil, s3Settings == nil, case .nothing = settings.target(of: .s3) {
        let slash = definitionPath.lastIndex(of: "/")
        folder = definitionPath == "-" ? "." : slash.map { $0 == definitionPath.startIndex ? "/" : String(definitionPath[..<$0]) } ?? "."
      }
      return RunServices(settings: settings, s3Settings: s3Settings, environment: environment, s3Folder: folder, stateDirectory: stateDir)
    } catch {
      throw CommandProblem(error.message)
    }
  }
}

/// AWS, where something names it for this run: a flag, or an endpoint variable. A region or a profile that merely stands in the environment does not.
struct NamedAWS {
  let configuration: SharedConfiguration
  let settings: AWSClientSettings

  /// Nil when nothing names it.
  init?(_ environment: [String: String], _ flags: AWSClientSettings.Flags, services: [AWSService]) throws(AWSConfigurationError) {
    let isFlagged = flags.region != nil || flags.profile != nil || flags.endpointURL != nil
    guard isFlagged || environment.contains(where: { $0.key.hasPrefix("AWS_ENDPOINT_URL") && !$0.value.isEmpty }) else { return nil }
    configuration = try SharedConfiguration(environment: environment, profile: flags.profile)
    settings = try AWSClientSettings(
      flags: flags, configuration: configuration, services: services, reach: isFlagged ? .everywhere : .endpointsOfVariables)
  }
}

/// What the standard actions of one run work with. The local Redshift endpoint starts at the first call that needs it.
final class RunServices: Sendable {
  let settings: AWSClientSettings
  /// Those for S3, which `--s3` may put elsewhere.
  let s3Settings: AWSClientSettings
  let environment: [String: String]
  let s3Folder: String?
  let runningStatements = RunningStatements()
  private let local: LocalRedshift
  /// Takes notes for whoever watches the run.
  let notes: RunNotes
  /// The programs of this user that answer tokens.
  let programs: RunningPrograms
  private let transport = HTTPClient()
  /// Programs that answer tasks.
  let runner = CommandRunner()
  /// Calls of tasks that are sent to AWS.
  let calls: AWSCalls

  /// When this program went on with executions of an earlier one; nil when it did not.
  private let resumption = Mutex<Timestamp?>(nil)

  static let lambdaInvoke = "arn:aws:states:::lambda:invoke"

  init(
    settings: AWSClientSettings, s3Settings: AWSClientSettings? = nil, environment: [String: String], s3Folder: String?, stateDirectory: String?
  ) {
    self.settings = settings
    let s3Settings = s3Settings ?? settings
    self.s3Settings = s3Settings
    self.environment = environment
    self.s3Folder = s3Folder
    calls = AWSCalls(settings: settings, transport: transport)
    let notes = RunNotes()
    self.notes = notes
    local = LocalRedshift(stateDirectory: stateDirectory, s3Folder: s3Folder, s3Settings: s3Settings, notes: notes)
    programs = RunningPrograms(stateFolder: local.folder)
  }

  /// The region that ARNs name.
  var region: String { settings.target(of: .redshiftData).region ?? "us-east-1" }

  /// Whether Redshift statements stay on this machine, in an endpoint of our own.
  private var isLocal: Bool { if case .nothing = settings.target(of: .redshiftData) { true } else { false } }

  /// Where Redshift statements go, in words for the trace.
  var redshiftPlace: String {
    switch settings.target(of: .redshiftData) {
    case .nothing: "Redshift: local endpoint on a private PostgreSQL in \(local.folder)\(s3OfCopies.map { "; \($0)" } ?? "")"
    case .aws(let url, _, let origin): "Redshift: AWS, \(url) (named by \(origin))"
    case .endpoint(let url, _, let origin): "Redshift: \(url) (named by \(origin))"
    case .incomplete(let why, _): "Redshift: \(why)"
    }
  }

  /// Where the local Redshift's COPY and UNLOAD find S3, when that is no folder.
  private var s3OfCopies: String? {
    if s3Folder != nil { return nil }
    if case .nothing = s3Settings.target(of: .s3) { return nil }
    return s3Settings.s3Words
  }

  /// Whether a machine may send statements to Redshift: by an integration, or by the function that does.
  func usesRedshift(_ machine: StateMachine) -> Bool {
    machine.states.contains { state in
      guard case .task(let task) = state else { return false }
      if ["aws-sdk:redshiftdata", "redshift-data"].contains(task.resource.resourceType) { return true }
      return StandardActions.functionNames.contains { task.resource.arn.contains($0) || task.work.parameters?.mentions($0) == true }
    }
  }

  /// What the answers of rules work with.
  var answers: AnswerServices { AnswerServices(runner: runner, environment: environment, transport: transport, calls: calls) }

  /// Who answers a function that comes with the program, in words; nil for any other.
  func ownFunction(_ name: String) -> (words: String, isOutside: Bool)? {
    StandardActions.functionNames.contains(name) ? ("in process; \(redshiftPlace)", !isLocal) : nil
  }

  /// Who answers an integration that comes with the program, in words; nil for any other.
  func ownIntegration(_ resource: String) -> (words: String, isOutside: Bool)? {
    guard StandardActions.resourceNames.contains(resource) else { return nil }
    guard resource.contains(":aws-sdk:s3:") else { return (redshiftPlace, !isLocal) }
    if let s3Folder { return ("S3: the folder \(s3Folder)", false) }
    if case .nothing = s3Settings.target(of: .s3) { return (s3Settings.s3Words, false) }
    return (s3Settings.s3Words, true)
  }

  /// Whether an execution has submitted statements that are not known to have ended. Right after a submission this holds.
  func hasStatements(_ executionArn: String) -> Bool { !runningStatements.ids(of: executionArn).isEmpty }

  /// From this moment of the engine's clock, which must be real time, this program goes on with executions of an earlier one: calls that were
  /// scheduled before have an age.
  func resume(at moment: Timestamp) { resumption.withLock { $0 = moment } }

  private func age(of call: TaskCall) -> Duration {
    guard let moment = resumption.withLock({ $0 }), call.scheduledAt < moment else { return .zero }
    return .microseconds(max(0, Timestamp.now.microseconds - call.scheduledAt.microseconds))
  }

  /// Ends what must not outlive this process, at once.
  func abandon() { runner.killAll() }

  /// All actions that come with the program.
  /// - Parameter functions: what the template declares; the environment of `redshift_batch_data_api` is taken from there.
  func registry(functions: [DeclaredFunction]) -> ActionRegistry {
    let batch = RedshiftBatchSettings(
      function: functions.first { StandardActions.functionNames.contains($0.name) }?.environment ?? [:], process: environment)
    let objects = S3Objects(mapping: s3Folder.map { S3Mapping(folder: $0) }, client: S3Client(settings: s3Settings, transport: transport))
    let (settings, running, transport, local, isLocal) = (settings, runningStatements, transport, local, isLocal)
    let standard = OnceAvailable { () throws(TaskFailure) in
      let redshift = isLocal ? AWSClientSettings(localEndpoint: try await local.url(), for: [.redshiftData]) : settings
      return StandardActions(
        ActionServices(
          redshiftData: RedshiftDataClient(settings: redshift, transport: transport), runningStatements: running,
          objects: objects, batchSettings: batch,
          age: { [weak self] call in self?.age(of: call) ?? .zero }))
    }
    var registry = ActionRegistry()
    registry.objectStore = objects
    for resource in StandardActions.resourceNames {
      registry.register(resource: resource, DeferredAction { () throws(TaskFailure) in try await standard.value().action(forResource: resource) })
    }
    for name in StandardActions.functionNames {
      registry.register(function: name, DeferredAction { () throws(TaskFailure) in try await standard.value().action(forFunction: name) })
    }
    return registry
  }

  /// Lets go of what a run held: its statements are cancelled unless it ended by itself and no task waited for them, the local endpoint stops.
  func close(_ executionArn: String, isEnded: Bool) async {
    await runner.close()
    let own = isEnded ? [] : await runningStatements.cancelAll(of: executionArn)
    // Those of executions that this one has started, and of a distributed Map's.
    let others = await runningStatements.release()
    for cancellation in own + others {
      let outcome = cancellation.failure.map { "may still run: \($0)" } ?? "cancelled"
      Terminal.writeError("statement \(cancellation.id) \(outcome)\n")
    }
    await local.stop()
  }
}

/// What a run tells on the way, in a sentence; a trace shows it above its lines.
final class RunNotes: Sendable {
  private let handler = Mutex<@Sendable (String) -> Void>({ Terminal.writeError($0 + "\n") })

  func show(with handler: @escaping @Sendable (String) -> Void) { self.handler.withLock { $0 = handler } }

  func tell(_ note: String) {
    let handler = handler.withLock(\.self)
    handler("note: " + note)
  }
}

/// A value that is made once, at its first use.
actor OnceAvailable<Value: Sendable> {
  private let make: @Sendable () async throws(TaskFailure) -> Value
  private var task: Task<Result<Value, TaskFailure>, Never>?

  init(_ make: @escaping @Sendable () async throws(TaskFailure) -> Value) { self.make = make }

  func value() async throws(TaskFailure) -> Value {
    let current =
      task
      ?? Task { [make] in
        do throws(TaskFailure) { return .success(try await make()) } catch { return .failure(error) }
      }
    task = current
    return try await current.value.get()
  }
}

/// An action that is looked up when it is first called.
struct DeferredAction: TaskAction {
  let action: @Sendable () async throws(TaskFailure) -> any TaskAction
  init(_ action: @escaping @Sendable () async throws(TaskFailure) -> any TaskAction) { self.action = action }

  func run(_ call: TaskCall, _ reporter: TaskReporter) async throws(TaskFailure) -> JSONValue {
    try await action().run(call, reporter)
  }
}

import ArgumentParser
import ExecutionReplay
import JSONTypes
import StatesInterpreter
import StatesLanguage

struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run a definition against a recorded history, and show the first difference.",
    usage: "sfn-local replay FILE HISTORY [OPTIONS]",
    discussion: """
      HISTORY is the ID of an execution that is kept, or a file: what `aws stepfunctions get-execution-history` or \
      `sfn-local run --aws-history` prints, or the lines of `sfn-local run --json`. It supplies the results of all tasks; nothing is called, and no time passes. Exit codes: 0 no difference, 1 a difference, 2 a file \
      cannot be read.
      """)

  @OptionGroup var definition: DefinitionArguments

  @Argument(help: ArgumentHelp("A kept execution, or a file with a recorded history; - for standard input.", valueName: "HISTORY"))
  var history: String

  @OptionGroup var store: StoreArguments

  @Option(
    help: ArgumentHelp(
      "Go on after differences of this kind: parameters and deadlines of tasks, their resource, errors' names and causes, lengths of waits, other data. Repeatable.",
      valueName: "KIND"))
  var ignore: [IgnoredKind] = []

  @Flag(help: "The same as --ignore parameters.")
  var ignoreParameters = false

  @Option(help: ArgumentHelp("The history is that of a child of the Map Run of this state; of a kept child it is known.", valueName: "STATE"))
  var childOf: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Start with this input instead of the recorded one: JSON, @FILE, or - for standard input.", valueName: "JSON"))
  var input: String?

  @Flag(help: "Print a report as JSON.")
  var json = false

  @Option(help: ArgumentHelp("STANDARD or EXPRESS; by default what the template says.", valueName: "TYPE"))
  var type: TypeChoice?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  /// What `--ignore` takes.
  enum IgnoredKind: String, ExpressibleByArgument, CaseIterable {
    case parameters, resource, error, timing, data

    var kind: ReplayDifference.Kind {
      switch self {
      case .parameters: .parameters
      case .resource: .resource
      case .error: .error
      case .timing: .timing
      case .data: .data
      }
    }
  }

  func validate() throws {
    let readers = [("the definition", definition.definition == "-"), ("the history", history == "-"), ("the input", input == "-")].filter(\.1)
    if readers.count > 1 { throw ValidationError("\(readers[0].0) and \(readers[1].0) cannot both come from standard input") }
  }

  func run() async throws {
    ignoreBrokenPipes()
    let style = Style(color)
    let loaded = try definition.read(region: "us-east-1", style: style)
    let source = try HistorySource.load(history, store: store)
    let type = type?.type ?? source.execution?.settings.type ?? loaded.definition.type
    let (machine, errors, _) = loaded.check(type: type)
    guard let machine else {
      Terminal.writeError("\(style.boldRed("error")): the definition cannot be run: \(errors) error\(errors == 1 ? "" : "s")\n")
      throw ExitCode(2)
    }
    let recording: Recording
    do throws(RecordingError) {
      recording = try Recording(source.history)
    } catch {
      throw CommandProblem("\(source.name): \(error.message)")
    }
    source.printNotes(style)
    let subMachine = try (childOf ?? source.mapRunState).map { try itemProcessor(of: $0, in: machine) } ?? 0
    var options = Replay.Options()
    options.ignored = Set(ignore.map(\.kind) + (ignoreParameters ? [.parameters] : []))
    options.input = try input.map { try readJSON($0, option: "--input") }
    // With the name and seed of a kept execution its random values come again.
    var settings = source.execution?.settings ?? ExecutionSettings(
      name: "replay", stateMachineName: loaded.definition.name, roleArn: recording.roleARN ?? loaded.definition.roleARN, type: type)
    settings.type = type
    var replay = Replay(of: machine, subMachine: subMachine, settings: settings, recording: recording, options: options)
    let report = replay.run()
    let text = ReplayText(machine: machine, source: loaded.source, style: style)
    if json {
      Terminal.writeOutput(text.json(report).jsonText + "\n")
    } else {
      Terminal.writeOutput(text.text(report))
    }
    if report.difference != nil { throw ExitCode(1) }
  }

  private func itemProcessor(of name: String, in machine: StateMachine) throws -> Int {
    let maps = machine.states.compactMap { state -> (String, Int)? in
      guard case .map(let map) = state, map.distributed != nil else { return nil }
      return (map.common.name, map.itemProcessor)
    }
    if let found = maps.first(where: { $0.0 == name }) { return found.1 }
    let known = maps.isEmpty ? "the definition has no distributed Map" : "distributed Maps: \(maps.map(\.0).joined(separator: ", "))"
    if childOf == nil { throw CommandProblem("the execution is a child of the distributed Map \"\(name)\"; \(known); name its Map with --child-of") }
    throw CommandProblem("--child-of names \"\(name)\", which is no distributed Map; \(known)")
  }
}

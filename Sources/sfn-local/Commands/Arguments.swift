import ArgumentParser
import DefinitionFiles
import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// `KEY=VALUE` on the command line.
struct KeyValue: ExpressibleByArgument {
  var key: String
  var value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
    key = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }
}

/// `real`, `virtual`, or `x50` for fifty times as fast.
struct ClockChoice: ExpressibleByArgument {
  var clock: EngineClock

  init(_ clock: EngineClock) { self.clock = clock }

  init?(argument: String) {
    switch argument {
    case "real": clock = .real
    case "virtual": clock = .virtual
    default:
      guard argument.hasPrefix("x"), let factor = Double(argument.dropFirst()), factor > 0, factor <= 1_000_000 else { return nil }
      clock = .scaled(by: factor)
    }
  }

  var defaultValueDescription: String { "real" }
}

/// `STANDARD` or `EXPRESS`, in letters of any case.
struct TypeChoice: ExpressibleByArgument {
  var type: WorkflowType
  init?(argument: String) {
    guard let type = WorkflowType(rawValue: argument.uppercased()) else { return nil }
    self.type = type
  }
}

/// A moment in RFC 3339.
struct TimestampArgument: ExpressibleByArgument {
  var timestamp: Timestamp
  init?(argument: String) {
    guard let timestamp = Timestamp(iso8601: argument) else { return nil }
    self.timestamp = timestamp
  }
}

extension Style.Choice: ExpressibleByArgument {}

enum LimitsChoice: String, CaseIterable, ExpressibleByArgument { case service, none }

/// Which definition is meant, and what it is told.
struct DefinitionArguments: ParsableArguments {
  @Argument(help: "The definition: ASL in JSON or YAML, or a CloudFormation or SAM template; - reads standard input.")
  var definition: String

  @Option(name: .customLong("parameter"), help: ArgumentHelp("A parameter of the template; repeatable.", valueName: "KEY=VALUE"))
  var parameters: [KeyValue] = []

  @Option(name: .customLong("substitution"), help: ArgumentHelp("What stands for ${KEY} in the definition; repeatable.", valueName: "KEY=VALUE"))
  var substitutions: [KeyValue] = []

  @Option(help: ArgumentHelp("The state machine, where a template holds several.", valueName: "LOGICAL_ID"))
  var stateMachine: String?

  /// A definition that was read, with the findings about it and the text that they point into.
  struct Loaded {
    var definition: LoadedDefinition
    var source: DiagnosticText
    /// The other state machines of the same template.
    var others: [Loaded] = []
    /// The file's warnings about placeholders, which `check` prints unless they are errors there.
    var openPlaceholders: [Diagnostic] = []
  }

  /// Reads the definition that is meant. What is wrong with the file has been printed.
  /// - Parameter isLimited: whether AWS's limit on the size of a definition holds.
  /// - Throws: `ExitCode` 2 or a `CommandProblem` when there is none.
  func read(region: String, style: Style, isLimited: Bool = true) throws -> Loaded {
    try load(region: region, style: style, isLimited: isLimited) { Terminal.writeError($0) }
  }

  /// The definition that is meant, where it can be read; nothing is printed.
  func readQuietly(region: String, style: Style) -> Loaded? {
    if definition == "-" { return nil }
    do { return try load(region: region, style: style, isLimited: false) { _ in } } catch { return nil }
  }

  private func load(region: String, style: Style, isLimited: Bool, report: (String) -> Void) throws -> Loaded {
    var options = LoadOptions()
    options.parameters = Dictionary(parameters.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    options.substitutions = Dictionary(substitutions.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    options.stateMachine = stateMachine
    options.region = region
    if !isLimited { options.limits.definitionSizeInBytes = .max }
    let path = definition == "-" ? "<stdin>" : definition
    let text = definition == "-" ? String(decoding: Terminal.readInput(), as: UTF8.self) : try readText(definition, options)
    let file = DefinitionFile.load(path: path, text: text, options: options)
    let source = DiagnosticText(path: path, source: text, style: style)
    // Whether an open placeholder stops a run is known when the definition is checked.
    let isOpen = { (diagnostic: Diagnostic) in diagnostic.code == "substitution-open" && diagnostic.severity == .warning }
    for diagnostic in file.diagnostics where diagnostic.severity != .advice && !isOpen(diagnostic) { report(source.text(diagnostic)) }
    if file.diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode(2) }
    let loaded: LoadedDefinition
    do throws(DefinitionChoiceError) {
      loaded = try file.definition(withID: stateMachine)
    } catch {
      throw CommandProblem(error.message)
    }
    func placed(_ definition: LoadedDefinition) throws -> Loaded {
      if definition.path == path { return Loaded(definition: definition, source: source) }
      return Loaded(definition: definition, source: DiagnosticText(path: definition.path, source: try readText(definition.path, options), style: style))
    }
    var result = try placed(loaded)
    result.openPlaceholders = file.diagnostics.filter(isOpen)
    var all = file.definitions
    if stateMachine != nil {
      // The one that was chosen was loaded alone. What is wrong with the others is no matter of this run.
      options.stateMachine = nil
      all = DefinitionFile.load(path: path, text: text, options: options).definitions
    }
    result.others = all.filter { $0.logicalID != loaded.logicalID }.compactMap { try? placed($0) }
    return result
  }

  private func readText(_ path: String, _ options: LoadOptions) throws -> String {
    do throws(FileReadError) {
      return String(decoding: try options.readFile(path, options.limits.fileSizeInBytes), as: UTF8.self)
    } catch {
      throw CommandProblem("cannot read the definition \(path): \(error.message)")
    }
  }
}

extension DefinitionArguments.Loaded {
  /// The machine, of a definition that is run only if another one starts it: nothing is printed.
  var machineIfSound: StateMachine? {
    guard !definition.diagnostics.contains(where: { $0.severity == .error }), let root = definition.definition else { return nil }
    let parsed = StateMachineParser.parse(root, type: definition.type)
    return parsed.diagnostics.contains(where: { $0.severity == .error }) ? nil : parsed.machine
  }

  /// Checks the definition and prints what is wrong with it.
  /// - Parameter type: the type of workflow; by default what the file says.
  /// - Returns: the machine, nil when there is an error, with the numbers of errors and warnings.
  func check(type: WorkflowType? = nil) -> (machine: StateMachine?, errors: Int, warnings: Int) {
    let parsed = definition.definition.map { StateMachineParser.parse($0, type: type ?? definition.type) }
    let problems = parsed?.problems ?? []
    // A placeholder without a value is a warning of the file's, and here an error at the same place.
    let diagnostics = (openPlaceholders + definition.diagnostics).filter { found in
      found.severity == .error || !problems.contains { $0.code == found.code && $0.message == found.message }
    } + problems
    for diagnostic in diagnostics where diagnostic.severity != .advice { Terminal.writeError(source.text(diagnostic)) }
    let errors = diagnostics.filter { $0.severity == .error }.count
    let warnings = diagnostics.filter { $0.severity == .warning }.count
    return (errors == 0 ? parsed?.machine : nil, errors, warnings)
  }
}

/// Reads a JSON value given as text, as `@FILE`, or as `-` for standard input.
func readJSON(_ argument: String, option: String) throws -> JSONValue {
  let bytes: [UInt8]
  var place = option
  if argument == "-" {
    bytes = Terminal.readInput()
    place = "standard input"
  } else if argument.hasPrefix("@") {
    place = String(argument.dropFirst())
    do throws(FileReadError) {
      bytes = try FileReaders.disk(place, 64 << 20)
    } catch {
      throw CommandProblem("cannot read \(place) for \(option): \(error.message)")
    }
  } else {
    bytes = Array(argument.utf8)
  }
  do throws(JSONSyntaxError) {
    return try JSONValue(parsing: bytes)
  } catch {
    let hint = option == place ? "; give a JSON text, @FILE, or - for standard input" : ""
    throw CommandProblem("\(place):\(error.line):\(error.column): not JSON: \(error.message)\(hint)")
  }
}

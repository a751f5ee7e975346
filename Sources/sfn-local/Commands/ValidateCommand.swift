import ArgumentParser
import DefinitionFiles
import JSONTypes
import StatesAnalysis
import StatesLanguage

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check definitions; exit code 0 clean, 1 errors found, 2 something could not be read.",
    discussion: """
      Reads ASL in JSON and YAML, CloudFormation, SAM and CDK templates, Serverless Framework files, Terraform files and plans. \
      sfn-local explain CODE tells more about a finding.
      """)

  @Argument(help: ArgumentHelp("Files, folders, or - for standard input; by default all below this folder.", valueName: "path"))
  var paths: [String] = []

  @Option(help: ArgumentHelp("STANDARD or EXPRESS; by default what the template says.", valueName: "TYPE"))
  var type: TypeChoice?

  @Flag(help: "Give advice, too: what works, but could be better. JSON always has it.")
  var advice = false

  @Flag(help: "Warnings fail the check.")
  var strict = false

  @Option(help: ArgumentHelp("text, json, sarif, github or junit.", valueName: "FORMAT"))
  var format: FindingReport.Format = .text

  @Flag(help: "Mend what is safe to mend, in the files.")
  var fix = false

  @Flag(help: "Show what --fix would change; exit code 1 if anything.")
  var diff = false

  @Flag(help: "Print the answer of AWS's ValidateStateMachineDefinition.")
  var aws = false

  @Option(name: .customLong("as"), help: ArgumentHelp("What standard input is: json, yaml, terraform. Told by its content by default.", valueName: "KIND"))
  var kind: InputKind?

  @Option(name: .customLong("parameter"), help: ArgumentHelp("A parameter of a template; repeatable.", valueName: "KEY=VALUE"))
  var parameters: [KeyValue] = []

  @Option(name: .customLong("substitution"), help: ArgumentHelp("What stands for ${KEY} in the definition; repeatable.", valueName: "KEY=VALUE"))
  var substitutions: [KeyValue] = []

  @Option(help: ArgumentHelp("The only state machine of a template to check.", valueName: "LOGICAL_ID"))
  var stateMachine: String?

  @Option(help: ArgumentHelp("An input that executions get: JSON, @FILE or -; findings then hold for it.", valueName: "JSON"))
  var input: String?

  @Option(help: ArgumentHelp("The configuration file; by default .sfn-local.json or .sfn-local.yaml from each file's folder upwards.", valueName: "FILE"))
  var config: String?

  @Flag(help: "Read no configuration file.")
  var noConfig = false

  @Option(help: ArgumentHelp("How many findings of one file are shown (50 in text and for GitHub).", valueName: "NUMBER"))
  var maxFindings: Int?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  enum InputKind: String, CaseIterable, ExpressibleByArgument { case json, yaml, terraform }

  func validate() throws {
    if fix, diff { throw ValidationError("--fix and --diff exclude each other.") }
    if fix || diff, paths.contains("-") { throw ValidationError("--fix and --diff change files; standard input is none.") }
    if kind != nil, !paths.contains("-") { throw ValidationError("--as tells what standard input is; give - to read it.") }
    if input == "-", paths.contains("-") { throw ValidationError("standard input cannot be the definition and the input.") }
    if let maxFindings, maxFindings < 1 { throw ValidationError("--max-findings takes a number from 1.") }
  }

  func run() throws {
    ignoreBrokenPipes()
    let options = try checkOptions()
    if fix || diff {
      let changes = try repair(options)
      if diff { throw ExitCode(changes ? 1 : 0) }
    }
    var report = FindingReport(files: check(options), isStrict: strict)
    guard !report.files.isEmpty else {
      let place = paths.isEmpty ? "this folder" : paths.map { $0.printable() }.joined(separator: ", ")
      throw CommandProblem("found no definition below \(place); name the files, or call them *.asl.json")
    }
    report.limit = maxFindings ?? (format == .text || format == .github ? 50 : .max)
    if aws {
      Terminal.writeOutput(report.aws.prettyText + "\n")
    } else {
      switch format {
      case .text:
        Terminal.writeOutput(report.text(Style(color, for: .output)))
        if report.files.allSatisfy(\.findings.isEmpty) { Terminal.writeOutput(report.summary) } else { Terminal.writeError(report.summary) }
      case .json: Terminal.writeOutput(report.json.prettyText + "\n")
      case .sarif: Terminal.writeOutput(report.sarif(version: SfnLocal.configuration.version).prettyText + "\n")
      case .github:
        Terminal.writeOutput(report.github)
        Terminal.writeError(report.summary)
      case .junit: Terminal.writeOutput(report.junit)
      }
    }
    if report.exitCode != 0 { throw ExitCode(report.exitCode) }
  }

  private func checkOptions() throws -> CheckOptions {
    var options = CheckOptions()
    options.load.parameters = Dictionary(parameters.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    options.load.substitutions = Dictionary(substitutions.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    options.load.stateMachine = stateMachine
    options.type = type?.type
    // A program that reads JSON can tell by the severity what it is given.
    let givesAdvice = advice || (format == .json && !aws)
    options.givesAdvice = givesAdvice
    options.looksForConfiguration = !noConfig
    let input = try input.map { try readJSON($0, option: "--input") }
    options.check = { DefinitionCheck.check($0, type: $1, input: input, includesAdvice: givesAdvice) }
    if let config {
      do throws(FileReadError) {
        let text = String(decoding: try options.load.readFile(config, options.load.limits.fileSizeInBytes), as: UTF8.self)
        options.configuration = CheckConfiguration(path: config, text: text)
      } catch {
        throw CommandProblem("cannot read the configuration \(config): \(error.message)")
      }
    }
    return options
  }

  private func check(_ options: CheckOptions) -> [CheckedFile] {
    var checker = DefinitionChecker(options)
    for path in paths.isEmpty ? ["."] : paths {
      if path == "-" {
        let bytes = Terminal.readInput()
        checker.check(path: "<stdin>", bytes: bytes, kind: kind?.fileName)
      } else {
        checker.check(path: path)
      }
    }
    // The program ends after its report. Taking the trees of the last file apart before, node by node, would take as long as a third of reading it.
    defer { Self.leave(checker) }
    return checker.results
  }

  private static func leave(_ checker: DefinitionChecker) {
    final class Kept { let checker: DefinitionChecker; init(_ checker: DefinitionChecker) { self.checker = checker } }
    _ = Unmanaged.passRetained(Kept(checker))
  }

  // MARK: Mending

  /// Mends the files, or shows what would change. A repair may allow another one, so it goes on while something changes.
  /// - Returns: whether anything changes.
  private func repair(_ options: CheckOptions) throws -> Bool {
    var options = options
    var mended: [String: (old: String, new: String)] = [:]
    var count = 0
    let read = options.load.readFile
    for _ in 0..<10 {
      let texts = mended.mapValues { Array($0.new.utf8) }
      options.load.readFile = { (path, limit) throws(FileReadError) in
        if let bytes = texts[path] { return bytes }
        return try read(path, limit)
      }
      var isChanged = false
      for file in check(options) {
        guard let text = file.text, let repaired = RepairedText.apply(file.findings.map(\.diagnostic), to: text) else { continue }
        mended[file.path] = (mended[file.path]?.old ?? text, repaired.text)
        count += repaired.fixes.count
        isChanged = true
      }
      if !isChanged { break }
    }
    for (path, texts) in mended.sorted(by: { $0.key < $1.key }) {
      if diff {
        Terminal.writeOutput(TextDifference.unified(texts.old, texts.new, path: path.printable()).printable(keepingLines: true))
      } else if let problem = replaceFile(path, with: texts.new) {
        throw CommandProblem("cannot write \(path): \(problem)")
      }
    }
    if !diff, count > 0 {
      Terminal.writeError("mended \(FindingReport.counted(count, "finding")) in \(FindingReport.counted(mended.count, "file"))\n")
    }
    return !mended.isEmpty
  }
}

extension FindingReport.Format: ExpressibleByArgument {}

extension ValidateCommand.InputKind {
  var fileName: String {
    switch self {
    case .json: "stdin.json"
    case .yaml: "stdin.yaml"
    case .terraform: "stdin.tf"
    }
  }
}

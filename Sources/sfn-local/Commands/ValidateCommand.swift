import ArgumentParser
import StatesLanguage

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check a definition; exit code 0 clean, 1 errors found, 2 it could not be read.")

  @OptionGroup var definition: DefinitionArguments

  @Option(help: ArgumentHelp("STANDARD or EXPRESS; by default what the template says.", valueName: "TYPE"))
  var type: TypeChoice?

  @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "WHEN"))
  var color: Style.Choice = .auto

  func run() throws {
    ignoreBrokenPipes()
    let style = Style(color)
    let loaded = try definition.read(region: "us-east-1", style: style)
    let (_, errors, warnings) = loaded.check(type: type?.type)
    if errors == 0, warnings == 0 {
      Terminal.writeOutput("\(loaded.definition.path.printable()): no problems found\n")
      return
    }
    let counts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    Terminal.writeError("\(loaded.definition.path.printable()): \(counts.joined(separator: ", "))\n")
    if errors > 0 { throw ExitCode(1) }
  }
}

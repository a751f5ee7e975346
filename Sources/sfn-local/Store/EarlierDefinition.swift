import DefinitionFiles
import JSONTypes
import StatesLanguage

/// The definition that an execution goes on with when it is taken up again.
struct EarlierDefinition {
  enum Text {
    /// What it was started with, as JSON. The file may have changed since, or be gone.
    case kept(String)
    /// An edited one, in a file.
    case edited(path: String)
  }

  var text: Text
  var type: WorkflowType
  /// The name of the state machine.
  var machine: String
  /// Whether another execution has started it: its definition is then not that of the command, but one that the command may know as well.
  var isChild: Bool
  /// How the execution is called, for messages.
  var execution: String

  /// The file where it says the same, so that messages point into it; else the text that was kept.
  func load(_ arguments: DefinitionArguments, region: String, style: Style) throws -> DefinitionArguments.Loaded {
    var loaded: DefinitionArguments.Loaded
    switch text {
    case .edited(let path):
      var edited = arguments
      edited.definition = path
      loaded = try edited.read(region: region, style: style)
    case .kept(let text):
      let file = arguments.readQuietly(region: region, style: style)
      let known = file.map { [$0] + (isChild ? $0.others : []) } ?? []
      if let same = known.first(where: { $0.definition.definition?.value.jsonText == text }) {
        loaded = same
        loaded.others = known.filter { $0.definition.logicalID != same.definition.logicalID }
        if !isChild { loaded.others = same.others }
        loaded.definition.name = machine
        return loaded
      }
      loaded = try kept(text, style: style)
      if let file {
        loaded.definition.roleARN = file.definition.roleARN
        loaded.definition.functions = file.definition.functions
        loaded.others = file.others
      }
      if !isChild, arguments.definition != "-" {
        Terminal.writeError(
          "\(style.yellow("note")): \(arguments.definition.printable()) \(file == nil ? "cannot be read any more" : "has changed since"); the execution goes on with the definition that it was started with\n")
      }
    }
    loaded.definition.name = machine
    return loaded
  }

  private func kept(_ text: String, style: Style) throws -> DefinitionArguments.Loaded {
    let path = "<definition of \(execution)>"
    let shown = pretty(text)
    guard let definition = DefinitionFile.load(path: path, text: shown, options: LoadOptions()).definitions.first else {
      throw CommandProblem("the definition that is kept with \(execution) cannot be read")
    }
    return DefinitionArguments.Loaded(definition: definition, source: DiagnosticText(path: path, source: shown, style: style))
  }

  private func pretty(_ text: String) -> String {
    do throws(JSONSyntaxError) { return try JSONValue(parsing: text).prettyText + "\n" } catch { return text }
  }
}

import JSONTypes
public import StatesLanguage

/// Why a definition cannot be run. Its description has one line for each finding, as the command line prints them.
public struct InvalidDefinition: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file as it was named; for a text the name that it was given.
  public var path: String
  /// What is wrong, in the order of the places; at least one error.
  public var diagnostics: [Diagnostic]

  public init(path: String, diagnostics: [Diagnostic]) {
    self.path = path
    self.diagnostics = diagnostics
  }

  /// `orders.asl.json:14:15: error: Next names the state "Chekc", which does not exist here; did you mean "Check"? [unknown-next]`
  public var description: String {
    diagnostics.map { diagnostic in
      let hint = diagnostic.suggestion.map { "; did you mean \"\($0)\"?" } ?? ""
      let place = diagnostic.range.lowerBound
      return "\(path):\(place.line):\(place.column): \(diagnostic.severity.rawValue): \(diagnostic.message)\(hint) [\(diagnostic.code)]"
    }.joined(separator: "\n")
  }
}

extension StateMachine {
  /// Reads a file and the one state machine in it, ready to run: ASL in JSON or YAML, or a CloudFormation or SAM template.
  ///
  /// - Parameter options: parameters and substitutions; `options.stateMachine` chooses where a template holds several.
  /// - Throws: `InvalidDefinition` with everything that is wrong. Warnings alone do not throw; `DefinitionFile.load` tells them too.
  public static func load(path: String, options: LoadOptions = LoadOptions()) throws(InvalidDefinition) -> StateMachine {
    try machine(in: .load(path: path, options: options), options)
  }

  /// Reads a text; what it carries is told by its content, then by the name.
  ///
  /// - Parameter name: stands in messages in place of a path.
  /// - Throws: `InvalidDefinition` with everything that is wrong.
  public static func load(
    text: String, name: String = "definition.asl.json", options: LoadOptions = LoadOptions()
  ) throws(InvalidDefinition) -> StateMachine {
    try machine(in: .load(path: name, text: text, options: options), options)
  }

  private static func machine(in file: DefinitionFile, _ options: LoadOptions) throws(InvalidDefinition) -> StateMachine {
    guard !file.diagnostics.contains(where: { $0.severity == .error }) else { throw InvalidDefinition(path: file.path, diagnostics: file.diagnostics) }
    let chosen: LoadedDefinition
    do throws(DefinitionChoiceError) {
      chosen = try file.definition(withID: options.stateMachine)
    } catch {
      throw InvalidDefinition(path: file.path, diagnostics: [Diagnostic("no-single-state-machine", error.message, at: .start)])
    }
    let parsed = chosen.definition.map { StateMachineParser.parse($0, type: chosen.type) }
    guard let machine = parsed?.machine, !chosen.diagnostics.contains(where: { $0.severity == .error }) else {
      throw InvalidDefinition(path: chosen.path, diagnostics: chosen.diagnostics + (parsed?.problems ?? []))
    }
    return machine
  }
}

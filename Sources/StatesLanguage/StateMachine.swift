public import JSONPath
package import JSONTypes

/// A checked and compiled definition: states are numbers into one array, paths and templates are parsed.
///
/// Immutable, and shared by all its executions.
///
/// Spec: Amazon States Language, "Structure of a State Machine".
public final class StateMachine: Sendable {
  public let comment: String?
  /// Seconds that an execution may take; nil for no limit.
  public let timeoutSeconds: Int?
  public let version: String?
  /// Every state of the machine, those of branches and item processors included.
  public let states: [State]
  /// The machine itself first, then every branch and item processor.
  public let subMachines: [SubMachine]

  /// The longest definition in bytes of UTF-8 that the service takes.
  public static let maximumDefinitionBytes = 1_048_576
  /// The longest name of a state, in characters.
  public static let maximumNameLength = 80
  /// The variable that Step Functions itself fills in; no state may assign it.
  public static let reservedVariable = "states"

  init(comment: String?, timeoutSeconds: Int?, version: String?, states: [State], subMachines: [SubMachine]) {
    self.comment = comment
    self.timeoutSeconds = timeoutSeconds
    self.version = version
    self.states = states
    self.subMachines = subMachines
  }

  /// The state that an execution enters first.
  public var startAt: Int { subMachines[0].startAt }

  /// The state with this name, wherever it stands; names are unique in one machine.
  public func state(named name: String) -> State? { states.first { $0.name == name } }
}

/// A `StartAt` with its `States`: the machine itself, a branch of a Parallel state, or the item processor of a Map state.
public struct SubMachine: Sendable {
  public var startAt: Int
  /// The Parallel or Map state that it belongs to; nil for the machine itself.
  public var owner: Int?
}

/// The language of a state's expressions.
public enum QueryLanguage: String, Sendable, CaseIterable { case jsonPath = "JSONPath", jsonata = "JSONata" }

extension QueryLanguage {
  /// The language that a `QueryLanguage` field names, or was to name: a slip in the word is one finding, and none about every field that follows.
  package init?(meantBy node: SyntaxNode?) {
    guard let text = node?.text, let language = QueryLanguage(rawValue: text) ?? text.closest(among: Self.allCases.map(\.rawValue)).flatMap({ QueryLanguage(rawValue: $0) })
    else { return nil }
    self = language
  }
}

/// What follows a state.
public enum Transition: Sendable, Hashable {
  case next(Int)
  case end
}

/// `InputPath` and `OutputPath`: absent or `$`, null, or a path.
public enum PathField: Sendable {
  case whole
  /// `null`: an empty object takes the place of the data.
  case discard
  case path(PathExpression)
}

/// `ResultPath`: absent or `$`, null, or a reference path.
public enum ResultPathField: Sendable {
  /// The result replaces the input.
  case whole
  /// `null`: the result is dropped and the input goes on.
  case discard
  case path(ReferencePath)
}

/// A number written out, or read from the data when the state runs.
public enum NumberField: Sendable {
  case literal(Double)
  case path(PathExpression)
  case expression(JSONataTemplate)
}

public import JSONTypes
public import StatesLanguage

/// Everything that can be said about a definition without running it.
///
/// Errors are what AWS refuses, or what must fail in every execution's first steps. Warnings are accepted by AWS and almost surely mistakes: most
/// come from following the data through the states. Advice is marked as such; a command shows it on request.
public enum DefinitionCheck {
  /// - Parameters:
  ///   - type: the type of workflow that the machine is to be.
  ///   - input: an input that executions get. It sharpens what is known of the data; findings then hold for this input.
  ///   - includesAdvice: whether to look for what could be better, too.
  /// - Returns: the machine, nil when there is any error, and all findings in the order of their places.
  public static func check(
    _ root: SyntaxNode, type: WorkflowType = .standard, input: JSONValue? = nil, includesAdvice: Bool = true
  ) -> StateMachineParser.Result {
    let parsed = StateMachineParser.parse(root, type: type)
    var findings = Findings()
    let walk = DefinitionWalk(root, type: type)
    IntegrationCheck.run(walk, &findings)
    TextCheck.run(walk, &findings)
    OrderCheck.run(walk, &findings)
    LoopCheck.run(walk, &findings)
    if let machine = parsed.outline, findings.list.allSatisfy({ $0.severity != .error }) {
      var flow = DataFlow(of: machine, root: root, input: input)
      _ = flow.run(&findings)
    }
    TaskCheck.run(walk, &findings)
    if includesAdvice { Advice.run(walk, &findings) }
    let found = findings.list.filter { includesAdvice || $0.severity != .advice }
    let all = (parsed.diagnostics + found).enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }.map(\.element)
    var result = StateMachineParser.Result(machine: all.contains { $0.severity == .error } ? nil : parsed.machine, diagnostics: all)
    result.openPlaces = parsed.openPlaces
    return result
  }
}

extension DefinitionCheck {
  /// What is known of a machine's data, for those who hold it against an execution.
  package struct Knowledge: Sendable {
    let inputs: [Shape?]

    /// Whether what is known allows that this value comes to a state.
    package func allows(_ value: JSONValue, at state: Int) -> Bool { inputs[state]?.allows(value) ?? false }
    /// Whether anything is known of what comes to a state.
    package func knowsSomething(at state: Int) -> Bool { inputs[state].map { !$0.isAny } ?? false }
  }

  /// Follows the data alone.
  /// - Returns: nil when nothing is known.
  package static func follow(_ machine: StateMachine, root: SyntaxNode, input: JSONValue? = nil) -> (knowledge: Knowledge, findings: [Diagnostic])? {
    var flow = DataFlow(of: machine, root: root, input: input)
    var findings = Findings()
    guard flow.run(&findings) else { return nil }
    return (Knowledge(inputs: flow.inputs), findings.list)
  }
}

/// Findings as they are collected.
struct Findings {
  private(set) var list: [Diagnostic] = []
  private var seen: Set<Place> = []
  private struct Place: Hashable {
    var code: String
    var pointer: String
    var message: String
  }

  /// One finding stands once at one place.
  /// - Parameter isCertain: whether no other word than the suggestion could be meant, so that it can take the place of what is there.
  mutating func report(
    _ code: String, _ severity: Diagnostic.Severity, _ message: String, at range: SourceRange, pointer: String, notes: [Diagnostic.Note] = [],
    suggestion: String? = nil, isCertain: Bool = false
  ) {
    guard seen.insert(Place(code: code, pointer: pointer, message: message)).inserted else { return }
    var diagnostic = Diagnostic(code, severity, message, at: range, pointer: pointer, notes: notes, suggestion: suggestion)
    diagnostic.isSuggestionCertain = isCertain
    list.append(diagnostic)
  }
}

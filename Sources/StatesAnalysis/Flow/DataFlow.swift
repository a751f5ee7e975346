import JSONPath
import JSONTypes
import StatesLanguage

/// Follows the data through a machine: what can be known at each state about its input and about variables.
///
/// An abstract interpretation. Every state has the join of all that can come to it; a worklist carries changes on until nothing changes, and what
/// grows in a loop is given up (`any`) after a few rounds. Then every state that can be reached is looked at once more, and what is wrong there
/// for certain is reported. Where nothing is known, nothing is said.
struct DataFlow {
  let machine: StateMachine
  private let places: Places
  private let start: Shape

  /// What comes to each state; nil while nothing does.
  var inputs: [Shape?]
  var scopes: [VariableScope?]
  /// What each sub-machine puts out; nil while it does not end.
  var outputs: [Shape?]
  private var rounds: [Int]
  private var work: [Int] = []
  private var isWaiting: [Bool]
  /// Whether the last visit of a state found something to say.
  private var isDoubtful: [Bool]
  /// Names that are assigned anywhere, with the sub-machines where.
  let assigned: [String: Set<Int>]
  let isInMap: [Bool]

  enum Limits {
    /// Changes of one state's input before it is given up.
    static let rounds = 8
    /// Visits in all, for each state.
    static let visits = 60
  }

  /// - Parameter input: an input that executions get; nil when any may come.
  init(of machine: StateMachine, root: SyntaxNode, input: JSONValue? = nil) {
    self.machine = machine
    places = Places(root)
    start = input.map { Shape(of: $0) } ?? .any
    inputs = Array(repeating: nil, count: machine.states.count)
    scopes = Array(repeating: nil, count: machine.states.count)
    outputs = Array(repeating: nil, count: machine.subMachines.count)
    rounds = Array(repeating: 0, count: machine.states.count)
    isWaiting = Array(repeating: false, count: machine.states.count)
    isDoubtful = isWaiting
    var assigned: [String: Set<Int>] = [:]
    for state in machine.states {
      for name in state.assignedNames { assigned[name, default: []].insert(state.common.subMachine) }
    }
    self.assigned = assigned
    var isInMap: [Bool] = []
    for subMachine in machine.subMachines {
      guard let owner = subMachine.owner else {
        isInMap.append(false)
        continue
      }
      let around = machine.states[owner].common.subMachine
      isInMap.append(machine.states[owner].type == .map || (around < isInMap.count && isInMap[around]))
    }
    self.isInMap = isInMap
  }

  /// Follows the data, and reports what is wrong for certain.
  /// - Returns: false when nothing is known.
  mutating func run(_ findings: inout Findings) -> Bool {
    guard settle() else { return false }
    for state in machine.states.indices where isDoubtful[state] {
      for report in visit(state, isReporting: true).run().reports {
        findings.report(report.code, report.severity, report.message, at: places.range(of: report.pointer, word: report.word), pointer: report.pointer)
      }
    }
    return true
  }

  /// - Returns: false when nothing settled; then nothing is known.
  private mutating func settle() -> Bool {
    guard machine.subMachines[0].startAt >= 0 else { return false }
    arrive(at: machine.subMachines[0].startAt, start, VariableScope())
    var visits = Limits.visits * machine.states.count
    var next = 0
    while next < work.count {
      visits -= 1
      guard visits > 0 else { return false }
      let state = work[next]
      next += 1
      if next > 1024, next * 2 > work.count {
        work.removeFirst(next)
        next = 0
      }
      isWaiting[state] = false
      let outcome = visit(state, isReporting: false).run()
      isDoubtful[state] = outcome.hasReports
      for arrival in outcome.arrivals { arrive(at: arrival.state, arrival.input, arrival.scope) }
      if let output = outcome.output { end(machine.states[state].common.subMachine, with: output) }
    }
    return true
  }

  private func visit(_ state: Int, isReporting: Bool) -> StateVisit {
    StateVisit(
      machine.states[state], of: machine, input: inputs[state] ?? .never, scope: scopes[state] ?? VariableScope(), outputs: outputs,
      assigned: assigned, isInMap: isInMap, isReporting: isReporting)
  }

  private mutating func arrive(at state: Int, _ input: Shape, _ scope: VariableScope) {
    var input = input
    var scope = scope
    if let known = inputs[state] { input = known.joined(with: input) }
    if let known = scopes[state] { scope = known.joined(with: scope) }
    guard input != inputs[state] || scope != scopes[state] else { return }
    rounds[state] += 1
    if rounds[state] > Limits.rounds {
      input = .any
      scope.forgetShapes()
    }
    inputs[state] = input
    scopes[state] = scope
    wait(state)
  }

  private mutating func end(_ subMachine: Int, with output: Shape) {
    let joined = outputs[subMachine].map { $0.joined(with: output) } ?? output
    guard joined != outputs[subMachine] else { return }
    outputs[subMachine] = joined
    if let owner = machine.subMachines[subMachine].owner { wait(owner) }
  }

  private mutating func wait(_ state: Int) {
    guard !isWaiting[state], inputs[state] != nil else { return }
    isWaiting[state] = true
    work.append(state)
  }
}

/// Where the places of findings are in the file.
private struct Places {
  let root: SyntaxNode
  init(_ root: SyntaxNode) { self.root = root }

  /// The value at a JSON pointer, or its key's place for an object or array.
  /// - Parameter word: what it is about within a string.
  func range(of pointer: String, word: String?) -> SourceRange {
    var node = root
    var range = root.range.opening
    for token in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let key = token.contains("~") ? token.unescapedToken : String(token)
      if let member = node.member(key) {
        node = member.value
        range = member.value.isStructure ? member.keyRange : word.map { node.range(ofFirst: $0) } ?? node.range
      } else if let elements = node.elements, let index = Int(key), elements.indices.contains(index) {
        node = elements[index]
        range = node.isStructure ? node.range.opening : word.map { node.range(ofFirst: $0) } ?? node.range
      } else {
        break
      }
    }
    return range
  }
}

extension Substring {
  /// A token of a JSON pointer as the key that it means.
  fileprivate var unescapedToken: String {
    var key = ""
    var isEscaped = false
    for scalar in unicodeScalars {
      if isEscaped {
        key.unicodeScalars.append(scalar == "1" ? "/" : "~")
        isEscaped = false
      } else if scalar == "~" {
        isEscaped = true
      } else {
        key.unicodeScalars.append(scalar)
      }
    }
    return key
  }
}

extension State {
  /// The variables that the state, its rules and its catchers assign.
  var assignedNames: [String] {
    var templates = [common.assign]
    if case .choice(let choice) = self { templates += choice.choices.map(\.assign) }
    templates += (work?.catch ?? []).map(\.assign)
    var names: [String] = []
    for template in templates.compactMap(\.self) {
      switch template.outline {
      case .object(let members): names += members.map(\.key)
      case .constant(.object(let object)): names += object.keys
      default: break
      }
    }
    return names
  }
}

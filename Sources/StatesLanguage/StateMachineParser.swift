public import JSONTypes

/// Reads a definition into a `StateMachine`, and collects what is wrong with it.
///
/// Parsing goes on after an error, so that one reading finds everything.
public struct StateMachineParser {
  /// What came of a definition.
  public struct Result: Sendable {
    /// nil when there is any error among the diagnostics, or a place that is open.
    public var machine: StateMachine?
    /// In the order of their places.
    public var diagnostics: [Diagnostic]
    /// The same machine, to be looked at and never run, also where values are open whose data can be followed.
    package var outline: StateMachine?
    /// Placeholders without a value where the language reads one: as long as there are any, there is no machine.
    public var openPlaces: [Diagnostic] = []

    /// What stands in the way of a run: the findings and, where none of them is an error, the open places.
    public var problems: [Diagnostic] { diagnostics.contains { $0.severity == .error } ? diagnostics : diagnostics + openPlaces }

    package init(machine: StateMachine?, diagnostics: [Diagnostic]) {
      self.machine = machine
      self.diagnostics = diagnostics
    }
  }

  var diagnostics: [Diagnostic] = []
  var states: [State?] = []
  var subMachines: [SubMachine] = []
  /// Where each state's name stands, to find the second of two equal names.
  var names: [String: (range: SourceRange, scope: String)] = [:]
  /// Where each Map state's label stands.
  var labels: [String: SourceRange] = [:]
  /// Who is EXPRESS where the parser stands, as a message begins: the machine, or the children of a Map state; nil for STANDARD.
  var expressOwner: String?
  var machineLanguage = QueryLanguage.jsonPath
  /// The resources of tasks by their ARNs, as far as they were met.
  var resources: [String: TaskResource] = [:]
  /// Whether no open value decides where the data go.
  var canBeFollowed = true
  var paths = KnownPaths()
  /// For each sub-machine, its states with the transitions that leave them.
  var graph: [SubMachineGraph] = []

  /// - Parameter type: the type of workflow that the machine is to be; an EXPRESS one has not every pattern.
  public static func parse(_ root: SyntaxNode, type: WorkflowType = .standard) -> Result {
    var parser = StateMachineParser()
    if type == .express { parser.expressOwner = "an EXPRESS workflow" }
    let machine = parser.parseMachine(root)
    let sorted = parser.diagnostics.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }.map(\.element)
    let open = sorted.filter { $0.code == Diagnostic.openCode }
    let found = open.isEmpty ? sorted : sorted.filter { $0.code != Diagnostic.openCode }
    let outline = found.contains { $0.severity == .error } || !parser.canBeFollowed ? nil : machine
    var result = Result(machine: open.isEmpty ? outline : nil, diagnostics: found)
    result.outline = outline
    result.openPlaces = open
    return result
  }

  mutating func parseMachine(_ root: SyntaxNode) -> StateMachine? {
    guard root.members != nil else {
      if case .invalid = root.kind { return nil }
      report("wrong-type", "expected an object with StartAt and States, found \(root.described)", at: root.range, pointer: "")
      return nil
    }
    if let language = QueryLanguage(meantBy: root["QueryLanguage"]) { machineLanguage = language }
    checkFields(of: root, owner: .machine, language: machineLanguage, pointer: "", place: root.range.opening)
    _ = parseSubMachine(root, owner: nil, pointer: "")
    for scope in graph { check(scope) }
    checkDuplicateKeys(root, pointer: "")
    guard states.allSatisfy({ $0 != nil }), !subMachines.isEmpty, subMachines.allSatisfy({ $0.startAt >= 0 }) else { return nil }
    return StateMachine(
      comment: root["Comment"]?.text, timeoutSeconds: root.integer("TimeoutSeconds"), version: root["Version"]?.text,
      states: states.compactMap(\.self), subMachines: subMachines)
  }

  /// Reads `StartAt` and `States` of the machine, a branch or an item processor.
  /// - Returns: its number, or nil when it could not be read; what is wrong has been reported then.
  mutating func parseSubMachine(_ node: SyntaxNode, owner: Int?, pointer: String) -> Int? {
    guard let members = node["States"]?.members else { return nil }
    let number = subMachines.count
    subMachines.append(SubMachine(startAt: -1, owner: owner))
    var scope = SubMachineGraph(pointer: pointer, place: node.range.opening)
    let first = states.count
    scope.first = first
    scope.indices.reserveCapacity(members.count)
    scope.names.reserveCapacity(members.count)
    scope.places.reserveCapacity(members.count)
    for offset in members.indices {
      let (name, place) = (members[offset].key, members[offset].keyRange)
      if scope.indices[name] == nil {
        scope.indices[name] = first + offset
      } else {
        scope.isRepeated.insert(offset)
      }
      reportIfRepeated(name, at: place, scope: pointer)
      // Counting characters takes long, bytes nothing, and there are never fewer of them.
      let mayBeTooLong = name.utf8.count > StateMachine.maximumNameLength
      if name.isEmpty || (mayBeTooLong && name.count > StateMachine.maximumNameLength) {
        report(
          "invalid-state-name", "expected a name of 1 to \(StateMachine.maximumNameLength) characters, found \(name.count)",
          at: place, pointer: pointer + "/States/" + name.pointerToken)
      }
      scope.names.append(name)
      scope.places.append(place)
      states.append(nil)
    }
    scope.edges = Array(repeating: [], count: members.count)
    scope.isTerminal = Array(repeating: false, count: members.count)
    if let start = node.member("StartAt"), let name = start.value.text {
      if let index = scope.indices[name] {
        subMachines[number].startAt = index
        scope.start = index - first
      } else if !members.isEmpty {
        reportUnknownState(name, field: "StartAt", in: scope, at: start.value, pointer: pointer + "/StartAt")
      }
    }
    for (offset, member) in members.enumerated() {
      let statePointer = pointer + "/States/" + member.key.pointerToken
      states[first + offset] = parseState(member, index: first + offset, subMachine: number, scope: &scope, pointer: statePointer)
    }
    graph.append(scope)
    return number
  }

  // MARK: Reporting

  mutating func report(
    _ code: String, _ message: String, at range: SourceRange, pointer: String, severity: Diagnostic.Severity = .error,
    notes: [Diagnostic.Note] = [], suggestion: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(code, severity, message, at: range, pointer: pointer, notes: notes, suggestion: suggestion))
  }

  /// The same with the word that was probably meant, if any.
  mutating func report(
    _ code: String, _ message: String, at range: SourceRange, pointer: String, word: String, among candidates: some Collection<String>
  ) {
    let nearest = word.closest(among: candidates)
    report(code, message, at: range, pointer: pointer, suggestion: nearest)
    guard let nearest else { return }
    // A word that stands here already, or a second one as near, leaves a doubt.
    let isNear = word.lowercased() == nearest.lowercased() || word.count >= 4
    diagnostics[diagnostics.count - 1].isSuggestionCertain = isNear && word.closest(among: candidates.filter { $0 != nearest }) == nil
  }

  /// Of two states of one name, the one that stands later is the mistake.
  private mutating func reportIfRepeated(_ name: String, at place: SourceRange, scope: String) {
    guard let known = names[name] else {
      names[name] = (place, scope)
      return
    }
    let isLater = known.range.lowerBound <= place.lowerBound
    report(
      "duplicate-state-name", "the name \"\(name)\" is given to two states; names are unique in the whole machine",
      at: isLater ? place : known.range, pointer: (isLater ? scope : known.scope) + "/States/" + name.pointerToken,
      notes: [Diagnostic.Note("first given here", at: isLater ? known.range : place)])
  }

  mutating func reportUnknownState(_ name: String, field: String, in scope: SubMachineGraph, at node: SyntaxNode, pointer: String) {
    if name.hasPlaceholder { return leaveOpen(node, pointer: pointer) }
    report(
      "unknown-next", "\(field) names the state \"\(name)\", which does not exist here", at: node.range, pointer: pointer,
      word: name, among: scope.names)
  }
}

/// The states of one sub-machine as a graph, for the checks that follow the parsing.
struct SubMachineGraph {
  var pointer: String
  /// Where a finding about the whole sub-machine is shown.
  var place: SourceRange
  var names: [String] = []
  var places: [SourceRange] = []
  var indices: [String: Int] = [:]
  /// The number of its first state in the machine.
  var first = 0
  /// The start state, counted from `first`; nil when it is not known.
  var start: Int?
  /// Where each state goes, counted from `first`.
  var edges: [[Int]] = []
  var isTerminal: [Bool] = []
  /// States whose name another one here bears before them; no transition can lead to them.
  var isRepeated: Set<Int> = []
  /// Some transition was wrong: then what follows from the graph is not reported.
  var isBroken = false

  init(pointer: String, place: SourceRange) {
    self.pointer = pointer
    self.place = place
  }
}

extension SourceRange {
  /// The first character: where a finding about a whole object points.
  package var opening: SourceRange {
    var end = lowerBound
    end.offset += 1
    end.column += 1
    return SourceRange(lowerBound, end)
  }
}

extension SyntaxNode {
  /// What the value is, in words for a message.
  var described: String {
    switch kind {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let value): "the number \(value.jsonText)"
    case .string(let text): text.count > 40 ? "the string \"\(text.prefix(37))…\"" : "the string \"\(text)\""
    case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
    case .object(let members): members.isEmpty ? "an empty object" : "an object"
    case .invalid: "something that could not be read"
    }
  }

  func integer(_ key: String) -> Int? {
    guard case .number(let value)? = self[key]?.kind else { return nil }
    return value.asInt.map { Int($0) }
  }
}

extension String {
  /// This text as one token of a JSON pointer (RFC 6901).
  package var pointerToken: String {
    guard utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return self }
    var token = ""
    for character in unicodeScalars {
      switch character {
      case "~": token += "~0"
      case "/": token += "~1"
      default: token.unicodeScalars.append(character)
      }
    }
    return token
  }

  /// The candidate that was probably meant: at most a third of its letters away, but never all, without regard to case. A letter that is
  /// missing, too many or another counts as one, and so do two neighbours in the wrong order (optimal string alignment distance).
  package func closest(among candidates: some Sequence<String>) -> String? {
    var best: (distance: Int, candidate: String)?
    let own = Array(lowercased().unicodeScalars.prefix(200))
    for candidate in candidates where candidate != self {
      let other = Array(candidate.lowercased().unicodeScalars.prefix(200))
      let limit = Swift.min(Swift.max(1, Swift.min(own.count, other.count) / 3), Swift.max(own.count, other.count) - 1)
      guard abs(own.count - other.count) <= limit else { continue }
      var beforeLast: [Int] = []
      var last = Array(0...other.count)
      for (i, a) in own.enumerated() {
        var row = [i + 1]
        for (j, b) in other.enumerated() {
          var distance = Swift.min(last[j] + (a == b ? 0 : 1), last[j + 1] + 1, row[j] + 1)
          if i > 0, j > 0, a == other[j - 1], b == own[i - 1] { distance = Swift.min(distance, beforeLast[j - 1] + 1) }
          row.append(distance)
        }
        (beforeLast, last) = (last, row)
      }
      let distance = last[other.count]
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, candidate) }
    }
    return best?.candidate
  }
}

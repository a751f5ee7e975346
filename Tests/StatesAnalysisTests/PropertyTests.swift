import JSONTypes
import StatesAnalysis
import StatesLanguage
import TestSupport
import Testing

/// What holds for every definition.
@Suite struct PropertyTests {
  static let definitions: [String] =
    (RuleTests.integrations + RuleTests.redshift + RuleTests.texts + RuleTests.expressions + RuleTests.entries + FlowTests.paths + FlowTests.variables
    + FlowTests.choices).map(\.definition)

  static func codes(_ value: JSONValue) -> [String] {
    DefinitionCheck.check(SyntaxNode.parse(json: value.jsonText).node).diagnostics.map { "\($0.severity.rawValue) \($0.code)" }.sorted()
  }

  /// Lists whose order says nothing are the only thing that is turned: members of objects.
  static func reversed(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object): .object(JSONObject(object.reversed().map { ($0.key, reversed($0.value)) }))
    case .array(let elements): .array(elements.map(reversed))
    default: value
    }
  }

  @Test func theOrderOfKeysDoesNotMatter() throws {
    for definition in Self.definitions where !definition.contains(#""z": 1, "z": 2"#) {
      let value = try JSONValue(parsing: definition)
      #expect(Self.codes(value) == Self.codes(Self.reversed(value)), "\(definition)")
    }
  }

  /// The states under other names.
  static func renamed(_ value: JSONValue, key: String = "") -> JSONValue {
    func renamed(_ name: String) -> String { "the state " + name }
    switch value {
    case .object(let object):
      return .object(JSONObject(object.map { (key == "States" ? renamed($0.key) : $0.key, Self.renamed($0.value, key: key == "States" ? "" : $0.key)) }))
    case .array(let elements): return .array(elements.map { Self.renamed($0, key: key) })
    case .string(let text) where ["Next", "Default", "StartAt"].contains(key): return .string(renamed(text))
    default: return value
    }
  }

  @Test func theNamesOfStatesDoNotMatter() throws {
    for definition in Self.definitions where !definition.contains("${") && !definition.contains(#""z": 1, "z": 2"#) {
      let value = try JSONValue(parsing: definition)
      #expect(Self.codes(value) == Self.codes(Self.renamed(value)), "\(definition)")
    }
  }

  /// Structure changed at random: there is always an answer, and no flood of it.
  @Test func everyMutationGetsAnAnswer() throws {
    var random = SeededRandom(seed: 7)
    for definition in Self.definitions where definition.utf8.count < 4_000 {
      let value = try JSONValue(parsing: definition)
      for _ in 0..<6 {
        let mutated = Self.mutated(value, &random)
        let text = mutated.jsonText
        let found = DefinitionCheck.check(SyntaxNode.parse(json: text).node, input: random.next() % 2 == 0 ? ["a": 1] : nil).diagnostics
        #expect(found.count < 40, "\(text)")
      }
    }
  }

  static func mutated(_ value: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    switch value {
    case .object(let object):
      guard !object.isEmpty else { return random.next() % 3 == 0 ? [] : value }
      let target = Int(random.next() % UInt64(object.count))
      var result: [(String, JSONValue)] = []
      for (index, member) in object.enumerated() {
        guard index == target else {
          result.append((member.key, member.value))
          continue
        }
        switch random.next() % 8 {
        case 0: continue
        case 1: result.append((member.key + "x", member.value))
        case 2: result.append((member.key, [nil, true, 1.5, "", [], [:], "$.a..b", "{% $ %}"][Int(random.next() % 8)]))
        default: result.append((member.key, mutated(member.value, &random)))
        }
      }
      return .object(JSONObject(result))
    case .array(var elements):
      guard !elements.isEmpty else { return [1] }
      let target = Int(random.next() % UInt64(elements.count))
      if random.next() % 5 == 0 { elements.append(elements[target]) } else { elements[target] = mutated(elements[target], &random) }
      return .array(elements)
    case .string(let text): return random.next() % 2 == 0 ? .string(String(text.dropLast())) : .string(text + "$")
    default: return [nil, 0, -1, "x", [:]][Int(random.next() % 5)]
    }
  }

  /// The work grows with the definition, not with its square. Steps, not time: each state of a long chain is visited a few times.
  @Test func longMachinesSettle() {
    var states: [String] = []
    for number in 0..<400 {
      let next = number == 399 ? #""End": true"# : "\"Next\": \"S\(number + 1)\""
      states.append("\"S\(number)\": {\"Type\": \"Pass\", \"Parameters\": {\"x.$\": \"$\"}, \"ResultPath\": \"$.r\(number)\", \(next)}")
    }
    let definition = "{\"StartAt\": \"S0\", \"States\": {\(states.joined(separator: ","))}}"
    #expect(findings(definition) == [])
  }
}

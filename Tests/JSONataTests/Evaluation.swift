import JSONTypes
import JSONata
import Testing

/// What an evaluation ended in.
enum Outcome: Equatable, CustomStringConvertible {
  case value(JSONValue)
  case nothing
  case failure(String)

  var description: String {
    switch self {
    case .value(let value): value.jsonText
    case .nothing: "nothing"
    case .failure(let code): code
    }
  }
}

/// Evaluates an expression over a JSON text.
func outcome(
  _ source: String, _ input: String? = nil, bindings: [String: JSONValue] = [:], profile: JSONataProfile = .standard,
  budgets: EvaluationBudgets = .standard, seed: UInt64 = 1, now: Double = 1_700_000_000_123
) -> Outcome {
  var environment = EvaluationEnvironment(random: SeededRandom(seed: seed), now: now, budgets: budgets, profile: profile)
  do {
    let data = try input.map { try JSONValue(parsing: $0) }
    let result = try JSONataExpression(parsing: source).evaluate(input: data, bindings: bindings, environment: &environment)
    return result.map { .value($0) } ?? .nothing
  } catch let error as JSONataError {
    return .failure(error.code)
  } catch {
    return .failure("\(error)")
  }
}

/// An expression and the JSON text of its value; `nothing` for none, else an error code after `!`.
struct Row: CustomTestStringConvertible, Sendable {
  let source: String
  let expected: String
  let input: String?
  init(_ source: String, _ expected: String, input: String? = nil) {
    self.source = source
    self.expected = expected
    self.input = input
  }
  var testDescription: String { source }

  func check(over input: String? = nil, profile: JSONataProfile = .standard, location: SourceLocation = #_sourceLocation) throws {
    let found = outcome(source, self.input ?? input, profile: profile)
    switch expected {
    case "nothing": #expect(found == .nothing, "\(source)", sourceLocation: location)
    case _ where expected.hasPrefix("!"): #expect(found == .failure(String(expected.dropFirst())), "\(source)", sourceLocation: location)
    default: #expect(found == .value(try JSONValue(parsing: expected)), "\(source)", sourceLocation: location)
    }
  }
}

func check(_ rows: [Row], over input: String? = nil, profile: JSONataProfile = .standard, location: SourceLocation = #_sourceLocation) throws {
  for row in rows { try row.check(over: input, profile: profile, location: location) }
}

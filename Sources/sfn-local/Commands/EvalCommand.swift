import ArgumentParser
import JSONTypes
import StatesLanguage
import StatesRuntime

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate a JSONPath, an intrinsic function or a JSONata expression.",
    usage: "sfn-local eval EXPRESSION [--input JSON] | sfn-local eval --jsonl")

  @Argument(help: "A path such as '$.items[0]', a call such as 'States.Format(…)', or JSONata such as '{% $sum(items.price) %}'.")
  var expression: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("What $ stands for: JSON, @FILE, or - for standard input.", valueName: "JSON"))
  var input: String?

  @Option(help: ArgumentHelp("What $$ stands for.", valueName: "JSON"))
  var context: String?

  @Option(help: ArgumentHelp("Variables by their names without $, as one object.", valueName: "JSON"))
  var variables: String?

  @Option(help: ArgumentHelp("What JSONata sees as $states, an object with input, result, errorOutput, context.", valueName: "JSON"))
  var states: String?

  @Flag(help: "Require a reference path: one place, without wildcards, filters or slices.")
  var reference = false

  @Option(help: ArgumentHelp("Makes random values repeat.", valueName: "NUMBER"))
  var seed: UInt64?

  @Flag(help: "Answer requests, one JSON object a line, until standard input ends.")
  var jsonl = false

  func validate() throws {
    if jsonl == (expression != nil) { throw ValidationError("give either an expression or --jsonl") }
  }

  func run() throws {
    ignoreBrokenPipes()
    if jsonl {
      while let line = readLine() {
        if !line.isEmpty { Terminal.writeOutput(ExpressionEvaluator.answer(line: line, now: .now, clock: steadyMilliseconds) + "\n") }
      }
      return
    }
    guard let expression else { return }
    var generator = SystemRandomNumberGenerator()
    var evaluator = ExpressionEvaluator(
      input: try input.map { try readJSON($0, option: "--input") }, context: try context.map { try readJSON($0, option: "--context") },
      variables: try readVariables(), random: SeededRandom(seed: seed ?? generator.next()), usage: reference ? .reference : .path)
    evaluator.now = .now
    if let states { evaluator.variables["states"] = try readJSON(states, option: "--states") }
    switch evaluator.evaluate(expression, as: ExpressionEvaluator.Language(of: expression)) {
    case .value(let value): Terminal.writeOutput(value.prettyText + "\n")
    case .undefined: throw CommandProblem("the expression has no value", exitCode: 1)
    case .failure(let code, let message): throw CommandProblem("\(code): \(message)", exitCode: 1)
    }
  }

  private func readVariables() throws -> [String: JSONValue] {
    guard let variables else { return [:] }
    guard case .object(let object) = try readJSON(variables, option: "--variables") else {
      throw CommandProblem("--variables must be an object such as {\"name\": 1}")
    }
    return Dictionary(object.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }
}

/// Milliseconds of a clock that nobody sets.
private func steadyMilliseconds() -> Double {
  let (seconds, attoseconds) = (ContinuousClock.now - steadyStart).components
  return Double(seconds) * 1000 + Double(attoseconds) / 1e15
}
private let steadyStart = ContinuousClock.now

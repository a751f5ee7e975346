import ArgumentParser
import JSONTypes
import StatesLanguage

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluate a JSONPath or an intrinsic function.",
    usage: "sfn-local eval EXPRESSION [--input JSON] | sfn-local eval --jsonl")

  @Argument(help: "A path such as '$.items[0]', or a call such as 'States.Format(…)'.")
  var expression: String?

  @Option(help: ArgumentHelp("What $ stands for: JSON, @FILE, or - for standard input.", valueName: "JSON"))
  var input: String?

  @Option(help: ArgumentHelp("What $$ stands for.", valueName: "JSON"))
  var context: String?

  @Option(help: ArgumentHelp("Variables by their names without $, as one object.", valueName: "JSON"))
  var variables: String?

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
        if !line.isEmpty { Terminal.writeOutput(ExpressionEvaluator.answer(line: line) + "\n") }
      }
      return
    }
    guard let expression else { return }
    var generator = SystemRandomNumberGenerator()
    let evaluator = ExpressionEvaluator(
      input: try input.map { try readJSON($0, option: "--input") }, context: try context.map { try readJSON($0, option: "--context") },
      variables: try readVariables(), random: SeededRandom(seed: seed ?? generator.next()), usage: reference ? .reference : .path)
    switch evaluator.evaluate(expression, as: expression.hasPrefix("$") ? .jsonPath : .intrinsic) {
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

import JSONTypes

extension JSONataExpression {
  /// Answers one request of the line protocol that conformance drivers speak.
  ///
  /// The request is a JSON object with `id`, `expr`, and optionally `data` (absent: no input), `bindings`, `profile` (`aws`), `timelimit`
  /// (milliseconds) and `depth`. The answer has the `id` and one of `result`, `undefined` (true) and `error` (an object with `code`, `message` and,
  /// where known, `position`, `token` and `value`).
  ///
  /// - Parameters:
  ///   - now: what `$now()` tells, in milliseconds since 1970.
  ///   - seed: for the random functions.
  ///   - clock: milliseconds of a steady clock, for `timelimit`.
  public static func answer(line: String, now: Double, seed: UInt64, clock: () -> Double) -> String {
    var answer: JSONObject = [:]
    let request: JSONValue
    do throws(JSONSyntaxError) { request = try JSONValue(parsing: line) } catch {
      answer["id"] = .null
      answer["error"] = ["code": "protocol", "message": .string("the request is no JSON: \(error.message)")]
      return JSONValue.object(answer).jsonText
    }
    answer["id"] = request["id"] ?? .null
    var budgets = EvaluationBudgets.standard
    if let depth = request["depth"]?.asInt { budgets.depth = Int(depth) }
    let start = clock()
    let limit = request["timelimit"]?.asDouble
    withoutActuallyEscaping(clock) { clock in
      var environment = EvaluationEnvironment(
        random: SeededRandom(seed: seed), now: now, budgets: budgets, profile: request["profile"]?.asString == "aws" ? .stepFunctions : .standard,
        isPastDeadline: limit.map { limit in { clock() - start > limit } })
      do throws(JSONataError) {
        let expression = try JSONataExpression(parsing: request["expr"]?.asString ?? "")
        var bindings: [String: JSONValue] = [:]
        for (name, value) in request["bindings"]?.asObject ?? [:] { bindings[name] = value }
        let result = try expression.evaluate(input: request["data"], bindings: bindings, environment: &environment)
        if let result { answer["result"] = result } else { answer["undefined"] = true }
      } catch {
        var details: JSONObject = ["code": .string(error.code), "message": .string(error.message)]
        if let position = error.position { details["position"] = .int(Int64(position)) }
        if let token = error.token { details["token"] = .string(token) }
        if let value = error.value { details["value"] = value }
        answer["error"] = .object(details)
      }
    }
    return JSONValue.object(answer).jsonText
  }
}

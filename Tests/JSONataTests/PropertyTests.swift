import JSONTypes
import JSONata
import Testing

/// Whatever is written, an evaluation ends in a value or an error.
struct PropertyTests {
  static let data = PathTests.shop
  static let budgets = EvaluationBudgets(steps: 200_000, depth: 2_000, memory: 4 << 20)

  @Test(arguments: 0..<8) func randomExpressionsEnd(seed: UInt64) {
    var generator = ExpressionGenerator(seed: seed)
    var values = 0
    for _ in 0..<1_500 {
      if case .value = outcome(generator.expression(), Self.data, profile: seed % 2 == 0 ? .standard : .stepFunctions, budgets: Self.budgets) {
        values += 1
      }
    }
    // The generator would prove nothing if all it wrote were errors.
    #expect(values > 200)
  }

  @Test(arguments: 100..<108) func mutatedTextsEnd(seed: UInt64) {
    var generator = ExpressionGenerator(seed: seed)
    var parsed = 0
    for _ in 0..<1_500 {
      let text = generator.mutated(generator.expression())
      if case .failure(let code) = outcome(text, Self.data, budgets: Self.budgets), code.hasPrefix("S") { continue }
      parsed += 1
    }
    #expect(parsed > 100)
  }

  @Test(arguments: 200..<204) func evaluationFollowsFromTheSeed(seed: UInt64) {
    var generator = ExpressionGenerator(seed: seed)
    for _ in 0..<400 {
      let text = generator.expression()
      #expect(
        outcome(text, Self.data, profile: .stepFunctions, budgets: Self.budgets, seed: seed)
          == outcome(text, Self.data, profile: .stepFunctions, budgets: Self.budgets, seed: seed), "\(text)")
    }
    let draws = "[$random(), $uuid(), $shuffle([1..20])]"
    #expect(outcome(draws, profile: .stepFunctions, seed: seed) == outcome(draws, profile: .stepFunctions, seed: seed))
    #expect(outcome(draws, profile: .stepFunctions, seed: seed) != outcome(draws, profile: .stepFunctions, seed: seed + 1))
  }

  @Test func theGeneratorMovesOn() throws {
    let expression = try JSONataExpression(parsing: "$uuid()")
    var environment = EvaluationEnvironment(profile: .stepFunctions)
    let first = try expression.evaluate(input: nil, environment: &environment)
    #expect(try expression.evaluate(input: nil, environment: &environment) != first)
  }

  @Test func oneExpressionServesManyThreads() async throws {
    let source =
      "($f := function($n) { $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; stock^(>price).{'name': name, 'fib': $f(price + 7), 'hit': $contains(name, /[ai]/)})"
    let expression = try JSONataExpression(parsing: source)
    let input = try JSONValue(parsing: Self.data)
    var environment = EvaluationEnvironment()
    let expected = try expression.evaluate(input: input, environment: &environment)
    #expect(expected != nil)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var environment = EvaluationEnvironment()
          for _ in 0..<50 where (try? expression.evaluate(input: input, environment: &environment)) != expected { return false }
          return true
        }
      }
      for await same in group { #expect(same) }
    }
  }

  @Test func identityGivesBackAnyValue() throws {
    var random = SeededRandom(seed: 5)
    func value(_ depth: Int) -> JSONValue {
      switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &random) {
      case 0: .null
      case 1: .bool(Bool.random(using: &random))
      case 2: .int(Int64.random(in: -1_000_000...1_000_000, using: &random))
      case 3: .string(String("aé😀\"\\\n".shuffled(using: &random)))
      case 4: .array((0..<Int.random(in: 0..<4, using: &random)).map { _ in value(depth + 1) })
      default: .object(JSONObject((0..<Int.random(in: 0..<4, using: &random)).map { ("k\($0)", value(depth + 1)) }))
      }
    }
    var environment = EvaluationEnvironment(profile: .stepFunctions)
    let identity = try JSONataExpression(parsing: "$v")
    let roundTrip = try JSONataExpression(parsing: "$parse($string({'v': $v})).v")
    for _ in 0..<500 {
      let value = value(0)
      #expect(try identity.evaluate(input: nil, bindings: ["v": value], environment: &environment) == value)
      #expect(try roundTrip.evaluate(input: nil, bindings: ["v": value], environment: &environment) == value)
    }
  }
}

/// Writes expressions, mostly sensible ones.
struct ExpressionGenerator {
  var random: SeededRandom
  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

  private static let leaves = [
    "stock", "orders", "grid", "name", "price", "tags", "$", "$$", "1", "0", "-1", "2.5", "'a'", "''", "'x,y'", "null", "true", "false", "missing",
    "[]", "{}", "stock.name",
    "stock.price", "[1..3]", "*", "**", "/a/", "$x", "$sum", "$f", "1e300",
  ]
  private static let unary = [
    "$count(%)", "[%]", "(%)", "%[0]", "%[-1]", "%[]", "-(%)", "{'k': %}", "{'k': %}.k", "%{'g': $}", "(%).$", "(%).*", "%^($)", "%^(>$)",
    "$string(%)", "$keys(%)", "$spread(%)",
    "$map(%, function($v, $i) { [$i, $v] })", "$filter(%, function($v) { $v })", "$reduce(%, function($a, $b) { $a & $b })", "$sort(%)",
    "$distinct(%)", "$reverse(%)",
    "$merge(%)", "$each(%, function($v, $k) { $k })", "$sift(%, function($v) { $v })", "(% ~> $string)", "(% ~> |$|{'n': 1}|)", "(%)#$i.$i",
    "(%)@$e.$e", "$number(%)", "$round(%)",
    "$uppercase(%)", "$split(%, ',')", "$match(%, /[a-z]/)", "$replace(%, /a/, 'b')", "$formatNumber(%, '#0.0')", "$formatInteger(%, 'w')",
    "$fromMillis(%)", "$toMillis(%)",
    "$length(%)", "$pad(%, 5)", "$substring(%, 1)", "$boolean(%)", "$type(%)", "$zip(%, %)", "$single(%)", "$shuffle(%)", "$eval(%)",
    "$base64encode(%)", "$hash(%, 'MD5')",
    "$partition(%, 2)", "$parse(%)", "($x := %; $x)", "($f := function($n) { % }; $f(1))", "function($n) { $n }(%)", "%.%", "$exists(%)", "%[%]",
    "$append(%, %)",
    "($f := function($n) { $n > 3 ? % : $f($n + 1) }; $f(0))", "$sum(%)", "$max(%)", "$join(%)", "$lookup(%, 'name')", "%.{'p': %.name}", "$f(%)",
    "$map(%, ?)", "%(%)",
  ]
  private static let binary = ["+", "-", "*", "/", "%", "=", "!=", "<", "<=", ">", ">=", "and", "or", "&", "in", ".", "~>", "??", "?:", "? 1 :"]

  mutating func expression(depth: Int = 0) -> String {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<(2 + depth): return pick(Self.leaves)
    case ..<7:
      var result = ""
      for part in pick(Self.unary).split(separator: "%", omittingEmptySubsequences: false) {
        if !result.isEmpty || part.isEmpty { result += result.isEmpty && part.isEmpty ? expression(depth: depth + 2) : "" }
        result += result.isEmpty ? String(part) + expression(depth: depth + 1) : String(part)
      }
      return result
    default: return "(\(expression(depth: depth + 1)) \(pick(Self.binary)) \(expression(depth: depth + 1)))"
    }
  }

  /// The text with some of its characters deleted, doubled, swapped or replaced.
  mutating func mutated(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)
    let strange = Array("()[]{}$%.,;:'\"`/\\|@#^~>?!&*+-=<0aé😀\u{0}\n".unicodeScalars)
    for _ in 0..<Int.random(in: 1...3, using: &random) where !scalars.isEmpty {
      let place = Int.random(in: 0..<scalars.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: scalars.remove(at: place)
      case 1: scalars.insert(scalars[place], at: place)
      case 2: scalars.swapAt(place, Int.random(in: 0..<scalars.count, using: &random))
      default: scalars[place] = strange.randomElement(using: &random) ?? " "
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

import JSONTypes
import StatesLanguage
import Testing

@Suite struct IntrinsicFunctionTests {
  static let input: JSONValue = ["a": [1, 2, 3], "o": ["k": "v"], "s": "text", "n": 5, "big": .string(String(repeating: "x", count: 10_001)), "t": "{}!"]

  static func evaluate(_ text: String) throws -> JSONValue {
    var scope = EvaluationScope(input: input, context: ["Execution": ["Name": "run"]], variables: ["v": ["w": 8]], random: SeededRandom(seed: 7))
    return try PathExpression(parsing: text, allowingIntrinsics: true).evaluate(in: &scope)
  }

  @Test(arguments: [
    // Arguments of all kinds
    ("States.Array('it\\'s', -1.5e2, true, null, $.o.k, $$.Execution.Name, $v.w, States.Array())", #"["it's",-150.0,true,null,"v","run",8,[]]"#),
    ("States.Array( $['o']['k'] , $.a[?(@ > 1)] )", #"["v",[2,3]]"#),
    ("States.Format('\\{{}\\} \\\\ {}', 1, null)", #""{1} \\ null""#), ("States.Format($.t, 'ok')", #""ok!""#),
    // Numbers: rounded half up, as recorded
    ("States.MathAdd(1.5, -1.5)", "1"), ("States.MathAdd(-2147483648, 0)", "-2147483648"), ("States.ArrayRange(1, 9, 4)", "[1,5,9]"),
    ("States.ArrayRange(9, 1, -4)", "[9,5,1]"), ("States.ArrayRange(1, 5, -1)", "[]"), ("States.ArrayPartition($.a, 2)", "[[1,2],[3]]"),
    ("States.ArrayGetItem($.a, 2)", "3"), ("States.ArrayLength($.a)", "3"), ("States.ArrayUnique(States.Array(1, 1, 'a', 'a'))", #"[1,"a"]"#),
    ("States.ArrayContains($.a, 3)", "true"), ("States.StringSplit('a.,b', '.,')", #"["a","b"]"#),
    ("States.JsonMerge($.o, States.StringToJson('\\{\"k\":2,\"l\":3\\}'), false)", #"{"k":2,"l":3}"#),
    ("States.StringToJson(' ')", "null"), ("States.JsonToString($.o)", #""{\"k\":\"v\"}""#),
    ("States.Base64Decode(States.Base64Encode('ü'))", #""ü""#), ("States.Hash('', 'SHA-1')", #""da39a3ee5e6b4b0d3255bfef95601890afd80709""#),
  ]) func evaluates(_ text: String, _ json: String) throws {
    #expect(try Self.evaluate(text).jsonText == json)
  }

  /// The words are those of the service.
  @Test(arguments: [
    ("States.MathAdd('1', 2)", "Invalid arguments in States.MathAdd"), ("States.MathAdd(2147483647, 1)", "Invalid arguments in States.MathAdd"),
    ("States.ArrayPartition($.a, 0)", "Invalid arguments in States.ArrayPartition"), ("States.ArrayRange(1, 1001, 1)", "Invalid arguments in States.ArrayRange"),
    ("States.ArrayRange(1, 2, 0)", "Invalid arguments in States.ArrayRange"), ("States.ArrayGetItem($.a, 3)", "Invalid arguments in States.ArrayGetItem"),
    ("States.Format('{} {}', 1)", "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}."),
    ("States.Format('{', 1)", "Invalid arguments in States.Format"), ("States.Format('{}', $.a)", "Invalid arguments in States.Format"),
    ("States.StringToJson('oops')", "Invalid arguments in States.StringToJson"), ("States.Hash($.s, 'sha-1')", "Invalid arguments in States.Hash"),
    ("States.Hash($.big, 'MD5')", "Invalid arguments in States.Hash"), ("States.Base64Encode($.big)", "Invalid arguments in States.Base64Encode"),
    ("States.Base64Decode('a')", "Invalid arguments in States.Base64Decode"), ("States.JsonMerge($.o, $.o, true)", "Invalid arguments in States.JsonMerge"),
    ("States.MathRandom(2, 2)", "Invalid arguments in States.MathRandom"), ("States.ArrayLength(States.Array())x", ""),
  ]) func refusesArguments(_ text: String, _ words: String) {
    do {
      _ = try Self.evaluate(text)
      Issue.record("\(text) was evaluated")
    } catch let error as EvaluationError {
      #expect(error.kind == .invalidArgument)
      #expect(error.message == words)
      #expect(error.expression == text)
      #expect(error.detail != nil)
    } catch {
      #expect(words.isEmpty && error is ExpressionSyntaxError, "\(text): \(error)")
    }
  }

  @Test func namesThePathThatLeadsNowhere() {
    do {
      _ = try Self.evaluate("States.Array(1, $.none.x)")
      Issue.record("evaluated")
    } catch {
      let error = error as? EvaluationError
      #expect(error?.kind == .notFound)
      #expect(error?.expression == "$.none.x")
      #expect(error?.message == "Missing property in path $['none']")
    }
  }

  @Test(arguments: [
    ("States.Nope(1)", 0), ("States.array(1)", 0), ("States.Array (1)", 12), ("States.Array(1", 14), ("States.Array(1,,2)", 15), ("States.Array(\"a\")", 13),
    ("States.Array('a\\n')", 15), ("States.Array('a", 13), ("States.Array(1 2)", 15), ("States.Array(1))", 15), ("States.Array(01)", 13),
    ("States.Array(word)", 13), ("States.MathAdd(1)", 0), ("States.UUID(1)", 0), ("States.Array($.a b)", 17), ("States.Array($.é[x])", 17), ("Custom.F()", 0),
    ("", 0), ("$x y", 2), ("$$x", 2), ("$-a", 1), ("States.Array($.a..)", 16),
  ]) func tellsWhereTheTextIsWrong(_ text: String, _ offset: Int) {
    do {
      _ = try PathExpression(parsing: text, allowingIntrinsics: true)
      Issue.record("\(text) was read")
    } catch {
      #expect(error.offset == offset, "\(text): \(error)")
    }
  }

  @Test func nestsUpToTen() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "States.Array(", count: depth) + String(repeating: ")", count: depth)
    }
    #expect(try Self.evaluate(nested(10)).jsonText == String(repeating: "[", count: 10) + String(repeating: "]", count: 10))
    #expect(throws: ExpressionSyntaxError.self) { try PathExpression(parsing: nested(11), allowingIntrinsics: true) }
    #expect(throws: ExpressionSyntaxError.self) { try PathExpression(parsing: "States.Array()") }
  }

  @Test func knowsWhatItReads() throws {
    let expression = try PathExpression(parsing: "States.Array($a.b, States.Array($$.State.Name, $c, $a))", allowingIntrinsics: true)
    #expect(expression.variables == ["a", "c"])
    #expect(expression.usesContext)
    #expect(!expression.usesInput)
    #expect(try PathExpression(parsing: "$.a[0]").isReferencePath)
    #expect(try !PathExpression(parsing: "$.a[*]").isReferencePath)
    #expect(try PathExpression(parsing: "$$.a['b']").isReferencePath)
    #expect(try !PathExpression(parsing: "$v[0:1]").isReferencePath)
    #expect(try !PathExpression(parsing: "States.UUID()", allowingIntrinsics: true).isReferencePath)
  }

  /// The same seed gives the same values; each draw differs from the one before.
  @Test func drawsOnTheScope() throws {
    let uuid = try PathExpression(parsing: "States.UUID()", allowingIntrinsics: true)
    var scope = EvaluationScope(input: nil, random: SeededRandom(seed: 3))
    var again = scope
    let first = try uuid.evaluate(in: &scope)
    let second = try uuid.evaluate(in: &scope)
    #expect(first != second)
    #expect(try uuid.evaluate(in: &again) == first)
    #expect(first.asString?.count == 36)
    let seeded = try PathExpression(parsing: "States.MathRandom(1, 1000000, 42)", allowingIntrinsics: true)
    #expect(try seeded.evaluate(in: &scope) == seeded.evaluate(in: &again))
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func survivesAnyText(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let pieces = ["States.", "Array", "Format", "(", ")", ",", "'", "\\", "{}", "{", "$", "$$", ".", "[", "]", "?(@.a)", "1", "-", "e", "null", "true", " ", "é", "\u{301}", "MathAdd(", "UUID()", "$v", "\""]
    for _ in 0..<600 {
      let start = ["States.Array(", "States.Format('", "$", ""].randomElement(using: &random) ?? ""
      let text = start + (0..<Int.random(in: 0...10, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      do throws(ExpressionSyntaxError) {
        let expression = try PathExpression(parsing: text, allowingIntrinsics: true)
        var scope = EvaluationScope(input: Self.input)
        _ = try? expression.evaluate(in: &scope)
      } catch {
        #expect((0...text.utf8.count).contains(error.offset), "seed \(seed): \(text): \(error)")
      }
    }
  }
}

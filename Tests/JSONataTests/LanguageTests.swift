import JSONTypes
import JSONata
import Testing

/// Operators, functions as values, scopes. Source: docs.jsonata.org, "Expressions" to "Programming constructs".
struct LanguageTests {
  @Test func operators() throws {
    try check([
      Row("1 + 2 * 3 - 4 / 2", "5"), Row("7 % 4", "3"), Row("-7 % 4", "-3"), Row("-(3)", "-3"), Row("0.1 + 0.2", "0.30000000000000004"),
      Row("missing + 1", "nothing"), Row("'a' + 1", "!T2001"), Row("1 + 'a'", "!T2002"), Row("-'a'", "!D1002"), Row("1/0 + 1", "!D1001"),
      Row("1 = 1.0", "true"), Row("'1' = 1", "false"), Row("[1, {'a': 2}] = [1, {'a': 2}]", "true"), Row("missing = missing", "false"),
      Row("missing != 1", "false"), Row("null = null", "true"), Row("{'a': 1, 'b': 2} = {'b': 2, 'a': 1}", "true"),
      Row("1 < 2 and 'a' < 'b'", "true"), Row("1 < missing", "nothing"), Row("1 < 'a'", "!T2009"), Row("1 < true", "!T2010"),
      // Texts compare by UTF-16 units: surrogates come before U+FFFD.
      Row(#""\uD83D\uDE00" < "\uFFFD""#, "true"),
      Row("true and missing", "false"), Row("false or 'x'", "true"), Row("false and $error()", "false"), Row("true or $error()", "true"),
      Row("'a' & 1 & true & null & missing", #""a1truenull""#), Row("'' & [1, 2] & {'a': 1}", #""[1,2]{\"a\":1}""#),
      Row("2 in [1, 2]", "true"), Row("'x' in 'x'", "true"), Row("1 in missing", "false"),
      Row("[1..4]", "[1, 2, 3, 4]"), Row("[3..1]", "[]"), Row("[1..1]", "[1]"), Row("[1..2, 5]", "[1, 2, 5]"), Row("[1.5..2]", "!T2003"),
      Row("[1..'2']", "!T2004"), Row("[0..10000000]", "!D2014"),
      Row("1 > 2 ? 'a'", "nothing"), Row("[] ? 1 : 2", "2"), Row("{'a': 0} ? 1 : 2", "1"),
      Row("missing ?? 1", "1"), Row("null ?? 1", "null"), Row("0 ?: 1", "1"), Row("'a' ?: 1", #""a""#), Row("missing ?? missing ?? 3", "3"),
      Row("/* a comment */ 1 /* and another */", "1"), Row("and + or", "3", input: #"{"and": 1, "or": 2}"#),
    ])
  }

  @Test func scopesAndFunctions() throws {
    try check([
      Row("($x := 1; ($x := 2; $x) + $x)", "3"),
      Row("($x := $y := 2; $x + $y)", "4"),
      Row("($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(20))", "2432902008176640000"),
      Row("($add := function($a) { function($b) { $a + $b } }; $add(1)(2))", "3"),
      Row("($f := λ($a, $b) { [$a, $b] }; $f(1))", "[1]"),
      Row("function($a) { $a }(5)", "5"),
      Row("($x := 1; $f := function() { $x }; $x := 2; $f())", "2"),
      Row("$map([1..3], function($v, $i, $a) { $v * $i + $count($a) })", "[3, 5, 9]"),
      Row("($half := $power(?, 0.5); $half(16))", "4"),
      Row("($f := function($a, $b, $c) { $a & $b & $c }; $g := $f(?, 'y', ?); $g('x', 'z'))", #""xyz""#),
      Row("'  ab ' ~> $trim ~> $uppercase", #""AB""#),
      Row("($both := $trim ~> $uppercase; $both(' ab '))", #""AB""#),
      Row("[1..5] ~> $map(function($v) { $v * 2 }) ~> $sum()", "30"),
      Row("5 ~> 6", "!T2006"), Row("$nope(1)", "!T1006"), Row("sum(1)", "!T1005"), Row("sum(?)", "!T1007"), Row("5(?)", "!T1008"),
      Row("function($a)<n:n> { $a }('x')", "!T0410"),
      Row("function($a)<a<n>:n> { $sum($a) }(5)", "5"),
      Row("function($a)<a<n>:n> { $sum($a) }(['x'])", "!T0412"),
      Row("('ctx').(function($a)<s-:s> { $a }())", #""ctx""#),
      Row("5.(function($a)<s-:s> { $a }())", "!S0213"),
      Row("($n := 5; $n.(function($a)<s-:s> { $a }()))", "!T0411"),
      // A hundred thousand calls in tail position nest not at all.
      Row("($loop := function($n, $sum) { $n = 0 ? $sum : $loop($n - 1, $sum + $n) }; $loop(100000, 0))", "5000050000"),
      Row("($even := function($n) { $n = 0 ? true : $odd($n - 1) }; $odd := function($n) { $n = 0 ? false : $even($n - 1) }; $even(10001))", "false"),
      Row("$eval('1 + ' & 2)", "3"), Row("($x := 4; $eval('$x * 2'))", "8"), Row("($eval('$z := 3'); $z)", "3"), Row("$eval('1 +')", "!D3120"),
      Row("$eval('1 + true')", "!D3121"), Row("$eval('a', {'a': 7})", "7"),
    ])
  }

  @Test func bindingsShadowFunctionsAndKeepBigIntegers() {
    #expect(outcome("$sum & $list[1]", bindings: ["sum": "mine", "list": [1, "two"]]) == .value("minetwo"))
    #expect(outcome("a", #"{"a": 9007199254740993}"#) == .value(.int(9_007_199_254_740_993)))
    #expect(outcome("a & ''", #"{"a": 123456789012345678901234567890}"#) == .value("123456789012345678901234567890"))
    #expect(outcome("a", #"{"a": 1.0}"#) == .value(.int(1)))
    #expect(outcome("6 / 4 * 2") == .value(.int(3)))
    if case .value(.int) = outcome("6 / 4 * 2") {} else { Issue.record("a whole result should be an integer") }
  }

  @Test func syntaxErrorsTellCodePositionAndToken() throws {
    let rows: [(source: String, code: String, position: Int?, token: String?)] = [
      ("1 +", "S0207", 3, "(end)"), ("a[1,2)", "S0202", 4, ","), ("(1", "S0203", 2, "(end)"), ("1 2", "S0201", 3, "2"), ("\"abc", "S0101", 4, nil),
      ("`abc", "S0105", 4, nil), ("'\\q'", "S0103", 2, "q"), ("'\\u12'", "S0104", 2, nil), ("1e999", "S0102", 0, "1e999"), ("/* x", "S0106", 0, nil),
      ("{\"a\":}", "S0211", 6, "}"), ("a ! b", "S0204", 3, "!"), ("function(a){1}", "S0208", 10, "a"), ("[1]{'a':1}[0]", "S0209", 11, nil),
      ("a{'b':1}{'c':2}", "S0210", 9, nil), ("1 := 2", "S0212", 1, "1"), ("a.1", "S0213", 3, nil), ("//", "S0301", 1, nil), ("/ab", "S0302", 3, nil),
      ("/(/", "S0302", 3, nil), ("/a{2,1}/", JSONataError.Code.regularExpression, nil, nil), ("function($a)<n<n>>{1}", "S0401", 15, nil),
      ("function($a)<(sa<n>)>{1}", "S0402", 14, nil), ("é😀 +", "S0207", 5, "(end)"),
    ]
    for row in rows {
      do throws(JSONataError) {
        _ = try JSONataExpression(parsing: row.source)
        Issue.record("\(row.source) should not parse")
      } catch {
        #expect(error.code == row.code, "\(row.source)")
        if let position = row.position { #expect(error.position == position, "\(row.source)") }
        if let token = row.token { #expect(error.token == token, "\(row.source)") }
        #expect(!error.message.isEmpty && error.message != error.code)
      }
    }
  }

  @Test func evaluationErrorsSpeakAsTheReference() throws {
    let rows: [(source: String, position: Int?, token: String?, message: String)] = [
      ("1 + 'a'", 3, "+", "The right side of the \"+\" operator must evaluate to a number"),
      ("$uppercase(5)", 11, "uppercase", "Argument 1 of function \"uppercase\" does not match function signature"),
      ("$sum(['a'])", 5, "sum", "Argument 1 of function \"sum\" must be an array of \"numbers\""),
      ("sum(1)", 4, "sum", "Attempted to invoke a non-function. Did you mean $sum?"),
      ("1 < 'a'", 3, "<", "The values 1 and \"a\" either side of operator \"<\" must be of the same data type"),
      ("{1: 2}", 1, nil, "Key in object structure must evaluate to a string; got: 1"),
      ("$number('x')", 8, "number", "Unable to cast value to a number: \"x\""),
      ("$error('Stop')", 7, "error", "Stop"),
      ("( $f := function() { $min(2, 3) }; $f() )", 25, "min", "Argument 2 of function \"min\" does not match function signature"),
      ("$decodeUrl('%')", 11, "decodeUrl", "Malformed URL passed to $decodeUrl(): \"%\""),
    ]
    for row in rows {
      var environment = EvaluationEnvironment()
      do throws(JSONataError) {
        _ = try JSONataExpression(parsing: row.source).evaluate(input: nil, environment: &environment)
        Issue.record("\(row.source) should fail")
      } catch {
        #expect(error.message == row.message, "\(row.source)")
        #expect(error.position == row.position, "\(row.source)")
        #expect(error.token == row.token, "\(row.source)")
      }
    }
  }

  @Test func factsAboutAnExpression() throws {
    let expression = try JSONataExpression(parsing: "($x := $states.input.items[0]; $map($x, function($v) { $v + $limit }) ~> $sum; $$.a; name & $)")
    #expect(expression.variables == ["states", "map", "limit", "sum", "$", ""])
    #expect(expression.references.first?.name == "states" && expression.references.first?.path == ["input", "items"])
    #expect(expression.references.first?.position == 14)
    #expect(expression.calledFunctions == ["map", "sum"])
    #expect(!expression.usesDefaultOperators)
    #expect(try JSONataExpression(parsing: "a ?? b").usesDefaultOperators)
    // `$` within a path or predicate is no reference to the input of the whole.
    #expect(try JSONataExpression(parsing: "$states.input[$ > 1].($.x)").variables == ["states"])
    #expect(JSONataExpression.functionNames(in: .stepFunctions).contains("uuid"))
    #expect(!JSONataExpression.functionNames(in: .stepFunctions).contains("eval"))
  }
}

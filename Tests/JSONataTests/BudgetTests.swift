import Foundation
import JSONTypes
import JSONata
import Synchronization
import Testing

/// No expression hangs, exhausts the process or overflows the stack.
struct BudgetTests {
  @Test func endlessLoopsEnd() {
    let loop = "($f := function($n) { $f($n + 1) }; $f(0))"
    #expect(outcome(loop, budgets: EvaluationBudgets(steps: 100_000)) == .failure(JSONataError.Code.time))
    #expect(
      outcome("$map([1..1000], function($x) { $map([1..1000], function($y) { $x * $y }) })", budgets: EvaluationBudgets(steps: 50_000))
        == .failure(JSONataError.Code.time))
    var asked = 0
    var environment = EvaluationEnvironment(isPastDeadline: {
      asked += 1
      return asked > 3
    })
    #expect(throws: JSONataError.self) { try JSONataExpression(parsing: loop).evaluate(input: nil, environment: &environment) }
    #expect(asked == 4)
  }

  @Test func deepRecursionIsBoundedByTheDepthBudget() {
    let sum = "($f := function($n) { $n = 0 ? 0 : $n + $f($n - 1) }; $f(%))"
    #expect(outcome(sum.replacingOccurrences(of: "%", with: "1000")) == .value(500_500))
    #expect(outcome(sum.replacingOccurrences(of: "%", with: "100000")) == .failure(JSONataError.Code.depth))
    #expect(outcome(sum.replacingOccurrences(of: "%", with: "50"), budgets: EvaluationBudgets(depth: 100)) == .failure(JSONataError.Code.depth))
    #expect(outcome((0..<200).map { _ in "1" }.joined(separator: "+"), budgets: .stepFunctions) == .failure(JSONataError.Code.depth))
  }

  @Test func memoryIsBounded() {
    let small = EvaluationBudgets(memory: 1 << 20)
    for source in [
      "$pad('x', 1e9)", "($f := function($s) { $f($s & $s) }; $f('aaaaaaaa'))", "($f := function($a) { $f($append($a, $a)) }; $f([1, 2]))",
      "[1..1000000]",
      "[1..1000].[[1..1000]]", "$string([1..200000])", "$join($map([1..1000], function() { $pad('x', 1000) }), $pad('y', 1000))",
      "$replace($pad('', 100000, 'a'), /a/, 'aaaaaaaaaaaa')", "$reduce([1..10000], function($o, $i) { $merge([$o, {'k': $string($o)}]) }, {})",
    ] {
      #expect(outcome(source, budgets: small) == .failure(JSONataError.Code.memory), "\(source)")
    }
  }

  @Test func hugeNumbersAreNoTrap() {
    for source in [
      "$substring('abc', 1e300, 1e300)", "$substring('abc', -1e300)", "[1, 2][1e300]", "[1, 2][-1e300]", "$split('a', ',', 1e300)",
      "$round(1.5, 1e300)", "$round(1.5, -1e300)",
      "$formatBase(1e300, 7)", "$formatInteger(1e300, 'w')", "$formatInteger(1e300, 'A')", "$formatInteger(1e300, 'I')",
      "$formatNumber(1e300, '#,##0.00')",
      "$formatNumber(1e-300, '0.0e0')", "$fromMillis(1e300)", "$fromMillis(8.64e15, '[Y,99999999999999999999]')",
      "$toMillis('99999999999999999999', '[Y]')", "$pad('x', -1e300)",
      "[1e15..1e15 + 3]", "$power(-1e300, 0.5)", "$match('a', /a/, 1e300)", "$parseInteger('99999999999999999999999', '0')", "1e300 % 7",
    ] {
      _ = outcome(source)
      _ = outcome(source, profile: .stepFunctions)
    }
    for source in ["$partition([1], 1e300)", "$range(0, 1e300, 1)", "$range(0, 1, 1e-300)", "$random(1e300)", "$random(-5)"] {
      _ = outcome(source, profile: .stepFunctions)
    }
  }

  @Test func expressionsAreBounded() {
    let nesting = JSONataExpression.Limits.nesting
    for source in [
      String(repeating: "(", count: 100_000), String(repeating: "[", count: 100_000), String(repeating: "-", count: 100_000) + "1",
      Array(repeating: "1", count: 100_000).joined(separator: "&"), Array(repeating: "a", count: 100_000).joined(separator: "."),
      String(repeating: "1?", count: 100_000) + "1", String(repeating: "function(){", count: 10_000), String(repeating: "a[", count: 10_000),
    ] {
      #expect(outcome(source) == .failure(JSONataError.Code.expressionSize))
    }
    #expect(outcome(Array(repeating: "1", count: nesting - 1).joined(separator: "+")) == .value(.int(Int64(nesting - 1))))
    #expect(outcome(String(repeating: "x", count: JSONataExpression.Limits.bytes + 1)) == .failure(JSONataError.Code.expressionSize))
  }

  @Test func catastrophicPatternsEnd() {
    let found = outcome("$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac', /^(a|aa)+$/)")
    #expect(found == .nothing || found == .failure(JSONataError.Code.matchLimit))
  }

  /// Each of these would need far more than the stack it gets if it recursed there.
  @Test func aSmallStackSuffices() throws {
    let deep = (0..<500).reduce(JSONValue.int(1)) { inner, _ in .array([inner]) }
    let deepText = String(repeating: "[", count: 500) + "1" + String(repeating: "]", count: 500)
    let nested = (0..<240).reduce("1") { inner, _ in "{'a': [\(inner)]}" }
    let rows: [(String, JSONValue?)] = [
      ("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(3000))", nil),
      ("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(100000))", nil),
      ("($f := function($n) { $n = 0 ? [] : $map([1], function() { $f($n - 1) }) }; $f(900))", nil),
      ("($f := function($n) { $n = 0 ? 'x' : $replace('a', /a/, function() { $f($n - 1) }) }; $f(900))", nil),
      (Array(repeating: "1", count: 499).joined(separator: "+"), nil),
      (String(repeating: "(", count: 240) + "1" + String(repeating: ")", count: 240), nil),
      (nested, nil), ("$string(\(nested))", nil), ("$reduce([1..600], function($a, $i) { {'a': $a} }, 1)", nil),
      ("$length($string($))", deep), ("$count(**)", deep), ("$ = $", deep), ("$boolean($)", deep), ("a", deep), ("*", deep), ("$keys($)", deep),
      ("$spread($)", deep),
      ("$ ~> |$|{}|", deep), ("$parse('\(deepText)')", nil),
      // Chains of closures, which must not be released recursively.
      ("($g := $reduce([1..100000], function($f, $i) { function() { $f } }, 1); $type($g))", nil),
      ("($f := function($g, $n) { $n = 0 ? $type($g) : $f($g ~> $abs, $n - 1) }; $f($abs, 100000))", nil),
      ("($f := function($g, $n) { $n = 0 ? $g(-4) : $f($g ~> $abs, $n - 1) }; $f($abs, 100000))", nil),
      ("($f := function($o, $n) { $n = 0 ? 'done' : $f({'f': function() { $o }}, $n - 1) }; $f({}, 100000))", nil),
      ("($f := function($g, $n) { $n = 0 ? 'done' : $f($map(?, $g), $n - 1) }; $f($abs, 100000))", nil),
      ("($f := function($k, $n) { $n = 0 ? $k(0) : $f(function($x) { $k($x + 1) }, $n - 1) }; $f(function($x) { $x }, 5000))", nil),
    ]
    let done = DispatchSemaphore(value: 0)
    let finished = Mutex(0)
    let thread = Thread {
      for (source, input) in rows {
        var environment = EvaluationEnvironment(profile: .stepFunctions)
        _ = try? JSONataExpression(parsing: source).evaluate(input: input, environment: &environment)
        finished.withLock { $0 += 1 }
      }
      _ = outcome(String(repeating: "(", count: 100_000))
      done.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    done.wait()
    #expect(finished.withLock { $0 } == rows.count)
  }
}

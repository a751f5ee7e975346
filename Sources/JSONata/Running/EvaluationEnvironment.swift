public import JSONTypes

/// Which functions and rules apply.
public enum JSONataProfile: Sendable, Hashable {
  /// The language as its reference implementation has it.
  case standard
  /// The dialect of AWS Step Functions: `$eval` is no function; `$partition`, `$range`, `$hash`, `$random(seed)`, `$uuid` and
  /// `$parse` are; integers are printed as JSONata 2.0.6 did; a number that is not finite comes out as text.
  ///
  /// Source: AWS Step Functions Developer Guide, "Transforming data with JSONata in Step Functions".
  case stepFunctions
}

/// Bounds on what one evaluation may cost. Reaching one is an error, whatever the expression is.
public struct EvaluationBudgets: Sendable, Hashable {
  /// Expressions evaluated, items visited and characters worked on.
  public var steps: Int
  /// Expressions within expressions, counting through function calls. Calls in tail position do not nest.
  public var depth: Int
  /// What is produced in all: 8 for each element of an array or object, 1 for each byte of text.
  public var memory: Int

  /// - Parameters:
  ///   - steps: 50,000,000 by default, about two seconds of work.
  ///   - depth: 10,000 by default; three to five levels for each call of a recursive function.
  ///   - memory: 512 Mi by default, at most some 1.5 GiB of memory.
  public init(steps: Int = 50_000_000, depth: Int = 10_000, memory: Int = 512 << 20) {
    self.steps = steps
    self.depth = depth
    self.memory = memory
  }

  public static let standard = EvaluationBudgets()

  /// Nesting as Step Functions has been observed to allow it: `1+1+…` with 200 terms overflows its stack, 100 levels do not.
  public static let stepFunctions = EvaluationBudgets(depth: 100)
}

/// What an evaluation gets from outside: the core has no clock and no randomness of its own.
public struct EvaluationEnvironment {
  /// `$random`, `$uuid` and `$shuffle` draw from it; afterwards it has moved on.
  public var random: SeededRandom
  /// What `$now()` and `$millis()` tell: milliseconds since 1970-01-01T00:00:00Z.
  public var now: Double
  public var budgets: EvaluationBudgets
  public var profile: JSONataProfile
  /// Asked every 4,096 steps; true ends the evaluation with an error. Nil: never.
  public var isPastDeadline: (() -> Bool)?

  public init(
    random: SeededRandom = SeededRandom(seed: 0), now: Double = 0, budgets: EvaluationBudgets = .standard, profile: JSONataProfile = .standard,
    isPastDeadline: (() -> Bool)? = nil
  ) {
    self.random = random
    self.now = now
    self.budgets = budgets
    self.profile = profile
    self.isPastDeadline = isPastDeadline
  }
}

public import JSONTypes

/// A JSONata expression, compiled once, to be evaluated any number of times from any thread.
///
/// Source: docs.jsonata.org, and the reference implementation's behaviour as of its release 2.2.
public struct JSONataExpression: Sendable {
  /// Bounds on what an expression may be.
  public enum Limits {
    /// UTF-8 bytes of text.
    public static let bytes = 1 << 20
    /// Expressions within expressions; each operator of a chain counts.
    public static let nesting = 500
  }

  /// The expression as written.
  public let source: String
  /// The variables that it reads and does not bind itself, in the order in which they stand.
  public let references: [VariableReference]
  /// The names of those variables, each once.
  public let variables: [String]
  /// The names of functions called by name, with or without a definition in the expression itself; sorted.
  public let calledFunctions: [String]
  /// `??` or `?:` is used, which JSONata has since 2.1: Step Functions, which runs 2.0.6, refuses them.
  public var usesDefaultOperators: Bool { defaultOperator != nil }
  /// The first of these operators, by the UTF-16 units before its end.
  package let defaultOperator: Int?

  /// Fields read from the input of the whole expression by their bare names: Step Functions, where there is no such input, refuses them.
  public let bareNames: [FieldReference]
  /// Calls of functions that the expression does not define itself, in their order.
  public let calls: [FunctionCall]
  /// What can be said about the value without evaluating it.
  package let outline: ExpressionOutline

  let node: any Node
  let symbols: SymbolTable

  /// - Throws: `JSONataError` with the place of the mistake.
  public init(parsing source: String) throws(JSONataError) {
    do throws(Failure) {
      guard source.utf8.count <= Limits.bytes else {
        throw Failure(JSONataError.Code.expressionSize, value: .string("\(source.utf8.count) bytes; at most \(Limits.bytes) are allowed"))
      }
      let tree = try PathResolver.resolve(try Parser.parse(source))
      let facts = ExpressionFacts(of: tree)
      let compiled = try Compiler.compile(tree, symbols: SymbolTable(), facts: facts)
      node = compiled.node
      symbols = compiled.symbols
      references = facts.references
      calledFunctions = facts.calledFunctions.sorted()
      defaultOperator = facts.defaultOperator
      bareNames = facts.bareNames
      calls = facts.calls
      outline = ExpressionOutline(of: tree)
    } catch {
      throw error.error
    }
    self.source = source
    var known: Set<String> = []
    variables = references.map(\.name).filter { known.insert($0).inserted }
  }

  /// - Parameters:
  ///   - input: what `$` and `$$` stand for; nil for nothing.
  ///   - bindings: variables by their names without `$`. They shadow functions of the same name.
  ///   - environment: clock, randomness and budgets; its generator moves on with each random value drawn.
  /// - Returns: the value, or nil when the expression leads to nothing.
  /// - Throws: `JSONataError`
  public func evaluate(
    input: JSONValue?, bindings: [String: JSONValue] = [:], environment: inout EvaluationEnvironment
  ) throws(JSONataError) -> JSONValue? {
    let root = input.map { Value($0) } ?? .undefined
    var context = root
    if case .jsonArray = context {
      // An array as input is one item, which `$` and paths unwrap.
      context = .list(List(scalars: [context], [.sequence, .outerWrapper]))
    }
    let run = Run(symbols: symbols, root: root, bindings: bindings, environment: environment)
    defer {
      run.finish()
      environment.random = run.random
    }
    do throws(Failure) { return try run.output(run.evaluate(node, context, Frame(parent: nil))) } catch { throw error.error }
  }
}

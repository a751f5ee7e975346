import JSONTypes

/// Functions on values of any type, errors, time, and `$eval`.
enum GeneralFunctions {
  static let table: [Builtin] = [
    Builtin("boolean", "<x-:b>", parameters: 1) { call throws(Failure) in try call.run.truth(call[0]).map { .bool($0) } ?? .undefined },
    Builtin("not", "<x-:b>", parameters: 1) { call throws(Failure) in try call.run.truth(call[0]).map { .bool(!$0) } ?? .undefined },
    Builtin("exists", "<x:b>", parameters: 1) { call throws(Failure) in .bool(!call[0].isUndefined) },
    Builtin("type", "<x:s>", parameters: 1) { call throws(Failure) in call[0].typeName.map { .string($0) } ?? .undefined },
    Builtin("error", "<s?:x>", parameters: 1) { call throws(Failure) in
      throw Failure("D3137", message: try call.text(0).flatMap { $0.isEmpty ? nil : $0 } ?? "$error() function evaluated")
    },
    Builtin("assert", "<bs?:x>", parameters: 2) { call throws(Failure) in
      if case .bool(true) = call[0] { return .undefined }
      throw Failure("D3141", message: try call.text(1).flatMap { $0.isEmpty ? nil : $0 } ?? "$assert() statement failed")
    },
    Builtin("clone", "<(oa)-:o>", parameters: 1) { call throws(Failure) in call[0] },
    Builtin("eval", "<sx?:x>", parameters: 2) { call throws(Failure) in try evaluate(call) },
    Builtin("now", "<s?s?:s>", parameters: 2) { call throws(Failure) in
      try call.result(try DatePicture.text(of: call.run.now, picture: try call.text(0), timeZone: try call.text(1)))
    },
    Builtin("millis", "<:n>", parameters: 0) { call throws(Failure) in .number(call.run.now) },
  ]

  /// Evaluates a text as an expression, in the scope and context of the call.
  private static func evaluate(_ call: Arguments) throws(Failure) -> Value {
    guard let text = try call.text(0) else { return .undefined }
    let run = call.run
    let node: any Node
    do throws(Failure) {
      try run.charge(steps: text.utf8.count)
      guard text.utf8.count <= JSONataExpression.Limits.bytes else {
        throw Failure(JSONataError.Code.expressionSize, value: .string("\(text.utf8.count) bytes"))
      }
      let tree = try PathResolver.resolve(try Parser.parse(text))
      let facts = ExpressionFacts(of: tree)
      var symbols = run.symbols
      if !facts.boundNames.isEmpty {
        run.evalBinds = true
        for name in facts.boundNames { _ = symbols.number(of: name) }
      }
      let compiled = try Compiler.compile(tree, symbols: symbols, facts: facts, inEval: true)
      run.adopt(compiled.symbols)
      node = compiled.node
    } catch {
      throw Failure("D3120", value: .string(error.text))
    }
    let input = call.count > 1 && !call[1].isUndefined ? call[1] : call.context
    do throws(Failure) { return try run.evaluate(node, input, call.frame) } catch {
      // An exhausted budget is no fault of the expression that happened to be evaluated.
      if [JSONataError.Code.depth, JSONataError.Code.time, JSONataError.Code.memory].contains(error.code) { throw error }
      throw Failure("D3121", value: .string(error.text))
    }
  }
}

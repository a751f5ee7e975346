package import JSONPath
package import JSONata
package import JSONTypes

/// What a path or call reads, for those who follow data without evaluating it.
package indirect enum ExpressionSource: Sendable {
  case input(PathQuery)
  case context(PathQuery)
  case variable(String, PathQuery)
  case call(String, [Argument])

  package enum Argument: Sendable {
    case literal(JSONValue)
    case source(ExpressionSource)
  }
}

extension PathExpression {
  package var source: ExpressionSource { Self.source(of: form) }

  private static func source(of form: Form) -> ExpressionSource {
    switch form {
    case .input(let query): .input(query)
    case .context(let query): .context(query)
    case .variable(let name, let query): .variable(name, query)
    case .call(let call):
      .call(
        call.function.name,
        call.arguments.map { argument in
          switch argument {
          case .literal(let value): .literal(value)
          case .path(let form, _): .source(source(of: form))
          case .call(let inner): .source(source(of: .call(inner)))
          }
        })
    }
  }

  /// What is wrong with the literals among the arguments: the function refuses them whenever it is called.
  package var literalProblems: [String] {
    guard case .call(let call) = form else { return [] }
    var problems: [String] = []
    func visit(_ call: IntrinsicCall) {
      let kinds = IntrinsicFunction.argumentKinds[call.function.name] ?? []
      for (index, argument) in call.arguments.enumerated() {
        switch argument {
        case .literal(let value):
          guard kinds.indices.contains(index), !kinds[index].allows(value) else { continue }
          problems.append("\(call.function.name) takes \(kinds[index].rawValue) as argument \(index + 1), found \(value.typeName)")
        case .call(let inner): visit(inner)
        case .path: break
        }
      }
    }
    visit(call)
    return problems
  }

  /// What is wrong with the templates of `States.Format` in it: the call fails whenever it is evaluated.
  package var formatProblems: [String] {
    guard case .call(let call) = form else { return [] }
    var problems: [String] = []
    func visit(_ call: IntrinsicCall) {
      let given = call.arguments.count - 1
      switch call.template {
      case .failure(let failure)?: problems.append("\(call.function.name) always fails: \(failure.detail)")
      case .success(let template)? where template.places != given:
        problems.append("\(call.function.name) always fails: its template has \(template.places) {} for \(given) argument\(given == 1 ? "" : "s")")
      case .success?, nil: break
      }
      for case .call(let inner) in call.arguments { visit(inner) }
    }
    visit(call)
    return problems
  }
}

/// A template as it is written, for those who follow data without evaluating it.
package indirect enum TemplateOutline: Sendable {
  case constant(JSONValue)
  /// `field` is the key as written, with its `.$`.
  case path(PathExpression, field: String)
  case jsonata(JSONataExpression)
  case object([(key: String, value: TemplateOutline)])
  case array([TemplateOutline])
}

extension Template {
  package var outline: TemplateOutline {
    switch self {
    case .jsonPath(let template): template.outline
    case .jsonata(let template): template.outline
    }
  }
}

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

  /// What is wrong with a call, and the name of the function that is called.
  package struct CallProblem: Sendable {
    package var function: String
    package var message: String
  }

  /// What is wrong with the literals among the arguments: the function refuses them whenever it is called.
  package var literalProblems: [CallProblem] {
    calls.flatMap { call in
      let name = call.function.name
      return zip(call.arguments, IntrinsicFunction.argumentKinds[name] ?? []).enumerated().compactMap { index, pair -> CallProblem? in
        guard case .literal(let value) = pair.0, !pair.1.allows(value) else { return nil }
        return CallProblem(function: name, message: "\(name) takes \(pair.1.rawValue) as argument \(index + 1), found \(value.typeName)")
      }
    }
  }

  /// What is wrong with the templates of `States.Format` and the algorithms of `States.Hash` in it: the call fails whenever it is evaluated.
  package var callProblems: [CallProblem] {
    calls.compactMap { call in
      let name = call.function.name
      let given = call.arguments.count - 1
      switch call.template {
      case .failure(let failure)?: return CallProblem(function: name, message: "\(name) always fails: \(failure.detail)")
      case .success(let template)? where template.places != given:
        return CallProblem(
          function: name, message: "\(name) always fails: its template has \(template.places) {} for \(given) argument\(given == 1 ? "" : "s")")
      case .success?, nil: break
      }
      guard name == "States.Hash", case .literal(.string(let algorithm))? = call.arguments.last, MessageDigest(rawValue: algorithm) == nil else {
        return nil
      }
      let known = MessageDigest.allCases.map(\.rawValue).joined(separator: ", ")
      return CallProblem(function: name, message: "\(name) always fails: there is no algorithm \"\(algorithm)\"; it knows \(known)")
    }
  }

  /// The call, and those among its arguments.
  private var calls: [IntrinsicCall] {
    guard case .call(let call) = form else { return [] }
    var calls = [call]
    var next = 0
    while next < calls.count {
      for case .call(let inner) in calls[next].arguments { calls.append(inner) }
      next += 1
    }
    return calls
  }
}

/// A template as it is written, for those who follow data without evaluating it.
package indirect enum TemplateOutline: Sendable {
  case constant(JSONValue)
  /// What is not known yet.
  case open
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

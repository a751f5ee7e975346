import JSONTypes
import JSONata
import StatesLanguage

/// How often a value that a state reads stands whole in what one of its templates makes.
struct DataCopies {
  typealias Source = ExpressionCopies.Source
  typealias Use = ExpressionCopies.Use

  private let source: Source
  private let language: QueryLanguage

  /// - Returns: nil where it does not, or not for certain.
  static func use(of source: Source, in node: SyntaxNode, _ language: QueryLanguage) -> Use? {
    let use = DataCopies(source: source, language: language).use(in: node, isExpression: true)
    return use.count > 0 ? use : nil
  }

  private static let none = Use(count: 0, isNested: false)

  /// - Parameter isExpression: JSONPath: whether the key of the text ends in `.$`.
  private func use(in node: SyntaxNode, isExpression: Bool) -> Use {
    switch node.kind {
    case .object(let members):
      return Self.sum(members.map { use(in: $0.value, isExpression: $0.key.hasSuffix(".$")) }, isNested: true)
    case .array(let elements): return Self.sum(elements.map { use(in: $0, isExpression: false) }, isNested: true)
    case .string(let text): return use(in: text, isExpression)
    default: return Self.none
    }
  }

  private func use(in text: String, _ isExpression: Bool) -> Use {
    switch language {
    case .jsonata:
      guard text.contains("$" + source.variable), let expression = JSONataTemplate.expressionText(in: text) else { return Self.none }
      return ExpressionCopies(in: String(expression))[source] ?? Self.none
    case .jsonPath:
      guard isExpression, let path = try? PathExpression(parsing: text, allowingIntrinsics: true) else { return Self.none }
      return use(in: path.source)
    }
  }

  /// Paths lead to variables here, whose fields are not told apart.
  private func use(in expression: ExpressionSource) -> Use {
    switch expression {
    case .variable(let name, let query): return Use(count: name == source.variable && source.path.isEmpty && query.text == "$" ? 1 : 0, isNested: false)
    case .input, .context: return Self.none
    case .call(let name, let arguments):
      let uses = arguments.map { argument in if case .source(let inner) = argument { use(in: inner) } else { Self.none } }
      switch name {
      case "States.Array": return Self.sum(uses, isNested: true)
      case "States.Format", "States.JsonToString": return Self.sum(uses)
      default: return Self.none
      }
    }
  }

  private static func sum(_ uses: [Use], isNested: Bool = false) -> Use {
    let count = uses.reduce(0) { $0 + $1.count }
    return Use(count: count, isNested: count > 0 && (isNested || uses.contains { $0.count > 0 && $0.isNested }))
  }
}

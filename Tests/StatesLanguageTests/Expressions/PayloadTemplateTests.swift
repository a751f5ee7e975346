import JSONTypes
import StatesLanguage
import Testing

@Suite struct PayloadTemplateTests {
  /// A syntax tree whose strings all stand at line 7, so that ranges can be told from defaults.
  static func syntax(_ value: JSONValue) -> SyntaxNode {
    let range = SourceRange(SourcePosition(offset: 1, line: 7, column: 2), SourcePosition(offset: 9, line: 7, column: 10))
    switch value {
    case .null: return SyntaxNode(.null, range)
    case .bool(let value): return SyntaxNode(.bool(value), range)
    case .int, .double, .bigInteger: return SyntaxNode(.number(value), range)
    case .string(let text): return SyntaxNode(.string(text), range)
    case .array(let elements): return SyntaxNode(.array(elements.map(syntax)), range)
    case .object(let object):
      return SyntaxNode(.object(object.map { SyntaxNode.Member(key: $0.key, keyRange: .start, value: syntax($0.value)) }), range)
    }
  }

  static func compile(_ value: JSONValue) -> (PayloadTemplate, [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    let template = PayloadTemplate.compile(syntax(value), pointer: "/States/A/Parameters", into: &diagnostics)
    return (template, diagnostics)
  }

  @Test func replacesWhatEndsInDollar() throws {
    let (template, diagnostics) = Self.compile([
      "fixed": [1, ["x": "$.a"]], "a.$": "$.a", "list": [["b.$": "States.MathAdd($.n, 1)"], 2], "who.$": "$$.State.Name", "v.$": "$v",
    ])
    #expect(diagnostics.isEmpty)
    #expect(template.usesContext)
    #expect(template.variables == ["v"])
    #expect(!template.isConstant)
    var scope = EvaluationScope(input: ["a": "A", "n": 4], context: ["State": ["Name": "S"]], variables: ["v": true])
    #expect(
      try template.evaluate(in: &scope).jsonText
        == #"{"fixed":[1,{"x":"$.a"}],"a":"A","list":[{"b":5},2],"who":"S","v":true}"#)
  }

  @Test func isConstantWithoutExpressions() throws {
    for value in [["a": [1, nil, ["b": "$.x"]]], "$.a", 5, [], nil] as [JSONValue] {
      let (template, diagnostics) = Self.compile(value)
      #expect(template.isConstant && diagnostics.isEmpty)
      var scope = EvaluationScope(input: nil)
      #expect(try template.evaluate(in: &scope).jsonText == value.jsonText)
    }
  }

  @Test func namesTheFieldThatFails() {
    let (template, _) = Self.compile(["out": ["value.$": "$.none"]])
    var scope = EvaluationScope(input: [:])
    do {
      _ = try template.evaluate(in: &scope)
      Issue.record("evaluated")
    } catch {
      #expect(error == EvaluationError(.notFound, "No results for path: $['none']", expression: "$.none", field: "value.$"))
    }
  }

  @Test(arguments: [
    (["a.$": "nope"], "invalid-intrinsic", "/States/A/Parameters/a.$"), (["a/b.$": "$.x["], "invalid-path", "/States/A/Parameters/a~1b.$"),
    (["a": [["b~.$": "States.Foo()"]]], "invalid-intrinsic", "/States/A/Parameters/a/0/b~0.$"), (["a.$": 5], "invalid-template-value", "/States/A/Parameters/a.$"),
    (["a": 1, "a.$": "$.x"], "duplicate-template-field", "/States/A/Parameters/a.$"),
  ] as [(JSONValue, String, String)])
  func reportsWhatIsWrong(_ value: JSONValue, _ code: String, _ pointer: String) throws {
    let (_, diagnostics) = Self.compile(value)
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostics.count == 1)
    #expect(diagnostic.code == code)
    #expect(diagnostic.pointer == pointer)
    if code != "duplicate-template-field" { #expect(diagnostic.range.lowerBound.line == 7) }
    #expect(!diagnostic.message.hasSuffix("."))
  }
}

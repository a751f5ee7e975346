import JSONTypes

/// A value of a template after its functions are evaluated.
struct TemplateValue: Sendable {
  enum Content: Sendable {
    case null
    case bool(Bool)
    case number(JSONValue)
    /// A text as it stands in the file.
    case literal(String)
    /// A text that was put together.
    case composed(PlacedText)
    case list([TemplateValue])
    case object([Member])
    /// `AWS::NoValue`: the member or element is left out.
    case absent
    /// A finding says why.
    case unknown
  }

  struct Member: Sendable {
    var key: String
    var keyRange: SourceRange
    var value: TemplateValue
  }

  var content: Content
  var range: SourceRange

  init(_ content: Content, _ range: SourceRange) {
    self.content = content
    self.range = range
  }

  /// The text of a scalar, as CloudFormation turns numbers and booleans into texts; nil for anything else.
  var text: String? {
    switch content {
    case .bool(let value): value ? "true" : "false"
    case .number(.int(let value)): String(value)
    case .number(.double(let value)): "\(value)"
    case .number(.bigInteger(let digits)): digits
    case .literal(let text): text
    case .composed(let placed): placed.text
    case .number, .null, .list, .object, .absent, .unknown: nil
    }
  }

  var list: [TemplateValue]? { if case .list(let elements) = content { elements } else { nil } }
  var isUnknown: Bool { if case .unknown = content { true } else { false } }
  var isAbsent: Bool { if case .absent = content { true } else { false } }

  var typeName: String {
    switch content {
    case .null, .absent: "no value"
    case .bool: "a boolean"
    case .number: "a number"
    case .literal, .composed: "a text"
    case .list: "a list"
    case .object: "an object"
    case .unknown: "an unknown value"
    }
  }

  /// The value as a tree; composed texts are handed to `compose`.
  /// - Parameter texts: the file that literal texts stand in.
  func node(in texts: SourceTexts? = nil, _ compose: (SourceRange, PlacedText) -> Void) -> SyntaxNode {
    switch content {
    case .null, .absent: SyntaxNode(.null, range)
    case .bool(let value): SyntaxNode(.bool(value), range)
    case .number(let value): SyntaxNode(.number(value), range)
    case .literal(let text): texts.map { SyntaxNode(text, range, in: $0) } ?? SyntaxNode(.string(text), range)
    case .composed(let placed):
      {
        compose(range, placed)
        return SyntaxNode(.string(placed.text), range, textMap: placed.map)
      }()
    case .list(let elements): SyntaxNode(.array(elements.map { $0.node(in: texts, compose) }), range)
    case .object(let members):
      SyntaxNode(.object(members.map { SyntaxNode.Member(key: $0.key, keyRange: $0.keyRange, value: $0.value.node(in: texts, compose)) }), range)
    case .unknown: SyntaxNode(.invalid, range)
    }
  }
}

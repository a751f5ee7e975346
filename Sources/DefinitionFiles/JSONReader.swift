import JSONTypes
import StatesLanguage

/// Reads a JSON text into a tree whose ranges are places of the file, also where the text is a piece of it.
enum JSONReader {
  /// The tree of what could be read, with a diagnostic `json-syntax` for each thing that could not; nil when nothing could.
  static func read(_ text: PlacedText, limits: DefinitionFileLimits) -> (node: SyntaxNode?, diagnostics: [Diagnostic]) {
    let (node, problems) = SyntaxNode.parse(json: text.text, maximumDepth: limits.nesting)
    let diagnostics = problems.map { problem in
      Diagnostic(
        "json-syntax", .error, problem.message, at: text.place(of: problem.range), notes: problem.hint.isEmpty ? [] : [Diagnostic.Note(problem.hint)])
    }
    if case .invalid = node.kind { return (nil, diagnostics) }
    // A file of its own has its places already; only a lone carriage return ends lines that the parser does not count.
    if text.isFile, !text.hasCarriageReturns { return (node, diagnostics) }
    return (text.relocate(node, text.map), diagnostics)
  }
}

extension PlacedText {
  fileprivate var hasCarriageReturns: Bool { text.contains(bytes: "\r") }

  fileprivate func place(of range: SourceRange) -> SourceRange {
    let lower = range.lowerBound.offset
    return self.range(lower..<max(lower, range.upperBound.offset))
  }

  /// The tree with the places of the file instead of those of this text.
  fileprivate func relocate(_ node: SyntaxNode, _ map: TextMap) -> SyntaxNode {
    let kind: SyntaxNode.Kind
    switch node.kind {
    case .array(let elements): kind = .array(elements.map { relocate($0, map) })
    case .object(let members):
      kind = .object(
        members.map { SyntaxNode.Member(key: $0.key, keyRange: place(of: $0.keyRange), value: relocate($0.value, map)) })
    case .null, .bool, .number, .string, .invalid: kind = node.kind
    }
    return SyntaxNode(kind, place(of: node.range), textMap: node.textMap?.relocated(by: map))
  }
}

extension SyntaxNode {
  /// What the value is, for messages: `an object`.
  var typeName: String {
    switch kind {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    case .invalid: "an unreadable value"
    }
  }
}

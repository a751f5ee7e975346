public import JSONTypes
public import StatesLanguage

/// A state machine that a file carries, ready to be checked and run.
public struct LoadedDefinition: Sendable {
  /// The resource's name in its template; nil for a plain definition.
  public var logicalID: String?
  /// The state machine's name: what the template says, else what is derived from its stack, or from the file's name.
  public var name: String
  public var arn: String
  public var type: WorkflowType
  /// Nil where the file gives none, or none that can be known here.
  public var roleARN: String?
  /// The definition with all values filled in; ranges are places of the file ``path``. Nil when it could not be read.
  public var definition: SyntaxNode?
  /// The file that the definition stands in: the loaded file, or the one that its `DefinitionUri` names.
  public var path: String
  public var places: DefinitionPlaces
  /// The Lambda functions of the same template.
  public var functions: [DeclaredFunction]
  /// Findings about the file ``path`` when that is not the loaded file; others stand in ``DefinitionFile/diagnostics``.
  public var diagnostics: [Diagnostic]

  /// The definition's own `Comment`.
  public var comment: String? { definition?["Comment"]?.text }
}

/// A Lambda function that a template declares.
public struct DeclaredFunction: Sendable, Hashable {
  public var logicalID: String
  public var name: String
  public var arn: String
  public var handler: String?
  public var runtime: String?
  /// The environment's variables, evaluated. Variables whose value cannot be known here are left out, with a warning.
  public var environment: [String: String]
}

/// Leads from the texts within a definition back to the file.
public struct DefinitionPlaces: Sendable {
  /// What the definition was parsed from: a whole file, or the decoded text of a `DefinitionString` with all substitutions made.
  public internal(set) var text: PlacedText
  var spelling: PlacedText.Spelling
  /// Strings that were computed, by the offset in the file at which their node begins.
  var computed: [Int: PlacedText] = [:]

  /// The decoded text of a string node of the definition, each byte with its place in the file.
  ///
  /// A finding at bytes `a..<b` of the string, an error within a JSONata expression for instance, stands at `places.text(of: node).range(a..<b)`.
  public func text(of node: SyntaxNode) -> PlacedText {
    let string = node.text ?? ""
    if let computed = computed[node.range.lowerBound.offset], computed.text.isSameText(as: string) { return computed }
    guard let start = text.offset(of: node.range.lowerBound) else { return PlacedText(string, at: node.range) }
    let source = Array(text.text.utf8)
    let end: Int
    switch spelling {
    case .json: end = Self.endOfString(source, start)
    case .yaml: end = start + node.range.upperBound.offset - node.range.lowerBound.offset
    }
    let placed = text.scalar(string, at: start..<max(start, end), spelling: spelling, source: source)
    return placed.text.isSameText(as: string) ? placed : PlacedText(string, at: node.range)
  }

  private static func endOfString(_ source: [UInt8], _ start: Int) -> Int {
    var index = start + 1
    while index < source.count, source[index] != UInt8(ascii: "\"") { index += source[index] == UInt8(ascii: "\\") ? 2 : 1 }
    return min(index + 1, source.count)
  }
}

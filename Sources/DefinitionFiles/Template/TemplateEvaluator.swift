import JSONTypes
import StatesLanguage

/// Evaluates what a local run needs of a CloudFormation or SAM template: parameters, mappings, conditions and the intrinsic functions.
///
/// Only what is asked for is evaluated, so a function that cannot be known here hurts nobody who does not use its value.
/// Source: AWS CloudFormation User Guide, "Template sections" and "Intrinsic function reference".
struct TemplateEvaluator {
  let file: SourceFile
  let root: SyntaxNode
  let options: LoadOptions
  let source: [UInt8]
  /// Resources by logical id, in the order of the file.
  let resources: [SyntaxNode.Member]
  private let resourcePositions: [String: Int]
  var diagnostics: [Diagnostic] = []
  var parameters: [String: TemplateParameter] = [:]
  var parameterNames: [String] = []
  var conditions: [String: Bool] = [:]
  /// Conditions and resources whose value is being found out.
  var open: Set<String> = []
  var physicalNames: [String: String] = [:]
  private var steps = 0
  private var hasReportedSteps = false

  init(_ file: SourceFile, _ root: SyntaxNode, _ options: LoadOptions) {
    self.file = file
    self.root = root
    self.options = options
    source = Array(file.text.text.utf8)
    let all = (root["Resources"]?.members ?? []).filter { $0.value.members != nil }
    resources = Array(all.prefix(options.limits.resources))
    resourcePositions = Dictionary(resources.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { first, _ in first })
    if all.count > resources.count {
      report("template-limit", "the template has more than \(options.limits.resources) resources", all[resources.count].keyRange)
    }
    readParameters()
  }

  /// Whether a tree is a template and not a definition.
  static func isTemplate(_ root: SyntaxNode) -> Bool {
    guard root["StartAt"] == nil, root["States"] == nil else { return false }
    if root["AWSTemplateFormatVersion"] != nil { return true }
    guard let resources = root["Resources"]?.members else { return false }
    return root["Transform"] != nil || resources.contains { $0.value["Type"]?.text != nil }
  }

  var isServerless: Bool {
    let transform = root["Transform"]
    let names = transform?.elements?.compactMap(\.text) ?? [transform?.text].compactMap { $0 }
    return names.contains { $0.hasPrefix("AWS::Serverless-") }
  }

  func resource(_ logicalID: String) -> SyntaxNode.Member? { resourcePositions[logicalID].map { resources[$0] } }

  // MARK: Findings

  mutating func report(_ code: String, _ message: String, _ range: SourceRange, suggestion: String? = nil) {
    diagnostics.append(Diagnostic(code, message, at: range, suggestion: suggestion))
  }

  mutating func warn(_ code: String, _ message: String, _ range: SourceRange, suggestion: String? = nil) {
    diagnostics.append(Diagnostic(code, .warning, message, at: range, suggestion: suggestion))
  }

  mutating func unknown(_ code: String, _ message: String, _ range: SourceRange, suggestion: String? = nil) -> TemplateValue {
    report(code, message, range, suggestion: suggestion)
    return TemplateValue(.unknown, range)
  }

  /// A value that only a deployment knows: an error, or `${name}` where values may stay open.
  mutating func unresolved(_ name: String, _ code: String, _ message: String, _ range: SourceRange) -> TemplateValue {
    switch options.unresolvedValues {
    case .refused: unknown(code, message, range)
    case .leftOpen: TemplateValue(.composed(PlacedText("${\(name)}", at: range)), range)
    }
  }

  /// A name that the template does not have: an error, or `${name}` with a warning where values may stay open, since a macro may provide it.
  mutating func missing(_ name: String, _ message: String, _ range: SourceRange, suggestion: String?) -> TemplateValue {
    guard options.unresolvedValues == .leftOpen else { return unknown("template-reference", message, range, suggestion: suggestion) }
    warn("template-reference", message, range, suggestion: suggestion)
    return TemplateValue(.composed(PlacedText("${\(name)}", at: range)), range)
  }

  /// Evaluates what a run can do without: what goes wrong is a warning.
  mutating func optional<Value>(_ body: (inout TemplateEvaluator) -> Value) -> Value {
    let outer = diagnostics
    diagnostics = []
    let value = body(&self)
    let found = diagnostics.map { finding in
      var finding = finding
      if finding.severity == .error { finding.severity = .warning }
      return finding
    }
    // An error that is known already needs no warning.
    diagnostics = outer + found.filter { new in !outer.contains { $0.code == new.code && $0.range == new.range && $0.message == new.message } }
    return value
  }

  // MARK: Values

  mutating func evaluate(_ node: SyntaxNode) -> TemplateValue {
    steps += 1
    guard steps <= options.limits.evaluationSteps else {
      if !hasReportedSteps {
        hasReportedSteps = true
        report("template-limit", "evaluating the template takes more than \(options.limits.evaluationSteps) steps", node.range)
      }
      return TemplateValue(.unknown, node.range)
    }
    switch node.kind {
    case .null: return TemplateValue(.null, node.range)
    case .bool(let value): return TemplateValue(.bool(value), node.range)
    case .number(let value): return TemplateValue(.number(value), node.range)
    case .string(let text): return TemplateValue(.literal(text), node.range)
    case .invalid: return TemplateValue(.unknown, node.range)
    case .array(let elements):
      var values: [TemplateValue] = []
      for element in elements {
        let value = evaluate(element)
        if !value.isAbsent { values.append(value) }
      }
      return TemplateValue(.list(values), node.range)
    case .object(let members):
      if members.count == 1, let call = members.first, call.key == "Ref" || call.key.hasPrefix("Fn::") { return evaluate(call, node.range) }
      var values: [TemplateValue.Member] = []
      for member in members {
        let value = evaluate(member.value)
        if !value.isAbsent { values.append(TemplateValue.Member(key: member.key, keyRange: member.keyRange, value: value)) }
      }
      return TemplateValue(.object(values), node.range)
    }
  }

  /// A value that must be a text; nil, with a finding, when it is none.
  mutating func text(_ node: SyntaxNode, for purpose: String) -> String? {
    let value = evaluate(node)
    if let text = value.text { return text }
    if !value.isUnknown, !value.isAbsent { report("template-value", "expected a text as \(purpose), found \(value.typeName)", node.range) }
    return nil
  }

  /// A scalar's text, each part with its place in the file; nil for anything else.
  func placed(_ value: TemplateValue) -> PlacedText? {
    switch value.content {
    case .composed(let placed): placed
    case .literal(let text):
      file.text.scalar(
        text, at: value.range.lowerBound.offset..<max(value.range.lowerBound.offset, value.range.upperBound.offset), spelling: file.spelling,
        source: source)
    default: value.text.map { PlacedText($0, at: value.range) }
    }
  }

  /// A composed text, or a finding when it is too long. Long texts take steps, so that many of them end as well.
  mutating func composed(_ text: PlacedText, _ range: SourceRange) -> TemplateValue {
    steps += text.utf8Count / 64
    guard text.utf8Count <= options.limits.fileSizeInBytes else {
      return unknown("template-limit", "the text is longer than \(options.limits.fileSizeInBytes) bytes", range)
    }
    return TemplateValue(.composed(text), range)
  }

}

import JSONTypes

/// The functions that definitions are made with; all others have values that are not known here.
/// Source: Terraform Language Documentation, "Built-in Functions".
extension TerraformEvaluator {
  mutating func call(_ name: String, _ arguments: [HCLExpression], _ range: SourceRange, _ file: Int, _ scope: Scope?) -> TemplateValue {
    let unknown = TemplateValue(.unknown, range)
    func composed(_ text: String) -> TemplateValue { TemplateValue(.composed(PlacedText(text, at: range)), range) }
    let values = arguments.map { evaluate($0, file, scope) }
    switch (name, values.count) {
    case ("jsonencode", 1):
      return values[0].hasUnknown ? unknown : composed(values[0].node { _, _ in }.value.jsonText)
    case ("tostring", 1), ("trimspace", 1), ("chomp", 1), ("nonsensitive", 1), ("sensitive", 1):
      guard let text = values[0].text else { return values[0].isUnknown ? unknown : values[0] }
      return composed(name == "tostring" || name.hasSuffix("sensitive") ? text : String(text.trimmingBlanks))
    case ("lower", 1): return values[0].text.map { composed($0.lowercased()) } ?? unknown
    case ("upper", 1): return values[0].text.map { composed($0.uppercased()) } ?? unknown
    case ("join", 2):
      guard let separator = values[0].text, let list = values[1].list else { return unknown }
      let texts = list.compactMap(\.text)
      return texts.count == list.count ? composed(texts.joined(separator: separator)) : unknown
    case ("format", 1...):
      return values[0].text.map { composed(Self.format($0, values.dropFirst())) } ?? unknown
    case ("concat", _):
      let lists = values.compactMap(\.list)
      return lists.count == values.count ? TemplateValue(.list(lists.flatMap(\.self)), range) : unknown
    case ("merge", _): return merge(values, range)
    case ("file", 1), ("templatefile", 2):
      guard let path = values[0].text, !path.mayHoldPlaceholder else { return unknown }
      return text(ofFile: path, variables: name == "file" ? nil : arguments[1], range, file, scope)
    default: return unknown
    }
  }

  private func merge(_ values: [TemplateValue], _ range: SourceRange) -> TemplateValue {
    var members: [TemplateValue.Member] = []
    for value in values {
      guard case .object(let more) = value.content else { return TemplateValue(.unknown, range) }
      let keys = Set(more.map(\.key))
      members.removeAll { keys.contains($0.key) }
      members += more
    }
    return TemplateValue(.object(members), range)
  }

  /// `%s`, `%d`, `%q`, `%%` and the like, one after the other; what is not known becomes a placeholder.
  private static func format(_ pattern: String, _ values: ArraySlice<TemplateValue>) -> String {
    var result = ""
    var rest = values
    var isVerb = false
    for character in pattern {
      guard isVerb else {
        if character == "%" { isVerb = true } else { result.append(character) }
        continue
      }
      if character == "%" {
        result.append("%")
      } else if character.isLetter {
        result += rest.popFirst().map { $0.text ?? "${value}" } ?? "${value}"
      } else {
        continue
      }
      isVerb = false
    }
    return result
  }

  /// The text of a file, or of a template file with its variables; all of it belongs to the call.
  private mutating func text(
    ofFile path: String, variables: HCLExpression?, _ range: SourceRange, _ file: Int, _ scope: Scope?
  ) -> TemplateValue {
    let unknown = TemplateValue(.unknown, range)
    let path = FileReaders.path(path, besides: module.files[file].path)
    guard case .success(let text) = SourceFile.read(path, options) else { return unknown }
    guard let variables else { return TemplateValue(.composed(PlacedText(text, at: range)), range) }
    let inner = self.scope(variables, file, scope)
    return once("file " + path, unknown) { evaluator in
      var result = ""
      guard let parts = try? HCLParser.template(PlacedText(file: text), limits: evaluator.options.limits) else { return unknown }
      let isWhole = evaluator.expand(parts, file, inner) { piece in
        switch piece {
        case .text(let text): result += text.text
        case .value(let value, let name): result += value.text ?? "${\(name)}"
        }
      }
      return isWhole ? TemplateValue(.composed(PlacedText(result, at: range)), range) : unknown
    }
  }

  /// The variables of a template file.
  mutating func scope(_ variables: HCLExpression?, _ file: Int, _ outer: Scope?) -> Scope {
    guard let variables, case .object(let members) = evaluate(variables, file, outer).content else { return [:] }
    return Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }
}

extension String {
  fileprivate var trimmingBlanks: Substring {
    var text = self[...]
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return text
  }
}

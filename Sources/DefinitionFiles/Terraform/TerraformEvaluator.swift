import JSONTypes
import StatesLanguage

/// Evaluates what a definition in Terraform is made of. What only a plan knows, references to resources above all, stays unknown, or is its
/// own name in braces within a text.
///
/// Source: Terraform Language Documentation, "Expressions" and "Functions".
struct TerraformEvaluator {
  let options: LoadOptions
  private(set) var module: TerraformModule
  private var hasSiblings = false
  private var open: Set<String> = []
  private var steps = 0

  init(_ module: TerraformModule, _ options: LoadOptions) {
    self.module = module
    self.options = options
  }

  /// Names that a template's variables or its `for` give; nil where the names of the module hold.
  typealias Scope = [String: TemplateValue]

  mutating func local(_ name: String) -> (value: HCLExpression, file: Int)? {
    if module.locals[name] == nil { readSiblings() }
    return module.locals[name]
  }

  mutating func data(_ type: String, _ name: String) -> (body: HCLBody, file: Int)? {
    guard TerraformModule.dataTypes.contains(type) else { return nil }
    if module.data[type + "." + name] == nil { readSiblings() }
    return module.data[type + "." + name]
  }

  private mutating func readSiblings() {
    guard !hasSiblings else { return }
    hasSiblings = true
    module.readSiblings(options)
  }

  /// Guards against values that are defined by themselves.
  mutating func once<Value>(_ key: String, _ otherwise: Value, _ body: (inout TerraformEvaluator) -> Value) -> Value {
    guard open.insert(key).inserted else { return otherwise }
    defer { open.remove(key) }
    return body(&self)
  }

  // MARK: Values

  /// - Parameter file: the number of the file that the expression stands in.
  mutating func evaluate(_ node: HCLExpression, _ file: Int, _ scope: Scope? = nil) -> TemplateValue {
    steps += 1
    guard steps <= options.limits.evaluationSteps else { return TemplateValue(.unknown, node.range) }
    switch node.kind {
    case .null: return TemplateValue(.null, node.range)
    case .bool(let value): return TemplateValue(.bool(value), node.range)
    case .number(let value): return TemplateValue(.number(value), node.range)
    case .template(let parts): return template(parts, node.range, file, scope)
    case .reference(let names): return reference(names, node.range, file, scope)
    case .call(let name, let arguments): return call(name, arguments, node.range, file, scope)
    case .tuple(let elements): return TemplateValue(.list(elements.map { evaluate($0, file, scope) }), node.range)
    case .object(let items):
      let members = items.map { item in
        TemplateValue.Member(key: item.key ?? "${key}", keyRange: item.keyRange, value: evaluate(item.value, file, scope))
      }
      return TemplateValue(.object(members), node.range)
    case .conditional(let condition, let yes, let no):
      guard case .bool(let value) = evaluate(condition, file, scope).content else { return TemplateValue(.unknown, node.range) }
      return evaluate(value ? yes : no, file, scope)
    case .opaque: return TemplateValue(.unknown, node.range)
    }
  }

  private mutating func reference(_ names: [String], _ range: SourceRange, _ file: Int, _ scope: Scope?) -> TemplateValue {
    let unknown = TemplateValue(.unknown, range)
    var result: TemplateValue
    var rest = names.dropFirst()
    if let scope, let value = scope[names[0]] {
      result = value
    } else if scope != nil {
      return unknown
    } else if names[0] == "path", names.count == 2 {
      // As seen from the folder of the file. It is taken for the root, too: which module calls it is not known here.
      return TemplateValue(.composed(PlacedText(".", at: range)), range)
    } else if names[0] == "var", names.count == 2 {
      guard let value = options.parameters[names[1]] else { return unknown }
      return given(value, variableType(names[1]), range)
    } else if names[0] == "local", names.count >= 2, let found = local(names[1]) {
      result = once("local." + names[1], unknown) { $0.evaluate(found.value, found.file) }
      rest = rest.dropFirst()
      if found.file != file { result = result.placed(at: range) }
    } else {
      return unknown
    }
    for name in rest {
      guard case .object(let members) = result.content, let member = members.last(where: { $0.key == name }) else { return unknown }
      result = member.value
    }
    // The place of the use is what a reader looks for first; that of the text itself is kept within.
    result.range = range
    return result
  }

  private mutating func variableType(_ name: String) -> String? {
    if module.variableTypes[name] == nil { readSiblings() }
    return module.variableTypes[name]
  }

  /// A value of the command line, in the type that the variable declares.
  private func given(_ text: String, _ type: String?, _ range: SourceRange) -> TemplateValue {
    if type == "number", let number = YAMLSchema.number(text) { return TemplateValue(.number(number), range) }
    if type == "bool", text == "true" || text == "false" { return TemplateValue(.bool(text == "true"), range) }
    return TemplateValue(.composed(PlacedText(text, at: range)), range)
  }

  // MARK: Templates

  private mutating func template(_ parts: [HCLTemplatePart], _ range: SourceRange, _ file: Int, _ scope: Scope?) -> TemplateValue {
    if parts.count == 1, case .interpolation(let inner) = parts[0] {
      var value = evaluate(inner, file, scope)
      value.range = range
      return value
    }
    var result = PlacedText()
    let isWhole = expand(parts, file, scope) { part in
      switch part {
      case .text(let text): result.append(text)
      case .value(let value, let name):
        if let text = value.text {
          result.append(text, at: value.range)
        } else {
          result.append("${\(name)}", at: value.range)
        }
      }
    }
    guard isWhole, result.utf8Count <= options.limits.fileSizeInBytes else { return TemplateValue(.unknown, range) }
    return TemplateValue(.composed(result), range)
  }

  enum Piece {
    case text(PlacedText)
    /// An interpolation's value, and what it is called.
    case value(TemplateValue, name: String)
  }

  /// Hands on the pieces of a template, directives carried out.
  /// - Returns: false when a directive depends on what is not known.
  mutating func expand(_ parts: [HCLTemplatePart], _ file: Int, _ scope: Scope?, _ take: (Piece) -> Void) -> Bool {
    var index = 0
    return expand(parts, &index, file, scope, take) && index == parts.count
  }

  /// Up to the end, or to the directive that ends what is open.
  private mutating func expand(
    _ parts: [HCLTemplatePart], _ index: inout Int, _ file: Int, _ scope: Scope?, _ take: (Piece) -> Void
  ) -> Bool {
    while index < parts.count {
      steps += 1
      guard steps <= options.limits.evaluationSteps else { return false }
      switch parts[index] {
      case .text(let text): take(.text(text))
      case .interpolation(let inner):
        var value = evaluate(inner, file, scope)
        value.range = inner.range
        take(.value(value, name: inner.name))
      case .orElse, .endIf, .endFor: return true
      case .beginIf(let condition):
        guard case .bool(let isTrue) = evaluate(condition, file, scope).content else { return false }
        index += 1
        guard expand(parts, &index, file, scope, { if isTrue { take($0) } }) else { return false }
        if index < parts.count, case .orElse = parts[index] {
          index += 1
          guard expand(parts, &index, file, scope, { if !isTrue { take($0) } }) else { return false }
        }
        guard index < parts.count, case .endIf = parts[index] else { return false }
      case .beginFor(let names, let collection):
        let value = evaluate(collection, file, scope)
        let entries: [(TemplateValue, TemplateValue)]
        switch value.content {
        case .list(let elements): entries = elements.enumerated().map { (TemplateValue(.number(.int(Int64($0.offset))), $0.element.range), $0.element) }
        case .object(let members): entries = members.map { (TemplateValue(.composed(PlacedText($0.key, at: $0.keyRange)), $0.keyRange), $0.value) }
        default: return false
        }
        index += 1
        let body = index
        if entries.isEmpty { guard expand(parts, &index, file, scope, { _ in }) else { return false } }
        for (key, element) in entries {
          index = body
          var inner = scope ?? [:]
          if names.count > 1 { inner[names[0]] = key }
          inner[names[names.count - 1]] = element
          guard expand(parts, &index, file, inner, take) else { return false }
        }
        guard index < parts.count, case .endFor = parts[index] else { return false }
      }
      index += 1
    }
    return true
  }
}

extension HCLExpression {
  /// What stands for the value in braces.
  var name: String {
    switch kind {
    case .reference(let names): names.joined(separator: ".")
    case .call(let name, _): name
    default: "value"
    }
  }
}

extension TemplateValue {
  /// The same value, all of which belongs to one place.
  func placed(at range: SourceRange) -> TemplateValue {
    switch content {
    case .composed(let text): TemplateValue(.composed(text.placed(at: range)), range)
    case .literal(let text): TemplateValue(.composed(PlacedText(text, at: range)), range)
    case .list(let elements): TemplateValue(.list(elements.map { $0.placed(at: range) }), range)
    case .object(let members):
      TemplateValue(.object(members.map { Member(key: $0.key, keyRange: range, value: $0.value.placed(at: range)) }), range)
    case .null, .bool, .number, .absent, .unknown: TemplateValue(content, range)
    }
  }

  /// Whether anything within is unknown.
  var hasUnknown: Bool {
    switch content {
    case .unknown: true
    case .list(let elements): elements.contains { $0.hasUnknown }
    case .object(let members): members.contains { $0.value.hasUnknown }
    default: false
    }
  }
}

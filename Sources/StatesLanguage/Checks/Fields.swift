import JSONTypes

extension StateMachineParser {
  /// Holds an object against the field table: unknown and missing fields, wrong types, wrong query language.
  /// - Parameter pointer: the object's JSON pointer, spelled out only where something is wrong.
  mutating func checkFields(
    of node: SyntaxNode, owner: FieldOwner, language: QueryLanguage, pointer: @autoclosure () -> String, place: SourceRange
  ) {
    guard let members = node.members else { return }
    let rules = FieldTable.rules(for: owner)
    for index in members.indices {
      let key = members[index].key
      guard let rule = rules[key] else {
        report(
          "unknown-field", "\(owner.described) has no field \"\(key)\"", at: members[index].keyRange, pointer: pointer() + "/" + key.pointerToken,
          word: key, among: rules.names)
        continue
      }
      if let only = rule.language, only != language {
        report(
          "wrong-query-language", "\"\(key)\" is a field of \(only.rawValue), and the query language here is \(language.rawValue)",
          at: members[index].keyRange, pointer: pointer() + "/" + key.pointerToken)
        continue
      }
      if members[index].value.isInvalid { checkOpen(members[index].value, field: key, pointer: pointer) }
      if case .any = rule.kind { continue }
      let mayBeExpression = language == .jsonata && owner.takesExpressions && rule.takesExpressions
      check(members[index].value, is: rule.kind, field: key, mayBeExpression: mayBeExpression, owner: pointer)
    }
    for rule in rules.required where !node.has(rule.name) {
      if rule.language == nil || rule.language == language {
        report("missing-field", "\(owner.described) needs the field \"\(rule.name)\"", at: place, pointer: pointer())
      }
    }
  }

  /// - Parameter owner: the pointer of the object that has the field.
  /// - Parameter mayBeExpression: whether an expression of JSONata can stand there; then one that lacks a delimiter is reported as that.
  private mutating func check(_ node: SyntaxNode, is kind: ValueKind, field: String, mayBeExpression: Bool, owner: () -> String) {
    var pointer: String { owner() + "/" + field.pointerToken }
    if case .invalid = node.kind { return }
    if let text = node.text {
      if mayBeExpression, JSONataTemplate.isMeantAsExpression(text) { return }
      if text.hasPlaceholder {
        // A text may have any words in it; what reads more than that in one finds out by itself.
        if !kind.isText { checkOpen(node, field: field, pointer: owner) }
        return
      }
    }
    func wrong(_ expected: String) {
      report("wrong-type", "expected \(expected) for \(field), found \(node.described)", at: node.range, pointer: pointer)
    }
    switch kind {
    case .any: return
    case .string: if node.text == nil { wrong("a string") }
    case .boolean: if case .bool = node.kind { return } else { wrong("true or false") }
    case .object: if node.members == nil { wrong("an object") }
    case .array: if node.elements == nil { wrong("an array") }
    case .nullableString:
      if case .null = node.kind { return }
      if node.text == nil { wrong("a path or null") }
    case .nonEmptyObject, .nonEmptyArray:
      if case .nonEmptyObject = kind {
        guard node.members != nil else { return wrong("an object") }
      } else {
        guard node.elements != nil else { return wrong("an array") }
      }
      if node.members?.isEmpty ?? node.elements?.isEmpty ?? false {
        report("empty-value", "\(field) must not be empty", at: node.range, pointer: pointer)
      }
    case .integer(let range):
      guard case .number(let number) = node.kind, case .int(let value) = number else { return wrong("an integer") }
      if !range.contains(value) {
        let bound = range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
        report("out-of-range", "expected an integer \(bound) for \(field), found \(value)", at: node.range, pointer: pointer)
      }
    case .number(let range):
      guard case .number(let number) = node.kind, let value = number.asDouble else { return wrong("a number") }
      if !range.contains(value) {
        let lower = JSONValue.double(range.lowerBound).asInt.map(String.init) ?? "\(range.lowerBound)"
        let upper = JSONValue.double(range.upperBound).asInt.map { " to \($0)" }
        report(
          "out-of-range", "expected a number \(upper == nil ? "of at least \(lower)" : "from \(lower)\(upper ?? "")") for \(field), found \(number.jsonText)",
          at: node.range, pointer: pointer)
      }
    case .enumeration(let words):
      guard let text = node.text else { return wrong(words.count == 1 ? "\"\(words[0])\"" : "one of \(words.joined(separator: ", "))") }
      if !words.contains(text) {
        report(
          "unknown-value", "expected \(words.count == 1 ? "\"\(words[0])\"" : "one of \(words.joined(separator: ", "))") for \(field), found \"\(text)\"",
          at: node.range, pointer: pointer, suggestion: text.closest(among: words))
      }
    }
  }
}

extension FieldRule {
  /// Whether the field's value can be an expression as a whole.
  ///
  /// Source: AWS Step Functions Developer Guide, "Transforming data with JSONata in Step Functions", the fields that take JSONata.
  fileprivate var takesExpressions: Bool {
    switch kind {
    case .any, .string, .nullableString, .integer, .number: true
    case .object, .nonEmptyArray: name == "Credentials" || name == "CSVHeaders"
    case .boolean, .nonEmptyObject, .array, .enumeration: false
    }
  }
}

extension FieldOwner {
  /// Numbers of the machine itself and of retriers are written out in either language.
  fileprivate var takesExpressions: Bool { self != .machine && self != .retrier }

  var described: String {
    switch self {
    case .machine: "a state machine"
    case .branch: "a branch"
    case .itemProcessor: "an item processor"
    case .state(let type): "a \(type.rawValue) state"
    case .choiceRule: "a choice rule"
    case .nestedRule: "a rule within And, Or or Not"
    case .retrier: "a retrier"
    case .catcher: "a catcher"
    case .processorConfig: "ProcessorConfig"
    case .itemBatcher: "ItemBatcher"
    case .itemReader: "ItemReader"
    case .readerConfig: "ReaderConfig"
    case .resultWriter: "ResultWriter"
    case .writerConfig: "WriterConfig"
    }
  }
}

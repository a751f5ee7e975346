import JSONPath
import JSONTypes

/// A state's object while it is read: what each state type's reading needs at hand.
struct StateReading {
  var node: SyntaxNode
  var name: String
  var index: Int
  var subMachine: Int
  var type: StateType
  var language: QueryLanguage
  var pointer: String
  var place: SourceRange

  func pointer(_ field: String) -> String { pointer + "/" + field.pointerToken }
}

extension StateMachineParser {
  mutating func parseState(_ member: SyntaxNode.Member, index: Int, subMachine: Int, scope: inout SubMachineGraph, pointer: String) -> State? {
    guard member.value.members != nil else {
      scope.isBroken = true
      if case .invalid = member.value.kind { return nil }
      report("wrong-type", "expected an object for the state \"\(member.key)\", found \(member.value.described)", at: member.value.range, pointer: pointer)
      return nil
    }
    guard let type = parseType(member, pointer: pointer) else {
      scope.isBroken = true
      return nil
    }
    var reading = StateReading(
      node: member.value, name: member.key, index: index, subMachine: subMachine, type: type, language: machineLanguage, pointer: pointer,
      place: member.keyRange)
    if let node = member.value["QueryLanguage"], let language = QueryLanguage(meantBy: node) {
      if language == .jsonPath, machineLanguage == .jsonata {
        report(
          "mixed-query-language", "a state cannot go back to JSONPath when the machine's query language is JSONata", at: node.range,
          pointer: reading.pointer("QueryLanguage"))
      } else {
        reading.language = language
      }
    }
    checkFields(of: member.value, owner: .state(type), language: reading.language, pointer: pointer, place: member.keyRange)
    let common = parseCommon(reading, scope: &scope)
    switch type {
    case .task: return parseTask(reading, common, &scope).map(State.task)
    case .pass: return .pass(parsePass(reading, common))
    case .wait: return parseWait(reading, common).map(State.wait)
    case .choice: return parseChoice(reading, common, &scope).map(State.choice)
    case .succeed: return .succeed(SucceedState(common: common))
    case .fail: return .fail(parseFail(reading, common))
    case .parallel: return parseParallel(reading, common, &scope).map(State.parallel)
    case .map: return parseMap(reading, common, &scope).map(State.map)
    }
  }

  private mutating func parseType(_ member: SyntaxNode.Member, pointer: String) -> StateType? {
    guard let node = member.value["Type"] else {
      report("missing-field", "a state needs the field \"Type\"", at: member.keyRange, pointer: pointer)
      return nil
    }
    var words: [String] { StateType.allCases.map(\.rawValue) }
    guard let text = node.text else {
      if case .invalid = node.kind { return nil }
      report("wrong-type", "expected one of \(words.joined(separator: ", ")) for Type, found \(node.described)", at: node.range, pointer: pointer + "/Type")
      return nil
    }
    guard let type = StateType(rawValue: text) else {
      report(
        "unknown-state-type", "expected one of \(words.joined(separator: ", ")) for Type, found \"\(text)\"", at: node.range,
        pointer: pointer + "/Type", suggestion: text.closest(among: words))
      return nil
    }
    return type
  }

  private mutating func parseCommon(_ reading: StateReading, scope: inout SubMachineGraph) -> StateCommon {
    StateCommon(
      name: reading.name, type: reading.type, index: reading.index, subMachine: reading.subMachine, comment: reading.node["Comment"]?.text,
      queryLanguage: reading.language, inputPath: parsePathField("InputPath", reading), outputPath: parsePathField("OutputPath", reading),
      transition: parseTransition(reading, &scope), assign: parseAssign(of: reading.node, reading.pointer, language: reading.language),
      output: parseOutput(of: reading.node, field: "Output", reading.pointer, language: reading.language), range: reading.place,
      pointer: reading.pointer)
  }

  /// `Next` or `End`, of which the types that go on have exactly one.
  private mutating func parseTransition(_ reading: StateReading, _ scope: inout SubMachineGraph) -> Transition {
    let local = reading.index - scope.first
    switch reading.type {
    case .succeed, .fail:
      scope.isTerminal[local] = true
      return .end
    case .choice: return .end
    case .task, .pass, .wait, .parallel, .map: break
    }
    let next = reading.node.member("Next")
    let end = reading.node.member("End")
    if let next, let end {
      scope.isBroken = true
      report(
        "next-and-end", "a state has either Next or End, not both", at: end.keyRange, pointer: reading.pointer,
        notes: [Diagnostic.Note("Next stands here", at: next.keyRange)])
    }
    if let next {
      guard let name = next.value.text else {
        scope.isBroken = true
        return .end
      }
      return resolve(name, field: "Next", at: next.value, pointer: reading.pointer("Next"), from: local, &scope).map(Transition.next) ?? .end
    }
    scope.isTerminal[local] = true
    if case .bool(true)? = end?.value.kind { return .end }
    if let end, case .bool(false) = end.value.kind {
      report("missing-transition", "\"End\": false leaves the state \"\(reading.name)\" without a Next", at: end.value.range, pointer: reading.pointer("End"))
    } else if end == nil {
      report("missing-transition", "the state \"\(reading.name)\" needs either Next or \"End\": true", at: reading.place, pointer: reading.pointer)
    }
    scope.isBroken = true
    return .end
  }

  /// The number of the state that a transition names; an unknown name is reported.
  mutating func resolve(
    _ name: String, field: String, at node: SyntaxNode, pointer: @autoclosure () -> String, from local: Int, _ scope: inout SubMachineGraph
  ) -> Int? {
    guard let index = scope.indices[name] else {
      scope.isBroken = true
      reportUnknownState(name, field: field, in: scope, at: node, pointer: pointer())
      return nil
    }
    scope.edges[local].append(index - scope.first)
    return index
  }

  // MARK: Fields that several types share

  mutating func parsePathField(_ field: String, _ reading: StateReading) -> PathField {
    guard reading.language == .jsonPath, let node = reading.node[field] else { return .whole }
    if case .null = node.kind { return .discard }
    guard let path = parsePath(node, pointer: reading.pointer(field)) else { return .whole }
    return path.text == "$" ? .whole : .path(path)
  }

  /// A path from the input, the context object or a variable.
  mutating func parsePath(_ node: SyntaxNode, pointer: @autoclosure () -> String, allowingIntrinsics: Bool = false) -> PathExpression? {
    guard let text = node.text else { return nil }
    do throws(ExpressionSyntaxError) {
      let path = try paths.path(text, allowingIntrinsics: allowingIntrinsics)
      if path.isOpen { leaveOpen(node, pointer: pointer()) }
      return path
    } catch {
      if text.hasPlaceholder {
        leaveOpen(node, pointer: pointer())
        return nil
      }
      let code = text.hasPrefix("States.") ? "invalid-intrinsic" : "invalid-path"
      report(code, error.message, at: node.range(ofWordAt: error.offset), pointer: pointer())
      return nil
    }
  }

  /// A path that names one place: `…Path` fields and `ItemsPath`.
  mutating func parseReference(_ field: String, of node: SyntaxNode, _ pointer: String, allowingIntrinsics: Bool = false) -> PathExpression? {
    guard let value = node[field] else { return nil }
    guard let path = parsePath(value, pointer: pointer + "/" + field, allowingIntrinsics: allowingIntrinsics) else { return nil }
    if !path.isReferencePath, !path.isIntrinsic {
      report(
        "not-a-reference-path", "\(field) must be a reference path: one place, without .. and without wildcards, filters or slices", at: value.range,
        pointer: pointer + "/" + field)
    }
    return path
  }

  mutating func parseResultPath(of node: SyntaxNode, _ pointer: String, language: QueryLanguage) -> ResultPathField {
    guard language == .jsonPath, let value = node["ResultPath"] else { return .whole }
    if case .null = value.kind { return .discard }
    guard let text = value.text else { return .whole }
    if text == "$" { return .whole }
    do throws(JSONPathError) {
      let path = try paths.reference(text)
      if text.hasPlaceholder { leaveOpen(value, pointer: pointer + "/ResultPath") }
      return .path(path)
    } catch {
      if text.hasPlaceholder {
        leaveOpen(value, pointer: pointer + "/ResultPath")
        return .whole
      }
      report(
        "not-a-reference-path", "ResultPath must be a reference path or null: \(error.message)",
        at: error.offset.map { value.range(ofWordAt: $0) } ?? value.range, pointer: pointer + "/ResultPath")
      return .whole
    }
  }

  /// A template in the state's language.
  /// - Parameter location: how causes name the field; by default by its key.
  mutating func parseTemplate(
    _ field: String, of node: SyntaxNode, _ pointer: String, language: QueryLanguage, location: String? = nil
  ) -> Template? {
    guard let value = node[field] else { return nil }
    switch language {
    case .jsonPath: return .jsonPath(PayloadTemplate.compile(value, pointer: pointer + "/" + field, paths: &paths, into: &diagnostics))
    case .jsonata: return .jsonata(JSONataTemplate.compile(value, field: location ?? field, pointer: pointer + "/" + field, into: &diagnostics))
    }
  }

  /// A field of JSONata; nil in JSONPath.
  mutating func parseOutput(of node: SyntaxNode, field: String, _ pointer: String, language: QueryLanguage, location: String? = nil) -> JSONataTemplate? {
    guard language == .jsonata, let value = node[field] else { return nil }
    return JSONataTemplate.compile(value, field: location ?? field, pointer: pointer + "/" + field, into: &diagnostics)
  }

  /// The number paths of a Map state, which AWS lets read the input and variables only.
  ///
  /// Source: measured with ValidateStateMachineDefinition; `TimeoutSecondsPath` and `HeartbeatSecondsPath` may read the context object.
  private static let inputOnlyPaths: Set<String> = [
    "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath", "MaxItemsPath", "MaxItemsPerBatchPath",
    "MaxInputBytesPerBatchPath",
  ]

  /// `X`, or `XPath` in its place; both at once are reported.
  mutating func parseNumber(_ field: String, of node: SyntaxNode, _ pointer: String, language: QueryLanguage) -> NumberField? {
    let pathField = field + "Path"
    if language == .jsonPath, let path = node.member(pathField) {
      if let literal = node.member(field) {
        report(
          "exclusive-fields", "\(field) and \(pathField) exclude each other", at: path.keyRange, pointer: pointer,
          notes: [Diagnostic.Note("\(field) stands here", at: literal.keyRange)])
      }
      let parsed = parseReference(pathField, of: node, pointer)
      if let parsed, parsed.isContextPath, Self.inputOnlyPaths.contains(pathField) {
        report(
          "not-a-reference-path", "\(pathField) reads the state's input: it must not begin with $$", at: path.value.range, pointer: pointer + "/" + pathField)
      }
      return parsed.map(NumberField.path)
    }
    guard let node = node[field] else { return nil }
    if language == .jsonata, node.text != nil {
      return .expression(JSONataTemplate.compile(node, field: field, pointer: pointer + "/" + field, into: &diagnostics))
    }
    guard case .number(let number) = node.kind, let value = number.asDouble else { return nil }
    return .literal(value)
  }

  private mutating func parseSelector(_ reading: StateReading) -> PayloadTemplate? {
    guard reading.language == .jsonPath, let value = reading.node["ResultSelector"] else { return nil }
    return PayloadTemplate.compile(value, pointer: reading.pointer("ResultSelector"), paths: &paths, into: &diagnostics)
  }

  mutating func parseWork(_ reading: StateReading, _ scope: inout SubMachineGraph) -> WorkFields {
    WorkFields(
      parameters: parseTemplate(
        reading.language == .jsonata ? "Arguments" : "Parameters", of: reading.node, reading.pointer, language: reading.language),
      resultSelector: parseSelector(reading),
      resultPath: parseResultPath(of: reading.node, reading.pointer, language: reading.language),
      retry: parseRetry(reading), catch: parseCatch(reading, &scope))
  }
}

public import JSONTypes
import StatesLanguage

extension StateGraph {
  /// Reads the graph of a definition. What is wrong in it is left out; a transition to a state that does not exist leads to a node `missing`.
  ///
  /// - Parameter title: what the drawing is called.
  /// - Returns: nil when the definition has no object `States`.
  public init?(definition: SyntaxNode, title: String) {
    guard definition["States"]?.members != nil else { return nil }
    self.init(title: title)
    read(definition, into: 0)
  }

  private mutating func read(_ machine: SyntaxNode, into scope: Int) {
    let members = machine["States"]?.members ?? []
    let start = addNode(.start, in: scope)
    var named: [String: Int] = [:]
    var states: [(node: Int, syntax: SyntaxNode)] = []
    for member in members {
      let type = member.value["Type"]?.text ?? ""
      let node = addNode(
        .state(type: type), name: member.key, detail: StateDetail.text(of: member.value, type: type), comment: member.value["Comment"]?.text, in: scope)
      if named[member.key] == nil { named[member.key] = node }
      states.append((node, member.value))
    }
    var end: Int?
    func target(_ name: String, _ graph: inout StateGraph) -> Int {
      if let node = named[name] { return node }
      let node = graph.addNode(.missing, name: name, in: scope)
      named[name] = node
      return node
    }
    if let name = machine["StartAt"]?.text { addEdge(.start, from: start, to: target(name, &self), in: scope) }
    for (node, syntax) in states {
      for (number, rule) in (syntax["Choices"]?.elements ?? []).enumerated() {
        guard let name = rule["Next"]?.text else { continue }
        addEdge(.rule(number), from: node, to: target(name, &self), label: ConditionLabel.text(of: rule), in: scope)
      }
      if let name = syntax["Default"]?.text { addEdge(.default, from: node, to: target(name, &self), in: scope) }
      if let name = syntax["Next"]?.text, syntax["Choices"] == nil { addEdge(.next, from: node, to: target(name, &self), in: scope) }
      if case .bool(true)? = syntax["End"]?.kind {
        let last = end ?? addNode(.end, in: scope)
        end = last
        addEdge(.end, from: node, to: last, in: scope)
      }
      for (number, catcher) in (syntax["Catch"]?.elements ?? []).enumerated() {
        guard let name = catcher["Next"]?.text else { continue }
        let errors = (catcher["ErrorEquals"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")
        addEdge(.catch(number), from: node, to: target(name, &self), label: errors, in: scope)
      }
    }
    // Inner scopes come last, so that the numbers of one scope's nodes are dense.
    for (node, syntax) in states {
      let inner =
        switch nodes[node].kind {
        case .state("Parallel"): syntax["Branches"]?.elements ?? []
        case .state("Map"): [syntax["ItemProcessor"] ?? syntax["Iterator"]].compactMap(\.self)
        default: [SyntaxNode]()
        }
      for machine in inner where machine["States"]?.members?.isEmpty == false { read(machine, into: addScope(owner: node)) }
    }
  }
}

/// What a state does, in a few words.
enum StateDetail {
  static func text(of state: SyntaxNode, type: String) -> String {
    switch StateType(rawValue: type) {
    case .task: task(state)
    case .wait: wait(state)
    case .fail: state["Error"]?.text.map(expression) ?? state["ErrorPath"]?.text ?? ""
    case .map: map(state)
    case .pass, .choice, .succeed, .parallel, nil: ""
    }
  }

  private static func task(_ state: SyntaxNode) -> String {
    guard let text = state["Resource"]?.text else { return "" }
    guard let resource = TaskResource(text) else { return text }
    switch resource.kind {
    case .lambdaFunction: return functionName(text)
    case .activity: return "activity " + (text.split(separator: ":").last.map(String.init) ?? text)
    case .service:
      let name = resource.resourceType + ":" + resource.resource
      let parameters = state["Parameters"] ?? state["Arguments"]
      guard resource.resourceType == "lambda", let function = parameters?["FunctionName"]?.text, !function.hasPrefix("{%") else { return name }
      return functionName(function) + (resource.pattern == .requestResponse ? "" : " " + resource.pattern.rawValue)
    }
  }

  /// The name within a Lambda function's ARN, or the text itself.
  private static func functionName(_ text: String) -> String {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count >= 7 && parts[5] == "function" ? parts[6...].joined(separator: ":") : text
  }

  private static func wait(_ state: SyntaxNode) -> String {
    if let seconds = state["Seconds"] {
      switch seconds.kind {
      case .number(let value): return duration(value)
      case .string(let text): return expression(text)
      default: return ""
      }
    }
    if let path = state["SecondsPath"]?.text { return path + " s" }
    if let time = state["Timestamp"]?.text { return "until " + expression(time) }
    if let path = state["TimestampPath"]?.text { return "until " + path }
    return ""
  }

  private static func duration(_ value: JSONValue) -> String {
    guard let seconds = value.asInt, seconds >= 0 else { return value.jsonText + " s" }
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "min")] as [(Int64, String)] where seconds >= unit && seconds % unit == 0 {
      return "\(seconds / unit) \(name)"
    }
    return "\(seconds) s"
  }

  private static func map(_ state: SyntaxNode) -> String {
    let processor = (state["ItemProcessor"] ?? state["Iterator"])?["ProcessorConfig"]
    var words: [String] = processor?["Mode"]?.text == "DISTRIBUTED" ? ["distributed"] : []
    if let path = state["ItemsPath"]?.text { words.append("over " + path) }
    if let items = state["Items"]?.text { words.append("over " + expression(items)) }
    if state["ItemReader"] != nil { words.append("over an ItemReader") }
    if case .number(let limit)? = state["MaxConcurrency"]?.kind, limit.asInt != 0 { words.append("\(limit.jsonText) at a time") }
    return words.joined(separator: ", ")
  }

  /// A JSONata expression without its delimiters; another text as it is.
  static func expression(_ text: String) -> String {
    guard text.hasPrefix("{%"), text.hasSuffix("%}"), text.utf8.count >= 4 else { return text }
    return text.dropFirst(2).dropLast(2).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

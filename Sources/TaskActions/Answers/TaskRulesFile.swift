public import JSONTypes

extension TaskRule {
  /// Members of an answer in a file, by the member that names its kind.
  private static let options = [
    "exec": ["folder", "environment", "timeout"], "http": ["headers", "timeout"], "return": [], "aws": [],
  ]

  /// Reads a file of rules: `{"tasks": {"charge-card": {"exec": ["python3", "charge.py"], "timeout": 30}, "refund": "http://…"}}`.
  ///
  /// - Parameters:
  ///   - root: the file's tree.
  ///   - folder: the file's own folder, which `folder` starts from.
  public static func rules(in root: SyntaxNode, folder: String) throws(TaskRuleProblem) -> [TaskRule] {
    guard let members = root.members else { throw TaskRuleProblem("expected an object with the member tasks", at: root.range) }
    for member in members where member.key != "tasks" {
      throw TaskRuleProblem("expected the member tasks, found \"\(member.key)\"", at: member.keyRange)
    }
    guard let tasks = root["tasks"]?.members else {
      throw TaskRuleProblem("expected tasks: an object with an answer for each function or ARN", at: root["tasks"]?.range ?? root.range)
    }
    return try tasks.map { member throws(TaskRuleProblem) in
      let target = try placed(member.keyRange) { () throws(TaskRuleProblem) in try Self.target(member.key) }
      let answer = try answer(in: member.value, folder: folder)
      return try placed(member.value.range) { () throws(TaskRuleProblem) in try TaskRule(target: target, answer: answer) }
    }
  }

  private static func answer(in node: SyntaxNode, folder: String) throws(TaskRuleProblem) -> Answer {
    if let text = node.text { return try placed(node.range) { () throws(TaskRuleProblem) in try answer(text) } }
    guard let members = node.members else {
      throw TaskRuleProblem("expected a text such as exec:./charge.py, or an object with exec, http, aws or return", at: node.range)
    }
    let kinds = members.filter { options[$0.key] != nil }
    guard let kind = kinds.first, kinds.count == 1, let known = options[kind.key] else {
      throw TaskRuleProblem(
        "expected exactly one of exec, http, aws and return, found \(kinds.isEmpty ? "none" : kinds.map(\.key).joined(separator: ", "))",
        at: node.range)
    }
    for member in members where member.key != kind.key && !known.contains(member.key) {
      let others = known.isEmpty ? "nothing else" : known.joined(separator: ", ")
      throw TaskRuleProblem("\(kind.key) takes \(others), found \"\(member.key)\"", at: member.keyRange)
    }
    switch kind.key {
    case "exec":
      var command = Command(words: try words(in: kind.value))
      if let node = node["folder"] {
        let path = try text(node, "folder")
        command.folder = path.hasPrefix("/") ? path : folder + "/" + path
      }
      command.environment = try texts(node["environment"], "environment").reduce(into: [:]) { $0[$1.name] = $1.value }
      command.timeout = try seconds(node["timeout"])
      return .command(command)
    case "http":
      let url = try text(kind.value, "http")
      var endpoint = WebEndpoint(url: try placed(kind.value.range) { () throws(TaskRuleProblem) in try checked(url: url) })
      endpoint.headers = try texts(node["headers"], "headers")
      if let timeout = try seconds(node["timeout"]) { endpoint.timeout = timeout }
      return .endpoint(endpoint)
    case "aws":
      guard case .bool(true) = kind.value.kind else { throw TaskRuleProblem("expected aws: true", at: kind.value.range) }
      return .aws
    default: return .fixed(kind.value.value)
    }
  }

  private static func words(in node: SyntaxNode) throws(TaskRuleProblem) -> [String] {
    try placed(node.range) { () throws(TaskRuleProblem) in
      if let text = node.text { return try words(text) }
      guard let elements = node.elements, elements.allSatisfy({ $0.text != nil }) else {
        throw TaskRuleProblem("expected a text or a list of texts such as [python3, charge.py]")
      }
      return try CommandWords.checked(elements.compactMap(\.text))
    }
  }

  private static func text(_ node: SyntaxNode, _ name: String) throws(TaskRuleProblem) -> String {
    guard let text = node.text, !text.isEmpty, !text.utf8.contains(0) else {
      throw TaskRuleProblem("expected a text for \(name)", at: node.range)
    }
    return text
  }

  private static func texts(_ node: SyntaxNode?, _ name: String) throws(TaskRuleProblem) -> [(name: String, value: String)] {
    guard let node else { return [] }
    guard let members = node.members else { throw TaskRuleProblem("expected an object of texts for \(name)", at: node.range) }
    return try members.map { member throws(TaskRuleProblem) in
      let isName = !member.key.isEmpty && !member.key.contains("=") && !member.key.utf8.contains(0)
      guard isName else { throw TaskRuleProblem("expected a name in \(name), found \"\(member.key)\"", at: member.keyRange) }
      switch member.value.kind {
      case .string(let text) where !text.utf8.contains(0): return (member.key, text)
      case .number(let value): return (member.key, value.jsonText)
      case .bool(let value): return (member.key, value ? "true" : "false")
      default: throw TaskRuleProblem("expected a text for \(name).\(member.key)", at: member.value.range)
      }
    }
  }

  private static func seconds(_ node: SyntaxNode?) throws(TaskRuleProblem) -> Duration? {
    guard let node else { return nil }
    guard case .number(let value) = node.kind, let seconds = value.asDouble, seconds > 0, seconds <= 99_999_999 else {
      throw TaskRuleProblem("expected timeout: a number of seconds from 0 to 99999999", at: node.range)
    }
    return .milliseconds(Int64((seconds * 1000).rounded(.up)))
  }

  /// Gives a problem the place where it was met.
  private static func placed<Value>(_ range: SourceRange, _ body: () throws(TaskRuleProblem) -> Value) throws(TaskRuleProblem) -> Value {
    do throws(TaskRuleProblem) {
      return try body()
    } catch {
      throw TaskRuleProblem(error.message, at: error.range ?? range)
    }
  }
}

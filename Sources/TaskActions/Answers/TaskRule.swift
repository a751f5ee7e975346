public import JSONTypes
import StatesInterpreter
import StatesLanguage
import StatesRuntime

/// What is wrong with a rule: what was expected, what came, and what to do.
public struct TaskRuleProblem: Error, Sendable, Hashable {
  public var message: String
  /// The place in the file of rules; nil for the command line.
  public var range: SourceRange?
  public init(_ message: String, at range: SourceRange? = nil) {
    self.message = message
    self.range = range
  }
}

/// Who answers which tasks, as a user says it for a run.
public struct TaskRule: Sendable {
  public enum Target: Sendable, Hashable {
    /// A Lambda function by its name.
    case function(String)
    /// Functions whose name begins so.
    case functions(prefix: String)
    /// An integration by its ARN.
    case integration(String)
    /// Integrations whose ARN begins so.
    case integrations(prefix: String)
  }
  public enum Answer: Sendable {
    case command(Command)
    case endpoint(WebEndpoint)
    /// AWS, or the endpoint that stands for it.
    case aws
    case fixed(JSONValue)
  }

  public var target: Target
  public var answer: Answer

  /// Reads `TARGET=ANSWER` of a command line: `charge-card=exec:./charge.py`.
  public init(_ text: String) throws(TaskRuleProblem) {
    guard let equals = text.firstIndex(of: "=") else {
      throw TaskRuleProblem("expected a task such as 'charge-card=exec:./charge.py', found no = in \"\(text)\"")
    }
    target = try Self.target(String(text[..<equals]))
    answer = try Self.answer(String(text[text.index(after: equals)...]))
    try check()
  }

  init(target: Target, answer: Answer) throws(TaskRuleProblem) {
    (self.target, self.answer) = (target, answer)
    try check()
  }

  static func target(_ text: String) throws(TaskRuleProblem) -> Target {
    let isPattern = text.hasSuffix("*")
    let stem = isPattern ? String(text.dropLast()) : text
    guard !stem.contains("*"), isPattern || !stem.isEmpty else {
      throw TaskRuleProblem("expected a function's name, an ARN, or the beginning of one with * at its end, found \"\(text)\"")
    }
    guard stem.hasPrefix("arn:") else {
      guard stem.utf8.allSatisfy({ isFunctionNameByte($0) }), stem.utf8.count <= 140 else {
        throw TaskRuleProblem("\"\(text)\" is neither a function's name (letters, digits, - and _) nor an ARN")
      }
      return isPattern ? .functions(prefix: stem) : .function(stem)
    }
    if isPattern {
      let isIntegration = stem.hasPrefix("arn:aws:states:::") || "arn:aws:states:::".hasPrefix(stem)
      guard isIntegration else {
        throw TaskRuleProblem("only ARNs of integrations may end in *, such as arn:aws:states:::aws-sdk:*, found \"\(text)\"")
      }
      return .integrations(prefix: stem)
    }
    guard let resource = TaskResource(stem) else {
      throw TaskRuleProblem("\"\(text)\" is no ARN of a function or an integration, such as arn:aws:states:::sqs:sendMessage")
    }
    switch resource.kind {
    case .lambdaFunction: return .function(ActionRegistry.functionName(in: stem))
    case .activity: throw TaskRuleProblem("an activity is answered by its workers, not by a rule: \(text)")
    case .service:
      guard resource.pattern == .requestResponse else {
        throw TaskRuleProblem("\(resource.pattern.rawValue) cannot be answered by a rule; name \(resource.integration), or use --mock")
      }
      return .integration(stem)
    }
  }

  private static func isFunctionNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  static func answer(_ text: String) throws(TaskRuleProblem) -> Answer {
    if text == "aws" { return .aws }
    let scheme = text.prefix { $0 != ":" }
    let rest = String(text.dropFirst(scheme.count + 1))
    switch scheme.lowercased() {
    case "exec": return .command(Command(words: try words(rest)))
    case "http", "https": return .endpoint(WebEndpoint(url: try checked(url: text)))
    case "return":
      switch parsed(Array(rest.utf8)) {
      case .success(let value): return .fixed(value)
      case .failure(let error):
        throw TaskRuleProblem("expected a JSON text after return:, found \"\(rest)\" (column \(error.column): \(error.message))")
      }
    default: throw TaskRuleProblem("expected exec:PROGRAM, http://…, https://…, aws or return:JSON, found \"\(text)\"")
    }
  }

  /// Words as a shell splits them, or a JSON list of texts.
  static func words(_ text: String) throws(TaskRuleProblem) -> [String] {
    guard text.first(where: { !$0.isWhitespace }) == "[" else { return try CommandWords.split(text) }
    guard case .success(.array(let elements)) = parsed(Array(text.utf8)), elements.allSatisfy({ $0.asString != nil }) else {
      throw TaskRuleProblem("expected a list of texts such as [\"python3\",\"charge.py\"] after exec:, found \(text)")
    }
    return try CommandWords.checked(elements.compactMap(\.asString))
  }

  static func checked(url: String) throws(TaskRuleProblem) -> String {
    let lowered = url.lowercased()
    guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://"), !hostAndPort(of: url).isEmpty,
      !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
    else { throw TaskRuleProblem("expected an address such as http://127.0.0.1:9000/path, found \"\(url)\"") }
    return url
  }

  /// Refuses what can be seen to fail before anything runs.
  private func check() throws(TaskRuleProblem) {
    guard case .aws = answer, case .integration(let arn) = target, arn != TaskRules.lambdaInvoke else { return }
    if case .failure(let problem) = ServiceIntegration.named(arn) { throw TaskRuleProblem(problem.message) }
  }
}

extension TaskRule.Answer {
  /// In words for a plan, without values that may be secret.
  public var summary: String {
    switch self {
    case .command(let command):
      "exec: \(CommandWords.joined(command.words))\(command.folder.map { " (in \($0))" } ?? "")"
    case .endpoint(let endpoint): "POST \(endpoint.place)"
    case .aws: "AWS"
    case .fixed: "a fixed value"
    }
  }

  /// Whether answering runs a program or leaves this machine. A loopback address counts as leaving: who listens there is unknown.
  public var isOutside: Bool { if case .fixed = self { false } else { true } }
}

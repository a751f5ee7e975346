import JSONTypes

/// A Task state: one unit of work done outside of the machine.
///
/// Spec: Amazon States Language, "Task State".
public final class TaskState: Sendable {
  public let common: StateCommon
  public let work: WorkFields
  public let resource: TaskResource
  /// Default: no limit (the service writes 99,999,999 in its own forms).
  public let timeoutSeconds: NumberField?
  public let heartbeatSeconds: NumberField?
  /// `Credentials`, with the role that calls the resource.
  public let credentials: Template?

  init(
    common: StateCommon, work: WorkFields, resource: TaskResource, timeoutSeconds: NumberField?, heartbeatSeconds: NumberField?,
    credentials: Template?
  ) {
    self.common = common
    self.work = work
    self.resource = resource
    self.timeoutSeconds = timeoutSeconds
    self.heartbeatSeconds = heartbeatSeconds
    self.credentials = credentials
  }
}

/// What a Task's `Resource` names.
///
/// Source: AWS Step Functions Developer Guide, "Integrating services", "Service integration patterns".
public struct TaskResource: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// A Lambda function by its own ARN, `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:VERSION]`.
    case lambdaFunction
    /// `arn:aws:states:REGION:ACCOUNT:activity:NAME`.
    case activity
    /// An integration, `arn:aws:states:::SERVICE:ACTION[.PATTERN]`.
    case service
  }
  public enum Pattern: String, Sendable, Hashable {
    case requestResponse = ""
    case sync = ".sync"
    case sync2 = ".sync:2"
    case waitForTaskToken = ".waitForTaskToken"
  }

  /// As written.
  public var arn: String
  public var kind: Kind
  public var pattern: Pattern
  /// The service as histories have it in `resourceType`: `lambda`, `aws-sdk:redshiftdata`; empty unless `kind` is `.service`.
  public var resourceType: String
  /// The action as histories have it in `resource`, with its pattern: `invoke`, `sendMessage.waitForTaskToken`.
  public var resource: String
  /// The ARN without its pattern, the name under which an action is registered.
  public var integration: String

  /// What a text names that a template is still to fill in: anything.
  init(open text: String) {
    arn = text
    kind = .service
    pattern = .requestResponse
    resourceType = ""
    resource = ""
    integration = text
  }

  /// - Returns: nil for a text that is no ARN of these kinds.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws") else { return nil }
    arn = text
    pattern = .requestResponse
    resourceType = ""
    resource = ""
    integration = text
    let rest = parts[5]
    switch (parts[2], rest) {
    case ("lambda", _) where rest.hasPrefix("function:"): kind = .lambdaFunction
    case ("states", _) where rest.hasPrefix("activity:"): kind = .activity
    case ("states", _):
      kind = .service
      guard let colon = text.hasSuffix(".sync:2") ? rest.dropLast(2).lastIndex(of: ":") : rest.lastIndex(of: ":") else { return nil }
      resourceType = String(rest[..<colon])
      resource = String(rest[rest.index(after: colon)...])
      for candidate in [Pattern.sync2, .sync, .waitForTaskToken] where resource.hasSuffix(candidate.rawValue) {
        pattern = candidate
        integration = String(text.dropLast(candidate.rawValue.count))
        break
      }
      if resourceType.isEmpty || resource.isEmpty { return nil }
    default: return nil
    }
  }
}

extension StateMachineParser {
  /// Many states call the same: an ARN is read once.
  private mutating func resource(named text: String) -> TaskResource? {
    if let known = resources[text] { return known }
    guard let resource = TaskResource(text) else { return nil }
    resources[text] = resource
    return resource
  }

  mutating func parseTask(_ reading: StateReading, _ common: StateCommon, _ scope: inout SubMachineGraph) -> TaskState? {
    let work = parseWork(reading, &scope)
    let timeout = parseNumber("TimeoutSeconds", of: reading.node, reading.pointer, language: reading.language)
    let heartbeat = parseNumber("HeartbeatSeconds", of: reading.node, reading.pointer, language: reading.language)
    if case .literal(let limit)? = timeout, case .literal(let beat)? = heartbeat, beat >= limit, let node = reading.node["HeartbeatSeconds"] {
      report(
        "heartbeat-not-below-timeout", "HeartbeatSeconds must be smaller than TimeoutSeconds", at: node.range, pointer: reading.pointer("HeartbeatSeconds"))
    }
    let credentials = parseTemplate("Credentials", of: reading.node, reading.pointer, language: reading.language)
    guard let node = reading.node["Resource"], let text = node.isInvalid ? "" : node.text else { return nil }
    let known = node.isInvalid ? nil : text.withKnownPartition
    if text.hasPlaceholder { diagnostics.append(.open(text, at: node.range, pointer: reading.pointer("Resource"))) }
    guard let resource = known.map({ resource(named: $0) }) ?? TaskResource(open: text) else {
      report(
        "invalid-resource",
        "expected the ARN of a Lambda function, an activity or an integration such as arn:aws:states:::lambda:invoke, found \"\(text)\"",
        at: node.range, pointer: reading.pointer("Resource"))
      return nil
    }
    if resource.isLocalOnly { reportLocalOnly(resource, at: node.range, pointer: reading.pointer("Resource")) }
    if let owner = expressOwner, resource.pattern != .requestResponse || resource.kind == .activity {
      let refused = resource.kind == .activity ? "activities" : resource.pattern.rawValue
      report(
        "express-pattern", "\(owner) does not support \(refused); a STANDARD one does", at: node.range, pointer: reading.pointer("Resource"))
    }
    return TaskState(
      common: common, work: work, resource: resource, timeoutSeconds: timeout, heartbeatSeconds: heartbeat, credentials: credentials)
  }
}

import JSONTypes
public import StatesLanguage

/// What an execution is told about itself before it starts.
public struct ExecutionSettings: Sendable, Hashable {
  public var executionArn: String
  public var name: String
  public var stateMachineArn: String
  public var stateMachineName: String
  public var roleArn: String
  public var type: WorkflowType
  /// All randomness of the execution follows from it.
  public var seed: UInt64
  /// Tells the execution from any other that has its ARN and its start, as with a given name and a given clock: what services know the work of
  /// its tasks by is made from it. Empty where the ARN is enough.
  public var incarnation = ""
  public var limits: Limits

  /// - Parameters:
  ///   - name: 1 to 80 characters; unique among the executions of a machine.
  ///   - account: 12 digits; region: stands in ARNs only.
  public init(
    name: String, stateMachineName: String = "StateMachine", region: String = "us-east-1", account: String = "123456789012",
    roleArn: String? = nil, type: WorkflowType = .standard, seed: UInt64 = 0, limits: Limits = .service
  ) {
    self.name = name
    self.stateMachineName = stateMachineName
    self.type = type
    self.seed = seed
    self.limits = limits
    self.roleArn = roleArn ?? "arn:aws:iam::\(account):role/sfn-local"
    stateMachineArn = "arn:aws:states:\(region):\(account):stateMachine:\(stateMachineName)"
    switch type {
    case .standard: executionArn = "arn:aws:states:\(region):\(account):execution:\(stateMachineName):\(name)"
    case .express:
      var random = SeededRandom(seed: seed)
      executionArn = "arn:aws:states:\(region):\(account):express:\(stateMachineName):\(name):\(random.uuid())"
    }
  }

  /// The region that the ARNs name.
  public var region: String {
    let parts = stateMachineArn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 3 ? String(parts[3]) : ""
  }
}

/// The quotas of the service, each with its error when it is passed.
///
/// Source: AWS Step Functions Developer Guide, "Step Functions service quotas".
public struct Limits: Sendable, Hashable {
  /// Bytes of UTF-8 of an input, an output or a result.
  public var payloadBytes: Int
  /// Events of one history; the one that ends the execution is the last.
  public var historyEvents: Int
  /// Bytes of all variables of one scope.
  public var variableBytes: Int
  /// Seconds that an EXPRESS execution may take; it ends with `States.Timeout`.
  public var expressSeconds: Int

  public init(payloadBytes: Int, historyEvents: Int, variableBytes: Int, expressSeconds: Int = 300) {
    self.expressSeconds = expressSeconds
    self.payloadBytes = payloadBytes
    self.historyEvents = historyEvents
    self.variableBytes = variableBytes
  }

  public static let service = Limits(payloadBytes: 262_144, historyEvents: 25_000, variableBytes: 10_485_760)
  /// No quotas, for benchmarks and experiments.
  public static let none = Limits(payloadBytes: .max, historyEvents: .max, variableBytes: .max, expressSeconds: .max)
}

extension SeededRandom {
  /// A random UUID (RFC 9562, version 4) in lower case.
  package mutating func uuid() -> String {
    let high = (next() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
    let low = (next() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    func hex(_ value: UInt64, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    return "\(hex(high >> 32, 8))-\(hex(high >> 16 & 0xFFFF, 4))-\(hex(high & 0xFFFF, 4))-\(hex(low >> 48, 4))-\(hex(low & 0xFFFF_FFFF_FFFF, 12))"
  }
}

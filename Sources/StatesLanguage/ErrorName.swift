/// The name of an error as `ErrorEquals` matches it.
///
/// Spec: Amazon States Language, "Error Representation", "Appendix A: Predefined Error Codes".
public struct ErrorName: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral {
  public var rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
  public init(stringLiteral value: String) { self.rawValue = value }

  public static let all: ErrorName = "States.ALL"
  public static let timeout: ErrorName = "States.Timeout"
  public static let heartbeatTimeout: ErrorName = "States.HeartbeatTimeout"
  public static let taskFailed: ErrorName = "States.TaskFailed"
  public static let permissions: ErrorName = "States.Permissions"
  public static let resultPathMatchFailure: ErrorName = "States.ResultPathMatchFailure"
  public static let parameterPathFailure: ErrorName = "States.ParameterPathFailure"
  public static let branchFailed: ErrorName = "States.BranchFailed"
  public static let noChoiceMatched: ErrorName = "States.NoChoiceMatched"
  public static let intrinsicFailure: ErrorName = "States.IntrinsicFailure"
  public static let exceedToleratedFailureThreshold: ErrorName = "States.ExceedToleratedFailureThreshold"
  public static let itemReaderFailed: ErrorName = "States.ItemReaderFailed"
  public static let resultWriterFailed: ErrorName = "States.ResultWriterFailed"
  public static let queryEvaluationError: ErrorName = "States.QueryEvaluationError"
  public static let dataLimitExceeded: ErrorName = "States.DataLimitExceeded"
  public static let runtime: ErrorName = "States.Runtime"
  /// Not of the specification: what the service reports when a `ResultPath` or `ItemsPath` cannot be applied.
  public static let referencePathConflict: ErrorName = "States.ReferencePathConflict"

  /// The names that the language reserves; a definition that names another `States.…` name is refused.
  public static let predefined: Set<ErrorName> = [
    .all, .timeout, .heartbeatTimeout, .taskFailed, .permissions, .resultPathMatchFailure, .parameterPathFailure, .branchFailed, .noChoiceMatched,
    .intrinsicFailure, .exceedToleratedFailureThreshold, .itemReaderFailed, .resultWriterFailed, .queryEvaluationError, .dataLimitExceeded,
    .runtime, "States.Http.Socket",
  ]
}

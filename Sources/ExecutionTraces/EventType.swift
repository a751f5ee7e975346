import StatesInterpreter
package import StatesLanguage

/// The type of a recorded event: the service's word, and what it means to a trace.
///
/// Words that the service may add later are kept and mean nothing. A class, so that thousands of events share one.
/// Source: AWS Step Functions API Reference, HistoryEvent, `type`.
package final class EventType: Sendable {
  package let name: String
  package let role: Role
  /// For events that name the type of their state: `Task` of `TaskStateEntered`.
  package let stateType: StateType?
  /// The member of the event that has its details; what the service gives no details has none.
  package let detailsKey: String

  package enum Role: Sendable, Hashable {
    case executionStarted, executionSucceeded, executionFailed, executionAborted, executionTimedOut, executionRedriven
    case stateEntered, stateExited, stateAborted
    /// An attempt of a task, whatever answers it: `Task…`, `LambdaFunction…`, `Activity…`.
    case scheduled, started, submitted, succeeded, failed, timedOut
    case evaluationFailed
    case parallelStarted, parallelSucceeded, parallelFailed
    case mapStarted, mapSucceeded, mapFailed
    case iterationStarted, iterationSucceeded, iterationFailed, iterationAborted
    case mapRunStarted, mapRunSucceeded, mapRunFailed, mapRunAborted, mapRunRedriven
    /// Our own facts, which the service's histories lack.
    case waitStarted, retryScheduled, executionResumed, executionForked
    case unknown
  }

  /// - Parameter name: the service's word, or that of an internal fact.
  package static func named(_ name: String) -> EventType { known[name] ?? EventType(name, .unknown) }

  private init(_ name: String, _ role: Role, _ stateType: StateType? = nil) {
    self.name = name
    self.role = role
    self.stateType = stateType
    switch role {
    case .stateEntered: detailsKey = "stateEnteredEventDetails"
    case .stateExited: detailsKey = "stateExitedEventDetails"
    default: detailsKey = name.prefix(1).lowercased() + name.dropFirst() + "EventDetails"
    }
  }

  private static let known: [String: EventType] = {
    var types: [EventType] = [
      EventType("ExecutionStarted", .executionStarted), EventType("ExecutionSucceeded", .executionSucceeded),
      EventType("ExecutionFailed", .executionFailed), EventType("ExecutionAborted", .executionAborted),
      EventType("ExecutionTimedOut", .executionTimedOut), EventType("ExecutionRedriven", .executionRedriven),
      EventType("EvaluationFailed", .evaluationFailed),
      EventType("ParallelStateStarted", .parallelStarted, .parallel), EventType("ParallelStateSucceeded", .parallelSucceeded, .parallel),
      EventType("ParallelStateFailed", .parallelFailed, .parallel),
      EventType("MapStateStarted", .mapStarted, .map), EventType("MapStateSucceeded", .mapSucceeded, .map),
      EventType("MapStateFailed", .mapFailed, .map),
      EventType("MapIterationStarted", .iterationStarted), EventType("MapIterationSucceeded", .iterationSucceeded),
      EventType("MapIterationFailed", .iterationFailed), EventType("MapIterationAborted", .iterationAborted),
      EventType("MapRunStarted", .mapRunStarted), EventType("MapRunSucceeded", .mapRunSucceeded), EventType("MapRunFailed", .mapRunFailed),
      EventType("MapRunAborted", .mapRunAborted), EventType("MapRunRedriven", .mapRunRedriven),
      EventType("WaitStarted", .waitStarted), EventType("RetryScheduled", .retryScheduled),
      EventType("ExecutionResumed", .executionResumed), EventType("ExecutionForked", .executionForked),
    ]
    for type in StateType.allCases {
      types.append(EventType(type.rawValue + "StateEntered", .stateEntered, type))
      types.append(EventType(type.rawValue + "StateExited", .stateExited, type))
      types.append(EventType(type.rawValue + "StateAborted", .stateAborted, type))
    }
    for family in ["Task", "LambdaFunction", "Activity"] {
      types.append(EventType(family + "Scheduled", .scheduled))
      types.append(EventType(family + "Started", .started))
      types.append(EventType(family + "Submitted", .submitted))
      types.append(EventType(family + "Succeeded", .succeeded))
      types.append(EventType(family + "TimedOut", .timedOut))
      for failure in ["Failed", "ScheduleFailed", "StartFailed", "SubmitFailed"] { types.append(EventType(family + failure, .failed)) }
    }
    return Dictionary(uniqueKeysWithValues: types.map { ($0.name, $0) })
  }()
}

extension EventType: Hashable {
  package static func == (left: EventType, right: EventType) -> Bool { left === right || left.name == right.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension EventType {
  /// Whether the event tells of a failure: of a task, of an expression, of a branch or iteration, or of the execution.
  package var isFailure: Bool {
    switch role {
    case .failed, .timedOut, .evaluationFailed, .parallelFailed, .mapFailed, .iterationFailed, .mapRunFailed, .mapRunAborted, .executionFailed,
      .executionAborted, .executionTimedOut:
      true
    case .stateEntered: stateType == .fail
    default: false
    }
  }

  /// Whether the service's histories lack it.
  package var isInternal: Bool {
    switch role {
    case .waitStarted, .retryScheduled, .executionResumed, .executionForked: true
    default: false
    }
  }

  /// Whether the execution ends with it, unless it is redriven.
  package var endsExecution: Bool {
    switch role {
    case .executionSucceeded, .executionFailed, .executionAborted, .executionTimedOut: true
    default: false
    }
  }
}
